"""Risk: what the worst futures cost, exactly, without writing every future out.

    loss[k] = sum_dst w[s] discount^t (scenario[d,s,t,k] - cover[d,s,t])+     cover = x + savings
            + the same for the city-wide claims, where their futures are known
    CVaR    = mean loss of the worst (1 - confidence) of the scenarios

For a given set of tail weights q the tail loss is a sum over cells of convex piecewise-linear functions of their
cover, with one kink per scenario in the tail: per cell one row and bounded columns. So: solve, look which scenarios
are the worst at that answer, add that tail as one cut, until the worst tail is one that is already there. Every cut
is a lower bound and exact at its own tail; a few rounds do.

Afterwards every cell is kept between the two scenarios where it lies. There every cut is linear, so the optimum is
held by one row per cut, and the columns of the cuts can go.
"""

from __future__ import annotations

from dataclasses import dataclass

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
_NEAR = 1e-7
"""Relative: the tail of a cut is the worst one when nothing worse is found by more than this."""
_HAIR = 1e-6
"""Thousands of euros of room around what is held."""


@dataclass(frozen=True)
class _Tail:
    """Scenarios (positions) with their weights; weights add up to 1."""

    members: npt.NDArray[np.int64]
    weights: FloatVector


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
        self._covers = _matrix(self.terms, len(model.columns))
        self._most = np.array(
            [
                *(_most_cover(problem.claims[cell], cell in model.extra) for cell in model.x),
                *(_most_cover(problem.city_claims[place], place in model.city_extra) for place, _ in of_city),
            ]
        )

    def cover(self, values: FloatVector) -> FloatVector:
        """(cell) money plus savings; areas, then the city."""
        cover: FloatVector = self._covers @ values[: self._covers.shape[1]]
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
        tails: list[_Tail] = []
        for _ in range(_ROUNDS):
            values = live.values()
            tail, true_risk = self.worst_tail(self.cover(values))
            if true_risk <= float(values[risk_column]) + _NEAR * max(1.0, true_risk):
                break
            tails.append(tail)
            self._add_cut(live, risk_column, tail)
            live.run()
        answer = live.values()
        objective = float(costs @ answer[: len(costs)]) + weight * float(answer[risk_column])
        live.shrink(start)
        self._hold(live, costs, weight, objective, answer, tails)
        return objective

    def _add_cut(self, live: LiveModel, risk_column: int, tail: _Tail) -> None:
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
        first, n = live.add_columns(widths[open_]), len(cells)
        none, wide = highspy.kHighsInf, (len(kinks), first + n)
        used = csr_matrix((np.ones(n), (cells, first + np.arange(n))), shape=wide)
        live.add_matrix(within[:, 0], np.full(len(kinks), none), _widened(self._covers, first + n) + used)
        shares = (
            np.append(1.0, -prices[open_]),
            (np.zeros(n + 1), np.append(risk_column, first + np.arange(n))),
        )
        total = csr_matrix(shares, shape=(1, first + n))
        live.add_matrix(np.array([lost]), np.full(1, none), total)

    def _hold(
        self,
        live: LiveModel,
        costs: FloatVector,
        weight: float,
        objective: float,
        answer: FloatVector,
        tails: list[_Tail],
    ) -> None:
        cover = self.cover(answer)
        below, above = np.zeros(len(cover)), np.full(len(cover), highspy.kHighsInf)
        for tail in tails:
            demand = self.scenarios[:, tail.members]
            lower = np.where(demand <= cover[:, None] + _HAIR, demand, 0.0).max(axis=1)
            upper = np.where(demand >= cover[:, None] - _HAIR, demand, highspy.kHighsInf).min(axis=1)
            below, above = np.maximum(below, lower), np.minimum(above, upper)
        live.add_matrix(np.minimum(below, cover) - _HAIR, np.maximum(above, cover) + _HAIR, self._covers)
        rows, sides = [], []
        for tail in tails or [self.worst_tail(cover)[0]]:
            demand = self.scenarios[:, tail.members]
            short = demand > cover[:, None]
            slopes = self.weights * (short @ tail.weights)
            constant = float(self.weights @ ((demand * short) @ tail.weights))
            rows.append(costs - weight * (self._covers.T @ slopes))
            sides.append(objective - weight * constant + _HAIR)
        live.add_matrix(np.full(len(rows), -highspy.kHighsInf), np.array(sides), csr_matrix(np.array(rows)))


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
