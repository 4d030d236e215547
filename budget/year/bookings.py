"""What was booked and granted in the year that is settled and the year before it, month by month.

An amount for a whole year stands in twelve equal parts. Unknown is never zero: `known` says what was booked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from budget.faults import Fault, FaultyInput
from budget.inputs import CITY, FREE, Actual, Inputs, Municipality
from budget.money import apportion
from budget.rules import rule_at
from forecasts.history import Status
from wording.sentence import Template

_OTHER_YEARS = Template("alleen rijen zonder Lasten of van {years}")
_A_ROW = Template("ten minste één rij met Lasten in {year}, het jaar vóór het eerste planjaar")
_BOTH = Template("beide voor {district} {stream} {year}")

Cents = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

N_MONTHS = 12
OWN_YEAR = slice(N_MONTHS, None)
"""The year that is settled on the axis of months; the year before it comes first."""


@dataclass(frozen=True)
class Bookings:
    """Axes: p places (districts, then STAD if it has money), s streams, m the 24 months of two years.

    `cents` is 0 where `known` is False. `in_play[p, s]`: this place spends on this stream in the year, for it has
    a budget above zero, or rows in Realisatie, or clients while its budget is unknown.
    """

    year: int
    places: tuple[str, ...]
    streams: tuple[str, ...]
    """The stream codes, then VRIJ if an area has free room in its budget."""
    months: tuple[str, ...]
    cents: Cents
    known: Mask
    definitive: Mask
    granted: FloatArray
    """Cents; NaN where unknown."""
    by_year: Mask
    """(p, s): booked as one amount for the whole year."""
    running: Mask
    """(p, s): one amount for a year that is not over; to which month it goes is unknown, so it is not counted."""
    budget: Cents
    """(p, s), 0 where it is unknown."""
    budget_known: Mask
    in_play: Mask


def read_bookings(inputs: Inputs) -> Bookings:
    """The bookings of the year of Vorig budget. Raises FaultyInput when the year has no rows or has them twice."""
    year = inputs.years[0] - 1
    rows = [actual for actual in inputs.actuals if int(actual.period[:4]) in (year - 1, year)]
    _check(inputs, rows, year)
    money = {place for place, stream in inputs.last_budget if stream != FREE} | {row.district for row in rows}
    places = (*inputs.area_codes, *((CITY,) if CITY in money else ()))
    free = any(stream == FREE and place != CITY for place, stream in inputs.last_budget)
    streams = (*inputs.stream_codes, *((FREE,) if free else ()))
    shape = (len(places), len(streams), 2 * N_MONTHS)
    cents, granted = np.zeros(shape, dtype=np.int64), np.full(shape, np.nan)
    known, definitive = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    by_year, running, present = (np.zeros(shape[:2], dtype=bool) for _ in range(3))
    for row in rows:
        cell = places.index(row.district), streams.index(row.stream)
        span, of_year = _months(row, year), len(row.period) == 4
        own = int(row.period[:4]) == year
        present[cell] |= own
        by_year[cell] |= of_year
        if of_year and own and not is_over(inputs.municipality, year):
            running[cell] = True
            continue
        if row.cost_cents is not None:
            cents[cell][span] = _spread(row.cost_cents, span)
            known[cell][span] = True
            definitive[cell][span] = row.status == "definitief"
        if row.granted_cents is not None:
            granted[cell][span] = _spread(row.granted_cents, span)
    budget, budget_known = _budgets(inputs, places, streams)
    spends = present | (budget > 0) | (_has_demand(inputs, places, streams, year) & ~budget_known)
    spends[:, len(inputs.streams) :] = False
    months = tuple(f"{y}-{m:02d}" for y in (year - 1, year) for m in range(1, N_MONTHS + 1))
    return Bookings(
        *(year, places, streams, months, cents, known, definitive, granted),
        *(by_year, running, budget, budget_known, spends),
    )


def _check(inputs: Inputs, rows: Iterable[Actual], year: int) -> None:
    if not any(row.cost_cents is not None and row.period.startswith(str(year)) for row in inputs.actuals):
        found = sorted({row.period[:4] for row in inputs.actuals})
        other = _OTHER_YEARS(years=tuple(found)) if found else "geen rijen"
        wanted = _A_ROW(year=year)
        raise FaultyInput([Fault("Realisatie", "", wanted, other)])
    faults = list(_counted_twice(rows))
    if faults:
        raise FaultyInput(faults)


def _counted_twice(rows: Iterable[Actual]) -> Iterator[Fault]:
    lengths: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for row in rows:
        lengths[row.district, row.stream, row.period[:4]].add(len(row.period))
    for (district, stream, year), found in sorted(lengths.items()):
        if len(found) > 1:
            wanted = "per wijk, stroom en jaar maanden of één jaarbedrag"
            yield Fault("Realisatie", "", wanted, _BOTH(district=district, stream=stream, year=year))


def _months(row: Actual, year: int) -> slice:
    start = N_MONTHS * (int(row.period[:4]) - (year - 1))
    if len(row.period) == 4:
        return slice(start, start + N_MONTHS)
    month = start + int(row.period[5:]) - 1
    return slice(month, month + 1)


def _spread(cents: int, span: slice) -> Cents:
    size = abs(cents)
    parts = apportion(size, np.ones(span.stop - span.start))
    return parts if cents >= 0 else -parts


def is_over(municipality: Municipality, year: int) -> bool:
    """Whether the year has ended on the reference date of the data; without a date it has."""
    day = municipality.reference_date
    return day is None or day >= date(year, 12, 31)


def _budgets(inputs: Inputs, places: tuple[str, ...], streams: tuple[str, ...]) -> tuple[Cents, Mask]:
    """Per place and stream; the free money of the city is the central buffer, which covers but is not spent."""
    budgets = {key: cents for key, cents in inputs.last_budget.items() if key != (CITY, FREE)}
    given = [[budgets.get((place, stream)) for stream in streams] for place in places]
    known = np.array([[amount is not None for amount in row] for row in given])
    return np.array([[amount or 0 for amount in row] for row in given], dtype=np.int64), known


def _has_demand(inputs: Inputs, places: tuple[str, ...], streams: tuple[str, ...], year: int) -> Mask:
    """(p, s): districts that carry cost of the stream and had clients, or too few to show, in one of the two years."""
    found = np.zeros((len(places), len(streams)), dtype=bool)
    carried = {stream.code: stream.area_share > 0 for stream in inputs.streams}
    for history in inputs.history.streams:
        recent = np.isin(history.periods.year, (year - 1, year))
        seen = (np.nan_to_num(history.clients) > 0) | (history.status == Status.SUPPRESSED)
        for d, code in enumerate(inputs.history.districts):
            city_wide = rule_at(
                inputs.rules, "stadsbreed", year=inputs.years[0], district=code, stream=history.stream
            )
            if code in inputs.area_codes and carried[history.stream] and not (city_wide and city_wide.value):
                cell = places.index(code), streams.index(history.stream)
                found[cell] = seen[d, recent].any()
    return found
