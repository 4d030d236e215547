"""Mehrotra's predictor-corrector for min 1/2 sum_j weight_j (z_j - target_j)^2 over a polytope.

Used on the faces where an active-set method cycles. Rows with room get a slack column, so that R z = side with
every z between bounds. With s = z - low, u = high - z, prices y of the rows, a and b of the bounds, each step solves

    [ w + a/s + b/u   R' ] [  dz ]   [ right ]
    [ R              -e  ] [ -dy ] = [ -off  ]

by a sparse LU. The hair of regularisation e lets rows depend on each other, as they do on an optimal face.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import bmat, csr_matrix, diags, hstack
from scipy.sparse.linalg import splu

from optimiser.solver import FloatVector, NotSolved

_STEPS = 100
_EXACT = 1e-11
"""Relative to the largest target: it stops here ..."""
_ACCEPTED = 1e-8
"""... and is refused when it ends above this."""
_REGULAR = 3e-10
_STARTS = (10.0, 1000.0, 0.1)
"""How far from its bounds a column starts at least, in largest targets; the next where one does not arrive."""


@dataclass
class Polytope:
    """row_low <= matrix z <= row_high, low <= z <= high."""

    matrix: csr_matrix
    row_low: FloatVector
    row_high: FloatVector
    low: FloatVector
    high: FloatVector


def interior_point(p: Polytope, weight: FloatVector, target: FloatVector) -> FloatVector:
    """The closest point to the target. Raises NotSolved when it gets no nearer than 1e-8 of the largest target."""
    scale = max(1.0, float(np.abs(target).max(initial=1.0)))
    nearest = np.inf
    for start in _STARTS:
        path = _CentralPath(p, weight, target, scale, start)
        best, answer = path.followed()
        if best < _ACCEPTED:
            point: FloatVector = answer[: len(weight)] * scale
            return point
        nearest = min(nearest, best)
    raise NotSolved(f"quadratic stage: the interior point is {nearest:.1e} away")


class _CentralPath:
    """The iterate and its equations; amounts in units of the largest target."""

    def __init__(
        self, p: Polytope, weight: FloatVector, target: FloatVector, scale: float, start: float
    ) -> None:
        roomy = np.flatnonzero(p.row_high > p.row_low)
        n_rows, n_slacks = p.matrix.shape[0], len(roomy)
        slacks = csr_matrix((-np.ones(n_slacks), (roomy, np.arange(n_slacks))), shape=(n_rows, n_slacks))
        self.rows = csr_matrix(hstack([p.matrix, slacks]))
        self.side = np.where(p.row_high > p.row_low, 0.0, p.row_low) / scale
        self.w = np.concatenate([weight, np.zeros(n_slacks)])
        self.target = np.concatenate([target / scale, np.zeros(n_slacks)])
        low = np.concatenate([p.low, p.row_low[roomy]]) / scale
        high = np.concatenate([p.high, p.row_high[roomy]]) / scale
        self.below, self.above = np.isfinite(low).astype(float), np.isfinite(high).astype(float)
        self.low, self.high = np.where(self.below, low, 0.0), np.where(self.above, high, 0.0)
        one_sided = np.where(self.below, self.low + 1, np.where(self.above, self.high - 1, self.target))
        self.z = np.where(self.below * self.above, (self.low + self.high) / 2, one_sided)
        self.y, self.a, self.b = np.zeros(n_rows), self.below.copy(), self.above.copy()
        self.s = np.where(self.below, np.maximum(self.z - self.low, start), 1.0)
        self.u = np.where(self.above, np.maximum(self.high - self.z, start), 1.0)
        self.pairs = max(1.0, float(self.below.sum() + self.above.sum()))
        self.regular = _REGULAR * diags(np.concatenate([np.ones(len(self.z)), -np.ones(n_rows)]))

    def followed(self) -> tuple[float, FloatVector]:
        """The nearest point on the way, and how far off its equations are."""
        best, answer = np.inf, self.z
        for _ in range(_STEPS):
            distance = self.distance()
            if distance < best:
                best, answer = distance, self.z
            if best < _EXACT or not distance < 1e6 * best:
                break
            self.step()
        return best, answer

    def distance(self) -> float:
        """The largest residual or the mean complementarity, whichever is worse."""
        self.gap = float(self.a @ self.s + self.b @ self.u) / self.pairs
        self.off_dual = self.w * (self.z - self.target) - self.rows.T @ self.y - self.a + self.b
        self.off_rows = self.rows @ self.z - self.side
        self.off_low = self.below * (self.z - self.s - self.low)
        self.off_high = self.above * (self.z + self.u - self.high)
        residuals = (self.off_dual, self.off_rows, self.off_low, self.off_high)
        return max(self.gap, *(float(np.abs(residual).max(initial=0.0)) for residual in residuals))

    def step(self) -> None:
        """Predict with full speed to the boundary, then correct and centre."""
        curvature = diags(self.w + self.a / self.s + self.b / self.u)
        self.lu = splu((bmat([[curvature, self.rows.T], [self.rows, None]]) + self.regular).tocsc())
        _, _, ds, du, da, db = self._direction(-self.a * self.s, -self.b * self.u)
        reach = _reach((self.s, ds), (self.u, du), (self.a, da), (self.b, db))
        left = (self.a + reach * da) @ (self.below * (self.s + reach * ds))
        left += (self.b + reach * db) @ (self.above * (self.u + reach * du))
        centre = self.gap * (float(left) / self.pairs / self.gap) ** 3 if self.gap > 0 else 0.0
        dz, dy, ds, du, da, db = self._direction(
            self.below * (centre - da * ds) - self.a * self.s,
            self.above * (centre - db * du) - self.b * self.u,
        )
        reach = 0.995 * _reach((self.s, ds), (self.u, du), (self.a, da), (self.b, db))
        self.z, self.y = self.z + reach * dz, self.y + reach * dy
        self.s, self.u = self.s + reach * ds, self.u + reach * du
        self.a, self.b = self.a + reach * da, self.b + reach * db

    def _direction(self, to_a: FloatVector, to_b: FloatVector) -> tuple[FloatVector, ...]:
        """Newton's direction that changes a s by to_a and b u by to_b: (dz, dy, ds, du, da, db)."""
        right = -self.off_dual + (to_a - self.a * self.off_low) / self.s
        right -= (to_b + self.b * self.off_high) / self.u
        both = self.lu.solve(np.concatenate([right, -self.off_rows]))
        dz, dy = both[: len(self.z)], -both[len(self.z) :]
        ds, du = self.below * (dz + self.off_low), -self.above * (dz + self.off_high)
        da, db = self.below * (to_a - self.a * ds) / self.s, self.above * (to_b - self.b * du) / self.u
        return dz, dy, ds, du, da, db


def _reach(*directions: tuple[FloatVector, FloatVector]) -> float:
    """The longest step (at most 1) that keeps every value above zero."""
    falls = [-value[change < 0] / change[change < 0] for value, change in directions]
    return min(1.0, *(float(part.min(initial=1.0)) for part in falls))
