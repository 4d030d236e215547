"""What a reader can choose on more than one page: year, district, stream. The choice goes along to the next page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from budget.inputs import CITY
from ui.language import text
from ui.view import View

_Option = TypeVar("_Option")


def one_of(
    label: str,
    options: Sequence[_Option],
    now: _Option,
    take: Callable[[_Option], None],
    *,
    key: str,
    named: Callable[[_Option], str] = str,
    labelled: bool = True,
) -> None:
    """One of a few, side by side, standing at `now`; `take` hears what is chosen.

    A browser that comes back to a page may report that nothing is chosen, which is no choice.
    """
    _offer(key, now)

    def hear() -> None:
        chosen = st.session_state[key]
        if chosen is not None:
            take(chosen)

    st.segmented_control(
        label,
        options,
        format_func=named,
        key=key,
        on_change=hear,
        required=True,
        label_visibility="visible" if labelled else "collapsed",
    )


def choose_year(view: View, *, labelled: bool = True) -> int:
    """The plan year to look at."""
    state = st.session_state

    def take(year: int) -> None:
        state.jaar = year

    one_of(text("choices.year"), view.years, state.jaar, take, key="year_choice", labelled=labelled)
    return int(state.jaar)


def choose_district(view: View, *, or_none: bool = False) -> str:
    """The code of the district to look at; "" for none."""
    state = st.session_state
    codes = sorted(view.area_names, key=lambda code: view.area_names[code])
    options = ["", *codes] if or_none else codes
    if state.wijk not in options:
        state.wijk = options[0]
    _offer("district_choice", state.wijk)

    def take() -> None:
        state.wijk = state.district_choice

    st.selectbox(
        text("choices.district"),
        options,
        format_func=lambda code: view.area_names.get(code, text("choices.no_district")),
        key="district_choice",
        on_change=take,
    )
    return str(state.wijk)


def choose_place(view: View) -> None:
    """A district, the city-wide rest, or "" for the whole municipality."""
    state = st.session_state
    named = sorted(view.area_names, key=lambda code: view.area_names[code])
    rest = [CITY] if CITY in view.plan.demand.districts else []
    options = ["", *named, *rest]
    words = {
        "": text("choices.whole", name=view.plan.inputs.municipality.name),
        CITY: text("choices.city_wide"),
    }
    if state.get("place_choice") != state.wijk and state.wijk in options:
        state.place_choice = state.wijk

    def take() -> None:
        state.wijk = state.place_choice

    st.selectbox(
        text("choices.district"),
        options,
        format_func=lambda code: words.get(code) or view.area_names[code],
        key="place_choice",
        on_change=take,
    )


def choose_stream(view: View) -> str:
    """The code of the stream to look at."""
    state = st.session_state
    options = list(view.stream_names)
    _offer("stream_choice", state.stroom)

    def take() -> None:
        state.stroom = state.stream_choice

    st.selectbox(
        text("choices.stream"),
        options,
        format_func=lambda code: view.stream_names[code],
        key="stream_choice",
        on_change=take,
    )
    return str(state.stroom)


def pick_district(code: str) -> None:
    """Look at this district; the same one again: at none."""
    st.session_state.wijk = "" if st.session_state.wijk == code else code


def _offer(key: str, value: object) -> None:
    """Put the choice into the widget before it is drawn, also where it comes back to a page."""
    st.session_state[key] = value
