"""Locks on the screen: refused where a workbook would refuse them, in the same words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from budget.inputs import CITY, Inputs, Rule
from budget.plan import Plan
from budget.rules import first_year_city_wide, rule_at
from ui import work
from ui.refusals import refusals
from ui.scenarios import AS_GIVEN, Change, Scenario

Open = Callable[..., AppTest]


def _city_wide(
    inputs: Inputs, stream: str, *, year: int | None = None, district: str | None = None
) -> Inputs:
    return replace(
        inputs, rules=(*inputs.rules, Rule("stadsbreed", year, district, stream, Decimal(1), "raad"))
    )


def _with_lock(app: AppTest) -> AppTest:
    """The page with the box opened in which one amount is fixed."""
    app.session_state["fold_lock"] = True
    return app.run()


@pytest.fixture
def city_wide_plan(city_plan: Plan) -> Plan:
    """The small plan in which the first stream is said to be city-wide; its amounts are not divided again."""
    return replace(city_plan, inputs=_city_wide(city_plan.inputs, city_plan.inputs.stream_codes[0]))


def test_a_lock_on_a_stream_that_is_city_wide_is_refused_on_the_screen(
    open_page: Open, city_wide_plan: Plan
) -> None:
    work.plans.put("stadsbreed", city_wide_plan)
    stream = city_wide_plan.inputs.streams[0]
    app = _with_lock(open_page("distribution", gegevens="stadsbreed"))
    app.selectbox(key="lock_stream").set_value(stream.code).run()
    app.text_input(key="lock_amount").set_value("80.000").run()
    words = "\n".join(element.proto.body for element in app.get("html"))
    assert f"Geen vast bedrag: {stream.name} is hier in 2027 stadsbreed" in words
    assert app.button(key="lock_do").disabled
    app.selectbox(key="lock_stream").set_value(city_wide_plan.inputs.stream_codes[1]).run()
    assert not app.button(key="lock_do").disabled


def test_the_screen_refuses_what_the_workbook_refuses(city_plan: Plan) -> None:
    inputs, (area, *_) = city_plan.inputs, city_plan.inputs.area_codes
    stream, year = inputs.stream_codes[0], inputs.years[1]

    whole = Change("vast", None, area, stream, Decimal(5))

    def refused(inputs: Inputs, lock: Change = whole) -> bool:
        return bool(AS_GIVEN.changed(lock).city_wide_locks(inputs))

    everywhere = _city_wide(inputs, stream)
    assert refused(everywhere)
    assert not refused(inputs)
    assert not refused(everywhere, replace(whole, value=Decimal(0)))
    assert not refused(everywhere, replace(whole, district=CITY))
    assert not refused(_city_wide(inputs, stream, district=inputs.area_codes[1]))
    later = _city_wide(inputs, stream, year=year)
    assert refused(later)
    assert not refused(later, replace(whole, year=inputs.years[0]))
    assert AS_GIVEN.changed(whole).city_wide_locks(later) == {whole: year}


def test_a_scenario_without_its_refused_locks_is_not_refused(city_wide_plan: Plan) -> None:
    inputs = city_wide_plan.inputs
    locks = [Change("vast", 2027, area, inputs.stream_codes[0], Decimal(5)) for area in inputs.area_codes]
    scenario = Scenario((Change("groei_max", None, None, None, Decimal("0.1")), *locks))
    sound = scenario.without(*scenario.city_wide_locks(inputs))
    assert len(refusals(scenario, inputs)) == len(locks)
    assert sound.changes == scenario.changes[:1]
    assert refusals(sound, inputs) == []


_places = st.none() | st.sampled_from(["A", "B", CITY])
_streams = st.sampled_from(["j", "w"])
_years = st.none() | st.integers(2027, 2030)


_city_wide_rules = st.builds(
    Rule,
    *(st.just("stadsbreed"), _years, _places, _streams),
    *(st.sampled_from([Decimal(0), Decimal(1)]), st.just("")),
)
_locks = st.builds(
    Rule,
    *(st.just("vast"), _years, st.sampled_from(["A", "B"]), _streams),
    *(st.just(Decimal(7)), st.just("")),
)


@given(st.lists(_city_wide_rules, max_size=4), _locks)
def test_a_lock_is_refused_exactly_when_its_stream_is_city_wide_in_one_of_its_years(
    rules: list[Rule], lock: Rule
) -> None:
    years = range(2027, 2031)
    found = first_year_city_wide(rules, lock, years)
    meant = years if lock.year is None else [lock.year]
    holding = [
        year
        for year in meant
        for rule in [rule_at(rules, "stadsbreed", year=year, district=lock.district, stream=lock.stream)]
        if rule is not None and rule.value == 1
    ]
    assert found == (holding[0] if holding else None)


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        (Change("groei_max", 2027, None, None, Decimal("0.05")), True),
        (Change("groei_max", None, None, None, None), True),
        (Change("groei_max", None, None, None, Decimal(-5)), False),
        (Change("groei_max", 1999, None, None, Decimal("0.05")), False),
        (Change("groei_max", None, CITY, None, Decimal("0.05")), False),
        (Change("groei_max", None, None, "j", Decimal("0.05")), False),
        (Change("geluk", None, None, None, Decimal(1)), False),
        (Change("vast", None, "elders", None, Decimal(1)), False),
    ],
)
def test_a_change_fits_when_a_workbook_may_say_it(city_plan: Plan, change: Change, fits: bool) -> None:
    assert change.fits(city_plan.inputs) is fits


def test_the_city_wide_part_can_be_locked_where_it_carries_something(
    open_page: Open, city_plan: Plan
) -> None:
    claims = city_plan.problem.city_claims[:, 0]
    carried = [name.name for name, claim in zip(city_plan.inputs.streams, claims, strict=True) if claim]
    app = _with_lock(open_page("distribution"))
    assert ("Stadsbreed" in app.selectbox(key="lock_area").options) == bool(carried)


_RULES = (
    Rule("groei_max", None, None, None, Decimal("0.05"), "raad"),
    Rule("norm_aandeel", 2027, None, None, Decimal("0.2"), "raad"),
    Rule("norm_aandeel", 2028, None, None, Decimal("0.4"), "raad"),
)


@pytest.fixture
def ruled_plan(city_plan: Plan) -> Plan:
    """The small plan under a norm that grows in by year and a pace that one district has of its own."""
    own = Rule("groei_max", None, city_plan.inputs.area_codes[0], None, Decimal("0.08"), "raad")
    inputs = replace(city_plan.inputs, rules=(*_RULES, own))
    work.plans.put("regels", replace(city_plan, inputs=inputs))
    return city_plan


def _differences(app: AppTest) -> tuple[Change, ...]:
    scenario: Scenario = app.session_state.scenario
    return scenario.changes


def test_a_value_per_year_is_not_shown_as_that_of_one_year(open_page: Open, ruled_plan: Plan) -> None:
    app = open_page("distribution", gegevens="regels")
    assert [slider.key for slider in app.select_slider if slider.key == "share_norm_aandeel"] == []
    path = app.selectbox(key="one_norm_aandeel")
    assert path.value == ""
    assert path.options[0] == "verschilt per jaar: 20–40\xa0%"


def test_one_value_for_all_years_is_a_choice_and_goes_without_a_trace(
    open_page: Open, ruled_plan: Plan
) -> None:
    app = open_page("distribution", gegevens="regels")
    app.selectbox(key="one_norm_aandeel").select(Decimal("0.50")).run()
    assert _differences(app) == (Change("norm_aandeel", None, None, None, Decimal("0.5")),)
    assert "was 20–40\xa0%" in app.button(key="undo_0").label
    app.selectbox(key="one_norm_aandeel").select("").run()
    assert _differences(app) == ()


def test_a_year_changed_on_the_screen_is_not_lost_by_looking_at_all_years(
    open_page: Open, ruled_plan: Plan
) -> None:
    app = open_page("distribution", gegevens="regels", regels="groei_max~2027~~~0.1")
    growth = app.selectbox(key="one_groei_max")
    assert growth.options[0] == "verschilt per jaar: 5–10\xa0%"
    growth.select(Decimal("0.070")).run()
    app.select_slider(key="share_groei_max").set_value(Decimal("0.05")).run()
    assert _differences(app) == ()


def test_a_slider_back_where_it_was_leaves_no_change(open_page: Open, ruled_plan: Plan) -> None:
    app = open_page("distribution", gegevens="regels")
    app.selectbox(key="rule_year").select("2027").run()
    app.select_slider(key="share_norm_aandeel").set_value(Decimal("0.25")).run()
    assert app.button(key="undo_0").label == "Terug: Aandeel norm 25,0\xa0% (2027; was 20,0\xa0%)"
    app.select_slider(key="share_norm_aandeel").set_value(Decimal("0.20")).run()
    assert _differences(app) == ()


def test_a_district_with_a_value_of_its_own_is_named_beside_the_rule(
    open_page: Open, ruled_plan: Plan
) -> None:
    name = ruled_plan.inputs.districts[0].name
    app = open_page("distribution", gegevens="regels")
    assert f"Eigen waarde: {name} 8,0\xa0%" in [box.label for box in app.expander]


def test_a_rule_switched_off_in_one_year_stays_in_the_others(open_page: Open, ruled_plan: Plan) -> None:
    app = open_page("distribution", gegevens="regels")
    app.selectbox(key="rule_year").select("2028").run()
    app.toggle(key="use_groei_max").set_value(False).run()
    (off,) = _differences(app)
    rules = off.made_in(_RULES, (2027, 2028))
    assert rule_at(rules, "groei_max", year=2028) is None
    assert rule_at(rules, "groei_max", year=2027) is not None
    app.toggle(key="use_groei_max").set_value(True).run()
    assert _differences(app) == ()


def test_a_lock_that_comes_by_a_link_is_refused_in_the_same_words_and_the_rest_is_taken_up(
    open_page: Open, city_wide_plan: Plan
) -> None:
    work.plans.put("stadsbreed", city_wide_plan)
    inputs = city_wide_plan.inputs
    lock = f"vast~2027~{inputs.area_codes[0]}~{inputs.stream_codes[0]}~80000"
    app = open_page("distribution", gegevens="stadsbreed", regels=f"buffer_centraal~~~~0.05!{lock}")
    assert [change.rule for change in app.session_state.scenario.changes] == ["buffer_centraal"]
    (info,) = app.info
    assert info.value.startswith("Geen vast bedrag: ")


@pytest.mark.parametrize("rules", ["groei_max~~~~-5", "geluk~~~~1", "vast~2027~elders~~1"])
def test_a_link_that_says_what_no_workbook_may_say_opens_the_workbook(open_page: Open, rules: str) -> None:
    app = open_page("distribution", regels=rules)
    assert app.session_state.scenario == AS_GIVEN
    assert "niet te lezen" in app.info[0].value
