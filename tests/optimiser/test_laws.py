"""Laws that hold whatever the numbers: names, order, scale and more money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.allocate import allocate, decision, solvable, undecided
from optimiser.allocation import Allocation, Contradiction
from optimiser.order import neutral_order, reordered
from optimiser.problem import CERTAINTY, Problem

Towns = Callable[..., Problem]


def plan_or_none(problem: Problem) -> Allocation | None:
    try:
        return allocate(problem)
    except Contradiction:
        return None


def renamed(problem: Problem, names: dict[str, str]) -> Problem:
    def new(codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names[code] for code in codes)

    return replace(
        problem,
        areas=new(problem.areas),
        area_names=new(problem.areas),
        programmes=tuple(replace(p, areas=new(p.areas)) for p in problem.programmes),
        contracts=tuple(replace(c, areas=new(c.areas)) for c in problem.contracts),
    )


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), shuffle=st.permutations(range(5)))
def test_renaming_and_reordering_districts_changes_no_cent(
    random_town: Towns, seed: int, shuffle: list[int]
) -> None:
    problem = random_town(seed, 5)
    names = {code: f"X{shuffle[d]}" for d, code in enumerate(problem.areas)}
    other = renamed(reordered(problem, np.array(shuffle)), names)
    before, after = plan_or_none(problem), plan_or_none(other)
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        for name in ("budgets", "prevention", "free"):
            np.testing.assert_array_equal(getattr(before, name)[shuffle], getattr(after, name))
        np.testing.assert_array_equal(before.city, after.city)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), extra=st.integers(1, 10**5))
def test_more_free_money_never_raises_the_weighted_shortfall(
    random_town: Towns, seed: int, extra: int
) -> None:
    problem = random_town(seed)
    first, *others = problem.sources
    richer = replace(problem, sources=(replace(first, amounts=first.amounts + extra), *others))
    if np.nan_to_num(problem.choices.buffer_share_t).any():
        richer = replace(
            richer, choices=replace(problem.choices, buffer_share_t=np.zeros(len(problem.years)))
        )
    before, after = plan_or_none(problem), plan_or_none(richer)
    if before is not None:
        assert after is not None
        assert after.stages[0].value <= before.stages[0].value + 1e-6


@settings(max_examples=10, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_ten_times_the_money_is_ten_times_the_plan(town: Towns, seed: int) -> None:
    r = np.random.default_rng(seed)
    claims, last = r.integers(1000, 9000, (3, 2, 2)), r.integers(1000, 9000, (3, 2))
    money, growth = int(claims[:, :, 0].sum() * 0.9), {"max_growth_dt": 0.3, "max_fall_dt": 0.6}
    small = plan_or_none(town(claims, money, last_budget=last, **growth))
    large = plan_or_none(town(claims * 10, money * 10, last_budget=last * 10, **growth))
    assert (small is None) == (large is None)
    if small is not None and large is not None:
        np.testing.assert_allclose(large.budgets, small.budgets * 10, atol=100)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_a_rule_that_cannot_bind_changes_nothing(random_town: Towns, seed: int) -> None:
    problem = random_town(seed)
    loose = np.where(np.isnan(problem.choices.max_growth_dt), 100.0, problem.choices.max_growth_dt)
    before = plan_or_none(problem)
    after = plan_or_none(replace(problem, choices=replace(problem.choices, max_growth_dt=loose)))
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        np.testing.assert_allclose(after.budgets, before.budgets, atol=20)


def test_two_halves_of_a_district_get_what_the_whole_would(town: Towns) -> None:
    whole = allocate(town([[[600]], [[400]]], 700, last_budget=[[600], [400]]))
    split = allocate(town([[[300]], [[300]], [[400]]], 700, last_budget=[[300], [300], [400]]))
    assert split.budgets[:2].sum() == pytest.approx(whole.budgets[0].sum(), abs=2)


def test_the_same_problem_gives_the_same_cents_twice(random_town: Towns) -> None:
    problem = random_town(4)
    first, second = allocate(problem), allocate(problem)
    for part in fields(Allocation):
        one: Any = getattr(first, part.name)
        if isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, getattr(second, part.name))


@pytest.mark.parametrize("part_of_need", [0.8, 0.97, 1.1])
def test_needs_that_move_a_thousandth_move_the_plan_no_more_than_a_few_thousandths(
    town: Towns, part_of_need: float
) -> None:
    r = np.random.default_rng(3)
    last = r.integers(200_000, 900_000, (8, 4))
    claims = np.rint(last[:, :, None] * r.uniform(0.98, 1.1, (8, 4, 2))).astype(np.int64)
    limits = {"last_budget": last, "max_growth_dt": 0.08, "max_fall_dt": 0.25, "priority": [1, 1.2, 1.4, 1.6]}
    money = np.rint(claims.sum(axis=(0, 1)) * part_of_need).astype(np.int64)
    moved = np.rint(claims * r.uniform(0.999, 1.001, claims.shape)).astype(np.int64)
    before, after = allocate(town(claims, money, **limits)), allocate(town(moved, money, **limits))
    assert np.abs(after.budgets - before.budgets).sum() <= 0.002 * before.budgets.sum()
    assert np.abs(after.budgets - before.budgets).max() <= 0.01 * before.budgets.mean()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), n_areas=st.integers(1, 6), n_years=st.integers(1, 4))
def test_where_the_solver_starts_changes_no_cent(
    random_town: Towns, seed: int, n_areas: int, n_years: int
) -> None:
    problem = random_town(seed, n_areas, 3, n_years)
    order = neutral_order(problem)
    try:
        ahead = decision(*undecided(problem))
    except Contradiction:
        return
    in_merit_order = decision(*solvable(reordered(problem, order)), order)
    _, poorer, _ = undecided(replace(problem, claims=problem.claims * 9 // 10))
    from_another = decision(*undecided(problem, like=poorer))
    for field in ("budgets", "prevention", "free", "city", "unspent", "reserve_in", "reserve_out"):
        np.testing.assert_array_equal(getattr(ahead, field), getattr(in_merit_order, field))
        np.testing.assert_array_equal(getattr(ahead, field), getattr(from_another, field))


def test_districts_that_are_alike_get_alike_money_whatever_the_draws_favoured(town: Towns) -> None:
    needs = np.full((6, 1, 2), 90_000)
    problem = town(needs, 300_000, last_budget=np.full((6, 1), 50_000))
    draws = problem.claims[..., None] * np.random.default_rng(5).lognormal(0, 0.4, (6, 1, 2, 200))
    plan = allocate(replace(problem, scenarios=draws, strategy=CERTAINTY))
    assert np.ptp(plan.budgets, axis=0).max() <= 1
