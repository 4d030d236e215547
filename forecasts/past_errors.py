"""What past forecasts got wrong, and so how far the next one may be off.

Standardised errors u(i, h) = e(i, h) / scale(i) of series i at horizon h are taken to have

    Cov[u(i, h), u(j, k)] = R(i, j) * C(h, k)

C, over the horizon, is what makes a yearly sum uncertain: errors of successive months are alike. It is a
non-negative mix of four plain shapes, fitted to the pooled errors of every series and origin, so that
it extends beyond the horizon that the history can test:

    C(h, k) = a [h = k]  +  b 0.7^|h - k|  +  c  +  d min(h, k) / periods per year
              noise         short memory       level   wandering level
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls
from scipy.stats import norm

from forecasts.history import FloatArray

PRIOR_MIX = np.array([0.4, 0.2, 0.2, 0.4])
"""The mix (a, b, c, d) when there is no past to learn from."""
PRIOR_ORIGINS = 1.0
"""How many origins' worth of evidence the prior mix weighs."""
OUTLIER = 4.0
"""Standardised errors beyond this weigh no more in the mix."""
SHRINK_SCALE = 3.0
"""How many origins' worth of evidence the scale of alike series weighs against a series' own."""
PRIOR_VARIATION = 0.10
"""Relative error when there is no past to learn from."""
_GRID = norm.ppf(np.linspace(0.005, 0.995, 199))


@dataclass(frozen=True)
class ErrorModel:
    """The distribution of forecast errors of one group of series with the same periods."""

    scale: FloatArray
    """(series,) in clients."""
    horizon: FloatArray
    """(horizon, horizon) covariance C of standardised errors."""
    past: FloatArray
    """(series, samples) standardised past errors, the raw material of R."""
    shape: tuple[FloatArray, FloatArray]
    """Normal quantiles and the quantiles of standardised errors that go with them."""
    n_origins: int


def learn_errors(errors: FloatArray, level: FloatArray, periods_per_year: int, horizon: int) -> ErrorModel:
    """The error model of errors (origins, series, tested horizon; NaN where untested), for `horizon` periods.

    `level` (series,) is the typical size of each series, in clients.
    """
    n_origins = int(np.isfinite(errors).any(axis=(1, 2)).sum()) if errors.size else 0
    scale = _scales(errors, level, n_origins)
    standardised = errors / scale[:, None]
    mix = _mix(standardised, periods_per_year, n_origins)
    covariance = _covariance(mix, max(horizon, errors.shape[2]), periods_per_year)
    unit = standardised / np.sqrt(np.diag(covariance))[: errors.shape[2]]
    return ErrorModel(scale, covariance[:horizon, :horizon], _past_samples(unit), _shape(unit), n_origins)


def _scales(errors: FloatArray, level: FloatArray, n_origins: int) -> FloatArray:
    """Own root mean square error, shrunk in logs to what series of that size show.

    Errors grow with size by Taylor's law, log variance = A + B log level with B between 1 (counting) and 2.
    """
    size = np.maximum(level, 1.0)
    prior = size + (PRIOR_VARIATION * size) ** 2
    if not n_origins:
        return np.sqrt(prior)
    with np.errstate(invalid="ignore"):
        own = np.nanmean(errors**2, axis=(0, 2))
    known = np.isfinite(own) & (own > 0)
    if known.sum() < 3:
        return np.sqrt(np.where(known, np.maximum(own, size), prior))
    log_own, log_size = np.log(np.where(known, own, 1.0)), np.log(size)
    power = np.clip(np.polyfit(log_size[known], log_own[known], 1)[0], 1.0, 2.0) if np.ptp(log_size[known]) > 0 else 1.5
    alike = np.median(log_own[known] - power * log_size[known]) + power * log_size
    weight = np.where(known, n_origins / (n_origins + SHRINK_SCALE), 0.0)
    scales: FloatArray = np.exp((weight * log_own + (1 - weight) * alike) / 2)
    return scales


def _shapes(horizon: int, periods_per_year: int) -> list[FloatArray]:
    steps = np.arange(1, horizon + 1)
    apart = np.abs(steps[:, None] - steps[None, :])
    return [
        np.eye(horizon),
        0.7**apart,
        np.ones((horizon, horizon)),
        np.minimum(steps[:, None], steps[None, :]) / periods_per_year,
    ]


def _covariance(mix: FloatArray, horizon: int, periods_per_year: int) -> FloatArray:
    covariance = np.zeros((horizon, horizon))
    for weight, shape in zip(mix, _shapes(horizon, periods_per_year), strict=True):
        covariance += weight * shape
    return covariance


def _mix(standardised: FloatArray, periods_per_year: int, n_origins: int) -> FloatArray:
    """The mix (a, b, c, d) that fits the pooled products of errors at two horizons best."""
    if not n_origins:
        return PRIOR_MIX
    tested = standardised.shape[2]
    seen = np.isfinite(standardised)
    u = np.clip(np.where(seen, standardised, 0.0), -OUTLIER, OUTLIER).reshape(-1, tested)
    counts = seen.reshape(-1, tested).T.astype(float) @ seen.reshape(-1, tested)
    pooled = np.divide(u.T @ u, counts, out=np.zeros_like(counts), where=counts > 0)
    weight = np.sqrt(counts).ravel()
    shapes = np.column_stack([shape.ravel() for shape in _shapes(tested, periods_per_year)])
    fitted, _ = nnls(shapes * weight[:, None], pooled.ravel() * weight)
    mix: FloatArray = (n_origins * fitted + PRIOR_ORIGINS * PRIOR_MIX) / (n_origins + PRIOR_ORIGINS)
    return mix


def _past_samples(unit: FloatArray) -> FloatArray:
    """Past standardised errors as (series, samples): one sample per origin and block of horizons."""
    origins, series, tested = unit.shape
    blocks = max(1, min(3, tested // 3))
    samples = []
    for origin in range(origins):
        for block in np.array_split(np.arange(tested), blocks):
            if np.isfinite(unit[origin][:, block]).any():
                mean = np.nan_to_num(np.nanmean(unit[origin][:, block], axis=1))
                samples.append(mean)
    return np.array(samples).reshape(len(samples), series).T


def _shape(unit: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Half the pooled empirical shape, half the normal one, with mean 0 and variance 1."""
    pooled = unit[np.isfinite(unit)]
    if len(pooled) < 200 or pooled.std() == 0:
        return np.array([-6.0, 6.0]), np.array([-6.0, 6.0])
    centred = (pooled - pooled.mean()) / pooled.std()
    empirical = np.quantile(centred, norm.cdf(_GRID))
    mixed = 0.5 * empirical + 0.5 * _GRID
    mixed = (mixed - mixed.mean()) / mixed.std() * _GRID.std()
    tails = 6.0 - _GRID[-1]
    z = np.concatenate([[-6.0], _GRID, [6.0]])
    return z, np.concatenate([[mixed[0] - tails], mixed, [mixed[-1] + tails]])
