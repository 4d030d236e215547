"""The one answer on the optimal face: the budget closest to last year's.

    min 1/2 sum_dst (x - ref)^2 / ref + 1/2 sum_dt (ceiling - last)^2 / last + 1/2 sum_st (city - claim)^2 / claim

ref is last year's budget of the cell, or its claim where that is unknown or zero; `last` is last year's
ceiling. Strictly convex, so unique: the vertex that the simplex method happened to stop at leaves no trace. What
that leaves open (which programme, which source, which reserve) is then spread evenly: least squares again. Should
both quadratic methods fail on a face, a vertex stands, found from nothing: optimal in every stage, and the same for the
same data.
"""

from __future__ import annotations

from math import isnan

import numpy as np
from scipy.sparse import csc_matrix

from optimiser.model import CENTS_PER_UNIT, Model, units
from optimiser.quadratic import Polytope, closest_point
from optimiser.solver import FloatVector, LiveModel, NotSolved

_LEAST_REFERENCE = 1e-4
"""Of the largest reference: a cell that had next to nothing does not rule the rest."""
_MOST_MISSING = 20
"""Rows that the closest point may turn out to break, see `LiveModel.watch`."""


def closest_to_last_year(model: Model, live: LiveModel) -> FloatVector:
    """The columns that are decisions, at the unique closest point of the optimal face that `live` is held to."""
    for _ in range(_MOST_MISSING):
        answer = _closest(model, live)
        if live.watch is None or not live.watch(answer):
            break
        live.run()
    return answer[: len(model.columns)]


def _closest(model: Model, live: LiveModel) -> FloatVector:
    lp = live.highs.getLp()
    low, high, row_low, row_high = live.bounds()
    weight, target = (_widened(of, lp.num_col_) for of in _distance(model))
    shape = (lp.num_row_, lp.num_col_)
    face = Polytope(
        csc_matrix((lp.a_matrix_.value_, lp.a_matrix_.index_, lp.a_matrix_.start_), shape).tocsr(),
        row_low,
        row_high,
        low,
        high,
    )
    chosen = weight > 0
    rest = (_widened(np.array(model.column_whole), lp.num_col_) > 0) & ~chosen
    try:
        answer = closest_point(face, weight, target)
        face.low[chosen] = face.high[chosen] = answer[chosen]
        return np.where(chosen, answer, closest_point(face, rest.astype(float), np.zeros(len(rest))))
    except NotSolved:
        live.highs.clearSolver()
        live.run()
        return live.values()


def _widened(values: FloatVector, n: int) -> FloatVector:
    """With zeros for the columns that are no part of the model."""
    return np.concatenate([values, np.zeros(n - len(values))])


def _distance(model: Model) -> tuple[FloatVector, FloatVector]:
    """Per column: weight and target of its squared distance."""
    problem = model.problem
    weight, target = np.zeros(len(model.columns)), np.zeros(len(model.columns))
    last = np.nan_to_num(problem.last_budget)[:, :, None] + np.zeros(problem.shape)
    reference = np.where(last > 0, last, problem.claims)
    reference = np.maximum(reference, max(1.0, _LEAST_REFERENCE * float(reference.max(initial=0.0))))
    target[[column.index for column in model.x.values()]] = reference.ravel() / CENTS_PER_UNIT
    area_total = reference.sum(axis=1)
    for (d, t), column in model.ceiling.items():
        known = float(problem.last_ceiling[d])
        target[column.index] = units(known if not isnan(known) and known > 0 else area_total[d, t])
    for (s, t), column in model.city.items():
        target[column.index] = units(max(int(problem.city_claims[s, t]), 1.0))
    chosen = target > 0
    target[chosen] = np.maximum(target[chosen], _LEAST_REFERENCE * target.max(initial=0.0))
    weight[chosen] = 1.0 / target[chosen]
    return weight, target
