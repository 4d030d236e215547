"""The frontier, the plain formula, regret and what knowing is worth, on towns that fit on paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from optimiser.allocate import allocate, decide
from optimiser.measures import measured, regret
from optimiser.plain_formula import formula_in_pace, plain_formula
from optimiser.problem import (
    BALANCE,
    CERTAINTY,
    EQUAL_COVER,
    PREVENTION,
    STRATEGIES,
    Problem,
    Programme,
    Strategy,
    mixed,
    strategy_named,
)
from optimiser.trade_offs import Point, frontier, presets, without_pace, worth_of_halving

Town = Callable[..., Problem]


def with_futures(problem: Problem, seed: int, n: int = 40) -> Problem:
    """Every claim off by its own factor, the later streams the more so."""
    r = np.random.default_rng(seed)
    spread = 0.1 + 0.3 * np.arange(problem.shape[1])[:, None, None]
    areas = problem.claims[..., None] * r.lognormal(0, spread, (*problem.shape, n))
    city = problem.city_claims[..., None] * r.lognormal(0, spread, (*problem.shape[1:], n))
    return replace(problem, scenarios=areas, city_scenarios=city)


def under(problem: Problem, strategies: Sequence[Strategy]) -> list[Point]:
    every = [(strategy, decide(replace(problem, strategy=strategy))) for strategy in strategies]
    return [Point(strategy, found, measured(problem, found)) for strategy, found in every]


def test_the_frontier_runs_from_least_cost_to_most_equal(town: Town) -> None:
    problem = town(
        [[[100], [0]], [[0], [100]]], 150, basic_share=0.5, priority=[2, 1], last_budget=[[100, 1], [1, 100]]
    )
    weights = [(100, 0, 0), (50, 50, 0), (0, 100, 0)]
    points = under(problem, [mixed(*parts) for parts in weights])
    assert points[0].measures.lowest_cover == pytest.approx(50 / 100)
    assert points[-1].measures.lowest_cover == pytest.approx(75 / 100)
    assert all(point.measures.lack == 50_00 for point in points)


@pytest.mark.parametrize("seed", [0, 2, 5, 8])
def test_the_more_equal_cover_weighs_the_better_it_is(random_town: Town, seed: int) -> None:
    problem = random_town(seed, n_years=1)
    points = under(problem, [mixed(100 - cover, cover, 0) for cover in (0, 25, 50, 75, 100)])
    unequal = [
        stage.value for point in points for stage in point.allocation.stages if stage.name == "dekking"
    ]
    assert unequal == sorted(unequal, reverse=True) or np.ptp(unequal) < 1e-6


def test_weights_are_percentages_that_add_up_and_have_a_name_to_plan_with(town: Town) -> None:
    problem = town([[[100]]], 100, last_budget=[[100]])
    found = frontier(problem, 25)
    assert len(found) == 5 * 6 / 2 - 3
    assert all(sum(strategy.weights) == pytest.approx(1) for strategy in found)
    assert all(strategy_named(strategy.name) == strategy for strategy in (*found, *STRATEGIES))
    for wrong in ("gewichten 50-50", "gewichten 50-60-20", "gewichten a-b-c", "iets"):
        with pytest.raises(ValueError, match=r"weights|strategy|int"):
            strategy_named(wrong)


def test_other_strategies_are_as_sure_as_the_plan(town: Town) -> None:
    problem = town([[[100]]], 100, last_budget=[[100]])
    problem = replace(problem, strategy=replace(BALANCE, risk_weight=3.0, confidence=0.8))
    found = [*presets(problem), *frontier(problem, 50)]
    assert {(strategy.risk_weight, strategy.confidence) for strategy in found} == {(3.0, 0.8)}


def contested() -> dict[str, object]:
    """Three areas, two streams, money for nine tenths, and prevention that pays back half in time."""
    curve = Programme("P", "S1", (), (10_00, 10_00), (1.6, 1.2), lag=1, duration=2)
    return {
        "claims": [[[100, 100], [50, 50]], [[20, 20], [150, 150]], [[60, 60], [80, 80]]],
        "money": 410,
        "basic_share": 0.5,
        "priority": [2, 1],
        "last_budget": [[100, 40], [30, 120], [50, 70]],
        "programmes": (curve,),
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_preset_is_the_best_in_what_it_is_named_after(town: Town, seed: int) -> None:
    problem = with_futures(town(**contested()), seed)
    found = {point.strategy.name: point.measures for point in under(problem, STRATEGIES)}
    assert found[EQUAL_COVER.name].lowest_cover == max(one.lowest_cover for one in found.values())
    assert found[EQUAL_COVER.name].lowest_cover > found[BALANCE.name].lowest_cover
    assert found[EQUAL_COVER.name].quarter_cover == max(one.quarter_cover for one in found.values())
    assert found[PREVENTION.name].prevention == max(one.prevention for one in found.values())
    risks = {name: one.weighted_risk or 0.0 for name, one in found.items()}
    assert risks[CERTAINTY.name] <= risks[BALANCE.name]


def test_the_plain_formula_gives_everybody_the_same_part_and_breaks_the_pace(town: Town) -> None:
    problem = town([[[100]], [[100]]], 100, last_budget=[[50], [100]], max_growth_dt=0.1, max_fall_dt=0.1)
    plain = plain_formula(problem)
    assert plain.budgets[:, 0, 0].tolist() == [50_00, 50_00]
    assert plain.shortfall[:, 0, 0].tolist() == [80_00 - 50_00] * 2
    assert plain.too_fast == 1
    assert measured(problem, plain).lowest_cover == pytest.approx(0.5)
    assert measured(problem, plain).moved == round(50_00 - 50_00 * 100 / 150)


def test_what_the_formula_has_left_stays_in_the_areas(town: Town) -> None:
    plain = plain_formula(town([[[100]], [[300]]], 600, last_budget=[[100], [300]]))
    assert plain.budgets[:, 0, 0].tolist() == [100_00, 300_00]
    assert plain.free[:, 0].tolist() == [50_00, 150_00]


def test_within_the_pace_what_one_area_may_not_have_goes_to_the_others(town: Town) -> None:
    problem = town(
        [[[100]], [[100]], [[100]]], 240, last_budget=[[50], [100], [100]], max_growth_dt=0.1, max_fall_dt=0.2
    )
    plain = formula_in_pace(problem)
    assert plain.ceilings[:, 0].tolist() == [55_00, (240_00 - 55_00) / 2, (240_00 - 55_00) / 2]
    assert plain.too_fast == 0
    assert plain_formula(problem).too_fast == 1


def test_a_given_ceiling_stands_in_the_formula_too(town: Town) -> None:
    problem = town([[[100]], [[100]]], 150, last_budget=[[100], [100]], max_fall_dt=0.5)
    given = np.array([[60_00.0], [np.nan]])
    plain = formula_in_pace(replace(problem, choices=replace(problem.choices, ceiling_dt=given)))
    assert plain.ceilings[:, 0].tolist() == [60_00, 90_00]


def test_money_that_no_area_may_have_stays_over(town: Town) -> None:
    problem = town([[[100]], [[100]]], 500, last_budget=[[50], [50]], max_growth_dt=0.1)
    assert formula_in_pace(problem).ceilings[:, 0].tolist() == [55_00, 55_00]


@pytest.mark.parametrize("seed", [0, 2, 5, 8])
def test_the_formula_within_the_pace_keeps_the_pace_and_the_money(random_town: Town, seed: int) -> None:
    problem = random_town(seed)
    allocate(problem)
    plain, money = formula_in_pace(problem), sum(source.amounts for source in problem.sources)
    assert plain.too_fast == 0
    assert (plain.ceilings.sum(axis=0) + plain.city.sum(axis=0) <= money).all()


def test_without_a_pace_the_formula_is_the_same(town: Town) -> None:
    problem = town([[[70, 80]], [[30, 20]]], 90, last_budget=[[50], [50]])
    np.testing.assert_array_equal(formula_in_pace(problem).ceilings, plain_formula(problem).ceilings)
    assert without_pace(problem) is None


def test_what_the_pace_costs_is_the_plan_without_it(town: Town) -> None:
    problem = town([[[100]], [[100]]], 150, last_budget=[[50], [100]], max_growth_dt=0.1, max_fall_dt=0.1)
    freed = without_pace(problem)
    assert freed is not None
    free = allocate(freed)
    assert free.ceilings[:, 0].tolist() == [75_00, 75_00]
    assert measured(problem, allocate(problem)).shortfall == (80 - 55) * 100
    assert measured(problem, free).shortfall == (80 - 75) * 100 * 2


def test_the_worst_off_quarter_is_rounded_up_to_whole_areas(town: Town) -> None:
    """Five areas, 0.25 * 5 = 1.25: the two worst off, with 40 and 50 of 100; then 60 and 70. The city asks nothing."""
    problem = town([[[100, 100]]] * 5, 500, last_budget=[[100]] * 5)
    plain = replace(plain_formula(problem), budgets=np.array([[[90_00, 80_00]]] * 5))
    assert measured(problem, plain).quarter_cover == pytest.approx((0.9 + 0.8) / 2)
    budgets = np.array([[[40_00, 60_00]], [[50_00, 70_00]], *[[[100_00, 100_00]]] * 3])
    found = measured(problem, replace(plain, budgets=budgets))
    assert found.quarter_cover == pytest.approx(((0.4 + 0.5) / 2 + (0.6 + 0.7) / 2) / 2)
    assert found.lowest_cover == pytest.approx(0.4)


def test_regret_is_what_hindsight_would_have_saved(town: Town) -> None:
    problem = town([[[100]], [[100]]], 150, last_budget=[[100], [100]])
    futures = np.array([[[[60_00, 75_00]]], [[[90_00, 75_00]]]], dtype=float)
    found = regret(replace(problem, scenarios=futures), plain_formula(problem))
    assert found.tolist() == [15_00, 0]


def test_knowing_a_stream_better_is_worth_the_buffer_that_it_asked_for(town: Town) -> None:
    problem = town([[[100], [100]]], 200, last_budget=[[100, 100]])
    certain, uncertain = np.full(10, 100_00.0), np.array([90_00.0] * 5 + [110_00.0] * 5)
    problem = replace(problem, scenarios=np.array([certain, uncertain]).reshape(1, 2, 1, 10))
    known, unknown = worth_of_halving(problem, allocate(problem), 0.9)
    assert (known.stream, known.buffer.tolist(), known.risk) == ("S1", [0], 0)
    assert (unknown.stream, unknown.buffer.tolist(), unknown.risk) == ("S2", [10_00 / 2], 10_00 / 2)


def test_nothing_is_known_of_risk_without_futures(town: Town) -> None:
    problem = town([[[100]]], 100, last_budget=[[100]])
    found = measured(problem, allocate(problem))
    assert (found.risk, found.chance, found.regret) == (None, None, None)
