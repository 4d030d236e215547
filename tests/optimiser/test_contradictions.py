"""Rules that no shortfall reconciles: the clash that is expected, with amounts, and the cheapest way out."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest

from optimiser.allocate import allocate
from optimiser.allocation import Contradiction, NewValue, Place
from optimiser.problem import Contract, Problem, Programme, Reserve
from wording.dutch import euros

Town = Callable[..., Problem]
NAN = np.nan


def contradiction(problem: Problem) -> Contradiction:
    with pytest.raises(Contradiction) as caught:
        allocate(problem)
    return caught.value


def have_and_need(found: Contradiction) -> dict[Place, tuple[float, float]]:
    return {part.place: (part.have / 100, part.need / 100) for part in found.clash}


def test_smallest_budgets_above_the_money(town: Town) -> None:
    found = contradiction(
        town([[[10_000]], [[10_000]]], 15_000, last_budget=[[10_000], [10_000]], max_fall_dt=0.1)
    )
    assert have_and_need(found) == {
        Place("groei_min", 2027, "WK01"): (9000 - 3000, 9000),
        Place("groei_min", 2027, "WK02"): (9000 - 3000, 9000),
        Place("middelen", 2027): (15_000, 18_000),
    }
    assert {repair.cents for repair in found.repairs} == {3000 * 100}
    assert "Noord" in found.sentence
    assert "€ 15.000" in found.sentence


def test_smallest_budgets_of_many_areas_are_one_rule(town: Town) -> None:
    last = [[10_000]] * 6
    found = contradiction(town([[[9000]]] * 6, 50_000, last_budget=last, max_fall_dt=0.0))
    assert have_and_need(found) == {
        Place("groei_min", 2027): (50_000, 60_000),
        Place("middelen", 2027): (50_000, 60_000),
    }
    assert "de gebieden" in found.sentence


def test_the_buffer_plus_the_smallest_budgets_above_the_money(town: Town) -> None:
    found = contradiction(
        town([[[10_000]]], 10_000, last_budget=[[10_000]], max_fall_dt=0.0, buffer_share_t=0.05)
    )
    assert have_and_need(found) == {
        Place("groei_min", 2027, "WK01"): (10_000 - 500, 10_000),
        Place("buffer_centraal", 2027): (0, 500),
        Place("middelen", 2027): (10_000, 10_526.32),
    }
    assert "Verlaag de centrale buffer in 2027 met € 500, naar 0 %." in {
        repair.sentence for repair in found.repairs
    }


def test_locks_above_a_given_ceiling(town: Town) -> None:
    found = contradiction(
        town(
            [[[100], [100]]],
            900,
            last_budget=[[100, 100]],
            locked_dst=[[[300], [200]]],
            ceiling_dt=[[400]],
        )
    )
    assert have_and_need(found) == {
        Place("plafond", 2027, "WK01"): (400, 500),
        Place("vast", 2027, "WK01", "S1"): (200, 300),
        Place("vast", 2027, "WK01", "S2"): (100, 200),
    }
    assert found.repairs[0].cents == 100 * 100


def test_a_lock_beyond_the_pace(town: Town) -> None:
    found = contradiction(town([[[100]]], 900, last_budget=[[100]], max_growth_dt=0.1, locked_dst=[[[150]]]))
    assert have_and_need(found) == {
        Place("groei_max", 2027, "WK01"): (110, 150),
        Place("vast", 2027, "WK01", "S1"): (110, 150),
    }


def test_a_lock_in_a_later_year_beyond_two_years_of_growth(town: Town) -> None:
    lock = [[[NAN, 150]]]
    found = contradiction(town([[[100, 100]]], 900, last_budget=[[100]], max_growth_dt=0.1, locked_dst=lock))
    assert {part.place.rule for part in found.clash} == {"groei_max", "vast"}
    assert {part.place.year for part in found.clash} == {2027, 2028}


def test_locks_above_the_money(town: Town) -> None:
    found = contradiction(town([[[100]]], 120, last_budget=[[100]], locked_dst=[[[150]]]))
    assert have_and_need(found) == {
        Place("middelen", 2027): (120, 150),
        Place("vast", 2027, "WK01", "S1"): (120, 150),
    }


def test_the_minimum_of_a_contract_above_a_given_ceiling(town: Town) -> None:
    contract = Contract("C", "S1", (), 2027, minimum=150 * 100, maximum=None)
    found = contradiction(
        town([[[100]]], 900, last_budget=[[100]], ceiling_dt=[[120]], contracts=(contract,))
    )
    assert have_and_need(found) == {
        Place("contract_minimum", 2027, None, "S1"): (120, 150),
        Place("plafond", 2027, "WK01"): (120, 150),
    }


def test_the_minimum_of_a_contract_above_the_money_is_no_contradiction(town: Town) -> None:
    contract = Contract("C", "S1", (), 2027, minimum=150 * 100, maximum=None)
    plan = allocate(town([[[100]]], 120, last_budget=[[100]], contracts=(contract,)))
    assert plan.budgets[0, 0, 0] == 120 * 100


def test_the_minimum_of_a_contract_above_its_maximum(town: Town) -> None:
    contract = Contract("C", "S1", (), 2027, minimum=150 * 100, maximum=90 * 100)
    found = contradiction(town([[[100]]], 900, last_budget=[[100]], contracts=(contract,)))
    assert {part.place.rule for part in found.clash} == {"contract_minimum", "contract_maximum"}


def test_least_prevention_above_most_prevention(town: Town) -> None:
    programme = Programme("P", "S1", (), (100_000,), (1.0,), 1, 1)
    found = contradiction(
        town(
            [[[100]]],
            200,
            last_budget=[[100]],
            programmes=(programme,),
            prevention_min_dt=0.05,
            prevention_max_dt=0.02,
        )
    )
    assert {part.place for part in found.clash} == {
        Place("preventie_min", 2027, "WK01"),
        Place("preventie_max", 2027, "WK01"),
    }


def test_least_prevention_above_what_the_programmes_can_take(town: Town) -> None:
    programme = Programme("P", "S1", ("WK02",), (100_000,), (1.0,), 1, 1)
    found = contradiction(
        town(
            [[[100]], [[100]]],
            200,
            last_budget=[[100], [100]],
            programmes=(programme,),
            prevention_min_dt=0.05,
        )
    )
    assert have_and_need(found) == {
        Place("preventie_min", 2027, "WK01"): (0, 80 * 0.05),
        Place("preventie_ruimte", 2027, "WK01"): (0, 80 * 0.05),
    }


def test_least_prevention_above_most_prevention_names_every_area_and_the_share_that_ends_it(
    town: Town,
) -> None:
    programme = Programme("P", "S1", (), (100_000,), (1.0,), 1, 1)
    given = {"last_budget": [[100], [200]], "programmes": (programme,), "prevention_max_dt": 0.02}
    found = contradiction(town([[[100]], [[200]]], 400, prevention_min_dt=0.05, **given))
    assert (
        found.repairs[0].sentence == "Verlaag het minimum voor preventie van Noord en Zuid in 2027 naar 2 %."
    )
    assert have_and_need(found) == {
        Place("preventie_min", 2027): (240 * 0.02, 240 * 0.05),
        Place("preventie_max", 2027): (240 * 0.02, 240 * 0.05),
    }
    repaired = allocate(town([[[100]], [[200]]], 400, prevention_min_dt=0.02, **given))
    assert repaired.prevention.sum() > 0


def test_the_clash_with_the_fewest_rules_is_named_and_the_other_areas_are_mentioned(town: Town) -> None:
    locks = [[[90], [271]], [[90], [271]]]
    claims = [[[100], [100]], [[100], [100]]]
    last = [[100, 100], [100, 100]]
    found = contradiction(
        town(claims, 50, last_budget=last, max_growth_dt=0.1, locked_dst=locks, ceiling_dt=[[270], [270]])
    )
    first = [part for part in found.clash if part.clash == 0]
    assert len(first) == 2
    assert len({part.place.area for part in first}) == 1
    assert "Ook de regels van Zuid sluiten elkaar uit: ver" in found.sentence
    assert found.sentence.endswith("Samen heffen deze wijzigingen alle botsingen op.")


def test_two_rules_are_changed_together_where_no_single_one_helps(town: Town) -> None:
    """Growth allows 110, the ceiling is 150, the lock asks 200: easing one of them leaves the other two."""
    given = {"last_budget": [[100]], "max_growth_dt": 0.1}
    found = contradiction(town([[[100]]], 900, ceiling_dt=[[150]], locked_dst=[[[200]]], **given))
    assert len(found.clash) == 2
    assert all(len(repair.places) == 2 for repair in found.repairs)
    assert " en " in found.repairs[0].sentence


def test_every_area_that_clashes_gets_a_way_out_of_its_own_and_together_they_end_it(town: Town) -> None:
    locks, given = [[[90], [95]], [[90], [97]], [[50], [40]]], [[150], [150], [100]]
    areas: dict = {"last_budget": [[100, 100]] * 3}
    found = contradiction(town([[[100], [100]]] * 3, 900, locked_dst=locks, ceiling_dt=given, **areas))
    assert found.repairs[0].cents == (90 + 95 - 150) * 100
    assert "van Zuid" in found.sentence
    assert "met € 37" in found.sentence
    assert "Oost" not in found.sentence
    assert found.sentence.endswith("Samen heffen deze wijzigingen alle botsingen op.")
    assert {part.place.area for part in found.clash if part.clash == 1} == {"WK02"}
    assert next(repair.cents for repair in found.repairs if repair.clash == 1) == (90 + 97 - 150) * 100
    solved = [[150 + 35], [150 + 37], [100]]
    assert allocate(town([[[100], [100]]] * 3, 900, locked_dst=locks, ceiling_dt=solved, **areas))


def test_what_clashes_with_the_money_is_told_beside_the_clash_of_one_area(town: Town) -> None:
    """Given 100 where at least 270 must stay, and 300 in all where the others must keep 4 x 90."""
    areas: dict = {"last_budget": [[300], *[[100]] * 4]}

    def build(given: float, money: float, fall: object = 0.1) -> Problem:
        ceilings = [[given], *[[NAN]] * 4]
        return town([[[300]], *[[[100]]] * 4], money, ceiling_dt=ceilings, max_fall_dt=fall, **areas)

    found = contradiction(build(100, 400))
    assert {part.place for part in found.clash if part.clash == 0} == {
        Place("plafond", 2027, "WK01"),
        Place("groei_min", 2027, "WK01"),
    }
    second = {part.place: (part.have, part.need) for part in found.clash if part.clash == 1}
    assert second[Place("middelen", 2027)] == (400_00, (270 + 4 * 90) * 100)
    more = next(r for r in found.repairs if r.places == (Place("middelen", 2027),))
    assert (more.clash, more.cents) == (1, (270 + 4 * 90 - 400) * 100)
    assert "de middelen in 2027" in found.sentence
    assert found.sentence.endswith("Samen heffen deze wijzigingen alle botsingen op.")
    assert allocate(build(270, 630)).ceilings[0, 0] == 270_00


def test_too_much_prevention_does_not_hide_another_clash(town: Town) -> None:
    programme = Programme("P", "S1", (), (100_000,), (1.0,), 1, 1)
    rules = {"prevention_min_dt": 0.05, "prevention_max_dt": 0.02, "locked_dst": [[[150]]]}
    found = contradiction(town([[[100]]], 120, last_budget=[[100]], programmes=(programme,), **rules))
    assert {part.place.rule for part in found.clash if part.clash == 0} == {"preventie_min", "preventie_max"}
    assert {part.place.rule for part in found.clash if part.clash == 1} == {"middelen", "vast"}
    assert {repair.clash for repair in found.repairs} == {0, 1}


def share_to_fill_in(found: Contradiction, rule: str) -> float:
    """The value that this rule alone becomes, as its repair prints it."""
    (repair,) = (repair for repair in found.repairs if [place.rule for place in repair.places] == [rule])
    (value,) = (known.value for known in repair.values)
    hit = re.search(r", naar (?:€ )?([\d,]+)( %)?\.$", repair.sentence)
    assert hit
    assert Decimal(hit[1].replace(",", ".")) == (value * 100 if hit[2] else value)
    return float(value)


@pytest.mark.parametrize(
    ("rule", "name", "given", "rest"),
    [
        ("groei_max", "max_growth_dt", 0.1, {"locked_dst": [[[150.03]]]}),
        ("groei_max_per_inwoner", "max_growth_per_head_dt", 1.0, {"locked_dst": [[[150.03]]]}),
        ("groei_min", "max_fall_dt", 0.1, {"ceiling_dt": [[61.77]]}),
        ("buffer_centraal", "buffer_share_t", 0.5, {"locked_dst": [[[613.37]]]}),
    ],
)
def test_the_share_to_fill_in_ends_the_clash(
    town: Town, rule: str, name: str, given: float, rest: dict
) -> None:
    fixed = {"last_budget": [[117.31]], "inhabitants": [[7]], **rest}
    found = contradiction(town([[[100]]], 900, **{name: given}, **fixed))
    value = share_to_fill_in(found, rule)
    assert allocate(town([[[100]]], 900, **{name: value}, **fixed))


def test_the_share_of_prevention_to_fill_in_ends_the_clash_where_the_area_budget_is_given(
    town: Town,
) -> None:
    programme = Programme("P", "S1", (), (100_000,), (1.0,), 1, 1)
    fixed = {"last_budget": [[100]], "ceiling_dt": [[97]], "locked_dst": [[[91]]], "programmes": (programme,)}
    found = contradiction(town([[[100]]], 900, prevention_min_dt=0.07, **fixed))
    value = share_to_fill_in(found, "preventie_min")
    assert value == pytest.approx((97 - 91) / 97, abs=1e-3)
    assert allocate(town([[[100]]], 900, prevention_min_dt=value, **fixed))


def test_a_repair_is_printed_to_the_cent_and_ends_the_clash(town: Town) -> None:
    given = {"last_budget": [[100, 100]], "ceiling_dt": [[150]]}
    found = contradiction(town([[[100], [100]]], 900, locked_dst=[[[100.2], [80.2]]], **given))
    assert "met € 30,40, naar € 180,40." in found.repairs[0].sentence
    assert allocate(
        town(
            [[[100], [100]]],
            900,
            last_budget=[[100, 100]],
            ceiling_dt=[[180.4]],
            locked_dst=[[[100.2], [80.2]]],
        )
    )


def test_more_money_counts_with_the_share_of_the_buffer(town: Town) -> None:
    def build(money: int) -> Problem:
        return town([[[10_000]]], money, last_budget=[[10_000]], max_fall_dt=0.05, buffer_share_t=0.2)

    found = contradiction(build(10_000))
    asked = 9500 / (1 - 0.2) - 10_000
    assert f"Verhoog de middelen in 2027 met {euros(100 * asked)}." in {
        repair.sentence for repair in found.repairs
    }
    assert allocate(build(11_875)).ceilings.sum() == 9500 * 100


def test_the_band_of_a_reserve_is_named_with_the_amounts_of_the_input(town: Town) -> None:
    reserve = Reserve(
        "R", balance=1000_00, minimum=1500_00, maximum=1500_00, draw_limit=np.array([1, 1]) * 100_00
    )
    found = contradiction(town([[[100, 100]]], 200, last_budget=[[100]], reserves=(reserve,)))
    assert have_and_need(found) == {
        Place("reserve", 2027): (1000 + 200, 1500),
        Place("middelen", 2027): (200, 500),
    }
    assert found.repairs[0].sentence == "Verlaag het minimum van de reserve met € 300."


def test_a_reserve_that_cannot_come_down_to_its_maximum_in_time(town: Town) -> None:
    reserve = Reserve("R", balance=900_00, minimum=0, maximum=100_00, draw_limit=np.array([50_00]))
    found = contradiction(town([[[100]]], 200, last_budget=[[100]], reserves=(reserve,)))
    assert {part.place for part in found.clash} == {Place("reserve", 2027)}
    assert found.repairs[0].cents == (900 - 100 - 50) * 100


def test_a_reserve_floor_above_its_balance_and_the_money(town: Town) -> None:
    reserve = Reserve("R", balance=0, minimum=500_00, maximum=None, draw_limit=np.array([0]))
    found = contradiction(town([[[100]]], 200, last_budget=[[100]], reserves=(reserve,)))
    assert {part.place.rule for part in found.clash} == {"reserve", "middelen"}
    assert found.repairs[0].cents == (500 - 200) * 100


def test_too_little_money_for_the_basic_package_is_no_contradiction(town: Town) -> None:
    plan = allocate(town([[[100]]], 1, last_budget=[[100]]))
    assert plan.shortfall[0, 0, 0] == (80 - 1) * 100


def test_every_repair_of_a_random_clash_names_a_rule_of_the_clash_cheapest_first(random_town: Town) -> None:
    problems = (random_town(seed, 4) for seed in (10, 15, 31, 33, 36, 45, 52))
    for found in filter(None, map(contradiction_or_none, problems)):
        named = {part.place for part in found.clash}
        assert named
        assert found.sentence
        assert all(set(repair.places) <= named for repair in found.repairs)
        assert len({repair.sentence for repair in found.repairs}) == len(found.repairs) > 0
        assert not any("€ 0." in repair.sentence for repair in found.repairs)
        assert len(named) == len(found.clash)
        assert [repair.cents for repair in found.repairs] == sorted(repair.cents for repair in found.repairs)


def contradiction_or_none(problem: Problem) -> Contradiction | None:
    try:
        allocate(problem)
    except Contradiction as found:
        return found
    return None


def test_growth_of_a_later_year_to_fill_in_ends_the_clash(town: Town) -> None:
    """100, then at most 110 and 121, and a lock of 150 in the second year: 150 / 110 - 1 = 36.37 % there."""

    def build(second: float) -> Problem:
        growth = [[0.1, second]]
        return town(
            [[[100, 100]]], 900, last_budget=[[100]], max_growth_dt=growth, locked_dst=[[[np.nan, 150]]]
        )

    found = contradiction(build(0.1))
    place = Place("groei_max", 2028, "WK01")
    (repair,) = (repair for repair in found.repairs if repair.places == (place,))
    assert repair.values == (NewValue(place, Decimal("0.3637")),)
    assert repair.sentence.endswith("naar 36,37 %.")
    assert allocate(build(0.3637))
