"""Charts over time: the forecast as a fan, and the year against its budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from ui.chart_style import finish, time_frame, value_axis
from ui.fans import Fan
from ui.language import text
from ui.look import Palette, palette


@dataclass(frozen=True)
class Month:
    """One month of a year: what is left of the budget from 1 January to its end, in euros."""

    name: str
    left: float
    low: float
    high: float
    definitive: bool


def fan_chart(fan: Fan, *, unit: str, height: int = 400) -> alt.LayerChart:
    """History as a line, the future as a median between bands of 50, 80 and 95 %."""
    colours = palette()
    time = alt.X(
        "time:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap=True)
    )
    clients = alt.Y(
        "clients:Q", title=unit, axis=value_axis(), scale=alt.Scale(zero=fan.from_zero, nice=True)
    )
    layers: list[alt.Chart] = []
    for (low, high), colour in zip(((0.025, 0.975), (0.1, 0.9), (0.25, 0.75)), colours.bands, strict=True):
        band = time_frame(fan.quantiles.index, clients=fan.quantiles[low], high=fan.quantiles[high])
        area = alt.Chart(band).mark_area(color=colour, interpolate="monotone", line=False)
        layers.append(area.encode(x=time, y=clients, y2=alt.Y2("high:Q")))
    if fan.naive is not None:
        naive = alt.Chart(time_frame(fan.naive.index, clients=fan.naive))
        layers.append(
            naive.mark_line(color=colours.quiet, strokeDash=[2, 4], strokeWidth=1.8).encode(x=time, y=clients)
        )
    tooltip = [
        alt.Tooltip("time:T", title=text("chart.period"), format="%Y" if fan.yearly else "%B %Y"),
        alt.Tooltip("clients:Q", title=text("chart.clients"), format=",.1f"),
    ]
    median = alt.Chart(time_frame(fan.quantiles.index, clients=fan.quantiles[0.5]))
    dashes = median.mark_line(color=colours.total, strokeWidth=2.4, strokeDash=[6, 3])
    layers.append(dashes.encode(x=time, y=clients, tooltip=tooltip))
    past = alt.Chart(time_frame(fan.observed.index, clients=fan.observed))
    points = {"size": 24, "color": colours.observed} if fan.yearly else False
    line = past.mark_line(color=colours.observed, strokeWidth=1.8, point=points)
    layers.append(line.encode(x=time, y=clients, tooltip=tooltip))
    layers += _marks(fan, time, clients, colours)
    return finish(layers, height)


def _marks(fan: Fan, time: alt.X, clients: alt.Y, colours: Palette) -> list[alt.Chart]:
    """What is not to be trusted as it stands: provisional and suppressed counts, and breaks."""
    marks = []
    if len(fan.provisional):
        seen = fan.observed[list(fan.provisional)]
        rings = alt.Chart(time_frame(seen.index, clients=seen))
        marks.append(
            rings.mark_point(size=44, color=colours.observed, fill=colours.ground, strokeWidth=1.6).encode(
                x=time, y=clients
            )
        )
    if len(fan.suppressed):
        lowest = 0.0 if fan.from_zero else float(fan.observed.min())
        hidden = alt.Chart(pd.DataFrame({"time": list(fan.suppressed), "clients": lowest}))
        triangles = hidden.mark_point(shape="triangle-up", size=60, color=colours.less, filled=True)
        marks.append(triangles.encode(x=time, y=clients))
    if fan.level_shifts:
        shifts = alt.Chart(
            pd.DataFrame({"time": list(fan.level_shifts), "what": list(fan.level_shifts.values())})
        )
        told = [alt.Tooltip("what:N", title=text("chart.event"))]
        marks.append(
            shifts.mark_rule(color=colours.quiet, strokeDash=[4, 3], strokeWidth=1.5).encode(
                x=time, tooltip=told
            )
        )
    return marks


def year_chart(months: Sequence[Month], *, unit: str, height: int = 340) -> alt.LayerChart:
    """What is left of the budget, month upon month: booked, then expected with a band of 80 %; zero is on budget."""
    colours = palette()
    frame = pd.DataFrame([vars(month) for month in months])
    frame["time"] = pd.PeriodIndex(frame["name"], freq="M").to_timestamp()
    n_booked = int(frame["definitive"].cumprod().sum())
    time = alt.X(
        "time:T", title=None, axis=alt.Axis(format="%b", tickCount="month", grid=False, labelOverlap=True)
    )
    tooltip = [
        alt.Tooltip("time:T", title=text("chart.period"), format="%B %Y"),
        alt.Tooltip("left:Q", title=text("year.left"), format=",.0f"),
    ]
    scale = alt.Scale(zero=True)
    left = alt.Y("left:Q", title=unit, axis=value_axis(), scale=scale)
    ahead = alt.Chart(frame.iloc[max(0, n_booked - 1) :])
    band = ahead.mark_area(color=colours.bands[1]).encode(
        x=time, y=alt.Y("low:Q", title=unit, axis=value_axis(), scale=scale), y2=alt.Y2("high:Q")
    )
    on_budget = (
        alt.Chart(pd.DataFrame({"left": [0.0]}))
        .mark_rule(color=colours.quiet, strokeWidth=1.5)
        .encode(y=left)
    )
    booked = alt.Chart(frame.iloc[:n_booked]).mark_line(color=colours.observed, strokeWidth=2.2)
    expected = ahead.mark_line(color=colours.total, strokeWidth=2.4, strokeDash=[6, 3])
    lines = [line.encode(x=time, y=left, tooltip=tooltip) for line in (expected, booked)]
    return finish([band, on_budget, *lines], height)
