"""What one goal costs in another: a frontier by warm re-solves, and the plain formula beside the optimum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimiser.allocate import solvable
from optimiser.arithmetic import basic_package, central_buffer, total_money
from optimiser.model import CENTS_PER_UNIT, DISCOUNT, Model
from optimiser.order import neutral_order, reordered
from optimiser.problem import Cents, FloatArray, Problem
from optimiser.solver import FloatVector, LiveModel
from optimiser.stages import gap, goals, net_cost_of_prevention


@dataclass(frozen=True)
class Point:
    """One best compromise; shares and euros over all years."""

    weight: float
    """0: only the expected cost counts; 1: only equal cover."""
    lack: float
    """Euros of expected cost that are not funded, areas and city."""
    worst_lack: float
    """The largest share of its expected cost that an area (or the city) lacks in any year."""
    prevention: float
    """Euros."""


def frontier(problem: Problem, points: int = 21) -> tuple[Point, ...]:
    """Best compromises between funding the expected cost and equal cover, on the least shortfall.

    Raises Contradiction.
    """
    model, live = solvable(reordered(problem, neutral_order(problem)))
    first = next(goals(model))
    live.minimise(first.costs)
    live.fix_optimal_face()
    cost, unequal = model.costs(gap(model)), _unequal(model)
    found = []
    for weight in np.linspace(0.0, 1.0, points).tolist():
        mixed = max(1 - weight, _TIE) * cost + max(weight, _TIE) * unequal
        live.minimise(mixed + _TIE * model.costs(net_cost_of_prevention(model)))
        found.append(_point(model, live, weight))
    return tuple(found)


_TIE = 1e-4
"""What each goal weighs at least, so that no end of the frontier is arbitrary."""


def _unequal(model: Model) -> FloatVector:
    return model.costs((column, weight * DISCOUNT**t) for t, weight, column in model.unequal)


def _point(model: Model, live: LiveModel, weight: float) -> Point:
    values, problem = live.values(), model.problem
    n_areas, _, n_years = problem.shape
    lack = np.zeros((n_areas, n_years))
    for family in (model.gap, model.short):
        for (d, _, t), column in family.items():
            lack[d, t] += values[column.index]
    city = np.zeros(n_years)
    for city_family in (model.city_gap, model.city_short):
        for (_, t), column in city_family.items():
            city[t] += values[column.index]
    claims = np.vstack([problem.claims.sum(axis=1), problem.city_claims.sum(axis=0)]) / CENTS_PER_UNIT
    every = np.vstack([lack, city])
    shares = np.divide(every, claims, out=np.zeros_like(every), where=claims > 0)
    euros = CENTS_PER_UNIT / 100
    spent = sum(float(values[column.index]) for column in model.prevention.values())
    return Point(weight, float(every.sum()) * euros, float(shares.max(initial=0.0)), spent * euros)


@dataclass(frozen=True)
class PlainFormula:
    """The same money divided by shares of need, and nothing else."""

    budgets: FloatArray
    """(d, s, t) cents."""
    shortfall: FloatArray
    """(d, s, t) basic package that is not funded, cents."""
    too_fast: int
    """Area-years in which the budget moves faster than the pace rules allow."""


def plain_formula(problem: Problem) -> PlainFormula:
    """Everybody the same part of the expected cost: what one does without an optimiser.

    budget[d,s,t] = claim[d,s,t] * min(1, (money[t] - buffer[t]) / all claims of year t)
    """
    money: Cents = total_money(problem) - central_buffer(problem)
    claims = problem.claims.sum(axis=(0, 1)) + problem.city_claims.sum(axis=0)
    part = np.minimum(1.0, np.divide(money, claims, out=np.ones(len(claims)), where=claims > 0))
    budgets = problem.claims * part
    shortfall = np.maximum(basic_package(problem.claims, problem.basic_share) - budgets, 0.0)
    totals = np.hstack([problem.last_ceiling[:, None], budgets.sum(axis=1)])
    change = np.divide(totals[:, 1:], totals[:, :-1]) - 1
    falls = change < -np.abs(problem.choices.max_fall_dt) - 1e-9
    grows = change > problem.choices.max_growth_dt + 1e-9
    return PlainFormula(budgets, shortfall, int((falls | grows).sum()))


def regret(problem: Problem, budgets: Cents) -> FloatVector:
    """(k) per future: priority-weighted euros that these budgets lack more than the same money, divided with hindsight.

    With hindsight every euro of a year's area money goes to the highest priority that is still short.
    """
    assert problem.scenarios is not None
    weight = problem.priority[None, :, None, None]
    years = DISCOUNT ** np.arange(len(problem.years))
    lack = (weight * np.maximum(problem.scenarios - budgets[..., None], 0.0)).sum(axis=(0, 1))
    money = budgets.sum(axis=(0, 1)).astype(np.float64)[:, None] + np.zeros(lack.shape)
    least = np.zeros(lack.shape)
    for s in np.argsort(-problem.priority, kind="stable"):
        need = problem.scenarios[:, s].sum(axis=0)
        paid = np.minimum(need, money)
        money = money - paid
        least += problem.priority[s] * (need - paid)
    return np.asarray(years @ (lack - least) / 100, dtype=np.float64)
