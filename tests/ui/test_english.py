"""Everything that the engines say can be said in English."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from budget.inputs import DistributionKey, StreamKind
from budget.workbook.sheets import SHEETS
from forecasts.members import NAMES
from optimiser.problem import LEXIMIN, STRATEGIES
from ui.language import catalogue
from wording.sentence import Template

_ROOT = Path(__file__).parents[2]
_PACKAGES = ("wording", "forecasts", "optimiser", "budget")


def _templates_in(value: object) -> Iterator[str]:
    if isinstance(value, Template):
        yield str(value)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _templates_in(part)
    elif isinstance(value, (tuple, list, frozenset)):
        for part in value:
            yield from _templates_in(part)


def _templates() -> set[str]:
    """Every Dutch template that a module holds."""
    found: set[str] = set()
    for package in _PACKAGES:
        for module in pkgutil.walk_packages([str(_ROOT / package)], f"{package}."):
            held = vars(importlib.import_module(module.name))
            for value in held.values():
                found.update(_templates_in(value))
    return found


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _english() -> dict[str, str]:
    prefix = "sentences."
    return {key.removeprefix(prefix): text for key, text in catalogue("en").items() if key.startswith(prefix)}


def test_every_sentence_of_the_engines_has_an_english_one() -> None:
    assert sorted(_templates() - set(_english())) == []


def test_an_english_sentence_fills_in_the_same_values() -> None:
    english = _english()
    for template in _templates():
        assert _fields(english[template]) <= _fields(template), template


def test_templates_stand_where_they_can_be_found() -> None:
    """One that is made within a function would escape the tests above."""
    for package in _PACKAGES:
        for path in (_ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, (ast.FunctionDef, ast.Lambda)):
                    made = [
                        call
                        for call in ast.walk(node)
                        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Template"
                    ]
                    assert made == [], f"{path}:{node.lineno}"


@pytest.mark.parametrize(
    "word",
    [
        *(sheet.without for sheet in SHEETS if sheet.without),
        *NAMES.values(),
        *StreamKind.__args__,
        *DistributionKey.__args__,
        *(strategy.name for strategy in (*STRATEGIES, LEXIMIN)),
        *("wijk", "stroom", "jaar", "meer", "minder"),
    ],
)
def test_every_word_within_a_sentence_has_an_english_one(word: str) -> None:
    assert word in _english()
