"""The pace of change: what going slowly costs, and a pace to take over into the scenario at hand."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal

import streamlit as st

from budget.plan import Plan
from budget.report.comparison import pace_table
from budget.tables import Table
from optimiser.allocation import Contradiction
from ui import charts, panels, session
from ui.chart_style import show_chart
from ui.language import euros, share, term, text
from ui.rule_controls import own_names
from ui.scenarios import Change, Scenario
from ui.view import amount, quantity, records

_PACE_RULES = ("groei_min", "groei_max")
_PACES = tuple(Decimal(percent) / 100 for percent in ("0", "1", "2", "3", "4", "5", "7.5", "10"))
_LINES = ("Tekort op het basispakket", "Nog te verschuiven naar de norm")
"""Columns of the table: what falls short first."""


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
    plans = _plans()
    if not plans:
        panels.note(text("compare.pace_none"))
        return
    _compare(pace_table(plans, year), year)
    if len(plans) < len(_PACES):
        panels.note(text("compare.pace_some"))
    _choose([pace for pace in _PACES if float(pace) in plans])


def _plans() -> dict[float, Plan]:
    """The plan at every pace at which there is one."""
    plans = {}
    with st.spinner(text("compare.pace_busy")):
        for pace in _PACES:
            with suppress(Contradiction):
                plans[float(pace)] = session.view_with(_at_pace(pace), explained=False).plan
    return plans


def _compare(table: Table, year: int) -> None:
    """What falls short and what is still to move at every pace, as lines and as a table."""
    rows = records(table)
    panels.legend([(line, term(column)) for line, column in zip(("short", "other"), _LINES, strict=True)])
    points = [
        (quantity(row, "Tempo"), amount(row, column) / 100, term(column)) for column in _LINES for row in rows
    ]
    slowest, fastest, short = rows[0], rows[-1], _LINES[0]
    show_chart(
        charts.trade_off(points, x_title=text("compare.pace_axis"), unit=text("chart.euros")),
        alternative=text(
            "compare.pace_alt",
            year=year,
            slow=share(quantity(slowest, "Tempo"), digits=0),
            most=euros(amount(slowest, short)),
            fast=share(quantity(fastest, "Tempo"), digits=0),
            least=euros(amount(fastest, short)),
        ),
    )
    panels.show_table(table, label=text("compare.pace"))


def _choose(paces: Sequence[Decimal]) -> None:
    """A pace to take over into the scenario at hand."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
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


def _at_pace(pace: Decimal) -> Scenario:
    """The scenario at hand with another pace of change, up and down alike."""
    return session.scenario().changed(*(Change(rule, None, None, None, pace) for rule in _PACE_RULES))
