"""Afwegen begins with what the one plan does beside the other, then lays the figures side by side."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from budget.money import format_euros
from budget.plan import Plan, plan_demand
from budget.report.comparison import areas_table, scenarios_table
from ui.scenarios import Change, Scenario, decode
from ui.screens.compare import with_difference
from ui.screens.compare_message import moved_areas
from ui.screens.compare_offers import still_short
from ui.view import View, amount, records

Open = Callable[..., AppTest]
RULES = "buffer_centraal~~~~0.05"


def _words(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def _spoken(cents: int) -> str:
    return format_euros(cents, "nl").replace(" ", "\u00a0").replace("-", "−")


def test_the_page_begins_with_what_the_own_variant_does(open_page: Open, city_plan: Plan) -> None:
    words, year = _words(open_page("compare", regels=RULES)), city_plan.inputs.years[0]
    mine = plan_demand(decode(RULES).applied_to(city_plan.inputs), city_plan.demand, explained=False)
    posts = {row["Post"]: row for row in records(scenarios_table({"eerst": city_plan, "dan": mine}, year))}
    lead = words.partition('class="gb-lead"')[2].partition("</p>")[0]
    assert f"Mijn variant tegenover Werkmap in {year}" in lead
    for post in ("Niet gedekte lasten", "Tekort op het basispakket"):
        change = amount(posts[post], "dan") - amount(posts[post], "eerst")
        assert (_spoken(abs(change)) in lead) == (abs(change) >= 100)
    moved = moved_areas(areas_table(city_plan, mine, year))
    if moved:
        up = sum(amount(row, "Verschil") > 0 for row in moved)
        get = "krijgt" if up == 1 else "krijgen"
        assert f"Wijken: {up} {get} er meer en {len(moved) - up} minder" in lead


def test_a_variant_says_in_what_it_differs(open_page: Open) -> None:
    assert "Mijn variant: Centrale buffer 5" in _words(open_page("compare", regels=RULES))


def test_two_plans_stand_beside_their_difference_to_the_cent(city_plan: Plan) -> None:
    year = city_plan.inputs.years[0]
    inputs = decode(RULES).applied_to(city_plan.inputs)
    other = plan_demand(inputs, city_plan.demand, explained=False)
    table = with_difference(scenarios_table({"eerst": city_plan, "dan": other}, year))
    for row in records(table):
        assert amount(row, "Verschil") == amount(row, "dan") - amount(row, "eerst")
    buffer = next(row for row in records(table) if row["Post"] == "Centrale buffer")
    assert Decimal(amount(buffer, "Verschil")) == amount(buffer, "dan") - amount(buffer, "eerst") > 0


def test_one_plan_on_its_own_has_no_difference_and_no_message(open_page: Open) -> None:
    app = open_page("compare")
    app.button_group(key="beside_choice").set_value(["Werkmap"]).run()
    assert not app.exception
    assert "Leg varianten naast elkaar" in _words(app)
    assert ">Verschil<" not in _words(app)


def test_a_variant_that_is_saved_stays_beside_the_workbook_under_its_name(open_page: Open) -> None:
    app = open_page("compare", regels=RULES)
    app.text_input(key="scenario_name").set_value("Zuinig").run()
    app.button(key="save_scenario").click().run()
    assert not app.exception
    assert app.button_group(key="beside_choice").value == ["Werkmap", "Zuinig"]
    assert "Zuinig tegenover Werkmap" in _words(app)


@pytest.mark.parametrize("page", ["compare", "why"])
def test_a_name_that_is_there_already_is_not_taken_again(open_page: Open, page: str) -> None:
    app = open_page(page, regels=RULES, wijk="WK999801")
    for name in ("Werkmap", "mijn variant", "Proposal"):
        app.text_input(key="scenario_name").set_value(name).run()
        assert app.button(key="save_scenario").disabled
        assert f"“{name}” staat er al; kies een andere naam" in _words(app)


def test_the_comparison_and_the_forecast_can_be_taken_along(open_page: Open) -> None:
    for page, label in (("compare", "Download de vergelijking"), ("forecast", "Download de prognose")):
        app = open_page(page)
        assert any(button.proto.label.startswith(label) for button in app.get("download_button"))


def test_what_still_falls_short_without_limits_on_growth_is_named(city_plan: Plan) -> None:
    lock = Change("vast", 2027, city_plan.inputs.area_codes[0], city_plan.inputs.stream_codes[0], Decimal(1))
    inputs = Scenario((lock,)).applied_to(city_plan.inputs)
    short = View(plan_demand(inputs, city_plan.demand, explained=False))
    (told,) = still_short({"Zonder groeibegrenzing": short})
    assert told.startswith("Ook zonder groeibegrenzing blijft er tekort: ")
    assert "vastgezet bedrag" in told.lower()
    assert still_short({"Werkmap": short}) == []
