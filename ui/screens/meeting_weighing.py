"""What a meeting weighs, one trade-off at a time: now, proposal and variants; every strategy; goals; the pace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from budget.report.comparison import areas_table, scenarios_table
from budget.tables import Cell, Column, Kind, Table
from optimiser.allocation import Contradiction
from optimiser.measures import measured
from optimiser.problem import Strategy
from optimiser.trade_offs import presets
from ui import panels, session
from ui.area_map import scenario_map
from ui.choices import pick_district
from ui.conflicts import show_contradiction
from ui.language import text
from ui.remembered import remembered
from ui.rule_words import strategy_name
from ui.scenarios import AS_GIVEN, Scenario
from ui.screens import paces, trade_offs
from ui.screens.compare import with_now
from ui.screens.compare_message import message
from ui.screens.measures import MEASURES
from ui.view import View

_BESIDE, _GOALS, _PACE = "naast-elkaar", "doelen", "tempo"
_PLANS = 3
"""Plans beside now that a large table holds."""
_POSTS = (
    "Gebiedsbudgetten",
    "Preventie in de gebieden",
    "Stadsbreed",
    "Tekort op het basispakket",
    "Niet gedekte lasten",
)
_TOLD = ("risk", "quarter_cover", "chance", "prevention", "shortfall", "lack")

_measured = remembered(measured)


def stops(view: View) -> Mapping[str, str]:
    """The trade-offs in order, by what the address bar calls them, with what the reader calls them."""
    return {
        _BESIDE: text("meeting.beside"),
        **{strategy.name: strategy_name(strategy) for strategy in _others(view)},
        _GOALS: text("meeting.goals"),
        _PACE: text("meeting.pace"),
    }


def show(view: View, year: int, stop: str) -> None:
    """One of them, full screen."""
    if stop == _BESIDE:
        _beside(view, year)
    elif stop == _GOALS:
        panels.heading(text("meeting.goals_title"))
        trade_offs.show(view)
    elif stop == _PACE:
        panels.heading(text("meeting.pace_title"))
        paces.show(year)
    else:
        (strategy,) = (other for other in _others(view) if other.name == stop)
        _instead(view, year, strategy)


def _others(view: View) -> list[Strategy]:
    """The named strategies that the plan at hand does not follow."""
    problem = view.plan.problem
    return [strategy for strategy in presets(problem) if strategy.name != problem.strategy.name]


def _beside(view: View, year: int) -> None:
    """Now, the proposal, and the reader's variants, in the amounts that a council compares."""
    views = {text("meeting.proposal"): session.basis()}
    saved = {name: scenario for name, scenario in session.saved().items() if scenario}
    if session.scenario():
        views[plan_name()] = view
    for name, scenario in saved.items():
        if name not in views and len(views) < _PLANS:
            try:
                views[name] = session.view_with(scenario, explained=False)
            except Contradiction:
                panels.note(text("compare.impossible", name=name))
    told = message({name: views[name] for name in list(views)[:2]}, year) if len(views) > 1 else ""
    panels.heading(text("meeting.beside_title", year=year), told or text("meeting.beside_alone"))
    table = scenarios_table({name: one.plan for name, one in views.items()}, year)
    rows = [row for row in table.rows if row[0] in _POSTS]
    panels.show_table(
        with_now(replace(table, rows=rows), session.basis()), label=text("meeting.beside_title", year=year)
    )


def _instead(view: View, year: int, strategy: Strategy) -> None:
    """What changes when another goal comes first: the districts on the map, the goals in figures."""
    scenario = _following(strategy)
    title = text("meeting.instead", name=strategy_name(strategy))
    try:
        other = session.view_with(scenario, explained=False)
    except Contradiction as contradiction:
        panels.heading(title)
        show_contradiction(contradiction)
        return
    now, then = plan_name(), strategy_name(strategy)
    panels.heading(title, message({now: view, then: other}, year))
    left, right = st.columns([6, 5], gap="large")
    with left:
        table = areas_table(view.plan, other.plan, year)
        scenario_map(view, table, now, then, on_pick=pick_district)
    with right:
        with st.container(key="meeting_goals"):
            panels.show_table(_goals(view, other, now, then), label=title)
        st.button(
            text("compare.trade_take"),
            key="meeting_take",
            type="primary",
            on_click=session.take_up,
            args=(scenario,),
        )


def plan_name() -> str:
    """What the plan at hand is called."""
    if not session.scenario():
        return text("meeting.proposal")
    return session.saved_as() or text("compare.mine")


def _following(strategy: Strategy) -> Scenario:
    """The scenario at hand with this strategy; the workbook's own needs no mention."""
    own = session.basis().plan.inputs.strategy
    wanted = session.scenario().following(None if strategy == own else strategy)
    return wanted or AS_GIVEN


def _goals(view: View, other: View, now: str, then: str) -> Table:
    """A row per goal, all plan years together: as it is, and as it would be."""
    first, second = (_measured(one.plan.problem, one.plan.allocation) for one in (view, other))
    rows: list[tuple[Cell, ...]] = [
        (one.name, one.written(first), one.written(second)) for one in MEASURES if one.field in _TOLD
    ]
    columns = (Column("Doel", Kind.TEXT), Column(now, Kind.TEXT), Column(then, Kind.TEXT))
    return Table("Doelen", text("meeting.goals_title"), columns, rows)
