"""Afwegen: scenarios side by side, and who gains and loses between two of them."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import streamlit as st

from budget.report.comparison import areas_table, pace_table, scenarios_table
from optimiser.allocation import Contradiction
from ui import charts, panels, session
from ui.area_map import scenario_map
from ui.chart_style import show_chart
from ui.choices import choose_year, pick_district
from ui.conflicts import show_contradiction
from ui.language import euros, share, term, text
from ui.rule_controls import describe
from ui.scenarios import Change, merge
from ui.view import Record, View, amount, quantity, records

_SCENARIOS = 4
_ASKED_FOR = {
    "without_prevention": (("preventie_min", None), ("preventie_max", Decimal(0))),
    "straight_to_norm": (("norm_aandeel", Decimal(1)),),
    "history": (("norm_aandeel", None),),
    "free_pace": (("groei_min", None), ("groei_max", None)),
}
"""Scenarios that hold for any municipality: rules for all areas and years, None takes a rule away."""
_PACES = tuple(Decimal(percent) / 100 for percent in ("0", "1", "2", "3", "4", "5", "7.5", "10"))


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
    year = int(st.session_state.jaar)
    views = _views()
    if len(views) >= 2:
        st.header(text("compare.posts", year=year), anchor=False)
        panels.show_table(scenarios_table({name: view.plan for name, view in views.items()}, year))
        _differences(views, year)
    _saved()
    _pace(year)


def _offered() -> dict[str, tuple[Change, ...]]:
    """Scenarios to lay side by side: the workbook, the one at hand, the saved ones, and a few that councils ask for."""
    offered: dict[str, tuple[Change, ...]] = {text("compare.workbook"): ()}
    changes = st.session_state.changes
    if changes and changes not in session.saved().values():
        offered[text("compare.mine")] = changes
    offered |= session.saved()
    for name, rules in _ASKED_FOR.items():
        offered[text(f"compare.{name}")] = tuple(
            Change(rule, None, None, None, value) for rule, value in rules
        )
    return offered


def _views() -> dict[str, View]:
    """The plans that the reader puts side by side, by name; one whose rules exclude each other says so."""
    offered = _offered()
    names = list(offered)
    state = st.session_state
    mine = text("compare.mine")
    if mine in offered and not state.get("seen_mine"):
        state.seen_mine, state.beside = True, [names[0], mine]
    chosen = [name for name in state.get("beside", ()) if name in offered] or names[:2]
    state.beside_choice = chosen

    def take() -> None:
        state.beside = state.beside_choice[:_SCENARIOS]

    st.pills(
        text("compare.beside", n=_SCENARIOS),
        names,
        selection_mode="multi",
        key="beside_choice",
        on_change=take,
    )
    views = {}
    for name in (name for name in names if name in chosen):
        try:
            views[name] = session.view_with(offered[name])
        except Contradiction as contradiction:
            panels.note(text("compare.impossible", name=name))
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
    show_chart(
        charts.bars(entries),
        alternative=text(
            "compare.alt", first=first, other=other, most=most[0], up=most[2], least=least[0], down=least[2]
        ),
    )


def _pace(year: int) -> None:
    """The trade-off between a calm pace of change and people without their basic package."""
    st.header(text("compare.pace"), anchor=False)
    panels.note(text("compare.pace_note", n=len(_PACES)))
    if st.button(text("compare.pace_do"), key="pace_do"):
        st.session_state.paces = True
    if not st.session_state.get("paces"):
        return
    plans = {}
    with st.spinner(text("compare.pace_busy")):
        for pace in _PACES:
            with suppress(Contradiction):
                plans[float(pace)] = session.view_with(_at_pace(pace)).plan
    table = pace_table(plans, year)
    rows = records(table)
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
    panels.show_table(table)
    if len(plans) < len(_PACES):
        panels.note(text("compare.pace_some"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        paces = [pace for pace in _PACES if float(pace) in plans]
        taken = st.select_slider(
            text("compare.pace_choose"),
            paces,
            format_func=lambda pace: share(float(pace)),
            key="pace_taken",
            width=320,
        )
        if st.button(text("compare.pace_take"), key="pace_take"):
            st.session_state.changes = _at_pace(taken)
            st.session_state.pop("seen_mine", None)
            st.rerun()


_PACE_LINES = ("Tekort op het basispakket", "Nog te verschuiven naar de norm")


def _at_pace(pace: Decimal) -> tuple[Change, ...]:
    """The scenario at hand with another pace of change, up and down alike."""
    changes: tuple[Change, ...] = st.session_state.changes
    for rule in ("groei_min", "groei_max"):
        changes = merge(changes, Change(rule, None, None, None, pace))
    return changes
