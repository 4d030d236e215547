"""Preventie: what it costs, the chance that it pays for itself, and what stands beside the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from streamlit.testing.v1 import AppTest

from budget.plan import Plan
from budget.report.ledger import ledger_table
from ui import work
from ui.language import share
from ui.view import quantity, records

Open = Callable[..., AppTest]


def _words(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def test_the_chance_that_it_pays_back_is_in_the_lead_and_the_ledger(open_page: Open, city_plan: Plan) -> None:
    (row,) = records(ledger_table(city_plan))
    words = _words(open_page("prevention"))
    chance = share(quantity(row, "Kans in looptijd"), digits=0)
    assert f"het grootst bij {row['Naam']}: {chance}." in words
    assert "Alleen als de opgegeven besparing helemaal uitkomt, verdient zich er 1 terug." in words
    assert "Terugverdiend in" in words
    assert "Bewijskracht" in words


def test_programmes_without_money_are_named_and_not_shown_as_hopeless(
    open_page: Open, city_plan: Plan
) -> None:
    pm = replace(city_plan.inputs.prevention[0], programme="P2", name="Later", status="pm")
    inputs = replace(city_plan.inputs, prevention=(*city_plan.inputs.prevention, pm))
    work.plans.put("met-later", replace(city_plan, inputs=inputs))
    words = _words(open_page("prevention", gegevens="met-later"))
    assert "Zonder geld in het plan: Later (pm)." in words
    assert words.count('<th scope="row">Later</th>') == 1


def test_variants_are_planned_when_a_reader_asks_and_then_stay(open_page: Open, city_plan: Plan) -> None:
    pm = replace(city_plan.inputs.prevention[0], programme="P2", name="Later", status="pm")
    inputs = replace(city_plan.inputs, prevention=(*city_plan.inputs.prevention, pm))
    work.plans.put("met-pm", replace(city_plan, inputs=inputs))
    app = open_page("prevention", gegevens="met-pm")
    assert "Plan, als preventie niets bespaart:" not in _words(app)
    app.button(key="beside_do").click().run()
    words = _words(app)
    for variant in (
        "Plan, als preventie niets bespaart",
        "Opnieuw verdeeld zonder besparing",
        "Met pm als geboekt",
    ):
        assert f"{variant}: " in words
    assert "Plan, als preventie niets bespaart:" in _words(open_page("prevention", gegevens="met-pm"))
