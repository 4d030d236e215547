"""Who gets what: from a problem to an allocation in whole cents, with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from optimiser.allocation import Allocation, Stage
from optimiser.arithmetic import basic_package, central_buffer, claims_after_savings, savings_of
from optimiser.causes import causes
from optimiser.cents import prevention_of, whole_cents
from optimiser.certificate import certified
from optimiser.closest import closest_to_last_year
from optimiser.contradictions import contradiction, prevention_out_of_reach
from optimiser.model import Column, Model
from optimiser.order import in_the_order_of_the_input, neutral_order, reordered
from optimiser.payments import payments
from optimiser.problem import Cents, Problem
from optimiser.rules import RULES
from optimiser.shadow_prices import shadow_prices
from optimiser.solver import FloatVector, Infeasible, LiveModel, NotSolved, used_solver
from optimiser.stages import hold_prevention, solve_in_order
from optimiser.whatif import WhatIf, merit_order


def allocate(problem: Problem) -> Allocation:
    """The best allocation under every rule of the problem, unique and in whole cents.

    Raises Contradiction when the rules cannot hold together. Lack of money is never a reason: the basic package
    and the expected cost are goals (see `stages`), and what cannot be funded is shortfall.
    """
    order = neutral_order(problem)
    model, live = solvable(reordered(problem, order))
    what_if = WhatIf(model, live)
    solved = solve_in_order(model, live)
    amounts, prices = closest_to_last_year(model, live), solved.prices
    if hold_prevention(model, live, amounts):
        with suppress(Infeasible):
            solved = solve_in_order(model, live)
            amounts = closest_to_last_year(model, live)
    refuse_unmeetable_contracts(model, amounts)
    allocation = read_allocation(model, whole_cents(model, amounts), solved.stages)
    explained = replace(
        allocation,
        causes=causes(model.problem, allocation),
        shadow_prices=shadow_prices(what_if),
        certificate=certified(model, allocation, prices),
    )
    return in_the_order_of_the_input(explained, order)


def build(problem: Problem) -> Model:
    """The linear programme of a problem: every rule adds its rows."""
    model = Model(problem)
    for rule in RULES:
        rule.add(model)
    return model


def solvable(problem: Problem) -> tuple[Model, LiveModel]:
    """The programme, solved in merit order; without margins where the rules leave no cent of room.

    Raises Contradiction when even that has no answer.
    """
    impossible = prevention_out_of_reach(problem)
    if impossible is not None:
        raise impossible
    model = build(problem)
    try:
        return model, LiveModel.of(model, merit_order(model))
    except Infeasible:
        with suppress(Infeasible):
            return model, LiveModel.without_margins(model)
    clash = contradiction(model)
    if clash is None:
        raise NotSolved("no answer, and no rules that contradict each other")
    raise clash


def refuse_unmeetable_contracts(model: Model, amounts: FloatVector) -> None:
    """A contract may be short of money; when money would not help, its minimum contradicts another rule."""
    if any(amounts[column.index] > 1e-6 for column in model.contract_short.values()):
        clash = contradiction(model, money=False, elastic_contracts=False)
        if clash is not None:
            raise clash


def read_allocation(model: Model, cents: npt.NDArray[np.int64], stages: tuple[Stage, ...]) -> Allocation:
    """The answer from its columns in whole cents; everything else follows from them by arithmetic."""
    problem = model.problem
    n_areas, n_streams, n_years = problem.shape
    budgets = _gathered(model.x, cents, (n_areas, n_streams, n_years))
    city = _gathered(model.city, cents, (n_streams, n_years))
    free = _gathered(model.free, cents, (n_areas, n_years))
    reserve_in = _gathered(model.reserve_in, cents, (len(problem.reserves), n_years))
    reserve_out = _gathered(model.reserve_out, cents, (len(problem.reserves), n_years))
    buffer, prevention = central_buffer(problem), prevention_of(model, cents)
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


def _gathered(columns: Mapping[Any, Column], cents: npt.NDArray[np.int64], shape: tuple[int, ...]) -> Cents:
    amounts = np.zeros(shape, dtype=np.int64)
    for place, column in columns.items():
        amounts[place] = cents[column.index]
    return amounts
