"""Charts over time: the forecast as a fan, and the year against its budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

import altair as alt
import pandas as pd

from ui.breaks import Break
from ui.chart_style import finish, time_frame, type_size, value_axis
from ui.fans import Fan
from ui.language import text
from ui.look import Palette, palette
from ui.remembered import remembered

_FEWEST = 5
"""Clients that an axis shows at least: a chance of half a client is no mountain."""


@dataclass(frozen=True)
class Month:
    """One month of a year: what is left of the budget from 1 January to its end, in euros."""

    name: str
    left: float
    low: float
    high: float
    definitive: bool


@remembered
def fan_chart(fan: Fan, *, unit: str, height: int = 400) -> alt.LayerChart:
    """History as a line, the future as a median between bands of 50, 80 and 95 %, breaks under their letters."""
    colours = palette()
    years = alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap=True, labelSeparation=6)
    time = alt.X("time:T", title=None, axis=years)
    top = _FEWEST if fan.highest < _FEWEST else alt.Undefined
    scale = alt.Scale(zero=fan.from_zero, nice=True, domainMax=top)
    clients = alt.Y("clients:Q", title=unit, axis=value_axis(), scale=scale)
    layers = _breaks(fan, time, colours)
    for (low, high), colour in zip(((0.025, 0.975), (0.1, 0.9), (0.25, 0.75)), colours.bands, strict=True):
        band = time_frame(fan.quantiles.index, clients=fan.quantiles[low], high=fan.quantiles[high])
        area = alt.Chart(band).mark_area(color=colour, interpolate="monotone", line=False)
        layers.append(area.encode(x=time, y=clients, y2=alt.Y2("high:Q")))
    if fan.naive is not None:
        naive = alt.Chart(time_frame(fan.naive.index, clients=fan.naive))
        dots = naive.mark_line(
            color=colours.observed, strokeDash=[0.1, 5], strokeCap="round", strokeWidth=2.4
        )
        layers.append(dots.encode(x=time, y=clients))
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
    layers += _doubtful(fan, time, clients, colours)
    return finish(layers, height)


def letters_of(breaks: Sequence[Break]) -> list[tuple[str, Break]]:
    """Every break with the letter that it has in the chart, in the legend and in the table."""
    return list(zip(ascii_uppercase, breaks, strict=False))


def _breaks(fan: Fan, time: alt.X, colours: Palette) -> list[alt.Chart]:
    """What happened to the level: a rule where it begins, a ground of its own for as long as it lasts."""
    if not fan.breaks:
        return []
    shown = [
        {
            "time": change.start.to_timestamp(),
            "until": change.end.end_time if change.end is not None else None,
            "letter": letter,
            "what": change.name,
            "found": change.kind != "event",
        }
        for letter, change in letters_of(fan.breaks)
    ]
    frame = pd.DataFrame(shown)
    passing, tooltip = frame.dropna(subset=["until"]), [alt.Tooltip("what:N", title=text("chart.event"))]
    announced, found = frame[~frame["found"]], frame[frame["found"]]
    grounds = alt.Chart(passing).mark_rect(color=colours.unknown)
    rules = alt.Chart(announced).mark_rule(color=colours.quiet, strokeDash=[4, 3], strokeWidth=1.5)
    jumps = alt.Chart(found).mark_rule(color=colours.less, strokeWidth=1.5)
    names = alt.Chart(frame).mark_text(
        align="center", dy=-8, fontWeight=600, fontSize=type_size(), color=colours.ink
    )
    return [
        *([grounds.encode(x=time, x2=alt.X2("until:T"))] if len(passing) else []),
        *([rules.encode(x=time, tooltip=tooltip)] if len(announced) else []),
        *([jumps.encode(x=time)] if len(found) else []),
        names.encode(x=time, y=alt.value(0), text=alt.Text("letter:N")),
    ]


def _doubtful(fan: Fan, time: alt.X, clients: alt.Y, colours: Palette) -> list[alt.Chart]:
    """Counts that are not to be trusted as they stand: how far provisional ones may rise, where hidden ones may lie."""
    marks = []
    provisional, hidden = fan.doubtful.provisional, fan.doubtful.hidden
    if len(provisional):
        frame = time_frame(provisional.index, clients=provisional["seen"], high=provisional["completed"])
        base = alt.Chart(frame)
        rises = base.mark_rule(color=colours.observed, strokeWidth=1.5)
        rings = base.mark_point(
            size=44, color=colours.observed, fill=colours.ground, strokeWidth=1.6, opacity=1
        )
        marks += [rises.encode(x=time, y=clients, y2=alt.Y2("high:Q")), rings.encode(x=time, y=clients)]
    if len(hidden):
        frame = time_frame(hidden.index, clients=hidden["low"], high=hidden["high"])
        spans = alt.Chart(frame).mark_rule(color=colours.less, strokeWidth=3)
        marks.append(spans.encode(x=time, y=clients, y2=alt.Y2("high:Q")))
    return marks


@remembered
def people_chart(persons: Mapping[int, float], *, unit: str, height: int = 300) -> alt.LayerChart:
    """Persons per year, from zero: a group that hardly changes is a flat line."""
    colours = palette()
    frame = pd.DataFrame({"year": [str(year) for year in persons], "persons": list(persons.values())})
    years = alt.Axis(labelAngle=0, grid=False, labelOverlap=True, labelSeparation=8, ticks=False)
    line = alt.Chart(frame).mark_line(color=colours.total, strokeWidth=2.2, point={"size": 30})
    counts = alt.Y("persons:Q", title=unit, axis=value_axis(), scale=alt.Scale(zero=True, nice=True))
    tooltip = [
        alt.Tooltip("year:N", title=text("chart.period")),
        alt.Tooltip("persons:Q", title=unit, format=",.0f"),
    ]
    shown = line.encode(x=alt.X("year:O", title=None, axis=years), y=counts, tooltip=tooltip)
    return finish([shown], height)


@remembered
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
