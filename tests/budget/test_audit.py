"""Every check of the audit must be able to fail: a good plan is spoiled in one place and only then found out."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from budget.audit import Finding, audit
from budget.inputs import PreventionSegment, Reserve
from budget.plan import Plan, plan_demand
from optimiser.allocation import Allocation
from tests.budget.small_city import flat_demand, rule, small_inputs


@cache
def good_plan() -> Plan:
    prevention = PreventionSegment(
        "P1", "Vroeg erbij", (), "w", 5_000_00, 3.0, 1, 1, 1.0, 1.0, "B", "geboekt", "studie"
    )
    inputs = small_inputs(
        rule("groei_min", "0.10"),
        rule("groei_max", "0.05"),
        rule("groei_max_per_inwoner", "20"),
        rule("buffer_centraal", "0.02"),
        rule("vast", "15000", district="A", stream="w"),
        rule("vast", "30000", district="STAD", stream="j"),
        rule("plafond", "120000", year=2028, district="A"),
        rule("preventie_min", "0.01"),
        rule("preventie_max", "0.03"),
        prevention=(prevention,),
        reserves=(Reserve("Egalisatie", 10_000_00, 5_000_00, 20_000_00, 1_000_00, None),),
    )
    return plan_demand(inputs, flat_demand(inputs))


def test_a_district_code_may_hold_a_space() -> None:
    inputs = small_inputs(rule("groei_max_per_inwoner", "20"))
    codes = {district.code: f"Wijk {district.code}" for district in inputs.districts}
    spaced = replace(
        inputs,
        districts=tuple(replace(district, code=codes[district.code]) for district in inputs.districts),
        population=replace(inputs.population, districts=tuple(codes.values())),
        history=replace(inputs.history, districts=tuple(codes.values())),
        last_budget={(codes[area], stream): cents for (area, stream), cents in inputs.last_budget.items()},
    )
    assert all(finding.holds for finding in plan_demand(spaced, flat_demand(spaced)).findings)


def failing(allocation: Allocation) -> set[str]:
    plan = good_plan()
    findings = audit(plan.inputs, plan.claims, allocation, plan.steps)
    return {finding.name for finding in findings if not finding.holds}


def test_a_plan_of_the_allocator_passes_every_check() -> None:
    assert [finding for finding in good_plan().findings if not finding.holds] == []


def spoiled(field: str, place: tuple[int, ...], change: int) -> Allocation:
    amounts = getattr(good_plan().allocation, field).copy()
    amounts[place] += change
    return replace(good_plan().allocation, **{field: amounts})


@pytest.mark.parametrize(
    ("field", "place", "change", "check"),
    [
        ("free", (0, 0), 1, "Middelen en bestemming zijn elk jaar gelijk"),
        ("free", (0, 0), -(10**9), "Geen bedrag is negatief"),
        ("source_use", (1, 1, 0), 1, "Geoormerkt geld betaalt alleen zijn eigen stromen"),
        ("source_use", (1, 0, 0), 10**9, "Geoormerkt geld betaalt alleen zijn eigen stromen"),
        ("budgets", (1, 0, 0), -1, "Elke stroom is precies uit bronnen en reserves betaald"),
        ("budgets", (1, 0, 0), 1, "Elke stroom is precies uit bronnen en reserves betaald"),
        ("buffer", (0,), 1, "Centrale buffer volgt buffer_centraal"),
        ("free", (1, 1), -40_000_00, "Plafonds dalen niet meer dan groei_min"),
        ("free", (1, 1), 10_000_00, "Plafonds groeien niet meer dan groei_max"),
        ("free", (0, 0), 20_001_00, "Plafonds groeien niet meer dan groei_max_per_inwoner"),
        ("budgets", (0, 1, 0), 1, "Vastgezette cellen zijn precies het vaste bedrag"),
        ("city", (0, 0), 1, "Vastgezette cellen zijn precies het vaste bedrag"),
        ("free", (0, 1), 1, "Gegeven plafonds zijn precies gevolgd"),
        ("prevention", (1, 0, 0), 4_000_00, "Preventie ligt binnen preventie_min en preventie_max"),
        ("prevention", (1, 0, 0), 5_000_01, "Preventie past binnen de segmenten van geboekte programma's"),
        (
            "reinvested",
            (1, 0, 0, 1),
            1,
            "Herinvestering komt uit het overschot van eerdere jaren, binnen haar grenzen",
        ),
        ("reinvested", (0, 0, 0, 0), 5_000_01, "Preventie past binnen de segmenten van geboekte programma's"),
        ("savings", (1, 0, 1), 2, "Besparing volgt uit eerdere preventie"),
        ("shortfall", (1, 0, 0), 1, "Tekort is het niet gedekte deel van het basispakket"),
        ("city_shortfall", (0, 0), 1, "Tekort is het niet gedekte deel van het basispakket"),
        (
            "budgets",
            (1, 1, 0),
            10**7,
            "Geen stroom krijgt meer dan zijn verwachte lasten, tenzij vastgezet of gecontracteerd",
        ),
        ("reserve_out", (0, 0), 1_000_01, "Reserves blijven tussen minimum en maximum"),
        ("reserve_in", (0, 0), 10_000_01, "Reserves blijven tussen minimum en maximum"),
        ("free", (0, 0), 1, "De verklaring telt op tot elk plafond"),
    ],
)
def test_a_spoiled_amount_is_found(field: str, place: tuple[int, ...], change: int, check: str) -> None:
    assert check in failing(spoiled(field, place, change))


def test_a_finding_says_by_how_much_and_where() -> None:
    plan = good_plan()
    findings = audit(plan.inputs, plan.claims, spoiled("buffer", (0,), 150), plan.steps)
    assert Finding("Centrale buffer volgt buffer_centraal", 1_50, "2027") in findings


def test_the_steps_of_every_area_and_year_add_up_to_its_ceiling() -> None:
    plan = good_plan()
    for d, area in enumerate(plan.inputs.area_codes):
        for t, year in enumerate(plan.inputs.years):
            own = [step.cents for step in plan.steps if (step.area, step.year) == (area, year)]
            assert sum(own) == plan.allocation.ceilings[d, t]


def test_more_clients_and_higher_prices_are_separate_steps() -> None:
    plan = good_plan()
    demand = {step.name: step.cents for step in plan.steps if (step.area, step.year) == ("B", 2028)}
    assert demand["Vraag"] == 1 * 10_000_00 * 8 // 10 + 1 * 2_000_00
    assert "Prijs" not in demand
    assert np.sign(demand["Vraag"]) == 1
