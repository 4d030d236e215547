"""The frontier, the plain formula and regret, on towns that fit on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from optimiser.problem import Problem
from optimiser.trade_offs import frontier, plain_formula, regret

Town = Callable[..., Problem]


def test_the_frontier_runs_from_cheapest_to_most_equal(town: Town) -> None:
    problem = town(
        [[[100], [0]], [[0], [100]]], 150, basic_share=0.5, priority=[2, 1], last_budget=[[100, 1], [1, 100]]
    )
    points = frontier(problem, 5)
    assert [point.weight for point in points] == [0, 0.25, 0.5, 0.75, 1]
    assert points[0].worst_lack == pytest.approx(50 / 100)
    assert points[-1].worst_lack == pytest.approx(25 / 100)
    assert all(point.lack == pytest.approx(50) for point in points)


@pytest.mark.parametrize("seed", [0, 2, 5, 8])
def test_along_the_frontier_equality_never_gets_worse(random_town: Town, seed: int) -> None:
    worst = [point.worst_lack for point in frontier(random_town(seed, n_years=1), 7)]
    assert worst[-1] <= worst[0] + 1e-6


def test_the_plain_formula_gives_everybody_the_same_part_and_breaks_the_pace(town: Town) -> None:
    plain = plain_formula(
        town([[[100]], [[100]]], 100, last_budget=[[50], [100]], max_growth_dt=0.1, max_fall_dt=0.1)
    )
    assert plain.budgets[:, 0, 0].tolist() == [50_00, 50_00]
    assert plain.shortfall[:, 0, 0].tolist() == [80_00 - 50_00] * 2
    assert plain.too_fast == 1


def test_regret_is_what_hindsight_would_have_saved(town: Town) -> None:
    problem = town([[[100]], [[100]]], 150, last_budget=[[100], [100]])
    futures = np.array([[[[60_00, 75_00]]], [[[90_00, 75_00]]]], dtype=float)
    found = regret(replace(problem, scenarios=futures), np.array([[[75_00]], [[75_00]]]))
    assert found.tolist() == [90 - 75, 0]
