"""The checks on the demand history: series of one frequency, without gaps, for every stream."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from budget.faults import Fault
from budget.workbook.periods import Frequency, frequency_of, number_of, period_after
from budget.workbook.row_models import DemandRow
from budget.workbook.typed_tables import TypedTable, TypedTables
from wording.sentence import Template

_UNTIL = Template("een periode tot en met het laatste planjaar {year}")
_LATER = Template("een later Eerste planjaar, of meer planjaren: de vraag loopt tot en met {year}")
_SUPPRESSED = Template("bij status onderdrukt een lege cel of hooguit {n} cliënten")
_A_TOTAL = Template("definitief of voorlopig: {district} is het gepubliceerde totaal van de gemeente")
_AT_LEAST = Template("ten minste {sum}, de som van de bekende wijken")
_SAME_PERIODS = Template("voor stroom {stream} alleen {periods:word}, zoals in haar andere rijen")
_AND_NEXT = Template("{period} en de {n} erna")
_AFTER = Template("{period} na {before}")
_GAP = Template("{gap} voor wijk {district}, stroom {stream}: een reeks heeft geen gaten")
_GAP_IN_ALL = Template("{gap} in {n} reeksen van wijk en stroom: een reeks heeft geen gaten")
_NONE_FOR = Template("geen voor {stream}")

DISCLOSURE_LIMIT = 15
"""A suppressed count is blank, or at most this number of clients."""
_ROUNDING = 1e-6
_PERIODS: dict[Frequency, str] = {"M": "maanden (2019-03)", "Q": "kwartalen (2019-K1)", "Y": "jaren (2019)"}


_FIRST_YEAR = "Eerste planjaar"
_Hole = tuple[str, int]
"""The last period before a hole, and how many periods are missing."""
_OWN_HOLES = 5
"""Series with the same hole up to which each is told of."""


def check_first_year(tables: TypedTables) -> Fault | None:
    """The fault in the first plan year where most of the demand lies after the plan; all of that follows from it."""
    demand, last_year = tables.demand, tables.last_year
    if last_year is None or demand.raw is None or "Periode" in demand.lacking_columns:
        return None
    years = {number: int(row.period[:4]) for number, row in demand.sound("Periode")}
    late = [number for number, year in years.items() if year > last_year]
    if 2 * len(late) <= len(years):
        return None
    cause = tables.municipality.fault(0, _FIRST_YEAR, _LATER(year=max(years.values())))
    return replace(
        cause, follows=tuple(demand.fault(number, "Periode", _UNTIL(year=last_year)) for number in late)
    )


def without_first_year(tables: TypedTables) -> TypedTables:
    """The same tables as if the first plan year could not be read, so that nothing else is held against it."""
    own = tables.municipality
    unread = {**own.unread, 0: own.unread.get(0, frozenset()) | {_FIRST_YEAR}}
    return replace(tables, municipality=replace(own, unread=unread))


def check_demand(tables: TypedTables) -> Iterator[Fault]:
    """Every fault in the series of `Vraag`, and every stream that has none."""
    demand = tables.demand
    yield from _check_suppressed(demand)
    if not demand.rows or demand.lacking_columns.intersection(("Wijkcode", "Stroom", "Periode")):
        return
    yield from _check_totals(tables)
    whole = tables.whole
    series: dict[str, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    last_year = tables.last_year
    for number, row in demand.sound("Wijkcode", "Stroom", "Periode"):
        series[row.stream][row.district].append((number, row.period))
        if last_year is not None and int(row.period[:4]) > last_year:
            yield demand.fault(number, "Periode", _UNTIL(year=last_year))
    without_period = Counter(
        (row.stream, row.district)
        for number, row in demand.sound("Wijkcode", "Stroom")
        if "Periode" in demand.unread.get(number, ())
    )
    holes: dict[_Hole, list[Fault]] = defaultdict(list)
    for stream, districts in series.items():
        mixed = list(_check_one_frequency(demand, districts.values()))
        yield from mixed
        if not mixed:
            for district, places in districts.items():
                if district not in whole:
                    for hole, fault in _gaps(demand, places, without_period[stream, district]):
                        holes[hole].append(fault)
    for hole, faults in holes.items():
        yield from _one_for_all(hole, faults) if len(faults) > _OWN_HOLES else faults
    present = {stream for stream, districts in series.items() if set(districts) - whole}
    yield from _check_every_stream_has_demand(tables, present)


def _check_suppressed(demand: TypedTable[DemandRow]) -> Iterator[Fault]:
    for number, row in demand.sound("Clienten", "Status"):
        if row.status == "onderdrukt" and row.clients is not None and row.clients > DISCLOSURE_LIMIT:
            wanted = _SUPPRESSED(n=DISCLOSURE_LIMIT)
            yield demand.fault(number, "Clienten", wanted)


def _check_totals(tables: TypedTables) -> Iterator[Fault]:
    """A published total is a count, and no less than the districts known to be in it."""
    demand, whole = tables.demand, tables.whole
    totals: list[int] = []
    for number, row in demand.sound("Wijkcode", "Status"):
        if row.district in whole and row.status not in ("definitief", "voorlopig"):
            wanted = _A_TOTAL(district=row.district)
            yield demand.fault(number, "Status", wanted)
    districts: dict[tuple[str, str], float] = defaultdict(float)
    for number, row in demand.sound("Wijkcode", "Stroom", "Periode", "Clienten", "Status"):
        if row.clients is None or row.status == "onderdrukt":
            continue
        if row.district in whole:
            totals.append(number)
        else:
            districts[row.stream, row.period] += row.clients
    for number in totals:
        row = demand.rows[number]
        known = districts[row.stream, row.period]
        if row.clients is not None and row.clients < known - _ROUNDING:
            shown = f"{known:.1f}".removesuffix(".0").replace(".", ",")
            wanted = _AT_LEAST(sum=shown)
            yield demand.fault(number, "Clienten", wanted)


def _check_one_frequency(
    demand: TypedTable[DemandRow], districts: Iterable[Sequence[tuple[int, str]]]
) -> Iterator[Fault]:
    places = sorted(place for series in districts for place in series)
    times = Counter(frequency_of(period) for _, period in places)
    most = max(_PERIODS, key=lambda frequency: times[frequency])
    usual = _PERIODS[most]
    for number in (number for number, period in places if frequency_of(period) != most):
        stream = demand.rows[number].stream
        yield demand.fault(number, "Periode", _SAME_PERIODS(stream=stream, periods=usual))


def _gaps(
    demand: TypedTable[DemandRow], places: Sequence[tuple[int, str]], without_period: int
) -> Iterator[tuple[_Hole, Fault]]:
    """Every hole in one series, unless the rows whose period could not be read may fill them all."""
    ordered = sorted(places, key=lambda place: (number_of(place[1]), place[0]))
    holes = [
        (before, period, number, number_of(period) - number_of(before) - 1)
        for (_, before), (number, period) in pairwise(ordered)
        if number_of(period) - number_of(before) > 1
    ]
    if sum(missing for *_, missing in holes) <= without_period:
        return
    for before, period, number, missing in holes:
        row = demand.rows[number]
        wanted = _GAP(gap=_missing(before, missing), district=row.district, stream=row.stream)
        found = _AFTER(period=period, before=before)
        yield (before, missing), demand.fault(number, "Periode", wanted, found)


def _missing(before: str, n_periods: int) -> str:
    first = period_after(before)
    return first if n_periods == 1 else _AND_NEXT(period=first, n=n_periods - 1)


def _one_for_all(hole: _Hole, faults: Sequence[Fault]) -> Iterator[Fault]:
    """The same hole in many series is one delivery that is missing."""
    first, *others = faults
    wanted = _GAP_IN_ALL(gap=_missing(*hole), n=len(faults))
    yield replace(first, wanted=wanted, follows=tuple(others))


def _check_every_stream_has_demand(tables: TypedTables, present: set[str]) -> Iterator[Fault]:
    whole = tables.whole
    counted = {
        row.stream
        for _, row in tables.demand.sound("Wijkcode", "Stroom", "Clienten")
        if row.clients is not None and row.district not in whole
    }
    unread = {tables.demand.rows[number].stream for number in tables.demand.unread}
    for number, stream in tables.streams.sound("Stroom"):
        if stream.code not in present | unread:
            yield tables.streams.fault(
                number, "Stroom", "rijen in blad Vraag voor deze stroom", _NONE_FOR(stream=stream.code)
            )
        elif stream.code not in counted | unread:
            yield tables.streams.fault(
                number, "Stroom", "ten minste één bekend aantal in blad Vraag", _NONE_FOR(stream=stream.code)
            )
