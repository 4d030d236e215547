"""An outside forecast beside our own: compared, blended in or used instead.

For district d, stream s and year y with our draws x[k], their mean m, the outside number o and weight w
(0 compares only, 1 uses the outside number):

    x'[k] = x[k] * ((1 - w) m + w o) / m

so the new mean is (1 - w) m + w o, the relative spread stays ours, nothing becomes negative, and draws still
belong together over districts, streams and years. The months of a year move by the factor of their year.
Where our mean is 0 there is no spread to keep: every draw becomes w o. A year that has begun is compared only,
because part of it is no forecast.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from forecasts.demand import Demand, SampleArray, StreamDemand
from forecasts.history import FloatArray

Key = tuple[str, str, int]


@dataclass(frozen=True)
class OutsideForecast:
    """What somebody else expects for one district, stream and calendar year."""

    district: str
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

    @property
    def surprising(self) -> bool:
        """Whether the outside number lies beyond our 80 % interval."""
        return not self.p10 <= self.outside.clients <= self.p90


def blend(demand: Demand, outside: Iterable[OutsideForecast]) -> tuple[Demand, tuple[Comparison, ...]]:
    """Our demand with the outside numbers worked in, and every number compared. Numbers outside it are left out.

    Raises ValueError for a negative number or a weight outside 0-1.
    """
    opinions = {(o.district, o.stream, o.year): _checked(o) for o in outside}
    if not opinions:
        return demand, ()
    comparisons: list[Comparison] = []
    streams = []
    for stream in demand.streams:
        mine = {key: opinion for key, opinion in opinions.items() if key[1] == stream.stream}
        comparisons += _compare(demand, stream, mine)
        streams.append(_moved(stream, demand.districts, mine) if mine else stream)
    return replace(demand, streams=tuple(streams)), tuple(comparisons)


def _checked(opinion: OutsideForecast) -> OutsideForecast:
    if opinion.clients < 0 or not 0 <= opinion.weight <= 1:
        raise ValueError(f"not a forecast of clients with a weight of 0-1: {opinion}")
    return opinion


def _compare(
    demand: Demand, stream: StreamDemand, opinions: Mapping[Key, OutsideForecast]
) -> list[Comparison]:
    found = []
    for (district, _, year), opinion in sorted(opinions.items()):
        if district in demand.districts and year in stream.years:
            draws = stream.yearly[demand.districts.index(district), stream.years.index(year)].astype(
                np.float64
            )
            low, high = np.quantile(draws, (0.1, 0.9))
            expected = float(draws.mean())
            weight = _weight(stream, opinion)
            used = (1 - weight) * expected + weight * opinion.clients
            found.append(Comparison(opinion, float(low), expected, float(high), used))
    return found


def _moved(
    stream: StreamDemand, districts: Sequence[str], opinions: Mapping[Key, OutsideForecast]
) -> StreamDemand:
    factor, instead = _factors(stream, districts, opinions)
    of_period = np.array([stream.years.index(year) for year in stream.periods.year], dtype=np.int64)
    return replace(
        stream,
        yearly=_scaled(stream.yearly, factor, instead),
        draws=_scaled(stream.draws, factor[:, of_period], instead[:, of_period]),
    )


def _factors(
    stream: StreamDemand, districts: Sequence[str], opinions: Mapping[Key, OutsideForecast]
) -> tuple[FloatArray, FloatArray]:
    """What to multiply with, and what to put where there is nothing to multiply: both (districts, years)."""
    mean = stream.yearly.astype(np.float64).mean(axis=-1)
    factor, instead = np.ones_like(mean), np.zeros_like(mean)
    for (district, _, year), opinion in opinions.items():
        if district in districts and year in stream.years:
            at = districts.index(district), stream.years.index(year)
            weight = _weight(stream, opinion)
            wanted = (1 - weight) * mean[at] + weight * opinion.clients
            factor[at], instead[at] = (wanted / mean[at], 0.0) if mean[at] > 0 else (1.0, wanted)
    return factor, instead


def _weight(stream: StreamDemand, opinion: OutsideForecast) -> float:
    """The weight of an outside number; 0 in a year of which some periods are observed."""
    ahead = np.bincount(stream.periods.year)
    return opinion.weight if ahead[opinion.year] == ahead.max() else 0.0


def _scaled(samples: SampleArray, factor: FloatArray, instead: FloatArray) -> SampleArray:
    scaled: npt.NDArray[np.float32] = (samples * factor[:, :, None] + instead[:, :, None]).astype(np.float32)
    return scaled
