"""Joint futures: past errors drawn anew around the forecast, alike over districts, streams and horizon.

The deviation of stream s, district d, horizon h in draw k, in clients:

    common_scale(s, d) * common(s, h, k) + own_scale(s, d) * own(s, d, h, k)

common is shared by the districts of a stream and correlated between streams, because part of it is the fortune of the
city, drawn once per calendar month for streams of months, quarters and years alike; both are tied over the horizon by
the Cholesky factor of their covariance, and made wider at random by how little past there was to learn the
width from (Student's t).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecasts.demand import SampleArray
from forecasts.history import FloatArray
from forecasts.past_errors import ErrorModel

Places = npt.NDArray[np.int64]
"""Rows of districts."""
DEGREES_OF_FREEDOM = (4.0, 1.0)
"""Of the width: to start with, and for every origin that past errors were taken from."""
BLOCK = 32
"""Districts drawn together. Each block has random numbers of its own, so this decides what is drawn."""


class Futures:
    """Deviations of the streams of one error model, drawn per stream and block of districts.

    What streams and districts have in common is drawn at once, (horizon, streams, draws); what is a district's own only
    when its block is asked for, so that memory does not grow with the number of districts.
    """

    def __init__(self, model: ErrorModel, city: SampleArray, rng: np.random.Generator) -> None:
        """`city` (horizon, draws) is its fortune per period, independent and of variance 1."""
        horizon, n_streams, n_draws = len(model.common), len(model.own_scale), city.shape[1]
        stream = _normal(rng, (horizon, n_streams, n_draws))
        together = (
            np.float32(model.between**0.5) * city[:, None] + np.float32((1 - model.between) ** 0.5) * stream
        )
        self._common = _over_horizon(model.common, together) * _width(model, (n_streams, n_draws), rng)
        self._size = np.sqrt(np.diag(model.own))
        self._correlation = model.own / np.outer(self._size, self._size)
        self._model, self._n_draws = model, n_draws

    def shocks(self, stream: int, block: Places, rng: np.random.Generator) -> SampleArray:
        """Deviations from the point forecast in clients, shape (block, horizon, draws), of mean 0."""
        model, horizon = self._model, len(self._correlation)
        common_scale, own_scale = (
            scale[stream, block].astype(np.float32)[:, None]
            for scale in (model.common_scale, model.own_scale)
        )
        shape = (horizon, len(own_scale), self._n_draws)
        normal = _over_horizon(self._correlation, _normal(rng, shape))
        width = _width(model, shape[1:], rng)
        shocks = np.empty((shape[1], horizon, shape[2]), dtype=np.float32)
        for h in range(horizon):
            own = np.interp(normal[h], *model.shape) * self._size[h]
            shocks[:, h] = common_scale * self._common[h, stream] + own_scale * own * width
        shocks -= shocks.mean(axis=2, keepdims=True)
        return shocks


def city_fortunes(
    calendars: Sequence[pd.PeriodIndex], n_draws: int, rng: np.random.Generator
) -> list[SampleArray]:
    """The fortune of the city (periods, draws) on every calendar: of a period the sum of its months, at variance 1."""
    spans = [
        np.array([[period.asfreq("M", how=end).ordinal for end in ("start", "end")] for period in calendar])
        for calendar in calendars
    ]
    if not spans:
        return []
    first, last = min(span.min() for span in spans), max(span.max() for span in spans)
    months = _normal(rng, (int(last - first) + 1, n_draws))
    return [
        np.stack(
            [
                months[start : end + 1].sum(axis=0) / np.float32((end + 1 - start) ** 0.5)
                for start, end in span
            ]
        )
        for span in (span - first for span in spans)
    ]


def blocks_of(order: Places) -> list[Places]:
    """The places of districts in blocks, in the order in which they are drawn.

    >>> [len(block) for block in blocks_of(np.arange(70))]
    [32, 32, 6]
    """
    return [order[at : at + BLOCK] for at in range(0, len(order), BLOCK)]


def _over_horizon(covariance: FloatArray, independent: SampleArray) -> SampleArray:
    """Draws (horizon, series, draws) with this covariance over the horizon, from independent ones."""
    horizon = len(covariance)
    root = np.linalg.cholesky(covariance + 1e-9 * np.eye(horizon)).astype(np.float32)
    return (root @ independent.reshape(horizon, -1)).reshape(independent.shape)


def _normal(rng: np.random.Generator, shape: tuple[int, ...]) -> SampleArray:
    return rng.standard_normal(shape, dtype=np.float32)


def _width(model: ErrorModel, shape: tuple[int, ...], rng: np.random.Generator) -> SampleArray:
    freedom = DEGREES_OF_FREEDOM[0] + DEGREES_OF_FREEDOM[1] * model.n_origins
    return np.sqrt(freedom / rng.chisquare(freedom, size=shape)).astype(np.float32)
