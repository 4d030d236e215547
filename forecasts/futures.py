"""Joint futures: past errors drawn anew around the forecast, alike over series, districts and horizon.

Shock of series i at horizon h in draw k, before its shape:

    x(i, h, k) = sqrt(1 - s) sum over m of u(i, m) w(m, h, k) / sqrt(M)             past errors, mixed at random
               + sqrt(s) [sqrt(r0) city + sqrt(r1 - r0) stream + sqrt(1 - r1) own]   alike, of one stream, on its own

so that its correlation is the sample correlation of M past errors u, shrunk by s to one number within a
stream (r1) and one between streams (r0). No matrix of series by series is ever made. The Cholesky factor of the
covariance over the horizon then ties the periods together.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from forecasts.demand import SampleArray
from forecasts.history import FloatArray
from forecasts.past_errors import ErrorModel

SHRINKAGE = 0.5
PRIOR_CORRELATION = (0.1, 0.3)
"""Between streams and within a stream, when there is no past to learn from."""


def draw_shocks(
    model: ErrorModel, stream_of: npt.NDArray[np.int64], n_draws: int, rng: np.random.Generator
) -> SampleArray:
    """Deviations from the point forecast in clients, shape (series, horizon, draws), of mean 0.

    `stream_of` (series,) numbers the stream of each series.
    """
    horizon = len(model.horizon)
    between, within = _correlations(model.past, stream_of)
    city = rng.standard_normal((1, horizon, n_draws), dtype=np.float32)
    stream = rng.standard_normal((int(stream_of.max()) + 1, horizon, n_draws), dtype=np.float32)
    own = rng.standard_normal((len(stream_of), horizon, n_draws), dtype=np.float32)
    alike = _f32(between) ** 0.5 * city + _f32(within - between) ** 0.5 * stream[stream_of] + _f32(1 - within) ** 0.5 * own
    n_past = model.past.shape[1]
    if n_past:
        past = _normalised(model.past).astype(np.float32) / np.float32(np.sqrt(n_past))
        mixed = np.tensordot(past, rng.standard_normal((n_past, horizon, n_draws), dtype=np.float32), axes=1)
        alike = _f32(SHRINKAGE) ** 0.5 * alike + _f32(1 - SHRINKAGE) ** 0.5 * mixed
    sizes = np.sqrt(np.diag(model.horizon))
    over_horizon = np.linalg.cholesky(model.horizon / np.outer(sizes, sizes) + 1e-9 * np.eye(horizon))
    z = over_horizon.astype(np.float32) @ alike
    doubt = np.sqrt((2 + model.n_origins) / rng.chisquare(2 + model.n_origins, size=(int(stream_of.max()) + 1, 1, n_draws)))
    shocks: SampleArray = np.empty_like(z)
    for at, row in enumerate(z):
        shaped = np.interp(row, *model.shape) * sizes[:, None] * model.scale[at] * doubt[stream_of[at]]
        shocks[at] = shaped - shaped.mean(axis=1, keepdims=True)
    return shocks


def _f32(value: float) -> np.float32:
    return np.float32(max(value, 0.0))


def _normalised(past: FloatArray) -> FloatArray:
    size = np.sqrt(np.mean(past**2, axis=1, keepdims=True))
    unit: FloatArray = np.divide(past, size, out=np.zeros_like(past), where=size > 0)
    return unit


def _correlations(past: FloatArray, stream_of: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Mean correlation between streams and within a stream, from sums: |sum of u|^2 = n + n (n - 1) r."""
    if not past.shape[1]:
        return PRIOR_CORRELATION
    unit = _normalised(past)
    n_streams = int(stream_of.max()) + 1
    sums = np.zeros((n_streams, past.shape[1]))
    np.add.at(sums, stream_of, unit)
    sizes = np.bincount(stream_of, minlength=n_streams).astype(float)
    own = np.mean(sums**2, axis=1)
    pairs_within = float(np.sum(sizes * (sizes - 1)))
    within = float(np.sum(own - sizes)) / pairs_within if pairs_within else PRIOR_CORRELATION[1]
    pairs_between = float(sizes.sum() ** 2 - np.sum(sizes**2))
    everything = float(np.mean(sums.sum(axis=0) ** 2))
    between = (everything - float(own.sum())) / pairs_between if pairs_between else 0.0
    within = float(np.clip(within, 0.0, 0.95))
    return float(np.clip(between, 0.0, within)), within
