"""Known breaks in demand: what an event did, or will do, to the level of a district.

The level of a district is the product of its events, each in force for a part p(t) between 0 and 1:

    level(d, t) = product over events e of (1 + effect(e) * p(e, t))

    step    0 before the start, 1 from then on (until the end, where there is one)
    ramp    from 0 at the start to 1 at the end, 1 afterwards
    pulse   1 from start to end, 0 elsewhere

An effect that is not given is estimated (see `event_effects`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecasts.event_effects import estimated_effect
from forecasts.history import Event, FloatArray


@dataclass(frozen=True)
class AppliedEvent:
    """An event of one stream with the effect that was used; `effect` None where it could not be known."""

    event: Event
    estimated: bool
    doubt: float = 0.0
    """Standard error of an estimated effect."""


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
        found = AppliedEvent(event, estimated=False)
        if event.effect is None:
            cleaned = counts / level[:, : counts.shape[1]]
            found = _estimated(event, cleaned, covered, force[: counts.shape[1]], calendar)
        applied.append(found)
        if found.event.effect is not None:
            level[covered] *= np.maximum(1 + found.event.effect * force, 0.01)
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
    event: Event,
    counts: FloatArray,
    covered: npt.NDArray[np.bool_],
    force: FloatArray,
    calendar: pd.PeriodIndex,
) -> AppliedEvent:
    season = {"M": 12, "Q": 4, "Y": 1}[calendar.freqstr[0]]
    effect = estimated_effect(counts, covered, force, season, step=event.shape == "step")
    if effect is None:
        return AppliedEvent(event, estimated=True)
    return AppliedEvent(replace(event, effect=effect.value), True, effect.doubt)
