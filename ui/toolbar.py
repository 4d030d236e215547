"""The line above every page: whose data these are, the language, and the meeting mode."""

from __future__ import annotations

from html import escape

import streamlit as st

from budget.money import Language
from ui import session
from ui.choices import one_of
from ui.language import LANGUAGES, said, share, text
from ui.panels import note
from ui.work import Run


def show(*, on_data_page: bool) -> None:
    """Draw the line; a change takes effect at once.

    A run under way, and what was wrong with the link that was opened, show themselves on every page.
    """
    state = st.session_state
    state.meeting_choice = state.vergadering
    with st.container(horizontal=True, vertical_alignment="center", width="content", key="toolbar"):
        if session.has_plan():
            st.toggle(
                text("toolbar.meeting"),
                key="meeting_choice",
                on_change=_meet,
                help=None,
            )
        one_of(
            text("toolbar.language"),
            LANGUAGES,
            state.taal,
            _speak,
            key="language_choice",
            named=str.upper,
            labelled=False,
        )
    st.html(f'<p class="gb-eyebrow">{escape(_whose())}</p>')
    if st.session_state.message and not on_data_page:
        st.info(st.session_state.message)
    if st.session_state.get("run") is not None and not on_data_page:
        _running()


@st.fragment(run_every=1.0)
def _running() -> None:
    """How far the run is, in one line; the page is drawn again when it is done."""
    run: Run | None = st.session_state.get("run")
    if run is None or run.finished.is_set():
        st.rerun()
    note(
        text(
            "toolbar.running", stage=said(run.stage) or text("data.waiting"), share=share(run.done, digits=0)
        )
    )


def _whose() -> str:
    if not session.has_plan():
        return text("toolbar.product")
    town = st.session_state.basis.inputs.municipality
    years = text("toolbar.years", first=town.years[0], last=town.years[-1])
    n = len(session.scenario())
    changed = text("toolbar.changed_once" if n == 1 else "toolbar.changed", n=n) if n else ""
    return " · ".join(filter(None, (town.name, years, changed)))


def _meet() -> None:
    st.session_state.vergadering = st.session_state.meeting_choice


def _speak(chosen: Language) -> None:
    st.session_state.taal = chosen
