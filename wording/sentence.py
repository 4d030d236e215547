"""A Dutch sentence that remembers what it is made of, so that the same can be said in another language.

A `Template` is a Dutch text with fields between braces. Called with their values it makes a `Sentence`: the Dutch
text, ready to be printed or written, with its template and its values beside it. Another language has a text of
its own for every template, and writes the same values its own way.

    {name}              a text as it is, a sentence in its language, several of them between commas
    {n:wijk|wijken}     the first for 1, the second for every other number
    {parts:and}         several as `a, b en c`; `or`: as `a, b of c`; ` ;`: between semicolons; ` .`: between spaces
    {told:capital}      with a capital; `small`: without
    {cents:euros}       cents as whole euros; `+euros` with the plus of a change
    {cents:cents}       cents as euros, to the cent where there are cents; `,00`: to the cent everywhere
    {word:word}         a word that every language has its own for
    {period:period}     a month, quarter or year as the workbook writes it; `day`: a date
    {share:.1%}         numbers as Python formats them, in the notation of the language; halves up in a percentage
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from wording.dutch import enumerated, euros, exact_euros

_SWAP = str.maketrans(",.", ".,")
_JOINTS = {"and": ", ", "or": ", ", ";": "; ", ".": " "}
_PERCENTAGE = re.compile(r"(\+?)\.(\d)%")


@dataclass(frozen=True)
class Voice:
    """How a language says things: its text for a Dutch template or word, and how it writes amounts and periods."""

    text: Callable[[str], str | None]
    """The text for a Dutch one; None where the language has none."""
    euros: Callable[[int, bool], str]
    """Whole euros of an amount in cents; with a plus before more than nothing if asked."""
    cents: Callable[[int, bool], str]
    """An amount to the cent; even without cents if asked."""
    period: Callable[[str], str]
    day: Callable[[date], str]
    number: Callable[[str], str]
    """A number from the notation of Python."""
    last: str
    """The word before the last of several."""
    either: str
    """The word before the last of several of which one is meant."""

    def said(self, words: str) -> str:
        """A sentence in this language; a plain text has no other language than its own."""
        if isinstance(words, Sentence):
            template = self.text(words.template)
            if template is not None:
                return self.filled(template, words.values)
        return str(words)

    def filled(self, template: str, values: Mapping[str, Any]) -> str:
        """The text with its values."""
        return _Filler(self).vformat(template, (), values)


class Sentence(str):
    """The Dutch text, with its `template` and `values`: a plain text to who asks no more.

    It crosses to other processes; adding texts to it, or formatting it, gives a plain text.
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, values: Mapping[str, Any]) -> Sentence:
        """The template in Dutch with its values."""
        sentence = super().__new__(cls, DUTCH.filled(template, values))
        sentence.template, sentence.values = template, values
        return sentence

    def __reduce__(self) -> tuple[Any, ...]:
        return Sentence, (self.template, self.values)


class Template(str):
    """A Dutch text with fields.

    >>> told = Template("In {n} {n:wijk|wijken} is {cents:euros} over: {share:.1%}.")(n=2, cents=125000, share=0.125)
    >>> told
    'In 2 wijken is € 1.250 over: 12,5 %.'
    >>> told.values["n"]
    2
    """

    __slots__ = ()

    def __call__(self, **values: Any) -> Sentence:
        """The sentence with these values."""
        return Sentence(str(self), values)


PARAGRAPH = Template("{sentences: .}")
"""Sentences one after the other."""


class _Filler(string.Formatter):
    """Writes values as a language does."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    def format_field(self, value: Any, format_spec: str) -> str:
        """One field."""
        voice = self._voice
        if isinstance(value, (list, tuple)):
            return self._several(value, format_spec)
        if "|" in format_spec:
            return format_spec.split("|")[0 if value == 1 else 1]
        match format_spec:
            case "":
                return voice.said(value) if isinstance(value, str) else str(value)
            case "euros" | "+euros":
                return voice.euros(value, format_spec[0] == "+")
            case "cents" | ",00":
                return voice.cents(value, format_spec == ",00")
            case "day":
                return voice.day(value)
            case "period":
                return voice.period(value)
            case "word":
                return voice.said(value) if isinstance(value, Sentence) else voice.text(value) or str(value)
            case "capital":
                told = voice.said(value)
                return told[:1].upper() + told[1:]
            case "small":
                told = voice.said(value)
                return told[:1].lower() + told[1:]
            case _:
                return voice.number(_number(value, format_spec))

    def _several(self, values: Sequence[Any], format_spec: str) -> str:
        head, _, joint = format_spec.rpartition(" ")
        parts = [self.format_field(value, head if joint in _JOINTS else format_spec) for value in values]
        if joint in ("and", "or") and parts:
            return enumerated(parts, self._voice.last if joint == "and" else self._voice.either)
        return _JOINTS.get(joint, ", ").join(parts)


def _number(value: Any, format_spec: str) -> str:
    percentage = _PERCENTAGE.fullmatch(format_spec)
    if percentage is None:
        return format(value, format_spec)
    sign, digits = percentage.groups()
    percent = Decimal(str(float(value))) * 100
    if percent.is_finite():
        percent = percent.quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP)
    return f"{percent:{sign},} %"


DUTCH = Voice(
    text=lambda template: template,
    euros=lambda cents, sign: euros(cents, sign=sign),
    cents=lambda cents, full: exact_euros(cents, full=full),
    period=str,
    day=lambda day: f"{day:%d-%m-%Y}",
    number=lambda number: number.translate(_SWAP),
    last="en",
    either="of",
)
"""The language that every sentence is made in."""
