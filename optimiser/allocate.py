"""Who gets what: from a problem to an allocation in whole cents, with its reasons."""

from __future__ import annotations

import numpy as np

from optimiser.allocation import Allocation
from optimiser.arithmetic import basic_package, central_buffer, claims_after_savings, savings_of
from optimiser.cents import prevention_of, whole_cents
from optimiser.closest import closest_to_last_year
from optimiser.model import Model
from optimiser.order import in_the_order_of_the_input, neutral_order, reordered
from optimiser.payments import payments
from optimiser.problem import Problem
from optimiser.rules import RULES
from optimiser.solver import LiveModel, used_solver
from optimiser.stages import first_goal, solve_in_order


def allocate(problem: Problem) -> Allocation:
    """The best allocation under every rule of the problem, unique and in whole cents.

    Raises Contradiction when the rules cannot hold together. Lack of money is never a reason: the basic package
    and the expected cost are goals (see `stages`), and what cannot be funded is shortfall.
    """
    order = neutral_order(problem)
    neutral = reordered(problem, order)
    model = build(neutral)
    live = LiveModel.of(model, first_goal(model).costs)
    stages = solve_in_order(model, live)
    amounts = closest_to_last_year(model, live)
    cents = whole_cents(model, amounts)
    allocation = _allocation(model, cents, tuple(stages))
    return in_the_order_of_the_input(allocation, order)


def build(problem: Problem, margin: int = 4) -> Model:
    """The linear programme of a problem: every rule adds its rows."""
    model = Model(problem, margin)
    for rule in RULES:
        rule.add(model)
    return model


def _allocation(model: Model, cents, stages) -> Allocation:
    problem = model.problem
    n_areas, n_streams, n_years = problem.shape

    def gather(columns, *shape):
        array = np.zeros(shape, dtype=np.int64)
        for index, column in columns.items():
            array[index] = cents[column.index]
        return array

    budgets = gather(model.x, n_areas, n_streams, n_years)
    city = gather(model.city, n_streams, n_years)
    free = gather(model.free, n_areas, n_years)
    reserve_in = gather(model.reserve_in, len(problem.reserves), n_years)
    reserve_out = gather(model.reserve_out, len(problem.reserves), n_years)
    buffer = central_buffer(problem)
    prevention = prevention_of(model, cents)
    savings = savings_of(problem, prevention)
    claims_after = claims_after_savings(problem, savings)
    basic = basic_package(claims_after, problem.basic_share)
    city_basic = basic_package(problem.city_claims, problem.city_basic_share)
    other = buffer + prevention.sum(axis=(0, 1)) + free.sum(axis=0) + reserve_in.sum(axis=0)
    use, unspent = payments(problem, budgets.sum(axis=0) + city, other, reserve_out.sum(axis=0))
    return Allocation(
        budgets=budgets,
        prevention=prevention,
        free=free,
        city=city,
        unspent=unspent,
        buffer=buffer,
        reserve_in=reserve_in,
        reserve_out=reserve_out,
        source_use=use,
        savings=savings,
        claims_after=claims_after,
        basic=basic,
        shortfall=np.maximum(basic - budgets, 0),
        city_basic=city_basic,
        city_shortfall=np.maximum(city_basic - city, 0),
        causes={},
        shadow_prices=(),
        stages=stages,
        solver=used_solver(),
    )
