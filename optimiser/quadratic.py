"""The point of a polytope closest to a target: min 1/2 sum_j weight_j (z_j - target_j)^2, low <= z <= high, A z in range.

What no weight touches is taken out first (columns in one row widen that row; rows that cannot bind go), because
degenerate corners make an active-set method cycle. HiGHS solves what is left; where it cycles all the same, an
interior-point method on the same numbers gives the same unique answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import bmat, csr_matrix, diags, hstack
from scipy.sparse.linalg import splu

from optimiser.solver import FloatVector, NotSolved, new_highs, set_matrix

_FREE = highspy.kHighsInf
_SLACK = 1e-9
_UNITS = (1.0, 1e3, 1e-3)
"""Of the objective: no matter to the answer, but to whether the active-set method cycles. Tried in turn."""
_STEPS = 100
_EXACT = 1e-11
"""Relative to the largest target: the interior point stops here ..."""
_ACCEPTED = 1e-8
"""... and is refused when it ends above this."""
_REGULAR = 3e-10


@dataclass
class Polytope:
    """row_low <= matrix z <= row_high, low <= z <= high."""

    matrix: csr_matrix
    row_low: FloatVector
    row_high: FloatVector
    low: FloatVector
    high: FloatVector


def closest_point(polytope: Polytope, weight: FloatVector, target: FloatVector) -> FloatVector:
    """The columns with a weight at the closest point; the others are left at 0. Raises NotSolved."""
    keep = np.ones(len(weight), dtype=bool)
    answer = np.zeros(len(weight))
    reduced = _without_what_cannot_matter(polytope, weight, keep)
    inside = np.flatnonzero(keep)
    loose = reduced.high > reduced.low + _SLACK / 1e3
    answer[inside] = reduced.low
    part, given = reduced.matrix[:, loose], reduced.matrix[:, ~loose] @ reduced.low[~loose]
    used = np.diff(part.indptr) > 0
    core = Polytope(
        part[used],
        (reduced.row_low - given)[used],
        (reduced.row_high - given)[used],
        reduced.low[loose],
        reduced.high[loose],
    )
    if loose.any():
        weight = weight / np.mean(weight[weight > 0])
        w, c = weight[inside][loose], target[inside][loose]
        answer[inside[loose]] = _solved(core, w, c)
    return answer


def _solved(p: Polytope, weight: FloatVector, target: FloatVector) -> FloatVector:
    for unit in _UNITS:
        solution = _active_set(p, unit * weight, target)
        if solution is not None:
            return solution
    return np.clip(_interior_point(p, weight, target), p.low, p.high)


def _without_what_cannot_matter(
    polytope: Polytope, weight: FloatVector, keep: npt.NDArray[np.bool_]
) -> Polytope:
    """Weightless columns in one row widen the row and go; rows with one column become bounds; idle rows go."""
    p = Polytope(
        polytope.matrix.tocsr(),
        polytope.row_low.copy(),
        polytope.row_high.copy(),
        polytope.low.copy(),
        polytope.high.copy(),
    )
    columns = np.arange(len(weight))
    while True:
        size = p.matrix.shape
        p = _rows_that_can_bind(p)
        counts = np.bincount(p.matrix.indices, minlength=len(columns))
        gone = (weight[columns] == 0) & (counts <= 1)
        if gone.any():
            out = p.matrix[:, gone]
            least, most = _activity(out, p.low[gone], p.high[gone])
            p = Polytope(
                p.matrix[:, ~gone], p.row_low - most, p.row_high - least, p.low[~gone], p.high[~gone]
            )
            columns = columns[~gone]
        if p.matrix.shape == size:
            break
    keep[:] = False
    keep[columns] = True
    return p


def _rows_that_can_bind(p: Polytope) -> Polytope:
    per_row = np.diff(p.matrix.indptr)
    for i in np.flatnonzero(per_row == 1):
        j, a = int(p.matrix.indices[p.matrix.indptr[i]]), float(p.matrix.data[p.matrix.indptr[i]])
        ends = sorted((p.row_low[i] / a, p.row_high[i] / a))
        p.low[j], p.high[j] = max(p.low[j], ends[0]), min(p.high[j], ends[1])
        p.high[j] = max(p.high[j], p.low[j])
    least, most = _activity(p.matrix, p.low, p.high)
    binds = (per_row > 1) & ((least < p.row_low - _SLACK) | (most > p.row_high + _SLACK))
    return Polytope(p.matrix[binds], p.row_low[binds], p.row_high[binds], p.low, p.high)


def _activity(matrix: csr_matrix, low: FloatVector, high: FloatVector) -> tuple[FloatVector, FloatVector]:
    """Least and most that every row can reach; a row may have infinite ends."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    ends = np.stack([matrix.data * low[matrix.indices], matrix.data * high[matrix.indices]])
    least = np.bincount(rows, ends.min(axis=0), minlength=matrix.shape[0])
    most = np.bincount(rows, ends.max(axis=0), minlength=matrix.shape[0])
    return least, most


def _active_set(p: Polytope, weight: FloatVector, target: FloatVector) -> FloatVector | None:
    """HiGHS' active-set method; None where it stops without an optimum."""
    curved = weight > 0
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = p.matrix.shape
    lp.col_cost_ = -weight * target
    lp.col_lower_, lp.col_upper_, lp.row_lower_, lp.row_upper_ = p.low, p.high, p.row_low, p.row_high
    set_matrix(lp, p.matrix)
    hessian = highspy.HighsHessian()
    hessian.dim_ = len(weight)
    hessian.format_ = highspy.HessianFormat.kTriangular
    hessian.start_ = np.concatenate([[0], np.cumsum(curved)]).astype(np.int32)
    hessian.index_ = np.flatnonzero(curved).astype(np.int32)
    hessian.value_ = weight[curved]
    highs = new_highs()
    highs.setOptionValue("qp_regularization_value", 0.0)
    highs.setOptionValue("qp_iteration_limit", 3 * sum(p.matrix.shape) + 1000)
    highs.passModel(lp)
    highs.passHessian(hessian)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.array(highs.getSolution().col_value)


def _interior_point(p: Polytope, weight: FloatVector, target: FloatVector) -> FloatVector:
    """Mehrotra's predictor-corrector, for the faces on which the active-set method cycles.

    Rows with room get a slack, so that R z = side with every z between bounds. With s = z - low, u = high - z and
    prices y of the rows, a and b of the bounds, each step solves

        [ w + a/s + b/u   R' ] [  dz ]   [ ... ]
        [ R               0  ] [ -dy ] = [ ... ]

    by a sparse LU of the (slightly regularised) matrix.
    """
    scale = max(1.0, float(np.abs(target).max(initial=1.0)))
    roomy = np.flatnonzero(p.row_high > p.row_low)
    m, n, extra = *p.matrix.shape, len(roomy)
    selector = csr_matrix((-np.ones(extra), (roomy, np.arange(extra))), shape=(m, extra))
    rows = csr_matrix(hstack([p.matrix, selector]))
    side = np.where(p.row_high > p.row_low, 0.0, p.row_low) / scale
    low = np.concatenate([p.low, p.row_low[roomy]]) / scale
    high = np.concatenate([p.high, p.row_high[roomy]]) / scale
    unit = 1.0 / np.mean(weight[weight > 0]) if (weight > 0).any() else 1.0
    w = np.concatenate([weight * unit, np.zeros(extra)])
    c = np.concatenate([target / scale, np.zeros(extra)])
    below, above = np.isfinite(low).astype(float), np.isfinite(high).astype(float)
    low, high = np.where(below, low, 0.0), np.where(above, high, 0.0)
    z = np.where(below * above, (low + high) / 2, np.where(below, low + 1.0, np.where(above, high - 1.0, c)))
    y, a, b = np.zeros(m), below.copy(), above.copy()
    s = np.where(below, np.maximum(z - low, 10.0), 1.0)
    u = np.where(above, np.maximum(high - z, 10.0), 1.0)
    pairs = max(1.0, float(below.sum() + above.sum()))
    regular = _REGULAR * diags(np.concatenate([np.ones(len(z)), -np.ones(m)]))
    best, answer = np.inf, z
    for _ in range(_STEPS):
        mu = float(a @ s + b @ u) / pairs
        off_dual, off_rows = w * (z - c) - rows.T @ y - a + b, rows @ z - side
        off_low, off_high = below * (z - s - low), above * (z + u - high)
        worst = max(mu, *(float(np.abs(r).max(initial=0.0)) for r in (off_dual, off_rows, off_low, off_high)))
        if worst < best:
            best, answer = worst, z
        if best < _EXACT or worst > 1e6 * best:
            break
        lu = splu((bmat([[diags(w + a / s + b / u), rows.T], [rows, None]]) + regular).tocsc())

        def step(to_a: FloatVector, to_b: FloatVector) -> tuple[FloatVector, ...]:
            right = -off_dual + (to_a - a * off_low) / s - (to_b + b * off_high) / u
            both = lu.solve(np.concatenate([right, -off_rows]))
            dz, dy = both[: len(z)], -both[len(z) :]
            ds, du = below * (dz + off_low), -above * (dz + off_high)
            return dz, dy, ds, du, below * (to_a - a * ds) / s, above * (to_b - b * du) / u

        _, _, ds, du, da, db = step(-a * s, -b * u)
        reach = _reach((s, ds), (u, du), (a, da), (b, db))
        after = float(
            (a + reach * da) @ (below * (s + reach * ds)) + (b + reach * db) @ (above * (u + reach * du))
        )
        centre = mu * (after / pairs / mu) ** 3 if mu > 0 else 0.0
        dz, dy, ds, du, da, db = step(below * (centre - da * ds) - a * s, above * (centre - db * du) - b * u)
        reach = 0.995 * _reach((s, ds), (u, du), (a, da), (b, db))
        z, y, s, u = z + reach * dz, y + reach * dy, s + reach * ds, u + reach * du
        a, b = a + reach * da, b + reach * db
    if best > _ACCEPTED:
        raise NotSolved(f"quadratic stage: the interior point is {best:.1e} away")
    return answer[:n] * scale


def _reach(*directions: tuple[FloatVector, FloatVector]) -> float:
    """The longest step (at most 1) that keeps every value above zero."""
    falls = [-value[change < 0] / change[change < 0] for value, change in directions]
    return min(1.0, *(float(part.min(initial=1.0)) for part in falls))
