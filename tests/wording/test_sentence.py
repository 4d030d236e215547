"""A sentence is its Dutch text, and can be told again in another language."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import pytest

from wording.sentence import DUTCH, PARAGRAPH, Sentence, Template

_INNER = Template("{n} {n:wijk|wijken}")
_OUTER = Template("{told:capital}: {cents:euros} in {month:period}, {rule:word}.")
_ENGLISH = {
    "{n} {n:wijk|wijken}": "{n} {n:district|districts}",
    "{told:capital}: {cents:euros} in {month:period}, {rule:word}.": "{rule:word} for {told}: {cents:euros}",
    "vast": "locked",
    "{sentences: .}": "{sentences: .}",
}
_VOICE = replace(
    DUTCH, text=_ENGLISH.get, euros=lambda cents, sign: f"EUR {cents // 100}", number=str, last="and"
)


@pytest.mark.parametrize(
    ("template", "values", "dutch"),
    [
        ("{n:wijk|wijken}", {"n": 1}, "wijk"),
        ("{n:wijk|wijken}", {"n": 0}, "wijken"),
        ("{parts}", {"parts": ("a", "b")}, "a, b"),
        ("{parts:and}", {"parts": ("a", "b", "c")}, "a, b en c"),
        ("{parts: ;}", {"parts": ("a", "b")}, "a; b"),
        ("{parts: .}", {"parts": ("A.", "B.")}, "A. B."),
        ("{parts}", {"parts": ()}, ""),
        ("{told:capital} {told:small}", {"told": "de Brug"}, "De Brug de Brug"),
        ("{cents:euros} {cents:+euros}", {"cents": 123456_50}, "€ 123.457 +€ 123.457"),
        ("{cents:+euros}", {"cents": -49}, "€ 0"),
        ("{cents:cents} {round:cents}", {"cents": 100_05, "round": 100_00}, "€ 100,05 € 100"),
        ("{share:.1%} {share:+.0%}", {"share": 0.125}, "12,5 % +13 %"),
        ("{share:.1%}", {"share": -0.0345}, "-3,5 %"),
        ("{x:.2f} {x:,.0f}", {"x": 1234.5}, "1234,50 1.234"),
        ("{year}", {"year": 2027}, "2027"),
    ],
)
def test_a_field_is_written_as_a_dutch_reader_writes_it(
    template: str, values: dict[str, Any], dutch: str
) -> None:
    assert Template(template)(**values) == dutch


def test_a_sentence_is_its_dutch_text() -> None:
    said = _OUTER(told=_INNER(n=2), cents=12_00, month="2027-03", rule="vast")
    assert said == "2 wijken: € 12 in 2027-03, vast."
    assert {said: 1}["2 wijken: € 12 in 2027-03, vast."] == 1


def test_it_is_told_again_with_all_that_it_holds() -> None:
    said = _OUTER(told=_INNER(n=1), cents=12_00, month="2027-03", rule="vast")
    assert _VOICE.said(said) == "locked for 1 district: EUR 12"
    assert (
        _VOICE.said(PARAGRAPH(sentences=(said, _INNER(n=2)))) == "locked for 1 district: EUR 12 2 districts"
    )


def test_what_a_language_has_no_text_for_stays_as_it_is() -> None:
    assert _VOICE.said(Template("Geen {what}.")(what="idee")) == "Geen idee."
    assert _VOICE.said("plain") == "plain"


def test_a_sentence_crosses_to_another_process() -> None:
    said = _OUTER(told=_INNER(n=2), cents=12_00, month="2027", rule="vast")
    arrived = pickle.loads(pickle.dumps(said))
    assert isinstance(arrived, Sentence)
    assert (arrived, arrived.template, arrived.values) == (said, said.template, said.values)
