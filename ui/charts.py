"""The charts. Each takes finished numbers and draws them; amounts and dates read in the reader's notation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from ui.fans import Fan
from ui.language import language, text
from ui.look import Palette, palette

_DUTCH_NUMBERS: dict[str, Any] = {
    "decimal": ",",
    "thousands": ".",
    "grouping": [3],
    "currency": ["€ ", ""],
    "percent": " %",
    "minus": "−",
}
_DUTCH_DATES: dict[str, Any] = {
    "dateTime": "%a %e %B %Y %X",
    "date": "%d-%m-%Y",
    "time": "%H:%M:%S",
    "periods": ["", ""],
    "days": ["zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"],
    "shortDays": ["zo", "ma", "di", "wo", "do", "vr", "za"],
    "months": [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "shortMonths": ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
}


@dataclass(frozen=True)
class Bar:
    """One bar of a waterfall: from where to where (euros), what is written above it, and its meaning."""

    name: str
    start: float
    end: float
    label: str
    kind: str
    """`total`, `more` or `less`."""


@dataclass(frozen=True)
class Month:
    """One month of a year: what is left of the budget from 1 January to its end, in euros."""

    name: str
    left: float
    low: float
    high: float
    definitive: bool


def show(chart: alt.LayerChart, *, alternative: str, key: str | None = None) -> None:
    """Put a chart on the page with its message in words for those who cannot see it.

    Checking a chart against the schema of Vega-Lite takes longer than drawing it; the tests do that.
    """
    spec = chart.to_dict(validate=False)
    st.vega_lite_chart(spec, width="stretch", alt=alternative, key=key, theme=None)


def waterfall(bars: Sequence[Bar], *, floor: float, unit: str) -> alt.LayerChart:
    """Steps from one amount to another, from top to bottom so that their names fit; the axis from `floor` up."""
    colours = palette()
    frame = pd.DataFrame(
        {
            "name": [_in_two_lines(bar.name) for bar in bars],
            "start": [max(bar.start, floor) for bar in bars],
            "end": [bar.end for bar in bars],
            "top": [max(bar.start, bar.end) for bar in bars],
            "label": [bar.label for bar in bars],
            "kind": [bar.kind for bar in bars],
        }
    )
    low, top = min(floor, float(frame["end"].min())), float(frame["top"].max())
    y = alt.Y(
        "name:N", sort=list(frame["name"]), title=None, axis=_name_axis(), scale=alt.Scale(paddingInner=0.3)
    )
    scale = alt.Scale(domain=[low, top + 0.3 * (top - low)], nice=False, zero=False)
    values = alt.Axis(format=",~f", domain=False, ticks=False, tickCount=4, labelPadding=6, labelOverlap=True)
    x = alt.X("start:Q", title=unit, axis=values, scale=scale)
    base = alt.Chart(frame)
    tooltip = [
        alt.Tooltip("name:N", title=text("chart.step")),
        alt.Tooltip("label:N", title=text("chart.amount")),
    ]
    blocks = base.mark_bar(cornerRadius=1).encode(
        y=y, x=x, x2=alt.X2("end:Q"), color=_colour_by_kind(), tooltip=tooltip
    )
    words = base.mark_text(align="left", dx=6, fontWeight=600, fontSize=_type_size(), color=colours.ink)
    labels = words.encode(y=y, x=alt.X("top:Q"), text=alt.Text("label:N"))
    return _finish([_links(bars, y, colours), blocks, labels], _type_size() * 3 * len(bars) + 40)


def floor_of(bars: Sequence[Bar]) -> float:
    """Where the axis of a waterfall begins: at zero, unless the steps would be slivers beside the totals.

    >>> floor_of([Bar("2026", 0, 100, "", "total"), Bar("Prijs", 100, 200, "", "more")])
    0.0
    >>> floor_of([Bar("2026", 0, 1000, "", "total"), Bar("Prijs", 1000, 1020, "", "more")])
    980.0
    """
    edges = [bar.end for bar in bars] + [bar.start for bar in bars if bar.kind != "total"]
    low, high = min(edges), max(edges)
    if low <= 0 or high - low > 0.35 * high:
        return 0.0
    step = float(10 ** math.floor(math.log10(max(high - low, 1.0))))
    return math.floor((low - 0.6 * (high - low)) / step) * step if high > low else 0.0


def _links(bars: Sequence[Bar], y: alt.Y, colours: Palette) -> alt.Chart:
    """A thin line from the end of every bar to the next one."""
    pairs = [
        {"name": _in_two_lines(one.name), "next": _in_two_lines(other.name), "end": one.end}
        for one, other in pairwise(bars)
    ]
    base = alt.Chart(pd.DataFrame(pairs, columns=["name", "next", "end"]))
    start = y.copy()
    start["bandPosition"] = 1
    end = alt.Y2("next:N", bandPosition=0)
    rules: alt.Chart = base.mark_rule(color=colours.quiet, strokeWidth=1).encode(
        y=start, y2=end, x=alt.X("end:Q")
    )
    return rules


def _in_two_lines(name: str) -> str:
    """A long name broken at the space nearest to its middle.

    >>> _in_two_lines("Afwijking van verwachte lasten")
    'Afwijking van\\nverwachte lasten'
    """
    spaces = [place for place, letter in enumerate(name) if letter == " "]
    if len(name) <= 16 or not spaces:
        return name
    middle = min(spaces, key=lambda place: abs(place - len(name) / 2))
    return f"{name[:middle]}\n{name[middle + 1 :]}"


def _colour_by_kind() -> alt.Color:
    colours = palette()
    kinds = alt.Scale(domain=["total", "less", "more"], range=[colours.total, colours.less, colours.more])
    return alt.Color("kind:N", scale=kinds, legend=None)


def fan_chart(fan: Fan, *, unit: str, height: int = 400) -> alt.LayerChart:
    """History as a line, the future as a median between bands of 50, 80 and 95 %."""
    colours = palette()
    time = alt.X(
        "time:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap=True)
    )
    clients = alt.Y("clients:Q", title=unit, axis=_axis(), scale=alt.Scale(zero=fan.from_zero, nice=True))
    layers: list[alt.Chart] = []
    for (low, high), colour in zip(((0.025, 0.975), (0.1, 0.9), (0.25, 0.75)), colours.bands, strict=True):
        band = _frame(fan.quantiles.index, clients=fan.quantiles[low], high=fan.quantiles[high])
        area = alt.Chart(band).mark_area(color=colour, interpolate="monotone", line=False)
        layers.append(area.encode(x=time, y=clients, y2=alt.Y2("high:Q")))
    if fan.naive is not None:
        naive = alt.Chart(_frame(fan.naive.index, clients=fan.naive))
        layers.append(
            naive.mark_line(color=colours.quiet, strokeDash=[2, 4], strokeWidth=1.8).encode(x=time, y=clients)
        )
    tooltip = [
        alt.Tooltip("time:T", title=text("chart.period"), format="%Y" if fan.yearly else "%B %Y"),
        alt.Tooltip("clients:Q", title=text("chart.clients"), format=",.1f"),
    ]
    median = alt.Chart(_frame(fan.quantiles.index, clients=fan.quantiles[0.5]))
    dashes = median.mark_line(color=colours.total, strokeWidth=2.4, strokeDash=[6, 3])
    layers.append(dashes.encode(x=time, y=clients, tooltip=tooltip))
    past = alt.Chart(_frame(fan.observed.index, clients=fan.observed))
    points = {"size": 24, "color": colours.observed} if fan.yearly else False
    line = past.mark_line(color=colours.observed, strokeWidth=1.8, point=points)
    layers.append(line.encode(x=time, y=clients, tooltip=tooltip))
    layers += _marks(fan, time, clients, colours)
    return _finish(layers, height)


def _marks(fan: Fan, time: alt.X, clients: alt.Y, colours: Palette) -> list[alt.Chart]:
    """What is not to be trusted as it stands: provisional and suppressed counts, and breaks."""
    marks = []
    if len(fan.provisional):
        seen = fan.observed[list(fan.provisional)]
        rings = alt.Chart(_frame(seen.index, clients=seen))
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


def bars(rows: Sequence[tuple[str, float, str, str]], *, chosen: str | None = None) -> alt.LayerChart:
    """Horizontal bars from zero: name, value, label, kind (`total`, `more`, `less`); the chosen one stands out.

    Every bar carries its amount, so there is no axis.
    """
    colours = palette()
    frame = pd.DataFrame(rows, columns=["name", "value", "label", "kind"])
    order = list(frame["name"])
    frame["faint"] = [chosen is not None and name != chosen for name in order]
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=240))
    base = alt.Chart(frame)
    blocks = base.mark_bar(cornerRadius=1).encode(
        y=y,
        x=alt.X("value:Q", axis=None, scale=alt.Scale(nice=False, domain=_with_room(frame["value"]))),
        color=_colour_by_kind(),
        opacity=alt.condition("datum.faint", alt.value(0.45), alt.value(1)),
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("label:N", title=text("chart.amount"))],
    )
    ends = base.transform_calculate(edge="max(0, datum.value)")
    labels = ends.mark_text(align="left", dx=5, color=colours.ink, fontSize=_type_size()).encode(
        y=y, x=alt.X("edge:Q"), text=alt.Text("label:N")
    )
    zero = alt.Chart(pd.DataFrame({"value": [0]})).mark_rule(color=colours.quiet).encode(x=alt.X("value:Q"))
    return _finish([blocks, zero, labels], 26 * len(rows) + 12)


def band_rows(rows: Sequence[tuple[str, float, float, float, str]], *, title: str) -> alt.LayerChart:
    """Ranges as shares of what was agreed, which is 100 %: name, low, middle, high, and of what it is the share."""
    colours = palette()
    frame = pd.DataFrame(rows, columns=["name", "low", "middle", "high", "of"])
    edge = max(1.0, float(frame["high"].max()))
    x_scale = alt.Scale(domain=[0, 1.25 * edge], nice=False)
    shares = alt.Axis(format=".0%", domain=False, ticks=False, tickCount=5, labelPadding=6)
    x = alt.X("low:Q", title=title, axis=shares, scale=x_scale)
    y = alt.Y("name:N", sort=list(frame["name"]), title=None, axis=_name_axis())
    base = alt.Chart(frame)
    ranges = base.mark_bar(height=14, color=colours.bands[2], cornerRadius=2).encode(
        y=y, x=x, x2=alt.X2("high:Q")
    )
    middles = base.mark_tick(thickness=3, size=22, color=colours.total).encode(y=y, x=alt.X("middle:Q"))
    words = base.mark_text(align="left", dx=8, color=colours.ink, fontSize=_type_size())
    labels = words.encode(y=y, x=alt.X("high:Q"), text=alt.Text("of:N"))
    agreed = (
        alt.Chart(pd.DataFrame({"low": [1.0]}))
        .mark_rule(color=colours.less, strokeWidth=2)
        .encode(x=alt.X("low:Q"))
    )
    return _finish([agreed, ranges, middles, labels], 3 * _type_size() * len(rows) + 40)


def _name_axis() -> alt.Axis:
    """Names of rows beside the chart, broken where they say so."""
    two_lines = {"test": "indexof(datum.label, '\\n') > 0", "value": "line-bottom"}
    return alt.Axis(
        labelExpr="split(datum.label, '\\n')",
        labelBaseline={"condition": two_lines, "value": "middle"},
        labelPadding=8,
        labelLimit=260,
        ticks=False,
        domain=False,
    )


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
    left = alt.Y("left:Q", title=unit, axis=_axis(), scale=scale)
    ahead = alt.Chart(frame.iloc[max(0, n_booked - 1) :])
    band = ahead.mark_area(color=colours.bands[1]).encode(
        x=time, y=alt.Y("low:Q", title=unit, axis=_axis(), scale=scale), y2=alt.Y2("high:Q")
    )
    on_budget = (
        alt.Chart(pd.DataFrame({"left": [0.0]}))
        .mark_rule(color=colours.quiet, strokeWidth=1.5)
        .encode(y=left)
    )
    booked = alt.Chart(frame.iloc[:n_booked]).mark_line(color=colours.observed, strokeWidth=2.2)
    expected = ahead.mark_line(color=colours.total, strokeWidth=2.4, strokeDash=[6, 3])
    lines = [line.encode(x=time, y=left, tooltip=tooltip) for line in (expected, booked)]
    return _finish([band, on_budget, *lines], height)


def trade_off(
    points: Sequence[tuple[float, float, str]], *, x_title: str, unit: str, height: int = 320
) -> alt.LayerChart:
    """Lines over a share that can be chosen (share, euros, name of the line), each named at its end."""
    colours = palette()
    frame = pd.DataFrame(points, columns=["share", "value", "name"])
    names = list(dict.fromkeys(frame["name"]))
    line_colours = alt.Scale(domain=names, range=[colours.less, colours.total][: len(names)])
    colour = alt.Color(
        "name:N", scale=line_colours, legend=alt.Legend(orient="top", title=None, labelLimit=400)
    )
    base = alt.Chart(frame)
    x = alt.X("share:Q", title=x_title, axis=alt.Axis(format=".0%", grid=False, tickCount=6))
    y = alt.Y("value:Q", title=unit, axis=_axis(), scale=alt.Scale(zero=True))
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("share:Q", title=x_title, format=".1%"),
        alt.Tooltip("value:Q", title=unit, format=",.0f"),
    ]
    lines = base.mark_line(strokeWidth=2.2, point={"size": 55}).encode(
        x=x, y=y, color=colour, tooltip=tooltip
    )
    return _finish([lines], height)


def _with_room(values: pd.Series[float]) -> list[float]:
    """From the least to the largest value or zero, with room for the text at the end of the longest bar."""
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    return [low - 0.02 * (high - low), high + 0.32 * (high - low)]


def _frame(times: Any, **columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"time": times, **{name: list(values) for name, values in columns.items()}})


def _axis() -> alt.Axis:
    return alt.Axis(format=",~f", domain=False, ticks=False, tickCount=6, labelPadding=6)


def _type_size() -> int:
    """Of labels, in pixels; a meeting reads from further away."""
    return 17 if st.session_state.get("vergadering") else 13


def _finish(layers: Sequence[alt.Chart], height: int) -> alt.LayerChart:
    """The layers as one chart: size, notation and looks; the page's own font and ground."""
    colours, size = palette(), _type_size()
    axes = {
        "labelColor": colours.ink,
        "titleColor": colours.ink,
        "labelFontSize": size,
        "titleFontSize": size,
    }
    grid = {"gridColor": colours.unknown, "titleFontWeight": "normal", "domainColor": colours.quiet}
    config = {
        "background": "transparent",
        "font": '"Source Sans", sans-serif',
        "view": {"stroke": None},
        "axis": {**axes, **grid, "tickColor": colours.quiet},
        "legend": {"labelColor": colours.ink, "labelFontSize": size},
    }
    if language() == "nl":
        config["locale"] = {"number": _DUTCH_NUMBERS, "time": _DUTCH_DATES}
    return alt.LayerChart(layer=list(layers), height=height, config=config)
