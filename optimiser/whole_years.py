"""Whole cents for all years at once: the last resort, where rounding year after year meets no answer.

An integer programme on moves of a few cents from the amounts v of the programme,

    min  merit + sum (up + down)      low <= A (v + up - down) <= high in every rule of every year,  moves whole

that sees what a cent this year does to the rules of the next. What it finds is checked in exact numbers.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import hstack

from optimiser.arithmetic import exact
from optimiser.margins import MEASURES, MERIT, HandedBack, matrix_of, sides
from optimiser.model import CENTS_PER_UNIT, Model
from optimiser.solver import FloatVector, new_highs, set_matrix
from optimiser.whatif import merit_order

_NODES = 20_000
_NARROWER = 2e-6
"""Cents by which a rule with shares is narrowed, beyond what the solver lets pass."""


def whole_together(model: Model, handed: HandedBack, reach: int) -> npt.NDArray[np.int64] | None:
    """The columns in whole cents that keep every rule, each within `reach` of where it was; None without an answer."""
    decided = np.array(model.column_whole)
    most = np.array([np.inf if c.upBound is None else c.upBound * CENTS_PER_UNIT for c in model.columns])
    base = np.where(decided, np.clip(np.rint(handed.target), 0, np.rint(most)), 0.0)
    moves = np.array(highs_answer(_programme(model, handed.target, base, decided, most, reach)))
    if not len(moves):
        return None
    n = len(base)
    cents = np.where(decided, base + np.rint(moves[:n] - moves[n:]), 0).astype(np.int64)
    return cents if keeps_every_rule(model, cents) else None


def keeps_every_rule(model: Model, cents: npt.NDArray[np.int64]) -> bool:
    """Whether these whole amounts satisfy every rule of the programme, in exact numbers."""
    for row in model.rows:
        if row.whole:
            low, high = sides(row)
            total = sum((exact(a) * int(cents[c.index]) for c, a in row.constraint.items()), Fraction(0))
            if (low is not None and total < low) or (high is not None and total > high):
                return False
    return True


def _programme(
    model: Model, target: FloatVector, base: FloatVector, decided: Any, most: FloatVector, reach: int
) -> Any:
    n = len(base)
    rows = [i for i, row in enumerate(model.rows) if row.place.rule not in MEASURES]
    matrix = matrix_of(model, rows)
    low, high = _whole_sides(model, rows)
    now = matrix @ base
    merit, closeness = MERIT * merit_order(model), np.where(decided, 1.0, 0.0)
    tie = 1e-6 * np.arange(n) / n
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = 2 * n, len(rows)
    lp.col_cost_ = np.concatenate(
        [
            merit + closeness * (1 + 2 * np.maximum(base - target, 0.0)) + tie,
            -merit + closeness * (1 + 2 * np.maximum(target - base, 0.0)) + tie,
        ]
    )
    lp.col_lower_ = np.zeros(2 * n)
    up, down = np.minimum(most - base, reach), np.minimum(base, reach)
    for column in model.unspent.values():
        up[column.index] = np.inf
    lp.col_upper_ = np.concatenate([np.where(decided, up, most), np.where(decided, down, 0.0)])
    lp.row_lower_, lp.row_upper_ = low - now, high - now
    set_matrix(lp, hstack([matrix, -matrix]))
    kinds = [highspy.HighsVarType.kInteger if d else highspy.HighsVarType.kContinuous for d in decided]
    lp.integrality_ = kinds * 2
    return lp


def _whole_sides(model: Model, rows: list[int]) -> tuple[FloatVector, FloatVector]:
    """Sides in cents; of rows of whole amounts whole, of shares a little narrower."""
    lows, highs = np.full(len(rows), -np.inf), np.full(len(rows), np.inf)
    for at, row in enumerate(model.rows[i] for i in rows):
        low, high = sides(row)
        whole = row.whole and all(float(factor).is_integer() for factor in row.constraint.values())
        narrower = _NARROWER if row.whole and not whole and (low is None or high is None) else 0.0
        if low is not None:
            lows[at] = ceil(low) if whole else float(low) + narrower
        if high is not None:
            highs[at] = floor(high) if whole else float(high) - narrower
    return lows, highs


def highs_answer(lp: Any) -> list[float]:
    """The columns of a feasible whole answer, the best found; none when there is none."""
    highs = new_highs()
    for option, value in (("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5), ("mip_max_nodes", _NODES)):
        highs.setOptionValue(option, value)
    highs.passModel(lp)
    highs.run()
    found = highs.getInfo().primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    return list(highs.getSolution().col_value) if found else []
