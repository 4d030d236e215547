"""The sheets with every cell read: typed rows, and a fault for every cell that could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from budget.faults import Fault
from budget.workbook.cells import CellValue
from budget.workbook.points import settle_points
from budget.workbook.raw_tables import RawTable, RawTables
from budget.workbook.row_models import (
    ActualRow,
    ContractRow,
    DemandRow,
    DistrictChangeRow,
    DistrictRow,
    EventRow,
    FundingRow,
    IndexRow,
    LastBudgetRow,
    MunicipalityRow,
    NormRow,
    PopulationRow,
    PreventionRow,
    ReserveRow,
    RuleRow,
    SecondOpinionRow,
    SheetRow,
    StreamRow,
    TariffRow,
)
from budget.workbook.sheets import SHEET_BY_NAME, Sheet
from wording.sentence import Template

_OF_COLUMN = Template("{column} {wanted:word}")

R = TypeVar("R", bound=SheetRow)


@dataclass(frozen=True)
class TypedTable(Generic[R]):
    """The rows of one sheet; no rows where the file does not have it."""

    sheet: Sheet
    raw: RawTable | None
    rows: Sequence[R]
    unread: Mapping[int, frozenset[str]]
    """Per row, the columns whose cell could not be read; the row holds None there."""
    defaulted: Mapping[str, Sequence[int]]
    """Per column, the rows in which a blank cell took the meaning of a blank."""
    faults: Sequence[Fault]
    notes: Sequence[str] = ()
    """Dutch: how texts that might mean two things were read."""

    def sound(self, *columns: str) -> Iterator[tuple[int, R]]:
        """The rows, with their number, whose cells in these columns could be read."""
        for number, row in enumerate(self.rows):
            if number not in self.unread or self.unread[number].isdisjoint(columns):
                yield number, row

    def fault(self, row: int, column: str, wanted: str, found: str | None = None) -> Fault:
        """A fault in one cell; `found` is what stands there, unless said otherwise."""
        if self.raw is None or column not in self.raw.places:
            return self.heading_fault(column, wanted, found or "leeg")
        shown = self.raw.shown(row, column) if found is None else found
        return Fault(self.sheet.name, self.raw.cell(row, column), wanted, shown)

    def heading_fault(self, column: str, wanted: str, found: str) -> Fault:
        """A fault of a whole column."""
        return Fault(self.sheet.name, self.raw.heading_cell(column) if self.raw else "", wanted, found)

    def line(self, row: int) -> int:
        """The line in the file."""
        return self.raw.lines[row] if self.raw else 0

    @property
    def lacking_columns(self) -> frozenset[str]:
        """Columns that the sheet should have and has not."""
        if self.raw is None:
            return frozenset()
        return frozenset(column.name for column in self.sheet.columns if column.name not in self.raw.places)


@dataclass(frozen=True)
class TypedTables:
    """All sheets of the contract."""

    municipality: TypedTable[MunicipalityRow]
    districts: TypedTable[DistrictRow]
    population: TypedTable[PopulationRow]
    streams: TypedTable[StreamRow]
    demand: TypedTable[DemandRow]
    norm: TypedTable[NormRow]
    tariffs: TypedTable[TariffRow]
    indices: TypedTable[IndexRow]
    funding: TypedTable[FundingRow]
    last_budget: TypedTable[LastBudgetRow]
    prevention: TypedTable[PreventionRow]
    rules: TypedTable[RuleRow]
    reserves: TypedTable[ReserveRow]
    contracts: TypedTable[ContractRow]
    actuals: TypedTable[ActualRow]
    events: TypedTable[EventRow]
    district_changes: TypedTable[DistrictChangeRow]
    second_opinion: TypedTable[SecondOpinionRow]

    @property
    def all(self) -> tuple[TypedTable[Any], ...]:
        """In the order of the sheets."""
        return tuple(vars(self).values())

    @property
    def last_year(self) -> int | None:
        """The last plan year; None where it could not be read."""
        for _, row in self.municipality.sound("Eerste planjaar", "Aantal planjaren"):
            return row.first_year + row.n_years - 1
        return None

    @property
    def whole(self) -> frozenset[str]:
        """The code of the municipality itself: all districts together. Empty where it could not be read."""
        return frozenset(row.code for _, row in self.municipality.sound("Gemeentecode") if row.code)

    @property
    def factor(self) -> int:
        """What every amount is multiplied by to be in euros."""
        for _, row in self.municipality.sound("Bedragen in"):
            return 1000 if row.amounts_in == "x1000" else 1
        return 1


def field_of(model: type[SheetRow], heading: str) -> str:
    """The field of a row that holds the column with this heading."""
    return next(name for name, info in model.model_fields.items() if info.alias == heading)


def read_cells(raw: RawTables) -> TypedTables:
    """Every cell of every sheet, read."""

    def read(name: str, row: type[R]) -> TypedTable[R]:
        return _read_table(SHEET_BY_NAME[name], raw.tables.get(name), row)

    return TypedTables(
        municipality=read("Gemeente", MunicipalityRow),
        districts=read("Wijken", DistrictRow),
        population=read("Bevolking", PopulationRow),
        streams=read("Stromen", StreamRow),
        demand=read("Vraag", DemandRow),
        norm=read("Norm", NormRow),
        tariffs=read("Tarieven", TariffRow),
        indices=read("Indexen", IndexRow),
        funding=read("Middelen", FundingRow),
        last_budget=read("Vorig budget", LastBudgetRow),
        prevention=read("Preventie", PreventionRow),
        rules=read("Regels", RuleRow),
        reserves=read("Reserves", ReserveRow),
        contracts=read("Contracten", ContractRow),
        actuals=read("Realisatie", ActualRow),
        events=read("Gebeurtenissen", EventRow),
        district_changes=read("Wijkwijzigingen", DistrictChangeRow),
        second_opinion=read("Tweede mening", SecondOpinionRow),
    )


def _read_table(sheet: Sheet, raw: RawTable | None, model: type[R]) -> TypedTable[R]:
    if raw is None:
        return TypedTable(sheet, None, (), {}, {}, ())
    values, defaulted = _fill_blanks(sheet, raw)
    points, notes = settle_points(raw, values)
    try:
        rows: list[R] = _adapter(model).validate_python(values)
    except ValidationError as error:
        rows, unread, faults = _salvage(raw, model, values, error)
        return TypedTable(sheet, raw, rows, unread, defaulted, [*faults, *points], notes)
    return TypedTable(sheet, raw, rows, {}, defaulted, points, notes)


@cache
def _adapter(model: type[SheetRow]) -> TypeAdapter[Any]:
    rows: Any = list[model]  # type: ignore[valid-type]
    return TypeAdapter(rows)


def _fill_blanks(sheet: Sheet, raw: RawTable) -> tuple[list[dict[str, CellValue]], dict[str, list[int]]]:
    """The rows with what a blank means filled in, and where that was done."""
    names = [column.name for column in sheet.columns]
    values = [{name: row.get(name) for name in names} for row in raw.rows]
    defaulted: dict[str, list[int]] = {}
    for column in sheet.columns:
        if column.blank is None:
            continue
        for number, row in enumerate(values):
            if row[column.name] is None:
                row[column.name] = column.blank
                defaulted.setdefault(column.name, []).append(number)
    return values, defaulted


def _salvage(
    raw: RawTable, model: type[R], values: Sequence[Mapping[str, CellValue]], error: ValidationError
) -> tuple[list[R], dict[int, frozenset[str]], list[Fault]]:
    """Rows with a fault keep the cells that could be read, so that one fault is not reported as many."""
    sheet = raw.sheet
    unread: dict[int, set[str]] = {}
    faults = []
    for problem in error.errors(include_url=False):
        number, name = int(problem["loc"][0]), str(problem["loc"][1])
        unread.setdefault(number, set()).add(name)
        if name in raw.places:
            about = problem.get("ctx", {})
            wanted = about.get("wanted", sheet.column(name).kind.wanted)
            wanted = wanted if "found" in about else _OF_COLUMN(column=name, wanted=wanted)
            faults.append(
                Fault(
                    sheet.name, raw.cell(number, name), wanted, about.get("found") or raw.shown(number, name)
                )
            )
    sound = [row for number, row in enumerate(values) if number not in unread]
    rows: Iterator[R] = iter(_adapter(model).validate_python(sound))
    salvaged = [
        _partly(sheet, model, row, unread[number]) if number in unread else next(rows)
        for number, row in enumerate(values)
    ]
    return salvaged, {number: frozenset(names) for number, names in unread.items()}, faults


def _partly(sheet: Sheet, model: type[R], row: Mapping[str, CellValue], unread: set[str]) -> R:
    values: dict[str, Any] = {
        column.name: None
        if column.name in unread or row[column.name] is None
        else column.kind.read(row[column.name])
        for column in sheet.columns
    }
    return model.model_construct(**values)
