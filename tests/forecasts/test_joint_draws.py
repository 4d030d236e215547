"""Joint samples at size: bounded memory, and the same bytes whatever made the point forecasts."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecasts.demand import StreamDemand
from forecasts.forecast import forecast_demand
from forecasts.futures import BLOCK, blocks_of
from forecasts.history import History, Population, StreamHistory
from forecasts.joint_draws import draw_streams
from forecasts.panel import prepare
from forecasts.point_forecast import PointForecast
from forecasts.track_record import TrackRecord
from forecasts.workers import WORKERS_VARIABLE

N_DRAWS = 200
NOBODY = Population((), ("totaal",), (), np.empty((0, 1, 0)))


def big_city(n_districts: int, n_streams: int) -> History:
    months = pd.period_range("2022-01", periods=48, freq="M")
    rng = np.random.default_rng(0)
    streams = tuple(
        StreamHistory(
            f"S{number}",
            "totaal",
            months,
            rng.poisson(60, (n_districts, 48)).astype(float),
            np.zeros((n_districts, 48), dtype=np.int8),
        )
        for number in range(n_streams)
    )
    return History(tuple(f"{at:05}" for at in range(n_districts)), ("",) * n_districts, streams)


def drawn(n_districts: int, n_streams: int) -> tuple[tuple[StreamDemand, ...], float]:
    """The samples of a flat forecast with noise behind it, and the megabytes in use beside them at most."""
    history = big_city(n_districts, n_streams)
    panels = [prepare(stream, history, None, 2028) for stream in history.streams]
    flat = np.full((n_districts, 36), 60.0)
    errors = np.random.default_rng(1).normal(0, 8, (4, n_districts, 24))
    point = PointForecast(flat, flat, errors, ((),) * n_districts, False, TrackRecord(1.0, ()))
    tracemalloc.start()
    streams = draw_streams(panels, [point] * n_streams, N_DRAWS, 7)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    samples = sum(stream.draws.nbytes + stream.yearly.nbytes for stream in streams)
    return streams, (peak - samples) / 1e6


def test_what_is_in_memory_beside_the_samples_is_less_than_the_shocks_of_one_stream() -> None:
    shocks_of_one_stream = 200 * 36 * N_DRAWS * 4 / 1e6
    streams, beside = drawn(200, 3)
    assert streams[0].draws.shape == (200, 36, N_DRAWS)
    assert beside < shocks_of_one_stream
    assert beside < 2 * drawn(2 * BLOCK, 1)[1]


def test_districts_of_different_blocks_err_together() -> None:
    errors = np.random.default_rng(1).normal(0, 8, (4, 1, 24)) + np.zeros((4, 2 * BLOCK, 24))
    history = big_city(2 * BLOCK, 1)
    flat = np.full((2 * BLOCK, 36), 60.0)
    point = PointForecast(flat, flat, errors, ((),) * (2 * BLOCK), False, TrackRecord(1.0, ()))
    draws = draw_streams([prepare(history.streams[0], history, None, 2028)], [point], N_DRAWS, 7)[0].draws
    first, last = draws[:BLOCK].sum(axis=(0, 1)), draws[BLOCK:].sum(axis=(0, 1))
    assert np.corrcoef(first, last)[0, 1] > 0.8


def test_streams_of_months_and_of_years_have_good_and_bad_years_together() -> None:
    rng = np.random.default_rng(2)
    months = big_city(4, 1).streams[0]
    years = StreamHistory(
        "Y",
        "totaal",
        pd.period_range("2018", periods=8, freq="Y"),
        rng.poisson(60, (4, 8)) * 1.0,
        np.zeros((4, 8), np.int8),
    )
    history = History(tuple("ABCD"), ("",) * 4, (months, years))
    panels = [prepare(stream, history, None, 2028) for stream in history.streams]
    points = []
    for panel in panels:
        shared = rng.normal(0, 8, (5, 1, 2 * panel.periods_per_year)).cumsum(axis=2) + np.zeros((4, 1))
        flat = np.full((4, len(panel.ahead)), 60.0)
        points.append(PointForecast(flat, flat, shared, ((),) * 4, False, TrackRecord(1.0, ())))
    of_months, of_years = (
        stream.yearly[:, 0].sum(axis=0) for stream in draw_streams(panels, points, 2000, 7)
    )
    assert 0.05 < np.corrcoef(of_months, of_years)[0, 1] < 0.5


def test_a_yearly_stream_that_halved_has_a_narrower_band_than_its_errors_of_then() -> None:
    widths = []
    for level in (60.0, 120.0):
        counts = np.tile([level] * 6 + [60.0] * 2, (4, 1))
        years = StreamHistory(
            "Y", "totaal", pd.period_range("2018", periods=8, freq="Y"), counts, np.zeros((4, 8), np.int8)
        )
        panel = prepare(years, History(tuple("ABCD"), ("",) * 4, (years,)), None, 2027)
        errors = np.random.default_rng(2).normal(0, 8, (5, 4, 2))
        flat = np.full((4, len(panel.ahead)), 60.0)
        point = PointForecast(flat, flat, errors, ((),) * 4, False, TrackRecord(1.0, ()))
        widths.append(draw_streams([panel], [point], 2000, 7)[0].draws.std())
    assert widths[1] < 0.8 * widths[0]


def test_blocks_hold_every_district_once() -> None:
    for n_districts in (0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 3):
        places = [at for block in blocks_of(np.arange(n_districts)) for at in block.tolist()]
        assert places == list(range(n_districts))


def test_what_districts_are_called_changes_no_draw() -> None:
    history = big_city(40, 2)
    backwards = np.arange(40)[::-1]
    renamed = History(
        history.districts,
        tuple(np.array(history.quarters)[backwards].tolist()),
        tuple(
            replace(stream, clients=stream.clients[backwards], status=stream.status[backwards])
            for stream in history.streams
        ),
    )
    one, other = (
        forecast_demand(town, NOBODY, 2026, n_draws=20, method="naive") for town in (history, renamed)
    )
    for before, after in zip(one.streams, other.streams, strict=True):
        assert after.draws[backwards] == pytest.approx(before.draws, rel=1e-4, abs=1e-3)


def test_one_worker_and_two_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    history = big_city(24, 1)
    samples = []
    for workers in ("1", "2"):
        monkeypatch.setenv(WORKERS_VARIABLE, workers)
        demand = forecast_demand(history, NOBODY, 2026, n_draws=10, method="naive")
        samples.append(demand.streams[0].draws.tobytes() + demand.streams[0].yearly.tobytes())
    assert samples[0] == samples[1]
