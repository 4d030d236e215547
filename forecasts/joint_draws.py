"""From point forecasts to joint samples of every stream, in the terms of the periods to come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from forecasts.calendar_years import client_years, years_of
from forecasts.decomposition import decompose
from forecasts.demand import SampleArray, StreamDemand
from forecasts.futures import Futures, Places, blocks_of, city_fortunes
from forecasts.hidden_counts import draw_hidden_counts
from forecasts.history import FloatArray
from forecasts.panel import Panel
from forecasts.past_errors import learn_errors
from forecasts.point_forecast import PointForecast, origins
from forecasts.wording import methods_of

FURTHEST_SCALED = 2.0
"""No past error is scaled up or down by more than this."""


def draw_streams(
    panels: Sequence[Panel], points: Sequence[PointForecast], n_draws: int, seed: int
) -> tuple[StreamDemand, ...]:
    """The joint samples of every stream.

    Streams forecast over the same periods err together; a monthly and a yearly stream share the fortune of the city.
    Every stream, and in it every block of districts, has random numbers of its own; beside the samples themselves no
    more exists at a time than what belongs to one block. Random numbers go by what was observed of a district, not by
    its code: see `neutral_order`.
    """
    drawn: dict[int, StreamDemand] = {}
    order = neutral_order(panels)
    groups = _forecast_together(panels)
    for_city, *of_groups = np.random.SeedSequence(seed).spawn(1 + len(groups))
    fortunes = _fortunes(panels, groups, n_draws, np.random.default_rng(for_city))
    for group, fortune, seeds in zip(groups, fortunes, of_groups, strict=True):
        for_common, *of_streams = seeds.spawn(1 + len(group))
        together = [panels[at] for at in group], [points[at] for at in group]
        futures = _futures(*together, fortune, np.random.default_rng(for_common))
        for number, at in enumerate(group):
            seeds_of_stream = of_streams[number]
            drawn[at] = _stream_demand(
                panels[at], points[at], futures, number, order, n_draws, seeds_of_stream
            )
    return tuple(drawn[at] for at in range(len(panels)))


def neutral_order(panels: Sequence[Panel]) -> Places:
    """The places of the districts in the order of what was observed of them, so that their names change no draw."""
    observed = np.hstack([panel.observed for panel in panels])
    return np.asarray(np.lexsort(observed.T), dtype=np.int64)


def _forecast_together(panels: Sequence[Panel]) -> list[list[int]]:
    groups: dict[tuple[int, str], list[int]] = {}
    for at, panel in enumerate(panels):
        groups.setdefault((panel.periods_per_year, str(panel.periods[-1])), []).append(at)
    return list(groups.values())


def _fortunes(
    panels: Sequence[Panel], groups: Sequence[Sequence[int]], n_draws: int, rng: np.random.Generator
) -> list[SampleArray]:
    """The fortune of the city for every group (ahead, draws); empty where nothing is to come."""
    calendars = [panels[group[0]].ahead for group in groups]
    coming = iter(city_fortunes([calendar for calendar in calendars if len(calendar)], n_draws, rng))
    return [
        next(coming) if len(calendar) else np.empty((0, n_draws), dtype=np.float32) for calendar in calendars
    ]


def _futures(
    panels: Sequence[Panel], points: Sequence[PointForecast], fortune: SampleArray, rng: np.random.Generator
) -> Futures | None:
    """The deviations to come, in today's terms, of streams forecast together; None where nothing is to come."""
    season, horizon = panels[0].periods_per_year, len(panels[0].ahead)
    if not horizon:
        return None
    level = np.array([panel.values[:, -season:].mean(axis=1) for panel in panels])
    errors = _side_by_side(
        [_at_present_level(panel, point.errors) for panel, point in zip(panels, points, strict=True)]
    )
    return Futures(learn_errors(errors, level, season, horizon), fortune, rng)


def _at_present_level(panel: Panel, errors: FloatArray) -> FloatArray:
    """Errors (origins, districts, tested) of a yearly stream as if every district had been of its present size.

    Over years a stream may double or halve, and its errors with it. Months are left as they are: there it
    widened as many panels for nothing as it helped.
    """
    if panel.periods_per_year > 1 or not len(errors):
        return errors
    then = panel.values[:, [at - 1 for at in origins(len(panel.periods), 1)[: len(errors)]]].T
    grown = panel.values[:, -1] / np.maximum(then, 1.0)
    scaled: FloatArray = errors * np.clip(grown, 1 / FURTHEST_SCALED, FURTHEST_SCALED)[:, :, None]
    return scaled


def _side_by_side(errors: Sequence[FloatArray]) -> FloatArray:
    """Errors of streams (origins, districts, tested) as (origins, streams, districts, tested), latest origin first."""
    n_origins, tested = max(len(error) for error in errors), max(error.shape[2] for error in errors)
    together = np.full((n_origins, len(errors), errors[0].shape[1], tested), np.nan)
    for at, error in enumerate(errors):
        together[: len(error), at, :, : error.shape[2]] = error
    return together


def _stream_demand(
    panel: Panel,
    point: PointForecast,
    futures: Futures | None,
    number: int,
    order: Places,
    n_draws: int,
    seeds: np.random.SeedSequence,
) -> StreamDemand:
    """Forecast plus shock, never negative, times what is unknown of the level and what is known of the future.

    A hidden level is drawn as a share of twice its estimate, the same share for the hidden counts themselves, unless
    a published total tells more. A completion that turns out higher raises the observed and the coming periods
    alike.
    """
    n_districts, horizon = point.centre.shape
    years = years_of(panel.ahead)
    draws = np.empty((n_districts, horizon, n_draws), dtype=np.float32)
    yearly = np.empty((n_districts, len(years), n_draws), dtype=np.float32)
    blocks = blocks_of(order)
    for_stream, *of_blocks = seeds.spawn(1 + len(blocks))
    common = np.random.default_rng(for_stream)
    late = common.standard_normal((1, 1, n_draws))
    begun = _begun(panel)
    counted = draw_hidden_counts(panel, order, begun, n_draws, common)
    raised = 1 + panel.completion_doubt[-panel.periods_per_year :].mean() * late
    for block, seed in zip(blocks, of_blocks, strict=True):
        rng = np.random.default_rng(seed)
        hidden = 2 * rng.random((len(block), 1, n_draws)) - 1
        own = np.isin(counted.districts, block)
        under_total = np.isin(block, counted.districts)
        hidden[under_total, 0] = counted.share[own]
        level = 1 + panel.level_doubt[block, None, None] * hidden
        level[under_total, 0] = counted.level[own]
        level *= raised
        part = np.repeat(point.centre[block, :, None].astype(np.float32), n_draws, axis=2)
        if futures is not None:
            part += futures.shocks(number, block, rng)
        np.maximum(part, 0.0, out=part)
        part *= level.astype(np.float32)
        part *= panel.outlook[block, :, None].astype(np.float32)
        part[panel.silent[block]] = 0.0
        draws[block] = part
        known = _known(panel, block, begun, hidden, late)
        told = counted.known[own]
        known[under_total] = np.where(np.isfinite(told), told, known[under_total])
        yearly[block] = client_years(panel.periods[begun], known, panel.ahead, part)
    parts = decompose(panel, point, draws)
    methods = methods_of(panel, point)
    return StreamDemand(panel.stream, panel.ahead, draws, years, yearly, methods, parts, point.record)


def _begun(panel: Panel) -> npt.NDArray[np.bool_]:
    """(t,) the observed periods of the first forecast year."""
    first_year = panel.ahead[0].year if len(panel.ahead) else panel.periods[-1].year + 1
    return np.asarray(panel.periods.year == first_year)


def _known(
    panel: Panel, block: Places, begun: npt.NDArray[np.bool_], hidden: FloatArray, late: FloatArray
) -> SampleArray:
    """What the observed periods of the first forecast year amount to in each draw, (block, begun, draws)."""
    known = panel.observed[block][:, begun, None] * (1 + panel.doubt[block][:, begun, None] * hidden)
    known = known * (1 + panel.completion_doubt[begun][None, :, None] * late)
    return np.minimum(known, panel.ceiling[block][:, begun, None]).astype(np.float32)
