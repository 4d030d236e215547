"""The product of the forecast: joint samples of demand, with their labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecasts.track_record import TrackRecord

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
    record: TrackRecord | None = None
    """How the same way of forecasting did from earlier moments."""


@dataclass(frozen=True)
class OutsideForecast:
    """What somebody else expects for one district, stream and calendar year."""

    district: str
    """Or the code of the whole city."""
    stream: str
    year: int
    clients: float
    """Client-years, 0 or more."""
    weight: float
    """0 compares, 1 uses it instead of ours, between them blends."""
    source: str


@dataclass(frozen=True)
class Comparison:
    """One outside number beside our own forecast, before any blending."""

    outside: OutsideForecast
    p10: float
    expected: float
    p90: float
    used: float
    """The mean that the plan goes on with."""
    begun: bool = False
    """Part of the year is observed, so the outside number is compared and not worked in."""

    @property
    def surprising(self) -> bool:
        """Whether the outside number lies beyond our 80 % interval."""
        return not self.p10 <= self.outside.clients <= self.p90

    @property
    def weight(self) -> float:
        """How far the outside number was worked in."""
        return 0.0 if self.begun else self.outside.weight


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
