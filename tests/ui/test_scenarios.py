"""Changed rules: what they replace, and how they travel in an address."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.inputs import Rule
from budget.plan import Plan
from budget.rules import rule_at
from optimiser.problem import BALANCE, CERTAINTY, LEXIMIN, STRATEGIES, Strategy, mixed
from optimiser.trade_offs import frontier, presets
from ui.scenarios import (
    AS_GIVEN,
    CHANGED_BY,
    LINK_LENGTH,
    Change,
    Scenario,
    decode,
    decode_saved,
    encode,
    encode_saved,
    merge,
)

_codes = st.none() | st.sampled_from(["WK01", "6.712", "WMO-HO"])
_changes = st.builds(
    Change,
    rule=st.sampled_from(["groei_max", "vast", "norm_aandeel"]),
    year=st.none() | st.integers(2020, 2040),
    district=_codes,
    stream=_codes,
    value=st.none() | st.decimals(-1, 10**9, places=4, allow_nan=False),
)


_strategies = st.none() | st.sampled_from(
    [*STRATEGIES, Strategy("eigen", ("tekort", "dekking", "over"), 2.5, 0.95, later_savings=False)]
)
_scenarios = st.builds(
    lambda changes, strategy: AS_GIVEN.changed(*changes).following(strategy),
    st.lists(_changes, max_size=5),
    _strategies,
)


@given(_scenarios)
def test_a_scenario_survives_the_address_bar(scenario: Scenario) -> None:
    assert decode(encode(scenario)) == scenario


@given(st.dictionaries(st.text(min_size=1, max_size=40), _scenarios, max_size=3))
def test_saved_scenarios_survive_the_address_bar_as_far_as_they_fit(saved: dict[str, Scenario]) -> None:
    written = encode_saved(saved)
    kept = decode_saved(written)
    assert len(written) <= LINK_LENGTH
    assert list(kept.items()) == list(saved.items())[: len(kept)]


def test_a_link_from_before_there_were_strategies_says_the_same_as_ever() -> None:
    scenario = decode("groei_max~2027~~~0.05!vast~~WK01~WMO~")
    assert scenario.strategy is None
    assert scenario.changes == (
        Change("groei_max", 2027, None, None, Decimal("0.05")),
        Change("vast", None, "WK01", "WMO", None),
    )


@pytest.mark.parametrize(
    "text",
    [
        "groei_max",
        "a~b~c",
        "groei_max~x~~~0.1",
        "groei_max~2027~~~veel",
        "groei_max~2027~~~NaN",
        "groei_max~2027~~~Infinity",
        "vast~2027~WK01~WMO~999999999999999999",
        "groei_max~2027~~~1e-99999999",
        "~" * 9,
        "strategie~geluk",
        "strategie~x~geluk~1~1~1",
    ],
)
def test_an_address_of_another_making_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode(text)


def test_a_change_for_all_years_replaces_those_of_single_years() -> None:
    single = Change("groei_max", 2027, None, None, Decimal("0.1"))
    every = Change("groei_max", None, None, None, Decimal("0.2"))
    assert merge((single,), every) == (every,)
    assert merge((every,), single) == (every, single)


def test_a_change_replaces_the_rule_of_the_workbook_and_says_who_made_it(city_plan: Plan) -> None:
    inputs = Scenario((Change("buffer_centraal", None, None, None, Decimal("0.05")),)).applied_to(
        city_plan.inputs
    )
    assert [rule for rule in inputs.rules if rule.name == "buffer_centraal"] == [
        Rule("buffer_centraal", None, None, None, Decimal("0.05"), CHANGED_BY)
    ]
    assert [rule for rule in inputs.rules if rule.name != "buffer_centraal"] == [
        rule for rule in city_plan.inputs.rules if rule.name != "buffer_centraal"
    ]


def test_a_rule_can_be_taken_away(city_plan: Plan) -> None:
    inputs = Scenario((Change("buffer_centraal", None, None, None, None),)).applied_to(city_plan.inputs)
    assert rule_at(inputs.rules, "buffer_centraal", year=2027) is None


def test_another_strategy_leaves_the_rules_and_none_leaves_that_of_the_workbook(city_plan: Plan) -> None:
    other = next(strategy for strategy in STRATEGIES if strategy != city_plan.inputs.strategy)
    inputs = Scenario(strategy=other).applied_to(city_plan.inputs)
    assert (inputs.strategy, inputs.rules) == (other, city_plan.inputs.rules)
    assert AS_GIVEN.applied_to(city_plan.inputs).strategy == city_plan.inputs.strategy == BALANCE


def test_every_strategy_that_the_screens_offer_fits_and_survives_the_address_bar(city_plan: Plan) -> None:
    own = replace(CERTAINTY, risk_weight=2.5, confidence=0.95)
    inputs, problem = replace(city_plan.inputs, strategy=own), replace(city_plan.problem, strategy=own)
    for strategy in (*presets(problem), *frontier(problem), *STRATEGIES, LEXIMIN, own):
        scenario = decode(encode(Scenario(strategy=strategy)))
        assert scenario.strategy == strategy
        assert scenario.fits(inputs)


@pytest.mark.parametrize(
    "strategy",
    [
        replace(BALANCE, name="snel"),
        replace(BALANCE, name="zekerheid"),
        replace(BALANCE, order=("norm", "lasten", "dekking")),
        replace(BALANCE, later_savings=False),
        replace(CERTAINTY, risk_weight=nan),
        replace(CERTAINTY, risk_weight=inf),
        replace(CERTAINTY, confidence=5.0),
        replace(mixed(50, 30, 20), weights=(0.9, 0.1, 0.0)),
        replace(mixed(50, 30, 20), weights=(nan, 0.3, 0.2)),
        replace(mixed(50, 30, 20), name="gewichten 050-30-20"),
        replace(mixed(50, 30, 20), name="gewichten 60-60-20"),
    ],
    ids=str,
)
def test_a_strategy_that_no_screen_offers_does_not_fit(city_plan: Plan, strategy: Strategy) -> None:
    assert not Scenario(strategy=strategy).fits(city_plan.inputs)
    assert not decode(encode(Scenario(strategy=strategy))).fits(city_plan.inputs)
