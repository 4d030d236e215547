"""From months to calendar years: which periods are forecast, and what a year of them amounts to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasts.demand import SampleArray


def periods_ahead(observed: pd.PeriodIndex, until: int) -> pd.PeriodIndex:
    """The periods after the last observed one, to the end of the year `until`; may be empty."""
    last_of_year = pd.Period(year=until, month=12, day=31, freq=observed.freqstr)
    return pd.period_range(observed[-1] + 1, last_of_year, freq=observed.freq)


def years_of(ahead: pd.PeriodIndex) -> tuple[int, ...]:
    """The calendar years from the first period ahead to the last."""
    return tuple(range(ahead[0].year, ahead[-1].year + 1)) if len(ahead) else ()


def client_years(
    observed: pd.PeriodIndex, known: SampleArray, ahead: pd.PeriodIndex, draws: SampleArray
) -> SampleArray:
    """Client-years (districts, years, draws): the mean of the periods of a year, those already observed included.

    `known` (districts, observed, draws or 1) is what the observed periods amount to in each draw, `draws`
    (districts, ahead, draws) the forecast. The years are those of `years_of`. A year of which the history holds
    only the end counts the periods that there are.
    """
    years = years_of(ahead)
    n_districts, _, n_draws = draws.shape
    totals = np.empty((n_districts, len(years), n_draws), dtype=np.float32)
    for at, year in enumerate(years):
        begun, coming = observed.year == year, ahead.year == year
        total = known[:, begun].sum(axis=1) + draws[:, coming].sum(axis=1)
        totals[:, at] = total / (begun.sum() + coming.sum())
    return totals
