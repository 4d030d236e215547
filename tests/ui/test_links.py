"""Links: what they bring and what they may not; those to data that are not here; and the way back to earlier ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from budget.plan import Plan
from ui.language import LANGUAGES
from ui.scenarios import AS_GIVEN, decode, encode_saved
from ui.variants import AT_MOST, is_free
from ui.work import plans

RULES = "groei_max~2027~~~0.05"
TIGHT, NORM = "buffer_centraal~~~~0.05", "norm_aandeel~~~~1"
SCRIPT = """
import streamlit as st
from ui import session
from ui.screens.compare_offers import offered
from ui.work import plans

session.begin()
if st.text_input("mark", key="mark"):
    session.open_plan(st.session_state.mark, plans.get("kept"))
if before := st.session_state.pop("before", None):
    session.go_back_to(before)
session.keep_address()
if session.has_plan():
    st.session_state.names = list(offered())
"""
Opened = Callable[..., AppTest]


@pytest.fixture
def reader(city_plan: Plan) -> AppTest:
    """Somebody who opened a link to data that are not here yet."""
    plans.put("kept", city_plan)
    return opened_with(gegevens="a1b2", regels=RULES, bewaard=f"Zuinig*{TIGHT}")


@pytest.fixture
def opened(city_plan: Plan) -> Callable[..., AppTest]:
    """Opens a link to data that are here."""
    plans.put("kept", city_plan)
    return partial(opened_with, gegevens="kept")


def opened_with(**address: str) -> AppTest:
    app = AppTest.from_string(SCRIPT, default_timeout=30)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def in_address(reader: AppTest, name: str) -> str:
    value = reader.query_params[name]
    return value if isinstance(value, str) else value[0]


def test_a_link_to_data_that_are_not_here_says_so_and_stays_in_the_address(reader: AppTest) -> None:
    assert "a1b2" in reader.session_state.message
    assert (in_address(reader, "gegevens"), in_address(reader, "regels")) == ("a1b2", RULES)


def test_what_the_link_points_at_is_there_once_its_data_are(reader: AppTest) -> None:
    reader.text_input(key="mark").input("a1b2").run()
    assert not reader.exception
    assert [change.rule for change in reader.session_state.scenario.changes] == ["groei_max"]
    assert dict(reader.session_state.saved) == {"Zuinig": decode(TIGHT)}
    assert reader.session_state.message == ""
    assert (in_address(reader, "regels"), in_address(reader, "bewaard")) == (RULES, f"Zuinig*{TIGHT}")


def test_other_data_are_shown_as_they_are_and_named_beside_those_of_the_link(reader: AppTest) -> None:
    reader.text_input(key="mark").input("c3d4").run()
    assert not reader.exception
    assert not reader.session_state.scenario
    assert "a1b2" in reader.session_state.message
    assert "c3d4" in reader.session_state.message
    assert "regels" not in reader.query_params


@pytest.mark.parametrize("year", ["\u00b2", "9" * 5_000])
def test_a_year_that_is_none_is_the_first_of_the_plan(opened: Opened, city_plan: Plan, year: str) -> None:
    assert opened(jaar=year).session_state.jaar == city_plan.inputs.years[0]


@pytest.mark.parametrize(
    "scenario",
    [
        "",
        "onzin~~~~5",
        "strategie~snel~dekking.over~1~0.9~1~1~0~0",
        "stadsbreed~~~{stream}~1!vast~2027~{area}~{stream}~100",
    ],
)
def test_a_saved_variant_that_could_not_be_made_here_is_left_out_by_name(
    opened: Opened, city_plan: Plan, scenario: str
) -> None:
    inputs = city_plan.inputs
    scenario = scenario.format(stream=inputs.stream_codes[0], area=inputs.area_codes[0])
    app = opened(regels=RULES, bewaard=f"Vreemd*{scenario};Zuinig*{TIGHT}")
    assert list(app.session_state.saved) == ["Zuinig"]
    assert "“Vreemd”" in app.session_state.message
    assert app.session_state.scenario == decode(RULES)


@pytest.mark.parametrize("name", ["Werkmap", "my variant", "Voor\u200bstel", "lang" * 11])
def test_a_saved_variant_has_a_name_of_its_own(opened: Opened, name: str) -> None:
    app = opened(bewaard=encode_saved({name: decode(TIGHT)}))
    assert not app.session_state.saved
    assert app.session_state.message


def test_a_name_in_a_message_is_no_mark_up(opened: Opened) -> None:
    assert r"“\[hier\]\(x\)”" in opened(bewaard="[hier](x)*onzin~~~~5").session_state.message


def test_no_more_variants_come_with_a_link_than_can_be_saved(opened: Opened) -> None:
    app = opened(bewaard=";".join(f"{name}*{TIGHT}" for name in "ABCD"))
    assert list(app.session_state.saved) == list("ABCD"[:AT_MOST])
    assert "“D”" in app.session_state.message


def test_saved_variants_that_cannot_be_read_leave_the_rules(opened: Opened) -> None:
    app = opened(regels=RULES, bewaard="onleesbaar")
    assert app.session_state.scenario == decode(RULES)
    assert "bewaarde varianten in deze link zijn niet te lezen" in app.session_state.message


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_plan_on_offer_has_a_name_that_is_free(opened: Opened, language: str) -> None:
    names = opened(taal=language, regels=RULES).session_state.names
    assert len(names) > 2
    assert [name for name in names if is_free(name, [])] == []


def back_to(app: AppTest, **address: str) -> AppTest:
    """The same reader after Back or Forward."""
    app.session_state.before = {"gegevens": "kept", **address}
    app.run()
    assert not app.exception, app.exception
    return app


def test_back_and_forward_show_what_was_looked_at_and_leave_what_was_saved(
    opened: Opened, city_plan: Plan
) -> None:
    code = city_plan.inputs.area_codes[1]
    app = back_to(opened(regels=RULES, bewaard=f"Zuinig*{TIGHT}"), wijk=code, jaar="2028", taal="en")
    state = app.session_state
    assert (state.scenario, state.wijk, state.jaar, state.taal) == (AS_GIVEN, code, 2028, "en")
    assert list(state.saved) == ["Zuinig"]
    assert back_to(app, regels=NORM).session_state.scenario == decode(NORM)
    assert in_address(app, "regels") == NORM


def test_back_to_other_data_changes_nothing(opened: Opened) -> None:
    app = back_to(opened(regels=RULES, jaar="2028"), gegevens="elders", regels=TIGHT)
    assert (app.session_state.scenario, app.session_state.jaar) == (decode(RULES), 2028)


def test_back_to_a_lock_that_no_workbook_may_say_is_refused_with_a_reason(
    opened: Opened, city_plan: Plan
) -> None:
    stream, area = city_plan.inputs.stream_codes[0], city_plan.inputs.area_codes[0]
    city_wide = f"stadsbreed~~~{stream}~1"
    app = back_to(opened(), regels=f"{city_wide}!vast~2027~{area}~{stream}~100")
    assert app.session_state.scenario == decode(city_wide)
    assert app.session_state.message


def test_back_to_rules_that_cannot_be_read_shows_the_workbook(opened: Opened) -> None:
    app = back_to(opened(regels=RULES), regels="groei_max~~~~veel")
    assert app.session_state.scenario == AS_GIVEN
    assert "niet te lezen" in app.session_state.message
