"""The meeting mode: large type, no controls at the side, one thing at a time: the whole, a district or a trade-off."""

from __future__ import annotations

import streamlit as st

from optimiser.allocation import Contradiction
from ui import panels, session
from ui.area_map import change_map
from ui.choices import pick_district
from ui.conflicts import show_contradiction
from ui.language import text
from ui.screens import paces, trade_offs
from ui.screens.distribution import key_figures, lead
from ui.screens.why import story
from ui.view import View

_GOALS, _PACE = "goals", "pace"
_TRADE_OFFS = {_GOALS: "meeting.goals", _PACE: "meeting.pace"}
"""What they are called."""


def show(*, weighing: bool) -> None:
    """A trade-off on the page about weighing; elsewhere the whole municipality, or the district that was picked."""
    try:
        view = session.decided_view()
    except Contradiction as contradiction:
        panels.heading(text("distribution.title"))
        show_contradiction(contradiction)
        return
    year = int(st.session_state.jaar)
    code = str(st.session_state.wijk)
    if weighing:
        _trade_off(view, year)
    elif code in view.area_names:
        _turn(view, code)
        story(view, code, year)
    else:
        _turn(view, "")
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


def _trade_off(view: View, year: int) -> None:
    """Goals against each other, or a fast against a calm pace."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        if st.button(text("meeting.back", name=text("meeting.whole")), key="turn_whole"):
            _go("")
            st.switch_page(st.session_state.pages["distribution"])
        kind = st.segmented_control(
            text("meeting.kind"),
            list(_TRADE_OFFS),
            default=_GOALS,
            format_func=lambda kind: text(_TRADE_OFFS[kind]),
            key="weigh_choice",
            label_visibility="collapsed",
            required=True,
        )
    panels.heading(text("meeting.weigh"))
    if kind == _PACE:
        paces.show(year)
    else:
        trade_offs.show(view)


def _turn(view: View, code: str) -> None:
    """Leaf through the districts by name; before the first and after the last comes the whole."""
    order = ["", *sorted(view.area_names, key=lambda area: view.area_names[area])]
    place = order.index(code)
    before, after = order[place - 1], order[(place + 1) % len(order)]

    def name(area: str) -> str:
        return view.area_names.get(area, text("meeting.whole"))

    with st.container(horizontal=True, horizontal_alignment="distribute", key="turn"):
        st.button(text("meeting.back", name=name(before)), key="turn_back", on_click=_go, args=(before,))
        if code:
            st.button(text("meeting.to_whole"), key="turn_whole", on_click=_go, args=("",))
        elif st.button(text("meeting.weigh"), key="turn_weigh"):
            st.switch_page(st.session_state.pages["compare"])
        st.button(text("meeting.on", name=name(after)), key="turn_on", on_click=_go, args=(after,))


def _go(code: str) -> None:
    st.session_state.wijk = code
