"""Afwegen: scenarios side by side, and who gains and loses between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from math import isnan, nan

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from budget.inputs import CITY
from budget.last_year import last_budget_as_now
from budget.report.comparison import areas_table, scenarios_table
from budget.report.provenance import imprint
from budget.tables import Cell, Column, Kind, Table
from optimiser.allocation import Contradiction
from optimiser.measures import measured
from optimiser.plain_formula import formula_in_pace, plain_formula
from ui import charts, panels, session
from ui.area_map import scenario_map
from ui.chart_style import show_chart
from ui.choices import choose_year, pick_district
from ui.conflicts import show_contradiction
from ui.downloads import tables_button
from ui.language import euros, text
from ui.remembered import remembered
from ui.rule_words import describe_all
from ui.saving import save_variant
from ui.screens import paces, trade_offs
from ui.screens.compare_message import message, moved_areas, pair
from ui.screens.compare_offers import Offer, still_short
from ui.screens.compare_offers import offered as offered_plans
from ui.screens.measures import measures_table
from ui.variants import AT_MOST
from ui.view import Record, View, amount

_SCENARIOS = 1 + AT_MOST
_measured, _formula, _in_pace = remembered(measured), remembered(plain_formula), remembered(formula_in_pace)


def show() -> None:
    """The page."""
    title = text("compare.title")
    if not session.has_plan():
        panels.heading(title)
        panels.empty(text("panels.no_plan"))
        return
    head = st.empty()
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        choose_year(session.basis())
        save_variant()
    year = int(st.session_state.jaar)
    offered = offered_plans()
    chosen = _choose(list(offered))
    under_way = [name for name in chosen if (plan := offered[name].begin()) and not plan.done()]
    if under_way:
        _head(head, text("compare.busy", names=", ".join(under_way)))
    views = _views({name: offered[name] for name in chosen})
    _head(head, message(views, year) if len(views) >= 2 else text("compare.lead"))
    differences = [f"{name}: {offered[name].differs}" for name in views if offered[name].differs]
    panels.sentences([*differences, *still_short(views)])
    if views:
        _side_by_side(views, year)
    if len(views) >= 2:
        _differences(views, year)
        _download(views, year)
    _saved()
    with suppress(Contradiction):
        trade_offs.show(session.decided_view())
    paces.show(year)


def _head(slot: DeltaGenerator, lead: str) -> None:
    with slot.container():
        panels.heading(text("compare.title"), lead)


def _side_by_side(views: dict[str, View], year: int) -> None:
    """The amounts of one year and the measures of all, a plan beside the other; the plain formula under them."""
    st.header(text("compare.posts", year=year), anchor=False)
    table = scenarios_table({name: view.plan for name, view in views.items()}, year)
    if len(views) == 2:
        table = with_difference(table)
    panels.show_table(
        with_now(table, session.basis()),
        label=text("compare.posts", year=year),
        signed=("Verschil",) if len(views) == 2 else (),
    )
    st.header(text("compare.measures"), anchor=False)
    problem = session.basis().plan.problem
    formula = _formula(problem)
    found = {name: _measured(view.plan.problem, view.plan.allocation) for name, view in views.items()}
    found[text("compare.formula")] = _measured(problem, formula)
    notes = [text("compare.measures_note", n=formula.too_fast)]
    if formula.too_fast:
        found[text("compare.formula_in_pace")] = _measured(problem, _in_pace(problem))
        notes.append(text("compare.in_pace_note"))
    panels.show_table(measures_table(found))
    panels.note(" ".join(notes))


def with_difference(table: Table) -> Table:
    """The amounts of two plans with a column for what the second has more (plus) or less (minus)."""
    rows = [(post, first, other, _cents(other) - _cents(first)) for post, first, other in table.rows]
    return replace(table, columns=(*table.columns, Column("Verschil", Kind.CENTS)), rows=rows)


def _cents(cell: Cell) -> int:
    assert isinstance(cell, int)
    return cell


def with_now(table: Table, basis: View) -> Table:
    """The amounts with those of the year before the plan in front, as far as that year had them."""
    plan = basis.plan
    known = {
        "Gebiedsbudgetten": float(plan.problem.last_ceiling.sum()),
        "Stadsbreed": float(
            sum(
                cents
                for (place, _), cents in last_budget_as_now(plan.inputs, plan.claims).items()
                if place == CITY
            )
        ),
    }
    now = Column(text("compare.now", year=plan.inputs.years[0] - 1), Kind.CENTS)
    rows = []
    for post, *amounts in table.rows:
        before = known.get(str(post), nan)
        rows.append((post, None if isnan(before) else round(before), *amounts))
    first, *others = table.columns
    return replace(table, columns=(first, now, *others), rows=rows)


def _choose(names: list[str]) -> list[str]:
    """The names of the plans that the reader puts side by side, in the order in which they are offered."""
    state = st.session_state
    mine = text("compare.mine")
    if mine in names and not state.get("seen_mine"):
        state.seen_mine, state.beside = True, [names[0], mine]
    chosen = [name for name in state.get("beside", ()) if name in names] or names[:2]
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
    return [name for name in names if name in chosen]


def _views(offers: Mapping[str, Offer]) -> dict[str, View]:
    """The plans by name; one whose rules exclude each other says so."""
    views = {}
    for name, offer in offers.items():
        try:
            views[name] = offer.view()
        except Contradiction as contradiction:
            panels.note(text("compare.impossible", name=name))
            show_contradiction(contradiction, key=name)
    return views


def _saved() -> None:
    """The saved scenarios: take one up again, or throw it away."""
    if not session.saved():
        return
    st.header(text("compare.saved"), anchor=False)
    for name, scenario in session.saved().items():
        panels.note(f"{name}: {describe_all(scenario, session.basis())}")
        with st.container(horizontal=True):
            if st.button(text("compare.take_up", name=name), key=f"take_{name}"):
                session.take_up(scenario)
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
    rows = moved_areas(table)
    if not rows:
        panels.note(text("compare.same"))
        return
    left, right = st.columns([7, 5], gap="large")
    with left:
        scenario_map(views[first], table, first, other, on_pick=pick_district)
    with right:
        _bars(rows, first, other)
    with st.expander(text("panels.numbers")):
        panels.show_table(
            table,
            columns=_COLUMNS,
            label=text("compare.differences", year=year),
            signed=("Verschil", "Verschil %"),
        )


def _download(views: dict[str, View], year: int) -> None:
    """What lies side by side, to take along."""
    first, other = pair(list(views))
    inputs = session.basis().plan.inputs
    measures = {name: _measured(view.plan.problem, view.plan.allocation) for name, view in views.items()}
    tables = (
        scenarios_table({name: view.plan for name, view in views.items()}, year),
        measures_table(measures),
        areas_table(views[first].plan, views[other].plan, year),
    )
    tables_button(
        text("downloads.compare"),
        lambda: [replace(table, imprint=imprint(inputs)) for table in tables],
        name="vergelijking",
        key="compare_workbook",
        town=inputs.municipality,
    )


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
