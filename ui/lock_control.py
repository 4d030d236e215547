"""One amount fixed by hand: which, and how much; the rest is divided again around it."""

from __future__ import annotations

from decimal import Decimal
from html import escape

import streamlit as st

from budget.inputs import CITY
from ui import panels, session
from ui.amounts import amount_input
from ui.language import text
from ui.refusals import refusals
from ui.rule_words import place_name
from ui.scenarios import LOCK, Change
from ui.view import View


def lock_control(basis: View) -> None:
    """Fix the budget of one district, or the city-wide part, and stream; the rest is divided again around it.

    It begins with the district that the reader looks at. A lock that a workbook would not take is refused here too.
    """
    state = st.session_state
    box = panels.fold(text("rules.lock"), key="fold_lock")
    if not box.open:
        state.lock_followed = ""
        return
    if state.wijk in basis.area_names and state.get("lock_followed") != state.wijk:
        state.lock_area = state.lock_followed = state.wijk
    streams = list(basis.stream_names)
    claims = basis.plan.problem.city_claims[:, basis.years.index(state.jaar)]
    city_wide = [stream for stream, claim in zip(streams, claims, strict=True) if claim]
    with box:
        codes = sorted(basis.area_names, key=lambda code: basis.area_names[code])
        area = st.selectbox(
            text("choices.district"),
            [*codes, *([CITY] if city_wide else [])],
            format_func=lambda code: place_name(code, basis),
            key="lock_area",
        )
        stream = st.selectbox(
            text("choices.stream"),
            city_wide if area == CITY else streams,
            format_func=lambda code: basis.stream_names[code],
            key="lock_stream",
        )
        amount = amount_input(text("rules.lock_amount"), key="lock_amount")
        value = None if amount is None else Decimal(amount) / 100
        lock = Change(LOCK, state.jaar, area, stream, value)
        proposed = session.scenario().changed(lock)
        refused = refusals(proposed, basis.plan.inputs)
        for sentence in refused:
            st.html(f'<p class="gb-echo wrong" role="alert">{escape(sentence)}</p>')
        do_it = text("rules.lock_do", year=state.jaar)
        if st.button(do_it, disabled=value is None or bool(refused), key="lock_do"):
            session.take_up(proposed)
            st.rerun()
