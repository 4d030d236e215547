"""The one answer on the optimal face: the budget closest to last year's.

    min 1/2 sum_dst (x - ref)^2 / ref + 1/2 sum_dt (ceiling - last)^2 / last + small convex terms for the rest

ref is last year's budget of the cell, or its claim where that is unknown or zero; `last` is last year's
ceiling. Strictly convex, so unique: the vertex that the simplex method happened to stop at leaves no trace.
"""

from __future__ import annotations

from math import isnan

import highspy
import numpy as np
from scipy.sparse import csc_matrix

from optimiser.model import Model, units
from optimiser.solver import FloatVector, LiveModel, NotSolved, new_highs, set_matrix

_LEAST_REFERENCE = 1e-4
"""Of the largest reference: a cell that had next to nothing does not rule the rest."""
_REST = 1e-3
"""How much the remaining columns count beside budgets and ceilings."""


def closest_to_last_year(model: Model, live: LiveModel) -> FloatVector:
    """The columns of the unique closest point on the optimal face that `live` is held to."""
    start = live.values()
    weight, target = _distance(model)
    lp = live.highs.getLp()
    low, high = np.array(lp.col_lower_), np.array(lp.col_upper_)
    row_low, row_high = np.array(lp.row_lower_), np.array(lp.row_upper_)
    matrix = csc_matrix(
        (lp.a_matrix_.value_, lp.a_matrix_.index_, lp.a_matrix_.start_), (len(row_low), len(low))
    )
    loose = np.flatnonzero(high > low)
    if not len(loose):
        return start
    fixed = np.flatnonzero(high <= low)
    part = matrix[:, loose].tocsr()
    given = matrix[:, fixed] @ low[fixed]
    rows = np.flatnonzero(np.diff(part.indptr) > 0)
    part = part[rows].tocsc()
    answer = low.copy()
    answer[loose] = _solve(
        part, row_low[rows] - given[rows], row_high[rows] - given[rows], low[loose], high[loose],
        weight[loose], target[loose],
    )  # fmt: skip
    return answer


def _distance(model: Model) -> tuple[FloatVector, FloatVector]:
    """Per column: weight and target of its squared distance."""
    problem = model.problem
    weight, target = np.zeros(len(model.columns)), np.zeros(len(model.columns))
    last = np.nan_to_num(problem.last_budget)[:, :, None] + np.zeros(problem.shape)
    reference = np.where(last > 0, last, problem.claims)
    reference = np.maximum(reference, max(1.0, _LEAST_REFERENCE * float(reference.max(initial=0.0))))
    for cell, column in model.x.items():
        target[column.index] = units(reference[cell])
    area_total = reference.sum(axis=1)
    for (d, t), column in model.ceiling.items():
        known = float(problem.last_ceiling[d])
        target[column.index] = units(known if not isnan(known) and known > 0 else area_total[d, t])
    for (s, t), column in model.city.items():
        target[column.index] = units(max(int(problem.city_claims[s, t]), 1.0))
    chosen = target > 0
    target[chosen] = np.maximum(target[chosen], _LEAST_REFERENCE * target.max(initial=0.0))
    weight[chosen] = 1.0 / target[chosen]
    size = float(np.mean(target[chosen])) if chosen.any() else 1.0
    for index, whole in enumerate(model.column_whole):
        if whole and not chosen[index]:
            weight[index] = _REST / size
    return weight, target


def _solve(
    matrix: csc_matrix,
    row_low: FloatVector,
    row_high: FloatVector,
    low: FloatVector,
    high: FloatVector,
    weight: FloatVector,
    target: FloatVector,
) -> FloatVector:
    n_rows, n_columns = matrix.shape
    scale = 1.0 / np.mean(weight[weight > 0]) if (weight > 0).any() else 1.0
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n_columns, n_rows
    lp.col_cost_ = -scale * weight * target
    lp.col_lower_, lp.col_upper_, lp.row_lower_, lp.row_upper_ = low, high, row_low, row_high
    set_matrix(lp, matrix)
    hessian = highspy.HighsHessian()
    hessian.dim_ = n_columns
    hessian.format_ = highspy.HessianFormat.kTriangular
    curved = weight > 0
    hessian.start_ = np.concatenate([[0], np.cumsum(curved)]).astype(np.int32)
    hessian.index_ = np.flatnonzero(curved).astype(np.int32)
    hessian.value_ = scale * weight[curved]
    highs = new_highs()
    highs.setOptionValue("qp_regularization_value", 0.0)
    highs.passModel(lp)
    highs.passHessian(hessian)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise NotSolved(f"quadratic stage: {highs.modelStatusToString(highs.getModelStatus())}")
    return np.array(highs.getSolution().col_value)
