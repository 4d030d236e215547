"""The rule of thumb beside a forecast, and the series that are awkward: provisional, missing, never seen, zero."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from budget.plan import Plan
from forecasts.history import Status, StreamHistory
from ui import work
from ui.breaks import Doubtful
from ui.fans import Fan, completed, fan_of, seasonal_naive
from ui.screens.forecast_facts import facts_of, naive_in_words
from ui.screens.forecast_numbers import seen_table, years_table
from ui.time_charts import fan_chart
from ui.view import View, records

Open = Callable[..., AppTest]


def _plan(plan: Plan, change: Callable[[StreamHistory], None]) -> Plan:
    """The plan with the first series of its history changed in place of a copy."""
    history = plan.inputs.history
    first = replace(
        history.streams[0], clients=history.streams[0].clients.copy(), status=history.streams[0].status.copy()
    )
    change(first)
    return replace(
        plan, inputs=replace(plan.inputs, history=replace(history, streams=(first, *history.streams[1:])))
    )


def _fan(plan: Plan, *districts: str) -> Fan:
    return fan_of(plan, plan.inputs.history.streams[0].stream, districts)


def _provisional(stream: StreamHistory) -> None:
    stream.status[:, -1] = Status.PROVISIONAL


def _never_seen(stream: StreamHistory) -> None:
    stream.clients[0] = np.nan


def _missing(stream: StreamHistory) -> None:
    stream.clients[0, -2] = np.nan


def _zero(stream: StreamHistory) -> None:
    stream.clients[0] = 0


def test_the_rule_of_thumb_completes_provisional_periods_as_the_forecast_does(city_plan: Plan) -> None:
    fan = _fan(_plan(city_plan, _provisional), *city_plan.inputs.area_codes)
    raised = fan.doubtful.provisional
    last = raised.index[-1]
    assert fan.naive is not None
    assert raised["completed"].iloc[-1] > fan.observed[last]
    assert raised["completed"].iloc[-1] in fan.naive.tolist()
    assert fan.naive_completes
    assert "zoals de prognose ze aanvult" in naive_in_words(fan, fan.naive.index[-1].year, 1000.0)


def test_without_provisional_periods_nothing_is_said_of_them(city_plan: Plan) -> None:
    fan = _fan(city_plan, *city_plan.inputs.area_codes)
    assert fan.naive is not None
    assert not fan.naive_completes
    assert "aanvult" not in naive_in_words(fan, fan.naive.index[-1].year, 1000.0)


_counts = st.lists(st.floats(0, 1e6) | st.just(float("nan")), min_size=4, max_size=24)


@given(_counts, st.data())
def test_completing_raises_provisional_counts_and_leaves_all_others(
    counts: list[float], data: st.DataObject
) -> None:
    times = pd.date_range("2024-01-01", periods=len(counts), freq="MS")
    observed = pd.Series(counts, times)
    raises = pd.Series(
        data.draw(st.lists(st.floats(0, 100), min_size=len(counts), max_size=len(counts))), times
    )
    chosen = pd.Series(data.draw(st.lists(st.booleans(), min_size=len(counts), max_size=len(counts))), times)
    seen = observed.fillna(0.0)[chosen]
    provisional = pd.DataFrame({"seen": seen, "completed": seen + raises[chosen]})
    found = completed(observed, Doubtful(pd.DataFrame(), provisional, (), None))
    expected = observed + raises.where(chosen, 0.0)
    np.testing.assert_allclose(found.to_numpy(), expected.to_numpy(), rtol=1e-9, atol=1e-6)


@given(st.lists(st.floats(0, 1e6), min_size=12, max_size=40), st.integers(1, 60))
def test_the_rule_of_thumb_repeats_the_last_year_for_ever(counts: list[float], n_ahead: int) -> None:
    times = pd.date_range("2020-01-01", periods=len(counts), freq="MS")
    found = seasonal_naive(pd.Series(counts, times), pd.RangeIndex(n_ahead), 12)
    assert found is not None
    assert found.tolist() == [counts[-12 + step % 12] for step in range(n_ahead)]


def test_a_district_never_seen_leaves_the_history_of_the_others_to_be_seen(city_plan: Plan) -> None:
    plan, codes = _plan(city_plan, _never_seen), city_plan.inputs.area_codes
    whole, others = _fan(plan, *codes), _fan(plan, *codes[1:])
    assert whole.observed.tolist() == others.observed.tolist()
    assert whole.doubtful.unseen == (codes[0],)
    (fact,) = [fact for fact in facts_of(whole, {}) if fact.startswith("Nooit waargenomen")]
    assert "Wat is waargenomen en de vuistregel zijn zonder hen" in fact


def test_a_district_never_seen_has_no_rows_of_years_that_say_nothing(
    open_page: Open, city_plan: Plan
) -> None:
    plan, code = _plan(city_plan, _never_seen), city_plan.inputs.area_codes[0]
    fan = _fan(plan, code)
    sheet = View(city_plan).table("Prognose", Stroom=plan.inputs.history.streams[0].stream, Wijkcode=code)
    first = records(years_table(fan, sheet))[0]
    assert first["Verwacht"] is not None
    assert not fan.was_seen
    work.plans.put("nieuw", plan)
    app = open_page("forecast", gegevens="nieuw", wijk=code)
    words = "\n".join(element.proto.body for element in app.get("html"))
    assert "reken hier op een grotere afwijking" in words
    assert "in dat jaar ontbreken aantallen" in words


def test_a_missing_count_is_told_and_breaks_the_line(city_plan: Plan) -> None:
    plan, code = _plan(city_plan, _missing), city_plan.inputs.area_codes[0]
    fan = _fan(plan, code)
    assert list(fan.missing) == [fan.observed.index[-2]]
    assert any("ontbreekt een aantal" in fact for fact in facts_of(fan, {}))
    assert [row["Opmerking"] for row in records(seen_table(fan))][-2] == "ontbreekt"


def test_a_series_of_zeros_says_so_and_draws_no_mountain(city_plan: Plan) -> None:
    plan, code = _plan(city_plan, _zero), city_plan.inputs.area_codes[0]
    fan = _fan(plan, code)
    assert any("nog nooit een cliënt geteld" in fact for fact in facts_of(fan, {}))
    small = replace(fan, quantiles=fan.quantiles * 0 + 0.4)
    spec = fan_chart(small, unit="").to_dict()
    axes = [layer["encoding"].get("y", {}) for layer in spec["layer"]]
    tops = {axis["scale"]["domainMax"] for axis in axes if "scale" in axis}
    assert tops == {5}


@pytest.mark.parametrize(
    ("expected", "words"), [(0.2, "; de prognose 0,2."), (500.0, "minder dan de prognose")]
)
def test_the_rule_of_thumb_is_set_beside_the_forecast_in_clients_where_these_are_few(
    city_plan: Plan, expected: float, words: str
) -> None:
    fan = _fan(_plan(city_plan, _zero), city_plan.inputs.area_codes[0])
    assert fan.naive is not None
    assert words in naive_in_words(fan, fan.naive.index[-1].year, expected)
