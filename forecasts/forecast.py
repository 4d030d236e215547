"""The forecast of demand, as a story: clean what was observed, forecast every series, draw joint futures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from forecasts.calendar_years import client_years, periods_ahead
from forecasts.demand import Demand, StreamDemand
from forecasts.history import FloatArray, History, Population, StreamHistory
from forecasts.prophet_model import prophet_path
from forecasts.workers import map_in_parallel

Method = Literal["ensemble", "prophet"]
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class _Task:
    values: FloatArray
    start: str
    periods_per_year: int
    horizon: int


def forecast_demand(
    history: History,
    population: Population,
    until: int,
    *,
    n_draws: int = 500,
    seed: int = 2027,
    method: Method = "ensemble",
    progress: Progress | None = None,
) -> Demand:
    """Demand per district and stream to the end of the year `until`, as `n_draws` joint samples."""
    report = progress or (lambda _text, _fraction: None)
    report("Reeksen klaarzetten", 0.0)
    filled = [_filled(stream) for stream in history.streams]
    ahead = [periods_ahead(stream.periods, until) for stream in history.streams]
    tasks = [
        _Task(series, str(stream.periods[0]), stream.periods_per_year, len(future))
        for stream, values, future in zip(history.streams, filled, ahead, strict=True)
        for series in values
    ]
    paths = iter(
        map_in_parallel(_point_forecast, tasks, lambda done: report("Reeksen voorspellen", 0.9 * done))
    )
    rng = np.random.default_rng(seed)
    streams = []
    notes = []
    for stream, values, future in zip(history.streams, filled, ahead, strict=True):
        mean = np.array([next(paths) for _ in history.districts]).reshape(len(history.districts), len(future))
        streams.append(_stream_demand(stream, values, mean, future, n_draws, rng))
        notes += _notes(history, stream)
    report("Klaar", 1.0)
    return Demand(history.districts, history.quarters, tuple(streams), n_draws, seed, tuple(notes))


def _filled(stream: StreamHistory) -> FloatArray:
    """Unknown counts replaced by the line between their neighbours, or by the stream's median district."""
    frame = pd.DataFrame(stream.clients.T).interpolate(limit_direction="both")
    typical = float(np.nanmedian(frame)) if frame.notna().any(axis=None) else 5.0
    filled: FloatArray = frame.fillna(typical).to_numpy(dtype=float).T
    return filled


def _point_forecast(task: _Task) -> FloatArray:
    naive = _seasonal_naive(task.values, task.periods_per_year, task.horizon)
    if len(task.values) < 2 * task.periods_per_year or len(task.values) < 4 or task.horizon == 0:
        return naive
    path = prophet_path(task.values, task.start, task.periods_per_year, task.horizon, "damped")
    return 0.5 * (naive + path)


def _seasonal_naive(values: FloatArray, season: int, horizon: int) -> FloatArray:
    last = values[-season:]
    return np.resize(last, horizon) if len(last) == season else np.full(horizon, values[-1])


def _stream_demand(
    stream: StreamHistory,
    values: FloatArray,
    mean: FloatArray,
    future: pd.PeriodIndex,
    n_draws: int,
    rng: np.random.Generator,
) -> StreamDemand:
    steps = np.diff(values, axis=1)
    scale = np.sqrt(np.mean(steps**2, axis=1) if steps.size else np.mean(values, axis=1)) + 0.05 * mean.mean(
        axis=1
    )
    shocks = rng.standard_normal((len(values), len(future), n_draws))
    wander = np.cumsum(rng.standard_normal((len(values), len(future), n_draws)), axis=1)
    draws = mean[:, :, None] + scale[:, None, None] * (0.7 * shocks + 0.3 * wander)
    draws = np.maximum(draws, 0.0).astype(np.float32)
    years, yearly = client_years(stream.periods, values[:, :, None].astype(np.float32), future, draws)
    methods = tuple("gemiddelde van Prophet en seizoensnaïef" for _ in values)
    return StreamDemand(stream.stream, future, draws, years, yearly, methods)


def _notes(history: History, stream: StreamHistory) -> list[str]:
    unknown = [
        code for code, row in zip(history.districts, stream.clients, strict=True) if np.isnan(row).all()
    ]
    return [f"{stream.stream}: geen enkele waarneming in {code}; geschat." for code in unknown]
