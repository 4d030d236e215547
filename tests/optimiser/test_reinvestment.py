"""Reinvested money is given: it comes on top of area budgets, shares the curves, and its surplus stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from optimiser.allocate import allocate, decide
from optimiser.allocation import Allocation
from optimiser.arithmetic import saved_by, with_savings_in_claims
from optimiser.problem import Problem, Programme, Reinvestment

Town = Callable[..., Problem]
Check = Callable[[Problem, Allocation], list[str]]
EURO = 100


def one_area(town: Town, spent: int, most_of_its_own: float = 0.0, slope: float = 3.0) -> Problem:
    """A hundred euros of claims a year; each of the first ten euros of prevention saves three a year later."""
    programme = Programme("P", "S1", ("WK01",), (4 * EURO, 6 * EURO), (slope, slope), 1, 1)
    problem = town(
        [[[100, 100, 100]]],
        [120, 100, 60],
        basic_share=1.0,
        last_budget=[[100]],
        programmes=(programme,),
        prevention_max_dt=most_of_its_own,
    )
    parts = np.array([[[[0, min(spent, 4), 0], [0, max(0, spent - 4), 0]]]]) * EURO
    saved = saved_by(problem, parts, problem.claims)
    return replace(problem, reinvestment=Reinvestment(parts, saved, np.array([[2 * spent, 0, 0]]) * EURO))


def test_it_is_in_no_ceiling_and_lowers_later_claims(town: Town, broken_rules: Check) -> None:
    problem = one_area(town, 10)
    plan = allocate(problem)
    assert plan.ceilings.tolist() == [[120 * EURO, 100 * EURO, 60 * EURO]]
    assert plan.savings.tolist() == [[[0, 0, 30 * EURO]]]
    assert plan.claims_after.tolist() == [[[100 * EURO, 100 * EURO, 70 * EURO]]]
    assert plan.shortfall.sum() == (100 - 30 - 60) * EURO
    assert broken_rules(problem, plan) == []
    assert plan.certificate is not None
    assert plan.certificate.cents < 1


def test_the_surplus_that_pays_for_it_stays_where_it_is(town: Town) -> None:
    assert decide(one_area(town, 10)).free[0, 0] == 20 * EURO


def test_an_areas_own_money_fills_what_it_leaves_of_the_segments(town: Town, broken_rules: Check) -> None:
    problem = one_area(town, 6, most_of_its_own=0.5)
    plan = decide(problem)
    assert plan.prevention[0, 0, 1] == (10 - 6) * EURO
    assert plan.savings[0, 0, 2] == 3 * 10 * EURO
    assert broken_rules(problem, plan) == []


def test_the_claims_are_lowered_once(town: Town) -> None:
    problem = one_area(town, 10)
    once = with_savings_in_claims(replace(problem, scenarios=problem.claims[..., None] + 0.0))
    assert once.claims.tolist() == [[[100 * EURO, 100 * EURO, 70 * EURO]]]
    assert once.scenarios is not None
    assert once.scenarios[0, 0, 2].tolist() == [70.0 * EURO]
    assert with_savings_in_claims(once) is once


def test_districts_may_be_listed_in_any_order(town: Town) -> None:
    programme = Programme("P", "S1", ("WK01", "WK02"), (10 * EURO,), (3.0,), 1, 1)
    problem = town(
        [[[100, 100]], [[50, 50]]], [170, 170], last_budget=[[100], [50]], programmes=(programme,),
        prevention_max_dt=0.0,
    )  # fmt: skip
    parts = np.array([[[[0, 5]]], [[[0, 0]]]]) * EURO
    given = Reinvestment(parts, np.zeros((2, 1, 2), dtype=np.int64), np.array([[10, 0], [0, 0]]) * EURO)
    plan = decide(replace(problem, reinvestment=given))
    assert plan.reinvested[:, 0, 0, 1].tolist() == [5 * EURO, 0]
    assert plan.free[0, 0] >= 10 * EURO
