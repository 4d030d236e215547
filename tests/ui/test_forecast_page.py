"""The page Prognose beyond its fan: where a forecast comes from, and how good it was before."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest

from budget.plan import Plan
from budget.report.verdicts import NAIVE, OURS
from budget.tables import Column, Kind
from tests.ui.conftest import MARK
from ui import work
from ui.backtest_chart import missed_chart
from ui.screens.forecast_parts import part_bars, part_columns
from ui.view import Record, View, quantity, records

Open = Callable[..., AppTest]
CALCULATE = "backtest_do"


def _words(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.fixture(scope="module")
def tested(city_plan: Plan) -> work.Run:
    """The back-test of the small plan, as the page starts it."""
    run = work.start_backtest("getoetst", city_plan.inputs)
    assert run.finished.wait(240)
    return run


def test_the_bars_of_a_forecast_run_without_gaps_to_what_is_expected(city_plan: Plan) -> None:
    sheet = View(city_plan).table("Opbouw prognose")
    for row in records(sheet):
        bars = part_bars(row, part_columns(sheet))
        assert bars[0].start == bars[-1].start == 0
        assert all(after.start == pytest.approx(before.end) for before, after in pairwise(bars[:-1]))
        assert bars[-2].end == pytest.approx(bars[-1].end) == pytest.approx(quantity(row, "Verwacht"))


def test_a_part_that_takes_away_is_a_bar_downwards() -> None:
    parts = tuple(Column(name, Kind.NUMBER) for name in ("Niveau", "Seizoen", "Trend"))
    row: Record = {"Niveau": 100.0, "Seizoen": 0.0, "Trend": -20.0, "Verwacht": 80.0}
    kinds = [(bar.name, bar.kind, bar.end) for bar in part_bars(row, parts)]
    assert kinds == [("Niveau", "total", 100), ("Trend", "less", 80), ("Verwacht", "total", 80)]


def test_the_parts_of_the_chosen_district_are_on_the_page(open_page: Open, city_plan: Plan) -> None:
    app = open_page("forecast", wijk=city_plan.inputs.area_codes[0], jaar="2028")
    assert "Waar het vandaan komt" in [header.value for header in app.header]
    assert "Het gemiddelde van het laatste waargenomen jaar" in _words(app)


def test_the_back_test_is_offered_and_not_begun_by_itself(open_page: Open) -> None:
    app = open_page("forecast")
    assert app.button(key=CALCULATE).label == "Reken de terugtoets"
    assert "backtest" not in app.session_state


def test_a_back_test_ends_in_its_sheets_kept_under_the_mark_of_the_data(tested: work.Run) -> None:
    assert tested.mishap == ""
    assert tested.plan is None
    assert tested.backtest is not None
    assert [table.sheet for table in tested.backtest][:2] == ["Oordeel", "Stromen"]
    assert work.backtests.get("getoetst") is tested.backtest


def test_the_verdict_on_every_stream_is_on_the_page(
    open_page: Open, city_plan: Plan, tested: work.Run
) -> None:
    work.plans.put("getoetst", city_plan)
    app = open_page("forecast", gegevens="getoetst")
    for stream in city_plan.inputs.streams:
        assert f"De prognose van {stream.name} zat in de terugtoets" in _words(app)
    assert not [button for button in app.button if button.key == CALCULATE]


def test_series_that_are_too_short_are_told(open_page: Open, city_plan: Plan) -> None:
    work.plans.put("kort", city_plan)
    work.backtests.put("kort", ())
    assert "te kort voor een terugtoets" in _words(open_page("forecast", gegevens="kort"))


def test_a_back_test_can_be_stopped_and_begun_again(open_page: Open) -> None:
    app = open_page("forecast")
    app.button(key=CALCULATE).click().run()
    run = app.session_state.backtest
    assert run.digest == work.backtest_mark(MARK)
    run.cancel()
    assert run.finished.wait(30)
    assert work.backtests.get(MARK) is None
    app.run()
    assert app.button(key=CALCULATE)
    assert not app.error


def test_the_chart_sets_ours_beside_last_year() -> None:
    chart = missed_chart([("Hulp", OURS, 0.1), ("Hulp", NAIVE, 0.2)]).to_dict()
    (rows,) = chart["datasets"].values()
    assert [(row["method"], row["missed"]) for row in rows] == [
        ("prognose", 0.1),
        ("vorig jaar aanhouden", 0.2),
    ]
