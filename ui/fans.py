"""What a fan chart needs, read off the joint samples of the forecast and the history before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from budget.plan import Plan
from budget.workbook.periods import period_label
from forecasts.history import StreamHistory
from ui.breaks import Break, Doubtful, breaks_of, doubtful_of, never_seen, panel_of

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


@dataclass(frozen=True)
class Fan:
    """A forecast to draw: what was seen, and quantiles per period. Every series has its own periods."""

    observed: pd.Series[float]
    doubtful: Doubtful
    quantiles: pd.DataFrame
    """Indexed by period start; columns are the probabilities 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975 that are known."""
    naive: pd.Series[float] | None
    """The last year over and over, its provisional periods completed; None where a period of it is unknown."""
    breaks: tuple[Break, ...]
    per_year: int
    """12, 4 or 1 periods."""

    @property
    def yearly(self) -> bool:
        """Whether a period is a year."""
        return self.per_year == 1

    @property
    def from_zero(self) -> bool:
        """Whether the axis begins at zero; a high and calm series would be a flat line."""
        lowest = min(self.observed.min(), self.doubtful.hidden["low"].min(), key=_unknown_last)
        return not lowest > 0.4 * float(self.quantiles.to_numpy().max(initial=0.0))

    @property
    def highest(self) -> float:
        """The most that was seen or may come."""
        return max(
            float(self.observed.max()), float(self.quantiles.to_numpy().max(initial=0.0)), key=_known_first
        )

    @property
    def missing(self) -> pd.Index:
        """The periods of which the count is unknown and not suppressed, from the first that is known on."""
        first, unknown = self.observed.first_valid_index(), self.observed.isna()
        gaps = self.observed.index[unknown & ~self.observed.index.isin(self.doubtful.hidden.index)]
        return gaps[:0] if first is None else gaps[gaps > first]

    @property
    def was_seen(self) -> bool:
        """Whether any count is known."""
        return bool(self.observed.notna().any())

    def labels(self, starts: pd.Index) -> list[str]:
        """The periods that begin here as the workbook writes them: `2027-03`, `2027-K1` or `2027`."""
        periods = pd.PeriodIndex(starts, freq={12: "M", 4: "Q", 1: "Y"}[self.per_year])
        return [period_label(one) for one in periods]

    @property
    def naive_completes(self) -> bool:
        """Whether the year that the rule of thumb repeats has provisional periods, which it takes as completed."""
        return self.naive is not None and bool(self.doubtful.provisional.index.isin(self.last_year).any())

    @property
    def last_year(self) -> pd.Index:
        """The periods of the last year seen."""
        return self.observed.index[-self.per_year :]

    def years_seen(self) -> Mapping[int, float]:
        """The mean of every calendar year observed from end to end: client-years, NaN where a period is unknown."""
        years = self.observed.groupby(_year_of(self.observed.index))
        means = years.mean().where(years.count() == years.size())[years.size() == self.per_year]
        return {int(str(year)): float(mean) for year, mean in means.items()}

    def naive_years(self) -> Mapping[int, float]:
        """What the rule of thumb makes of every calendar year to come, observed periods of a begun year included.

        Provisional periods are completed there as well.
        """
        if self.naive is None or self.naive.empty:
            return {}
        both = pd.concat([completed(self.observed, self.doubtful), self.naive])
        means = both.groupby(_year_of(both.index)).mean()
        first = int(self.naive.index[0].year)
        return {int(str(year)): float(mean) for year, mean in means.items() if int(str(year)) >= first}


def fan_of(plan: Plan, stream: str, districts: tuple[str, ...]) -> Fan:
    """The history and forecast of one stream in some districts together: sums within a draw, then quantiles.

    Where the count of a district is unknown the sum is unknown too; a district of which nothing was ever seen is
    left out of what was seen.
    """
    seen, panel = _history(plan, stream), panel_of(plan, stream)
    blank = never_seen(panel)
    rows = [plan.inputs.history.districts.index(code) for code in districts]
    places = [row for row in rows if not blank[row]] or rows
    observed = pd.Series(seen.clients[places].sum(axis=0), index=seen.periods.to_timestamp())
    demand = plan.demand.stream(stream)
    rows = [plan.demand.districts.index(code) for code in districts]
    draws = demand.draws[rows].sum(axis=0, dtype=np.float64)
    quantiles = pd.DataFrame(
        np.quantile(draws, QUANTILES, axis=-1).T, index=demand.periods.to_timestamp(), columns=list(QUANTILES)
    )
    doubtful = doubtful_of(plan, panel, districts)
    return Fan(
        observed=observed,
        doubtful=doubtful,
        quantiles=quantiles,
        naive=seasonal_naive(completed(observed, doubtful), quantiles.index, seen.periods_per_year),
        breaks=breaks_of(panel, districts),
        per_year=seen.periods_per_year,
    )


def completed(observed: pd.Series[float], doubtful: Doubtful) -> pd.Series[float]:
    """What was seen, its provisional periods raised to what the forecast takes them for; unknown stays unknown."""
    raised = doubtful.provisional["completed"] - doubtful.provisional["seen"]
    return observed.add(raised.reindex(observed.index, fill_value=0.0))


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


def _known_first(value: float) -> float:
    return -np.inf if np.isnan(value) else value


def _unknown_last(value: float) -> float:
    return np.inf if np.isnan(value) else value


def _year_of(index: pd.Index) -> pd.Index:
    return pd.DatetimeIndex(index).year
