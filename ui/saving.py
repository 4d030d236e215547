"""Putting the scenario at hand by under a name, on any page that shows a plan."""

from __future__ import annotations

import streamlit as st

from ui import panels, session
from ui.language import text
from ui.variants import AT_MOST, LONGEST_NAME, is_free


def save_variant() -> None:
    """A field for the name and a button, while there is something to save; nothing else."""
    scenario, saved = session.scenario(), session.saved()
    if not scenario or scenario in saved.values() or len(saved) >= AT_MOST:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", width="content", key="save_variant"):
        label = text("compare.name")
        name = st.text_input(label, key="scenario_name", max_chars=LONGEST_NAME, width=280).strip()
        free = is_free(name, saved)
        if st.button(text("compare.save"), key="save_scenario", disabled=not free):
            session.save(name, scenario)
            _keep_its_place(name)
            st.rerun()
        if name and not free:
            panels.note(text("compare.name_taken", name=name))


def _keep_its_place(name: str) -> None:
    """Where the scenario at hand lies beside other plans, it stays there under its name."""
    state, mine = st.session_state, text("compare.mine")
    state.beside = [name if one == mine else one for one in state.get("beside", ())]
    for side in ("compare_from", "compare_to"):
        if state.get(side) == mine:
            state[side] = name
