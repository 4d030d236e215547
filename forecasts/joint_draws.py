"""From point forecasts to joint samples of every stream, in the terms of the periods to come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecasts.calendar_years import client_years
from forecasts.decomposition import decompose
from forecasts.demand import SampleArray, StreamDemand
from forecasts.futures import draw_shocks
from forecasts.history import FloatArray
from forecasts.panel import Panel
from forecasts.past_errors import learn_errors
from forecasts.point_forecast import PointForecast
from forecasts.wording import methods_of


def draw_streams(
    panels: Sequence[Panel], points: Sequence[PointForecast], n_draws: int, seed: int
) -> tuple[StreamDemand, ...]:
    """The joint samples of every stream.

    Streams forecast over the same periods err together; a monthly and a yearly stream err each by itself.
    """
    rng = np.random.default_rng(seed)
    drawn: dict[int, StreamDemand] = {}
    for group in _forecast_together(panels):
        shocks = _shocks([panels[at] for at in group], [points[at] for at in group], n_draws, rng)
        for at, shock in zip(group, shocks, strict=True):
            drawn[at] = _stream_demand(panels[at], points[at], shock, rng)
    return tuple(drawn[at] for at in range(len(panels)))


def _forecast_together(panels: Sequence[Panel]) -> list[list[int]]:
    groups: dict[tuple[int, str], list[int]] = {}
    for at, panel in enumerate(panels):
        groups.setdefault((panel.periods_per_year, str(panel.periods[-1])), []).append(at)
    return list(groups.values())


def _shocks(
    panels: Sequence[Panel], points: Sequence[PointForecast], n_draws: int, rng: np.random.Generator
) -> SampleArray:
    """Deviations in today's terms, (streams, districts, ahead, draws)."""
    season, horizon = panels[0].periods_per_year, len(panels[0].ahead)
    level = np.array([panel.values[:, -season:].mean(axis=1) for panel in panels])
    if not horizon:
        return np.zeros((*level.shape, 0, n_draws), dtype=np.float32)
    errors = _side_by_side([point.errors for point in points])
    return draw_shocks(learn_errors(errors, level, season, horizon), n_draws, rng)


def _side_by_side(errors: Sequence[FloatArray]) -> FloatArray:
    """Errors of streams (origins, districts, tested) as (origins, streams, districts, tested), latest origin first."""
    n_origins, tested = max(len(error) for error in errors), max(error.shape[2] for error in errors)
    together = np.full((n_origins, len(errors), errors[0].shape[1], tested), np.nan)
    for at, error in enumerate(errors):
        together[: len(error), at, :, : error.shape[2]] = error
    return together


def _stream_demand(
    panel: Panel, point: PointForecast, shocks: SampleArray, rng: np.random.Generator
) -> StreamDemand:
    """Forecast plus shock, never negative, times what is unknown of the level and what is known of the future.

    A hidden level is drawn as a share of twice its estimate, the same share for the hidden counts themselves;
    a completion that turns out higher raises the observed and the coming periods alike.
    """
    n_draws = shocks.shape[2]
    hidden = 2 * rng.random((len(panel.values), 1, n_draws)) - 1
    late = rng.standard_normal((1, 1, n_draws))
    level = 1 + panel.level_doubt[:, None, None] * hidden
    level *= 1 + panel.completion_doubt[-panel.periods_per_year :].mean() * late
    draws = np.maximum(point.centre[:, :, None] + shocks, 0.0) * level * panel.outlook[:, :, None]
    draws[panel.silent] = 0.0
    samples = draws.astype(np.float32)
    years, yearly = client_years(*_known(panel, hidden, late), panel.ahead, samples)
    parts = decompose(panel, point, samples)
    return StreamDemand(panel.stream, panel.ahead, samples, years, yearly, methods_of(panel, point), parts)


def _known(panel: Panel, hidden: FloatArray, late: FloatArray) -> tuple[pd.PeriodIndex, SampleArray]:
    """The observed periods of the first forecast year, and what they amount to in each draw."""
    first_year = panel.ahead[0].year if len(panel.ahead) else panel.periods[-1].year + 1
    begun = panel.periods.year == first_year
    known = panel.observed[:, begun, None] * (1 + panel.doubt[:, begun, None] * hidden)
    known = known * (1 + panel.completion_doubt[begun][None, :, None] * late)
    return panel.periods[begun], np.minimum(known, panel.ceiling[:, begun, None]).astype(np.float32)
