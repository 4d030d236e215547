"""The rules as controls: shares by a slider, one amount by text. Every change is solved at once, and can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import streamlit as st

from budget.inputs import Inputs, Rule
from optimiser.problem import Strategy
from optimiser.trade_offs import presets
from ui import panels, session
from ui.choices import one_of
from ui.language import notation, text
from ui.lock_control import lock_control
from ui.rule_words import (
    describe,
    describe_strategy,
    known,
    place_and_stream,
    share_written,
    strategy_name,
    values_written,
)
from ui.scenarios import AS_GIVEN, Change, own_places
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
_OWN_NAMED = 2
"""Up to this many districts with a value of their own are named beside a rule."""


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
    rules = session.scenario().rules(basis.plan.inputs)
    for name, values in _SHARES.items():
        _share(basis, rules, Change(name, int(year) if year else None, None, None, None), values)
    lock_control(basis)
    _changed(basis)


def choose_strategy(basis: View) -> Strategy:
    """What comes first where the rules leave a choice."""
    given = basis.plan.inputs.strategy
    now = session.scenario().strategy or given
    offered = {strategy.name: strategy for strategy in (*presets(basis.plan.problem), given, now)}

    def take(chosen: Strategy) -> None:
        session.take_up(session.scenario().following(None if chosen == given else chosen))

    one_of(
        text("strategy.title"),
        list(offered.values()),
        now,
        take,
        key="strategy_choice",
        named=strategy_name,
    )
    return now


def _share(basis: View, rules: Sequence[Rule], off: Change, values: tuple[Decimal, ...]) -> None:
    """One share: on or off, and how much. A value that differs from the workbook is a change.

    `off` takes it away in the years looked at. Where these have different values there is no single one to show.
    """
    name, state, inputs = off.rule, st.session_state, basis.plan.inputs
    now = off.stated_by(rules, basis.years)
    given = off.stated_by(inputs.rules, basis.years)
    switch = f"use_{name}"
    state[switch] = now != (None,) * len(now)

    def flip() -> None:
        scenario = session.scenario()
        if not state[switch]:
            session.take_up(scenario.stating(inputs, off))
            return
        as_given = scenario.clear_of(off)
        some = next(iter(known(given)), values[len(values) // 4])
        back = any(value is not None for value in off.stated_by(as_given.rules(inputs), basis.years))
        session.take_up(as_given if back else scenario.changed(replace(off, value=some)))

    st.toggle(text(f"rules.{name}"), key=switch, on_change=flip, help=text(f"rules.{name}_help"))
    if state[switch]:
        if len({*now}) > 1 or len({*given}) > 1:
            _one_for_all_years(inputs, off, _with(values, now), now, given)
        else:
            _slider(inputs, off, _with(values, now), now[0])
    _own_values(basis, rules, off)


def _slider(inputs: Inputs, off: Change, values: Sequence[Decimal], now: Decimal | None) -> None:
    """The value that holds in all years looked at; back where the workbook has it, nothing is changed."""
    state, key, reader = st.session_state, f"share_{off.rule}", notation()
    state[key] = now

    def move() -> None:
        session.take_up(session.scenario().stating(inputs, replace(off, value=state[key])))

    st.select_slider(
        text(f"rules.{off.rule}"),
        values,
        format_func=lambda value: share_written(value, reader),
        key=key,
        on_change=move,
        label_visibility="collapsed",
    )


def _one_for_all_years(
    inputs: Inputs,
    off: Change,
    values: Sequence[Decimal],
    now: tuple[Decimal | None, ...],
    given: tuple[Decimal | None, ...],
) -> None:
    """A value per year as it is, to be replaced by one for all years only by a reader who chooses one."""
    state, key, reader = st.session_state, f"one_{off.rule}", notation()
    differs = len({*now}) > 1
    as_it_is = text("rules.per_year", values=values_written(off.rule, now if differs else given))
    state[key] = "" if differs else now[0]

    def choose() -> None:
        scenario, chosen = session.scenario(), state[key]
        if chosen == "":
            session.take_up(scenario if differs else scenario.clear_of(off))
        else:
            session.take_up(scenario.stating(inputs, replace(off, value=chosen)))

    st.selectbox(
        text("rules.one_for_all", rule=text(f"rules.{off.rule}")),
        ["", *values],
        format_func=lambda value: as_it_is if value == "" else share_written(value, reader),
        key=key,
        on_change=choose,
        label_visibility="collapsed",
    )


def _own_values(basis: View, rules: Sequence[Rule], off: Change) -> None:
    """The districts and streams that keep a value of their own, whatever is chosen for all."""
    years = basis.years if off.year is None else (off.year,)
    places = own_places(rules, off.rule, years)
    if not places:
        return
    gone = [Change(off.rule, off.year, district, stream, None) for district, stream in places]

    def told() -> list[str]:
        return [
            f"{place_and_stream(own.district, own.stream, basis)} "
            f"{values_written(own.rule, own.stated_by(rules, basis.years))}"
            for own in gone
        ]

    few = len(gone) <= _OWN_NAMED
    label = text("rules.own", names=", ".join(told())) if few else text("rules.own_many", n=len(gone))
    box = panels.fold(label, key=f"own_{off.rule}")
    if not box.open:
        return
    inputs = basis.plan.inputs
    with box:
        panels.sentences(told())
        st.button(
            text("rules.own_drop"),
            key=f"own_drop_{off.rule}",
            type="tertiary",
            on_click=lambda: session.take_up(session.scenario().stating(inputs, *gone)),
        )


def own_names(basis: View, names: Sequence[str]) -> list[str]:
    """The districts and streams that have a value of their own for one of these rules, in the scenario at hand."""
    rules = session.scenario().rules(basis.plan.inputs)
    places = (place for name in names for place in own_places(rules, name, basis.years))
    return [place_and_stream(district, stream, basis) for district, stream in dict.fromkeys(places)]


def _with(values: Sequence[Decimal], now: Sequence[Decimal | None]) -> Sequence[Decimal]:
    """The values on offer with those that hold now, in order."""
    others = {value for value in known(now) if value not in values}
    return sorted((*values, *others)) if others else values


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
