"""The charts. Each takes finished numbers and draws them; amounts and dates read in the reader's notation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from ui.language import language, text
from ui.look import Palette, palette

_DUTCH_NUMBERS: dict[str, Any] = {
    "decimal": ",",
    "thousands": ".",
    "grouping": [3],
    "currency": ["€ ", ""],
    "percent": " %",
    "minus": "-",
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
class Fan:
    """A forecast to draw: what was seen, and quantiles per period. Every series has its own periods."""

    observed: pd.Series[float]
    suppressed: Sequence[pd.Timestamp]
    quantiles: pd.DataFrame
    """Indexed by period start; columns are the probabilities 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975 that are known."""
    naive: pd.Series[float] | None
    level_shifts: Mapping[pd.Timestamp, str]
    yearly: bool


def show(chart: alt.TopLevelMixin, *, alternative: str, key: str | None = None) -> None:
    """Put a chart on the page with its message in words for those who cannot see it."""
    st.altair_chart(chart, width="stretch", alt=alternative, key=key)


def waterfall(bars: Sequence[Bar], *, unit: str, height: int = 340) -> alt.LayerChart:
    """Steps from one amount to another; the axis starts at zero unless all bars are far above it, and says so."""
    colours = palette()
    frame = pd.DataFrame(
        {
            "name": [bar.name for bar in bars],
            "start": [bar.start for bar in bars],
            "end": [bar.end for bar in bars],
            "top": [max(bar.start, bar.end) for bar in bars],
            "label": [bar.label for bar in bars],
            "kind": [bar.kind for bar in bars],
        }
    )
    order = list(frame["name"])
    x = alt.X("name:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, labelLimit=150, labelExpr=_WRAPPED, ticks=False))
    y = alt.Y("start:Q", title=unit, axis=_axis())
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=["total", "less", "more"], range=[colours.total, colours.less, colours.more]),
        legend=None,
    )
    base = alt.Chart(frame)
    tooltip = [alt.Tooltip("name:N", title=text("chart.step")), alt.Tooltip("label:N", title=text("chart.amount"))]
    blocks = base.mark_bar(size=None, cornerRadius=1).encode(x=x, y=y, y2="end:Q", color=colour, tooltip=tooltip)
    labels = base.mark_text(dy=-9, fontWeight=600, fontSize=13, color=colours.ink).encode(x=x, y="top:Q", text="label:N")
    layers = alt.layer(blocks, labels).resolve_scale(color="independent")
    return _finish(layers, height)


def fan_chart(fan: Fan, *, unit: str, height: int = 380) -> alt.LayerChart:
    """History as a line, the future as a median between bands of 50, 80 and 95 %."""
    colours = palette()
    time = alt.X("time:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap=True))
    layers: list[alt.Chart] = []
    for (low, high), colour in zip(((0.025, 0.975), (0.1, 0.9), (0.25, 0.75)), colours.bands, strict=True):
        if low in fan.quantiles and high in fan.quantiles:
            band = _frame(fan.quantiles.index, low=fan.quantiles[low], high=fan.quantiles[high])
            area = alt.Chart(band).mark_area(color=colour, interpolate="monotone")
            layers.append(area.encode(x=time, y=alt.Y("low:Q", title=unit, axis=_axis(), scale=alt.Scale(zero=True)), y2="high:Q"))
    if fan.naive is not None:
        dashes = alt.Chart(_frame(fan.naive.index, clients=fan.naive)).mark_line(color=colours.quiet, strokeDash=[2, 4], strokeWidth=1.5)
        layers.append(dashes.encode(x=time, y=alt.Y("clients:Q", title=unit)))
    tooltip = [
        alt.Tooltip("time:T", title=text("chart.period"), format="%Y" if fan.yearly else "%B %Y"),
        alt.Tooltip("clients:Q", title=text("chart.clients"), format=",.1f"),
    ]
    median = alt.Chart(_frame(fan.quantiles.index, clients=fan.quantiles[0.5]))
    future = median.mark_line(color=colours.total, strokeWidth=2.2, strokeDash=[6, 3])
    layers.append(future.encode(x=time, y=alt.Y("clients:Q", title=unit, axis=_axis()), tooltip=tooltip))
    past = alt.Chart(_frame(fan.observed.index, clients=fan.observed))
    line = past.mark_line(color=colours.observed, strokeWidth=1.8, point={"size": 22, "color": colours.observed} if fan.yearly else False)
    layers.append(line.encode(x=time, y="clients:Q", tooltip=tooltip))
    if len(fan.suppressed):
        hidden = alt.Chart(pd.DataFrame({"time": list(fan.suppressed), "clients": 0.0}))
        layers.append(hidden.mark_point(shape="triangle-up", size=60, color=colours.less, filled=True).encode(x=time, y="clients:Q"))
    if fan.level_shifts:
        shifts = alt.Chart(pd.DataFrame({"time": list(fan.level_shifts), "what": list(fan.level_shifts.values())}))
        layers.append(
            shifts.mark_rule(color=colours.quiet, strokeDash=[4, 3]).encode(
                x=time, tooltip=[alt.Tooltip("what:N", title=text("chart.event"))]
            )
        )
    return _finish(alt.layer(*layers), height)


def bars(
    rows: Sequence[tuple[str, float, str, str]], *, unit: str, chosen: str | None = None, row_height: int = 26
) -> alt.LayerChart:
    """Horizontal bars: name, value, label, kind (`total`, `more`, `less`); the chosen one stands out."""
    colours = palette()
    frame = pd.DataFrame(rows, columns=["name", "value", "label", "kind"])
    order = list(frame["name"])
    frame["faint"] = [chosen is not None and name != chosen for name in order]
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=190))
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=["total", "less", "more"], range=[colours.total, colours.less, colours.more]),
        legend=None,
    )
    base = alt.Chart(frame)
    blocks = base.mark_bar(cornerRadius=1).encode(
        y=y,
        x=alt.X("value:Q", title=unit, axis=_axis()),
        color=colour,
        opacity=alt.condition("datum.faint", alt.value(0.45), alt.value(1)),
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("label:N", title=text("chart.amount"))],
    )
    ends = base.transform_calculate(edge="max(0, datum.value)")
    labels = ends.mark_text(align="left", dx=5, color=colours.ink, fontSize=12.5).encode(y=y, x="edge:Q", text="label:N")
    return _finish(alt.layer(blocks, labels), row_height * max(3, len(rows)) + 40)


def band_rows(
    rows: Sequence[tuple[str, float, float, float]], *, unit: str, limits: Mapping[str, tuple[float | None, float | None]]
) -> alt.LayerChart:
    """Ranges, one per row (name, low, middle, high), with a contract's minimum and maximum as ticks."""
    colours = palette()
    frame = pd.DataFrame(rows, columns=["name", "low", "middle", "high"])
    y = alt.Y("name:N", sort=list(frame["name"]), title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=240))
    base = alt.Chart(frame)
    ranges = base.mark_bar(height=12, color=colours.bands[2], cornerRadius=2).encode(
        y=y, x=alt.X("low:Q", title=unit, axis=_axis()), x2="high:Q"
    )
    middles = base.mark_tick(thickness=3, size=20, color=colours.total).encode(y=y, x="middle:Q")
    edges = pd.DataFrame(
        [{"name": name, "edge": edge} for name, pair in limits.items() for edge in pair if edge is not None],
        columns=["name", "edge"],
    )
    marks = alt.Chart(edges).mark_tick(thickness=2, size=24, color=colours.less).encode(y=y, x="edge:Q")
    return _finish(alt.layer(ranges, middles, marks), 34 * max(2, len(rows)) + 40)


_WRAPPED = "length(datum.label) > 14 ? split(datum.label, ' ') : datum.label"


def _frame(times: Any, **columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"time": times, **{name: list(values) for name, values in columns.items()}})


def _axis() -> alt.Axis:
    return alt.Axis(format=",~f", domain=False, ticks=False, tickCount=6)


def _finish(chart: alt.LayerChart, height: int) -> alt.LayerChart:
    colours: Palette = palette()
    locale = alt.Locale(number=alt.NumberLocale(**_DUTCH_NUMBERS), time=alt.TimeLocale(**_DUTCH_DATES))
    finished = chart.properties(height=height).configure_view(stroke=None).configure_axis(
        labelColor=colours.ink, titleColor=colours.ink, labelFontSize=12.5, titleFontSize=12.5, titleFontWeight="normal"
    )
    if language() == "nl":
        finished = finished.configure(locale=locale)
    return finished
