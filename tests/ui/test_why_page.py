"""Waarom: steps or causes that add up to the cent, and what binds, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from budget.change import CAUSE_MEANING
from budget.explanation import STEP_MEANING
from budget.plan import Plan, with_causes_of_change
from optimiser.allocation import Place, Reason, ShadowPrice
from optimiser.rules import RULES
from ui import work
from ui.language import catalogue
from ui.reasons import price_in_words, reason_in_words
from ui.screens.why import causes_of, steps_table, waterfall_bars
from ui.view import View, amount, records
from wording.sentence import Template

Open = Callable[..., AppTest]


def _words(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.fixture
def in_english() -> Iterator[None]:
    st.session_state["taal"] = "en"
    yield
    del st.session_state["taal"]


@pytest.fixture(scope="module")
def with_causes(city_plan: Plan) -> View:
    return View(with_causes_of_change(city_plan))


def test_the_causes_add_up_to_the_ceiling_to_the_cent(with_causes: View) -> None:
    for code in with_causes.area_names:
        for year in with_causes.years:
            (ceiling,) = with_causes.records("Plafonds", Wijkcode=code, Jaar=year)
            causes = causes_of(with_causes, code, year)
            assert sum(amount(cause, "Bedrag") for cause in causes) == ceiling["Plafond"]
            bars = waterfall_bars(causes, amount(ceiling, "Plafond"), year)
            assert bars[-2].end == pytest.approx(bars[-1].end)


def test_the_table_of_causes_ends_in_the_ceiling(with_causes: View) -> None:
    code, year = next(iter(with_causes.area_names)), with_causes.years[0]
    causes = causes_of(with_causes, code, year)
    *rows, total = records(steps_table(causes, 123, year, "oorzaak"))
    assert [row["Oorzaak"] for row in rows] == [cause["Stap"] for cause in causes]
    assert [row["Toelichting"] for row in rows] == [CAUSE_MEANING[str(row["Oorzaak"])] for row in rows]
    assert total["Bedrag"] == 123


def test_causes_are_worked_out_when_a_reader_asks_for_them(open_page: Open, city_plan: Plan) -> None:
    work.plans.put("zonder-oorzaken", replace(city_plan, change=None))
    app = open_page("why", gegevens="zonder-oorzaken")
    assert '<th scope="col">Oorzaak</th>' not in _words(app)
    app.button_group(key="why_telling").set_value("oorzaak").run()
    assert not app.exception
    assert "Elke oorzaak is haar gemiddelde effect" in _words(app)
    assert '<th scope="col">Oorzaak</th>' in _words(app)


def test_every_word_of_an_explanation_exists_in_english() -> None:
    english = catalogue("en")
    named = [*STEP_MEANING, *CAUSE_MEANING, *(rule.name for rule in RULES), "gebiedsbudget", "stroom"]
    said = [*(f"{name} (stap)" for name in STEP_MEANING), *(f"{name} (oorzaak)" for name in CAUSE_MEANING)]
    assert [word for word in (*named, *said) if f"terms.{word}" not in english] == []


def test_in_dutch_a_price_is_told_both_ways_as_the_engine_has_it() -> None:
    price = ShadowPrice(Place("middelen", 2027), 1.0, "Meer helpt.", 0.5, "Minder schaadt.")
    assert price_in_words(price) == "Meer helpt. Minder schaadt."


@pytest.mark.usefixtures("in_english")
def test_in_english_the_prices_of_a_plan_are_told_in_english(city_plan: Plan) -> None:
    prices = [*city_plan.allocation.shadow_prices, *city_plan.allocation.alternatives]
    assert prices
    for price in prices:
        told = price_in_words(price).replace("\u00a0", " ")
        assert told.startswith("€ 10,000 ")
        assert str(price.place.year) in told
        assert price.sentence not in told


@pytest.mark.usefixtures("in_english")
def test_in_english_a_reason_is_told_with_the_name_of_its_stream(city_plan: Plan) -> None:
    stream = city_plan.inputs.streams[0]
    sentence = Template("Het plafond mag niet groeien (groei_max).")()
    reason = Reason(Place("groei_max", 2027, "WK999801", stream.code), sentence, True)
    assert reason_in_words(reason, View(city_plan)) == f"{stream.name}: The ceiling may not grow (groei_max)."


@pytest.mark.parametrize("page", ["why", "distribution"])
def test_the_english_page_has_no_dutch_sentence_of_a_rule(
    open_page: Open, city_plan: Plan, page: str
) -> None:
    app = open_page(page, taal="en")
    dutch = [price.sentence for price in city_plan.allocation.shadow_prices]
    assert [sentence for sentence in dutch if sentence in _words(app)] == []
    assert 'lang="nl"' not in _words(app)
