"""The smallest moves, in whole cents, that make the amounts of one year keep every row of that year.

    min  sum_j up_cost[j] up[j] + down_cost[j] down[j] + sum_k weight[k] short[k]
    low <= sum_j a[j] (base[j] + up[j] - down[j]) <= high               per row,  0 <= up, down within reach
    base + up - down + short >= basic package                           where that is in reach

Almost always a network problem, whose optimum is whole by itself; where shares make it anything else it is solved
again as an integer programme.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, inf
from typing import Any, NamedTuple

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from optimiser.arithmetic import exact
from optimiser.margins import ON_LIMIT
from optimiser.model import CENTS_PER_UNIT, Row
from optimiser.solver import FloatVector, NotSolved, new_highs, set_matrix

_NODES = 5000
"""Branches looked at before an integer programme takes the best whole answer it has."""
_LEAVE = 10.0
"""What a cent more left unspent or drawn from a reserve costs, so that stray cents stay inside the ceilings."""
_ALMOST = Fraction(1, 10**5)
_ORDER = 1e-7
"""Equal moves go to the first column."""


@dataclass(frozen=True)
class Basic:
    """The basic package of a budget: its position, its cents, and what a cent less costs."""

    at: int
    cents: int
    weight: float


class WholeRow(NamedTuple):
    """low <= sum a_j (base_j + move_j) <= high over the columns of one year, as bounds on the moves."""

    terms: list[tuple[int, float]]
    """Position and factor; position -1 - k is what is short of the k-th basic package."""
    low: float
    high: float


def whole_row(
    row: Row, cents: npt.NDArray[np.int64], position: dict[int, int], base: FloatVector, give: int
) -> WholeRow:
    """One row of the year, with the columns of other years filled in; shares give way by `give` cents."""
    sense = row.sense
    left: Fraction | int = round(row.bound * CENTS_PER_UNIT) - sense * row.margin
    terms, whole, share = [], True, False
    for column, coefficient in row.terms:
        factor = int(coefficient) if coefficient == int(coefficient) else exact(coefficient)
        share = share or not isinstance(factor, int)
        if column.index in position:
            i = position[column.index]
            terms.append((i, float(coefficient)))
            left -= factor * int(base[i])
            whole = whole and isinstance(factor, int)
        else:
            left -= factor * int(cents[column.index])
    left -= sense * ((give if share else 0) + (1 - _ALMOST if row.outward and share else 0))
    low = -inf if sense < 0 else float(ceil(left)) if whole else float(left) + 1e-6
    high = inf if sense > 0 else float(floor(left)) if whole else float(left) - 1e-6
    return WholeRow(terms, low, high)


def smallest_moves(
    rows: list[WholeRow],
    base: FloatVector,
    wanted: FloatVector,
    low: FloatVector,
    high: FloatVector,
    basics: list[Basic],
    costly: list[int],
    limits: dict[int, int],
    later: FloatVector,
) -> FloatVector | None:
    """Cents to add per column, whole; None when there is no answer within reach."""
    n, beside = len(base), _rises_and_falls(base, wanted, costly, limits, later)
    near = _within_reach(basics, low, high, *beside)
    rows = [
        *rows,
        *(
            WholeRow([(basic.at, 1.0), (-1 - k, 1.0)], basic.cents - base[basic.at], inf)
            for k, basic in enumerate(near)
        ),
    ]
    lp = highspy.HighsLp()
    m = len(near)
    lp.num_col_, lp.num_row_ = 2 * n + m, len(rows)
    lp.col_cost_ = np.concatenate([*beside, [basic.weight for basic in near]])
    lp.col_lower_ = np.zeros(2 * n + m)
    lp.col_upper_ = np.concatenate(
        [np.maximum(high - base, 0.0), np.maximum(base - low, 0.0), np.full(m, highspy.kHighsInf)]
    )
    lp.row_lower_ = np.array([row.low for row in rows])
    lp.row_upper_ = np.array([row.high for row in rows])
    set_matrix(lp, _matrix(rows, n, m))
    return _solved_moves(lp, n)


def _rises_and_falls(
    base: FloatVector, wanted: FloatVector, costly: list[int], limits: dict[int, int], later: FloatVector
) -> tuple[FloatVector, FloatVector]:
    """What a cent more and a cent less costs per column."""
    order = _ORDER * np.arange(len(base))
    up_cost = np.maximum(1 + 2 * (base - wanted), 0.0) + order
    down_cost = np.maximum(1 - 2 * (base - wanted), 0.0) + order
    up_cost[costly] += _LEAVE
    for i, direction in limits.items():
        towards, away = (up_cost, down_cost) if direction > 0 else (down_cost, up_cost)
        towards[i], away[i] = -ON_LIMIT, ON_LIMIT + 1
    return up_cost - later, down_cost + later


def _within_reach(
    basics: list[Basic], low: FloatVector, high: FloatVector, up_cost: FloatVector, down_cost: FloatVector
) -> list[Basic]:
    """The basic packages that moves may reach or leave; where every move is below one, each cent has its weight."""
    near = []
    for basic in basics:
        if high[basic.at] <= basic.cents:
            up_cost[basic.at] -= basic.weight
            down_cost[basic.at] += basic.weight
        elif low[basic.at] < basic.cents:
            near.append(basic)
    return near


def _matrix(rows: list[WholeRow], n: int, m: int) -> Any:
    """Columns: n up, n down, m short; in a row, column -1 - k is the k-th of the last."""
    starts, indices, data = [0], [], []
    for row in rows:
        for i, factor in row.terms:
            if i < 0:
                indices.append(2 * n - 1 - i)
                data.append(factor)
            else:
                indices += [i, n + i]
                data += [factor, -factor]
        starts.append(len(indices))
    return csr_matrix((data, indices, starts), shape=(len(rows), 2 * n + m))


def _solved_moves(lp: Any, n: int) -> FloatVector | None:
    highs = new_highs()
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_max_nodes", _NODES)
    highs.passModel(lp)
    highs.run()
    status = highs.getModelStatus()
    stopped = status == highspy.HighsModelStatus.kSolutionLimit
    found = highs.getInfo().primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    if status == highspy.HighsModelStatus.kInfeasible or (stopped and not found):
        return None
    if status != highspy.HighsModelStatus.kOptimal and not stopped:
        raise NotSolved(f"whole cents: {highs.modelStatusToString(status)}")
    answer = np.array(highs.getSolution().col_value)
    if np.abs(answer - np.rint(answer)).max(initial=0.0) > 1e-5:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
        return _solved_moves(lp, n)
    whole = np.rint(answer)
    moves: FloatVector = whole[:n] - whole[n : 2 * n]
    return moves
