"""Reconciliation: forecasts of districts, quarters and the city made to agree.

Every level was forecast by itself. The reconciled values are the closest in weighted least squares that add up:

    minimise   sum over nodes n of (x(n) - forecast(n))^2 / variance(n)
    so that    x(parent) = sum of x(children),   x(district) >= 0

On a tree with independent errors the exact solution takes one pass up and one down, so it costs
nothing at any size: going up, what a parent expects by itself is combined with the sum of its
children by precision; going down, a difference is spread over children in proportion to their variance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.history import FloatArray

_SMALL = 1e-9


@dataclass(frozen=True)
class Hierarchy:
    """Districts in quarters in a city; `quarter_of[d]` is -1 for a district directly under the city."""

    quarter_of: npt.NDArray[np.int64]
    n_quarters: int

    def add_up(self, districts: FloatArray) -> FloatArray:
        """Values of all nodes (districts, then quarters, then the city; ...) from those of the districts."""
        quarters = self._per_quarter(districts)
        return np.concatenate([districts, quarters, districts.sum(axis=0, keepdims=True)])

    def _per_quarter(self, districts: FloatArray) -> FloatArray:
        quarters = np.zeros((self.n_quarters, *districts.shape[1:]))
        inside = self.quarter_of >= 0
        np.add.at(quarters, self.quarter_of[inside], districts[inside])
        return quarters

    def reconcile(self, forecasts: FloatArray, variances: FloatArray) -> FloatArray:
        """Reconciled districts (districts, horizon) from forecasts (nodes, horizon) and variances (nodes,)."""
        n = len(self.quarter_of)
        leaf, leaf_var = forecasts[:n], np.maximum(variances[:n, None], _SMALL) * np.ones_like(forecasts[:n])
        quarter, quarter_var = _combined(
            self._per_quarter(leaf), self._per_quarter(leaf_var), forecasts[n:-1], variances[n:-1, None]
        )
        loose = self.quarter_of < 0
        below = quarter.sum(axis=0) + leaf[loose].sum(axis=0)
        below_var = quarter_var.sum(axis=0) + leaf_var[loose].sum(axis=0)
        city, _ = _combined(below, below_var, forecasts[-1], variances[-1])
        gap = (city - below) / below_var
        quarter_total = quarter + quarter_var * gap
        districts = leaf + leaf_var * gap
        if self.n_quarters:
            inside = ~loose
            quarter_gap = (quarter_total - self._per_quarter(leaf)) / self._per_quarter(leaf_var)
            districts[inside] = leaf[inside] + leaf_var[inside] * quarter_gap[self.quarter_of[inside]]
        return _non_negative(districts, city)


def hierarchy_of(quarters: tuple[str, ...]) -> Hierarchy:
    """The tree of a municipality; a quarter of one district says nothing new and is left out."""
    names = sorted({name for name in quarters if name and quarters.count(name) > 1})
    if len(names) < 2:
        names = []
    quarter_of = np.array([names.index(name) if name in names else -1 for name in quarters], dtype=np.int64)
    return Hierarchy(quarter_of, len(names))


def _combined(
    below: FloatArray, below_var: FloatArray, own: FloatArray, own_var: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Two opinions on one total, weighed by their precision."""
    own_var = np.maximum(own_var, _SMALL)
    variance = below_var * own_var / (below_var + own_var)
    return variance * (below / np.maximum(below_var, _SMALL) + own / own_var), variance


def _non_negative(districts: FloatArray, city: FloatArray) -> FloatArray:
    """Negative districts become zero; the others give way in proportion, so that the city's total stays."""
    positive = np.maximum(districts, 0.0)
    total = positive.sum(axis=0)
    scaled: FloatArray = positive * np.divide(
        np.maximum(city, 0.0), total, out=np.ones_like(total), where=total > 0
    )
    return scaled
