"""One stream made ready to forecast: complete, and in today's terms.

Today's terms: as if every past period had today's people, rules and borders. What the models see is

    values = (observed * completion, or imputed) / growth of the group / level by events and shifts

and what they say of the future is multiplied by the growth and the level to come, both relative to now.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecasts.calendar_years import periods_ahead
from forecasts.completion import completion_factors
from forecasts.demography import growth_of_group, known_until, latest_persons
from forecasts.events import AppliedEvent, levels_of_events
from forecasts.gaps import hidden_remainder, without_gaps
from forecasts.history import FloatArray, History, Population, Status, StreamHistory
from forecasts.level_shifts import LevelShift, find_level_shifts, levels_of_shifts
from forecasts.reconciliation import Hierarchy, hierarchy_of

UNASSIGNED = "STAD"
"""The district of clients without a district; where it was never seen it is left at nothing."""


@dataclass(frozen=True)
class Panel:
    """A stream in today's terms; d districts, t observed periods, h periods ahead."""

    stream: str
    periods: pd.PeriodIndex
    periods_per_year: int
    ahead: pd.PeriodIndex
    hierarchy: Hierarchy
    values: FloatArray
    """(d, t) what the models see."""
    first: npt.NDArray[np.int64]
    """(d,) the first period with an observation; t where there is none."""
    observed: FloatArray
    """(d, t) completed and imputed, in the terms of its own time."""
    doubt: FloatArray
    """(d, t) 0 for a known count, 1 for one that may be anything between nothing and twice the value."""
    ceiling: FloatArray
    """(d, t) the disclosure limit for a suppressed count, infinite otherwise."""
    remainder: FloatArray
    """(t,) what the suppressed counts of a period amount to together; NaN where no total tells."""
    raised: FloatArray
    """(d, t) clients added to provisional counts."""
    completion_doubt: FloatArray
    """(t,) relative standard error of the completion of provisional counts."""
    growth: FloatArray
    """(d, h) persons of the age group relative to now; 1 where that is unknown."""
    persons_until: int | None
    """The last year of the population that the forecast is per head of; None for a forecast of the count itself."""
    level: FloatArray
    """(d, h) the level by events relative to now."""
    events: tuple[AppliedEvent, ...]
    shifts: tuple[LevelShift, ...]
    silent: npt.NDArray[np.bool_]
    """(d,) nothing was ever observed and nothing is expected."""

    @property
    def outlook(self) -> FloatArray:
        """(d, h) from today's terms to those of the period."""
        return self.growth * self.level

    @property
    def level_doubt(self) -> FloatArray:
        """(d,) how uncertain the level of the last year is because counts in it are unknown."""
        doubt: FloatArray = self.doubt[:, -self.periods_per_year :].mean(axis=1)
        return doubt


def prepare(stream: StreamHistory, history: History, population: Population | None, until: int) -> Panel:
    """The panel of one stream, to the end of the year `until`; without a population, counts are forecast."""
    ahead = periods_ahead(stream.periods, until)
    n_periods, calendar = len(stream.periods), pd.PeriodIndex(stream.periods.append(ahead))
    factor, completion_doubt = completion_factors(stream)
    completed = np.where(stream.status == Status.PROVISIONAL, stream.clients * factor, stream.clients)
    silent = _silent(history.districts, completed, stream.status)
    persons = latest_persons(population, history.districts, stream.age_group)
    remainder = hidden_remainder(stream, silent)
    observed, doubt, ceiling = without_gaps(completed, stream.status == Status.SUPPRESSED, persons, remainder)
    observed[silent] = 0.0
    growth = growth_of_group(population, history.districts, stream.age_group, stream.periods, ahead)
    per_head = np.ones((len(observed), len(calendar))) if growth is None else growth
    of_people = observed / per_head[:, :n_periods]
    level, events = levels_of_events(history.events, stream.stream, history.districts, of_people, calendar)
    level /= level[:, [n_periods - 1]]
    steady = of_people / level[:, :n_periods]
    shifts = find_level_shifts(
        stream.stream, history.districts, steady, stream.periods, stream.periods_per_year
    )
    shifted = levels_of_shifts(shifts, history.districts, stream.periods)
    known = np.isfinite(completed)
    return Panel(
        stream=stream.stream,
        periods=stream.periods,
        periods_per_year=stream.periods_per_year,
        ahead=ahead,
        hierarchy=hierarchy_of(history.quarters),
        values=steady / shifted * shifted[:, [-1]],
        first=np.where(known.any(axis=1), known.argmax(axis=1), n_periods),
        observed=observed,
        doubt=doubt,
        ceiling=ceiling,
        remainder=remainder,
        raised=np.where(known, completed - stream.clients, 0.0),
        completion_doubt=completion_doubt,
        growth=per_head[:, n_periods:],
        persons_until=known_until(population, stream.age_group) if growth is not None else None,
        level=level[:, n_periods:],
        events=events,
        shifts=shifts,
        silent=silent,
    )


def _silent(
    districts: tuple[str, ...], clients: FloatArray, status: npt.NDArray[np.int8]
) -> npt.NDArray[np.bool_]:
    nothing = ~np.isfinite(clients).any(axis=1) & ~(status == Status.SUPPRESSED).any(axis=1)
    silent: npt.NDArray[np.bool_] = nothing & np.array([code == UNASSIGNED for code in districts], dtype=bool)
    return silent
