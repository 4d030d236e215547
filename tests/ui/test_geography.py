"""Boundaries become drawings: in place, true to scale, with the label inside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ui.geography import WIDTH, draw

SAMPLE = Path(__file__).parents[2] / "sample_data" / "voorbeeldstad.geojson"


def test_every_district_of_the_sample_is_drawn_within_the_frame() -> None:
    boundaries = json.loads(SAMPLE.read_text(encoding="utf-8"))
    drawing = draw(boundaries)
    assert {shape.code for shape in drawing.shapes} == {
        feature["properties"]["wijkcode"] for feature in boundaries["features"]
    }
    for shape in drawing.shapes:
        points = [tuple(map(float, pair.split(","))) for pair in shape.path[1:-1].split("L")]
        assert all(-0.1 <= x <= WIDTH + 0.1 and -0.1 <= y <= drawing.height + 0.1 for x, y in points)
        assert _inside(shape.x, shape.y, points)


def test_the_label_of_a_bent_district_lies_inside_it() -> None:
    horseshoe = [[0, 0], [6, 0], [6, 5], [5, 5], [5, 1], [1, 1], [1, 5], [0, 5], [0, 0]]
    geometry = {"type": "Polygon", "coordinates": [horseshoe]}
    (shape,) = draw({"features": [{"properties": {"wijkcode": "A"}, "geometry": geometry}]}).shapes
    points = [tuple(map(float, pair.split(","))) for pair in shape.path[1:-1].split("L")]
    assert _inside(shape.x, shape.y, points)


def test_a_district_of_several_parts_is_one_shape() -> None:
    parts = [[[[x, 52], [x + 1, 52], [x + 1, 53], [x, 53], [x, 52]]] for x in (4, 6)]
    geometry = {"type": "MultiPolygon", "coordinates": parts}
    (shape,) = draw({"features": [{"properties": {"wijkcode": "A"}, "geometry": geometry}]}).shapes
    assert shape.path.count("M") == 2


@pytest.mark.parametrize("north", [0.0, 52.0])
def test_a_square_on_the_ground_is_a_square_on_the_map(north: float) -> None:
    from math import cos, radians

    wide = 0.1 / cos(radians(north + 0.05))
    ring = [[4, north], [4 + wide, north], [4 + wide, north + 0.1], [4, north + 0.1], [4, north]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    drawing = draw({"features": [{"properties": {"wijkcode": "A"}, "geometry": geometry}]})
    assert drawing.height == pytest.approx(WIDTH, rel=1e-3)


def _inside(x: float, y: float, points: list[tuple[float, ...]]) -> bool:
    """Even-odd rule."""
    inside = False
    for (a, b), (c, d) in zip(points, [*points[1:], points[0]], strict=True):
        if (b > y) != (d > y) and x < a + (y - b) * (c - a) / (d - b):
            inside = not inside
    return inside
