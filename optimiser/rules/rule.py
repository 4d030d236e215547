"""What a rule of the allocator is: one place with its meaning, its rows, and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from optimiser.allocation import Place
from optimiser.model import Model
from optimiser.problem import Problem
from wording.sentence import Sentence, Template

Words = Callable[[Problem, Place], Sentence]
BothWays = Callable[[Problem, Place], tuple[Sentence, Sentence]]
_IN_YEAR = Template("{where} in {year}")
_WHERE = Template("{parts}")
_AREAS = Template("de gebieden")
_CITY = Template("de hele stad")


@dataclass(frozen=True)
class Rule:
    """A named family of rows.

    `add` states the rule in the programme. `title` names it in Dutch within a sentence ("de maximale groei
    van Noord in 2027"). `easing` says what € 10.000 of room at this rule is, as the subject of a sentence
    ("€ 10.000 meer groei voor Noord in 2027"), and what € 10.000 less room is; or is None where nobody can ease
    it. `either`: more as well as less may be what gives room. `yearly`: the limit of a year starts from the year
    before, so that room in one year is room in others.
    """

    name: str
    add: Callable[[Model], None]
    title: Words
    easing: BothWays | None = None
    either: bool = False
    yearly: bool = False


def more_and_less(template: Template, **values: object) -> tuple[Sentence, Sentence]:
    """A text in which `{way:word}` is more, and the same with less."""
    return template(way="meer", **values), template(way="minder", **values)


def less_and_more(template: Template, **values: object) -> tuple[Sentence, Sentence]:
    """The other way round."""
    more, less = more_and_less(template, **values)
    return less, more


def where(problem: Problem, place: Place) -> Sentence:
    """Area, stream and year of a place in words: `Noord, Jeugdhulp in 2027`."""
    parts = []
    if place.area is not None:
        parts.append(area_name(problem, place.area))
    if place.stream is not None and place.stream in problem.streams:
        parts.append(problem.stream_names[problem.streams.index(place.stream)])
    there = _WHERE(parts=tuple(parts)) if parts else _AREAS()
    return _IN_YEAR(where=there, year=place.year) if place.year is not None else there


def area_name(problem: Problem, code: str | None) -> str:
    """The name of an area; the city has one too, and no code means several areas."""
    if code is None:
        return _AREAS()
    return _CITY() if code == "STAD" else problem.area_names[problem.areas.index(code)]
