"""The look in one place: colours of both themes, and the style sheet of everything Streamlit does not draw."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st


@dataclass(frozen=True)
class Palette:
    """Colours with a meaning. Less and more differ in lightness and in hue that colour-blind people tell apart."""

    total: str
    """Amounts that stand: budgets, totals, the median of a forecast."""
    less: str
    more: str
    bands: tuple[str, str, str]
    """Forecast bands of 95, 80 and 50 %, from faint to firm."""
    observed: str
    quiet: str
    """Guides, yardsticks, what is only there for comparison."""
    diverging: tuple[str, ...]
    """Seven steps from much less to much more."""
    diverging_ink: tuple[str, ...]
    """Text that reads on each of those steps."""
    unknown: str
    ink: str
    ground: str


LIGHT = Palette(
    total="#1f4e79",
    less="#b8560a",
    more="#6a51a3",
    bands=("#dbe4ee", "#b9cbde", "#8facca"),
    observed="#4a5261",
    quiet="#8a8f98",
    diverging=("#b35806", "#ee9a3a", "#fcd9a8", "#f1f0ed", "#d5d3ea", "#9a8cc6", "#54278f"),
    diverging_ink=("#ffffff", "#1d2129", "#1d2129", "#1d2129", "#1d2129", "#1d2129", "#ffffff"),
    unknown="#e4e2dc",
    ink="#1d2129",
    ground="#ffffff",
)
DARK = Palette(
    total="#7fb2e5",
    less="#f0a04b",
    more="#b39df0",
    bands=("#22303f", "#2e475f", "#426888"),
    observed="#c3c9d3",
    quiet="#8d95a3",
    diverging=("#f2a249", "#a3651f", "#5d452a", "#343a44", "#464268", "#7565b4", "#b8a6f3"),
    diverging_ink=("#14171c", "#ffffff", "#ffffff", "#ffffff", "#ffffff", "#ffffff", "#14171c"),
    unknown="#282d36",
    ink="#ebe8e1",
    ground="#14171c",
)


def palette() -> Palette:
    """The palette of the theme that this reader sees."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def dress_page(*, meeting: bool) -> None:
    """Put the style sheet on the page; a meeting gets large type and no side matters."""
    styles = (Path(__file__).parent / "assets" / "page.css").read_text(encoding="utf-8")
    if meeting:
        styles += (Path(__file__).parent / "assets" / "meeting.css").read_text(encoding="utf-8")
    colours = palette()
    named = {"ink": colours.ink, "ground": colours.ground, "less": colours.less, "more": colours.more}
    variables = "".join(f"--gb-{name}:{colour};" for name, colour in named.items())
    st.html(f"<style>:root{{{variables}}}{styles}</style>")
