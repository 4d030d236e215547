"""Suppressed counts drawn so that the districts add up to the published total of their period.

What a total leaves after the known counts is spread over the suppressed ones, each below the disclosure limit:

    x(d, t, k) = min(lambda(t, k) w(d, k), limit)      with  sum over d of x(d, t, k) = remainder(t)

The weight w of a district is one random number per draw, the same in every period, so that a district that is large
in a draw is large all year, and its level to come follows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.demand import SampleArray
from forecasts.futures import Places
from forecasts.history import FloatArray
from forecasts.panel import Panel


@dataclass(frozen=True)
class HiddenCounts:
    """What the districts with suppressed counts under a published total amount to; r of them."""

    districts: Places
    """(r,) their places, in the order in which they are drawn."""
    share: FloatArray
    """(r, draws) how large each is in a draw, between -1 and 1."""
    level: FloatArray
    """(r, draws) the level of the last year relative to its estimate."""
    known: SampleArray
    """(r, begun, draws) the suppressed counts of the periods asked for; NaN where a count is not under a total."""


def draw_hidden_counts(
    panel: Panel, order: Places, begun: npt.NDArray[np.bool_], n_draws: int, rng: np.random.Generator
) -> HiddenCounts:
    """The suppressed counts of the last year and of the observed periods marked in `begun`, drawn in this order."""
    under_total = np.isfinite(panel.ceiling) & np.isfinite(panel.remainder)
    n_periods = len(panel.periods)
    last_year = np.arange(n_periods) >= n_periods - panel.periods_per_year
    n_last = int(last_year.sum())
    hidden = np.asarray(under_total[:, last_year | begun].any(axis=1))
    rows = order[hidden[order]]
    weights = 1 - rng.random((len(rows), n_draws))
    share = 2 * weights - 1
    level = 1 + panel.level_doubt[rows, None] * share
    known = np.full((len(rows), int(begun.sum()), n_draws), np.nan, dtype=np.float32)
    for t in np.flatnonzero(under_total.any(axis=0) & (last_year | begun)).tolist():
        at = np.flatnonzero(under_total[rows, t])
        limit = float(panel.ceiling[rows[at[0]], t])
        counts = spread(float(panel.remainder[t]), weights[at], limit)
        if begun[t]:
            known[at, int(begun[:t].sum())] = counts
        if last_year[t]:
            estimate = panel.observed[rows[at], t][:, None]
            relative = np.divide(counts, estimate, out=np.ones_like(counts), where=estimate > 0)
            usual = 1 + panel.doubt[rows[at], t][:, None] * share[at]
            level[at] += (relative - usual) / n_last
    return HiddenCounts(rows, share, np.maximum(level, 0.0), known)


def spread(remainder: float, weights: FloatArray, limit: float) -> FloatArray:
    """`remainder` over n series in proportion to `weights` (n, draws), all positive, each at most `limit`.

    What is above the limit goes to the others. Where the series cannot hold it all, each is at the limit.

    >>> spread(12.0, np.array([[6.0], [2.0], [1.0]]), 7.0).ravel().round(2).tolist()
    [7.0, 3.33, 1.67]
    """
    n_series = len(weights)
    if remainder >= n_series * limit:
        return np.full(weights.shape, limit)
    largest_first = -np.sort(-weights, axis=0)
    rest = np.cumsum(largest_first[::-1], axis=0)[::-1]
    n_full = np.arange(n_series)[:, None]
    slope = (remainder - n_full * limit) / rest
    fits = slope * largest_first <= limit
    chosen = np.take_along_axis(slope, fits.argmax(axis=0)[None], axis=0)
    return np.minimum(chosen * weights, limit)
