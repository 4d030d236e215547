"""Known breaks in demand: what an event did, or will do, to the level of a district.

The level of a district is the product of its events, each in force for a part p(t) between 0 and 1:

    level(d, t) = product over events e of (1 + effect(e) * p(e, t))

    step    0 before the start, 1 from then on (until the end, where there is one)
    ramp    from 0 at the start to 1 at the end, 1 afterwards
    pulse   1 from start to end, 0 elsewhere

An effect that is not given is estimated from the districts it covers, taken together: how much more
they grew over a year when it came than just before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecasts.history import Event, FloatArray

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
            cleaned = counts[covered] / level[covered, : counts.shape[1]]
            effect = _estimated(cleaned.sum(axis=0), force[: counts.shape[1]], calendar)
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


def _estimated(total: FloatArray, force: FloatArray, calendar: pd.PeriodIndex) -> float | None:
    """The effect on the total of the covered districts; None where the history cannot tell.

    Growth over a year of the periods in force, less that of the year before the start, shrunk by how few
    such periods there are.
    """
    season = {"M": 12, "Q": 4, "Y": 1}[calendar.freqstr[0]]
    start = int(np.argmax(force > 0)) if (force > 0).any() else len(total)
    after = [t for t in range(start, min(len(total), start + season)) if force[t] > 0]
    if start < season or not after or total.min() <= 0:
        return None
    growth = np.log(total[season:] / total[:-season])
    since = np.array([growth[t - season] for t in after])
    before = growth[max(0, start - 2 * season) : start - season]
    usual = float(before.mean()) if len(before) else 0.0
    share = float(np.mean([force[t] for t in after]))
    shrunk = (since.mean() - usual) * len(after) / (len(after) + season / 4)
    return float(np.clip(np.expm1(shrunk) / share, -0.95, LARGEST))
