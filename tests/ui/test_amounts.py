"""A typed amount is said back as it was read, or refused with the reason."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

_PAGE = """
import streamlit as st
from ui.amounts import amount_input
st.session_state.setdefault("taal", "nl")
amount_input("Bedrag", key="amount")
"""


def _echo(typed: str, language: str = "nl") -> str:
    app = AppTest.from_string(_PAGE)
    app.session_state["taal"] = language
    app.run()
    app.text_input(key="amount").set_value(typed).run()
    assert not app.exception, app.exception
    (echo,) = app.get("html")
    return str(echo.proto.body).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("€1.250.000,-", "Gelezen als € 1.250.000,00<"),
        ("€ 1,25 mln", "Gelezen als € 1.250.000,00<"),
        ("1.250", "Gelezen als € 1.250,00<"),
        (
            "1.25",
            "Gelezen als € 1,25. Een punt die geen duizendtallen scheidt, is gelezen als decimaalteken.",
        ),
        ("-5", "Gelezen als −€ 5,00. Een bedrag onder nul kan hier niet."),
        ("abc", "“abc” is geen bedrag. Schrijf het als 1.250.000"),
        ("1,2,3", "“1,2,3” is geen bedrag."),
        ("999999999999999999", "Dat is te veel: het hoogste bedrag is € 100.000.000.000."),
    ],
)
def test_what_was_typed_is_said_back_or_refused(typed: str, said: str) -> None:
    assert said in _echo(typed).replace("\u2060", "")


def test_an_english_reader_groups_by_commas() -> None:
    assert "Read as € 12,500.00<" in _echo("12,500", "en")
    assert "Write it as 1,250,000" in _echo("much", "en")
