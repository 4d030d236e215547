"""District boundaries as drawings: GeoJSON in degrees to SVG paths. It places shapes; it knows no money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

WIDTH = 1000.0
"""Width of every map in its own units."""

_Ring = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Shape:
    """One district as drawn: an SVG path and the point where its label goes."""

    code: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """A whole map; `height` in the same units as WIDTH."""

    shapes: tuple[Shape, ...]
    height: float


def draw(boundaries: Mapping[str, Any]) -> Drawing:
    """The districts of a GeoJSON FeatureCollection (property `wijkcode`, WGS84), north up, true to scale.

    Degrees become distances by the cosine of the middle latitude, which is exact enough for one municipality.

    >>> square = {"type": "Polygon", "coordinates": [[[4, 52], [5, 52], [5, 53], [4, 53], [4, 52]]]}
    >>> town = draw({"features": [{"properties": {"wijkcode": "WK01"}, "geometry": square}]})
    >>> town.shapes[0].code, town.shapes[0].x, round(town.height)
    ('WK01', 500.0, 1643)
    """
    places = {
        str(feature["properties"]["wijkcode"]): list(_outlines(feature["geometry"]))
        for feature in boundaries["features"]
        if feature.get("geometry")
    }
    points = [point for polygons in places.values() for polygon in polygons for point in polygon[0]]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    shrink = cos(radians((south + north) / 2))
    scale = WIDTH / ((east - west) * shrink)

    def placed(ring: _Ring) -> list[tuple[float, float]]:
        return [((p[0] - west) * shrink * scale, (north - p[1]) * scale) for p in ring]

    shapes = []
    for code, polygons in places.items():
        rings = [[placed(ring) for ring in polygon] for polygon in polygons]
        x, y = _label_point(max((polygon[0] for polygon in rings), key=lambda ring: abs(_area(ring))))
        path = "".join(_path(ring) for polygon in rings for ring in polygon)
        shapes.append(Shape(code, path, round(x, 1), round(y, 1)))
    return Drawing(tuple(shapes), round((north - south) * scale, 1))


def _outlines(geometry: Mapping[str, Any]) -> Iterator[Sequence[_Ring]]:
    """The polygons of a geometry, each an outer ring and its holes."""
    if geometry["type"] == "Polygon":
        yield geometry["coordinates"]
    elif geometry["type"] == "MultiPolygon":
        yield from geometry["coordinates"]


def _path(ring: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in ring) + "Z"


def _area(ring: Sequence[tuple[float, float]]) -> float:
    """Signed area by the shoelace formula."""
    following = [*ring[1:], ring[0]]
    return sum(x * v - u * y for (x, y), (u, v) in zip(ring, following, strict=True)) / 2


def _label_point(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Middle of the widest horizontal chord, tried at a few heights: inside the shape, also when it is bent."""
    low, high = min(y for _, y in ring), max(y for _, y in ring)
    best = (-1.0, 0.0, 0.0)
    for step in range(3, 14):
        level = low + (high - low) * step / 16 + 0.01
        crossings = sorted(_crossings(ring, level))
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            centred = 1 - abs(step - 8) / 24
            best = max(best, ((right - left) * centred, (left + right) / 2, level))
    return best[1], best[2]


def _crossings(ring: Sequence[tuple[float, float]], level: float) -> Iterator[float]:
    following = [*ring[1:], ring[0]]
    for (x, y), (u, v) in zip(ring, following, strict=True):
        if (y <= level) != (v <= level):
            yield x + (level - y) * (u - x) / (v - y)
