from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from budget.inputs import Rule
from budget.rules import resolve, rule_at
from tests.budget.small_city import rule

AREAS, STREAMS, YEARS = ("A", "B"), ("j", "w"), (2027, 2028)


def test_the_most_specific_rule_holds() -> None:
    rules = [
        rule("groei_max", "0.05"),
        rule("groei_max", "0.03", year=2028),
        rule("groei_max", "0.10", year=2028, district="B"),
    ]
    assert resolve(rules, "groei_max", AREAS, ("",), YEARS)[:, 0].tolist() == [[0.05, 0.03], [0.05, 0.10]]


def test_at_an_equal_number_of_names_the_district_goes_before_the_year() -> None:
    rules = [rule("groei_max", "0.02", district="A"), rule("groei_max", "0.03", year=2027)]
    assert resolve(rules, "groei_max", AREAS, ("",), YEARS)[:, 0, 0].tolist() == [0.02, 0.03]


def test_where_no_rule_speaks_there_is_none() -> None:
    assert np.isnan(resolve([rule("vast", "1", district="A")], "vast", AREAS, STREAMS, YEARS)[1]).all()
    assert rule_at([rule("vast", "1", district="A")], "vast", district="B", year=2027, stream="j") is None


maybe_rules = st.lists(
    st.builds(
        rule,
        st.just("groei_max"),
        st.sampled_from(["0.01", "0.02", "0.03"]),
        st.sampled_from([None, *YEARS]),
        st.sampled_from([None, *AREAS]),
        st.sampled_from([None, *STREAMS]),
    ),
    max_size=6,
    unique_by=lambda r: (r.year, r.district, r.stream),
)


@given(maybe_rules)
def test_resolving_all_places_at_once_agrees_with_asking_one_by_one(rules: list[Rule]) -> None:
    values = resolve(rules, "groei_max", AREAS, STREAMS, YEARS)
    for (d, area), (s, stream), (t, year) in itertools.product(
        enumerate(AREAS), enumerate(STREAMS), enumerate(YEARS)
    ):
        found = rule_at(rules, "groei_max", year=year, district=area, stream=stream)
        assert np.isnan(values[d, s, t]) if found is None else values[d, s, t] == float(found.value)
