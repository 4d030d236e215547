"""Charts of amounts: steps, bars, ranges and trade-offs. Each takes finished numbers and draws them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from ui.chart_style import PADDING, Spec, finish, looks, type_size, value_axis
from ui.language import text
from ui.look import Palette, palette
from ui.remembered import remembered


@dataclass(frozen=True)
class Bar:
    """One bar of a waterfall: from where to where (euros), what is written above it, and its meaning."""

    name: str
    start: float
    end: float
    label: str
    kind: str
    """`total`, `more` or `less`."""


@remembered
def waterfall(bars: Sequence[Bar], *, floor: float, unit: str | None = None) -> alt.LayerChart:
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
    room = alt.ExprRef(f"width - {_label_room([bar.label for bar in bars])}")
    scale = alt.Scale(domain=[low, top], nice=False, zero=False, rangeMax=room)
    values = alt.Axis(
        format=",~f",
        domain=False,
        ticks=False,
        tickCount=4,
        labelPadding=6,
        labelOverlap=True,
        labelSeparation=12,
        labelFlush=False,
    )
    x = alt.X("start:Q", title=unit, axis=values, scale=scale)
    base = alt.Chart(frame)
    tooltip = [
        alt.Tooltip("name:N", title=text("chart.step")),
        alt.Tooltip("label:N", title=text("chart.amount")),
    ]
    blocks = base.mark_bar(cornerRadius=1).encode(
        y=y, x=x, x2=alt.X2("end:Q"), color=_colour_by_kind(), tooltip=tooltip
    )
    words = base.mark_text(align="left", dx=6, fontWeight=600, fontSize=type_size(), color=colours.ink)
    labels = words.encode(y=y, x=alt.X("top:Q"), text=alt.Text("label:N"))
    return finish([_links(bars, y, colours), blocks, labels], type_size() * 3 * len(bars) + 40)


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


def bars(rows: Sequence[tuple[str, float, str, str]], *, chosen: str | None = None) -> Spec:
    """Horizontal bars from zero: name, value, label, kind (`total`, `more`, `less`); the chosen one stands out.

    Every bar carries its amount, so there is no axis. Written out, since a change of a rule waits for it.
    """
    colours = palette()
    names, values = [_broken(row[0]) for row in rows], [row[1] for row in rows]
    data = {
        "values": [
            {"name": shown, "value": value, "label": label, "kind": kind, "faint": chosen not in (None, name)}
            for shown, (name, value, label, kind) in zip(names, rows, strict=True)
        ]
    }
    axis = {"ticks": False, "domain": False, "labelLimit": 240, "labelPadding": 8, **_TWO_LINES}
    y = {"field": "name", "type": "nominal", "sort": names, "title": None, "axis": axis}
    room = {"expr": f"width - {_label_room([row[2] for row in rows])}"}
    scale = {"nice": False, "domain": [min(0.0, *values), max(0.0, *values)], "rangeMax": room}
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": scale}
    step = 38 if any("\n" in name for name in names) else 26
    return {
        "layer": [_blocks(data, x, y, colours), _zero(colours), _amounts(data, y, colours)],
        "height": step * len(rows) + 8,
        "padding": PADDING,
        "config": looks(),
    }


def _blocks(data: Spec, x: Spec, y: Spec, colours: Palette) -> Spec:
    """The bars; all but the chosen one are faint."""
    kinds = {"domain": ["total", "less", "more"], "range": [colours.total, colours.less, colours.more]}
    return {
        "data": data,
        "mark": {"type": "bar", "cornerRadius": 1},
        "encoding": {
            "y": y,
            "x": x,
            "color": {"field": "kind", "type": "nominal", "legend": None, "scale": kinds},
            "opacity": {"condition": {"test": "datum.faint", "value": 0.45}, "value": 1},
            "tooltip": [
                {"field": "name", "type": "nominal", "title": " "},
                {"field": "label", "type": "nominal", "title": text("chart.amount")},
            ],
        },
    }


def _zero(colours: Palette) -> Spec:
    """The line that bars begin at."""
    return {
        "data": {"values": [{"value": 0}]},
        "mark": {"type": "rule", "color": colours.quiet},
        "encoding": {"x": {"field": "value", "type": "quantitative"}},
    }


def _amounts(data: Spec, y: Spec, colours: Palette) -> Spec:
    """The amount of every bar, to the right of it and of zero."""
    return {
        "data": data,
        "transform": [{"calculate": "max(0, datum.value)", "as": "edge"}],
        "mark": {"type": "text", "align": "left", "dx": 5, "color": colours.ink, "fontSize": type_size()},
        "encoding": {
            "y": y,
            "x": {"field": "edge", "type": "quantitative"},
            "text": {"field": "label", "type": "nominal"},
        },
    }


_LONG = 24
"""Characters from which the name of a bar leaves it too little room on a narrow screen."""


def _broken(name: str) -> str:
    return _in_two_lines(name) if len(name) > _LONG else name


@dataclass(frozen=True)
class Range:
    """What something may come to: a band, its middle, and the value it is held against."""

    name: str
    said: str
    """Its message, under the name."""
    low: float
    middle: float
    high: float
    against: float


@remembered
def range_rows(rows: Sequence[Range], *, title: str, written: str) -> alt.LayerChart:
    """Bands on one axis, each under its own name and message, so that they have the whole width on a narrow screen.

    A band says by its place, not by its length, so the axis begins where the bands do. `written` is the format of
    the axis.
    """
    colours, size = palette(), type_size()
    frame = pd.DataFrame([vars(row) for row in rows])
    x = alt.X("low:Q", title=title, axis=_values_below(written), scale=_around(frame))
    y = alt.Y("name:N", sort=list(frame["name"]), title=None, axis=None)
    base, left = alt.Chart(frame), alt.value(0)
    below = 1.8 * size
    """Pixels from the middle of a row to its band."""
    line = base.mark_rule(yOffset=below, color=colours.unknown, strokeWidth=1.5)
    band = base.mark_bar(height=14, yOffset=below, color=colours.bands[2], cornerRadius=2)
    middle = base.mark_tick(thickness=3, size=20, yOffset=below, color=colours.total)
    against = base.mark_tick(thickness=3, size=24, yOffset=below, color=colours.less, opacity=1)
    layers = [
        line.encode(y=y, x=left, x2=alt.value("width")),
        band.encode(y=y, x=x, x2=alt.X2("high:Q")),
        middle.encode(y=y, x=alt.X("middle:Q")),
        against.encode(y=y, x=alt.X("against:Q")),
        *(words.encode(y=y, x=left) for words in _names_and_messages(base, colours, size)),
    ]
    return finish(layers, 6 * size * len(rows) + 40)


def _values_below(written: str) -> alt.Axis:
    """A few values, in a format."""
    return alt.Axis(
        format=written,
        domain=False,
        ticks=False,
        tickCount=4,
        labelPadding=6,
        labelOverlap=True,
        labelFlush=True,
    )


def _around(frame: pd.DataFrame) -> alt.Scale:
    """From a little below all that is drawn to a little above it."""
    least, most = float(frame[["low", "against"]].min().min()), float(frame[["high", "against"]].max().max())
    room = 0.04 * (most - least or 1.0)
    return alt.Scale(domain=[least - room, most + room], nice=False, zero=False)


def _names_and_messages(base: alt.Chart, colours: Palette, size: int) -> Iterator[alt.Chart]:
    """What stands above a band, each on a halo so that no line runs through it."""
    look: dict[str, Any] = {"align": "left", "fontSize": size, "limit": alt.ExprRef("width")}
    halo: dict[str, Any] = {"stroke": colours.ground, "strokeWidth": 4, "strokeJoin": "round", "aria": False}
    for field, shift, weight in (("name", -1.3, 600), ("said", 0.05, 400)):
        placed = {**look, "dy": shift * size, "fontWeight": weight}
        for more in (halo, {"color": colours.ink}):
            yield base.mark_text(**placed, **more).encode(text=alt.Text(f"{field}:N"))


_TWO_LINES: dict[str, Any] = {
    "labelExpr": "split(datum.label, '\\n')",
    "labelBaseline": {
        "condition": {"test": "indexof(datum.label, '\\n') > 0", "value": "line-bottom"},
        "value": "middle",
    },
}
"""An axis whose names are broken where they say so."""


def _name_axis() -> alt.Axis:
    """Names of rows beside the chart."""
    return alt.Axis(labelPadding=8, labelLimit=260, ticks=False, domain=False, **_TWO_LINES)


def trade_off(
    points: Sequence[tuple[float, float, str]], *, x_title: str, unit: str, height: int = 320
) -> alt.LayerChart:
    """Two lines over a share that can be chosen (share, euros, name of the line): what falls short, then the other."""
    colours = palette()
    frame = pd.DataFrame(points, columns=["share", "value", "name"])
    names = list(dict.fromkeys(frame["name"]))
    line_colours = alt.Scale(domain=names, range=[colours.less, colours.total][: len(names)])
    colour = alt.Color("name:N", scale=line_colours, legend=None)
    base = alt.Chart(frame)
    x = alt.X("share:Q", title=x_title, axis=alt.Axis(format=".0%", grid=False, tickCount=6))
    y = alt.Y("value:Q", title=unit, axis=value_axis(), scale=alt.Scale(zero=True))
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("share:Q", title=x_title, format=".1%"),
        alt.Tooltip("value:Q", title=unit, format=",.0f"),
    ]
    lines = base.mark_line(strokeWidth=2.2, point={"size": 55}).encode(
        x=x, y=y, color=colour, tooltip=tooltip
    )
    return finish([lines], height)


def _label_room(labels: Sequence[str]) -> int:
    """Pixels to the right of the longest bar for the amount at its end, on a screen of any width."""
    return round(14 + 0.56 * type_size() * max(map(len, labels), default=0))
