"""Every sentence of an explanation, word for word, and true when everything is allocated anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optimiser.allocate import allocate, solvable
from optimiser.allocation import Allocation, Contradiction, Place
from optimiser.lock_costs import PLANNED_AGAIN, with_amounts
from optimiser.measures import measured
from optimiser.problem import Contract, Problem
from optimiser.shadow_prices import alternatives
from optimiser.whatif import WhatIf

Town = Callable[..., Problem]
STEP = 10_000 * 100


def less_shortfall(problem: Problem, plan: Allocation) -> int:
    """Cents of shortfall that a changed problem saves against a plan."""
    again = allocate(problem)
    total = plan.shortfall.sum() + plan.city_shortfall.sum()
    return int(total - again.shortfall.sum() - again.city_shortfall.sum())


def with_money(problem: Problem, cents: int) -> Problem:
    first, *others = problem.sources
    return replace(problem, sources=(replace(first, amounts=first.amounts + cents), *others))


def test_more_and_less_money_have_their_own_effect(town: Town) -> None:
    """€ 4.000 is short of the basic package of € 80.000, so the first € 4.000 counts and the rest does not."""
    problem = town([[[100_000]]], 76_000, last_budget=[[76_000]])
    plan = allocate(problem)
    (price,) = [price for price in plan.shadow_prices if price.place.rule == "middelen"]
    assert price.sentence == "€ 10.000 meer te verdelen in 2027 verlaagt het tekort met € 4.000."
    assert price.less_sentence == "€ 10.000 minder te verdelen in 2027 verhoogt het tekort met € 10.000."
    assert (price.value, price.less) == (0.4, 1.0)
    assert less_shortfall(with_money(problem, STEP), plan) == 4_000_00
    assert less_shortfall(with_money(problem, -STEP), plan) == -10_000_00


def test_less_growth_than_allowed_hurts_and_more_helps_by_the_sum_on_paper(town: Town) -> None:
    problem = town(
        [[[300_000]], [[300_000]]],
        500_000,
        last_budget=[[200_000], [300_000]],
        max_growth_dt=[[0.1], [np.nan]],
    )
    plan = allocate(problem)
    growth, money = Place("groei_max", 2027, "WK01"), Place("middelen", 2027)
    prices = {price.place: price for price in plan.shadow_prices}
    assert {place: price.sentence for place, price in prices.items()} == {
        growth: "€ 10.000 meer groei voor Noord in 2027 verlaagt het tekort met € 10.000.",
        money: "€ 10.000 meer te verdelen in 2027 verandert niets aan het tekort, maar brengt de budgetten "
        "dichter bij de verwachte lasten.",
    }
    assert prices[growth].less_sentence == (
        "€ 10.000 minder groei voor Noord in 2027 verhoogt het tekort met € 10.000."
    )
    for share, saved in ((0.15, 10_000_00), (0.05, -10_000_00)):
        limits = np.array([[share], [np.nan]])
        other = replace(problem, choices=replace(problem.choices, max_growth_dt=limits))
        assert less_shortfall(other, plan) == saved


def test_growth_that_other_years_build_on_does_more_than_its_amount_and_says_why(town: Town) -> None:
    """The roof is 10 % more every year: € 10.000 above it in 2027 is € 11.000 in 2028."""
    problem = town(
        [[[300_000, 320_000]], [[300_000, 300_000]]],
        600_000,
        last_budget=[[200_000], [300_000]],
        max_growth_dt=[[0.1, 0.1], [np.nan, np.nan]],
    )
    prices = {p.place.year: p for p in allocate(problem).shadow_prices if p.place.rule == "groei_max"}
    assert prices[2027].sentence == (
        "€ 10.000 meer groei voor Noord in 2027 verlaagt het tekort met € 21.000, "
        "want de jaren bouwen op elkaar voort."
    )
    assert prices[2028].sentence == "€ 10.000 meer groei voor Noord in 2028 verlaagt het tekort met € 10.000."


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


def test_room_that_the_other_rules_forbid_says_so(town: Town) -> None:
    """The buffer and the lock take all money, so that less money leaves no answer."""
    plan = allocate(town([[[100_000]]], 90_000, last_budget=[[90_000]], locked_dst=[[[90_000]]]))
    (price,) = [price for price in plan.shadow_prices if price.place.rule == "vast"]
    assert (
        price.sentence
        == "€ 10.000 meer in de vaste cel van Noord, Jeugdhulp in 2027 past niet binnen de andere regels."
    )


def test_a_ceiling_as_this_plan_sets_it_has_a_price_both_ways(town: Town) -> None:
    """Noord is € 5.000 short of € 80.000; ceilings fixed, more than that only helps its other costs."""
    problem = town([[[100_000]], [[100_000]]], 150_000, last_budget=[[75_000], [75_000]])
    plan = allocate(problem)
    prices = {price.place: price for price in plan.alternatives}
    noord = prices[Place("gebiedsbudget", 2027, "WK01")]
    assert noord.sentence == "€ 10.000 meer geld, alleen voor Noord in 2027, verlaagt het tekort met € 5.000."
    assert (
        noord.less_sentence
        == "€ 10.000 minder geld, alleen voor Noord in 2027, verhoogt het tekort met € 10.000."
    )
    for cents, saved in ((STEP, 5_000_00), (-STEP, -10_000_00)):
        given = np.array([[75_000_00.0 + cents], [75_000_00.0]])
        fixed = replace(problem, choices=replace(problem.choices, ceiling_dt=given))
        assert less_shortfall(with_money(fixed, cents), plan) == saved


def test_a_stream_more_is_another_stream_less(town: Town) -> None:
    plan = allocate(
        town([[[100_000], [100_000]]], 180_000, last_budget=[[90_000, 90_000]], priority=[2.0, 1.0])
    )
    prices = {price.place: price for price in plan.alternatives}
    youth = prices[Place("stroom", 2027, None, "S1")]
    assert plan.budgets[0, :, 0].tolist() == [100_000_00, 80_000_00]
    assert (
        youth.sentence
        == "€ 10.000 meer voor Jeugdhulp in 2027, uit de andere stromen, past niet binnen de andere regels."
    )
    assert youth.less_sentence == (
        "€ 10.000 minder voor Jeugdhulp in 2027, naar de andere stromen, verandert niets aan het tekort, maar gaat"
        " naar minder dringende stromen of jaren."
    )


def test_a_shortfall_says_which_rule_binds_and_what_a_euro_is_worth_elsewhere(town: Town) -> None:
    """Growth of at most 10 % leaves Noord € 20.000 short; inside it youth care weighs 1.2 times as much."""
    plan = allocate(
        town(
            [[[100_000], [100_000]], [[50_000], [50_000]]],
            400_000,
            last_budget=[[70_000, 57_272.72], [50_000, 50_000]],
            max_growth_dt=[[0.1], [np.nan]],
            priority=[1.2, 1.0],
        )
    )
    (reason,) = [reason for reason in plan.reasons if reason.place.rule == "groei_max"]
    assert reason.place == Place("groei_max", 2027, "WK01", "S2")
    assert reason.checked
    assert reason.sentence == (
        "Het plafond van Noord zit aan zijn grootste groei (groei_max), terwijl er elders geld is. € 10.000 ruimte"
        " bij deze regel verlaagt het tekort met € 10.000. Een euro neemt hier € 1,00 tekort weg, waar hij nu ligt"
        " € 1,20 (naar prioriteit en jaar gewogen)."
    )


K = 1000
RULES_THAT_BIND: dict[str, tuple[dict[str, Any], str]] = {
    "vast": (
        {"locked_dst": [[[20 * K]]]},
        "De cel is vastgezet (vast). € 10.000 meer in deze cel verlaagt het tekort met € 10.000.",
    ),
    "plafond": (
        {"ceiling_dt": [[50 * K]], "buffer_share_t": 0.2},
        "Het plafond van Noord is gegeven (plafond), terwijl er elders geld is. € 10.000 ruimte bij deze regel "
        "verlaagt het tekort met € 10.000. € 100 meer hier past niet binnen de andere regels.",
    ),
    "groei_max_per_inwoner": (
        {"max_growth_per_head_dt": [[5]], "inhabitants": 3000},
        "Het plafond van Noord zit aan zijn grootste groei per inwoner (groei_max_per_inwoner), terwijl er elders "
        "geld is. € 10.000 ruimte bij deze regel verlaagt het tekort met € 5.000. € 100 meer hier past niet binnen"
        " de andere regels.",
    ),
    "contract_maximum": (
        {"contracts": (Contract("C", "S1", (), 2027, None, 70 * K * 100),)},
        "Het contract voor deze stroom zit aan zijn maximum (contract_maximum). € 10.000 ruimte bij deze regel "
        "verlaagt het tekort met € 10.000. € 100 meer hier past niet binnen de andere regels.",
    ),
    "buffer_centraal": (
        {"buffer_share_t": 0.7},
        "Het geld is op, terwijl er een centrale buffer is (buffer_centraal). € 10.000 minder buffer verlaagt het "
        "tekort met € 10.000. € 100 meer hier past niet binnen de andere regels.",
    ),
}


@pytest.mark.parametrize("rule", RULES_THAT_BIND)
def test_every_rule_that_causes_a_shortfall_has_its_sentence(town: Town, rule: str) -> None:
    """Noord had € 60.000, needs € 80.000, and there is € 200.000."""
    given, sentence = RULES_THAT_BIND[rule]
    plan = allocate(town([[[100 * K]]], 200 * K, last_budget=[[60 * K]], **given))
    assert [(reason.place.rule, reason.sentence) for reason in plan.reasons] == [(rule, sentence)]


def test_a_silo_is_named_where_other_streams_keep_their_money(town: Town) -> None:
    plan = allocate(
        town(
            [[[50 * K], [150 * K]]],
            200 * K,
            last_budget=[[100 * K, 100 * K]],
            shift_room_dst=0.1,
            basic_share=1.0,
        )
    )
    (reason,) = [reason for reason in plan.reasons if reason.place.stream == "S2"]
    assert reason.sentence == (
        "Andere stromen van Noord mogen hun geld niet afstaan (schuifruimte). € 10.000 ruimte bij deze regel "
        "verlaagt het tekort met € 10.000. € 100 meer hier past niet binnen de andere regels."
    )


def test_an_amount_that_nothing_moves_stays_what_it_was(town: Town) -> None:
    """€ 75.000 each, above the basic package and below the expected cost: more here is less there."""
    plan = allocate(
        town([[[100 * K]], [[100 * K]]], 150 * K, last_budget=[[75 * K], [75 * K]], basic_share=0.5)
    )
    assert {(reason.place.rule, reason.sentence) for reason in plan.reasons} == {
        ("vorig_jaar", "Geen regel en geen tekort vraagt om een ander bedrag: dan blijft dat van vorig jaar.")
    }


def test_where_the_money_is_gone_a_euro_is_worth_as_much_everywhere(town: Town) -> None:
    plan = allocate(town([[[100_000]], [[100_000]]], 120_000, last_budget=[[60_000], [60_000]]))
    assert {reason.sentence for reason in plan.reasons if reason.place.rule == "Middelen"} == {
        "Het geld is op. € 10.000 meer te verdelen verlaagt het tekort met € 10.000. Een euro neemt hier € 1,00"
        " tekort weg, waar hij nu ligt € 1,00 (naar prioriteit en jaar gewogen)."
    }


def test_an_amount_of_last_year_says_why(town: Town) -> None:
    plan = allocate(
        town(
            [[[100_000]], [[100_000]]],
            150_000,
            last_budget=[[50_000], [100_000]],
            locked_dst=[[[50_000]], [[np.nan]]],
            basic_share=0.5,
        )
    )
    told = {reason.place: reason.sentence for reason in plan.reasons}
    assert told[Place("vast", 2027, "WK01", "S1")] == "Vastgezet op het bedrag van vorig jaar (vast)."
    assert told[Place("verwachte_lasten", 2027, "WK02", "S1")] == (
        "De verwachte lasten zijn gedekt, en gelijk aan het budget van vorig jaar."
    )


def test_the_cost_of_a_lock_is_the_difference_of_two_plans(town: Town) -> None:
    locked = town(
        [[[100_000]], [[100_000]]],
        150_000,
        last_budget=[[75_000], [75_000]],
        locked_dst=[[[100_000]], [[np.nan]]],
    )
    plan = allocate(locked)
    (cost,) = plan.locks
    assert (cost.cents, cost.shortfall, cost.lack) == (100_000_00, 30_000_00 - 10_000_00, 0)
    assert cost.sentence == (
        "Het vaste bedrag van Noord, Jeugdhulp in 2027 (€ 100.000) loslaten verlaagt het tekort met € 20.000."
    )
    free = replace(locked, choices=replace(locked.choices, locked_dst=np.full((2, 1, 1), np.nan)))
    assert less_shortfall(free, plan) == cost.shortfall


def test_the_cost_of_a_given_ceiling(town: Town) -> None:
    problem = town(
        [[[100_000]], [[100_000]]], 200_000, last_budget=[[90_000], [90_000]], ceiling_dt=[[90_000], [np.nan]]
    )
    (cost,) = allocate(problem).locks
    assert (cost.shortfall, cost.lack) == (0, 10_000_00)
    assert cost.sentence == (
        "Het gegeven plafond van Noord in 2027 (€ 90.000) loslaten verandert niets aan het tekort, maar laat "
        "€ 10.000 minder verwachte lasten ongedekt."
    )


def test_the_dearest_lock_is_first_by_what_it_costs_in_all_stages(town: Town) -> None:
    problem = town([[[100_000]], [[100_000]]], 200_000, ceiling_dt=[[90_000], [95_000]])
    plan = allocate(problem)
    dear, cheap = plan.locks
    exact = with_amounts((replace(cheap, lack=2_00), replace(dear, lack=1_00)), problem, plan, allocate)
    assert [cost.lack for cost in exact] == [(100_000 - 90_000) * 100, (100_000 - 95_000) * 100]


@pytest.mark.parametrize("seed", range(6))
def test_expected_cost_that_a_lock_leaves_unfunded_is_the_difference_of_two_plans(
    random_town: Town, seed: int
) -> None:
    problem = random_town(seed)
    plan = allocate(problem)
    told = [cost for cost in plan.locks if "ongedekt" in cost.sentence]
    assert len(told) <= PLANNED_AGAIN
    for cost in told:
        ceilings, locks = problem.choices.ceiling_dt.copy(), problem.choices.locked_dst.copy()
        d, t = problem.areas.index(str(cost.place.area)), problem.years.index(int(cost.place.year or 0))
        if cost.place.rule == "plafond":
            ceilings[d, t] = np.nan
        else:
            locks[d, problem.streams.index(str(cost.place.stream)), t] = np.nan
        free = allocate(
            replace(problem, choices=replace(problem.choices, ceiling_dt=ceilings, locked_dst=locks))
        )
        assert cost.lack == measured(problem, plan).lack - measured(problem, free).lack


@pytest.mark.parametrize("seed", [2, 5, 9, 14])
def test_explaining_leaves_no_trace_and_changes_no_amount(random_town: Town, seed: int) -> None:
    problem = random_town(seed)
    plan = allocate(problem)
    what_if = WhatIf(*solvable(problem))
    alternatives(what_if, plan)
    again = what_if.ask()
    assert again is not None
    assert again.weighted == pytest.approx(what_if.now.weighted, abs=100)
    assert {reason.place._replace(rule="tekort") for reason in plan.reasons} >= {
        place
        for place in plan.causes
        if place.area != "STAD"
        and plan.shortfall[
            problem.areas.index(str(place.area)),
            problem.streams.index(str(place.stream)),
            problem.years.index(int(place.year or 0)),
        ]
        >= 100
    }


@pytest.mark.parametrize("seed", [1, 4, 8, 19, 23])
def test_prices_of_money_are_the_difference_of_two_plans_both_ways(random_town: Town, seed: int) -> None:
    """Of random rules; without contracts, whose guarantee the programme weighs a little differently."""
    drawn = replace(random_town(seed), contracts=())
    problem = replace(drawn, choices=replace(drawn.choices, buffer_share_t=np.zeros(len(drawn.years))))
    plan = allocate(problem)
    for price in plan.shadow_prices:
        if price.place.rule == "middelen" and price.place.year == problem.years[0]:
            first, *others = problem.sources
            asked = ((STEP, price.value, price.sentence), (-STEP, -price.less, price.less_sentence))
            for cents, value, sentence in asked:
                amounts = first.amounts.copy()
                amounts[0] += cents
                moved = replace(problem, sources=(replace(first, amounts=amounts), *others))
                if "past niet" in sentence:
                    with pytest.raises(Contradiction):
                        allocate(moved)
                else:
                    assert less_shortfall(moved, plan) == pytest.approx(value * STEP, abs=300)
