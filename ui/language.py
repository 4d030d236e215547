"""Every text on the screens, in the reader's language. Dutch is the first; the keys of all languages match."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast

import streamlit as st

from budget import money
from budget.money import Language
from wording.sentence import DUTCH, Sentence, Voice

LANGUAGES: tuple[Language, ...] = ("nl", "en")


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """All texts of one language, by dotted key.

    >>> catalogue("nl")["nav.why"], catalogue("en")["nav.why"]
    ('Waarom', 'Why')
    """
    folder = Path(__file__).with_name("texts")
    paths = [folder / f"{language}.toml", *folder.glob(f"*.{language}.toml")]
    return dict(pair for path in paths for pair in _flat(tomllib.loads(path.read_text(encoding="utf-8"))))


def language() -> Language:
    """The language of this session."""
    return cast(Language, st.session_state.get("taal") or "nl")


def text(key: str, **values: object) -> str:
    """A text in the session's language, its `{fields}` filled in as those of a sentence; see `wording`."""
    reader = language()
    template = catalogue(reader)[key]
    return voice(reader).filled(template, values) if values else template


@dataclass(frozen=True)
class Notation:
    """How one reader writes numbers and names things; for tables, which write many."""

    language: Language

    def term(self, dutch: str) -> str:
        """A word of the engine (a column, a step); the Dutch word where it has no translation."""
        words = catalogue(self.language)
        return words.get(f"terms.{dutch}") or words.get(f"sentences.{dutch}") or dutch

    def said(self, words: str) -> str:
        """A sentence or a word of the engine in this language."""
        return voice(self.language).said(words) if isinstance(words, Sentence) else self.term(words)

    def euros(self, amount: int, *, sign: bool = False) -> str:
        """Cents as whole euros."""
        return _typeset(money.format_euros(amount, self.language, sign=sign))

    def cents(self, amount: int, *, sign: bool = False) -> str:
        """Cents as euros and cents."""
        return _typeset(money.format_cents(amount, self.language, sign=sign))

    def thousands(self, amount: int) -> str:
        """Cents as thousands of euros without a sign, as task fields are reported."""
        return money.group_thousands(f"{Decimal(amount) / 100_000:,.0f}", self.language)

    def share(self, fraction: float, *, digits: int = 1, sign: bool = False) -> str:
        """A percentage; the plus of a change is no plus of nothing.

        >>> Notation("en").share(0.05, sign=True), Notation("en").share(-0.0001, sign=True)
        ('+5.0\\xa0%', '0.0\\xa0%')
        """
        fraction = _or_nothing(fraction, digits + 2)
        plus = "+" if sign and fraction > 0 else ""
        return _typeset(plus + money.format_share(fraction, self.language, digits=digits))

    def number(self, value: float, *, digits: int = 0) -> str:
        """A number with a true minus, and no minus before nothing.

        >>> Notation("nl").number(-1234.5, digits=1), Notation("nl").number(-0.04, digits=1)
        ('−1.234,5', '0,0')
        """
        value = _or_nothing(value, digits)
        return _typeset(money.group_thousands(f"{Decimal(str(value)):,.{digits}f}", self.language))

    def day(self, day: date) -> str:
        """A date; no line is broken within it.

        >>> from datetime import date
        >>> Notation("nl").day(date(2026, 9, 5)), Notation("en").day(date(2026, 9, 5))
        ('05-09-2026', '5\\xa0September\\xa02026')
        """
        if self.language == "nl":
            return f"{day:%d-%m-%Y}"
        return _typeset(f"{day.day} {catalogue(self.language)[f'periods.{day:%m}']} {day.year}")

    def period(self, label: str) -> str:
        """A period of the workbook in words: a month, a quarter, or a year as it is.

        >>> Notation("nl").period("2024-03"), Notation("en").period("2024-K1"), Notation("nl").period("2024")
        ('maart 2024', 'Q1 2024', '2024')
        """
        year, _, part = label.partition("-")
        return f"{catalogue(self.language)[f'periods.{part}']} {year}" if part else year


@cache
def voice(language: Language) -> Voice:
    """How the sentences of the engine are told in a language; see `wording`."""
    told, reader = catalogue(language), Notation(language)

    def period(label: str) -> str:
        return reader.period(label.replace("Q", "-K"))

    if language == "nl":
        return replace(DUTCH, period=period)
    return Voice(
        text=lambda dutch: told.get(f"sentences.{dutch}") or told.get(f"terms.{dutch}"),
        euros=lambda amount, sign: reader.euros(amount, sign=sign),
        cents=lambda amount, full: reader.cents(amount) if full or amount % 100 else reader.euros(amount),
        period=period,
        day=reader.day,
        number=_typeset,
        last=told["sentences.en"],
        either=told["sentences.of"],
    )


def notation() -> Notation:
    """The notation of this session."""
    return Notation(language())


def term(dutch: str) -> str:
    """A word of the engine in the session's language; the Dutch word where it has no translation."""
    return notation().term(dutch)


def said(words: str) -> str:
    """A sentence or a word of the engine in the session's language."""
    return notation().said(words)


def is_dutch(words: str) -> bool:
    """Whether a sentence or word of the engine is in Dutch only while the session is not."""
    reader = language()
    dutch = words.template if isinstance(words, Sentence) else words
    return reader != "nl" and voice(reader).text(dutch) is None


def euros(amount: int, *, sign: bool = False) -> str:
    """Cents as whole euros in the session's notation."""
    return notation().euros(amount, sign=sign)


def cents(amount: int, *, sign: bool = False) -> str:
    """Cents as euros and cents in the session's notation."""
    return notation().cents(amount, sign=sign)


def share(fraction: float, *, digits: int = 1, sign: bool = False) -> str:
    """A percentage in the session's notation."""
    return notation().share(fraction, digits=digits, sign=sign)


def number(value: float, *, digits: int = 0) -> str:
    """A number in the session's notation."""
    return notation().number(value, digits=digits)


def period(label: str) -> str:
    """A period of the workbook in words."""
    return notation().period(label)


def _or_nothing(value: float, digits: int) -> float:
    """A number that would be written as nothing, without its sign."""
    return value if abs(value) >= 0.5 * 10**-digits else 0.0


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
