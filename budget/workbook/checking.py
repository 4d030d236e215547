"""The checks between rows and between sheets: what a single cell cannot know about itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from budget.faults import Fault
from budget.inputs import CITY, FREE, PREVENTION
from budget.workbook.cells import nearest
from budget.workbook.checking_changes import check_district_changes
from budget.workbook.checking_codes import check_codes
from budget.workbook.checking_demand import check_demand, check_first_year, without_first_year
from budget.workbook.checking_opinions import check_second_opinion
from budget.workbook.checking_rules import check_rules
from budget.workbook.row_models import PREVENTION_NUMBERS, PreventionRow
from budget.workbook.typed_tables import TypedTable, TypedTables
from wording.sentence import Template

_EACH_ONCE = Template("elke combinatie van {columns:and} één keer")
_PRICE_IN_THOUSANDS = Template(
    "hooguit {cents:euros} per cliëntjaar in duizenden euro's (Bedragen in is x1000)"
)
_TARIFF_BEFORE = Template("een tarief in blad Tarieven voor {year} of eerder")
_NONE_FOR = Template("geen voor {stream}")
_ONCE = Template("{column} één keer")
_ALSO_IN = Template("{key} ook in rij {row}")
_A_DISTRICT = Template("de code van een wijk ({code} betekent al {meaning:word})")
_OTHER_CODE = Template("een andere code dan {codes:and}, die een eigen betekenis hebben")
_AGE_GROUP = Template("Leeftijdsgroep uit blad Bevolking{near}")
_PRICE = Template("hooguit {cents:euros} per cliëntjaar")
_TARIFF = Template("een tarief in blad Tarieven")
_ROW_FOR = Template("een rij voor planjaar {year}")
_FREE_FOR = Template("vrij te besteden geld (Stromen leeg) voor planjaar {year}, zoals in andere jaren")
_BOOKED = Template("{column} {wanted:word}, want Status is geboekt")
_FURTHER = Template("meer dan in rij {row}: elk stuk van de curve loopt verder, vanaf 0 geteld")
_NO_RISE = Template("hooguit de besparing van rij {row}: de opbrengst stijgt niet")
_ONE_PROGRAMME = Template("{column} zoals in rij {row}: het is één programma")
_LATER_DATE = Template("een datum in {year} of later, het jaar van deze rij")
_PERIOD_AFTER = Template("een periode in of na {period}")

_HIGHEST_PRICE = Decimal(1_000_000)


def check(tables: TypedTables) -> Iterator[Fault]:
    """Every fault that shows only when rows and sheets are laid side by side."""
    too_early = check_first_year(tables)
    if too_early is not None:
        yield too_early
        tables = without_first_year(tables)
    for table in tables.all:
        yield from _check_not_empty(table)
        yield from _check_keys(table)
    yield from check_codes(tables)
    yield from _check_reserved_codes(tables)
    yield from _check_age_groups(tables)
    yield from check_demand(tables)
    yield from _check_tariffs(tables)
    yield from _check_funding(tables)
    yield from _check_last_budget(tables)
    yield from _check_prevention(tables)
    yield from check_rules(tables)
    yield from _check_reserves(tables)
    yield from _check_contracts(tables)
    yield from _check_events(tables)
    yield from check_district_changes(tables)
    yield from check_second_opinion(tables)


def _check_not_empty(table: TypedTable[Any]) -> Iterator[Fault]:
    if table.sheet.needed and table.raw is not None and not table.rows:
        yield Fault(table.sheet.name, "", "ten minste één rij onder de kolomkoppen", "geen rijen")


def _check_keys(table: TypedTable[Any]) -> Iterator[Fault]:
    """No two rows of a sheet share its key."""
    key = table.sheet.key
    if not key or table.lacking_columns.intersection(key):
        return
    fields = [name for name, info in table.sheet.row.model_fields.items() if info.alias in key]
    wanted = _ONCE(column=key[0]) if len(key) == 1 else _EACH_ONCE(columns=tuple(key))
    seen: dict[tuple[object, ...], int] = {}
    for number, row in table.sound(*key):
        values = tuple(getattr(row, name) for name in fields)
        first = seen.setdefault(values, number)
        if first != number:
            shown = ", ".join(_as_text(value) for value in values if value is not None)
            yield table.fault(number, key[0], wanted, _ALSO_IN(key=shown, row=table.line(first)))


def _as_text(value: object) -> str:
    return ";".join(value) if isinstance(value, tuple) else str(value)


def _check_reserved_codes(tables: TypedTables) -> Iterator[Fault]:
    municipality = {row.code for _, row in tables.municipality.sound("Gemeentecode")}
    for number, district in tables.districts.sound("Wijkcode"):
        if district.code in municipality | {CITY}:
            meaning = "stadsbreed" if district.code == CITY else "de hele gemeente"
            yield tables.districts.fault(number, "Wijkcode", _A_DISTRICT(code=district.code, meaning=meaning))
    for number, stream in tables.streams.sound("Stroom"):
        if stream.code in (CITY, PREVENTION, FREE):
            yield tables.streams.fault(
                number,
                "Stroom",
                _OTHER_CODE(codes=(CITY, PREVENTION, FREE)),
            )


def _check_age_groups(tables: TypedTables) -> Iterator[Fault]:
    groups = {row.age_group for _, row in tables.population.sound("Leeftijdsgroep")}
    if not groups:
        return
    for number, stream in tables.streams.sound("Leeftijdsgroep"):
        if stream.age_group not in groups | {"totaal"}:
            near = nearest(stream.age_group, sorted(groups))
            yield tables.streams.fault(number, "Leeftijdsgroep", _AGE_GROUP(near=near))


def _check_tariffs(tables: TypedTables) -> Iterator[Fault]:
    """A price for every stream, in or before the last plan year: later years are indexed."""
    tariffs, last_year = tables.tariffs, tables.last_year
    if not tariffs.rows:
        return
    yield from _check_prices(tables)
    if tariffs.lacking_columns.intersection(("Stroom", "Jaar")):
        return
    priced = {
        row.stream for _, row in tariffs.sound("Stroom", "Jaar") if last_year is None or row.year <= last_year
    }
    unread = {row.stream for row in (tariffs.rows[number] for number in tariffs.unread)}
    for number, stream in tables.streams.sound("Stroom"):
        if stream.code not in priced | unread:
            wanted = _TARIFF() if last_year is None else _TARIFF_BEFORE(year=last_year)
            yield tables.streams.fault(number, "Stroom", wanted, _NONE_FOR(stream=stream.code))


def _check_prices(tables: TypedTables) -> Iterator[Fault]:
    """No price beyond reason; where most of them are, it is the unit of the amounts that is wrong."""
    tariffs, factor, column = tables.tariffs, tables.factor, "Kosten per clientjaar"
    most = (_PRICE_IN_THOUSANDS if factor > 1 else _PRICE)(cents=int(_HIGHEST_PRICE) * 100)
    rows = list(tariffs.sound(column))
    faults = [
        tariffs.fault(number, column, most) for number, row in rows if row.cost * factor > _HIGHEST_PRICE
    ]
    if factor > 1 and 2 * len(faults) > len(rows):
        unit = tables.municipality.fault(0, "Bedragen in", "euro: de tarieven staan niet in duizenden euro's")
        yield replace(unit, follows=tuple(faults))
    else:
        yield from faults


def _check_funding(tables: TypedTables) -> Iterator[Fault]:
    """Money in every plan year; free money too, where any year has it."""
    funding, last_year = tables.funding, tables.last_year
    if not funding.rows or last_year is None or "Jaar" in funding.lacking_columns:
        return
    years = range(tables.municipality.rows[0].first_year, last_year + 1)
    present = {row.year for _, row in funding.sound("Jaar")}
    free = {row.year for _, row in funding.sound("Jaar") if row.streams is None}.intersection(years)
    for year in years:
        if year not in present:
            yield funding.heading_fault("Jaar", _ROW_FOR(year=year), "geen")
        elif free and year not in free:
            wanted = _FREE_FOR(year=year)
            yield funding.heading_fault("Jaar", wanted, "alleen geld met een doel")


def _check_last_budget(tables: TypedTables) -> Iterator[Fault]:
    last_budget = tables.last_budget
    if last_budget.rows and "Bedrag" not in last_budget.lacking_columns:
        unread = any("Bedrag" in columns for columns in last_budget.unread.values())
        if not unread and all(row.amount is None for row in last_budget.rows):
            yield last_budget.heading_fault("Bedrag", "ten minste één bekend bedrag", "alleen lege cellen")


def _check_prevention(tables: TypedTables) -> Iterator[Fault]:
    prevention = tables.prevention
    for column, name in PREVENTION_NUMBERS.items():
        if column in prevention.lacking_columns:
            continue
        for number, row in prevention.sound(column, "Status"):
            if row.status == "geboekt" and getattr(row, name) is None:
                yield prevention.fault(
                    number,
                    column,
                    _BOOKED(column=column, wanted=prevention.sheet.column(column).kind.wanted),
                )
    curves: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, row in prevention.sound("Programma", "Stroom"):
        curves[row.programme, row.stream].append(number)
    for segments in curves.values():
        yield from _check_curve(prevention, segments)


_EQUAL_ON_A_CURVE = (
    ("Wijken", "districts"),
    ("Vertraging", "lag"),
    ("Looptijd", "duration"),
    ("Verzilverbaar", "cashable"),
    ("Aandeel gemeente", "municipal_share"),
    ("Status", "status"),
)


def _check_curve(prevention: TypedTable[PreventionRow], segments: Sequence[int]) -> Iterator[Fault]:
    """Diminishing returns: the amounts rise, the saving per euro does not, the rest is the same."""
    for before, number in pairwise(segments):
        first, row = prevention.rows[before], prevention.rows[number]
        line = prevention.line(before)
        unread = prevention.unread.get(before, frozenset()) | prevention.unread.get(number, frozenset())
        if first.up_to is not None and row.up_to is not None and row.up_to <= first.up_to:
            yield prevention.fault(
                number,
                "Tot bedrag",
                _FURTHER(row=line),
            )
        if first.saving is not None and row.saving is not None and row.saving > first.saving:
            yield prevention.fault(number, "Besparing per euro", _NO_RISE(row=line))
        for column, name in _EQUAL_ON_A_CURVE:
            given = getattr(first, name), getattr(row, name)
            unknown = column in ("Verzilverbaar", "Aandeel gemeente") and None in given
            if column not in unread and not unknown and given[0] != given[1]:
                yield prevention.fault(number, column, _ONE_PROGRAMME(column=column, row=line))


def _check_reserves(tables: TypedTables) -> Iterator[Fault]:
    yield from _check_bounds(tables.reserves)


def _check_contracts(tables: TypedTables) -> Iterator[Fault]:
    contracts = tables.contracts
    yield from _check_bounds(contracts)
    for number, row in contracts.sound("Jaar", "Einddatum"):
        if row.end is not None and row.end.year < row.year:
            yield contracts.fault(number, "Einddatum", _LATER_DATE(year=row.year))


def _check_bounds(table: TypedTable[Any]) -> Iterator[Fault]:
    for number, row in table.sound("Minimum", "Maximum"):
        if row.minimum is not None and row.maximum is not None and row.maximum < row.minimum:
            yield table.fault(number, "Maximum", "Maximum van ten minste het Minimum")


def _check_events(tables: TypedTables) -> Iterator[Fault]:
    events = tables.events
    for number, row in events.sound("Van", "Tot"):
        if row.end is not None and (row.end[:4], row.end[4:] or "-12") < (
            row.start[:4],
            row.start[4:] or "-01",
        ):
            yield events.fault(number, "Tot", _PERIOD_AFTER(period=row.start))
