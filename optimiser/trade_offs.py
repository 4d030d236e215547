"""What one goal costs in another: strategies side by side, a frontier, the plain formula, and what knowing is worth.

Every point is a strategy. It is solved from the same place as `allocate` starts from, in the same programme, so that
planning again with that strategy gives the point's figures to the cent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from optimiser.allocate import decision, undecided
from optimiser.allocation import Allocation, Contradiction
from optimiser.arithmetic import basic_package, central_buffer, total_money
from optimiser.certainty import Divided, buffer_for
from optimiser.measures import Measures, losses, mean_of_worst, measured
from optimiser.problem import STRATEGIES, Cents, FloatArray, Problem, Strategy, mixed
from optimiser.solver import NotSolved


@dataclass(frozen=True)
class Point:
    """What one strategy gives with the same claims, money and rules."""

    strategy: Strategy
    allocation: Allocation
    """Without shadow prices and proof."""
    measures: Measures


def presets(problem: Problem) -> list[Strategy]:
    """The named strategies, with the risk weight and confidence of the problem's own: the ends of the frontier."""
    return _as_sure(problem, STRATEGIES)


def frontier(problem: Problem, step: int = 25) -> list[Strategy]:
    """Between the ends: compromises of shortage risk, equal cover and prevention, weights in steps of `step` percent.

    With n = 100 / step there are (n + 1)(n + 2) / 2 - 3 of them.
    """
    grid = range(100, -1, -step)
    every = (mixed(risk, cover, 100 - risk - cover) for risk in grid for cover in grid if risk + cover <= 100)
    return _as_sure(problem, [strategy for strategy in every if max(strategy.weights) < 1])


def _as_sure(problem: Problem, strategies: Sequence[Strategy]) -> list[Strategy]:
    own = problem.strategy
    return [
        replace(strategy, risk_weight=own.risk_weight, confidence=own.confidence) for strategy in strategies
    ]


def under(problem: Problem, strategies: Sequence[Strategy]) -> Iterator[Point]:
    """One point per strategy, each by warm re-solves of one programme. Raises Contradiction.

    A strategy under which the problem has no answer (a contract that its order of goals cannot meet) is left out.
    """
    model, live, order = undecided(problem)
    start = live.highs.getBasis()
    for strategy in strategies:
        live.release()
        live.highs.setBasis(start)
        twin = copy(model)
        twin.problem = replace(model.problem, strategy=strategy)
        with suppress(Contradiction, NotSolved):
            answer = decision(twin, live, order)
            yield Point(strategy, answer, measured(problem, answer))


@dataclass(frozen=True)
class PlainFormula:
    """The same money divided by shares of need, and nothing else; axes and cents as in `Allocation`."""

    budgets: Cents
    free: Cents
    """(d, t) money above all need."""
    city: Cents
    prevention: Cents
    """(d, 0, t): a formula plans none."""
    claims_after: Cents
    shortfall: Cents
    """(d, s, t) basic package that is not funded."""
    too_fast: int
    """Area-years in which the budget moves faster than the pace rules allow."""

    @property
    def ceilings(self) -> Cents:
        """(d, t)"""
        return np.asarray(self.budgets.sum(axis=1) + self.free, dtype=np.int64)


def plain_formula(problem: Problem) -> PlainFormula:
    """Everybody the same part of the expected cost: what one does without an optimiser.

    part[t] = (money[t] - buffer[t]) / all claims of year t
    budget  = claim * min(1, part),   free[d, t] = sum_s claim * max(0, part - 1),   in whole cents, downwards
    """
    money: Cents = total_money(problem) - central_buffer(problem)
    claims = problem.claims.sum(axis=(0, 1)) + problem.city_claims.sum(axis=0)
    part = np.divide(money, claims, out=np.ones(len(claims)), where=claims > 0)
    paid = np.minimum(part, 1.0)
    budgets = _down(problem.claims * paid)
    free = _down(problem.claims.sum(axis=1) * np.maximum(part - 1.0, 0.0))
    ceilings = budgets.sum(axis=1) + free
    totals = np.hstack([problem.last_ceiling[:, None], ceilings])
    with np.errstate(divide="ignore", invalid="ignore"):
        change = totals[:, 1:] / totals[:, :-1] - 1
    falls = change < -np.abs(problem.choices.max_fall_dt) - 1e-6
    grows = change > problem.choices.max_growth_dt + 1e-6
    return PlainFormula(
        budgets=budgets,
        free=free,
        city=_down(problem.city_claims * paid),
        prevention=np.zeros((len(problem.areas), 0, len(problem.years)), dtype=np.int64),
        claims_after=problem.claims,
        shortfall=np.maximum(basic_package(problem.claims, problem.basic_share) - budgets, 0),
        too_fast=int((falls | grows).sum()),
    )


def _down(amounts: FloatArray) -> Cents:
    return np.floor(amounts + 1e-6).astype(np.int64)


@dataclass(frozen=True)
class Worth:
    """What it would be worth to know one stream twice as well, with the budgets as they are; cents."""

    stream: str
    buffer: Cents
    """(t) the buffer for the stated confidence that is no longer needed."""
    risk: int
    """By how much the mean lack of the worst tenth of the futures falls, all years."""


def worth_of_halving(problem: Problem, division: Divided, confidence: float) -> tuple[Worth, ...]:
    """Per stream: every future half as far from the mean of the futures. Raises ValueError without scenarios."""
    buffer = buffer_for(problem, division, confidence)
    risk = mean_of_worst(losses(problem, division))
    found = []
    for s, stream in enumerate(problem.streams):
        known = _half_as_uncertain(problem, s)
        less = buffer - buffer_for(known, division, confidence)
        found.append(Worth(stream, less, round(risk - mean_of_worst(losses(known, division)))))
    return tuple(found)


def _half_as_uncertain(problem: Problem, s: int) -> Problem:
    assert problem.scenarios is not None
    areas = problem.scenarios.copy()
    areas[:, s] = (areas[:, s] + areas[:, s].mean(axis=-1, keepdims=True)) / 2
    city = None if problem.city_scenarios is None else problem.city_scenarios.copy()
    if city is not None:
        city[s] = (city[s] + city[s].mean(axis=-1, keepdims=True)) / 2
    return replace(problem, scenarios=areas, city_scenarios=city)
