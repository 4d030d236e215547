"""Reinvested money is given: it comes on top of area budgets, shares the curves, and its surplus stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from optimiser.allocate import allocate, decide
from optimiser.allocation import Allocation
from optimiser.problem import Problem, Programme, Reinvestment

Town = Callable[..., Problem]
EURO = 100


def one_area(town: Town, spent: int, money: tuple[int, int, int] = (120, 100, 60)) -> Problem:
    """A hundred euros of claims a year; each of the first ten euros of prevention saves three a year later."""
    programme = Programme("P", "S1", ("WK01",), (10 * EURO,), (3.0,), 1, 1)
    problem = town(
        [[[100, 100, 100]]],
        list(money),
        basic_share=1.0,
        last_budget=[[100]],
        programmes=(programme,),
        prevention_max_dt=0.0,
    )
    given = Reinvestment(
        spent=np.array([[[0, spent, 0]]]) * EURO,
        own_share=np.zeros((1, 3)),
        kept=np.array([[2 * spent, 0, 0]]) * EURO,
    )
    return replace(problem, reinvestment=given) if spent else problem


def test_it_is_in_no_ceiling_and_lowers_later_claims(town: Town) -> None:
    plan = allocate(one_area(town, 10))
    assert plan.reinvested.tolist() == [[[0, 10 * EURO, 0]]]
    assert plan.ceilings.tolist() == [[120 * EURO, 100 * EURO, 60 * EURO]]
    assert plan.savings.tolist() == [[[0, 0, 30 * EURO]]]
    assert plan.shortfall.sum() == (100 - 30 - 60) * EURO
    assert plan.certificate is not None
    assert plan.certificate.cents < 1


def test_the_surplus_that_pays_for_it_stays_where_it_is(town: Town) -> None:
    plan = decide(one_area(town, 10))
    assert plan.free[0, 0] == 20 * EURO


def test_both_kinds_of_money_share_the_segments_of_a_programme(town: Town) -> None:
    problem = one_area(town, 4)
    choices = replace(problem.choices, prevention_max_dt=np.full((1, 3), np.nan))
    plan = decide(replace(problem, choices=choices))
    assert (plan.prevention + plan.reinvested).max() == 10 * EURO
    assert plan.prevention[0, 0, 1] == (10 - 4) * EURO


def test_an_area_goes_on_spending_its_own_share_on_prevention(town: Town) -> None:
    problem = one_area(town, 4, money=(120, 110, 100))
    choices = replace(problem.choices, prevention_max_dt=np.full((1, 3), np.nan))
    useless = replace(problem.programmes[0], saving_per_euro=(0.5,))
    given = replace(problem.reinvestment, own_share=np.array([[0.0, 0.05, 0.0]]))  # type: ignore[type-var]
    plan = decide(replace(problem, choices=choices, programmes=(useless,), reinvestment=given))
    assert plan.prevention[0, 0, 1] >= 0.05 * plan.ceilings[0, 1] - 8


def test_districts_may_be_listed_in_any_order(town: Town) -> None:
    programme = Programme("P", "S1", ("WK01", "WK02"), (10 * EURO,), (3.0,), 1, 1)
    problem = town(
        [[[100, 100]], [[50, 50]]], [170, 170], last_budget=[[100], [50]], programmes=(programme,),
        prevention_max_dt=0.0,
    )  # fmt: skip
    given = Reinvestment(
        np.array([[[0, 5]], [[0, 0]]]) * EURO, np.zeros((2, 2)), np.array([[10, 0], [0, 0]]) * EURO
    )
    plan: Allocation = decide(replace(problem, reinvestment=given))
    assert plan.reinvested[:, 0, 1].tolist() == [5 * EURO, 0]
    assert plan.free[0, 0] >= 10 * EURO
