"""Back and Forward in the browser: an earlier address is what the reader looked at then, and is shown again."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui import session

_MARK = "terug"
"""What an address carries, with a number, when Back or Forward led to it."""

_component = st.components.v2.component(
    "gebiedsbudget_history",
    js=(Path(__file__).parent / "assets" / "history.js").read_text(encoding="utf-8"),
)


def follow() -> None:
    """Look where Back or Forward has gone; the address alone does not tell, for it trails behind every other change."""
    _component(key="history", data={"mark": _MARK})
    given = st.query_params.to_dict()
    gone = given.pop(_MARK, None)
    if gone is not None and gone != st.session_state.get("gone"):
        st.session_state.gone = gone
        session.go_back_to(given)
