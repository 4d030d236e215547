"""The forecast of demand, as a story: today's terms, point forecasts, past errors, joint futures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Literal

import numpy as np

from forecasts.calendar_years import client_years
from forecasts.decomposition import decompose
from forecasts.demand import Demand, SampleArray, StreamDemand
from forecasts.futures import draw_shocks
from forecasts.history import History, Population
from forecasts.panel import Panel, prepare
from forecasts.past_errors import learn_errors
from forecasts.point_forecast import PointForecast, forecast_points
from forecasts.wording import methods_of, notes_of

Method = Literal["ensemble", "prophet", "naive"]
Progress = Callable[[str, float], None]


def forecast_demand(
    history: History,
    population: Population,
    until: int,
    *,
    n_draws: int = 500,
    seed: int = 2027,
    method: Method = "ensemble",
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Demand:
    """Demand per district and stream to the end of the year `until`, as `n_draws` joint samples.

    The same history, population and seed give the same bytes, however many cores there are. Series may be
    short, hidden or empty: the answer is then wide and a note says so. `method` = `prophet` leaves the point
    forecast to plain Prophet and `naive` to the last year, both without demography. `progress` gets a Dutch
    text and the fraction done. `executor` brings workers of one's own.
    """
    report = progress or (lambda _text, _fraction: None)
    report("Reeksen klaarzetten", 0.0)
    people = population if method == "ensemble" else None
    panels = [prepare(stream, history, people, until) for stream in history.streams]
    points = forecast_points(
        panels, method, lambda done: report("Reeksen voorspellen", 0.02 + 0.83 * done), executor
    )
    report("Samenhangende toekomsten trekken", 0.85)
    streams = _draw_streams(panels, points, n_draws, seed)
    report("Prognose klaar", 1.0)
    notes = tuple(
        note for panel, point in zip(panels, points, strict=True) for note in notes_of(panel, point, history)
    )
    return Demand(history.districts, history.quarters, streams, n_draws, seed, notes)


def _draw_streams(
    panels: Sequence[Panel], points: Sequence[PointForecast], n_draws: int, seed: int
) -> tuple[StreamDemand, ...]:
    """The joint samples of every stream; streams observed over the same periods err together."""
    rng = np.random.default_rng(seed)
    drawn: dict[str, StreamDemand] = {}
    for group in _observed_together(panels):
        shocks = _shocks_of_group([panels[at] for at in group], [points[at] for at in group], n_draws, rng)
        for at, shock in zip(group, shocks, strict=True):
            drawn[panels[at].stream] = _stream_demand(panels[at], points[at], shock, rng)
    return tuple(drawn[panel.stream] for panel in panels)


def _observed_together(panels: Sequence[Panel]) -> list[list[int]]:
    groups: dict[tuple[str, str, int], list[int]] = {}
    for at, panel in enumerate(panels):
        key = (str(panel.periods[0]), str(panel.periods[-1]), panel.periods_per_year)
        groups.setdefault(key, []).append(at)
    return list(groups.values())


def _shocks_of_group(
    panels: Sequence[Panel], points: Sequence[PointForecast], n_draws: int, rng: np.random.Generator
) -> list[SampleArray]:
    season, horizon, n_districts = panels[0].periods_per_year, len(panels[0].ahead), len(panels[0].values)
    if not horizon:
        return [np.zeros((n_districts, 0, n_draws), dtype=np.float32) for _ in panels]
    errors = np.stack([point.errors for point in points], axis=1)
    level = np.array([panel.values[:, -season:].mean(axis=1) for panel in panels])
    return list(draw_shocks(learn_errors(errors, level, season, horizon), n_draws, rng))


def _stream_demand(
    panel: Panel, point: PointForecast, shocks: SampleArray, rng: np.random.Generator
) -> StreamDemand:
    """Forecast plus shock, never negative, times what is unknown of the level and what is known of the future.

    A hidden level is drawn as a share u of twice its estimate, the same u for the hidden counts themselves;
    a completion that turns out higher raises the observed and the coming periods alike.
    """
    n_draws = shocks.shape[2]
    hidden = 2 * rng.random((len(panel.values), 1, n_draws)) - 1
    completion = rng.standard_normal((1, 1, n_draws))
    level = 1 + panel.level_doubt[:, None, None] * hidden
    level = level * (1 + panel.completion_doubt[-panel.periods_per_year :].mean() * completion)
    draws = np.maximum(point.centre[:, :, None] + shocks, 0.0) * level * panel.outlook[:, :, None]
    draws[panel.silent] = 0.0
    begun = (
        panel.periods.year == panel.ahead[0].year
        if len(panel.ahead)
        else np.zeros(len(panel.periods), dtype=bool)
    )
    known = panel.observed[:, begun, None] * (1 + panel.doubt[:, begun, None] * hidden)
    known = known * (1 + panel.completion_doubt[begun][None, :, None] * completion)
    known = np.minimum(known, panel.ceiling[:, begun, None])
    samples = draws.astype(np.float32)
    years, yearly = client_years(panel.periods[begun], known.astype(np.float32), panel.ahead, samples)
    parts = decompose(panel, point, samples)
    return StreamDemand(panel.stream, panel.ahead, samples, years, yearly, methods_of(panel, point), parts)
