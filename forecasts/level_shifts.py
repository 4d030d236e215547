"""Level shifts that nobody announced: found, shown, and told apart from moves between districts.

A shift is looked for in the share of a district in its city, in logs, so that season and course of the
city are out of the way:

    r(t) = log clients(d, t) - log clients(city, t)
    shift at s  when  |mean r after s - mean r before s| / spread of r around its own running level  is large

When one district gains in the same period what another loses, clients were moved, for instance by a
postal-address desk that went from one district to the next: the city's sum is untouched.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.history import FloatArray

SMALLEST = 0.25
"""Shifts of less than this share of the level are left to the models."""
SPREADS = 5.0
"""How many times its usual spread the share must jump."""
AT_LEAST = {12: 6, 4: 3, 1: 3}
"""Periods on either side that must show it."""
WITHIN = 1
"""Periods that the two ends of a move may lie apart."""
FEWEST_CLIENTS = 10.0
"""Jumps of fewer clients are chance."""


@dataclass(frozen=True)
class LevelShift:
    """A lasting jump of one district in one stream."""

    stream: str
    district: str
    period: pd.Period
    """The first period on the new level."""
    effect: float
    """Share of the level before (0.5 is half as many again)."""
    clients: float
    """The same, in clients per period."""
    moved_with: str | None
    """The district that lost what this one gained, or the other way round."""


def find_level_shifts(
    stream: str,
    districts: tuple[str, ...],
    counts: FloatArray,
    periods: pd.PeriodIndex,
    periods_per_year: int,
) -> tuple[LevelShift, ...]:
    """The largest level shift of every district that has one, moves recognised; counts are complete."""
    city = counts.sum(axis=0)
    if len(districts) < 3 or city.min() <= 0:
        return ()
    found: dict[int, tuple[int, float, float]] = {}
    for at, row in enumerate(counts):
        shift = _largest(row, city, AT_LEAST[periods_per_year], periods_per_year)
        if shift is not None:
            found[at] = shift
    partner = _partners(found)
    return tuple(
        LevelShift(
            stream,
            districts[at],
            periods[start],
            effect,
            clients,
            districts[partner[at]] if at in partner else None,
        )
        for at, (start, effect, clients) in sorted(found.items())
    )


def levels_of_shifts(
    shifts: tuple[LevelShift, ...], districts: tuple[str, ...], periods: pd.PeriodIndex
) -> FloatArray:
    """The level (districts, observed) of every district relative to what it was before it moved clients.

    Only moves count: a shift that nobody has explained is shown and left in the series, because taking
    it out makes the city's forecast worse on every panel that we tried.
    """
    level = np.ones((len(districts), len(periods)))
    for shift in shifts:
        if shift.moved_with is None:
            continue
        level[districts.index(shift.district), periods >= shift.period] = 1 + shift.effect
    return level


def _largest(
    row: FloatArray, city: FloatArray, at_least: int, season: int
) -> tuple[int, float, float] | None:
    """(start, relative effect, clients) of the clearest jump in the share of a district, if clear enough."""
    if row.min() <= 0 or len(row) < 2 * at_least + 1:
        return None
    share = np.log(row / city)
    starts = range(at_least, len(row) - at_least + 1)
    start = max(starts, key=lambda at: abs(_jump(share, at, season)))
    jump = _jump(share, start, season)
    before, after = share[max(0, start - season) : start], share[start : start + season]
    spread = _spread(np.concatenate([before - np.median(before), after - np.median(after)]))
    noise = spread * np.sqrt(1 / len(before) + 1 / len(after)) + 0.01
    after_mean = row[start : start + season].mean()
    sudden = share[start] - share[start - 1]
    if abs(jump) < SPREADS * noise or abs(np.expm1(jump)) < SMALLEST or sudden * jump < 0.5 * jump**2:
        return None
    clients = float(after_mean * (1 - np.exp(-jump)))
    return (start, float(np.expm1(jump)), clients) if abs(clients) >= FEWEST_CLIENTS else None


def _jump(share: FloatArray, start: int, season: int) -> float:
    return float(np.mean(share[start : start + season]) - np.mean(share[max(0, start - season) : start]))


def _spread(residuals: FloatArray) -> float:
    return float(1.4826 * np.median(np.abs(residuals)))


def _partners(found: dict[int, tuple[int, float, float]]) -> dict[int, int]:
    """Pairs of districts of which one gained what the other lost at the same time, the largest first."""
    partner: dict[int, int] = {}
    for at in sorted(found, key=lambda d: -abs(found[d][2])):
        start, _, clients = found[at]
        others = [
            other
            for other, (other_start, _, other_clients) in found.items()
            if other != at
            and other not in partner
            and abs(other_start - start) <= WITHIN
            and abs(clients + other_clients) < 0.4 * abs(clients)
        ]
        if at not in partner and others:
            best = min(others, key=lambda other: abs(clients + found[other][2]))
            partner[at], partner[best] = best, at
    return partner
