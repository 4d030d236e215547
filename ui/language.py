"""Every text on the screens, in the reader's language. Dutch is the first; the keys of all languages match."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast

import streamlit as st

from budget import money
from budget.money import Language

LANGUAGES: tuple[Language, ...] = ("nl", "en")


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """All texts of one language, by dotted key.

    >>> catalogue("nl")["nav.why"], catalogue("en")["nav.why"]
    ('Waarom', 'Why')
    """
    path = Path(__file__).with_name("texts") / f"{language}.toml"
    return dict(_flat(tomllib.loads(path.read_text(encoding="utf-8"))))


def language() -> Language:
    """The language of this session."""
    return cast(Language, st.session_state.get("taal") or "nl")


def text(key: str, **values: object) -> str:
    """A text in the session's language, its `{fields}` filled in."""
    template = catalogue(language())[key]
    return template.format(**values) if values else template


def term(dutch: str) -> str:
    """A word of the engine (a column, a step) in the session's language; the Dutch word where it has no translation."""
    return catalogue(language()).get(f"terms.{dutch}", dutch)


def euros(cents: int, *, sign: bool = False) -> str:
    """Whole euros in the reader's notation."""
    return _typeset(money.format_euros(cents, language(), sign=sign))


def cents(amount: int, *, sign: bool = False) -> str:
    """Euros and cents in the reader's notation."""
    return _typeset(money.format_cents(amount, language(), sign=sign))


def thousands(amount: int) -> str:
    """Thousands of euros without a sign, as task fields are reported."""
    return money.group_thousands(f"{Decimal(amount) / 100_000:,.0f}", language())


def share(fraction: float, *, digits: int = 1, sign: bool = False) -> str:
    """A percentage in the reader's notation."""
    plus = "+" if sign and fraction > 0 else ""
    return _typeset(plus + money.format_share(fraction, language(), digits=digits))


def number(value: float, *, digits: int = 0) -> str:
    """A number in the reader's notation."""
    return money.group_thousands(f"{Decimal(str(value)):,.{digits}f}", language())


def _typeset(amount: str) -> str:
    """A true minus, as wide as a plus; and no line is broken within an amount."""
    return amount.replace("-", "−").replace(" ", "\u00a0").replace("+€", "+\u2060€").replace("−€", "−\u2060€")


def _flat(tree: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in tree.items():
        if isinstance(value, Mapping):
            pairs += _flat(value, f"{prefix}{key}.")
        else:
            pairs.append((prefix + key, str(value)))
    return pairs
