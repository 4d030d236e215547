"""The cents of margin handed back: the same plan under the rules as they are, all years together.

The programme keeps a few cents of room where two years interact, so that rounding one cannot break the rules of
the next. That room is worth most where money is short. From the amounts v of the programme, moves of at most some
euros are sought that

    min  worth * shortfall + sum (up + down)       under every rule without margin,  low <= A (v + up - down) <= high

with the shortfall of the basic package first, then the least movement, so that later goals stay what they were.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csr_matrix, hstack

from optimiser.arithmetic import exact
from optimiser.model import CENTS_PER_UNIT, Column, Model, Row, units
from optimiser.solver import FloatVector, new_highs, set_matrix
from optimiser.stages import shortfall

MEASURES = ("gelijke_dekking", "norm_aandeel")
"""Rows that state no rule: stages after the first use them."""
_FINEST = 10**5
"""A share with more parts than this is rounded down as if it had this many."""
_REACH = 1000.0
"""Cents that a decision may move."""
_PARTS = 10**6
"""Parts of a cent in the sides of rows that only measure."""
WORTH = 2000.0
"""What a weighted cent of basic package is worth beside a cent of movement."""
ON_LIMIT = 6.0
"""What a cent between an area budget and the limit of its pace costs, where the programme stopped at its margin."""


@dataclass(frozen=True)
class HandedBack:
    """Amounts without margins, and what they are worth.

    `before`, `target`: the columns in cents, with and without margins. `later`: per column, what a cent more saves in
    rows of later years, where a cent of claim of weight 1 is worth `unit`. `limits`: (d, t) of area budgets that a
    margin stopped, +1 under a roof, -1 above a floor.
    """

    before: FloatVector
    target: FloatVector
    later: FloatVector
    unit: float
    limits: dict[tuple[int, int], int]

    def as_programmed(self) -> HandedBack:
        """The amounts as the programme had them, with its margins."""
        return replace(self, target=self.before, later=np.zeros(len(self.later)))


def margins_handed_back(model: Model, values: FloatVector) -> HandedBack:
    """The amounts (k€) at an optimum of the programme, moved to where they would be without margins."""
    target, limits = _measured(model, values) * CENTS_PER_UNIT, _stopped_by_a_margin(model, values)
    basic = WORTH
    short = sum(float(target[column.index]) for column, _ in shortfall(model))
    if not limits and short < 1:
        return HandedBack(target, target, np.zeros(len(target)), basic, limits)
    n = len(target)
    rows = [i for i, row in enumerate(model.rows) if row.place.rule not in MEASURES]
    matrix, (low, high) = model.matrix[rows], _ends(model, rows)
    now = matrix @ target
    short_of, decided = WORTH * model.costs(shortfall(model)), np.array(model.column_whole)
    movement = np.where(decided, 1.0, 0.0) + 1e-7 * np.arange(n) / n
    toward = np.zeros(n)
    for place, direction in limits.items():
        toward[model.ceiling[place].index] = direction * ON_LIMIT
    most = model.most * CENTS_PER_UNIT
    reach = np.where(decided, _REACH, np.inf)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = 2 * n, len(rows)
    lp.col_cost_ = np.concatenate([movement + short_of - toward, movement - short_of + toward])
    lp.col_lower_ = np.zeros(2 * n)
    up, down = np.maximum(most - target, 0.0), np.maximum(target, 0.0)
    keep_segments_in_order(model, up, down)
    _keep_what_is_wasted(model, up, down)
    lp.col_upper_ = np.concatenate([np.minimum(up, reach), np.minimum(down, reach)])
    lp.row_lower_, lp.row_upper_ = np.minimum(low - now, 0.0), np.maximum(high - now, 0.0)
    set_matrix(lp, hstack([matrix, -matrix]))
    highs = new_highs()
    highs.setOptionValue("presolve", "off")
    highs.passModel(lp)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return HandedBack(target, target, np.zeros(n), basic, limits)
    moves = np.array(highs.getSolution().col_value)
    prices = np.round(np.array(highs.getSolution().row_dual), 3)
    worth = _of_later_years(model, rows, matrix).T @ prices
    return HandedBack(target, target + moves[:n] - moves[n:], worth, basic, limits)


def sides(row: Row) -> tuple[Fraction | int | None, Fraction | int | None]:
    """Low and high of a rule in cents, without its margin; a share may be rounded down by less than a cent."""
    sense = row.sense
    side: Fraction | int = round(row.bound * CENTS_PER_UNIT) - sense * row.margin
    if not row.whole:
        side = Fraction(round(row.bound * CENTS_PER_UNIT * _PARTS), _PARTS)
    if row.outward:
        parts = lcm(*(exact(factor).denominator for _, factor in row.terms))
        side -= sense * (1 - Fraction(1, min(parts, _FINEST)))
    return (side if sense >= 0 else None), (side if sense <= 0 else None)


def keep_segments_in_order(model: Model, up: FloatVector, down: FloatVector) -> None:
    """Only the last segment in use may shrink, and the first with room may grow."""
    for (d, p, k, t), column in model.prevention.items():
        if k > 0 and up[model.prevention[d, p, k - 1, t].index] >= 1:
            up[column.index] = 0.0
        following = model.prevention.get((d, p, k + 1, t))
        if following is not None and down[following.index] >= 1:
            down[column.index] = 0.0


def _keep_what_is_wasted(model: Model, up: FloatVector, down: FloatVector) -> None:
    """Prevention that saves more than a claim stays: a programme could gain by wasting more."""
    for cell, wasted in model.wasted.items():
        for column in (wasted, *(column for column, _ in model.savings(*cell))):
            up[column.index] = down[column.index] = 0.0


def _measured(model: Model, values: FloatVector) -> FloatVector:
    """The columns with what only measures filled in: of every claim what is paid, the gap, short, or too much."""
    problem, filled = model.problem, values.copy()
    for (d, s, t), x in model.x.items():
        claim, saves = units(int(problem.claims[d, s, t])), model.savings(d, s, t)
        saved = sum(slope * values[c.index] for c, slope in saves if model.column_whole[c.index])
        if (d, s, t) in model.wasted:
            wasted = filled[model.wasted[d, s, t].index] = max(0.0, saved - claim)
            saved -= wasted
        left = claim - saved
        gap, short = model.gap[d, s, t], model.short[d, s, t]
        above = (1 - float(problem.basic_share[d, s, t])) * left if saves else gap.most
        _measure(filled, left - values[x.index], above, gap, short, model.extra.get((d, s, t)))
    for (s, t), y in model.city.items():
        lack = units(int(problem.city_claims[s, t])) - values[y.index]
        gap, short = model.city_gap[s, t], model.city_short[s, t]
        _measure(filled, lack, gap.most, gap, short, model.city_extra.get((s, t)))
    return filled


def _measure(
    filled: FloatVector, lack: float, above: float, gap: Column, short: Column, extra: Column | None
) -> None:
    filled[gap.index] = min(max(lack, 0.0), above)
    filled[short.index] = max(lack - above, 0.0)
    if extra is not None:
        filled[extra.index] = max(-lack, 0.0)


def _stopped_by_a_margin(model: Model, values: FloatVector) -> dict[tuple[int, int], int]:
    """(d, t) of area budgets that the margin of a rule of pace stopped -> +1 for a roof, -1 for a floor."""
    found: dict[tuple[int, int], int] = {}
    for row in model.rows:
        if row.margin and row.place.rule in ("groei_max", "groei_min"):
            value = sum(coefficient * values[column.index] for column, coefficient in row.terms)
            if row.sense * (value - row.side()) * CENTS_PER_UNIT < row.margin + 1e-3:
                place = model.problem.areas.index(str(row.place.area)), row.t
                found[place] = found.get(place, 0) - row.sense
    return {place: direction for place, direction in found.items() if direction}


def _ends(model: Model, rows: list[int]) -> tuple[FloatVector, FloatVector]:
    """Low and high of some rows in cents, without margins."""
    side = np.array([model.rows[i].side() for i in rows]) * CENTS_PER_UNIT
    sense = np.array([model.rows[i].sense for i in rows])
    return np.where(sense >= 0, side, -np.inf), np.where(sense <= 0, side, np.inf)


def _of_later_years(model: Model, rows: list[int], matrix: Any) -> Any:
    """The entries of columns in rows of years after theirs."""
    entries = matrix.tocoo()
    year = np.array(model.column_year)[entries.col]
    later = year < np.array([model.rows[i].t for i in rows])[entries.row]
    kept = entries.data[later], (entries.row[later], entries.col[later])
    return csr_matrix(kept, shape=matrix.shape)
