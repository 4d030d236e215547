"""What the pages say is what the plan says, and what a reader changes is what is solved again."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from budget.money import format_cents, format_euros
from budget.plan import Plan, plan_demand
from optimiser.problem import BALANCE, STRATEGIES
from ui.main import PAGES
from ui.scenarios import AS_GIVEN, decode
from ui.view import View

Open = Callable[..., AppTest]
KEYS = [key for key, _, _ in PAGES]


def _words(app: AppTest) -> str:
    """All text of a page that Streamlit did not draw itself."""
    words = "\n".join(element.proto.body for element in app.get("html"))
    return words.replace("\u00a0", " ").replace("\u2060", "").replace("−", "-")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("page", KEYS)
def test_every_page_opens_in_every_language(open_page: Open, page: str, language: str) -> None:
    app = open_page(page, taal=language)
    assert app.title[0].value
    assert not app.error


@pytest.mark.parametrize("page", KEYS)
def test_every_page_says_what_to_do_when_there_is_no_plan(open_page: Open, page: str) -> None:
    app = open_page(page, gegevens="")
    assert app.title[0].value
    if page != "data":
        assert "Open eerst een werkmap of het voorbeeld" in _words(app)


@pytest.mark.parametrize("page", KEYS)
def test_a_link_to_data_that_is_not_open_here_says_so_on_every_page(open_page: Open, page: str) -> None:
    (told,) = open_page(page, gegevens="onbekend").info
    assert "kenmerk onbekend" in told.value


def test_the_sheets_of_a_changed_plan_are_those_of_its_workbook(open_page: Open, city_plan: Plan) -> None:
    app = open_page("account", regels="buffer_centraal~~~~0.05")
    scenario = decode("buffer_centraal~~~~0.05")
    view = View(plan_demand(scenario.applied_to(city_plan.inputs), city_plan.demand))
    assert format_euros(view.amount("Centrale buffer", 2027)) in _words(app)


def test_the_distribution_shows_the_amounts_of_the_workbook(open_page: Open, city_plan: Plan) -> None:
    words, view = _words(open_page("distribution", jaar="2028")), View(city_plan)
    for row in view.records("Plafonds", Jaar=2028):
        assert format_euros(int(str(row["Plafond"]))) in words
    assert format_euros(view.amount("Niet gedekte lasten", 2028)) in words


def test_the_steps_of_a_district_add_up_to_its_ceiling_to_the_cent(open_page: Open, city_plan: Plan) -> None:
    code = city_plan.inputs.area_codes[1]
    words, view = _words(open_page("why", wijk=code, jaar="2028")), View(city_plan)
    steps = [int(str(row["Bedrag"])) for row in view.records("Verklaring", Wijkcode=code, Jaar=2028)]
    (ceiling,) = view.records("Plafonds", Wijkcode=code, Jaar=2028)
    assert sum(steps) == ceiling["Plafond"]
    for amount in (*steps, sum(steps)):
        assert format_cents(abs(amount)) in words


def test_moving_a_slider_solves_again_and_leaves_the_forecast(open_page: Open, city_plan: Plan) -> None:
    app = open_page("distribution")
    before = _words(app)
    app.select_slider(key="share_buffer_centraal").set_value(Decimal("0.05")).run()
    (change,) = app.session_state.scenario.changes
    assert (change.rule, change.year, change.value) == ("buffer_centraal", None, Decimal("0.05"))
    assert _words(app) != before
    assert app.query_params["regels"] == f"buffer_centraal~~~~{change.value}"
    assert app.session_state.basis.demand is city_plan.demand


def test_a_rule_set_back_to_the_workbook_is_no_change(open_page: Open) -> None:
    app = open_page("distribution")
    given = app.select_slider(key="share_buffer_centraal").value
    app.select_slider(key="share_buffer_centraal").set_value(Decimal("0.05")).run()
    app.select_slider(key="share_buffer_centraal").set_value(given).run()
    assert app.session_state.scenario == AS_GIVEN


def test_another_strategy_is_solved_at_once_and_travels_in_the_link(open_page: Open) -> None:
    app = open_page("distribution")
    equal = next(strategy for strategy in STRATEGIES if strategy.name == "gelijke dekking")
    app.segmented_control(key="strategy_choice").set_value(equal).run()
    assert app.session_state.scenario.strategy == equal
    assert app.query_params["regels"] == "strategie~gelijke dekking"
    assert "de wijk die het verst achterblijft" in _words(app)
    app.segmented_control(key="strategy_choice").set_value(BALANCE).run()
    assert app.session_state.scenario == AS_GIVEN


def test_a_locked_amount_is_what_the_district_gets(open_page: Open, city_plan: Plan) -> None:
    code, stream = city_plan.inputs.area_codes[0], city_plan.inputs.stream_codes[0]
    app = open_page("distribution", wijk=code, regels=f"vast~2027~{code}~{stream}~123456.78")
    assert "1 wijziging" in _words(app)
    assert format_euros(123456_78) in _words(app)


def test_a_locked_amount_says_what_it_costs(open_page: Open, city_plan: Plan) -> None:
    code, stream = city_plan.inputs.area_codes[0], city_plan.inputs.stream_codes[0]
    app = open_page("distribution", regels=f"vast~2027~{code}~{stream}~50000")
    assert "Wat vaste bedragen kosten" in [header.value for header in app.header]
    assert "(€ 50.000) loslaten" in _words(app)


def _with_lock(app: AppTest) -> AppTest:
    """The page with the box opened in which one amount is fixed."""
    app.session_state["fold_lock"] = True
    return app.run()


def test_the_lock_begins_with_the_district_on_the_screen(open_page: Open, city_plan: Plan) -> None:
    code = city_plan.inputs.area_codes[2]
    app = _with_lock(open_page("distribution", wijk=code))
    assert app.selectbox(key="lock_area").value == code


def test_the_reasons_follow_the_allocation(open_page: Open, city_plan: Plan) -> None:
    app = open_page("distribution", regels="buffer_centraal~~~~0.05")
    words = _words(app)
    inputs = decode("buffer_centraal~~~~0.05").applied_to(city_plan.inputs)
    prices = plan_demand(inputs, city_plan.demand).allocation.shadow_prices
    strongest = max(
        (price for price in prices if price.place.year in (None, 2027)), key=lambda p: abs(p.value)
    )
    assert strongest.sentence.replace("\u00a0", " ").replace("−", "-") in words


def test_rules_that_exclude_each_other_are_shown_with_the_ways_out(open_page: Open, city_plan: Plan) -> None:
    code = city_plan.inputs.area_codes[0]
    app = open_page("distribution", regels=f"plafond~2027~{code}~~1")
    assert len(app.warning) == 1
    assert "Zo komt u eruit" in [header.value for header in app.header]
    app.button(key="undo_all").click().run()
    assert app.session_state.scenario == AS_GIVEN
    assert not app.warning


def test_a_typed_amount_is_said_back(open_page: Open) -> None:
    app = _with_lock(open_page("distribution"))
    app.text_input(key="lock_amount").set_value("1.234.567,89").run()
    assert "Gelezen als € 1.234.567,89" in _words(app)
    app.text_input(key="lock_amount").set_value("veel").run()
    assert "“veel” is geen bedrag" in _words(app)
    assert app.button(key="lock_do").disabled


def test_a_typed_amount_becomes_a_locked_cell(open_page: Open, city_plan: Plan) -> None:
    app = _with_lock(open_page("distribution"))
    app.text_input(key="lock_amount").set_value("€ 80.000").run()
    app.button(key="lock_do").click().run()
    (change,) = app.session_state.scenario.changes
    assert (change.rule, change.year, change.value) == ("vast", 2027, 80_000)


def test_a_saved_variant_stands_beside_the_workbook(open_page: Open) -> None:
    app = open_page("compare", regels="buffer_centraal~~~~0.04")
    app.text_input(key="scenario_name").set_value("Zuinig").run()
    app.button(key="save_scenario").click().run()
    assert list(app.session_state.saved) == ["Zuinig"]
    assert "Zuinig" in _words(app)


def test_saved_variants_travel_in_the_link(open_page: Open) -> None:
    app = open_page("compare", regels="buffer_centraal~~~~0.04")
    app.text_input(key="scenario_name").set_value("Zuinig & snel").run()
    app.button(key="save_scenario").click().run()
    there = open_page("compare", bewaard=app.query_params["bewaard"])
    assert dict(there.session_state.saved) == {"Zuinig & snel": app.session_state.scenario}


def test_a_link_with_broken_rules_shows_the_workbook_and_says_so(open_page: Open) -> None:
    app = open_page("data", regels="groei_max~~~~veel")
    assert "niet te lezen" in app.info[0].value
    assert app.session_state.scenario == AS_GIVEN


def test_a_meeting_shows_the_whole_and_then_one_district(open_page: Open, city_plan: Plan) -> None:
    app = open_page(stand="vergadering")
    assert app.title[0].value == "Verdeling 2027"
    app.button(key="turn_on").click().run()
    assert app.session_state.wijk in city_plan.inputs.area_codes
    assert app.title[0].value.startswith("Waarom ")
    app.button(key="turn_back").click().run()
    assert app.title[0].value == "Verdeling 2027"


def test_without_a_plan_the_first_page_says_what_a_reader_gets(open_page: Open) -> None:
    app = open_page("data", gegevens="")
    assert app.title[0].value == "Wat krijgt elke wijk, en waarom?"
    assert "sluitend tot op de cent" in _words(app)


def test_the_year_shows_what_is_left_and_what_is_still_to_come(open_page: Open, city_plan: Plan) -> None:
    code = city_plan.inputs.area_codes[0]
    app = open_page("year", wijk=code)
    (row,) = View(city_plan).year_end.records("Jaarbeeld", Wijkcode=code, Stroom="TOTAAL")
    assert app.title[0].value.startswith("Jaar 2026, ")
    assert format_euros(int(str(row["Verwachte jaarlast"]))) in _words(app)
    assert "De afrekening is voorlopig" in _words(app)


def test_the_pace_of_change_can_be_weighed_and_taken_over(open_page: Open) -> None:
    app = open_page("compare")
    app.button(key="pace_do").click().run()
    assert "Tempo" in _words(app)
    app.button(key="pace_take").click().run()
    assert {change.rule for change in app.session_state.scenario.changes} == {"groei_min", "groei_max"}


@pytest.mark.parametrize(
    ("language", "told"), [("nl", "Er is niets af te wegen"), ("en", "There is nothing to weigh")]
)
def test_no_pace_with_an_answer_is_said_in_a_sentence(open_page: Open, language: str, told: str) -> None:
    app = open_page("compare", taal=language, regels="plafond~2027~WK999802~~1")
    app.button(key="pace_do").click().run()
    assert not app.exception
    assert told in _words(app)
    assert not app.select_slider


def test_a_shared_link_shows_the_same_district_year_and_stream(open_page: Open, city_plan: Plan) -> None:
    code, stream = city_plan.inputs.area_codes[2], city_plan.inputs.stream_codes[1]
    app = open_page("forecast", wijk=code, stroom=stream, jaar="2028")
    names = View(city_plan)
    assert app.title[0].value == f"{names.stream_names[stream]}, {names.area_names[code]}"
    assert app.session_state.jaar == 2028
