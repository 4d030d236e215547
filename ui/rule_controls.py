"""The rules as controls: shares by a slider, euros by text with an echo. Every change is solved at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from html import escape

import streamlit as st

from budget.inputs import CITY, Inputs, Rule
from budget.rules import rule_at
from budget.workbook.rule_names import RULE_BY_NAME
from optimiser.problem import LEXIMIN, STRATEGIES, Strategy
from optimiser.trade_offs import presets
from ui import panels, session
from ui.amounts import amount_input
from ui.language import Notation, catalogue, cents, euros, language, notation, share, term, text
from ui.refusals import refusals
from ui.scenarios import AS_GIVEN, LOCK, Change, Scenario, own_places
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
    _lock(basis)
    _changed(basis)


def choose_strategy(basis: View) -> Strategy:
    """What comes first where the rules leave a choice."""
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
    return now


def what_comes_first(strategy: Strategy) -> str:
    """A strategy in a sentence; one of somebody's own by its stages in order."""
    if "afweging" in strategy.order:
        return text("strategy.weighed")
    if any((known.name, known.order) == (strategy.name, strategy.order) for known in (*STRATEGIES, LEXIMIN)):
        return catalogue(language())[f"strategy.first.{strategy.name}"]
    return text("strategy.others", stages=", ".join(term(stage) for stage in strategy.order))


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
        some = next(iter(_known(given)), values[len(values) // 4])
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
        format_func=lambda value: _written(value, reader),
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
    as_it_is = text("rules.per_year", values=_range(off.rule, now if differs else given))
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
        format_func=lambda value: as_it_is if value == "" else _written(value, reader),
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
    names = [_place_and_stream(district, stream, basis) for district, stream in places]
    box = panels.fold(_own_label(names), key=f"own_{off.rule}")
    if not box.open:
        return
    inputs = basis.plan.inputs
    gone = [Change(off.rule, off.year, district, stream, None) for district, stream in places]
    with box:
        panels.sentences(
            [
                f"{name}: {_range(off.rule, change.stated_by(rules, basis.years))}"
                for name, change in zip(names, gone, strict=True)
            ]
        )
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
    return [_place_and_stream(district, stream, basis) for district, stream in dict.fromkeys(places)]


def _own_label(names: Sequence[str]) -> str:
    if len(names) > _OWN_NAMED:
        return text("rules.own_many", n=len(names))
    return text("rules.own", names=", ".join(names))


def _with(values: Sequence[Decimal], now: Sequence[Decimal | None]) -> Sequence[Decimal]:
    """The values on offer with those that hold now, in order."""
    others = {value for value in _known(now) if value not in values}
    return sorted((*values, *others)) if others else values


def _known(values: Sequence[Decimal | None]) -> list[Decimal]:
    return [value for value in values if value is not None]


def _range(rule: str, values: Sequence[Decimal | None]) -> str:
    """The values of a rule over the years in a few words."""
    known = sorted({*_known(values)})
    if not known:
        return text("rules.off")
    if len(known) == 1:
        told = _value_written(rule, known[0])
    elif RULE_BY_NAME[rule].is_amount:
        told = "–".join(_value_written(rule, value) for value in (known[0], known[-1]))
    else:
        digits = max(0, *(-2 - int(value.normalize().as_tuple().exponent) for value in known))
        low = notation().number(float(known[0] * 100), digits=digits)
        told = f"{low}–{notation().share(float(known[-1]), digits=digits)}"
    return text("rules.some_off", values=told) if None in values else told


def _value_written(rule: str, value: Decimal) -> str:
    """A value as a reader knows it: euros, a share, or yes and no."""
    if RULE_BY_NAME[rule].is_amount:
        amount = int(value * 100)
        return cents(amount) if amount % 100 else euros(amount)
    if RULE_BY_NAME[rule].unit == "0/1":
        return text("rules.on" if value else "rules.off")
    return _written(value, notation())


@cache
def _written(value: Decimal, reader: Notation) -> str:
    """A share as the slider says it; Streamlit asks for all of them at every rerun."""
    return reader.share(float(value), digits=2 if value % Decimal("0.005") else 1)


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
    """A change in a few words: the new value, where it holds, and what the workbook has there."""
    rules, years = basis.plan.inputs.rules, basis.years if change.year is None else (change.year,)
    place = {"district": change.district, "stream": change.stream}
    before = [rule_at(rules, change.rule, year=year, **place) for year in years]
    was = [None if rule is None else rule.value for rule in before]
    old = text("rules.was", value=_range(change.rule, was)) if change.rule in _SHARES or _known(was) else ""
    return in_short(change, basis, old)


def in_short(change: Change, basis: View, *beside: str) -> str:
    """The new value and where it holds; and what else is to be told."""
    if change.value is not None:
        value = _value_written(change.rule, change.value)
    else:
        whose = change.rule != LOCK and (change.district or change.stream)
        value = text("rules.own_gone" if whose else "rules.off")
    told = [
        str(change.year) if change.year else "",
        _place_and_stream(change.district, change.stream, basis),
    ]
    told = list(filter(None, (", ".join(filter(None, told)), *beside)))
    return f"{rule_name(change.rule)} {value}" + (f" ({'; '.join(told)})" if told else "")


def rule_name(rule: str) -> str:
    """A rule by the name of its control."""
    return catalogue(language()).get(f"rules.{rule}", rule)


def _place_and_stream(district: str | None, stream: str | None, basis: View) -> str:
    return ", ".join(filter(None, (_place_name(district, basis), basis.stream_names.get(stream or "", ""))))
