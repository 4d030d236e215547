"""Changed rules: what they replace, and how they travel in an address."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.inputs import Rule
from budget.plan import Plan
from budget.rules import rule_at
from ui.scenarios import CHANGED_BY, Change, apply_changes, decode, encode, merge

_codes = st.none() | st.sampled_from(["WK01", "6.712", "WMO-HO"])
_changes = st.builds(
    Change,
    rule=st.sampled_from(["groei_max", "vast", "norm_aandeel"]),
    year=st.none() | st.integers(2020, 2040),
    district=_codes,
    stream=_codes,
    value=st.none() | st.decimals(-1, 10**9, places=4, allow_nan=False),
)


@given(st.lists(_changes, max_size=5))
def test_a_scenario_survives_the_address_bar(changes: list[Change]) -> None:
    merged: tuple[Change, ...] = ()
    for change in changes:
        merged = merge(merged, change)
    assert decode(encode(merged)) == merged


@pytest.mark.parametrize(
    "text", ["groei_max", "a~b~c", "groei_max~x~~~0.1", "groei_max~2027~~~veel", "~" * 9]
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
    inputs = apply_changes(city_plan.inputs, [Change("buffer_centraal", None, None, None, Decimal("0.05"))])
    assert [rule for rule in inputs.rules if rule.name == "buffer_centraal"] == [
        Rule("buffer_centraal", None, None, None, Decimal("0.05"), CHANGED_BY)
    ]
    assert [rule for rule in inputs.rules if rule.name != "buffer_centraal"] == [
        rule for rule in city_plan.inputs.rules if rule.name != "buffer_centraal"
    ]


def test_a_rule_can_be_taken_away(city_plan: Plan) -> None:
    inputs = apply_changes(city_plan.inputs, [Change("buffer_centraal", None, None, None, None)])
    assert rule_at(inputs.rules, "buffer_centraal", year=2027) is None
