"""Joint futures: past errors drawn anew around the forecast, alike over districts, streams and horizon.

The deviation of stream s, district d, horizon h in draw k, in clients:

    scale(s, d) * [ common(s, h, k) + own(s, d, h, k) ]

common is shared by the districts of a stream and correlated between streams; both are tied over the horizon by
the Cholesky factor of their covariance, and made wider at random by how little past there was to learn the
width from (Student's t).
"""

from __future__ import annotations

import numpy as np

from forecasts.demand import SampleArray
from forecasts.history import FloatArray
from forecasts.past_errors import ErrorModel

DEGREES_OF_FREEDOM = (4.0, 1.0)
"""Of the width: to start with, and for every origin that past errors were taken from."""


def draw_shocks(model: ErrorModel, n_draws: int, rng: np.random.Generator) -> SampleArray:
    """Deviations from the point forecast in clients, shape (streams, districts, horizon, draws), of mean 0."""
    n_streams, n_districts = model.scale.shape
    horizon = len(model.common)
    city = _normal(rng, (horizon, 1, n_draws))
    stream = _normal(rng, (horizon, n_streams, n_draws))
    together = np.float32(model.between**0.5) * city + np.float32((1 - model.between) ** 0.5) * stream
    common = _over_horizon(model.common, together) * _width(model, (n_streams, n_draws), rng)
    size = np.sqrt(np.diag(model.own)).astype(np.float32)[:, None, None]
    correlation = model.own / np.sqrt(np.outer(np.diag(model.own), np.diag(model.own)))
    shocks: SampleArray = np.empty((n_streams, n_districts, horizon, n_draws), dtype=np.float32)
    for s in range(n_streams):
        normal = _over_horizon(correlation, _normal(rng, (horizon, n_districts, n_draws)))
        own = np.interp(normal, *model.shape) * size * _width(model, (n_districts, n_draws), rng)
        shock = model.scale[s, :, None] * (common[:, [s]] + own)
        shocks[s] = (shock - shock.mean(axis=2, keepdims=True)).swapaxes(0, 1)
    return shocks


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
