"""Risk: what the worst futures cost, exactly, without writing every future out.

    loss[k] = sum_dst w[s] discount^t (scenario[d,s,t,k] - cover[d,s,t])+     cover = x + savings
            + the same for the city-wide claims, where their futures are known
    CVaR    = mean loss of the worst (1 - confidence) of the scenarios

For a given set of tail weights q the tail loss is a sum over cells of convex piecewise-linear functions of their
cover, with one kink per scenario in the tail: per cell one row and bounded columns. So: solve, look which scenarios
are the worst at that answer, add that tail as one cut, until the worst tail is one that is already there. Every cut
is a lower bound and exact at its own tail; a few rounds do.

Afterwards the columns of the cuts go, and what is optimal is held for the later stages, all of it and nothing else, so
that it does not matter where the solver started:

    columns and rows     at their side where their dual is not zero                       (see `fix_optimal_face`)
    cover of a cell      between two kinks of a tail, or at one, as the duals of that tail's cut leave it
    q                    still the worst weights: no scenario of the tail is below one that is not, loss[k] >= eta >=
                         loss[other], and loss[k] = eta for one that is in the tail in part

Any optimal duals leave the whole optimal face: that is complementary slackness, and holds for the cuts as for the rest;
q are the tails of the cuts, weighed by their duals. Most of the last rows never bind: they come in where a later answer
has another worst tail, and it is solved again. Every row holds for all that is optimal, so what satisfies the true risk
in the end is the best of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from optimiser.model import CENTS_PER_UNIT, DISCOUNT, Column, Model, units
from optimiser.problem import Problem
from optimiser.solver import FloatVector, LiveModel

MOST_SCENARIOS = 200
"""Of more futures the first of them stand for all: they are drawn alike."""
_ROUNDS = 50
_NEAR = 1e-10
"""Relative: the tail of a cut is the worst one when nothing worse is found by more than this."""
_HAIR = 2e-7
"""Thousands of euros of room around what is held."""
_WORSE = 1e-6
"""Thousands of euros by which another tail may be worse."""
_ACTIVE = 1e-4
"""The least share of the weight with which a cut says where its cells lie."""
_PART = 1e-6
"""Of a scenario: less than this in the tail is outside it, and all but this is inside it."""
_PRICED = 1e-7
"""A reduced cost smaller than this is zero."""


@dataclass(frozen=True)
class _Tail:
    """Scenarios (positions) with their weights; weights add up to 1."""

    members: npt.NDArray[np.int64]
    weights: FloatVector


@dataclass(frozen=True)
class _Cut:
    """A tail in the programme: where its cover row of every cell and its columns are, and what the columns span."""

    tail: _Tail
    first_row: int
    """One row per cell, then the row of the cut itself."""
    first_column: int
    cells: npt.NDArray[np.int64]
    """Per column."""
    widths: FloatVector
    """Per column."""
    highest: FloatVector
    """(cell) the kink from which nothing is lost."""


class Risk:
    """The scenarios of a model, as losses of an answer."""

    def __init__(self, model: Model, confidence: float) -> None:
        problem = model.problem
        assert problem.scenarios is not None
        self.model, self.confidence = model, confidence
        self.scenarios = _futures(problem)
        of_city = model.city.items() if problem.city_scenarios is not None else ()
        places = [*((s, t) for _, s, t in model.x), *(place for place, _ in of_city)]
        self.weights = np.array([float(problem.priority[s]) * DISCOUNT**t for s, t in places])
        self.terms: list[list[tuple[Column, float]]] = [
            *([(column, 1.0), *model.savings(*cell)] for cell, column in model.x.items()),
            *([(column, 1.0)] for _, column in of_city),
        ]
        self.covers = _matrix(self.terms, len(model.columns))
        self._most = np.array(
            [
                *(_most_cover(problem.claims[cell], cell in model.extra) for cell in model.x),
                *(_most_cover(problem.city_claims[place], place in model.city_extra) for place, _ in of_city),
            ]
        )

    def cover(self, values: FloatVector) -> FloatVector:
        """(cell) money plus savings; areas, then the city."""
        cover: FloatVector = self.covers @ values[: self.covers.shape[1]]
        return cover

    def losses(self, cover: FloatVector) -> FloatVector:
        """(k) weighted thousands of euros per scenario."""
        loss: FloatVector = self.weights @ np.maximum(self.scenarios - cover[:, None], 0.0)
        return loss

    def worst_tail(self, cover: FloatVector) -> tuple[_Tail, float]:
        """The worst scenarios at this cover, and their mean loss (CVaR)."""
        losses = self.losses(cover)
        most = 1.0 / (len(losses) * (1.0 - self.confidence))
        order = np.argsort(-losses, kind="stable")
        shares = np.clip(1.0 - most * np.arange(len(losses)), 0.0, most)
        members = order[shares > 0]
        return _Tail(members, shares[shares > 0]), float(losses[order] @ shares)

    def minimise(self, live: LiveModel, costs: FloatVector, weight: float) -> float:
        """The least costs + weight * CVaR from where `live` stands, held for the stages after it."""
        start = live.size()
        risk_column = live.add_column(weight)
        live.minimise(costs, keep=[(risk_column, weight)])
        cuts: list[_Cut] = []
        for _ in range(_ROUNDS):
            values = live.values()
            tail, true_risk = self.worst_tail(self.cover(values))
            if true_risk <= float(values[risk_column]) + _NEAR * max(1.0, true_risk):
                break
            cuts.append(self._add_cut(live, risk_column, tail))
            live.run()
        answer = live.values()
        least = float(costs @ answer[: len(costs)]) + weight * float(answer[risk_column])
        duals = [abs(live.prices()[cut.first_row + len(self.weights)]) / weight for cut in cuts]
        active = [(cut, dual) for cut, dual in zip(cuts, duals, strict=True) if dual > _ACTIVE]
        low, high = self._where_cells_lie(live, [cut for cut, _ in active])
        if float(answer[risk_column]) <= _HAIR or not active:
            low = np.maximum(low, self.scenarios.max(axis=1))
        live.fix_optimal_face()
        live.shrink(start)
        cover = self.cover(answer)
        live.add_matrix(np.minimum(low, cover) - _HAIR, np.maximum(high, cover) + _HAIR, self.covers)
        worst = np.zeros(self.scenarios.shape[1])
        for cut, dual in active:
            worst[cut.tail.members] += dual * cut.tail.weights
        if active:
            live.watch = _Held(self, live, low, high, worst / worst.sum(), live.add_column(0.0))
        return least

    def _add_cut(self, live: LiveModel, risk_column: int, tail: _Tail) -> _Cut:
        """risk >= sum over cells of the tail loss; per cell and tail scenario one column between two kinks.

        What lies above the most that a cell can get is lost whatever is decided, and needs no column.
        """
        demand = self.scenarios[:, tail.members]
        order = np.argsort(-demand, axis=1, kind="stable")
        kinks = np.take_along_axis(demand, order, axis=1)
        prices = np.cumsum(tail.weights[order], axis=1) * self.weights[:, None]
        within = np.minimum(kinks, self._most[:, None])
        widths, all_widths = -np.diff(within, append=0.0), -np.diff(kinks, append=0.0)
        lost = float((prices * (all_widths - widths)).sum())
        cells, _ = open_ = np.nonzero(widths)
        first_row = live.size()[1]
        first, n = live.add_columns(widths[open_]), len(cells)
        none, wide = highspy.kHighsInf, (len(kinks), first + n)
        used = csr_matrix((np.ones(n), (cells, first + np.arange(n))), shape=wide)
        live.add_matrix(within[:, 0], np.full(len(kinks), none), _widened(self.covers, first + n) + used)
        shares = (
            np.append(1.0, -prices[open_]),
            (np.zeros(n + 1), np.append(risk_column, first + np.arange(n))),
        )
        total = csr_matrix(shares, shape=(1, first + n))
        live.add_matrix(np.array([lost]), np.full(1, none), total)
        return _Cut(tail, first_row, first, cells, widths[open_], within[:, 0])

    def _where_cells_lie(self, live: LiveModel, cuts: list[_Cut]) -> tuple[FloatVector, FloatVector]:
        """(cell) the least and the most cover of everything that is optimal, by the duals of these cuts."""
        solution = live.highs.getSolution()
        row_duals, reduced = np.array(solution.row_dual), np.array(solution.col_dual)
        n = len(self.weights)
        low, high = np.zeros(n), self._most
        for cut in cuts:
            price = reduced[cut.first_column : cut.first_column + len(cut.cells)]
            full = np.bincount(cut.cells, cut.widths * (price < -_PRICED), n)
            partly = np.bincount(cut.cells, cut.widths * (np.abs(price) <= _PRICED), n)
            active = np.abs(row_duals[cut.first_row : cut.first_row + n]) > _PRICED
            low = np.maximum(low, cut.highest - full - partly)
            high = np.minimum(high, np.where(active, cut.highest - full, highspy.kHighsInf))
        return low, high


@dataclass(frozen=True)
class _Held:
    """What keeps later answers at the least costs + weight * CVaR; called with an answer, it says if it added rows."""

    risk: Risk
    live: LiveModel
    low: FloatVector
    high: FloatVector
    """(cell) between these covers everything optimal lies."""
    worst: FloatVector
    """(k) tail weights that are the worst for everything optimal; together 1."""
    eta: int
    """The column that lies between the losses of the tail and the others."""
    known: set[int] = field(default_factory=set)

    def __call__(self, values: FloatVector) -> bool:
        """Where another tail is worse: the scenarios that are in one of the two and not as much in the other."""
        cover = self.risk.cover(values)
        tail, worst = self.risk.worst_tail(cover)
        if worst <= float(self.worst @ self.risk.losses(cover)) + _WORSE:
            return False
        now = np.zeros(len(self.worst))
        now[tail.members] = tail.weights
        new = [int(k) for k in np.flatnonzero(np.abs(now - self.worst) > _PART) if k not in self.known]
        for k in new:
            self._add(k)
        return bool(new)

    def _add(self, k: int) -> None:
        """loss >= eta in the tail, loss <= eta outside it, both for a scenario that is in it in part."""
        self.known.add(k)
        share = self.worst[k] * len(self.worst) * (1.0 - self.risk.confidence)
        row, lost = self._loss(k)
        none = highspy.kHighsInf
        low = -none if share < _PART else -lost - _HAIR
        high = none if share > 1.0 - _PART else -lost + _HAIR
        self.live.add_matrix(np.array([low]), np.array([high]), csr_matrix(row))

    def _loss(self, k: int) -> tuple[FloatVector, float]:
        """loss - eta as a row and a constant: a scenario above `high` falls with every euro; one in between is a new
        column, z >= scenario - cover (only outside the tail); a cell that cannot move has its loss."""
        risk, demand = self.risk, self.risk.scenarios[:, k]
        open_ = self.high - self.low > _HAIR
        above = open_ & (demand >= self.high - _HAIR)
        between = np.flatnonzero(open_ & ~above & (demand > self.low + _HAIR))
        first, n = self.live.add_columns(demand[between] - self.low[between]), len(between)
        if n:
            hinges = csr_matrix((np.ones(n), (np.arange(n), first + np.arange(n))), shape=(n, first + n))
            rows = _widened(risk.covers[between], first + n) + hinges
            self.live.add_matrix(demand[between], np.full(n, highspy.kHighsInf), rows)
        row = np.zeros(first + n)
        row[: risk.covers.shape[1]] = -(risk.covers.T @ (risk.weights * above))
        row[first:] = risk.weights[between]
        row[self.eta] = -1.0
        closed = np.where(open_, 0.0, np.maximum(demand - self.low, 0.0))
        return row, float(risk.weights @ (closed + above * demand))


def _matrix(terms: list[list[tuple[Column, float]]], n_columns: int) -> csr_matrix:
    starts = np.cumsum([0, *map(len, terms)])
    flat = [(column.index, factor) for row in terms for column, factor in row]
    return csr_matrix(
        ([factor for _, factor in flat], [index for index, _ in flat], starts), shape=(len(terms), n_columns)
    )


def _widened(matrix: csr_matrix, n_columns: int) -> csr_matrix:
    return csr_matrix((matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], n_columns))


def _most_cover(claim: int, may_exceed: bool) -> float:
    """Thousands of euros: budgets and savings stay within the claim, unless something may ask for more."""
    return highspy.kHighsInf if may_exceed else units(int(claim))


def _futures(problem: Problem) -> FloatVector:
    """(cell, k) thousands of euros: the cells of the areas, then those of the city."""
    known = [problem.scenarios, problem.city_scenarios]
    flat = [
        futures.reshape(-1, futures.shape[-1])[:, :MOST_SCENARIOS] for futures in known if futures is not None
    ]
    return np.concatenate(flat).astype(np.float64) / CENTS_PER_UNIT
