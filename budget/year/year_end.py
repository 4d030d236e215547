"""The year before the plan: actuals, what is still to come, and what the local choices make of the difference.

    outturn = booked + late invoices + months to come
    surplus = budget - outturn                       (below zero: an overrun)

A surplus is settled per area (`budget/year/settlement.py`), an overrun covered in the order that the council
expects. Both are final only when every month of the area is booked and definitive. An area with an unknown month,
stream or budget is estimated but not settled: unknown is never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from budget.inputs import FREE, Inputs
from budget.year.bookings import N_MONTHS, OWN_YEAR, Bookings, Cents, FloatArray, Mask, read_bookings
from budget.year.late_invoices import late_invoices
from budget.year.months_to_come import N_DRAWS, SEED, Draws, Origin, months_to_come
from budget.year.overrun import Cover, cover_overruns
from budget.year.settlement import Settlement
from budget.year.year_choices import central_buffer, choice_notes, reserve_room, settle_area
from forecasts.demand import Demand
from wording.sentence import Sentence, Template

State = Literal["definitief", "voorlopig", "niet af te rekenen"]
FINAL: State = "definitief"
PROVISIONAL: State = "voorlopig"
UNSETTLED: State = "niet af te rekenen"

MONTH_NAMES = (
    *("januari", "februari", "maart", "april", "mei", "juni", "juli"),
    *("augustus", "september", "oktober", "november", "december"),
)
_METHODS = {
    Origin.FORECAST: Template(
        "{n} bedragen (wijk, stroom en maand) zijn geschat met de prognose tegen het tarief, bijgesteld naar de "
        "geboekte lasten."
    ),
    Origin.RUN_RATE: Template(
        "{n} bedragen (wijk, stroom en maand) zijn geschat op het gemiddelde van de laatste twaalf geboekte maanden."
    ),
    Origin.UNKNOWN: Template(
        "{n} bedragen (wijk, stroom en maand) zijn niet te schatten: er is geen prognose en geen boeking."
    ),
}
_BY_YEAR = Template("Een bedrag voor een heel jaar staat in twaalf gelijke maanden.")
_NOTHING_KNOWN = Template("geen budget en geen realisatie bekend")
_NO_BUDGET = Template("{stream}: budget onbekend")
_RUNNING = Template("{stream}: jaarbedrag van een lopend jaar, tot welke maand is onbekend")
_NO_COST = Template("{stream}: geen lasten bekend")
_MISSING = Template("{stream}: {months:word} {n:ontbreekt|ontbreken}")
_MONTH = Template("{first:word}")
_MONTHS = Template("{first:word} tot en met {last:word}")
_TO_COME = Template("{months} nog niet geboekt")
_PROVISIONAL = Template("{months} nog voorlopig")

_QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Tally:
    """The year of some places, streams and months together, in cents; None where a part is unknown."""

    budget: int | None
    definitive: int
    """Booked on definitive months."""
    provisional: int
    """Booked on provisional months."""
    late: int
    """Still to be booked on provisional months."""
    ahead: int
    """Months that are not booked yet."""
    expected: int | None
    """Expected outturn: the four together."""
    surplus: int | None = None
    """Budget minus expected outturn."""
    band: tuple[int, int, int] | None = None
    """P10, P50 and P90 of the surplus: with a chance of 10 % it is lower than P10."""
    overrun_chance: float | None = None


@dataclass(frozen=True)
class AreaYear:
    """One area (or STAD) at the end of the year."""

    place: str
    tally: Tally
    state: State
    reasons: tuple[str, ...]
    """Dutch: why it is not settled, or not final yet."""
    settlement: Settlement | None
    """Of the expected surplus, 0 for an overrun; None where the area cannot be settled."""
    cover: Cover | None
    """Of the expected overrun, 0 for a surplus; None where the area cannot be settled."""


@dataclass(frozen=True)
class YearSoFar:
    """Axes: p places (districts, then STAD if it has money), s streams (with VRIJ if budgets have it), m twelve months.

    All arrays are whole cents; `booked` is 0 where nothing is known, and `origin` says what each month is.
    """

    year: int
    places: tuple[str, ...]
    streams: tuple[str, ...]
    months: tuple[str, ...]
    budget: Cents
    """(p, s); 0 where `budget_known` is False."""
    budget_known: Mask
    booked: Cents
    """(p, s, m)"""
    late: Cents
    """(p, s, m), never negative."""
    ahead: Cents
    """(p, s, m)"""
    origin: npt.NDArray[np.int8]
    """(p, s, m), values of `Origin`."""
    draws: Draws
    """(p, s, m, k): in k futures what is not booked yet, late invoices and months to come."""
    areas: tuple[AreaYear, ...]
    """In the order of `places`."""
    central_buffer: int
    reserve_room: int
    demand: Demand | None = field(repr=False)
    """The forecast behind the months to come, if there is one."""
    notes: tuple[str, ...]
    """Dutch: on what every estimate rests."""

    @property
    def final(self) -> bool:
        """Whether the year is complete and definitive everywhere."""
        return all(area.state == FINAL for area in self.areas)

    @property
    def all_booked(self) -> bool:
        """Whether every month of the year is booked, so that a forecast adds nothing."""
        return bool(((self.origin <= Origin.PROVISIONAL) | (self.origin == Origin.ABSENT)).all())

    @property
    def booked_months(self) -> tuple[str, ...]:
        """The months of which something is booked."""
        booked = np.asarray((self.origin <= Origin.PROVISIONAL).any(axis=(0, 1)))
        return tuple(month for month, known in zip(self.months, booked.tolist(), strict=True) if known)

    def tally(
        self,
        places: Sequence[int] | None = None,
        streams: Sequence[int] | None = None,
        months: Sequence[int] | None = None,
    ) -> Tally:
        """The sum over some places, streams and months (positions; None is all), its band from the same futures."""
        chosen = [
            list(range(size)) if given is None else list(given)
            for given, size in zip((places, streams, months), self.booked.shape, strict=True)
        ]
        return _tally(self, *chosen)

    def monthly_draws(self, places: Sequence[int], streams: Sequence[int]) -> FloatArray:
        """Booked and still to be booked of some places and streams together, cents with shape (m, k)."""
        cells = np.ix_(places, streams)
        pending: FloatArray = self.draws[cells].sum(axis=(0, 1), dtype=np.float64)
        booked: Cents = self.booked[cells].sum(axis=(0, 1))
        return booked[:, None] + pending

    def month_budget(self) -> Cents:
        """Budgets in twelve equal parts that add up, shape (p, s, m)."""
        step = np.arange(N_MONTHS + 1)
        return np.diff(self.budget[:, :, None] * step // N_MONTHS, axis=2)


def year_so_far(
    inputs: Inputs, demand: Demand | None = None, *, n_draws: int = N_DRAWS, seed: int = SEED
) -> YearSoFar:
    """The year of Vorig budget, with the forecast for its last months if there is one; then the draws are its own.

    Raises FaultyInput when Realisatie has no row of that year, or an amount both per month and per year.
    """
    bookings = read_bookings(inputs)
    late = late_invoices(bookings)
    outlook = months_to_come(bookings, late, inputs, demand, n_draws=n_draws, seed=seed)
    buffer, buffer_note = central_buffer(inputs, bookings.year)
    room, room_note = reserve_room(inputs, bookings.year)
    open_year = YearSoFar(
        year=bookings.year,
        places=bookings.places,
        streams=bookings.streams,
        months=bookings.months[OWN_YEAR],
        budget=bookings.budget,
        budget_known=bookings.budget_known,
        booked=bookings.cents[:, :, OWN_YEAR],
        late=late.cents[:, :, OWN_YEAR],
        ahead=outlook.ahead,
        origin=outlook.origin,
        draws=outlook.draws,
        areas=(),
        central_buffer=buffer,
        reserve_room=room,
        demand=demand,
        notes=(
            *late.notes,
            *outlook.notes,
            *_method_notes(outlook.origin, bookings),
            buffer_note,
            room_note,
            *choice_notes(inputs, bookings.year),
        ),
    )
    return _settled(open_year, bookings, inputs)


def _settled(year: YearSoFar, bookings: Bookings, inputs: Inputs) -> YearSoFar:
    """The same year with every surplus settled and every overrun covered."""
    numbers = range(len(year.places))
    tallies = [year.tally([p]) for p in numbers]
    obstacles = [tuple(_obstacles(bookings, year, p)) for p in numbers]
    free = [
        sum(int(year.budget[p, s]) for s, stream in enumerate(year.streams) if stream == FREE)
        for p in numbers
    ]
    gaps = [0 if obstacles[p] else max(0, free[p] - (tallies[p].surplus or 0)) for p in numbers]
    covers = cover_overruns(gaps, free, year.central_buffer, year.reserve_room)
    areas = []
    for p, place in enumerate(year.places):
        surplus = tallies[p].surplus
        if obstacles[p] or surplus is None:
            areas.append(AreaYear(place, tallies[p], UNSETTLED, obstacles[p], None, None))
            continue
        open_ = tuple(_still_open(year, p))
        settlement = settle_area(inputs, place, year.year, max(0, surplus))
        state = PROVISIONAL if open_ else FINAL
        areas.append(AreaYear(place, tallies[p], state, open_, settlement, covers[p]))
    return replace(year, areas=tuple(areas))


def _obstacles(bookings: Bookings, year: YearSoFar, p: int) -> Iterator[str]:
    """Why a place cannot be settled at all."""
    known = bookings.known[p, :, OWN_YEAR]
    if not bookings.in_play[p].any():
        yield _NOTHING_KNOWN()
    for s, stream in enumerate(year.streams):
        if not bookings.in_play[p, s]:
            continue
        if not bookings.budget_known[p, s]:
            yield _NO_BUDGET(stream=stream)
        if bookings.running[p, s]:
            yield _RUNNING(stream=stream)
        elif not known[s].any():
            yield _NO_COST(stream=stream)
        else:
            last = int(np.flatnonzero(known[s]).max())
            missing = tuple(MONTH_NAMES[m] for m in np.flatnonzero(~known[s, :last]))
            if missing:
                yield _MISSING(stream=stream, months=missing, n=len(missing))


def _still_open(year: YearSoFar, p: int) -> Iterator[str]:
    """Why the settlement of a place is not final yet."""
    present = (year.origin[p] != Origin.ABSENT).any(axis=1)
    to_come = (year.origin[p][present] > Origin.PROVISIONAL).any(axis=0)
    provisional = (year.origin[p][present] == Origin.PROVISIONAL).any(axis=0)
    for months, told in ((to_come, _TO_COME), (provisional, _PROVISIONAL)):
        if months.any():
            yield told(months=_spoken([year.months[m] for m in np.flatnonzero(months)]))


def _spoken(months: Sequence[str]) -> Sentence:
    """
    >>> _spoken(["2026-09"]), _spoken(["2026-09", "2026-11", "2026-12"])
    ('september', 'september tot en met december')
    """
    first, last = (MONTH_NAMES[int(month[5:]) - 1] for month in (months[0], months[-1]))
    return (_MONTH if len(months) == 1 else _MONTHS)(first=first, last=last)


def _tally(year: YearSoFar, places: list[int], streams: list[int], months: list[int]) -> Tally:
    cells = np.ix_(places, streams, months)
    origin, booked, late, ahead = (part[cells] for part in (year.origin, year.booked, year.late, year.ahead))
    definitive, provisional = (
        int(booked[origin == kind].sum()) for kind in (Origin.DEFINITIVE, Origin.PROVISIONAL)
    )
    late_sum, ahead_sum = int(late.sum()), int(ahead.sum())
    spends = (origin != Origin.ABSENT).any(axis=2)
    whole = len(months) == N_MONTHS
    budgets = year.budget if whole else year.month_budget()[:, :, months].sum(axis=2)
    budget: int | None = int(budgets[np.ix_(places, streams)].sum())
    if (spends & ~year.budget_known[np.ix_(places, streams)]).any():
        budget = None
    unknown = bool((origin == Origin.UNKNOWN).any())
    expected = None if unknown else definitive + provisional + late_sum + ahead_sum
    tally = Tally(budget, definitive, provisional, late_sum, ahead_sum, expected)
    if budget is None or expected is None:
        return tally
    pending = year.draws[cells].sum(axis=(0, 1, 2), dtype=np.float64)
    outcomes = budget - definitive - provisional - pending
    low, middle, high = (round(float(at)) for at in np.quantile(outcomes, _QUANTILES))
    return replace(
        tally,
        surplus=budget - expected,
        band=(low, middle, high),
        overrun_chance=float((outcomes < 0).mean()),
    )


def _method_notes(origin: npt.NDArray[np.int8], bookings: Bookings) -> Iterator[str]:
    """How many amounts of a place, stream and month each method gave."""
    for kind, told in _METHODS.items():
        count = int((origin == kind).sum())
        if count:
            yield told(n=count)
    if bookings.by_year.any():
        yield _BY_YEAR()
