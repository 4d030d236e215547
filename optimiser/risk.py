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

from optimiser.model import CENTS_PER_UNIT, DISCOUNT, Column, Model
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

    def cover(self, values: FloatVector) -> FloatVector:
        """(cell) money plus savings; areas, then the city."""
        cover = values[[terms[0][0].index for terms in self.terms]].copy()
        for i, terms in enumerate(self.terms):
            for column, factor in terms[1:]:
                cover[i] += factor * values[column.index]
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
        """risk >= sum over cells of the tail loss; per cell and tail scenario one column between two kinks."""
        demand = self.scenarios[:, tail.members]
        order = np.argsort(-demand, axis=1, kind="stable")
        kinks = np.take_along_axis(demand, order, axis=1)
        widths = kinks - np.hstack([kinks[:, 1:], np.zeros((len(kinks), 1))])
        prices = np.cumsum(tail.weights[order], axis=1) * self.weights[:, None]
        first = live.add_columns(widths.ravel())
        n = kinks.shape[1]
        rows = [
            [
                *((column.index, factor) for column, factor in terms),
                *((first + i * n + j, 1.0) for j in range(n)),
            ]
            for i, terms in enumerate(self.terms)
        ]
        live.add_rows(kinks[:, 0], np.full(len(rows), highspy.kHighsInf), rows)
        total = [
            (risk_column, 1.0),
            *((first + i, -price) for i, price in enumerate(prices.ravel().tolist())),
        ]
        live.add_rows(np.zeros(1), np.full(1, highspy.kHighsInf), [total])

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
        boxes = [[(column.index, factor) for column, factor in terms] for terms in self.terms]
        live.add_rows(np.minimum(below, cover) - _HAIR, np.maximum(above, cover) + _HAIR, boxes)
        linear = [(j, float(cost)) for j, cost in enumerate(costs.tolist()) if cost]
        rows, sides = [], []
        for tail in tails or [self.worst_tail(cover)[0]]:
            demand = self.scenarios[:, tail.members]
            short = demand > cover[:, None]
            slopes = self.weights * (short @ tail.weights)
            constant = float(self.weights @ ((demand * short) @ tail.weights))
            row: dict[int, float] = dict(linear)
            for slope, terms in zip((weight * slopes).tolist(), self.terms, strict=True):
                for column, factor in terms:
                    row[column.index] = row.get(column.index, 0.0) - slope * factor
            rows.append(list(row.items()))
            sides.append(objective - weight * constant + _HAIR)
        live.add_rows(np.full(len(rows), -highspy.kHighsInf), np.array(sides), rows)


def _futures(problem: Problem) -> FloatVector:
    """(cell, k) thousands of euros: the cells of the areas, then those of the city."""
    known = [problem.scenarios, problem.city_scenarios]
    flat = [
        futures.reshape(-1, futures.shape[-1])[:, :MOST_SCENARIOS] for futures in known if futures is not None
    ]
    return np.concatenate(flat).astype(np.float64) / CENTS_PER_UNIT
