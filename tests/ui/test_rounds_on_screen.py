"""A changed rule on Verdeling: the first allocation is shown with a word about it, the settled one in its place."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from budget.plan import Plan, plan_demand
from ui import session
from ui.scenarios import Change, Scenario
from ui.solving import Answers

CHANGED = Scenario((Change("buffer_centraal", None, None, None, Decimal("0.05")),))


def test_the_first_allocation_is_shown_until_the_settled_one_takes_its_place(
    open_page: Callable[..., AppTest], city_plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs, demand = CHANGED.applied_to(city_plan.inputs), city_plan.demand
    settled = plan_demand(inputs, demand)
    unsettled = replace(plan_demand(city_plan.inputs, demand, explained=False), settled=False)
    first: Future[Plan] = Future()
    last: Future[Plan] = Future()
    first.set_result(unsettled)
    said: list[str] = []
    shown: list[bool] = []
    look = session.first_view

    def looked() -> session.View:
        shown.append(look().plan.settled)
        return look()

    monkeypatch.setattr(session, "decision", lambda *_: Answers(first, last))
    monkeypatch.setattr(session, "say_busy", said.append)
    monkeypatch.setattr(session, "first_view", looked)
    monkeypatch.setattr(session, "wait_until_settled", lambda: last.set_result(settled))
    app = open_page("distribution", regels="buffer_centraal~~~~0.05")
    assert shown == [False, True]
    assert said == ["Het overschot wordt nog geherinvesteerd; de bedragen schuiven nog iets."]
    words = "".join(element.proto.body for element in app.get("html")).replace("\u00a0", " ")
    buffer = f"{int(settled.allocation.buffer[0]) // 100:,}".replace(",", ".")
    assert f"€ {buffer}" in words.replace("\u2060", "")
