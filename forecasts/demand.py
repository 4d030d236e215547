"""The product of the forecast: joint samples of demand, with their labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from forecasts.second_opinion import Comparison

SampleArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class StreamDemand:
    """Joint samples of one stream from the first period after its history to the end of the last year.

    `draws` has shape (districts, periods, draws), in clients, never negative. Draw k of every stream,
    district and period belongs to one and the same imagined future, so sums over any of them are
    sums within a draw. `yearly` has shape (districts, years, draws), in client-years: the mean of the
    months of a calendar year, observed months included where the year had already begun.
    """

    stream: str
    periods: pd.PeriodIndex
    draws: SampleArray
    years: tuple[int, ...]
    yearly: SampleArray
    methods: tuple[str, ...]
    """Per district, in Dutch: what made this forecast."""
    parts: Mapping[str, npt.NDArray[np.float64]] = field(default_factory=dict, repr=False)
    """What it is made of: Dutch name -> (districts, periods) in clients; together the mean of the draws."""


@dataclass(frozen=True)
class Demand:
    """Demand of one municipality, per district and stream, as joint samples.

    `districts` and `quarters` are those of the history it came from. `notes` are Dutch sentences for the
    reader: what could not be forecast well, what was imputed, which series is worse than naive.
    """

    districts: tuple[str, ...]
    quarters: tuple[str, ...]
    streams: tuple[StreamDemand, ...]
    n_draws: int
    seed: int
    notes: tuple[str, ...] = ()
    second_opinion: tuple[Comparison, ...] = ()
    """The outside forecasts that were laid beside it, those worked in included."""
    method: str = "ensemble"
    """What made the point forecasts: a `Method` of `forecast_demand`."""

    def stream(self, code: str) -> StreamDemand:
        """The demand of one stream; KeyError when it was not forecast."""
        for demand in self.streams:
            if demand.stream == code:
                return demand
        raise KeyError(code)
