"""What a rule of the allocator is: one place with its meaning, its rows, and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from optimiser.allocation import Place
from optimiser.model import Model
from optimiser.problem import Problem

Words = Callable[[Problem, Place], str]


@dataclass(frozen=True)
class Rule:
    """A named family of rows.

    `add` states the rule in the programme. `title` names it in Dutch within a sentence ("de maximale groei
    van Noord in 2027"). `easing` says what € 10.000 of room at this rule is, as the subject of a sentence
    ("€ 10.000 meer groei voor Noord in 2027"; `{meer}` where more or less may be the way), or is None where
    nobody can ease it.
    """

    name: str
    add: Callable[[Model], None]
    title: Words
    easing: Words | None = None


def where(problem: Problem, place: Place) -> str:
    """Area, stream and year of a place in words: `Noord, Jeugdhulp in 2027`."""
    parts = []
    if place.area is not None:
        parts.append(area_name(problem, place.area))
    if place.stream is not None and place.stream in problem.streams:
        parts.append(problem.stream_names[problem.streams.index(place.stream)])
    text = ", ".join(parts) or "de gebieden"
    return f"{text} in {place.year}".strip() if place.year is not None else text


def area_name(problem: Problem, code: str | None) -> str:
    """The name of an area; the city has one too, and no code means several areas."""
    if code is None:
        return "de gebieden"
    return "de hele stad" if code == "STAD" else problem.area_names[problem.areas.index(code)]
