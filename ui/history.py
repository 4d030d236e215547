"""Back and Forward in the browser: an earlier address is what the reader looked at then, and is shown again."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui import session

_component = st.components.v2.component(
    "gebiedsbudget_history",
    js=(Path(__file__).parent / "assets" / "history.js").read_text(encoding="utf-8"),
)


def follow() -> None:
    """Look where Back or Forward has gone, if that is what this run is for."""
    _component(key="history")
    run = get_script_run_ctx()
    if run is not None and run.is_history_navigation:
        session.go_back_to(dict(parse_qsl(run.query_string)))
