"""Tells the browser in which language the page is; Streamlit writes a few words of its own, in English only."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.language import catalogue, language

_PAGES_AT_MOST = 12
"""Streamlit folds pages that do not fit into `3 more`."""

_component = st.components.v2.component(
    "gebiedsbudget_page_language",
    js=(Path(__file__).parent / "assets" / "page_language.js").read_text(encoding="utf-8"),
)


def announce() -> None:
    """Set the language of the page and of Streamlit's own words."""
    words = {}
    if language() != "en":
        said = catalogue(language())
        words = {
            english.format(n=n): said[key].format(n=n)
            for key, english in catalogue("en").items()
            if key.startswith("streamlit.")
            for n in range(1, _PAGES_AT_MOST)
        }
    _component(key="page_language", data={"language": language(), "words": words})
