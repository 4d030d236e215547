"""The meeting mode: large type, no controls at the side, the whole first and then one district at a time."""

from __future__ import annotations

import streamlit as st

from optimiser.allocation import Contradiction
from ui import panels, session
from ui.area_map import change_map
from ui.choices import pick_district
from ui.conflicts import show_contradiction
from ui.language import text
from ui.screens.distribution import key_figures, lead
from ui.screens.why import story
from ui.view import View


def show() -> None:
    """The whole municipality, or the district that was picked."""
    try:
        view = session.decided_view()
    except Contradiction as contradiction:
        show_contradiction(contradiction)
        return
    year = int(st.session_state.jaar)
    code = str(st.session_state.wijk)
    if code in view.area_names:
        _turn(view, code)
        story(view, code, year)
        return
    panels.heading(text("distribution.title_year", year=year), lead(view, year))
    panels.figures(key_figures(view, year)[:3] + key_figures(view, year)[-1:])
    _turn(view, "")
    change_map(view, year, chosen="", on_pick=pick_district, key="meeting_map")


def _turn(view: View, code: str) -> None:
    """Leaf through the districts by name; before the first and after the last comes the whole."""
    order = ["", *sorted(view.area_names, key=lambda area: view.area_names[area])]
    place = order.index(code)
    before, after = order[place - 1], order[(place + 1) % len(order)]

    def name(area: str) -> str:
        return view.area_names.get(area, text("meeting.whole"))

    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.button(text("meeting.back", name=name(before)), key="turn_back", on_click=_go, args=(before,))
        if code:
            st.button(text("meeting.to_whole"), key="turn_whole", on_click=_go, args=("",))
        st.button(text("meeting.on", name=name(after)), key="turn_on", on_click=_go, args=(after,))


def _go(code: str) -> None:
    st.session_state.wijk = code
