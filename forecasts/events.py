"""Known breaks in demand: what an event did, or will do, to the level of a district.

The level of a district is the product of its events, each in force for a part p(t) between 0 and 1:

    level(d, t) = product over events e of (1 + effect(e) * p(e, t))

    step    0 before the start, 1 from then on (until the end, where there is one)
    ramp    from 0 at the start to 1 at the end, 1 afterwards
    pulse   1 from start to end, 0 elsewhere

An effect that is not given is estimated. Where it covers some of the districts, from how their sum moved against that
of the others, so that season and course of the city are out of the way:

    log covered(t) - log others(t) = a + b p(t),        effect = exp(b) - 1

over `WINDOW` years on either side of the start. Where it covers all, from how much more they grew over a year
when it came than just before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecasts.history import Event, FloatArray

WINDOW = 2
"""Years before and after the start from which an effect in some districts is estimated."""
LARGEST = 3.0
"""No estimated effect is more than this many times the level before."""


@dataclass(frozen=True)
class AppliedEvent:
    """An event of one stream with the effect that was used; `effect` None where it could not be known."""

    event: Event
    estimated: bool


def levels_of_events(
    events: Sequence[Event],
    stream: str,
    districts: tuple[str, ...],
    counts: FloatArray,
    calendar: pd.PeriodIndex,
) -> tuple[FloatArray, tuple[AppliedEvent, ...]]:
    """The level (districts, calendar) of every district, and the events behind it.

    `counts` (districts, observed) are complete, `calendar` holds the observed periods and those ahead.
    """
    level = np.ones((len(districts), len(calendar)))
    applied = []
    for event in events:
        if event.streams and stream not in event.streams:
            continue
        covered = np.array([not event.districts or code in event.districts for code in districts], dtype=bool)
        force = in_force(event, calendar)
        if not covered.any() or not force.any():
            continue
        effect = event.effect
        if effect is None:
            cleaned = counts / level[:, : counts.shape[1]]
            effect = _estimated(cleaned, covered, force[: counts.shape[1]], calendar)
        applied.append(AppliedEvent(replace(event, effect=effect), event.effect is None))
        if effect is not None:
            level[covered] *= np.maximum(1 + effect * force, 0.01)
    return level, tuple(applied)


def in_force(event: Event, calendar: pd.PeriodIndex) -> FloatArray:
    """The part p(t) of the event that is in force in each period, shape (calendar,)."""
    moment = calendar.start_time
    start = event.start.start_time
    end = event.end.end_time if event.end is not None else None
    begun = np.asarray(calendar.end_time >= start, dtype=float)
    if event.shape == "ramp" and end is not None:
        length = max((end - start).days, 1)
        ramp: FloatArray = np.clip(np.asarray((moment - start).days, dtype=float) / length, 0.0, 1.0)
        return ramp
    if event.shape == "pulse" and end is None:
        end = event.start.end_time
    return begun if end is None else begun * np.asarray(moment <= end, dtype=float)


def _estimated(
    counts: FloatArray, covered: npt.NDArray[np.bool_], force: FloatArray, calendar: pd.PeriodIndex
) -> float | None:
    """The effect on the covered districts together, shrunk by how few periods show it; None where none can tell."""
    season = {"M": 12, "Q": 4, "Y": 1}[calendar.freqstr[0]]
    start = int(np.argmax(force > 0)) if (force > 0).any() else len(force)
    total, others = counts[covered].sum(axis=0), counts[~covered].sum(axis=0)
    if start < season or start >= len(total) or total.min() <= 0:
        return None
    if not covered.all() and others.min() > 0:
        found = _against_the_others(np.log(total / others), force, start, WINDOW * season)
        n_shown = int((force[start : start + WINDOW * season] > 0).sum())
    else:
        after = [t for t in range(start, min(len(total), start + season)) if force[t] > 0]
        found, n_shown = _against_the_year_before(np.log(total), force, start, season, after), len(after)
    shrunk = np.expm1(found * n_shown / (n_shown + season / 4))
    return float(np.clip(shrunk, -0.95, LARGEST))


def _against_the_others(share: FloatArray, force: FloatArray, start: int, window: int) -> float:
    """The slope of a log share on the force, in least squares around the start."""
    around = slice(max(0, start - window), start + window)
    part, deviation = share[around] - share[around].mean(), force[around] - force[around].mean()
    return float(part @ deviation / (deviation @ deviation))


def _against_the_year_before(
    total: FloatArray, force: FloatArray, start: int, season: int, after: Sequence[int]
) -> float:
    """Growth of a log total over a year in the periods in force, less that of the year before, at full force."""
    growth = total[season:] - total[:-season]
    before = growth[max(0, start - 2 * season) : start - season]
    usual = float(before.mean()) if len(before) else 0.0
    since = float(np.mean([growth[t - season] for t in after])) - usual
    return since / float(np.mean([force[t] for t in after]))
