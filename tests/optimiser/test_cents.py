"""Whole cents under rules that are shares of an amount: there is always an answer, and every rule holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.allocate import allocate
from optimiser.allocation import Allocation, Contradiction
from optimiser.problem import Problem, Programme

Town = Callable[..., Problem]
Check = Callable[[Problem, Allocation], list[str]]
SHARE = st.sampled_from([0.0, 0.01, 0.02, 0.033, 0.05, 0.0777])


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    amounts=st.lists(st.integers(1_000, 400_000), min_size=12, max_size=12),
    money=st.integers(10_000, 2_000_000),
    prevention=st.tuples(SHARE, SHARE).map(sorted),
    lag=st.integers(0, 1),
    room=st.sampled_from([0.0, 0.4, np.nan]),
    growth=st.sampled_from([0.0, 0.05, 0.0333, np.nan]),
)
def test_shares_that_leave_no_cent_of_room_still_have_a_plan_in_whole_cents(
    town: Town,
    broken_rules: Check,
    amounts: list[int],
    money: int,
    prevention: list[float],
    lag: int,
    room: float,
    growth: float,
) -> None:
    claims = np.array(amounts).reshape(3, 2, 2)
    problem = town(
        claims,
        money,
        last_budget=claims[:, :, 0],
        programmes=(Programme("P", "S1", ("WK01", "WK02", "WK03"), (10**9,), (1.5,), lag, 2),),
        prevention_min_dt=prevention[0],
        prevention_max_dt=prevention[1],
        shift_room_dst=room,
        max_growth_dt=growth,
    )
    try:
        plan = allocate(problem)
    except Contradiction:
        return
    assert broken_rules(problem, plan) == []


def test_a_silo_without_room_keeps_every_share_to_the_cent(town: Town) -> None:
    plan = allocate(town([[[100], [100]]], 1000, last_budget=[[100, 200]], shift_room_dst=0.0))
    assert plan.budgets[0, :, 0].tolist() == [100 * 100, 100 * 100]
    assert plan.free[0, 0] == (1000 - 2 * 100) * 100


def test_prevention_fixed_at_a_share_is_that_share_rounded_down(town: Town) -> None:
    plan = allocate(
        town(
            [[[100]], [[200]], [[333]]],
            701,
            last_budget=[[100], [200], [333]],
            programmes=(Programme("P", "S1", (), (10**6,), (1.5,), 1, 2),),
            prevention_min_dt=0.02,
            prevention_max_dt=0.02,
        )
    )
    assert plan.prevention[:, 0, 0].tolist() == [
        ceiling * 2 // 100 for ceiling in plan.ceilings[:, 0].tolist()
    ]


def test_an_area_at_its_limit_ends_on_it_in_every_year(town: Town) -> None:
    options: dict[str, Any] = {"last_budget": [[136_500], [136_500.07]], "max_growth_dt": 0.05}
    plan = allocate(town([[[900_000] * 4]] * 2, 1_000_000, **options))
    for ceilings in plan.ceilings.tolist():
        assert ceilings[1:] == [before * 105 // 100 for before in ceilings[:-1]]


@pytest.mark.parametrize("seed", [*range(3340, 3352), 3753])
def test_silos_and_prevention_fixed_everywhere_keep_every_rule(
    random_town: Town, broken_rules: Check, seed: int
) -> None:
    """Towns where no cent can move without another, in any year."""
    problem, r = random_town(seed), np.random.default_rng(seed)
    share = float(r.choice([0.0, 0.01, 0.02, 0.033, 0.05, 0.0777]))
    fixed = np.full_like(problem.choices.prevention_min_dt, share)
    choices = replace(
        problem.choices,
        shift_room_dst=np.zeros_like(problem.choices.shift_room_dst),
        prevention_min_dt=fixed,
        prevention_max_dt=fixed,
    )
    try:
        plan = allocate(replace(problem, choices=choices))
    except Contradiction:
        return
    assert broken_rules(problem, plan) == []


def test_the_cents_of_margin_go_back_to_where_money_is_short(town: Town) -> None:
    """Two areas that fall by at most 10 % a year under too little money: nobody keeps 4 cents for the rounding."""
    options: dict[str, Any] = {"last_budget": [[100_000], [50_000]], "max_fall_dt": 0.1}
    plan = allocate(town([[[10_000] * 3], [[90_000] * 3]], 140_000, **options))
    assert plan.ceilings[0].tolist() == [100_000_00 * 9**t // 10**t for t in (1, 2, 3)]
    assert plan.certificate is not None
    assert plan.certificate.cents < 1
