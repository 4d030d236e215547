"""The map of districts: a component of our own, since the ones at hand call tile servers and know no keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from ui.geography import WIDTH, Drawing
from ui.language import text

_ASSETS = Path(__file__).parent / "assets"

_component = st.components.v2.component(
    "gebiedsbudget_map",
    css=(_ASSETS / "district_map.css").read_text(encoding="utf-8"),
    js=(_ASSETS / "district_map.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Mark:
    """What the map says of one district."""

    name: str
    fill: str
    ink: str
    short: str
    """On the map; a few characters."""
    spoken: str
    """For those who listen instead of look."""
    facts: Sequence[tuple[str, str]]
    """Word and value, shown beside the district in focus."""


def district_map(
    drawing: Drawing,
    marks: Mapping[str, Mark],
    *,
    label: str,
    legend: Sequence[tuple[str, str]],
    chosen: str | None,
    on_pick: Callable[[str], None],
    key: str,
) -> None:
    """Draw the map. `legend` holds colour and text; `on_pick` hears the code of the district that is chosen."""
    shapes = [
        {
            "code": shape.code,
            "path": shape.path,
            "x": shape.x,
            "y": shape.y,
            "name": marks[shape.code].name,
            "fill": marks[shape.code].fill,
            "ink": marks[shape.code].ink,
            "short": marks[shape.code].short,
            "spoken": marks[shape.code].spoken,
            "facts": [list(fact) for fact in marks[shape.code].facts],
        }
        for shape in drawing.shapes
        if shape.code in marks
    ]

    def heard() -> None:
        picked = st.session_state[key].get("picked")
        if picked:
            on_pick(picked)

    _component(
        key=key,
        data={
            "shapes": shapes,
            "width": WIDTH,
            "height": drawing.height,
            "label": label,
            "legend": [{"fill": fill, "text": words} for fill, words in legend],
            "legend_label": text("map.legend"),
            "hint": text("map.hint"),
            "keys": text("map.hint_keys"),
            "chosen": chosen,
        },
        on_picked_change=heard,
    )
