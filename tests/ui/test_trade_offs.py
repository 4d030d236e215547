"""Afwegen: plans side by side with their certainty, and the trade-off whose points become scenarios."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from budget.inputs import CITY
from budget.plan import Plan, plan_demand
from budget.report.comparison import scenarios_table
from budget.trade_offs import points
from optimiser.measures import measured
from optimiser.plain_formula import plain_formula
from optimiser.problem import EQUAL_COVER
from optimiser.trade_offs import frontier, presets
from ui.scenarios import Scenario
from ui.screens.compare import with_now
from ui.screens.measures import MEASURES, measures_table
from ui.screens.trade_offs import distinct
from ui.trade_off_chart import Dot, Goal, dots_chart
from ui.view import View, records

Open = Callable[..., AppTest]


def _words(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def test_last_year_stands_before_the_plans_as_far_as_it_is_known(city_plan: Plan) -> None:
    inputs, year = city_plan.inputs, city_plan.inputs.years[0]
    table = with_now(scenarios_table({"Werkmap": city_plan}, year), View(city_plan))
    assert [column.name for column in table.columns] == ["Post", f"Nu ({year - 1})", "Werkmap"]
    now = {row["Post"]: row[f"Nu ({year - 1})"] for row in records(table)}
    city = sum(cents for (place, _), cents in inputs.last_budget.items() if place == CITY)
    assert now["Gebiedsbudgetten"] == sum(inputs.last_budget.values()) - city
    assert now["Stadsbreed"] == city
    assert now["Centrale buffer"] is None


def test_the_plain_formula_and_the_chance_stand_beside_the_plans(open_page: Open, city_plan: Plan) -> None:
    words = _words(open_page("compare"))
    assert "Eenvoudige formule" in words
    assert "Kans binnen budget" in words
    chance = measured(city_plan.problem, city_plan.allocation).chance
    assert chance is not None
    assert f"{100 * chance:.1f}".replace(".", ",") + "\u00a0%" in words
    assert f"In {plain_formula(city_plan.problem).too_fast} gevallen" in words


def test_prevention_that_saves_nothing_is_a_plan_to_lay_beside(open_page: Open) -> None:
    app = open_page("compare")
    pills = app.button_group(key="beside_choice")
    pills.set_value(["Werkmap", "Preventie bespaart niets"]).run()
    assert not app.exception
    assert _words(app).count("Preventie bespaart niets") >= 2


def test_a_point_of_the_trade_off_becomes_a_scenario(open_page: Open, city_plan: Plan) -> None:
    app = open_page("compare")
    assert not [box for box in app.selectbox if box.key == "trade_point"]
    app.button(key="trade_do").click().run()
    app.selectbox(key="trade_point").set_value(EQUAL_COVER.name).run()
    assert app.session_state.scenario == Scenario()
    app.button(key="trade_take").click().run()
    assert app.session_state.scenario.strategy.name == EQUAL_COVER.name
    assert "Mijn variant" in _words(app)
    assert "strategie~gelijke dekking" in "".join(app.query_params["regels"])


def test_the_points_are_there_at_once_when_another_one_is_taken(open_page: Open) -> None:
    app = open_page("compare")
    if [button for button in app.button if button.key == "trade_do"]:
        app.button(key="trade_do").click().run()
    app.button(key="trade_take").click().run()
    assert app.selectbox(key="trade_point")


def test_planning_again_with_a_point_gives_its_figures(city_plan: Plan) -> None:
    (point,) = points(city_plan.problem, [EQUAL_COVER])
    again = plan_demand(Scenario(strategy=EQUAL_COVER).applied_to(city_plan.inputs), city_plan.demand)
    assert measured(again.problem, again.allocation) == point.measures


def test_mixes_that_come_to_the_same_are_one_point(city_plan: Plan) -> None:
    problem = city_plan.problem
    kept = distinct(list(points(problem, [*presets(problem), *frontier(problem, 50)])))
    assert {point.strategy.name for point in kept} >= {strategy.name for strategy in presets(problem)}
    figures = [tuple(one.written(point.measures) for one in MEASURES) for point in kept]
    assert len(kept) - len(set(figures)) <= len(presets(problem)) - 1


def test_every_measure_is_a_column(city_plan: Plan) -> None:
    found = measured(city_plan.problem, city_plan.allocation)
    (row,) = records(measures_table({"Werkmap": found}))
    assert row == {"Scenario": "Werkmap", **{one.column.name: one.of(found) for one in MEASURES}}


@pytest.mark.parametrize("kind", ["named", "mixed", "here", "formula"])
def test_a_dot_of_any_kind_is_drawn_and_only_plans_can_be_clicked(kind: str) -> None:
    dots = [Dot("a", "A", 1.0, 2.0, "", kind), Dot("b", "B", 2.0, 3.0, "", "named")]
    spec = dots_chart(dots, Goal("x", MEASURES[0].column.kind), Goal("y", MEASURES[1].column.kind)).to_dict()
    assert [one["name"] for one in spec["params"]] == ["pick"]
    clickable = next(layer for layer in spec["layer"] if layer.get("name") in spec["params"][0]["views"])
    shown = spec["datasets"][clickable["data"]["name"]]
    assert {row["kind"] for row in shown} <= {"named", "mixed"}
