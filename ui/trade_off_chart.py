"""The trade-off between two goals: a dot per plan that can be clicked.

The reader's own plan has a ring and that of the workbook a frame, so that they are told apart without colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import pi, sqrt
from typing import Any

import altair as alt
import pandas as pd

from budget.tables import Kind
from ui.chart_style import finish, type_size
from ui.label_places import Place, Spot, places_of
from ui.look import Palette, palette

PICK = "pick"
"""The name under which a click is told."""
_LEAST, _MOST, _CROSS = 70, 420, 110
"""Areas of marks in square pixels."""
_ROUND, _FRAMED = 4.5, 9.5
"""How far a ring and a frame lie outside the dot, in pixels."""
_LONG = 22
"""Letters from which a second name goes under the first."""


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
    """`named`, `mixed`, `here`, `workbook` or `formula`."""
    weight: float = 0.5
    """Between 0 and 1: how large it is drawn."""

    @property
    def radius(self) -> float:
        """Of its mark, in pixels."""
        if self.kind == "formula":
            return sqrt(_CROSS / pi)
        dot = sqrt((_LEAST + (_MOST - _LEAST) * self.weight) / pi)
        return dot + {"here": _ROUND, "workbook": _FRAMED}.get(self.kind, 0.0)


@dataclass(frozen=True)
class Goal:
    """What an axis measures."""

    name: str
    kind: Kind


def dots_chart(dots: Sequence[Dot], x: Goal, y: Goal, *, height: int = 380) -> alt.LayerChart:
    """Dots that can be clicked, a ring, a frame and a cross; all but the mixes carry their names."""
    frame = pd.DataFrame([vars(dot) for dot in dots])
    frame["size"] = [_area(dot) for dot in dots]
    frame["said"] = [f"{dot.name}: {dot.told}" for dot in dots]
    across, down = _domain(frame["x"], 0.12, 0.25), _domain(frame["y"], 0.15, 0.15)
    places: dict[str, Any] = {"x": _axis(alt.X, "x", x, across), "y": _axis(alt.Y, "y", y, down)}
    names = names_of(dots, across, down, height=height, size=type_size())
    layers = [
        *(mark.encode(**places) for mark in _marks(frame, palette())),
        *(_words(*name, palette()).encode(**places) for name in names),
    ]
    return finish(layers, height)


def _marks(frame: pd.DataFrame, colours: Palette) -> Iterator[alt.Chart]:
    """The marks of each kind that is there, those that can be clicked above the frame and the ring."""

    def of(*kinds: str) -> alt.Chart:
        return alt.Chart(frame[frame["kind"].isin(kinds)])

    shown = set(frame["kind"])
    told: dict[str, Any] = {
        "tooltip": [alt.Tooltip("name:N", title=" "), alt.Tooltip("told:N", title=" ")],
        "description": alt.Description("said:N"),
    }
    size = alt.Size("size:Q", legend=None, scale=None)
    if "workbook" in shown:
        square = of("workbook").mark_point(
            shape="square", strokeWidth=1.8, strokeDash=[5, 3], color=colours.ink, opacity=1
        )
        yield square.encode(size=size, **told)
    if "here" in shown:
        ring = of("here").mark_point(strokeWidth=2.4, color=colours.ink, opacity=1)
        yield ring.encode(size=size, **told)
    clickable = of("mixed", "named").mark_point(
        filled=True, opacity=1, stroke=colours.ground, strokeWidth=1, cursor="pointer"
    )
    kinds = alt.Scale(domain=["named", "mixed"], range=[colours.total, colours.bands[2]])
    pick = alt.selection_point(name=PICK, fields=["code"], on="click", clear=False, toggle=False)
    colour = alt.Color("kind:N", legend=None, scale=kinds)
    yield clickable.encode(size=size, color=colour, **told).add_params(pick)
    if "formula" in shown:
        formula = of("formula").mark_point(
            shape="cross", angle=45, size=_CROSS, filled=True, color=colours.less, opacity=1
        )
        yield formula.encode(**told)


def _words(dot: Dot, lines: Sequence[str], place: Place, colours: Palette) -> alt.Chart:
    """The name of a dot beside it."""
    words: alt.Chart = alt.Chart(pd.DataFrame([{"x": dot.x, "y": dot.y}])).mark_text(
        text=list(lines),
        aria=False,
        align=place.align,
        baseline="middle",
        dx=place.right,
        dy=place.down,
        fontSize=type_size(),
        fontWeight=600 if dot.kind in ("here", "workbook") else 400,
        color=colours.ink,
    )
    return words


def names_of(
    dots: Sequence[Dot],
    across: tuple[float, float],
    down: tuple[float, float],
    *,
    height: float,
    size: float,
) -> list[tuple[Dot, tuple[str, ...], Place]]:
    """The names that have a place: dots in the same place share one, said by the first of them."""
    at: dict[tuple[float, float], list[Dot]] = {}
    for dot in sorted(dots, key=lambda dot: _FIRST.index(dot.kind)):
        at.setdefault((dot.x, dot.y), []).append(dot)
    leaders = [same[0] for same in at.values()]
    spots = [
        Spot(
            (same[0].x - across[0]) / (across[1] - across[0]),
            (down[1] - same[0].y) / (down[1] - down[0]),
            max(dot.radius for dot in same),
            _lines([dot.name for dot in same if dot.kind != "mixed"]),
        )
        for same in at.values()
    ]
    places = places_of(spots, height=height, size=size)
    return [
        (dot, spot.lines, place)
        for dot, spot, place in zip(leaders, spots, places, strict=True)
        if place is not None
    ]


_FIRST = ("here", "workbook", "named", "formula", "mixed")
"""Whose name comes first where dots lie on each other, and who chooses a place first."""


def _lines(names: Sequence[str]) -> tuple[str, ...]:
    """The first name with the others between brackets, under it when they are long."""
    first, *others = dict.fromkeys(names) or [""]
    if not others:
        return (first,) if first else ()
    rest = f"({', '.join(others)})"
    return (f"{first} {rest}",) if len(first) + len(rest) < _LONG else (first, rest)


def _area(dot: Dot) -> float:
    """Of its mark in square pixels: a square has its sides, all others are as round as they look."""
    if dot.kind == "workbook":
        return (2 * dot.radius) ** 2 * 0.72
    return pi * dot.radius**2


def _domain(values: pd.Series[float], before: float, after: float) -> tuple[float, float]:
    """From below the least to above the most: the dots lie close together, their names need room."""
    low, high = float(values.min()), float(values.max())
    room = (high - low) or abs(high) * 0.1 or 1.0
    return low - before * room, high + after * room


def _axis(
    channel: type[alt.X] | type[alt.Y], field: str, goal: Goal, domain: tuple[float, float]
) -> alt.X | alt.Y:
    written = ".1%" if goal.kind is Kind.SHARE else ",~f"
    axis = alt.Axis(
        format=written,
        tickCount=5,
        domain=False,
        ticks=False,
        labelPadding=6,
        labelOverlap=True,
        aria=False,
    )
    scale = alt.Scale(domain=list(domain), nice=False, zero=False)
    return channel(f"{field}:Q", title=goal.name, axis=axis, scale=scale)
