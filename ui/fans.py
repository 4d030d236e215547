"""What a fan chart needs, read off the joint samples of the forecast and the history before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from budget.plan import Plan
from forecasts.history import Status, StreamHistory

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


@dataclass(frozen=True)
class Fan:
    """A forecast to draw: what was seen, and quantiles per period. Every series has its own periods."""

    observed: pd.Series[float]
    provisional: Sequence[pd.Timestamp]
    suppressed: Sequence[pd.Timestamp]
    quantiles: pd.DataFrame
    """Indexed by period start; columns are the probabilities 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975 that are known."""
    naive: pd.Series[float] | None
    level_shifts: Mapping[pd.Timestamp, str]
    yearly: bool
    from_zero: bool
    """Whether the axis begins at zero; a high and calm series would be a flat line."""


def fan_of(plan: Plan, stream: str, districts: tuple[str, ...]) -> Fan:
    """The history and forecast of one stream in some districts together: sums within a draw, then quantiles.

    Where the count of a district is unknown the sum is unknown too.
    """
    seen = _history(plan, stream)
    places = [plan.inputs.history.districts.index(code) for code in districts]
    observed = pd.Series(seen.clients[places].sum(axis=0), index=seen.periods.to_timestamp())
    hidden = (seen.status[places] == Status.SUPPRESSED).any(axis=0)
    incomplete = (seen.status[places] == Status.PROVISIONAL).any(axis=0)
    demand = plan.demand.stream(stream)
    rows = [plan.demand.districts.index(code) for code in districts]
    draws = demand.draws[rows].sum(axis=0, dtype=np.float64)
    quantiles = pd.DataFrame(
        np.quantile(draws, QUANTILES, axis=-1).T, index=demand.periods.to_timestamp(), columns=list(QUANTILES)
    )
    return Fan(
        observed=observed,
        provisional=list(observed.index[incomplete]),
        suppressed=list(observed.index[hidden]),
        quantiles=quantiles,
        naive=seasonal_naive(observed, quantiles.index, seen.periods_per_year),
        level_shifts={
            event.start.to_timestamp(): event.name
            for event in plan.inputs.history.events
            if stream in (event.streams or (stream,)) and set(districts) & set(event.districts or districts)
        },
        yearly=seen.periods_per_year == 1,
        from_zero=not observed.min() > 0.4 * float(quantiles.to_numpy().max()),
    )


def seasonal_naive(observed: pd.Series[float], ahead: pd.Index, season: int) -> pd.Series[float] | None:
    """The yardstick: every period as a year before, the last year over and over; None where that year is not known.

    >>> months = pd.date_range("2024-01-01", periods=4, freq="QS")
    >>> seasonal_naive(pd.Series([1.0, 2.0, 3.0, 4.0], index=months), pd.RangeIndex(6), 4).tolist()
    [1.0, 2.0, 3.0, 4.0, 1.0, 2.0]
    """
    last = observed.to_numpy()[-season:]
    if len(last) < season or np.isnan(last).any():
        return None
    return pd.Series(np.resize(last, len(ahead)), index=ahead)


def _history(plan: Plan, stream: str) -> StreamHistory:
    return next(seen for seen in plan.inputs.history.streams if seen.stream == stream)
