"""A forecast on a cluster is the forecast made here, bit for bit, also when a worker dies under it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from budget.national.cluster import executor_of
from forecasts.demand import Demand
from forecasts.fit_cache import FOLDER_VARIABLE
from forecasts.forecast import forecast_demand
from forecasts.history import History, Population, StreamHistory
from forecasts.workers import WORKERS_VARIABLE
from tests.local_cluster import local_cluster
from ui.command_line import app

DRAWS, SEED = 20, 7
DISTRICTS = ("01", "02", "03", "04")


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fit is made, here by this process."""
    monkeypatch.setenv(FOLDER_VARIABLE, "")
    monkeypatch.setenv(WORKERS_VARIABLE, "1")


def history() -> History:
    """Two monthly streams with a season, three years."""
    periods = pd.period_range("2024-01", "2026-12", freq="M")
    rng = np.random.default_rng(1)
    season = 1 + 0.1 * np.sin(2 * np.pi * np.arange(len(periods)) / 12)
    levels = np.array([[40.0], [80.0], [120.0], [60.0]])

    def stream(code: str) -> StreamHistory:
        clients = rng.poisson(levels * season).astype(float)
        return StreamHistory(code, "totaal", periods, clients, np.zeros(clients.shape, dtype=np.int8))

    return History(DISTRICTS, ("Noord", "Noord", "Zuid", "Zuid"), (stream("j"), stream("w")))


POPULATION = Population(DISTRICTS, ("totaal",), (2026,), np.full((4, 1, 1), 1_000.0))


def assert_equal(one: Demand, other: Demand) -> None:
    for stream, same in zip(one.streams, other.streams, strict=True):
        np.testing.assert_array_equal(stream.draws, same.draws)
        np.testing.assert_array_equal(stream.yearly, same.yearly)
        assert stream.methods == same.methods
    assert one.notes == other.notes


def once(kill: Callable[[], None]) -> Callable[[str, float], None]:
    """A progress that kills as soon as some series are forecast."""
    killed: list[bool] = []

    def progress(_text: str, done: float) -> None:
        if 0.05 < done < 0.8 and not killed:
            killed.append(True)
            kill()

    return progress


@pytest.mark.slow
def test_a_forecast_on_a_cluster_with_a_worker_killed_halfway_is_the_forecast_made_here(
    tmp_path: Path,
) -> None:
    here = forecast_demand(history(), POPULATION, 2027, n_draws=DRAWS, seed=SEED)
    with local_cluster(3, tmp_path) as cluster, executor_of(cluster.address) as executor:
        progress = once(cluster.kill_a_worker)
        there = forecast_demand(
            history(), POPULATION, 2027, n_draws=DRAWS, seed=SEED, progress=progress, executor=executor
        )
        assert len(cluster.workers) == 2
    assert_equal(here, there)


@pytest.mark.slow
def test_the_command_line_gives_the_same_workbook_on_a_cluster(tmp_path: Path) -> None:
    source = Path(__file__).parents[2] / "sample_data" / "driehoek.xlsx"
    here, there = tmp_path / "hier.xlsx", tmp_path / "daar.xlsx"
    with local_cluster(2, tmp_path) as cluster:
        for output, where in ((here, ()), (there, ("--scheduler", cluster.address))):
            arguments = ["forecast", str(source), "-o", str(output), "--trekkingen", str(DRAWS), *where]
            app(arguments, standalone_mode=False)
    assert here.read_bytes() == there.read_bytes()
