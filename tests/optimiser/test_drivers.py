"""Order-free shares: Shapley's axioms, on numbers and on whole allocations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimiser.allocate import allocate
from optimiser.allocation import Contradiction
from optimiser.drivers import Coalition, Game, active, area_budgets, coalitions, play, shapley
from optimiser.problem import Problem

Town = Callable[..., Problem]
DRIVERS = ("need", "money", "rules")


@given(st.lists(st.integers(-1000, 1000), min_size=8, max_size=8))
def test_a_share_is_the_mean_over_all_orders_and_the_shares_add_up(amounts: list[int]) -> None:
    values = {
        coalition: np.array([[float(amount)]])
        for coalition, amount in zip(coalitions(DRIVERS), amounts, strict=True)
    }
    shares = shapley(DRIVERS, values)
    for driver in DRIVERS:
        added = []
        for order in permutations(DRIVERS):
            before = frozenset(order[: order.index(driver)])
            added.append(float((values[before | {driver}] - values[before])[0, 0]))
        assert shares[driver][0, 0] == pytest.approx(sum(added) / 6)
    whole = float((values[frozenset(DRIVERS)] - values[frozenset()])[0, 0])
    assert sum(float(share[0, 0]) for share in shares.values()) == pytest.approx(whole)


def driven(before: Problem, plan: Problem) -> Callable[[Coalition], Problem]:
    """Need, money and rules of the plan or of the year before."""

    def problem_of(present: Coalition) -> Problem:
        of: dict[str, Any] = {name: plan if name in present else before for name in DRIVERS}
        return replace(
            plan, claims=of["need"].claims, sources=of["money"].sources, choices=of["rules"].choices
        )

    return problem_of


def played(before: Problem, plan: Problem, giving_way: tuple[str, ...]) -> Game:
    problem_of = driven(before, plan)
    return play(problem_of, active(problem_of, DRIVERS), giving_way)


def test_shares_of_a_plan_on_paper(town: Town) -> None:
    """100 more need in both areas and 100 more money; alone they do nothing, or leave the money free."""
    before = town([[[100]], [[100]]], 200, last_budget=[[100], [100]])
    plan = town([[[200]], [[200]]], 300, last_budget=[[100], [100]])
    game = played(before, plan, ("rules",))
    assert game.drivers == ("need", "money")
    assert game.start == pytest.approx(np.full((2, 1), 100_00.0))
    assert game.end == pytest.approx(np.full((2, 1), 150_00.0))
    assert game.shares()["money"] == pytest.approx(np.full((2, 1), 50_00.0))
    assert game.shares()["need"] == pytest.approx(np.zeros((2, 1)), abs=1e-3)


def test_areas_that_are_alike_have_the_same_shares_and_shares_add_up_to_the_plan(town: Town) -> None:
    before = town(np.full((4, 2, 2), 300), 2000, last_budget=np.full((4, 2), 250))
    claims = np.full((4, 2, 2), 300)
    claims[:2, :, 1] = 400
    growth = np.array([[0.05], [0.05], [np.nan], [np.nan]])
    plan = town(claims, 2300, last_budget=np.full((4, 2), 250), max_growth_dt=growth)
    game = played(before, plan, ("rules",))
    for share in game.shares().values():
        assert share[0] == pytest.approx(share[1], abs=1e-3)
        assert share[2] == pytest.approx(share[3], abs=1e-3)
    assert sum(game.shares().values()) + game.start == pytest.approx(game.end, abs=1e-6)
    assert game.end == pytest.approx(allocate(plan).ceilings, abs=50)


def test_rules_that_cannot_hold_yet_do_not_count_yet(town: Town) -> None:
    """A lock of 150 needs the money that came with it."""
    before = town([[[100]], [[100]]], 100, last_budget=[[50], [50]])
    plan = town([[[100]], [[100]]], 200, last_budget=[[50], [50]], locked_dst=[[[150]], [[np.nan]]])
    game = played(before, plan, ("rules",))
    assert game.replaced == {frozenset({"rules"}): frozenset()}
    assert game.shares()["rules"] == pytest.approx(np.array([[25_00.0], [-25_00.0]]))
    assert game.shares()["money"] == pytest.approx(np.array([[75_00.0], [25_00.0]]))
    with pytest.raises(Contradiction):
        played(before, plan, ())


def test_the_order_of_the_areas_changes_no_share(town: Town) -> None:
    claims = np.array([[[300]], [[200]], [[100]]])
    last = np.array([[150.0], [150.0], [150.0]])
    problem = town(claims, 450, last_budget=last)
    other = town(claims[::-1], 450, last_budget=last[::-1])
    assert area_budgets(problem) == pytest.approx(area_budgets(other)[::-1])
