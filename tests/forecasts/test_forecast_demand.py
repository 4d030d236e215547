"""What every forecast of demand promises, whatever made it."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from forecasts.demand import Demand
from forecasts.forecast import forecast_demand
from forecasts.history import History, Population, Status, StreamHistory

NAN = float("nan")
NOBODY = Population((), ("totaal",), (), np.empty((0, 1, 0)))


@pytest.fixture(scope="module")
def seasonal_city() -> History:
    months = np.arange(36)
    season = 1 + 0.2 * np.sin(2 * np.pi * months / 12)
    noise = np.random.default_rng(1).normal(0, 2, (3, 36))
    clients = np.array([[120.0], [60.0], [4.0]]) * season + noise.clip(-3, 3)
    periods = pd.period_range("2023-10", periods=36, freq="M")
    stream = StreamHistory("WMO", "totaal", periods, clients, np.zeros(clients.shape, dtype=np.int8))
    return History(("A", "B", "C"), ("", "", ""), (stream,))


@pytest.fixture(scope="module")
def demand(seasonal_city: History) -> Demand:
    return forecast_demand(seasonal_city, NOBODY, 2028, n_draws=200)


def test_the_periods_run_from_the_last_observation_to_the_end_of_the_last_year(demand: Demand) -> None:
    wmo = demand.stream("WMO")
    assert (str(wmo.periods[0]), str(wmo.periods[-1])) == ("2026-10", "2028-12")
    assert wmo.years == (2026, 2027, 2028)
    assert wmo.draws.shape == (3, 27, 200)
    assert wmo.yearly.shape == (3, 3, 200)


def test_the_same_input_and_seed_give_the_same_bytes(seasonal_city: History, demand: Demand) -> None:
    again = forecast_demand(seasonal_city, NOBODY, 2028, n_draws=200)
    assert again.stream("WMO").draws.tobytes() == demand.stream("WMO").draws.tobytes()
    assert again.stream("WMO").yearly.tobytes() == demand.stream("WMO").yearly.tobytes()


def test_a_year_that_had_begun_counts_its_observed_months(seasonal_city: History, demand: Demand) -> None:
    observed = seasonal_city.streams[0].clients[0, -9:].sum()
    expected = (observed + demand.stream("WMO").draws[0, :3].sum(axis=0)) / 12
    assert demand.stream("WMO").yearly[0, 0] == pytest.approx(expected, rel=1e-5)


def test_a_season_comes_back_every_year(demand: Demand) -> None:
    path = demand.stream("WMO").draws[0].mean(axis=1)
    assert path[-12:].max() - path[-12:].min() > 20


def test_a_small_district_keeps_its_own_level_on_the_course_of_the_city(demand: Demand) -> None:
    wmo = demand.stream("WMO")
    assert wmo.methods[2].startswith("eigen niveau, verloop van de stad")
    assert wmo.yearly[2, 1].mean() == pytest.approx(4, abs=1.5)


def test_the_parts_of_the_forecast_add_up_to_its_mean(demand: Demand) -> None:
    wmo = demand.stream("WMO")
    assert sum(wmo.parts.values()) == pytest.approx(wmo.draws.mean(axis=2, dtype=float), abs=1e-6)


def test_the_ensemble_and_plain_prophet_name_themselves(seasonal_city: History, demand: Demand) -> None:
    plain = forecast_demand(seasonal_city, NOBODY, 2026, n_draws=5, method="prophet")
    assert (
        demand.stream("WMO")
        .methods[0]
        .startswith("gewogen mediaan van seizoensnaïef, ETS (gedempt), CES, Theta")
    )
    assert plain.stream("WMO").methods[0] == "Prophet"


def test_a_yearly_stream_has_yearly_draws(make_history, nobody: Population) -> None:
    history = make_history([[50, 55, 60], [80, 80, 80]], start="2023", frequency="Y")
    stream = forecast_demand(history, nobody, 2028, n_draws=50).streams[0]
    assert stream.years == (2026, 2027, 2028)
    assert np.array_equal(stream.draws, stream.yearly)


def test_a_history_that_reaches_the_last_year_leaves_nothing_to_draw(
    make_history, nobody: Population
) -> None:
    stream = forecast_demand(make_history([[50.0] * 36]), nobody, 2024, n_draws=5).streams[0]
    assert stream.draws.shape == (1, 0, 5)
    assert stream.years == ()


def test_clients_without_a_district_that_were_never_seen_stay_at_nothing(
    make_history, nobody: Population
) -> None:
    history = make_history([[50.0] * 30, [NAN] * 30], districts=("A", "STAD"))
    demand = forecast_demand(history, nobody, 2025, n_draws=20, method="naive")
    assert not demand.streams[0].draws[1].any()
    assert "S0: geen waarnemingen voor STAD; niet geraamd." in demand.notes


def test_a_district_that_was_never_seen_gets_the_rate_of_the_city_and_a_wide_margin(make_history) -> None:
    history = make_history([[40.0] * 30, [20.0] * 30, [NAN] * 30])
    people = Population(
        ("A", "B", "C"), ("totaal",), (2022, 2026), np.array([[[2000.0] * 2], [[1000.0] * 2], [[500.0] * 2]])
    )
    unseen = forecast_demand(history, people, 2025, n_draws=400).streams[0].yearly[2, 1]
    assert unseen.mean() == pytest.approx(500 * (40 + 20) / 3000, rel=0.15)
    assert np.quantile(unseen, 0.9) > 2 * np.quantile(unseen, 0.1)


def test_suppressed_months_lie_below_the_limit_in_every_draw(make_history, nobody: Population) -> None:
    clients = [[60.0] * 34, [NAN] * 34]
    hidden = [[Status.FINAL] * 34, [Status.SUPPRESSED] * 34]
    demand = forecast_demand(make_history(clients, status=hidden), nobody, 2024, n_draws=300, method="naive")
    yearly = demand.streams[0].yearly[1, 0]
    assert 0 <= yearly.min() < 2
    assert 8 < yearly.max() <= 12
    assert any("onderdrukte aantallen in B" in note for note in demand.notes)


def test_provisional_months_are_raised_and_say_so(make_history, nobody: Population) -> None:
    late = [[Status.FINAL] * 33 + [Status.PROVISIONAL] * 3] * 2
    low = [[100.0] * 33 + [98, 96, 90], [200.0] * 33 + [196, 192, 180]]
    demand = forecast_demand(make_history(low, status=late), nobody, 2025, n_draws=100)
    assert demand.streams[0].yearly[:, 0].mean(axis=1) == pytest.approx([100, 200], rel=0.02)
    assert "S0: 3 voorlopige perioden opgehoogd, met de onzekerheid daarvan." in demand.notes


def test_streams_observed_together_err_together(make_history, nobody: Population) -> None:
    shock = np.random.default_rng(3).normal(0, 6, 60).cumsum()
    tables = [[[300 + shock[t] * weight for t in range(60)] for weight in (1.0, 1.1, 0.9)] for _ in range(2)]
    demand = forecast_demand(make_history(*tables, start="2021-01"), nobody, 2026, n_draws=400)
    first, second = (stream.yearly[:, 0].sum(axis=0) for stream in demand.streams)
    assert np.corrcoef(first, second)[0, 1] > 0.4


def test_prophet_and_statsforecast_are_not_imported_before_they_are_needed() -> None:
    script = "import sys, forecasts.forecast; print('prophet' in sys.modules, 'statsforecast' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["False", "False"]


counts = arrays.arrays(
    float,
    st.tuples(st.integers(1, 3), st.integers(1, 30)),
    elements=st.one_of(st.just(NAN), st.integers(0, 500).map(float)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(clients=counts, frequency=st.sampled_from("MQY"), marks=st.integers(0, 2**16))
def test_whatever_passed_the_border_gets_a_finite_forecast_that_is_never_negative(
    make_history, clients: np.ndarray, frequency: str, marks: int
) -> None:
    status = np.random.default_rng(marks).integers(0, 4, clients.shape)
    clients = np.where(status == Status.SUPPRESSED, NAN, clients)
    history = make_history(
        clients, start="1994", frequency=frequency, status=status, districts=("A", "B", "STAD")
    )
    until = history.streams[0].periods[-1].year + 2
    stream = forecast_demand(history, NOBODY, until, n_draws=8, method="naive").streams[0]
    for samples in (stream.draws, stream.yearly):
        assert np.isfinite(samples).all()
        assert (samples >= 0).all()
