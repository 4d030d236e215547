"""A plan as the screens see it: its tables by sheet. The numbers on the screens are the numbers in the workbook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from budget.faults import Fault, FaultyInput
from budget.inputs import Inputs
from budget.plan import Plan
from budget.report import plan_tables
from budget.report.area_budgets import area_budgets_table, ceilings_table
from budget.report.balance import sources_table
from budget.report.contracts import contracts_table
from budget.report.key_figures import KeyFigures, key_figures
from budget.report.ledger import area_ledger_table, ledger_table
from budget.report.prevention import prevention_table
from budget.report.reasons import explanation_table, shadow_prices_table
from budget.report.task_fields import task_fields_table
from budget.report.year_summary import year_sentences, year_tables
from budget.tables import Cell, Formula, Table
from budget.year.year_end import YearSoFar, year_so_far
from ui.fans import Fan, fan_of
from ui.geography import Drawing, draw

Value = str | int | float | None
Record = dict[str, Value]
"""One row by column name; formulas by their value."""


class Sheets(ABC):
    """Tables by the name of their sheet."""

    @property
    @abstractmethod
    def tables(self) -> tuple[Table, ...]:
        """The sheets of the workbook, in order."""

    @cached_property
    def _by_sheet(self) -> Mapping[str, Table]:
        return {table.sheet: table for table in self.tables}

    @cached_property
    def _parts(self) -> dict[tuple[object, ...], Table]:
        return {}

    @cached_property
    def _records(self) -> dict[tuple[object, ...], list[Record]]:
        return {}

    def has(self, sheet: str) -> bool:
        """Whether there is such a sheet, with at least one row."""
        return sheet in self._by_sheet and len(self._by_sheet[sheet].rows) > 0

    def table(self, sheet: str, **where: object) -> Table:
        """A sheet, or the rows of it in which the columns named have these values."""
        if not where:
            return self._by_sheet[sheet]
        key = (sheet, *sorted(where.items(), key=str))
        if key not in self._parts:
            self._parts[key] = _part(self._by_sheet[sheet], where)
        return self._parts[key]

    def records(self, sheet: str, **where: object) -> list[Record]:
        """The same rows by column name; for reading only."""
        key = (sheet, *sorted(where.items(), key=str))
        if key not in self._records:
            self._records[key] = records(self.table(sheet, **where))
        return self._records[key]


class _MadeWhenAsked(Mapping[str, Table]):
    """The sheets of a plan; a page that needs two of them does not wait for the other twenty."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._made: dict[str, Table] = {}

    def __getitem__(self, sheet: str) -> Table:
        if sheet not in self._made:
            decided = self._view.decided
            if decided is not None and sheet in _AMOUNTS:
                return decided.table(sheet)
            make = _ALONE.get(sheet)
            if make is None:
                self._made = {table.sheet: table for table in self._view.tables} | self._made
            else:
                self._made[sheet] = make(self._view.plan, self)
        return self._made[sheet]

    def __iter__(self) -> Iterator[str]:
        return (table.sheet for table in self._view.tables)

    def __len__(self) -> int:
        return len(self._view.tables)


_ALONE: Mapping[str, Callable[[Plan, Mapping[str, Table]], Table]] = {
    "Gebiedsbudgetten": lambda plan, _: area_budgets_table(plan),
    "Plafonds": lambda plan, made: ceilings_table(plan, made["Gebiedsbudgetten"]),
    "Verklaring": lambda plan, made: explanation_table(plan, made["Plafonds"]),
    "Schaduwprijzen": lambda plan, _: shadow_prices_table(plan),
    "Contracten": lambda plan, _: contracts_table(plan),
    "Preventie": lambda plan, _: prevention_table(plan),
    "Investeringen": lambda plan, _: ledger_table(plan),
    "Terugverdienen": lambda plan, _: area_ledger_table(plan),
    "Bronnen": lambda plan, _: sources_table(plan),
    "Taakvelden": lambda plan, _: task_fields_table(plan),
}
"""Sheets that can be made without the others."""
_AMOUNTS = ("Gebiedsbudgetten", "Plafonds", "Verklaring", "Preventie", "Investeringen", "Terugverdienen")
"""Sheets without reasons."""


_KEY_FIGURES = {
    "Middelen": "funding",
    "Gebiedsbudgetten": "areas",
    "Stadsbreed": "city",
    "Centrale buffer": "buffer",
    "Niet gedekte lasten": "gap",
    "waarvan tekort op het basispakket": "shortfall",
}


@dataclass(frozen=True)
class View(Sheets):
    """One plan and its tables, made once and shared between readers: nobody changes it."""

    plan: Plan
    basis: View | None = None
    """The view of the workbook as it is, if this is not it: what no scenario changes is taken from there."""
    decided: View | None = None
    """The same plan before it had its reasons: what they do not change is taken from there."""
    prepared: Future[Prepared] | None = None
    """What somebody else makes of the plan meanwhile."""
    sheets: tuple[Table, ...] = ()
    """The sheets of the workbook, where somebody else has made them."""

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The sheets of the workbook, in order."""
        if self.sheets:
            return self.sheets
        made = self._made_elsewhere
        if made is not None:
            return made.tables
        return plan_tables(self.plan, self.basis.table("Prognose") if self.basis else None)

    @cached_property
    def _by_sheet(self) -> Mapping[str, Table]:
        return _MadeWhenAsked(self)

    @property
    def explained(self) -> bool:
        """Whether the plan has its shadow prices and its proof; its amounts are there before them."""
        return self.plan.allocation.certificate is not None

    @cached_property
    def year_end(self) -> YearView:
        """The year before the plan, so far and to its end. Raises `FaultyInput` when the bookings do not allow it."""
        made = self._made_elsewhere
        year = year_end(self.plan) if made is None else made.year
        if isinstance(year, YearView):
            return year
        raise FaultyInput(year)

    @cached_property
    def _made_elsewhere(self) -> Prepared | None:
        """What somebody else made of the plan; None where nobody did, or it failed there."""
        with suppress(Exception):
            return None if self.prepared is None else self.prepared.result()
        return None

    @cached_property
    def _fans(self) -> dict[tuple[str, tuple[str, ...]], Fan]:
        return {}

    def fan(self, stream: str, districts: tuple[str, ...]) -> Fan:
        """What the chart of one stream in some districts together shows; taken from the draws once."""
        key = (stream, districts)
        if key not in self._fans:
            self._fans[key] = fan_of(self.plan, stream, districts)
        return self._fans[key]

    @cached_property
    def drawing(self) -> Drawing | None:
        """The map of the districts, if the workbook came with boundaries."""
        if self.basis is not None:
            return self.basis.drawing
        boundaries = self.plan.inputs.boundaries
        return None if boundaries is None else draw(boundaries)

    @cached_property
    def assumptions(self) -> tuple[str, ...]:
        """Every default and fallback that was used, in Dutch sentences."""
        return self.plan.assumptions

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The plan years."""
        return self.plan.inputs.years

    @cached_property
    def area_names(self) -> Mapping[str, str]:
        """District names by code."""
        return {district.code: district.name for district in self.plan.inputs.districts}

    @cached_property
    def stream_names(self) -> Mapping[str, str]:
        """Stream names by code."""
        return {stream.code: stream.name for stream in self.plan.inputs.streams}

    def amount(self, post: str, year: int) -> int:
        """One amount of Samenvatting in cents; KeyError when there is no such post."""
        if post in _KEY_FIGURES:
            return int(getattr(self.figures, _KEY_FIGURES[post])[self.years.index(year)])
        for row in self.records("Samenvatting"):
            if str(row["Post"]).strip() == post:
                return amount(row, str(year))
        raise KeyError(post)

    @cached_property
    def figures(self) -> KeyFigures:
        """Where the money of every year goes, and what it does not reach."""
        return key_figures(self.plan)


@dataclass(frozen=True)
class YearView(Sheets):
    """The year that ends and its tables."""

    year: YearSoFar
    inputs: Inputs

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The sheets of its workbook, in order."""
        return year_tables(self.year, self.inputs)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The year in a few Dutch sentences."""
        return year_sentences(self.year, self.inputs)


@dataclass(frozen=True)
class Prepared:
    """What takes longest to make of a plan: its sheets, and the year before it."""

    tables: tuple[Table, ...]
    year: YearView | tuple[Fault, ...]


def prepare(plan: Plan) -> Prepared:
    """All of it, for use in another process."""
    return Prepared(plan_tables(plan), year_end(plan))


def year_end(plan: Plan) -> YearView | tuple[Fault, ...]:
    """The year before the plan with its tables, or what is wrong with its bookings."""
    try:
        year = YearView(year_so_far(plan.inputs, plan.demand), plan.inputs)
    except FaultyInput as faulty:
        return faulty.faults
    assert year.tables
    return year


def _part(table: Table, where: Mapping[str, object]) -> Table:
    """The rows in which the columns named have these values."""
    wanted = {table.column_index(name): value for name, value in where.items()}
    places = [
        place
        for place, row in enumerate(table.rows)
        if all(value_of(row[at]) == value for at, value in wanted.items())
    ]
    styles = {new: table.styles[old] for new, old in enumerate(places) if old in table.styles}
    return replace(table, rows=[table.rows[place] for place in places], styles=styles)


def records(table: Table) -> list[Record]:
    """The rows of a table by column name."""
    names = [column.name for column in table.columns]
    return [dict(zip(names, map(value_of, row), strict=True)) for row in table.rows]


def amount(row: Record, column: str) -> int:
    """The cents in a cell; unknown counts as nothing."""
    value = row[column]
    return value if isinstance(value, int) else 0


def quantity(row: Record, column: str) -> float:
    """The number in a cell that has one; TypeError where it is unknown."""
    value = row[column]
    if isinstance(value, (int, float)):
        return float(value)
    raise TypeError(f"{column} holds {value!r}")


def value_of(cell: Cell) -> Value:
    """What a cell says: the value of a formula, else the cell itself."""
    return cell.value if isinstance(cell, Formula) else cell
