from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecasts.backtest import backtest, known_at, summary
from forecasts.history import History, Population, Status, StreamHistory

SHARED = Path("../shared/data/den_haag/denhaag_wijk_jaar_tidy_2009_2020_SAMPLE.csv")
STREAMS = {"wmo": "wmo", "jeugd": "jeugd", "participatie": "participatie", "schuldhulp": "wanbetalers"}


@pytest.fixture(scope="module")
def outcomes() -> pd.DataFrame:
    years = pd.period_range("2012", periods=9, freq="Y")
    rng = np.random.default_rng(0)
    clients = 200 * np.exp(rng.normal(0, 0.05, (6, 9)).cumsum(axis=1))
    stream = StreamHistory("WMO", "totaal", years, clients, np.zeros((6, 9), dtype=np.int8))
    history = History(tuple("ABCDEF"), ("",) * 6, (stream,))
    nobody = Population((), ("totaal",), (), np.empty((0, 1, 0)))
    return backtest(history, nobody, methods=("ensemble", "naive"), n_origins=3)


def test_the_past_is_known_as_far_as_its_last_period_had_ended(make_history) -> None:
    known = known_at(make_history([[1.0] * 30]), pd.Period("2023-03", freq="M"))
    assert str(known.streams[0].periods[-1]) == "2023-03"
    yearly = known_at(make_history([[1.0] * 4], start="2020", frequency="Y"), pd.Period("2023-03", freq="M"))
    assert str(yearly.streams[0].periods[-1]) == "2022"


def test_every_method_is_scored_on_the_same_outcomes(outcomes: pd.DataFrame) -> None:
    counts = outcomes.groupby(["method", "level", "span"]).size()
    assert counts["ensemble", "wijk", "jaar"] == 6 * 3
    assert counts["naive", "stad", "periode"] == 1 * 3
    assert set(outcomes["origin"]) == {"2019-12", "2018-12", "2017-12"}


def test_the_naive_forecast_is_the_measure_of_itself(outcomes: pd.DataFrame) -> None:
    naive = summary(outcomes).query("method == 'naive'")
    assert naive[["mase_relative", "rmsse_relative", "crps_relative"]].to_numpy() == pytest.approx(1)


def test_the_error_of_the_last_year_is_the_step_to_the_next(outcomes: pd.DataFrame) -> None:
    row = outcomes.query(
        "method == 'naive' and level == 'wijk' and origin == '2019-12' and district == 'A'"
    ).iloc[0]
    assert row["missed"] == pytest.approx(abs(row["actual"] - row["forecast"]))
    assert row["inside80"] <= row["inside95"]


def monthly_city(n_provisional: int, n_periods: int = 40) -> History:
    months = pd.period_range("2022-01", periods=n_periods, freq="M")
    clients = np.random.default_rng(1).poisson(80, (4, n_periods)).astype(float)
    status = np.zeros(clients.shape, dtype=np.int8)
    status[:, n_periods - n_provisional :] = Status.PROVISIONAL
    stream = StreamHistory("WMO", "totaal", months, clients, status, clients.sum(axis=0))
    return History(tuple("ABCD"), ("",) * 4, (stream,))


def test_a_history_that_ends_provisional_is_tested_on_its_final_counts(nobody: Population) -> None:
    tested = backtest(monthly_city(4), nobody, methods=("naive",), n_origins=2, n_draws=10)
    assert set(tested["origin"]) == {"2023-12", "2023-06"}
    counts = tested.groupby(["level", "span"]).size()
    assert counts.to_dict() == {
        ("stad", "jaar"): 1 * 2,
        ("stad", "periode"): 12 * 2,
        ("wijk", "jaar"): 4 * 2,
        ("wijk", "periode"): 4 * 12 * 2,
    }
    final = monthly_city(4).streams[0].clients[:, 24:36]
    city = tested.query("level == 'stad' and span == 'jaar' and origin == '2023-12'")
    assert city["actual"].tolist() == pytest.approx([final.sum() / 12])


@pytest.mark.parametrize("n_provisional", [20, 40])
def test_a_history_without_a_moment_to_test_from_says_so(nobody: Population, n_provisional: int) -> None:
    with pytest.raises(ValueError, match="no moment to test from"):
        backtest(monthly_city(n_provisional), nobody, methods=("naive",))


def test_scores_can_be_split(outcomes: pd.DataFrame) -> None:
    assert set(summary(outcomes, by=["stream", "size"])["size"]) == {"50 en meer"}


@pytest.mark.skipif(not SHARED.exists(), reason="public data are not at hand")
def test_in_the_hague_no_stream_is_worse_than_last_year() -> None:
    long = pd.read_csv(SHARED).sort_values("wijk_code")
    districts = tuple(sorted(long["wijk_code"].unique()))
    streams = []
    for stream, column in STREAMS.items():
        counts = long.pivot(index="wijk_code", columns="jaar", values=column)
        counts = counts.loc[:, counts.notna().any()]
        hidden = (
            long.pivot(index="wijk_code", columns="jaar", values=f"{column}_onderdrukt")[counts.columns] == 1
        )
        status = np.where(hidden, Status.SUPPRESSED, Status.FINAL).astype(np.int8)
        periods = pd.PeriodIndex(counts.columns.astype(str), freq="Y")
        streams.append(StreamHistory(stream, "totaal", periods, counts.mask(hidden).to_numpy(float), status))
    people = long.pivot(index="wijk_code", columns="jaar", values="bevolking")
    population = Population(districts, ("totaal",), tuple(people.columns), people.to_numpy(float)[:, None, :])
    history = History(districts, ("",) * len(districts), tuple(streams))
    tested = backtest(history, population, methods=("ensemble", "naive"), n_origins=2, years_ahead=2)
    table = summary(tested, by=["stream"]).query(
        "level == 'wijk' and span == 'jaar' and method == 'ensemble'"
    )
    assert (table["mase_relative"] < 1.02).all()
    assert table["mase_relative"].mean() < 0.9
