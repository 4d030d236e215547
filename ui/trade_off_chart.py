"""The trade-off between two goals: a dot per plan that can be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from budget.tables import Kind
from ui.chart_style import finish, type_size
from ui.look import palette

PICK = "pick"
"""The name under which a click is told."""
_LEAST, _MOST, _RING = 70, 420, 330
"""Areas of dots in square pixels, and what a ring is larger."""


@dataclass(frozen=True)
class Dot:
    """One plan: where it lies, what it says, and how it looks."""

    code: str
    name: str
    x: float
    y: float
    told: str
    """Its figures in words."""
    kind: str
    """`named`, `mixed`, `here` or `formula`."""
    weight: float = 0.5
    """Between 0 and 1: how large it is drawn."""


@dataclass(frozen=True)
class Goal:
    """What an axis measures."""

    name: str
    kind: Kind


def dots_chart(dots: Sequence[Dot], x: Goal, y: Goal, *, height: int = 380) -> alt.LayerChart:
    """Dots that can be clicked; the named ones carry their names, the plan at hand a ring, the formula is a cross."""
    colours = palette()
    frame = pd.DataFrame([vars(dot) for dot in dots])
    frame["size"] = _LEAST + (_MOST - _LEAST) * frame["weight"] + _RING * (frame["kind"] == "here")
    places = {"x": _axis(alt.X, "x", frame, x), "y": _axis(alt.Y, "y", frame, y)}
    tooltip = [alt.Tooltip("name:N", title=" "), alt.Tooltip("told:N", title=" ")]

    def of(*kinds: str) -> alt.Chart:
        return alt.Chart(frame[frame["kind"].isin(kinds)])

    pick = alt.selection_point(name=PICK, fields=["code"], on="click", clear=False, toggle=False)
    size = alt.Size("size:Q", legend=None, scale=None)
    clickable = of("mixed", "named").mark_point(
        filled=True, opacity=1, stroke=colours.ground, strokeWidth=1, cursor="pointer"
    )
    colour = alt.Color(
        "kind:N",
        legend=None,
        scale=alt.Scale(domain=["named", "mixed"], range=[colours.total, colours.bands[2]]),
    )
    formula = of("formula").mark_point(
        shape="cross", angle=45, size=110, filled=True, color=colours.less, opacity=1
    )
    ring = of("here").mark_point(strokeWidth=2.4, color=colours.ink, opacity=1)
    names = of("named", "formula").mark_text(
        align="left", dx=11, dy=-9, fontSize=type_size(), color=colours.ink
    )
    shown = set(frame["kind"])
    layers = [
        *([ring.encode(**places, size=size)] if "here" in shown else []),
        clickable.encode(**places, size=size, color=colour, tooltip=tooltip).add_params(pick),
        *([formula.encode(**places, tooltip=tooltip)] if "formula" in shown else []),
        names.encode(**places, text=alt.Text("name:N")),
    ]
    return finish(layers, height)


def _axis(channel: type[alt.X] | type[alt.Y], field: str, frame: pd.DataFrame, goal: Goal) -> alt.X | alt.Y:
    """From just below the least to well above the most: the dots lie close together, their names need room."""
    low, high = float(frame[field].min()), float(frame[field].max())
    room = (high - low) or abs(high) * 0.1 or 1.0
    written = ".1%" if goal.kind is Kind.SHARE else ",~f"
    axis = alt.Axis(format=written, tickCount=5, domain=False, ticks=False, labelPadding=6, labelOverlap=True)
    right = 0.35 if field == "x" else 0.15
    scale = alt.Scale(domain=[low - 0.1 * room, high + right * room], nice=False, zero=False)
    return channel(f"{field}:Q", title=goal.name, axis=axis, scale=scale)
