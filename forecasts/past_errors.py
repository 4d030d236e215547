"""What past forecasts got wrong, and so how far the next one may be off.

The error e(d, h) of district d at horizon h is split in what the districts of a stream had in common and what was a
district's own:

    e(d, h) = scale(d) * common(h) + own_scale(d) * own(h),        common(h) = sum of e(d, h) / sum of scale(d)

so that the error of the city is that of `common` and no more. scale and own_scale are the root mean square of e(d, h)
and of its own part. Each part has its covariance over the horizon, because errors of successive months are alike:
that is what makes a yearly sum uncertain. It is a non-negative mix of plain shapes, fitted to the pooled past
errors of every origin, so that it reaches beyond the horizon that the history can test:

    C(h, k) = a [h = k]  +  b 0.7^|h - k|  +  c  +  d min(h, k) / periods per year  +  e h k
              noise         short memory       level   wandering level                 growth, yearly series only

How far a stream's common errors are larger or smaller than the mix says is its `amplitude`, learned per stream and
shrunk to 1. Months and quarters do without the last shape: it makes their first year narrower, which a growth that
speeds up belies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls
from scipy.stats import norm

from forecasts.history import FloatArray

PRIOR_OWN = np.array([0.35, 0.15, 0.1, 0.3, 0.0])
PRIOR_COMMON = np.array([0.03, 0.03, 0.04, 0.2, 0.0])
"""The mixes (a, b, c, d, e) when there is no past to learn from."""
PRIOR_ORIGINS = 0.5
"""How many origins' worth of evidence a prior mix weighs."""
PRIOR_BETWEEN = 0.2
"""Correlation between what streams have in common, when there is no past to learn from."""
OUTLIER = 3.0
"""Standardised errors beyond this weigh no more in the mix."""
PRIOR_AMPLITUDE = 2.0
"""How many origins' worth of evidence it weighs that a stream's common errors are as large as those of the others."""
SHRINK_SCALE = 3.0
"""How many origins' worth of evidence the scale of alike series weighs against a series' own."""
FEWEST = 3
"""Series that make a size law."""
ROUNDING = 1e-6
"""Share of the level under which an error is not an error."""
PRIOR_VARIATION = 0.10
"""Relative error when there is no past to learn from."""
_GRID = norm.ppf(np.linspace(0.005, 0.995, 199))
_FURTHEST = 6.0


@dataclass(frozen=True)
class ErrorModel:
    """The distribution of forecast errors of streams with the same districts and periods."""

    common_scale: FloatArray
    """(streams, districts) in clients: the size of a district's part in what they have in common."""
    own_scale: FloatArray
    """(streams, districts) in clients: the size of what is a district's own."""
    common: FloatArray
    """(horizon, horizon) covariance of what the districts of a stream have in common."""
    own: FloatArray
    """(horizon, horizon) covariance of what is a district's own."""
    between: float
    """Correlation of `common` between streams."""
    shape: tuple[FloatArray, FloatArray]
    """Normal quantiles, and the quantiles of standardised own errors that go with them."""
    n_origins: int


def learn_errors(errors: FloatArray, level: FloatArray, periods_per_year: int, horizon: int) -> ErrorModel:
    """The error model for `horizon` periods.

    `errors` (origins, streams, districts, tested horizon), NaN where untested; `level` (streams, districts) is the
    typical size of each series, in clients.
    """
    tested = errors.shape[3]
    n_origins = int(np.isfinite(errors).any(axis=(1, 2, 3)).sum())
    scale = _scales(errors, level)
    common = _common(errors, scale)
    own = errors - scale[:, :, None] * common[:, :, None]
    own_scale = _scales(own, level)
    own = own / own_scale[:, :, None]
    own_mix = _mix(np.clip(own, -OUTLIER, OUTLIER), periods_per_year, n_origins, PRIOR_OWN)
    common_mix = _mix(common, periods_per_year, n_origins, PRIOR_COMMON)
    furthest = max(horizon, tested)
    own_covariance = _covariance(own_mix, furthest, periods_per_year)
    common_covariance = _covariance(common_mix, furthest, periods_per_year)
    amplitude = _amplitude(common, np.diag(common_covariance)[:tested])
    return ErrorModel(
        scale * amplitude[:, None],
        own_scale,
        common_covariance[:horizon, :horizon],
        own_covariance[:horizon, :horizon],
        _between(common),
        _shape(own / np.sqrt(np.diag(own_covariance))[:tested]),
        n_origins,
    )


def _amplitude(common: FloatArray, variance: FloatArray) -> FloatArray:
    """(streams,) root mean square of common errors (origins, streams, tested) over what the mix says, shrunk to 1."""
    seen = np.isfinite(common)
    ratio = np.where(seen, common, 0.0) ** 2 / np.maximum(variance, 1e-12)
    mean = ratio.sum(axis=(0, 2)) / np.maximum(seen.sum(axis=(0, 2)), 1)
    n_origins = seen.any(axis=2).sum(axis=0)
    amplitude: FloatArray = np.sqrt((n_origins * mean + PRIOR_AMPLITUDE) / (n_origins + PRIOR_AMPLITUDE))
    return amplitude


def _common(errors: FloatArray, scale: FloatArray) -> FloatArray:
    """(origins, streams, tested) the city's error over the sum of its districts' scales; NaN where untested."""
    seen = np.isfinite(errors)
    weight = (seen * scale[:, :, None]).sum(axis=2)
    total = np.where(seen, errors, 0.0).sum(axis=2)
    common: FloatArray = np.divide(total, weight, out=np.full(total.shape, np.nan), where=weight > 0)
    return common


def _between(common: FloatArray) -> float:
    """Mean correlation of two streams' common errors, shrunk half-way to the usual."""
    n_streams = common.shape[1]
    samples = common.transpose(1, 0, 2).reshape(n_streams, -1)
    samples = samples[:, np.isfinite(samples).all(axis=0)]
    if n_streams < 2 or not samples.size:
        return PRIOR_BETWEEN
    size = np.sqrt(np.mean(samples**2, axis=1, keepdims=True))
    unit = np.divide(samples, size, out=np.zeros_like(samples), where=size > 0)
    together = float(np.mean(unit.sum(axis=0) ** 2)) - n_streams
    return float(np.clip(0.5 * together / (n_streams * (n_streams - 1)) + 0.5 * PRIOR_BETWEEN, 0.0, 0.95))


def _scales(errors: FloatArray, level: FloatArray) -> FloatArray:
    """Own root mean square error, shrunk in logs to what districts of that size show.

    Errors grow with size by Taylor's law, log variance = A + B log level with B between 1 (counting) and 2.
    A is a stream's own as far as it was tested, shrunk to that of all streams in the same way.
    """
    size = np.maximum(level, 1.0)
    own = np.nansum(errors**2, axis=(0, 3)) / np.maximum(np.isfinite(errors).sum(axis=(0, 3)), 1)
    known = own > (ROUNDING * size) ** 2
    if known.sum() < FEWEST:
        return np.sqrt(size + (PRIOR_VARIATION * size) ** 2)
    log_own, log_size = np.log(np.where(known, own, 1.0)), np.log(size)
    power = 1.5
    if np.ptp(log_size[known]) > 0:
        power = float(np.clip(np.polyfit(log_size[known], log_own[known], 1)[0], 1.0, 2.0))
    beyond_size = np.where(known, log_own - power * log_size, np.nan)
    everywhere = np.nanmedian(beyond_size)
    tested = np.isfinite(errors).any(axis=3).sum(axis=0)
    scales = np.empty_like(level)
    for stream, beyond in enumerate(beyond_size):
        n_tested = int(tested[stream].max()) if np.isfinite(beyond).sum() >= FEWEST else 0
        in_stream = np.nanmedian(beyond) if n_tested else everywhere
        alike = _shrunk(in_stream, n_tested, everywhere) + power * log_size[stream]
        shrunk = _shrunk(log_own[stream], np.where(known[stream], tested[stream], 0), alike)
        scales[stream] = np.exp(shrunk / 2)
    return scales


def _shrunk(own: FloatArray, n_origins: FloatArray | int, alike: FloatArray) -> FloatArray:
    """Own value, weighed by the origins it comes from, with that of what is alike."""
    shrunk: FloatArray = (n_origins * own + SHRINK_SCALE * alike) / (n_origins + SHRINK_SCALE)
    return shrunk


def _shapes(horizon: int, periods_per_year: int) -> list[FloatArray]:
    steps = np.arange(1, horizon + 1)
    apart = np.abs(steps[:, None] - steps[None, :])
    return [
        np.eye(horizon),
        0.7**apart,
        np.ones((horizon, horizon)),
        np.minimum(steps[:, None], steps[None, :]) / periods_per_year,
        np.outer(steps, steps) if periods_per_year == 1 else np.zeros((horizon, horizon)),
    ]


def _covariance(mix: FloatArray, horizon: int, periods_per_year: int) -> FloatArray:
    covariance = np.zeros((horizon, horizon))
    for weight, shape in zip(mix, _shapes(horizon, periods_per_year), strict=True):
        covariance += weight * shape
    return covariance


def _mix(samples: FloatArray, periods_per_year: int, n_origins: int, prior: FloatArray) -> FloatArray:
    """The mix that fits the mean products of samples (..., tested horizon) at two horizons best."""
    if not n_origins:
        return prior
    samples = samples.reshape(-1, samples.shape[-1])
    seen = np.isfinite(samples)
    u = np.where(seen, samples, 0.0)
    counts = seen.T.astype(float) @ seen
    products = np.divide(u.T @ u, counts, out=np.zeros_like(counts), where=counts > 0)
    weight = np.sqrt(counts).ravel()
    shapes = np.column_stack([shape.ravel() for shape in _shapes(samples.shape[1], periods_per_year)])
    fitted, _ = nnls(shapes * weight[:, None], products.ravel() * weight)
    mix: FloatArray = (n_origins * fitted + PRIOR_ORIGINS * prior) / (n_origins + PRIOR_ORIGINS)
    return mix


def _shape(unit: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Half the pooled empirical shape, half the normal one of the same middle 80 %."""
    ends = np.array([-_FURTHEST, _FURTHEST])
    pooled = unit[np.isfinite(unit)]
    if len(pooled) < 200 or pooled.std() == 0:
        return ends, ends
    empirical = np.quantile((pooled - pooled.mean()) / pooled.std(), norm.cdf(_GRID))
    low, high = np.interp([0.1, 0.9], norm.cdf(_GRID), empirical)
    mixed = 0.5 * empirical + 0.5 * _GRID * (high - low) / (2 * norm.ppf(0.9))
    mixed -= mixed.mean()
    tail = _FURTHEST - _GRID[-1]
    normal = np.concatenate([ends[:1], _GRID, ends[1:]])
    return normal, np.concatenate([[mixed[0] - tail], mixed, [mixed[-1] + tail]])
