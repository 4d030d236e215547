"""The line above every page: whose data these are, the language, and the meeting mode."""

from __future__ import annotations

from html import escape

import streamlit as st

from ui import session
from ui.language import LANGUAGES, text


def show() -> None:
    """Draw the line; a change takes effect at once."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="toolbar"
    ):
        st.html(f'<p class="gb-eyebrow">{escape(_whose())}</p>', width="content")
        with st.container(
            horizontal=True, horizontal_alignment="right", vertical_alignment="center", width="content"
        ):
            if session.has_plan():
                st.toggle(
                    text("toolbar.meeting"),
                    value=st.session_state.vergadering,
                    key="meeting_choice",
                    on_change=_meet,
                    help=None,
                )
            st.segmented_control(
                text("toolbar.language"),
                LANGUAGES,
                default=st.session_state.taal,
                format_func=str.upper,
                key="language_choice",
                label_visibility="collapsed",
                on_change=_speak,
                required=True,
            )


def _whose() -> str:
    if not session.has_plan():
        return text("toolbar.product")
    town = st.session_state.basis.inputs.municipality
    years = text("toolbar.years", first=town.years[0], last=town.years[-1])
    changed = text("toolbar.changed", n=len(st.session_state.changes)) if st.session_state.changes else ""
    return " · ".join(filter(None, (town.name, years, changed)))


def _meet() -> None:
    st.session_state.vergadering = st.session_state.meeting_choice


def _speak() -> None:
    st.session_state.taal = st.session_state.language_choice or st.session_state.taal
