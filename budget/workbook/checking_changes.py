"""The checks on districts that changed: shares that add up, and codes that lead to the districts of now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from budget.faults import Fault
from budget.inputs import CITY
from budget.workbook.row_models import DemandRow, LastBudgetRow, PopulationRow
from budget.workbook.typed_tables import TypedTable, TypedTables
from wording.sentence import Template

_NOT_CITY = Template("de code van een wijk, niet {city}")
_CHANGES_AGAIN = Template("Wijkcode uit blad Wijken, of een code die na {year} weer wijzigt")
_TOGETHER = Template("samen {share:.3f}")
_ADD_UP = Template("aandelen van {district} in {year} die optellen tot 1")
_ENDED = Template("Wijkcode uit blad Wijken: {district} bestaat sinds {year} niet meer")

_SLACK = 0.0015
"""Shares in three decimals may add up to this much less or more than 1."""

T = TypeVar("T", DemandRow, PopulationRow, LastBudgetRow)


def former_codes(tables: TypedTables) -> frozenset[str]:
    """The codes that once were districts."""
    return frozenset(row.old for _, row in tables.district_changes.sound("Oude wijkcode"))


def check_district_changes(tables: TypedTables) -> Iterator[Fault]:
    """Shares that add up, codes that lead to today's districts, and no counts of a district after its end."""
    changes = tables.district_changes
    today = {row.code for _, row in tables.districts.sound("Wijkcode")}
    last: dict[str, int] = {}
    shares: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, row in changes.sound("Oude wijkcode", "Jaar"):
        if row.old == CITY:
            yield changes.fault(number, "Oude wijkcode", _NOT_CITY(city=CITY))
            continue
        last[row.old] = max(row.year, last.get(row.old, row.year))
        shares[row.old, row.year].append(number)
    for number, row in changes.sound("Wijkcode", "Jaar"):
        if row.district not in today and row.district in last and last[row.district] <= row.year:
            yield changes.fault(number, "Wijkcode", _CHANGES_AGAIN(year=row.year))
    for (old, year), numbers in shares.items():
        if any("Aandeel" in changes.unread.get(number, ()) for number in numbers):
            continue
        whole = sum(changes.rows[number].share for number in numbers)
        if abs(whole - 1) > _SLACK:
            found = _TOGETHER(share=whole)
            yield changes.fault(numbers[-1], "Aandeel", _ADD_UP(district=old, year=year), found)
    ended = {code: year for code, year in last.items() if code not in today}
    yield from _check_ended(tables.demand, "Periode", ended, lambda row: int(row.period[:4]))
    yield from _check_ended(tables.population, "Jaar", ended, lambda row: row.year)
    first_years = [fields.first_year for _, fields in tables.municipality.sound("Eerste planjaar")]
    if first_years:
        yield from _check_ended(tables.last_budget, "Stroom", ended, lambda _: first_years[0] - 1)


def _check_ended(
    table: TypedTable[T], column: str, ended: Mapping[str, int], year_of: Callable[[T], int]
) -> Iterator[Fault]:
    for number, row in table.sound("Wijkcode", column):
        if row.district in ended and year_of(row) >= ended[row.district]:
            wanted = _ENDED(district=row.district, year=ended[row.district])
            yield table.fault(number, "Wijkcode", wanted)
