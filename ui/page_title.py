"""What the browser calls the page, in its tabs and its history: which page, of what, in which year."""

from __future__ import annotations

import streamlit as st

from ui import session
from ui.language import text

_OF_A_YEAR = ("distribution", "why", "contracts", "compare")
_OF_A_DISTRICT = ("distribution", "why", "forecast", "year")


def page_title(page: str, *, in_meeting: bool = False) -> str:
    """The title of the page by its key, e.g. `Waarom Spoorhaven 2027 - Gebiedsbudget`."""
    words = [text(f"nav.{page}")]
    if session.has_plan():
        state, view = st.session_state, session.basis()
        if page == "forecast":
            words.append(view.stream_names[str(state.stroom)])
        if page in _OF_A_DISTRICT and state.wijk in view.area_names:
            words.append(view.area_names[str(state.wijk)])
        if page in _OF_A_YEAR:
            words.append(str(state.jaar))
        if page == "year":
            words.append(str(view.years[0] - 1))
    if in_meeting:
        words.append("(" + text("toolbar.meeting").lower() + ")")
    return " ".join(words) + " - " + text("toolbar.product")
