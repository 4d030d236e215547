"""What all charts share: the reader's notation, the look, and how a chart gets on the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from ui.language import language
from ui.look import palette
from ui.work import Kept

Spec = dict[str, Any]
"""A chart as Vega-Lite."""
CHARTS_KEPT = 256
PADDING = {"left": 0, "top": 4, "right": 2, "bottom": 4}
"""In pixels; left to itself Streamlit leaves a strip empty under every chart."""

_specs: Kept[tuple[alt.LayerChart, Spec]] = Kept(CHARTS_KEPT)

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


def show_chart(
    chart: alt.LayerChart | Spec,
    *,
    alternative: str,
    key: str | None = None,
    on_select: Callable[[], None] | None = None,
    selection: str = "",
) -> None:
    """Put a chart on the page with its message in words for those who cannot see it.

    `on_select` hears of a click; what was clicked stands under `key` in the session, by the name of the `selection`.
    Checking a chart against the schema of Vega-Lite takes longer than drawing it; the tests do that.
    """
    spec = chart if isinstance(chart, dict) else _spec(chart)
    if on_select is None:
        st.vega_lite_chart(spec, width="stretch", alt=alternative, key=key, theme=None)
        return
    st.vega_lite_chart(
        spec,
        width="stretch",
        alt=alternative,
        key=key,
        theme=None,
        on_select=on_select,
        selection_mode=selection,
    )


def _spec(chart: alt.LayerChart) -> Spec:
    """A chart as Vega-Lite, with its data inside: Streamlit takes long over data that stand apart."""
    known = _specs.get(id(chart))
    if known is None or known[0] is not chart:
        spec: Spec = chart.to_dict(validate=False)
        data = spec.pop("datasets", {})
        for layer in (spec, *spec.get("layer", ())):
            if layer.get("data", {}).get("name") in data:
                layer["data"] = {"values": data[layer["data"]["name"]]}
        known = chart, spec
        _specs.put(id(chart), known)
    return known[1]


def finish(layers: Sequence[alt.Chart], height: int) -> alt.LayerChart:
    """The layers as one chart: size, notation and looks; the page's own font and ground."""
    return alt.LayerChart(layer=list(layers), height=height, padding=PADDING, config=looks())


def looks() -> Spec:
    """What every chart has in common, as Vega-Lite's `config`."""
    colours, size = palette(), type_size()
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
    return config


def value_axis() -> alt.Axis:
    """An axis of numbers: thin, with whole numbers in the reader's notation."""
    return alt.Axis(format=",~f", domain=False, ticks=False, tickCount=6, labelPadding=6)


def type_size() -> int:
    """Of labels, in pixels; a meeting reads from further away."""
    return 17 if st.session_state.get("vergadering") else 13


def time_frame(times: Any, **columns: Any) -> pd.DataFrame:
    """Columns over time, as a chart wants them."""
    return pd.DataFrame({"time": times, **{name: list(values) for name, values in columns.items()}})
