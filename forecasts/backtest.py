"""The back-test: the forecast made again from earlier moments, and laid beside what then happened.

Every method sees only what was known at the moment. Population is taken as it is in the table: what
was a projection then may be a count now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecasts.demand import StreamDemand
from forecasts.forecast import Method, forecast_demand
from forecasts.history import FloatArray, History, Population, Status, StreamHistory
from forecasts.scores import crps, inside, mean_of_known, naive_scale
from wording.sentence import Template

_LOOKING_BACK = Template("Terugblik vanaf {moment:period}, {method}")

CITY_LEVEL, DISTRICT_LEVEL = "stad", "wijk"
YEAR_SPAN, PERIOD_SPAN = "jaar", "periode"
_SIZES = ("onder 10", "10 tot 50", "50 en meer")


def backtest(
    history: History,
    population: Population,
    *,
    methods: Sequence[Method] = ("ensemble", "prophet", "naive"),
    n_origins: int = 3,
    years_ahead: int = 1,
    n_draws: int = 200,
    seed: int = 2027,
    progress: Callable[[str, float], None] | None = None,
) -> pd.DataFrame:
    """One row per method, origin, stream, district (or the city), span and step ahead.

    Columns: method, origin, stream, district, level (`wijk`/`stad`), size, span (`periode`: one period; `jaar`: a
    whole year of periods), ahead (years), actual, forecast, error (in units of the in-sample seasonal naive),
    squared (the same, squared), crps, inside80, inside95. Origins lie half a year apart (a year for yearly
    streams), so that the last one has one year of known counts to be tested on. The forecast of a year is the mean of
    the samples, which is what budgets add up; that of a single month or quarter their median, which is what an absolute
    error asks for. Use `summary` to read it. Raises ValueError where the history leaves no such moment.
    """
    report = progress or (lambda _text, _fraction: None)
    history = until_final(history)
    moments = moments_of(history, n_origins)
    if not moments:
        raise ValueError(
            "no moment to test from: the final counts of every stream must reach at least a year back and ahead"
        )
    rows: list[pd.DataFrame] = []
    steps = [(moment, method) for moment in moments for method in methods]
    for done, (moment, method) in enumerate(steps):
        report(_LOOKING_BACK(moment=str(moment), method=method), done / len(steps))
        known = known_at(history, moment)
        until = min(moment.year + years_ahead + 1, max(stream.periods[-1].year for stream in history.streams))
        demand = forecast_demand(known, population, until, n_draws=n_draws, seed=seed, method=method)
        for stream, seen, forecast in zip(history.streams, known.streams, demand.streams, strict=True):
            rows += _outcomes(history, stream, seen, forecast, method, moment, years_ahead)
    report("Terugblik klaar", 1.0)
    return pd.concat(rows, ignore_index=True)


def until_final(history: History) -> History:
    """The history without its last periods, where counts are provisional: those are no outcome to compare with."""
    streams = []
    for stream in history.streams:
        final = np.flatnonzero(~(stream.status == Status.PROVISIONAL).any(axis=0))
        streams.append(stream.first_periods(int(final[-1]) + 1 if len(final) else 0))
    return replace(history, streams=tuple(streams))


def known_at(history: History, moment: pd.Period) -> History:
    """The history as it was after the month `moment`; figures that were final later are taken as final."""
    streams = [
        stream.first_periods(int((stream.periods.end_time <= moment.end_time).sum()))
        for stream in history.streams
    ]
    events = tuple(event for event in history.events if event.start.start_time <= moment.end_time)
    return replace(history, streams=tuple(streams), events=events)


def moments_of(history: History, n_origins: int) -> list[pd.Period]:
    """The last months known at each origin, the latest first; the same for every stream."""
    if not all(len(stream.periods) for stream in history.streams):
        return []
    finest = max(history.streams, key=lambda stream: stream.periods_per_year)
    last = min(stream.periods[-1].asfreq("M", how="end") for stream in history.streams)
    step = 12 if finest.periods_per_year == 1 else 6
    first = max(stream.periods[0].asfreq("M", how="start") for stream in history.streams)
    shortest = 36 if finest.periods_per_year == 1 else 12 + finest.periods_per_year // 4
    moments = [last - 12 - step * back for back in range(n_origins)]
    return [moment for moment in moments if (moment - first).n + 1 >= shortest]


def summary(outcomes: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Scores per method, level and span, and per column of `by` (stream, size, ahead, ...).

    mase, rmsse and crps are in units of the in-sample seasonal naive; with `_relative`, as a share of the naive
    method's on the same outcomes (under 1 is better). wape is a share of the clients, cover80 and cover95 the
    share of outcomes inside the interval.
    """
    keys = ["level", "span", *by]
    grouped = outcomes.groupby([*keys, "method"], sort=True)
    table = grouped.agg(
        n=("error", "size"),
        mase=("error", "mean"),
        rmsse=("squared", "mean"),
        crps=("crps", "mean"),
        missed=("missed", "sum"),
        actual=("actual", "sum"),
        cover80=("inside80", "mean"),
        cover95=("inside95", "mean"),
    )
    table["rmsse"] = np.sqrt(table["rmsse"])
    table["wape"] = table["missed"] / table["actual"]
    scores = table.drop(columns=["missed", "actual"]).reset_index()
    measures = ["mase", "rmsse", "crps"]
    naive = scores.loc[scores["method"] == "naive", [*keys, *measures]]
    scores = scores.merge(naive, on=keys, how="left", suffixes=("", "_relative"))
    for measure in measures:
        scores[f"{measure}_relative"] = scores[measure] / scores[f"{measure}_relative"]
    return scores


def _outcomes(
    history: History,
    whole: StreamHistory,
    seen: StreamHistory,
    forecast: StreamDemand,
    method: str,
    moment: pd.Period,
    years_ahead: int,
) -> list[pd.DataFrame]:
    season = whole.periods_per_year
    n_seen = len(seen.periods)
    horizon = min(len(whole.periods) - n_seen, len(forecast.periods), season * years_ahead)
    usable = np.isin(whole.status, [Status.FINAL, Status.DERIVED])
    clients = np.where(usable, whole.clients, np.nan)
    actual, past = clients[:, n_seen : n_seen + horizon], clients[:, :n_seen]
    draws = forecast.draws[:, :horizon].astype(float)
    of = {"method": method, "origin": str(moment), "stream": whole.stream}
    frames = []
    for level in (DISTRICT_LEVEL, CITY_LEVEL):
        if level == CITY_LEVEL:
            complete = np.isfinite(clients[:, : n_seen + horizon]).all(axis=1)
            if not complete.any():
                continue
            actual, past, draws = (
                part[complete].sum(axis=0, keepdims=True) for part in (actual, past, draws)
            )
        codes = history.districts if level == DISTRICT_LEVEL else ("",)
        for span, frame in _spans(actual, draws, past, codes, season):
            frames.append(frame.assign(**of, level=level, span=span))
    return frames


def _spans(
    actual: FloatArray, draws: FloatArray, past: FloatArray, codes: Sequence[str], season: int
) -> Iterator[tuple[str, pd.DataFrame]]:
    """The outcomes of single periods, the median against what happened where they are months; then of whole years."""
    n_places, horizon = actual.shape
    scale, size = naive_scale(past, season), np.digitize(mean_of_known(past[:, -season:]), [10, 50])
    centre = np.median(draws, axis=2) if season > 1 else draws.mean(axis=2)
    ahead = 1 + np.arange(horizon) // season
    yield PERIOD_SPAN, _frame(actual, draws, centre, scale, codes, size, ahead)
    n_years = horizon // season
    whole = slice(n_years * season)
    actual = actual[:, whole].reshape(n_places, n_years, season).mean(axis=2)
    draws = draws[:, whole].reshape(n_places, n_years, season, -1).mean(axis=2)
    yield YEAR_SPAN, _frame(actual, draws, draws.mean(axis=2), scale, codes, size, 1 + np.arange(n_years))


def _frame(
    actual: FloatArray,
    draws: FloatArray,
    forecast: FloatArray,
    scale: FloatArray,
    codes: Sequence[str],
    size: npt.NDArray[np.int64],
    ahead: npt.NDArray[np.int64],
) -> pd.DataFrame:
    missed = np.abs(actual - forecast)
    shape = actual.shape
    frame = pd.DataFrame(
        {
            "district": np.repeat(np.array(codes, dtype=object), shape[1]),
            "size": np.repeat(np.array(_SIZES, dtype=object)[size], shape[1]),
            "ahead": np.tile(ahead, shape[0]),
            "actual": actual.ravel(),
            "forecast": forecast.ravel(),
            "missed": missed.ravel(),
            "error": (missed / scale[:, None]).ravel(),
            "squared": ((missed / scale[:, None]) ** 2).ravel(),
            "crps": (crps(draws, actual) / scale[:, None]).ravel(),
            "inside80": inside(draws, actual, 0.8).ravel(),
            "inside95": inside(draws, actual, 0.95).ravel(),
        }
    )
    return frame[frame["actual"].notna()]
