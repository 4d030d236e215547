"""Suppressed counts under a published total: within their limit, and adding up, in every draw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.demand import Demand
from forecasts.forecast import forecast_demand
from forecasts.gaps import hidden_remainder
from forecasts.hidden_counts import draw_hidden_counts, spread
from forecasts.history import FloatArray, History, Population, Status, StreamHistory
from forecasts.panel import prepare

NAN = float("nan")
LIMIT = 10.0
NOBODY = Population((), ("totaal",), (), np.empty((0, 1, 0)))


def with_totals(history: History, totals: FloatArray) -> History:
    return replace(history, streams=(replace(history.streams[0], totals=totals),))


@given(
    n_series=st.integers(1, 30),
    part=st.floats(0, 1),
    limit=st.floats(1, 15),
    seed=st.integers(0, 2**32 - 1),
)
def test_what_is_spread_adds_up_and_stays_within_the_limit(
    n_series: int, part: float, limit: float, seed: int
) -> None:
    weights = 1 - np.random.default_rng(seed).random((n_series, 20))
    remainder = part * n_series * limit
    counts = spread(remainder, weights, limit)
    assert counts.sum(axis=0) == pytest.approx(remainder, rel=1e-9, abs=1e-9)
    assert counts.min() >= 0
    assert counts.max() <= limit


def test_a_total_above_what_the_limits_allow_leaves_every_series_at_its_limit() -> None:
    assert spread(50.0, np.ones((3, 2)), LIMIT) == pytest.approx(LIMIT)


def test_the_remainder_is_known_only_where_every_other_district_is(make_history) -> None:
    clients = [[60, 60, 60, 60], [NAN, NAN, 12, NAN], [20, NAN, 20, 20]]
    status = np.where(np.isnan(clients), Status.SUPPRESSED, Status.FINAL)
    status[2, 1] = Status.FINAL
    history = with_totals(make_history(clients, status=status), np.array([87.0, 87, 92, NAN]))
    remainder = hidden_remainder(history.streams[0], np.zeros(3, dtype=bool))
    assert remainder == pytest.approx([87 - 60 - 20, NAN, NAN, NAN], nan_ok=True)


def test_clients_without_a_district_that_were_never_seen_take_nothing_of_the_remainder(make_history) -> None:
    clients = [[60.0], [NAN], [NAN]]
    status = [[Status.FINAL], [Status.SUPPRESSED], [Status.FINAL]]
    history = with_totals(make_history(clients, status=status), np.array([67.0]))
    assert hidden_remainder(history.streams[0], np.array([False, False, True])) == pytest.approx([67 - 60])


@given(hidden=st.integers(1, 5), part=st.floats(0, 1), seed=st.integers(0, 1000))
def test_in_every_draw_the_districts_add_up_to_every_published_total(
    hidden: int, part: float, seed: int
) -> None:
    n_periods = 20
    rng = np.random.default_rng(seed)
    known = rng.integers(10, 90, (6, n_periods)).astype(float)
    status = np.zeros(known.shape, dtype=np.int8)
    status[:hidden] = Status.SUPPRESSED
    clients = np.where(status == Status.SUPPRESSED, NAN, known)
    limit = min(float(np.nanmin(clients)), 15.0) if np.nanmin(clients) <= 15 else LIMIT
    totals = np.nansum(clients, axis=0) + part * hidden * limit * rng.random(n_periods)
    periods = pd.period_range("2022-01", periods=n_periods, freq="M")
    stream = StreamHistory("S0", "totaal", periods, clients, status, totals)
    history = History(tuple("ABCDEF"), ("",) * 6, (stream,))
    panel = prepare(history.streams[0], history, None, 2024)
    begun = np.asarray(panel.periods.year == 2023)
    drawn = draw_hidden_counts(panel, np.arange(6)[::-1], begun, 50, rng)
    assert drawn.districts.tolist() == list(range(hidden))[::-1]
    assert drawn.known.sum(axis=0, dtype=float) + np.nansum(clients[:, begun], axis=0)[:, None] == (
        pytest.approx(np.tile(totals[begun][:, None], 50), abs=1e-3)
    )
    assert drawn.known.min() >= 0
    assert drawn.known.max() <= limit + 1e-5
    assert panel.observed.sum(axis=0) == pytest.approx(totals)


def forecast(make_history, totals: FloatArray | None) -> Demand:  # type: ignore[no-untyped-def]
    clients = [[60.0] * 30, [NAN] * 30, [NAN] * 30]
    hidden = [[Status.FINAL] * 30, [Status.SUPPRESSED] * 30, [Status.SUPPRESSED] * 30]
    history = make_history(clients, status=hidden)
    if totals is not None:
        history = with_totals(history, totals)
    return forecast_demand(history, NOBODY, 2025, n_draws=400, method="naive")


def test_the_level_to_come_of_hidden_districts_follows_the_total(make_history) -> None:
    without, known = forecast(make_history, None), forecast(make_history, np.full(30, 60.0 + 15))
    ahead = [demand.streams[0].yearly[1:, 1] for demand in (without, known)]
    assert ahead[0].sum(axis=0).mean() == pytest.approx(5 + 5, rel=0.1)
    assert ahead[1].sum(axis=0).mean() == pytest.approx(15, rel=0.1)
    assert np.corrcoef(ahead[0])[0, 1] > -0.2
    assert np.corrcoef(ahead[1])[0, 1] < -0.5
    assert ahead[1].sum(axis=0).std() < ahead[0].sum(axis=0).std()


def test_the_reader_is_told_that_totals_were_met(make_history) -> None:
    told = "S0: onderdrukte aantallen in B, C; per trekking aangevuld onder de drempel"
    assert f"{told}." in forecast(make_history, None).notes
    sums = f"{told}, zo dat de wijken optellen tot het gepubliceerde totaal (van 30 perioden)."
    assert sums in forecast(make_history, np.full(30, 75.0)).notes
    too_high = np.r_[np.full(29, 75.0), 60 + 2 * LIMIT + 1]
    beyond = "(van 30 perioden, behalve in 1 waar het totaal meer is dan de drempel toelaat)."
    assert any(note.endswith(beyond) for note in forecast(make_history, too_high).notes)
