"""Whole cents for all years at once: the last resort, where rounding year after year meets no answer.

An integer programme on moves of a few cents from the amounts v of the programme,

    min  worth * shortfall + sum (up + down)      low <= A (v + up - down) <= high in every rule,  moves whole

that sees what a cent this year does to the rules of the next. What it finds is checked in exact numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import hstack

from optimiser.arithmetic import claims_after_savings, exact, savings_of
from optimiser.margins import MEASURES, WORTH, HandedBack, keep_segments_in_order, sides
from optimiser.model import CENTS_PER_UNIT, Model
from optimiser.problem import Cents
from optimiser.solver import FloatVector, new_highs, set_matrix
from optimiser.stages import shortfall

_NODES = 2_000
"""Branches looked at before the best whole answer so far is taken."""
_NARROWER = 2e-6
"""Cents by which a rule with shares is narrowed, beyond what the solver lets pass."""


def whole_together(model: Model, handed: HandedBack, reach: int) -> npt.NDArray[np.int64] | None:
    """The columns in whole cents that keep every rule, each within `reach` of where it was; None without an answer.

    First with the segments of prevention in their order; else in any order, and then once more with that prevention
    and what it really leaves of the claims. Where the programme itself counts on savings that its prevention does
    not bring, every rule is kept and a budget may be above its claim; the audit of the plan shows it.
    """
    start = _Start.of(model, handed, reach)
    found: list[npt.NDArray[np.int64]] = []
    for in_order in (True, False):
        cents = start.solved(in_order)
        if cents is not None and _above_claims(model, cents):
            found.append(cents)
            cents = start.solved(in_order, prevention=cents)
        if cents is not None:
            found.append(cents)
            if not _above_claims(model, cents) and keeps_every_rule(model, cents):
                return cents
    kept = [cents for cents in found if keeps_every_rule(model, cents)]
    return min(kept, key=lambda cents: len(_above_claims(model, cents)), default=None)


@dataclass(frozen=True)
class _Start:
    """The programme around the amounts that are rounded."""

    model: Model
    target: FloatVector
    base: FloatVector
    most: FloatVector
    reach: int

    @classmethod
    def of(cls, model: Model, handed: HandedBack, reach: int) -> _Start:
        most = model.most * CENTS_PER_UNIT
        decided = np.array(model.column_whole)
        base = np.where(decided, np.clip(np.rint(handed.target), 0, np.rint(most)), 0.0)
        return cls(model, handed.target, base, most, reach)

    def solved(
        self, in_order: bool, prevention: npt.NDArray[np.int64] | None = None
    ) -> npt.NDArray[np.int64] | None:
        """Whole cents; with `prevention` of another answer, budgets within what that leaves of claims in reach."""
        model, n = self.model, len(self.base)
        lp = _programme(model, self.target, self.base, self.most, self.reach, in_order)
        if prevention is not None:
            self._hold(lp, prevention)
        moves = np.array(_answer(lp))
        if not len(moves):
            return None
        whole = np.array(model.column_whole)
        return np.where(whole, self.base + np.rint(moves[:n] - moves[n:]), 0).astype(np.int64)

    def _hold(self, lp: Any, answer: npt.NDArray[np.int64]) -> None:
        """Give prevention its amounts of an answer, and budgets what that leaves of their claims."""
        model, n = self.model, len(self.base)
        up, down = np.split(np.array(lp.col_upper_), 2)
        low, left = np.zeros(2 * n), _claims_left(model, answer)
        beyond = {cell for cell, above in _above_claims(model, answer).items() if above > self.reach}
        for column in model.prevention.values():
            move = float(answer[column.index]) - self.base[column.index]
            up[column.index], down[column.index] = max(move, 0.0), max(-move, 0.0)
            low[column.index], low[n + column.index] = max(move, 0.0), max(-move, 0.0)
        for cell, x in model.x.items():
            if cell not in model.extra and cell not in beyond:
                room = float(left[cell]) - self.base[x.index]
                up[x.index] = min(up[x.index], max(room, 0.0))
                low[n + x.index] = max(-room, 0.0)
                down[x.index] = max(down[x.index], low[n + x.index])
        lp.col_lower_, lp.col_upper_ = low, np.concatenate([up, down])


def keeps_every_rule(model: Model, cents: npt.NDArray[np.int64]) -> bool:
    """Whether these whole amounts satisfy every rule of the programme, in exact numbers."""
    for row in model.rows:
        if row.whole:
            low, high = sides(row)
            total = sum((exact(a) * int(cents[c.index]) for c, a in row.terms), Fraction(0))
            if (low is not None and total < low) or (high is not None and total > high):
                return False
    return True


def _claims_left(model: Model, cents: npt.NDArray[np.int64]) -> Cents:
    """(d, s, t) what these amounts of prevention leave of the claims."""
    problem = model.problem
    spent = np.zeros((problem.shape[0], len(problem.programmes), problem.shape[2]), dtype=np.int64)
    for (d, p, _, t), column in model.prevention.items():
        spent[d, p, t] += cents[column.index]
    return claims_after_savings(problem, savings_of(problem, spent))


def _above_claims(model: Model, cents: npt.NDArray[np.int64]) -> dict[tuple[int, int, int], int]:
    """Cell -> cents above what is left of its claim, but for cells where something may ask for more."""
    left = _claims_left(model, cents)
    above = {cell: int(cents[x.index] - left[cell]) for cell, x in model.x.items() if cell not in model.extra}
    return {cell: cents_above for cell, cents_above in above.items() if cents_above > 0}


def _programme(
    model: Model, target: FloatVector, base: FloatVector, most: FloatVector, reach: int, in_order: bool
) -> Any:
    n, decided = len(base), np.array(model.column_whole)
    rows = [i for i, row in enumerate(model.rows) if row.place.rule not in MEASURES]
    matrix = model.matrix[rows]
    low, high = _whole_sides(model, rows)
    now = matrix @ base
    short_of, closeness = WORTH * model.costs(shortfall(model)), np.where(decided, 1.0, 0.0)
    tie = 1e-6 * np.arange(n) / n
    for column in model.wasted.values():
        short_of[column.index] = WORTH
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = 2 * n, len(rows)
    lp.col_cost_ = np.concatenate(
        [
            short_of + closeness * (1 + 2 * np.maximum(base - target, 0.0)) + tie,
            -short_of + closeness * (1 + 2 * np.maximum(target - base, 0.0)) + tie,
        ]
    )
    lp.col_lower_ = np.zeros(2 * n)
    up, down = np.minimum(most - base, reach), np.minimum(base, reach)
    if in_order:
        keep_segments_in_order(model, up, down)
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
        whole = row.whole and all(float(factor).is_integer() for _, factor in row.terms)
        narrower = _NARROWER if row.whole and not whole and (low is None or high is None) else 0.0
        if low is not None:
            lows[at] = ceil(low) if whole else float(low) + narrower
        if high is not None:
            highs[at] = floor(high) if whole else float(high) - narrower
    return lows, highs


def _answer(lp: Any) -> list[float]:
    """The columns of a feasible whole answer, the best found; none when there is none."""
    highs = new_highs()
    for option, value in (("mip_rel_gap", 0.0), ("mip_abs_gap", WORTH), ("mip_max_nodes", _NODES)):
        highs.setOptionValue(option, value)
    highs.passModel(lp)
    highs.run()
    found = highs.getInfo().primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    return list(highs.getSolution().col_value) if found else []
