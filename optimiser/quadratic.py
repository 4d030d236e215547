"""The point of a polytope closest to a target: min 1/2 sum_j weight_j (z_j - target_j)^2.

What no weight touches is taken out first (columns in one row widen that row; rows that cannot bind go), because
degenerate corners make an active-set method cycle. HiGHS solves what is left; where it cycles all the same, an
interior-point method on the same numbers gives the same unique answer.
"""

from __future__ import annotations

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from optimiser.interior_point import Polytope, interior_point
from optimiser.solver import FloatVector, new_highs, set_matrix

_SLACK = 1e-9
_UNITS = (1.0, 1e3, 1e-3)
"""Of the objective: no matter to the answer, but to whether the active-set method cycles. Tried in turn."""


def closest_point(polytope: Polytope, weight: FloatVector, target: FloatVector) -> FloatVector:
    """The columns with a weight at the closest point; the others are left at 0. Raises NotSolved."""
    answer = np.zeros(len(weight))
    core, columns = _without_what_cannot_matter(polytope, weight, answer)
    if len(columns):
        scaled = weight[columns] / np.mean(weight[weight > 0])
        answer[columns] = _solved(core, scaled, target[columns])
    return answer


def _solved(p: Polytope, weight: FloatVector, target: FloatVector) -> FloatVector:
    for unit in _UNITS:
        solution = _active_set(p, unit * weight, target)
        if solution is not None:
            return solution
    return np.clip(interior_point(p, weight, target), p.low, p.high)


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
