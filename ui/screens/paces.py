"""The pace of change: what going slowly costs, and a pace to take over into the scenario at hand."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import streamlit as st

from budget.report.comparison import pace_table
from optimiser.allocation import Contradiction
from ui import charts, panels, session
from ui.chart_style import show_chart
from ui.language import euros, share, term, text
from ui.rule_controls import own_names
from ui.scenarios import Change, Scenario
from ui.view import amount, quantity, records

_PACE_RULES = ("groei_min", "groei_max")
_PACES = tuple(Decimal(percent) / 100 for percent in ("0", "1", "2", "3", "4", "5", "7.5", "10"))


def show(year: int) -> None:
    """The trade-off between a calm pace of change and people without their basic package."""
    st.header(text("compare.pace"), anchor=False)
    panels.note(text("compare.pace_note", n=len(_PACES)))
    own = own_names(session.basis(), _PACE_RULES)
    if own:
        panels.note(text("compare.pace_own", names=", ".join(own)))
    if st.button(text("compare.pace_do"), key="pace_do"):
        st.session_state.paces = True
    if not st.session_state.get("paces"):
        return
    plans = {}
    with st.spinner(text("compare.pace_busy")):
        for pace in _PACES:
            with suppress(Contradiction):
                plans[float(pace)] = session.view_with(_at_pace(pace), explained=False).plan
    table = pace_table(plans, year)
    rows = records(table)
    panels.legend(
        [(line, term(column)) for line, column in zip(("short", "other"), _PACE_LINES, strict=True)]
    )
    show_chart(
        charts.trade_off(
            [
                (quantity(row, "Tempo"), amount(row, column) / 100, term(column))
                for column in _PACE_LINES
                for row in rows
            ],
            x_title=text("compare.pace_axis"),
            unit=text("chart.euros"),
        ),
        alternative=text(
            "compare.pace_alt",
            year=year,
            slow=share(quantity(rows[0], "Tempo"), digits=0),
            most=euros(amount(rows[0], _PACE_LINES[0])),
            fast=share(quantity(rows[-1], "Tempo"), digits=0),
            least=euros(amount(rows[-1], _PACE_LINES[0])),
        ),
    )
    panels.show_table(table, label=text("compare.pace"))
    if len(plans) < len(_PACES):
        panels.note(text("compare.pace_some"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        paces = [pace for pace in _PACES if float(pace) in plans]
        taken = st.select_slider(
            text("compare.pace_choose"),
            paces,
            value=paces[len(paces) // 2],
            format_func=lambda pace: share(float(pace)),
            key="pace_taken",
            width=320,
        )
        if st.button(text("compare.pace_take"), key="pace_take"):
            session.take_up(_at_pace(taken))
            st.session_state.pop("seen_mine", None)
            st.rerun()


_PACE_LINES = ("Tekort op het basispakket", "Nog te verschuiven naar de norm")


def _at_pace(pace: Decimal) -> Scenario:
    """The scenario at hand with another pace of change, up and down alike."""
    return session.scenario().changed(*(Change(rule, None, None, None, pace) for rule in _PACE_RULES))
