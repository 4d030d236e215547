"""Risk by tail cuts equals risk written out, and the strategies do what their names say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from optimiser.allocate import allocate, build, decision, solvable, undecided
from optimiser.certainty import buffer_for, chance_within, price_of_certainty
from optimiser.order import reordered
from optimiser.problem import (
    BALANCE,
    CERTAINTY,
    EQUAL_COVER,
    LEXIMIN,
    PREVENTION,
    STRATEGIES,
    Problem,
    Programme,
    Strategy,
    mixed,
)
from optimiser.risk import Risk
from optimiser.stages import gap

Town = Callable[..., Problem]
LOCKED = np.array([[[100_00.0], [np.nan]]])


def with_futures(problem: Problem, seed: int, n: int = 20) -> Problem:
    r = np.random.default_rng(seed)
    draws = problem.claims[..., None] * r.lognormal(0, 0.3, (*problem.shape, n))
    of_city = problem.city_claims[..., None] * r.lognormal(0, 0.3, (*problem.shape[1:], n))
    return replace(problem, scenarios=draws, city_scenarios=of_city)


def written_out(problem: Problem, weight: float, confidence: float) -> float:
    """min gap + weight * CVaR over the whole programme with one row per cell and scenario; k EUR."""
    model = build(problem)
    risk = Risk(model, confidence)
    n, cells, k = len(model.columns), len(risk.terms), risk.scenarios.shape[1]
    eta, excess, loss = n, n + 1, n + 1 + k
    size = loss + cells * k
    cost = np.zeros(size)
    cost[:n] = model.costs(gap(model))
    cost[eta], cost[excess:loss] = weight, weight / (k * (1 - confidence))
    less, side, equal, target = [], [], [], []
    for row in model.rows:
        line = np.zeros(size)
        for column, factor in row.terms:
            line[column.index] = factor
        if row.sense == 0:
            equal.append(line)
            target.append(row.bound)
        else:
            less.append(-row.sense * line)
            side.append(-row.sense * row.bound)
    for i in range(cells):
        for j in range(k):
            line = np.zeros(size)
            for column, factor in risk.terms[i]:
                line[column.index] -= factor
            line[loss + i * k + j] = -1
            less.append(line)
            side.append(-risk.scenarios[i, j])
    for j in range(k):
        line = np.zeros(size)
        line[loss + j :: k] = risk.weights
        line[excess + j], line[eta] = -1, -1
        less.append(line)
        side.append(0.0)
    bounds = [(0.0, column.most) for column in model.columns]
    bounds += [(-np.inf, np.inf)] + [(0.0, np.inf)] * (size - n - 1)
    return float(linprog(cost, np.array(less), side, np.array(equal), target, bounds).fun)


@pytest.mark.parametrize(("seed", "confidence"), [(0, 0.9), (1, 0.85), (5, 0.9), (7, 0.5)])
def test_tail_cuts_find_what_the_written_out_model_finds(
    random_town: Town, seed: int, confidence: float
) -> None:
    problem = with_futures(random_town(seed, 3, 2, 2), seed)
    model, live = solvable(problem)
    found = Risk(model, confidence).minimise(live, model.costs(gap(model)), 2.0)
    assert found == pytest.approx(written_out(problem, 2.0, confidence), rel=1e-6)


@pytest.mark.parametrize("seed", [0, 1, 5, 7, 8])
def test_what_is_held_for_later_stages_has_the_least_risk(random_town: Town, seed: int) -> None:
    problem = with_futures(random_town(seed, 3, 2, 2), seed)
    model, live = solvable(problem)
    risk, costs = Risk(model, 0.9), model.costs(gap(model))
    least = risk.minimise(live, costs, 2.0)
    for direction in (1.0, -1.0):
        live.minimise(model.costs((column, direction) for column in model.ceiling.values()))
        values = live.values()
        _, worst = risk.worst_tail(risk.cover(values))
        assert float(costs @ values[: len(costs)]) + 2.0 * worst == pytest.approx(least, rel=1e-4, abs=1e-3)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("seed", [0, 2, 5, 8])
def test_every_strategy_keeps_every_rule(
    random_town: Town, broken_rules: Callable[..., list[str]], strategy: Strategy, seed: int
) -> None:
    problem = replace(with_futures(random_town(seed), seed), strategy=strategy)
    assert broken_rules(problem, allocate(problem)) == []


def test_certainty_gives_more_where_demand_is_less_certain(town: Town) -> None:
    problem = town([[[100]], [[100]]], 190, basic_share=0.5, last_budget=[[100], [100]])
    futures = np.empty((2, 1, 1, 10))
    futures[0], futures[1] = 90_00, np.array([80_00] * 9 + [280_00])
    problem = replace(problem, scenarios=futures)
    plain, certain = allocate(problem), allocate(replace(problem, strategy=CERTAINTY))
    assert plain.budgets[:, 0, 0].tolist() == [95_00, 95_00]
    assert certain.budgets[1, 0, 0] == 100_00


def test_without_scenarios_certainty_is_the_expected_cost(random_town: Town) -> None:
    problem = random_town(2)
    plan = allocate(replace(problem, strategy=CERTAINTY))
    np.testing.assert_array_equal(plan.budgets, allocate(replace(problem, strategy=BALANCE)).budgets)


def test_equal_cover_lifts_the_worst_area_above_what_priorities_would_give(town: Town) -> None:
    problem = town(
        [[[100], [0]], [[0], [100]]], 150, basic_share=0.5, priority=[2, 1], last_budget=[[100, 1], [1, 100]]
    )
    by_priority, equal = allocate(problem), allocate(replace(problem, strategy=EQUAL_COVER))
    assert by_priority.ceilings[:, 0].tolist() == [100_00, 50_00]
    assert equal.ceilings[:, 0].tolist() == [75_00, 75_00]


def test_prevention_does_not_fade_in_the_last_year_but_where_later_savings_do_not_count(town: Town) -> None:
    curve = Programme("P", "S1", (), (10_00,), (3.0,), lag=1, duration=1)
    problem = town([[[100, 100]]], 65, basic_share=0.5, last_budget=[[100]], programmes=(curve,))
    assert allocate(problem).prevention[0, 0].tolist() == [10_00, 10_00]
    without = replace(problem, strategy=replace(BALANCE, later_savings=False))
    assert allocate(without).prevention[0, 0].tolist() == [10_00, 0]


def test_preventing_comes_before_the_expected_cost_of_a_stream_with_priority(town: Town) -> None:
    curve = Programme("P", "S1", (), (10_00,), (1.5,), lag=1, duration=1)
    problem = town([[[100], [100]]], 190, basic_share=0.5, priority=[1, 5], last_budget=[[100, 100]])
    problem = replace(problem, programmes=(curve,), choices=replace(problem.choices, locked_dst=LOCKED))
    assert allocate(problem).prevention.sum() == 0
    assert allocate(replace(problem, strategy=PREVENTION)).prevention.sum() == 10_00


@pytest.mark.parametrize("strategy", [CERTAINTY, LEXIMIN, mixed(40, 30, 30)])
@pytest.mark.parametrize("seed", [0, 2, 5, 8])
def test_the_order_of_districts_changes_no_cent_under_any_strategy(
    random_town: Town, seed: int, strategy: Strategy
) -> None:
    problem = replace(with_futures(random_town(seed), seed), strategy=strategy)
    order = np.array([2, 0, 3, 1])
    plan, other = allocate(problem), allocate(reordered(problem, order))
    np.testing.assert_array_equal(other.budgets, plan.budgets[order])
    np.testing.assert_array_equal(other.ceilings, plan.ceilings[order])


@pytest.mark.parametrize("strategy", [CERTAINTY, mixed(50, 30, 20)])
@pytest.mark.parametrize("seed", [3, 10, 25, 30, 50, 51, 58])
def test_where_the_solver_starts_changes_no_cent(random_town: Town, seed: int, strategy: Strategy) -> None:
    """Futures in steps of EUR 200: many cells lie at a kink, and the optimal face is wide."""
    problem = replace(with_futures(random_town(seed), seed), strategy=strategy)
    assert problem.scenarios is not None
    problem = replace(problem, scenarios=np.round(problem.scenarios / 200_00) * 200_00)
    model, live, order = undecided(problem)
    plan = decision(model, live, order)
    for start in (1, 2):
        model, live, order = undecided(problem)
        live.minimise(np.abs(np.random.default_rng(start).normal(size=len(model.columns))))
        other = decision(model, live, order)
        np.testing.assert_array_equal(other.budgets, plan.budgets)
        np.testing.assert_array_equal(other.ceilings, plan.ceilings)


def test_districts_that_differ_in_their_futures_alone_keep_their_money_when_renamed(town: Town) -> None:
    problem = town([[[100]], [[100]]], 190, basic_share=0.5, last_budget=[[100], [100]])
    calm, wild = np.full(10, 90_00.0), np.array([80_00.0] * 9 + [280_00.0])
    for futures in ([calm, wild], [wild, calm]):
        given = replace(problem, scenarios=np.array(futures).reshape(2, 1, 1, 10), strategy=CERTAINTY)
        budgets = allocate(given).budgets[:, 0, 0].tolist()
        assert budgets == ([90_00, 100_00] if futures[0] is calm else [100_00, 90_00])


def test_every_future_twice_is_the_same_plan(random_town: Town) -> None:
    problem = replace(with_futures(random_town(5), 5), strategy=CERTAINTY)
    assert problem.scenarios is not None
    assert problem.city_scenarios is not None
    twice = replace(
        problem,
        scenarios=np.concatenate([problem.scenarios] * 2, axis=3),
        city_scenarios=np.concatenate([problem.city_scenarios] * 2, axis=2),
    )
    once, again = allocate(problem), allocate(twice)
    assert [stage.value for stage in again.stages] == pytest.approx(
        [s.value for s in once.stages], rel=1e-5, abs=1e-4
    )


@pytest.fixture(scope="module")
def uncertain(town: Town) -> Problem:
    """One area with a budget of EUR 100, and costs of 91, 92 ... 110."""
    problem = town([[[100]]], 100, last_budget=[[100]])
    return replace(problem, scenarios=np.arange(91, 111).reshape(1, 1, 1, 20) * 100.0)


def test_the_chance_to_stay_within_the_area_budget_is_counted(uncertain: Problem) -> None:
    assert chance_within(uncertain, allocate(uncertain)).tolist() == [[10 / 20]]


def test_the_buffer_covers_the_overspending_with_the_stated_confidence(uncertain: Problem) -> None:
    assert buffer_for(uncertain, allocate(uncertain), 0.9).tolist() == [9_00]
    assert buffer_for(uncertain, allocate(uncertain), 1.0).tolist() == [10_00]


def test_certainty_has_a_price_per_point(uncertain: Problem) -> None:
    price = price_of_certainty(uncertain, allocate(uncertain), [0.5, 0.9, 1.0])
    assert price.tolist() == [[pytest.approx((9_00 - 1_00) / 40)], [pytest.approx((10_00 - 9_00) / 10)]]


def test_certainty_is_not_known_without_futures(town: Town) -> None:
    problem = town([[[100]]], 100, last_budget=[[100]])
    with pytest.raises(ValueError, match="scenarios"):
        chance_within(problem, allocate(problem))
