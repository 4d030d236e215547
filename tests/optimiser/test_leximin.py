"""Full equal cover on towns whose answer is known, and how far budgets move when the data move a little."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from optimiser import leximin
from optimiser.allocate import allocate, decide
from optimiser.problem import EQUAL_COVER, LEXIMIN, STRATEGIES, Cents, Problem, Strategy

Town = Callable[..., Problem]
LIMITED = {"max_growth_dt": [[0.0], [np.nan], [np.nan], [np.nan]]}
"""The first area may not grow; its cover is the lowest whatever happens."""


def shares(problem: Problem) -> list[float]:
    """The share short of every area and year, the largest first."""
    plan = allocate(problem)
    lack = np.maximum(plan.claims_after - plan.budgets, 0).sum(axis=1)
    claims = np.maximum(problem.claims.sum(axis=1), 1)
    short = lack / claims
    return sorted(short.ravel().tolist(), reverse=True)


def test_when_the_worst_off_cannot_be_helped_the_next_one_is(town: Town) -> None:
    problem = town(
        [[[100]], [[100]], [[100]], [[300]]],
        500,
        basic_share=0.2,
        last_budget=[[50], [100], [100], [300]],
        **LIMITED,
    )
    found = shares(replace(problem, strategy=LEXIMIN))
    assert found == pytest.approx([50 / 100, 50 / 500, 50 / 500, 50 / 500], abs=1e-4)


@pytest.mark.parametrize("seed", [0, 2, 5, 8])
def test_nobody_can_be_lifted_without_somebody_who_is_worse_off(random_town: Town, seed: int) -> None:
    problem = random_town(seed, n_years=1)
    full = shares(replace(problem, strategy=LEXIMIN))
    for strategy in STRATEGIES:
        other = shares(replace(problem, strategy=strategy))
        first = next((i for i in range(len(full)) if abs(full[i] - other[i]) > 1e-4), None)
        assert first is None or full[first] < other[first]


@pytest.mark.parametrize("seed", [1, 3])
def test_full_equal_cover_keeps_every_rule(
    random_town: Town, broken_rules: Callable[..., list[str]], seed: int
) -> None:
    problem = replace(random_town(seed), strategy=LEXIMIN)
    assert broken_rules(problem, allocate(problem)) == []


def test_of_many_areas_the_weighted_average_stands_instead(town: Town) -> None:
    n_areas = leximin.MOST_AREAS + 1
    problem = town([[[100]]] * n_areas, 90 * n_areas, last_budget=[[100]] * n_areas)
    stages = [stage.name for stage in allocate(replace(problem, strategy=LEXIMIN)).stages]
    assert stages == ["tekort", "dekking", "lasten", "over"]


def nudged(problem: Problem, seed: int) -> tuple[Problem, int]:
    """Every claim up or down by at most 0.1 %, and how many cents that is in all."""
    r = np.random.default_rng(seed)

    def moved(claims: Cents) -> Cents:
        return np.rint(claims * (1 + r.uniform(-0.001, 0.001, claims.shape))).astype(np.int64)

    claims, city = moved(problem.claims), moved(problem.city_claims)
    moves = np.abs(claims - problem.claims).sum() + np.abs(city - problem.city_claims).sum()
    return replace(problem, claims=claims, city_claims=city), int(moves)


ROUNDING = 10
"""Cents: `budget.strategy.STABILITY`."""


@pytest.mark.parametrize("strategy", [*STRATEGIES, LEXIMIN])
@pytest.mark.parametrize("seed", [2, 5, 9])
def test_no_budget_moves_more_than_the_data_moved(random_town: Town, seed: int, strategy: Strategy) -> None:
    problem = random_town(seed)
    problem = replace(problem, scenarios=problem.claims[..., None] * np.linspace(0.8, 1.2, 12))
    near, moves = nudged(problem, seed)
    before, after = (decide(replace(one, strategy=strategy)) for one in (problem, near))
    assert np.abs(after.budgets - before.budgets).max() <= moves + ROUNDING
    assert np.abs(after.ceilings - before.ceilings).max() <= moves + ROUNDING


def test_equal_cover_and_full_equal_cover_agree_on_the_worst_off(town: Town) -> None:
    problem = town(
        [[[100], [0]], [[0], [100]]], 150, basic_share=0.5, priority=[2, 1], last_budget=[[100, 1], [1, 100]]
    )
    assert shares(replace(problem, strategy=LEXIMIN)) == shares(replace(problem, strategy=EQUAL_COVER))
