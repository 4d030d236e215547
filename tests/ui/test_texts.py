"""The catalogues of both languages say the same things."""

from __future__ import annotations

import re
import string
from pathlib import Path

from ui.language import LANGUAGES, catalogue

_UI = Path(__file__).parents[2] / "ui"


def _own(key: str) -> bool:
    """Words of the engine need no Dutch: they are Dutch."""
    return not key.startswith(("terms.", "sentences."))


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_language_has_the_same_keys() -> None:
    keys = [{key for key in catalogue(language) if _own(key)} for language in LANGUAGES]
    assert keys[0] == keys[1]


def test_a_text_asks_for_the_same_values_in_every_language() -> None:
    for key in filter(_own, catalogue("nl")):
        assert _fields(catalogue("nl")[key]) == _fields(catalogue("en")[key]), key


def test_every_text_that_the_screens_ask_for_exists() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in _UI.rglob("*.py"))
    asked = set(re.findall(r'\btext\(\s*"([a-z0-9_.]+)"', source))
    assert asked
    assert asked <= set(catalogue("nl"))


def test_no_text_is_left_that_nothing_asks_for() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in _UI.rglob("*.py"))
    composed = (
        "nav.",
        "streamlit.",
        "rules.",
        "distribution.figure.",
        "compare.",
        "contracts.against_",
        "contracts.axis_",
        "contracts.limit_",
        "contracts.of_",
        "strategy.",
        "periods.",
        "parts.",
    )
    idle = [
        key
        for key in filter(_own, catalogue("nl"))
        if f'"{key}"' not in source and not key.startswith(composed)
    ]
    assert idle == []
