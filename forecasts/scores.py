"""How good a forecast was: the error measures of the back-test."""

from __future__ import annotations

import numpy as np

from forecasts.history import FloatArray


def naive_scale(values: FloatArray, periods_per_year: int) -> FloatArray:
    """Mean absolute seasonal-naive error inside the history (..., periods): the denominator of MASE.

    At least 1 % of the level, so that a flat series does not divide by nothing.

    >>> naive_scale(np.array([[10.0, 12.0, 11.0]]), 1)
    array([1.5])
    """
    season = periods_per_year if values.shape[-1] > periods_per_year else 1
    scale = mean_of_known(np.abs(values[..., season:] - values[..., :-season]))
    scaled: FloatArray = np.maximum(scale, np.maximum(0.01 * mean_of_known(values), 0.1))
    return scaled


def mean_of_known(values: FloatArray) -> FloatArray:
    """The mean over the last axis of what is not NaN; 0 where nothing is known.

    >>> mean_of_known(np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]]))
    array([2., 0.])
    """
    known = np.isfinite(values).sum(axis=-1)
    mean: FloatArray = np.nansum(values, axis=-1) / np.maximum(known, 1)
    return mean


def crps(draws: FloatArray, actual: FloatArray) -> FloatArray:
    """Continuous ranked probability score of samples (..., draws) against outcomes (...), in clients.

    E|X - y| - E|X - X'| / 2: the absolute error of a point forecast, rewarded for honest width.

    >>> crps(np.array([[1.0, 3.0]]), np.array([2.0]))
    array([0.5])
    """
    ordered = np.sort(draws, axis=-1)
    n = ordered.shape[-1]
    rank = 2 * np.arange(1, n + 1) - n - 1
    apart = 2 * (ordered * rank).sum(axis=-1) / n**2
    score: FloatArray = np.abs(draws - actual[..., None]).mean(axis=-1) - apart / 2
    return score


def inside(draws: FloatArray, actual: FloatArray, nominal: float) -> FloatArray:
    """1 where the outcome lies in the central `nominal` interval of the samples, 0 where not."""
    low, high = np.quantile(draws, [(1 - nominal) / 2, (1 + nominal) / 2], axis=-1)
    within: FloatArray = ((actual >= low - 1e-9) & (actual <= high + 1e-9)).astype(float)
    return within
