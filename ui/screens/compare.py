"""Afwegen: scenarios side by side, and who gains and loses between two of them."""

from __future__ import annotations

import streamlit as st

from budget.report.comparison import areas_table, scenarios_table
from optimiser.allocation import Contradiction
from ui import charts, panels, session
from ui.area_map import scenario_map
from ui.choices import choose_year, pick_district
from ui.conflicts import show_contradiction
from ui.language import euros, text
from ui.rule_controls import describe
from ui.scenarios import Change
from ui.view import Record, View, amount, records

_SCENARIOS = 4


def show() -> None:
    """The page."""
    title = text("compare.title")
    if not session.has_plan():
        panels.heading(title)
        panels.empty(text("panels.no_plan"))
        return
    panels.heading(title, text("compare.lead"))
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        choose_year(session.basis())
        _save()
    views = _views()
    if len(views) < 2:
        panels.empty(text("compare.only_one"))
        if st.button(text("compare.to_rules"), type="primary", key="to_rules"):
            st.switch_page(st.session_state.pages["distribution"])
        return
    year = int(st.session_state.jaar)
    st.header(text("compare.posts", year=year), anchor=False)
    panels.show_table(scenarios_table({name: view.plan for name, view in views.items()}, year))
    _differences(views, year)
    _saved()


def _views() -> dict[str, View]:
    """The workbook's plan, the saved scenarios and the one at hand, by name; contradictions say so."""
    named: dict[str, tuple[Change, ...]] = {text("compare.workbook"): (), **session.saved()}
    if st.session_state.changes and st.session_state.changes not in named.values():
        named[text("compare.mine")] = st.session_state.changes
    views = {}
    for name, changes in list(named.items())[:_SCENARIOS]:
        try:
            views[name] = session.view_with(changes)
        except Contradiction as contradiction:
            st.caption(name)
            show_contradiction(contradiction)
    return views


def _save() -> None:
    """Put the scenario at hand by under a name."""
    changes = st.session_state.changes
    if not changes or changes in session.saved().values() or len(session.saved()) >= _SCENARIOS - 1:
        return
    name = st.text_input(text("compare.name"), key="scenario_name", max_chars=40, width=280)
    if st.button(text("compare.save"), key="save_scenario", disabled=not name.strip()):
        session.save(name.strip(), changes)
        st.rerun()


def _saved() -> None:
    """The saved scenarios: take one up again, or throw it away."""
    if not session.saved():
        return
    st.header(text("compare.saved"), anchor=False)
    for name, changes in session.saved().items():
        panels.note(f"{name}: " + "; ".join(describe(change, session.basis()) for change in changes))
        with st.container(horizontal=True):
            if st.button(text("compare.take_up", name=name), key=f"take_{name}"):
                st.session_state.changes = changes
                st.rerun()
            if st.button(text("compare.drop", name=name), key=f"drop_{name}", type="tertiary"):
                session.drop(name)
                st.rerun()


def _differences(views: dict[str, View], year: int) -> None:
    """Winners and losers between two scenarios: map, bars and table."""
    names = list(views)
    st.header(text("compare.differences", year=year), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = st.selectbox(text("compare.from"), names, key="compare_from", width=280)
        others = [name for name in names if name != first]
        other = st.selectbox(text("compare.to"), others, index=len(others) - 1, key="compare_to", width=280)
    table = areas_table(views[first].plan, views[other].plan, year)
    rows = [row for row in records(table) if row["Verschil"]]
    if not rows:
        panels.note(text("compare.same"))
        return
    left, right = st.columns([7, 5], gap="large")
    with left:
        scenario_map(views[first], table, first, other, on_pick=pick_district)
    with right:
        _bars(rows, first, other)
    with st.expander(text("panels.numbers")):
        panels.show_table(table, columns=_COLUMNS, signed=("Verschil", "Verschil %"))


_COLUMNS = ("Wijknaam", "Plafond eerst", "Plafond", "Verschil", "Verschil %", "Tekort eerst", "Tekort")


def _bars(rows: list[Record], first: str, other: str) -> None:
    rows = sorted(rows, key=lambda row: -amount(row, "Verschil"))
    shown = rows if len(rows) <= 14 else [*rows[:7], *rows[-7:]]
    entries = []
    for row in shown:
        change = amount(row, "Verschil")
        entries.append(
            (str(row["Wijknaam"]), change / 100, euros(change, sign=True), "less" if change < 0 else "more")
        )
    most, least = entries[0], entries[-1]
    charts.show(
        charts.bars(entries),
        alternative=text(
            "compare.alt", first=first, other=other, most=most[0], up=most[2], least=least[0], down=least[2]
        ),
    )
