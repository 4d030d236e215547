"""What stands out in a series is found, marked in the chart, said in words and told in the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from budget.plan import Plan
from forecasts.history import Event, Status, StreamHistory
from forecasts.track_record import TrackRecord
from ui import time_charts, work
from ui.fans import Fan, fan_of
from ui.screens.forecast_facts import facts_of, naive_in_words, record_in_words
from ui.screens.forecast_numbers import seen_table, years_table
from ui.view import View, records

Open = Callable[..., AppTest]


def _with_series(plan: Plan, change: Callable[[StreamHistory], StreamHistory], *events: Event) -> Plan:
    """The plan with the first series of its history as `change` makes it."""
    history = plan.inputs.history
    first = change(replace(history.streams[0], clients=history.streams[0].clients.copy()))
    changed = replace(history, streams=(first, *history.streams[1:]), events=events)
    return replace(plan, inputs=replace(plan.inputs, history=changed))


def _hidden(stream: StreamHistory) -> StreamHistory:
    """The first two periods of the first district suppressed."""
    stream.clients[0, :2] = np.nan
    status = stream.status.copy()
    status[0, :2] = Status.SUPPRESSED
    return replace(stream, status=status)


def _moved(stream: StreamHistory) -> StreamHistory:
    """From the middle on, forty clients of the first district are counted in the second."""
    n_periods = stream.clients.shape[1]
    stream.clients[:] = 100 + np.sin(np.arange(n_periods))
    stream.clients[0, n_periods // 2 :] -= 40
    stream.clients[1, n_periods // 2 :] += 40
    return stream


def _same(stream: StreamHistory) -> StreamHistory:
    return stream


def _fan(plan: Plan, *districts: str) -> Fan:
    return fan_of(plan, plan.inputs.history.streams[0].stream, districts)


def test_a_suppressed_count_lies_between_nothing_and_its_limit(city_plan: Plan) -> None:
    fan = _fan(_with_series(city_plan, _hidden), city_plan.inputs.area_codes[0])
    hidden = fan.doubtful.hidden
    assert list(hidden.index) == list(fan.observed.index[:2])
    assert (hidden["low"] == 0).all()
    assert (hidden["high"] > 0).all()
    assert fan.observed[:2].isna().all()


def test_a_suppressed_count_leaves_the_sum_of_districts_at_least_what_is_known(city_plan: Plan) -> None:
    plan = _with_series(city_plan, _hidden)
    one, *others = plan.inputs.area_codes
    known = _fan(plan, *others).observed
    hidden = _fan(plan, one, *others).doubtful.hidden
    assert list(hidden["low"]) == list(known[:2])


def test_a_suppressed_count_is_told_in_words_and_in_the_table(city_plan: Plan) -> None:
    fan = _fan(_with_series(city_plan, _hidden), city_plan.inputs.area_codes[0])
    assert any(fact.startswith("Onderdrukt in 2 perioden, van ") for fact in facts_of(fan, {}))
    first, second, third, *_ = records(seen_table(fan))
    assert first["Waargenomen"] is second["Waargenomen"] is None
    assert str(first["Opmerking"]).startswith("onderdrukt: tussen 0 en ")
    assert third["Waargenomen"] is not None


def test_a_move_is_a_break_of_one_district_and_none_of_the_two_together(city_plan: Plan) -> None:
    plan = _with_series(city_plan, _moved)
    one, other, *_ = plan.inputs.area_codes
    (found,) = _fan(plan, one).breaks
    assert (found.kind, found.other) == ("move", other)
    assert found.effect == pytest.approx(-40 / 100, abs=0.02)
    assert _fan(plan, one, other).breaks == ()


def test_an_announced_event_has_a_letter_in_chart_words_and_table(city_plan: Plan) -> None:
    seen = city_plan.inputs.history.streams[0]
    event = Event("Nieuwe wet", (), (), seen.periods[3], None, "step", 0.1, "Verzonnen")
    fan = _fan(_with_series(city_plan, _same, event), city_plan.inputs.area_codes[0])
    assert facts_of(fan, {})[0].startswith("A: Nieuwe wet, vanaf ")
    assert "+10\u00a0% op het niveau" in facts_of(fan, {})[0]
    assert "A: Nieuwe wet" in [row["Opmerking"] for row in records(seen_table(fan))]
    letters = [
        row["letter"]
        for rows in time_charts.fan_chart(fan, unit="").to_dict()["datasets"].values()
        for row in rows
        if "letter" in row
    ]
    assert set(letters) == {"A"}


def test_every_kind_of_mark_is_a_chart_that_vega_lite_accepts(city_plan: Plan) -> None:
    start, *_, end = city_plan.inputs.history.streams[0].periods[2:5]
    passing = Event("Griep", (), (), start, end, "pulse", 0.2, "Verzonnen")
    for change in (_hidden, _moved):
        fan = _fan(_with_series(city_plan, change, passing), city_plan.inputs.area_codes[0])
        time_charts.fan_chart(fan, unit="cliënten").to_dict()


def test_an_announced_rise_counts_as_provisional_until_it_is_complete(city_plan: Plan) -> None:
    def provisional(stream: StreamHistory) -> StreamHistory:
        status = stream.status.copy()
        status[:, -1] = Status.PROVISIONAL
        return replace(stream, status=status)

    fan = _fan(_with_series(city_plan, provisional), city_plan.inputs.area_codes[0])
    counts = fan.doubtful.provisional
    assert list(counts.index) == [fan.observed.index[-1]]
    assert (counts["completed"] > counts["seen"]).all()


def test_a_year_is_seen_when_every_period_of_it_is(city_plan: Plan) -> None:
    fan = _fan(city_plan, city_plan.inputs.area_codes[0])
    for year, mean in fan.years_seen().items():
        of_year = fan.observed[[label.startswith(str(year)) for label in fan.labels(fan.observed.index)]]
        assert len(of_year) == fan.per_year
        assert mean == pytest.approx(float(of_year.sum()) / fan.per_year)


def test_the_rule_of_thumb_repeats_the_last_year(city_plan: Plan) -> None:
    fan = _fan(city_plan, city_plan.inputs.area_codes[0])
    naive = fan.naive_years()
    last = fan.observed[-fan.per_year :].sum() / fan.per_year
    assert naive[max(naive)] == pytest.approx(last)
    assert naive_in_words(fan, max(naive), last).endswith(
        "vrijwel hetzelfde uit: " + f"{last:.1f}".replace(".", ",") + " cliëntjaren."
    )


def test_the_years_seen_stand_above_the_years_expected(city_plan: Plan) -> None:
    view, code = View(city_plan), city_plan.inputs.area_codes[0]
    stream = city_plan.inputs.history.streams[0].stream
    fan = view.fan(stream, (code,))
    table = view.table("Prognose", Stroom=stream, Wijkcode=code)
    years = replace(table, rows=[row for row in table.rows if len(str(row[4])) == 4])
    rows = records(years_table(fan, years))
    expected = {row["Periode"]: row["Verwacht"] for row in records(years)}
    assert {row["Periode"]: row["Verwacht"] for row in rows if row["Verwacht"] is not None} == expected
    assert [row["Periode"] for row in rows] == sorted(str(row["Periode"]) for row in rows)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (None, "Het verleden is te kort"),
        (TrackRecord(float("nan"), ()), "Het verleden is te kort"),
        (TrackRecord(0.8, (0.01, -0.01, 0.02), 0.06, 0.08), "25\u00a0% dichterbij"),
        (TrackRecord(1.2, (0.1, 0.1, 0.1), 0.12, 0.1), "20\u00a0% verder weg"),
        (TrackRecord(1.2, (0.1, 0.1, 0.1), 0.12, 0.1), "Zij zat steeds te laag, gemiddeld 10\u00a0%."),
        (TrackRecord(1.0, (0.01, -0.01)), "even dichtbij"),
    ],
)
def test_the_record_is_told_before_anybody_runs_a_back_test(record: TrackRecord | None, words: str) -> None:
    assert words in record_in_words(record)


def test_the_page_tells_in_english_what_stands_out(open_page: Open, city_plan: Plan) -> None:
    seen = city_plan.inputs.history.streams[0]
    event = Event("Nieuwe wet", (), (), seen.periods[3], None, "step", 0.1, "Verzonnen")
    work.plans.put("opvallend", _with_series(city_plan, _hidden, event))
    app = open_page(
        "forecast", gegevens="opvallend", taal="en", stroom=seen.stream, wijk=city_plan.inputs.area_codes[0]
    )
    said = "\n".join(element.proto.body for element in app.get("html"))
    assert "+10\u00a0% on the level, as given in the workbook." in said
    assert "Suppressed in 2 periods, from " in said
    assert f"A: Nieuwe wet, from {seen.periods[3]}" in said
