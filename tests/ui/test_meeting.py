"""A meeting looks at one thing at a time, and its address shows somebody else the same."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from budget.money import format_euros
from budget.plan import Plan
from optimiser.problem import STRATEGIES
from ui.scenarios import AS_GIVEN, Scenario
from ui.view import View

Open = Callable[..., AppTest]
TIGHT = "buffer_centraal~~~~0.05"


def _words(app: AppTest) -> str:
    words = "\n".join(element.proto.body for element in app.get("html"))
    return words.replace("\u00a0", " ").replace("\u2060", "").replace("−", "-")


def _meeting(open_page: Open, page: str = "distribution", **address: str) -> AppTest:
    return open_page(page, stand="vergadering", **address)


def test_leafing_goes_through_all_districts_and_back_to_the_whole(open_page: Open, city_plan: Plan) -> None:
    app, seen = _meeting(open_page), []
    for _ in city_plan.inputs.districts:
        app.button(key="turn_on").click().run()
        seen.append(app.session_state.wijk)
    assert sorted(seen) == sorted(city_plan.inputs.area_codes)
    app.button(key="turn_on").click().run()
    assert app.session_state.wijk == ""


def test_the_year_is_chosen_in_the_meeting_and_is_in_the_address(open_page: Open, city_plan: Plan) -> None:
    app = _meeting(open_page)
    app.segmented_control(key="year_choice").set_value(2028).run()
    assert app.title[0].value == "Verdeling 2028"
    assert app.query_params["jaar"] == "2028"
    assert format_euros(View(city_plan).amount("Niet gedekte lasten", 2028)) in _words(app)


def test_the_proposal_and_the_readers_variant_are_one_button_apart(open_page: Open) -> None:
    app = _meeting(open_page, regels=TIGHT)
    plans = app.segmented_control(key="meeting_plan")
    assert plans.options == ["Voorstel", "Mijn variant"]
    plans.set_value("Voorstel").run()
    assert app.session_state.scenario == AS_GIVEN
    app.segmented_control(key="meeting_plan").set_value("Variant 1").run()
    assert app.query_params["regels"] == TIGHT


def test_without_a_variant_there_is_no_plan_to_choose(open_page: Open) -> None:
    assert "meeting_plan" not in [control.key for control in _meeting(open_page).segmented_control]


def test_now_the_proposal_and_the_variant_stand_side_by_side(open_page: Open, city_plan: Plan) -> None:
    app = _meeting(open_page, "compare", regels=TIGHT)
    words = _words(app)
    for head in ("Nu (2026)", "Voorstel", "Mijn variant"):
        assert f">{head}</th>" in words
    assert format_euros(View(city_plan).amount("Gebiedsbudgetten", 2027)) in words


def test_a_meeting_weighs_one_trade_off_at_a_time(open_page: Open) -> None:
    app, titles = _meeting(open_page, "compare"), []
    for _ in range(len(STRATEGIES) + 2):
        titles.append(app.title[0].value)
        app.button(key="turn_on").click().run()
    assert titles[0] == "Nu, voorstel en varianten, 2027"
    assert titles[1:-2] == [
        f"Wat als {name} voorgaat?" for name in ("Zekerheid", "Gelijke dekking", "Voorkomen")
    ]
    assert titles[-2:] == ["Het ene doel of het andere", "Snel of rustig veranderen"]
    assert app.title[0].value == titles[0]


def test_a_trade_off_is_in_the_address(open_page: Open) -> None:
    there = _meeting(open_page, "compare", afruil="gelijke dekking")
    assert there.title[0].value == "Wat als Gelijke dekking voorgaat?"
    assert there.query_params["afruil"] == "gelijke dekking"


def test_a_meeting_speaks_english(open_page: Open) -> None:
    app = _meeting(open_page, "compare", afruil="zekerheid", taal="en")
    assert app.title[0].value == "What if Certainty comes first?"
    assert ">Goal</th>" in _words(app)


def test_a_trade_off_can_be_made_the_readers_variant(open_page: Open) -> None:
    app = _meeting(open_page, "compare", afruil="gelijke dekking")
    app.button(key="meeting_take").click().run()
    equal = next(strategy for strategy in STRATEGIES if strategy.name == "gelijke dekking")
    assert app.session_state.scenario == Scenario(strategy=equal)


def test_rules_that_exclude_each_other_have_a_heading_and_a_way_out(open_page: Open, city_plan: Plan) -> None:
    code = city_plan.inputs.area_codes[0]
    for page in ("distribution", "compare"):
        app = _meeting(open_page, page, regels=f"plafond~2027~{code}~~1")
        assert app.title[0].value == "Dit plan kan niet"
        app.button(key="meeting_proposal").click().run()
        assert app.session_state.scenario == AS_GIVEN
        assert not app.warning


def test_the_rules_can_be_changed_outside_the_meeting(open_page: Open, city_plan: Plan) -> None:
    app = _meeting(open_page, regels=f"plafond~2027~{city_plan.inputs.area_codes[0]}~~1")
    app.button(key="meeting_rules").click().run()
    assert app.session_state.vergadering is False
