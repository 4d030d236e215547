"""The point of a polytope closest to a target: min 1/2 sum_j weight_j (z_j - target_j)^2.

What no weight touches is taken out first (columns in one row widen that row; rows that cannot bind go). HiGHS, which
knows of sparse rows, solves what is left; on a degenerate face it may stop without an answer. DAQP, a dual active-set
method on dense rows, finds one there too, and agrees with HiGHS to a thousandth of a cent where both do. Dense rows
have their price: a face of 1,900 columns and 3,500 rows takes seconds, so there is a limit.
"""

from __future__ import annotations

from dataclasses import dataclass

import daqp
import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from optimiser.solver import FloatVector, NotSolved, new_highs, set_matrix

_SLACK = 1e-9
_TOLERANCES = (1e-9, 1e-7)
"""By how much (k€) a row may be missed; the next where the face itself misses it, as the simplex method allows."""
_MOST_COLUMNS = 3_000
"""Of a face that DAQP is tried on."""
_PROXIMAL = 1e-5
"""Curvature lent to columns without weight, and taken back round by round."""
_DUAL = 1e-10
"""DAQP's tolerance of prices: with its own, 1e-12, it may end some tenths of a cent away."""
_EQUAL = 5
"""DAQP's word for a row that has one value."""


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
    answer = np.zeros(len(weight))
    core, columns = _without_what_cannot_matter(polytope, weight, answer)
    if len(columns):
        scaled = weight[columns] / np.mean(weight[weight > 0])
        answer[columns] = _solved(core, scaled, target[columns])
    return answer


def _solved(p: Polytope, weight: FloatVector, target: FloatVector) -> FloatVector:
    found = by_highs(p, weight, target)
    return by_daqp(p, weight, target) if found is None else found


def _without_what_cannot_matter(
    polytope: Polytope, weight: FloatVector, answer: FloatVector
) -> tuple[Polytope, npt.NDArray[np.int64]]:
    """What is left to decide, and its columns; `answer` gets the values that are left no choice.

    Columns with one value go to the right side; weightless columns in one row widen the row and go; rows with one
    column become bounds; idle rows go. Again, until nothing goes.
    """
    p = Polytope(
        polytope.matrix.tocsr(),
        polytope.row_low,
        polytope.row_high,
        polytope.low.copy(),
        polytope.high.copy(),
    )
    columns = np.arange(len(weight))
    while True:
        size = p.matrix.shape
        p = _rows_that_can_bind(p)
        fixed = p.high <= p.low + _SLACK / 1e3
        answer[columns[fixed]] = p.low[fixed]
        counts = np.bincount(p.matrix.indices, minlength=len(columns))
        gone = ~fixed & (weight[columns] == 0) & (counts <= 1)
        least, most = _activity(p.matrix[:, fixed | gone], p.low[fixed | gone], p.high[fixed | gone])
        kept = ~(fixed | gone)
        p = Polytope(p.matrix[:, kept], p.row_low - most, p.row_high - least, p.low[kept], p.high[kept])
        columns = columns[kept]
        if p.matrix.shape == size:
            return p, columns


def _rows_that_can_bind(p: Polytope) -> Polytope:
    per_row = np.diff(p.matrix.indptr)
    single = np.flatnonzero(per_row == 1)
    j, a = p.matrix.indices[p.matrix.indptr[single]], p.matrix.data[p.matrix.indptr[single]]
    ends = np.stack([p.row_low[single] / a, p.row_high[single] / a])
    np.maximum.at(p.low, j, ends.min(axis=0))
    np.minimum.at(p.high, j, ends.max(axis=0))
    np.maximum(p.high, p.low, out=p.high)
    least, most = _activity(p.matrix, p.low, p.high)
    binds = (per_row > 1) & ((least < p.row_low - _SLACK) | (most > p.row_high + _SLACK))
    return Polytope(p.matrix[binds], p.row_low[binds], p.row_high[binds], p.low, p.high)


def _activity(matrix: csr_matrix, low: FloatVector, high: FloatVector) -> tuple[FloatVector, FloatVector]:
    """Least and most that every row can reach; a row may have infinite ends."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    ends = np.stack([matrix.data * low[matrix.indices], matrix.data * high[matrix.indices]])
    least = np.bincount(rows, ends.min(axis=0), minlength=matrix.shape[0])
    most = np.bincount(rows, ends.max(axis=0), minlength=matrix.shape[0])
    return np.asarray(least, dtype=np.float64), np.asarray(most, dtype=np.float64)


def by_highs(p: Polytope, weight: FloatVector, target: FloatVector) -> FloatVector | None:
    """The closest point by HiGHS; None where it stops without an optimum."""
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


def by_daqp(p: Polytope, weight: FloatVector, target: FloatVector) -> FloatVector:
    """The closest point by DAQP. Raises NotSolved."""
    if len(weight) > _MOST_COLUMNS:
        raise NotSolved(f"quadratic stage: {len(weight)} columns are too many for dense rows")
    low, high = (np.concatenate(ends) for ends in ((p.low, p.row_low), (p.high, p.row_high)))
    kinds = np.where(low == high, _EQUAL, 0).astype(np.intc)
    rows = np.ascontiguousarray(p.matrix.toarray())
    for tolerance in _TOLERANCES:
        answer, _, status, _ = daqp.solve(
            np.diag(weight),
            -weight * target,
            rows,
            high,
            low,
            kinds.copy(),
            primal_tol=tolerance,
            dual_tol=_DUAL,
            eps_prox=_PROXIMAL if (weight == 0).any() else 0.0,
        )
        if status > 0:
            point: FloatVector = np.clip(answer, p.low, p.high)
            return point
    raise NotSolved(f"quadratic stage: DAQP stopped with {status}")
