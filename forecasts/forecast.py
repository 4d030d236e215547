"""The forecast of demand, as a story: today's terms, point forecasts, joint futures, what to tell."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Literal

from forecasts.demand import Demand
from forecasts.history import History, Population
from forecasts.joint_draws import draw_streams
from forecasts.panel import prepare
from forecasts.point_forecast import forecast_points
from forecasts.wording import notes_of

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
    report = progress or _nobody
    people = population if method == "ensemble" else None

    report("Reeksen klaarzetten", 0.0)
    panels = [prepare(stream, history, people, until) for stream in history.streams]
    points = forecast_points(panels, method, lambda done: report("Reeksen voorspellen", 0.9 * done), executor)
    report("Samenhangende toekomsten trekken", 0.9)
    streams = draw_streams(panels, points, n_draws, seed)
    notes = [
        note for panel, point in zip(panels, points, strict=True) for note in notes_of(panel, point, history)
    ]
    report("Prognose klaar", 1.0)
    return Demand(history.districts, history.quarters, streams, n_draws, seed, tuple(notes), method=method)


def _nobody(text: str, fraction: float) -> None:
    """Progress that nobody watches."""
