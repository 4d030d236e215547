"""A link opened where its data are not: it waits for them, and says so when others come."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from budget.plan import Plan
from ui.work import plans

RULES = "groei_max~2027~~~0.05"
SCRIPT = """
import streamlit as st
from ui import session
from ui.work import plans

session.begin()
if st.text_input("mark", key="mark"):
    session.open_plan(st.session_state.mark, plans.get("kept"))
session.keep_address()
"""


@pytest.fixture
def reader(city_plan: Plan) -> AppTest:
    """Somebody who opened a link to data that are not here yet."""
    plans.put("kept", city_plan)
    opened = AppTest.from_string(SCRIPT, default_timeout=30)
    opened.query_params["gegevens"], opened.query_params["regels"] = "a1b2", RULES
    return opened.run()


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
    assert reader.session_state.message == ""
    assert in_address(reader, "regels") == RULES


def test_other_data_are_shown_as_they_are_and_named_beside_those_of_the_link(reader: AppTest) -> None:
    reader.text_input(key="mark").input("c3d4").run()
    assert not reader.exception
    assert not reader.session_state.scenario
    assert "a1b2" in reader.session_state.message
    assert "c3d4" in reader.session_state.message
    assert "regels" not in reader.query_params


def test_a_year_in_strange_digits_is_no_year(city_plan: Plan) -> None:
    plans.put("kept", city_plan)
    opened = AppTest.from_string(SCRIPT, default_timeout=30)
    opened.query_params["gegevens"], opened.query_params["jaar"] = "kept", "\u00b2"
    assert not opened.run().exception
