"""The meeting mode: large type, no controls at the side, one thing at a time: the whole, a district or a trade-off.

A few large buttons choose the view, the year and the plan; the arrow keys and a presenter's clicker leaf through the
districts and the trade-offs. All of it is in the address bar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from optimiser.allocation import Contradiction
from ui import panels, session
from ui.area_map import change_map
from ui.choices import choose_year, one_of, pick_district
from ui.conflicts import show_contradiction
from ui.language import text
from ui.scenarios import AS_GIVEN, Scenario
from ui.screens import meeting_weighing
from ui.screens.distribution import key_figures, lead
from ui.screens.why import first_area, story
from ui.variants import free_name
from ui.view import View

_WHOLE, _DISTRICT, _WEIGHING = "whole", "district", "weighing"
_VIEWS = {_WHOLE: "meeting.whole", _DISTRICT: "meeting.district", _WEIGHING: "meeting.weighing"}
"""What they are called."""

_keys = st.components.v2.component(
    "gebiedsbudget_meeting_keys",
    js=(Path(__file__).parents[1] / "assets" / "meeting_keys.js").read_text(encoding="utf-8"),
)


def show(*, weighing: bool) -> None:
    """A trade-off on the page about weighing; elsewhere the whole municipality, or the district that was picked."""
    state = st.session_state
    code = "" if weighing else str(state.wijk)
    in_district = code in session.basis().area_names
    _choices(_WEIGHING if weighing else _DISTRICT if in_district else _WHOLE)
    try:
        view = session.decided_view()
    except Contradiction as contradiction:
        _impossible(contradiction)
        return
    year = int(state.jaar)
    if weighing:
        stops = meeting_weighing.stops(view)
        place = state.afruil if state.afruil in stops else next(iter(stops))
        _turn(stops, place, "afruil")
        meeting_weighing.show(view, year, place)
        return
    by_name = sorted(view.area_names, key=lambda area: view.area_names[area])
    names = {"": text("meeting.whole"), **{area: view.area_names[area] for area in by_name}}
    _turn(names, code if in_district else "", "wijk")
    if in_district:
        story(view, code, year)
    else:
        _whole(view, year)


def _whole(view: View, year: int) -> None:
    """The map with the figures of the whole beside it."""
    panels.heading(text("distribution.title_year", year=year), lead(view, year))
    figures = key_figures(view, year)
    if view.drawing is None:
        panels.figures(figures)
        return
    left, right = st.columns([7, 4], gap="large")
    with left:
        change_map(view, year, chosen="", on_pick=pick_district, key="meeting_map")
    with right:
        panels.figures(figures)


def _choices(here: str) -> None:
    """What to look at, in which year, and under which plan."""
    state = st.session_state
    wanted = state.pop("meeting_wanted", here)
    if wanted != here:
        _look_at(wanted)

    def take(view: str) -> None:
        state.meeting_wanted = view

    with st.container(horizontal=True, key="meeting_choices"):
        one_of(
            text("meeting.view"),
            list(_VIEWS),
            here,
            take,
            key="meeting_view",
            named=lambda view: text(_VIEWS[view]),
            labelled=False,
        )
        choose_year(session.basis(), labelled=False)
        _choose_plan()


def _look_at(wanted: str) -> None:
    """Go to the whole, a district or a trade-off; the run begins again there."""
    state = st.session_state
    if wanted == _WHOLE:
        state.wijk = ""
    elif wanted == _DISTRICT and state.wijk not in session.basis().area_names:
        try:
            state.wijk = first_area(session.decided_view())
        except Contradiction:
            state.wijk = first_area(session.basis())
    st.switch_page(state.pages["compare" if wanted == _WEIGHING else "distribution"])


def _choose_plan() -> None:
    """The proposal of the workbook, the reader's own variant, and the saved ones; as soon as there is a choice."""
    plans = _plans()
    if len(plans) < 2:
        return

    def take(name: str) -> None:
        left = session.scenario()
        if left and left not in session.saved().values():
            session.save(free_name(session.saved()), left)
        session.take_up(plans[name])

    one_of(
        text("meeting.plan"),
        list(plans),
        meeting_weighing.plan_name(),
        take,
        key="meeting_plan",
        labelled=False,
    )


def _plans() -> Mapping[str, Scenario]:
    """The plans to look at, by name."""
    plans = {text("meeting.proposal"): AS_GIVEN, **session.saved()}
    if session.scenario() not in plans.values():
        plans[text("compare.mine")] = session.scenario()
    return plans


def _impossible(contradiction: Contradiction) -> None:
    """Rules that exclude each other: what clashes, and the way back to a plan."""
    panels.heading(text("meeting.impossible"), text("meeting.impossible_lead"))
    with st.container(horizontal=True):
        st.button(
            text("meeting.to_proposal"),
            key="meeting_proposal",
            type="primary",
            on_click=session.take_up,
            args=(AS_GIVEN,),
        )
        if st.button(text("meeting.to_rules"), key="meeting_rules"):
            st.session_state.vergadering = False
            st.switch_page(st.session_state.pages["distribution"])
    show_contradiction(contradiction)


def _turn(names: Mapping[str, str], here: str, what: str) -> None:
    """Leaf through places or trade-offs, `names` in order; after the last comes the first."""
    order: Sequence[str] = list(names)
    place = order.index(here)
    before, after = order[place - 1], order[(place + 1) % len(order)]

    def go(to: str) -> Callable[[], None]:
        return partial(st.session_state.__setitem__, what, to)

    with st.container(horizontal=True, horizontal_alignment="distribute", key="turn"):
        st.button(text("meeting.back", name=names[before]), key="turn_back", on_click=go(before))
        st.button(text("meeting.on", name=names[after]), key="turn_on", on_click=go(after))
    with st.container(key="quiet_keys"):
        _keys(key="meeting_keys")
