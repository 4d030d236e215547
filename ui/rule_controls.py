"""The rules as controls: shares by a slider, euros by text with an echo. Every change is solved at once."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from html import escape

import streamlit as st

from budget.inputs import CITY
from budget.rules import rule_at
from optimiser.problem import LEXIMIN, STRATEGIES, Strategy
from optimiser.trade_offs import presets
from ui import panels, session
from ui.amounts import amount_input
from ui.language import Notation, catalogue, cents, language, notation, share, term, text
from ui.refusals import refusals
from ui.scenarios import AS_GIVEN, LOCK, Change, Scenario
from ui.view import View


def _steps(last: str, step: str) -> tuple[Decimal, ...]:
    size = Decimal(step)
    return tuple(size * i for i in range(int(Decimal(last) / size) + 1))


_SHARES = {
    "norm_aandeel": _steps("1", "0.05"),
    "groei_min": _steps("0.2", "0.005"),
    "groei_max": _steps("0.3", "0.005"),
    "buffer_centraal": _steps("0.1", "0.0025"),
    "preventie_min": _steps("0.1", "0.005"),
    "preventie_max": _steps("0.2", "0.005"),
}
"""The rules that hold for all areas alike, with the values on offer."""


def show(basis: View) -> None:
    """The controls, for use in the side bar; they change the scenario of this session."""
    st.header(text("rules.title"), anchor=False)
    panels.note(text("rules.note"))
    years = ("", *(str(year) for year in basis.years))
    year = st.selectbox(
        text("rules.for_year"),
        years,
        format_func=lambda value: value or text("rules.all_years"),
        key="rule_year",
    )
    for name, values in _SHARES.items():
        _share(basis, name, values, int(year) if year else None)
    _lock(basis)
    _changed(basis)


def choose_strategy(basis: View) -> None:
    """What comes first where the rules leave a choice, with a sentence on what that means."""
    state = st.session_state
    given = basis.plan.inputs.strategy
    now = session.scenario().strategy or given
    offered = {strategy.name: strategy for strategy in (*presets(basis.plan.problem), given, now)}
    state.strategy_choice = now

    def take() -> None:
        chosen: Strategy = state.strategy_choice
        session.take_up(session.scenario().following(None if chosen == given else chosen))

    st.segmented_control(
        text("strategy.title"),
        list(offered.values()),
        format_func=strategy_name,
        key="strategy_choice",
        on_change=take,
        required=True,
    )
    panels.note(what_comes_first(now))


def what_comes_first(strategy: Strategy) -> str:
    """A strategy in a sentence; one of somebody's own by its stages in order."""
    if "afweging" in strategy.order:
        return text("strategy.weighed")
    if any((known.name, known.order) == (strategy.name, strategy.order) for known in (*STRATEGIES, LEXIMIN)):
        return catalogue(language())[f"strategy.first.{strategy.name}"]
    return text("strategy.others", stages=", ".join(term(stage) for stage in strategy.order))


def _share(basis: View, name: str, values: tuple[Decimal, ...], year: int | None) -> None:
    """One share: on or off, and how much. A value that differs from the workbook is a change."""
    given = _value(basis, name, year)
    state = st.session_state
    now = given
    for change in session.scenario().changes:
        if (change.rule, change.district, change.stream) == (name, None, None) and change.year in (
            None,
            year,
        ):
            now = change.value
    slider, switch = f"share_{name}", f"use_{name}"
    state[switch] = now is not None

    def flip() -> None:
        begin = given if given is not None else values[len(values) // 4]
        _put(basis, Change(name, year, None, None, begin if state[switch] else None))

    st.toggle(text(f"rules.{name}"), key=switch, on_change=flip, help=text(f"rules.{name}_help"))
    if now is None:
        return
    state[slider] = now

    def move() -> None:
        _put(basis, Change(name, year, None, None, state[slider]))

    reader = notation()
    st.select_slider(
        text(f"rules.{name}"),
        sorted({*values, now}),
        format_func=lambda value: _written(value, reader),
        key=slider,
        on_change=move,
        label_visibility="collapsed",
    )


@cache
def _written(value: Decimal, reader: Notation) -> str:
    """A share as the slider says it; Streamlit asks for all of them at every rerun."""
    return reader.share(float(value), digits=2 if value % Decimal("0.005") else 1)


def _value(basis: View, name: str, year: int | None) -> Decimal | None:
    """What the workbook says for all areas, in one year or, for all years, in the first."""
    rule = rule_at(basis.plan.inputs.rules, name, year=year or basis.years[0])
    return None if rule is None else rule.value


def _put(basis: View, change: Change) -> None:
    """Take up a change; one that only says what the workbook says leaves no trace."""
    scenario = session.scenario().changed(change)
    years = basis.years if change.year is None else (change.year,)
    same = all(_value(basis, change.rule, year) == change.value for year in years)
    session.take_up(scenario.without(change) if same else scenario)


def _lock(basis: View) -> None:
    """Fix the budget of one district, or the city-wide part, and stream; the rest is divided again around it.

    It begins with the district that the reader looks at. A lock that a workbook would not take is refused here too.
    """
    state = st.session_state
    if state.wijk in basis.area_names and state.get("lock_followed") != state.wijk:
        state.lock_area = state.lock_followed = state.wijk
    streams = list(basis.stream_names)
    claims = basis.plan.problem.city_claims[:, basis.years.index(state.jaar)]
    city_wide = [stream for stream, claim in zip(streams, claims, strict=True) if claim]
    with st.expander(text("rules.lock")):
        codes = sorted(basis.area_names, key=lambda code: basis.area_names[code])
        area = st.selectbox(
            text("choices.district"),
            [*codes, *([CITY] if city_wide else [])],
            format_func=lambda code: _place_name(code, basis),
            key="lock_area",
        )
        stream = st.selectbox(
            text("choices.stream"),
            city_wide if area == CITY else streams,
            format_func=lambda code: basis.stream_names[code],
            key="lock_stream",
        )
        amount = amount_input(text("rules.lock_amount"), key="lock_amount")
        value = None if amount is None else Decimal(amount) / 100
        lock = Change(LOCK, state.jaar, area, stream, value)
        proposed = session.scenario().changed(lock)
        refused = refusals(proposed, basis.plan.inputs)
        for sentence in refused:
            st.html(f'<p class="gb-echo wrong" role="alert">{escape(sentence)}</p>')
        do_it = text("rules.lock_do", year=state.jaar)
        if st.button(do_it, disabled=value is None or bool(refused), key="lock_do"):
            session.take_up(proposed)
            st.rerun()


def _place_name(code: str | None, basis: View) -> str:
    """A district or the city-wide part by name; "" for all."""
    return term("Stadsbreed") if code == CITY else basis.area_names.get(code or "", "")


def _changed(basis: View) -> None:
    """What differs from the workbook, each with a way back."""
    scenario = session.scenario()
    if not scenario:
        return
    st.header(text("rules.changed", n=len(scenario)), anchor=False)
    ways_back = [(describe(change, basis), scenario.without(change)) for change in scenario.changes]
    if scenario.strategy is not None:
        ways_back.append((describe_strategy(scenario.strategy), scenario.following(None)))
    for index, (what, back) in enumerate(ways_back):
        label = text("rules.undo", what=what)
        st.button(label, key=f"undo_{index}", type="tertiary", on_click=session.take_up, args=(back,))
    st.button(text("rules.undo_all"), key="undo_all", on_click=session.take_up, args=(AS_GIVEN,))


def describe_all(scenario: Scenario, basis: View) -> str:
    """A scenario in a few words per difference."""
    said = [describe(change, basis) for change in scenario.changes]
    if scenario.strategy is not None:
        said.append(describe_strategy(scenario.strategy))
    return "; ".join(said)


def describe_strategy(strategy: Strategy) -> str:
    """A strategy in a few words."""
    return text("strategy.chosen", name=strategy_name(strategy))


def strategy_name(strategy: Strategy) -> str:
    """A strategy in the session's language: by its name, by its weights, or as somebody named their own."""
    known = catalogue(language()).get(f"strategy.names.{strategy.name}")
    if known is None and "afweging" in strategy.order:
        risk, cover, prevention = (share(weight, digits=0) for weight in strategy.weights)
        return text("strategy.mix", risk=risk, cover=cover, prevention=prevention)
    return known or strategy.name


def describe(change: Change, basis: View) -> str:
    """A change in a few words."""
    name = text(f"rules.{change.rule}") if change.rule in _SHARES else text("rules.fixed")
    if change.value is None:
        value = text("rules.off")
    elif change.rule in _SHARES:
        value = _written(change.value, notation())
    else:
        value = cents(int(change.value * 100))
    place = (
        str(change.year) if change.year else "",
        _place_name(change.district, basis),
        basis.stream_names.get(change.stream or "", ""),
    )
    where = ", ".join(filter(None, place))
    return f"{name} {value}" + (f" ({where})" if where else "")
