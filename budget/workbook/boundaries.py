"""The map: a GeoJSON file with one shape per district."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from budget.faults import Fault
from budget.workbook.cells import nearest, shown
from budget.workbook.untrusted import LARGEST_FILE
from wording.sentence import Template

_SHAPE = Template("vlak {n}")
_A_PROPERTY = Template("een eigenschap {name}")
_OF_DISTRICTS = Template("{name} uit blad Wijken{near}")
_PERHAPS_RD = Template("{x} en {y} (misschien Rijksdriehoekscoördinaten)")

_PROPERTY = "wijkcode"
_NOT_DRAWN = Template("Kaart: {districts} ontbreekt in {file}.")


@dataclass(frozen=True)
class Boundaries:
    """The collection, every feature with a property `wijkcode`; or the faults in it."""

    collection: Mapping[str, Any] | None
    faults: tuple[Fault, ...]
    notes: tuple[str, ...] = ()


def beside(path: Path) -> Path | None:
    """The map that belongs to a workbook or csv folder: the same name, ending in .geojson.

    The only .geojson file inside a csv folder will do as well.
    """
    same_name = path.with_suffix(".geojson")
    if same_name.is_file():
        return same_name
    inside = [file for file in path.iterdir() if file.suffix.lower() == ".geojson"] if path.is_dir() else []
    return inside[0] if len(inside) == 1 else None


def read_boundaries(path: Path, districts: Collection[str]) -> Boundaries:
    """The boundaries of these districts (empty: not known, so not checked)."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError
        collection = json.loads(path.read_text(encoding="utf-8-sig"))
        features = collection["features"]
        if collection.get("type") != "FeatureCollection" or not isinstance(features, list):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        fault = Fault(path.name, "", "een GeoJSON-bestand met een FeatureCollection", "iets anders")
        return Boundaries(None, (fault,))
    faults: list[Fault] = []
    kept: list[dict[str, Any]] = []
    for number, feature in enumerate(features, start=1):
        code = _district_of(feature)
        found = list(_faults_of(path, number, feature, code, districts))
        faults += found
        if not found:
            kept.append({**feature, "properties": {**feature["properties"], _PROPERTY: code}})
    drawn = {feature["properties"][_PROPERTY] for feature in kept}
    absent = sorted(set(districts) - drawn)
    notes = (_NOT_DRAWN(districts=tuple(absent), file=path.name),) if absent and not faults else ()
    return Boundaries(None if faults else {**collection, "features": kept}, tuple(faults), notes)


def _district_of(feature: Any) -> str | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return None
    code = next((value for name, value in properties.items() if name.casefold() == _PROPERTY), None)
    return str(code).strip() if isinstance(code, str | int) and not isinstance(code, bool) else None


def _faults_of(
    path: Path, number: int, feature: Any, code: str | None, districts: Collection[str]
) -> Iterator[Fault]:
    place = _SHAPE(n=number)
    if code is None:
        yield Fault(path.name, place, _A_PROPERTY(name=_PROPERTY), "geen")
        return
    if districts and code not in districts:
        yield Fault(
            path.name,
            place,
            _OF_DISTRICTS(name=_PROPERTY, near=nearest(code, sorted(districts))),
            shown(code),
        )
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        yield Fault(
            path.name, place, "een vlak (Polygon of MultiPolygon)", shown(str(kind)) if kind else "geen vorm"
        )
        return
    points = _points(geometry.get("coordinates"), depth=2 if kind == "Polygon" else 3)
    if not points:
        yield Fault(path.name, place, "een vlak met coördinaten", "onleesbare coördinaten")
        return
    outside = next((point for point in points if not _on_earth(point)), None)
    if outside is not None:
        found = _PERHAPS_RD(x=shown(outside[0]), y=shown(outside[1]))
        yield Fault(path.name, place, "lengte- en breedtegraden (WGS84)", found)


def _points(coordinates: Any, depth: int) -> list[tuple[float, float]]:
    """The points of rings nested `depth` lists deep; empty where anything in them is no point."""
    if not isinstance(coordinates, list) or not coordinates:
        return []
    if depth == 0:
        numbers = coordinates[:2]
        sound = len(numbers) == 2 and all(type(number) in (int, float) for number in numbers)
        return [(numbers[0], numbers[1])] if sound else []
    parts = [_points(part, depth - 1) for part in coordinates]
    return [point for part in parts for point in part] if all(parts) else []


def _on_earth(point: tuple[float, float]) -> bool:
    return -180 <= point[0] <= 180 and -90 <= point[1] <= 90
