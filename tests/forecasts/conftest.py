from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from forecasts.history import Event, History, Population, StreamHistory

MakeHistory = Callable[..., History]


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test runner already uses every core, and nothing may come from an earlier run."""
    monkeypatch.setenv("GEBIEDSBUDGET_WORKERS", "1")
    monkeypatch.setenv("GEBIEDSBUDGET_CACHE", "")


@pytest.fixture
def make_history() -> MakeHistory:
    """A history of the streams S0, S1, ... from rows of counts per district."""

    def make(
        *tables: Sequence[Sequence[float]],
        start: str = "2022-01",
        frequency: str = "M",
        districts: Sequence[str] = ("A", "B", "C"),
        status: Sequence[Sequence[int]] | None = None,
        age_group: str = "totaal",
        events: Sequence[Event] = (),
    ) -> History:
        streams = []
        for number, table in enumerate(tables):
            clients = np.array(table, dtype=float)
            known = (
                np.zeros(clients.shape, dtype=np.int8) if status is None else np.array(status, dtype=np.int8)
            )
            periods = pd.period_range(start, periods=clients.shape[1], freq=frequency)
            streams.append(StreamHistory(f"S{number}", age_group, periods, clients, known))
        n_districts = len(tables[0])
        return History(tuple(districts[:n_districts]), ("",) * n_districts, tuple(streams), tuple(events))

    return make


@pytest.fixture
def nobody() -> Population:
    return Population((), ("totaal",), (), np.empty((0, 1, 0)))
