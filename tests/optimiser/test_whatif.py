"""Questions to a solved town, and the sentences that come of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from optimiser.allocate import allocate, solvable
from optimiser.allocation import Place
from optimiser.problem import Problem
from optimiser.solver import Infeasible
from optimiser.whatif import WhatIf

Town = Callable[..., Problem]


def ask(problem: Problem) -> WhatIf:
    return WhatIf(*solvable(problem))


def test_more_money_and_a_given_ceiling_and_a_lock_move_the_shortfall_by_the_sum_on_paper(town: Town) -> None:
    question = ask(town([[[100]], [[100]]], 120, last_budget=[[100], [100]]))
    assert question.now.shortfall == (160 - 120) * 100
    assert question.money(2027, 10 * 100).shortfall == (160 - 130) * 100
    assert question.ceiling("WK01", 2027, 100 * 100).shortfall == (160 - 80 - 20) * 100
    assert question.lock("WK01", "S1", 2027, 110 * 100).shortfall == (80 - 10) * 100


def test_a_question_leaves_the_problem_as_it_was(town: Town) -> None:
    question = ask(town([[[100]], [[100]]], 120, last_budget=[[100], [100]]))
    before = question.now.shortfall
    question.ceiling("WK01", 2027, 0)
    question.lock("WK02", "S1", 2027, 12_000)
    assert question.money(2027, 0).shortfall == before


def test_a_question_against_the_rules_is_infeasible(town: Town) -> None:
    question = ask(town([[[100]]], 120, last_budget=[[100]], max_growth_dt=0.1))
    with pytest.raises(Infeasible):
        question.ceiling("WK01", 2027, 115 * 100)
    assert question.now.shortfall == 0


@pytest.mark.parametrize("seed", [1, 4, 8, 19])
def test_a_what_if_says_what_a_whole_new_plan_would(random_town: Town, seed: int) -> None:
    problem = replace(random_town(seed), contracts=(), reserves=())
    question = ask(problem)
    first, *others = problem.sources
    buffer = np.zeros(len(problem.years))
    plain = replace(problem, choices=replace(problem.choices, buffer_share_t=buffer))
    question = ask(plain)
    more = first.amounts.copy()
    more[0] += 100_000
    plan = allocate(replace(plain, sources=(replace(first, amounts=more), *others)))
    assert question.money(2027, 100_000).weighted == pytest.approx(
        plan.stages[0].value * 1000, rel=1e-2, abs=1
    )


def test_every_sentence_is_the_difference_between_two_plans(town: Town) -> None:
    problem = town(
        [[[300_000]], [[300_000]]],
        500_000,
        last_budget=[[200_000], [300_000]],
        max_growth_dt=[[0.1], [np.nan]],
    )
    plan = allocate(problem)
    sentences = {price.place: price.sentence for price in plan.shadow_prices}
    assert sentences == {
        Place("groei_max", 2027, "WK01"): (
            "€ 10.000 meer groei voor Noord in 2027 verlaagt het tekort met € 10.000."
        ),
        Place("middelen", 2027): (
            "€ 10.000 meer te verdelen in 2027 verandert niets aan het tekort, maar brengt de budgetten "
            "dichter bij de verwachte lasten."
        ),
    }
    wider = replace(problem, choices=replace(problem.choices, max_growth_dt=np.array([[0.15], [np.nan]])))
    assert plan.shortfall.sum() - allocate(wider).shortfall.sum() == 10_000 * 100


def test_a_lock_is_priced_in_the_direction_that_helps(town: Town) -> None:
    plan = allocate(
        town(
            [[[100_000]], [[100_000]]], 150_000, last_budget=[[1], [1]], locked_dst=[[[120_000]], [[np.nan]]]
        )
    )
    sentences = [price.sentence for price in plan.shadow_prices if price.place.rule == "vast"]
    assert sentences == [
        "€ 10.000 minder in de vaste cel van Noord, Jeugdhulp in 2027 verlaagt het tekort met € 10.000."
    ]


def test_the_value_of_a_shadow_price_is_what_its_sentence_says_per_euro(town: Town) -> None:
    plan = allocate(town([[[100_000, 100_000]]], 50_000, last_budget=[[50_000]], priority=2.0))
    values = {price.place: price.value for price in plan.shadow_prices if "verlaagt" in price.sentence}
    assert values[Place("middelen", 2028)] == 10_000 / 10_000
    nothing_short = allocate(town([[[100_000]]], 90_000, last_budget=[[50_000]]))
    assert {price.value for price in nothing_short.shadow_prices} == {0.0}
