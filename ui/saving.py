"""Putting the scenario at hand by under a name, on any page that shows a plan."""

from __future__ import annotations

import streamlit as st

from ui import session
from ui.language import text

AT_MOST = 3
"""Saved scenarios; with the workbook they fit side by side."""


def save_variant() -> None:
    """A field for the name and a button, while there is something to save; nothing else."""
    scenario, saved = session.scenario(), session.saved()
    if not scenario or scenario in saved.values() or len(saved) >= AT_MOST:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="save_variant"):
        name = st.text_input(text("compare.name"), key="scenario_name", max_chars=40, width=280).strip()
        if st.button(text("compare.save"), key="save_scenario", disabled=not name or name in saved):
            session.save(name, scenario)
            st.rerun()
