"""What a reader should mind in one series: events, jumps that nobody announced, counts hidden or not complete yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from budget.plan import Plan
from forecasts.events import AppliedEvent
from forecasts.history import History, StreamHistory
from forecasts.level_shifts import LevelShift
from forecasts.panel import Panel, prepare

Kind = Literal["event", "jump", "move"]


@dataclass(frozen=True)
class Break:
    """A moment at which the level of a series changed, or was said to."""

    kind: Kind
    """`event` stands in the workbook, a `jump` was found in the counts, a `move` is a jump that another mirrors."""
    name: str
    """Of the event; "" for what was found."""
    district: str
    """Where it was found; "" for an event."""
    other: str
    """The district that mirrors it; "" for none."""
    start: pd.Period
    end: pd.Period | None
    effect: float | None
    """Share of the level before (0.1 is 10 % more); None where it is not known."""
    estimated: bool
    source: str


@dataclass(frozen=True)
class Doubtful:
    """Observed periods in which a count is not what it seems, per period in clients of all districts together."""

    hidden: pd.DataFrame
    """What suppressed counts leave possible: `low`, `high`."""
    provisional: pd.DataFrame
    """Counts that are still to be completed: `seen`, and `completed` as the forecast takes them; of what is known."""
    unseen: tuple[str, ...]
    """Districts of which nothing was ever observed or suppressed: their forecast comes from the others, and what was
    seen of several districts is without them."""
    persons_until: int | None
    """The last year of the population where the forecast goes on after it; None where it does not."""


def panel_of(plan: Plan, stream: str) -> Panel:
    """The series of a stream as the forecast saw them. No model is fitted: it takes about 20 ms of a full city."""
    inputs = plan.inputs
    people = inputs.population if plan.demand.method == "ensemble" else None
    return prepare(_of(inputs.history, stream), inputs.history, people, inputs.last_year)


def breaks_of(panel: Panel, districts: Sequence[str]) -> tuple[Break, ...]:
    """The breaks in the sum of these districts, by date. A move between two of them leaves their sum as it was."""
    events = [_event(applied) for applied in panel.events if _touches(applied, districts)]
    found = [
        _found(shift)
        for shift in panel.shifts
        if shift.district in districts and shift.moved_with not in districts
    ]
    return tuple(sorted((*events, *found), key=lambda change: change.start.start_time))


def doubtful_of(plan: Plan, panel: Panel, districts: Sequence[str]) -> Doubtful:
    """The doubtful periods of the sum of these districts."""
    history = plan.inputs.history
    rows = [history.districts.index(code) for code in districts]
    clients = _of(history, panel.stream).clients[rows]
    times = panel.periods.to_timestamp()
    low = np.nansum(clients, axis=0)
    limits = np.where(np.isfinite(panel.ceiling[rows]) & np.isnan(clients), panel.ceiling[rows], 0.0)
    hidden = pd.DataFrame({"low": low, "high": low + limits.sum(axis=0)}, index=times)
    raised = panel.raised[rows].sum(axis=0)
    provisional = pd.DataFrame({"seen": low, "completed": low + raised}, index=times)
    until, last = panel.persons_until, panel.ahead[-1].year if len(panel.ahead) else 0
    return Doubtful(
        hidden[pd.Series(limits.any(axis=0), times)],
        provisional[pd.Series(raised > 0, times)],
        tuple(history.districts[row] for row in rows if never_seen(panel)[row] and not panel.silent[row]),
        until if until is not None and until < last else None,
    )


def never_seen(panel: Panel) -> npt.NDArray[np.bool_]:
    """(districts,) whether there is no count of a district at all, and none that is hidden."""
    hidden = np.isfinite(panel.ceiling).any(axis=1)
    blank: npt.NDArray[np.bool_] = (panel.first == len(panel.periods)) & ~hidden
    return blank


def _event(applied: AppliedEvent) -> Break:
    event = applied.event
    return Break(
        "event", event.name, "", "", event.start, event.end, event.effect, applied.estimated, event.source
    )


def _found(shift: LevelShift) -> Break:
    kind: Kind = "jump" if shift.moved_with is None else "move"
    other = shift.moved_with or ""
    return Break(kind, "", shift.district, other, shift.period, None, shift.effect, True, "")


def _touches(applied: AppliedEvent, districts: Sequence[str]) -> bool:
    return not applied.event.districts or bool(set(applied.event.districts) & set(districts))


def _of(history: History, stream: str) -> StreamHistory:
    return next(seen for seen in history.streams if seen.stream == stream)
