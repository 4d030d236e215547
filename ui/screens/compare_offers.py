"""The plans that can be laid beside each other, each worked out when a reader asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import streamlit as st

from budget.inputs import Inputs
from budget.plan import Plan, plan_demand
from budget.report.shortfall_causes import cause_sentences
from budget.variants import with_pm, without_effect
from ui import session
from ui.language import said, text
from ui.rule_words import describe_all
from ui.scenarios import AS_GIVEN, Scenario, everywhere
from ui.solving import ask, decision
from ui.view import View
from ui.work import Kept

_ASKED_FOR = {
    "without_prevention": (("preventie_min", None), ("preventie_max", Decimal(0))),
    "straight_to_norm": (("norm_aandeel", Decimal(1)),),
    "history": (("norm_aandeel", None),),
    "free_pace": (("groei_min", None), ("groei_max", None), ("groei_max_per_inwoner", None)),
}
"""Scenarios that hold for any municipality: rules in all areas and years alike, None takes a rule away."""
_BESIDE = {"without_effect": without_effect, "with_pm": with_pm}
_made_beside: Kept[View] = Kept(8)


@dataclass(frozen=True)
class Offer:
    """A plan to lay beside others."""

    differs: str
    """In what it differs from the workbook, in words; "" for the workbook itself."""
    begin: Callable[[], Future[Plan] | None]
    """Have it worked out; None where it is there."""
    view: Callable[[], View]
    """The plan, when it is there. Raises `Contradiction`."""


def offered() -> Mapping[str, Offer]:
    """Plans to lay side by side: the workbook, the scenario at hand, the saved ones, and what councils ask for."""
    scenarios = {text("compare.workbook"): AS_GIVEN}
    scenario = session.scenario()
    if scenario and scenario not in session.saved().values():
        scenarios[text("compare.mine")] = scenario
    scenarios |= session.saved()
    inputs = session.basis().plan.inputs
    for name in _ASKED_FOR:
        scenarios[text(f"compare.{name}")] = asked_for(name, inputs)
    beside = {
        text(f"compare.{name}"): Offer(
            text(f"compare.{name}_what"), partial(_begin_beside, name), partial(_beside, name)
        )
        for name, variant in _BESIDE.items()
        if variant(inputs).prevention != inputs.prevention
    }
    return {**{name: _under(own) for name, own in scenarios.items()}, **beside}


def asked_for(name: str, inputs: Inputs) -> Scenario:
    """What councils ask for, said of every district: a value that the workbook gives some of them goes too."""
    every = (everywhere(inputs, rule, value) for rule, value in _ASKED_FOR[name])
    return Scenario(tuple(change for changes in every for change in changes))


def still_short(views: Mapping[str, View]) -> list[str]:
    """What else makes the plan without limits on growth fall short, where that stands among these."""
    free = views.get(text("compare.free_pace"))
    causes = [] if free is None else cause_sentences(free.plan)
    return [text("compare.still_short", why=" ".join(map(said, causes)))] if causes else []


def _under(scenario: Scenario) -> Offer:
    """The workbook under a scenario."""
    state = st.session_state

    def begin() -> Future[Plan] | None:
        return decision(state.digest, state.basis, scenario).last if scenario else None

    view = partial(session.view_with, scenario, explained=False)
    return Offer(describe_all(scenario, session.basis()), begin, view)


def _begin_beside(name: str) -> Future[Plan]:
    """The workbook with its prevention seen otherwise: what no rule can say."""
    state, plan = st.session_state, session.basis().plan
    inputs = _BESIDE[name](plan.inputs)
    key = f"{state.digest}/{name}"
    return ask(key, state.digest, state.basis, plan_demand, inputs, plan.demand, explained=False)


def _beside(name: str) -> View:
    """The same, when it is there. Raises `Contradiction`."""
    key, basis = f"{st.session_state.digest}/{name}", session.basis()
    known = _made_beside.get(key)
    if known is None:
        inputs = _BESIDE[name](basis.plan.inputs)
        plan = session.elsewhere(name, plan_demand, inputs, basis.plan.demand, explained=False)
        known = View(plan, basis)
        _made_beside.put(key, known)
    return known
