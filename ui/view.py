"""A plan as the screens see it: its tables by sheet. The numbers on the screens are the numbers in the workbook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from budget.inputs import Inputs
from budget.plan import Plan
from budget.report import plan_tables
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

    def has(self, sheet: str) -> bool:
        """Whether there is such a sheet, with at least one row."""
        return sheet in self._by_sheet and len(self._by_sheet[sheet].rows) > 0

    def table(self, sheet: str, **where: object) -> Table:
        """A sheet, or the rows of it in which the columns named have these values."""
        table = self._by_sheet[sheet]
        if not where:
            return table
        wanted = {table.column_index(name): value for name, value in where.items()}
        places = [
            place
            for place, row in enumerate(table.rows)
            if all(value_of(row[at]) == value for at, value in wanted.items())
        ]
        styles = {new: table.styles[old] for new, old in enumerate(places) if old in table.styles}
        return replace(table, rows=[table.rows[place] for place in places], styles=styles)

    def records(self, sheet: str, **where: object) -> list[Record]:
        """The same rows by column name."""
        return records(self.table(sheet, **where))


@dataclass(frozen=True)
class View(Sheets):
    """One plan and its tables, made once and shared between readers: nobody changes it."""

    plan: Plan
    forecast: Table | None = None
    """The sheet Prognose of a plan with the same demand, if it was made before."""

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The sheets of the workbook, in order."""
        return plan_tables(self.plan, self.forecast)

    @cached_property
    def year_end(self) -> YearView:
        """The year before the plan, so far and to its end. Raises `FaultyInput` when the bookings do not allow it."""
        inputs = self.plan.inputs
        return YearView(year_so_far(inputs, self.plan.demand), inputs)

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
        boundaries = self.plan.inputs.boundaries
        return None if boundaries is None else draw(boundaries)

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
        for row in self.records("Samenvatting"):
            if str(row["Post"]).strip() == post:
                return amount(row, str(year))
        raise KeyError(post)


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
