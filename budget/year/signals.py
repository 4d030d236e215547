"""What a reader should know before believing the end of a year: what is unknown, gone already, or not plausible."""

from __future__ import annotations

from budget.year.year_end import YearSoFar

PLAUSIBLE = (0.5, 1.5)
"""Expected cost over budget outside which the bookings are worth a second look."""


def unknown_places(year: YearSoFar) -> tuple[str, ...]:
    """The places of which a budget or a cost is unknown, so that the sum over all is unknown too."""
    return tuple(area.place for area in year.areas if area.tally.surplus is None)


def nothing_booked(year: YearSoFar, place: str) -> bool:
    """Whether all that is said of a place is expectation."""
    tally = year.areas[year.places.index(place)].tally
    return tally.definitive == tally.provisional == 0


def month_of_exhaustion(year: YearSoFar, places: list[int] | None = None) -> str | None:
    """The month (`2026-02`) in which what was booked of some places (None is all) passed their budget of the year.

    None while it has not, and where a budget is unknown.
    """
    budget = year.tally(places).budget
    chosen = list(range(len(year.places))) if places is None else places
    booked = year.booked[chosen].sum(axis=(0, 1)).cumsum()
    if budget is None or not budget:
        return None
    gone = booked > budget
    return year.months[int(gone.argmax())] if gone.any() else None


def implausible(year: YearSoFar, places: list[int] | None = None) -> float | None:
    """Expected cost over budget where that is outside `PLAUSIBLE`; else None, as where either is unknown."""
    tally = year.tally(places)
    if not tally.budget or tally.expected is None:
        return None
    ratio = tally.expected / tally.budget
    return None if PLAUSIBLE[0] <= ratio <= PLAUSIBLE[1] else ratio
