"""An invented map: the cells nearest to twenty scattered points, inside a rounded outline.

Every cell starts as the whole outline and loses, for every other point, the half that is nearer to that
point. Neighbours cut along the same line, so after rounding to about a metre they share the same corners.
The city lies where no city is: in the water of the IJsselmeer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import Any

Point = tuple[float, float]
Polygon = list[Point]

_CENTRE = (5.30, 52.74)
_KM_PER_DEGREE = (67.5, 111.2)
_WIDTH_KM, _HEIGHT_KM = 4.9, 4.0
_ROUNDS = 1


def outline(corners: int = 96) -> Polygon:
    """The city limits in kilometres from the centre: a rounded rectangle, anticlockwise and convex."""
    angles = [2 * math.pi * k / corners for k in range(corners)]
    return [(_WIDTH_KM * _rounded(math.cos(a)), _HEIGHT_KM * _rounded(math.sin(a))) for a in angles]


def cells(rings: Sequence[int], random: Random) -> list[Polygon]:
    """Convex polygons in kilometres, ring by ring from the centre outwards, `rings[k]` of them in ring k.

    Within a ring they run anticlockwise from the east.
    """
    sites = [
        _scattered(radius, (k + 0.5) / size, random)
        for radius, size in zip(_radii(len(rings)), rings, strict=True)
        for k in range(size)
    ]
    for _ in range(_ROUNDS):
        sites = [_halfway(site, _centroid(cell)) for site, cell in zip(sites, _nearest(sites), strict=True)]
    return _nearest(sites)


def feature_collection(properties: Sequence[dict[str, str]], polygons: Sequence[Polygon]) -> dict[str, Any]:
    """GeoJSON in WGS84, one feature per polygon, rings closed."""
    return {
        "type": "FeatureCollection",
        "name": "Voorbeeldstad (verzonnen)",
        "features": [
            {
                "type": "Feature",
                "properties": own,
                "geometry": {"type": "Polygon", "coordinates": [_degrees([*polygon, polygon[0]])]},
            }
            for own, polygon in zip(properties, polygons, strict=True)
        ],
    }


def _radii(rings: int) -> list[float]:
    return [(k + 0.08) / (rings - 0.42) for k in range(rings)]


def _rounded(share: float) -> float:
    return math.copysign(abs(share) ** 0.72, share)


def _scattered(radius: float, turn: float, random: Random) -> Point:
    angle = 2 * math.pi * (turn + random.uniform(-0.025, 0.025))
    reach = radius * random.uniform(0.85, 1.15)
    return reach * _WIDTH_KM * math.cos(angle), reach * _HEIGHT_KM * math.sin(angle)


def _nearest(sites: Sequence[Point]) -> list[Polygon]:
    found = []
    for site in sites:
        cell = outline()
        for other in sites:
            if other != site:
                cell = _nearer_half(cell, site, other)
        found.append(cell)
    return found


def _nearer_half(cell: Polygon, site: Point, other: Point) -> Polygon:
    """The part of a convex cell that is nearer to `site` than to `other`."""

    def lead(point: Point) -> float:
        return math.dist(point, other) ** 2 - math.dist(point, site) ** 2

    kept: Polygon = []
    for here, there in zip(cell, [*cell[1:], cell[0]], strict=True):
        ours, theirs = lead(here), lead(there)
        if ours >= 0:
            kept.append(here)
        if (ours > 0) != (theirs > 0) and ours != theirs:
            part = ours / (ours - theirs)
            kept.append((here[0] + part * (there[0] - here[0]), here[1] + part * (there[1] - here[1])))
    return kept


def _centroid(cell: Polygon) -> Point:
    doubled = east = north = 0.0
    for (x0, y0), (x1, y1) in zip(cell, [*cell[1:], cell[0]], strict=True):
        cross = x0 * y1 - x1 * y0
        doubled, east, north = doubled + cross, east + (x0 + x1) * cross, north + (y0 + y1) * cross
    return east / (3 * doubled), north / (3 * doubled)


def _halfway(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _degrees(ring: Polygon) -> list[list[float]]:
    """Rounded to five decimals (about a metre); corners that fall together become one."""
    corners: list[list[float]] = []
    for x, y in ring:
        corner = [round(_CENTRE[0] + x / _KM_PER_DEGREE[0], 5), round(_CENTRE[1] + y / _KM_PER_DEGREE[1], 5)]
        if not corners or corner != corners[-1]:
            corners.append(corner)
    return corners
