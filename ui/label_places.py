"""Where the names of points go in a chart, so that none lies over another name or over a point that has one.

A chart is as wide as the screen, so a place has to do for every width between that of a telephone and that of a wide
screen: points move apart and names keep their size, and what is free at all of `WIDTHS` is taken to be free between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

WIDTHS = (230, 270, 310, 360, 430, 520, 640, 800, 1000, 1200)
"""Of the plot in pixels, from a screen of 320 to one of 1440 and more."""
_LETTER, _LINE = 0.54, 1.2
"""Width of a letter and height of a line, as a share of the size of the type."""
_GAPS = 4, 12
"""Pixels between a mark and its name: as little as will do."""


@dataclass(frozen=True)
class Spot:
    """A point with the name that it should carry, if any."""

    across: float
    """Between 0 (left) and 1 (right)."""
    down: float
    """Between 0 (top) and 1 (bottom)."""
    radius: float
    """Of its mark, in pixels."""
    lines: tuple[str, ...] = ()
    """Its name, line by line; () for a point without."""


@dataclass(frozen=True)
class Place:
    """Where a name stands from its point: pixels right and down to the middle of its first line."""

    align: Align
    right: float
    down: float


def places_of(spots: Sequence[Spot], *, height: float, size: float) -> list[Place | None]:
    """A place for the name of every spot, the earlier ones first; None without a name, or where no place is free.

    Names lie inside the plot, never over another name or a mark with a name; over as few other marks as they can.
    """
    taken: list[tuple[Spot, Place]] = []
    found: list[Place | None] = []
    for spot in spots:
        free = [place for place in _around(spot, size) if _fits(spot, place, taken, spots, height, size)]
        best = min(free, key=lambda place: _hidden(spot, place, spots, height, size), default=None)
        found.append(best)
        if best is not None:
            taken.append((spot, best))
    return found


def box_of(spot: Spot, place: Place, width: float, height: float, size: float) -> Box:
    """The room that a name takes in a plot of this width."""
    across = max(map(len, spot.lines)) * _LETTER * size
    left = {"left": 0.0, "center": -across / 2, "right": -across}[place.align]
    x, y = spot.across * width + place.right + left, spot.down * height + place.down - _LINE * size / 2
    return x, y, x + across, y + len(spot.lines) * _LINE * size


def mark_of(spot: Spot, width: float, height: float) -> Box:
    """The room that the mark of a point takes."""
    x, y = spot.across * width, spot.down * height
    return x - spot.radius, y - spot.radius, x + spot.radius, y + spot.radius


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes have some room in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _around(spot: Spot, size: float) -> list[Place]:
    """The places beside a point, those that read best first."""
    if not spot.lines:
        return []
    line = _LINE * size
    deep = len(spot.lines) * line
    middle, above, below = (line - deep) / 2, line / 2 - deep, line / 2
    places: list[Place] = []
    for gap in _GAPS:
        far, near = spot.radius + gap, 0.7 * spot.radius + gap
        places += [
            Place("left", far, middle),
            Place("right", -far, middle),
            Place("left", near, above - near),
            Place("right", -near, above - near),
            Place("left", near, below + near),
            Place("right", -near, below + near),
            Place("center", 0.0, above - far),
            Place("center", 0.0, below + far),
        ]
    return places


def _fits(
    spot: Spot,
    place: Place,
    taken: Sequence[tuple[Spot, Place]],
    spots: Sequence[Spot],
    height: float,
    size: float,
) -> bool:
    for width in WIDTHS:
        box = box_of(spot, place, width, height, size)
        if box[0] < 0 or box[1] < 0 or box[2] > width or box[3] > height:
            return False
        if any(overlap(box, box_of(other, its, width, height, size)) for other, its in taken):
            return False
        if any(
            overlap(box, mark_of(other, width, height))
            for other in spots
            if other.lines and other is not spot
        ):
            return False
    return True


def _hidden(spot: Spot, place: Place, spots: Sequence[Spot], height: float, size: float) -> int:
    """How many other marks a name covers, over all widths."""
    return sum(
        overlap(box_of(spot, place, width, height, size), mark_of(other, width, height))
        for width in WIDTHS
        for other in spots
        if other is not spot
    )
