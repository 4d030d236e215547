"""Contradictions that plain arithmetic sees before anything is solved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

import numpy as np

from optimiser.allocation import Contradiction, NewValue, Place, Repair, RuleInConflict
from optimiser.arithmetic import basic_package, exact, half_up
from optimiser.problem import FloatArray, Problem
from optimiser.rules.rule import area_name
from wording.sentence import PARAGRAPH, Sentence, Template

_NAMED = 3
"""Up to this many areas are named even where they are all there are."""
_MINIMUM = Template("het minimum voor preventie van {areas:and} in {years:and}")
_MAXIMUM = Template("het maximum voor preventie van {areas:and} in {years:and}")
_ROOM = Template("de ruimte in de programma's van {areas:and} in {years:and}")
_ALL_AREAS = Template("alle gebieden")
_LOWER = Template("Verlaag {rule} naar {share}.")
_RAISE_TO = Template("Verhoog {rule} naar {share}.")
_RAISE_BY = Template("Verhoog {rule} met {cents:cents}.")
_RAISE_EACH_BY = Template("Verhoog {rule} met {cents:cents} per gebied en jaar.")
_PERCENTAGE = Template("{percent:.10g} %")
_CLASH = Template(
    "{low:capital} en {high} kunnen niet samen (beschikbaar {have:cents}, nodig {need:cents} naar de basispakketten)."
)
_SMALLEST = Template("Kleinste oplossing: {repair}")


def areas_out_of_reach(problem: Problem) -> list[int]:
    """Areas whose own rules (locks, pace, a given ceiling) leave no possible area budget in some year.

    least[t] = max(locks, given, (1 - fall) least[t-1]);  most[t] = min(given, (1 + growth) most[t-1],
    most[t-1] + growth per head * inhabitants), from last year's ceiling where that is known.
    """
    choices, n_areas = problem.choices, len(problem.areas)
    locks = np.nansum(choices.locked_dst, axis=1)
    least = np.where(np.isnan(problem.last_ceiling), 0.0, problem.last_ceiling)
    most = np.where(np.isnan(problem.last_ceiling), np.inf, problem.last_ceiling)
    impossible = np.zeros(n_areas, dtype=bool)
    for t in range(len(problem.years)):
        falls, grows = np.abs(choices.max_fall_dt[:, t]), choices.max_growth_dt[:, t]
        per_head = choices.max_growth_per_head_dt[:, t] * problem.inhabitants[:, t]
        given = choices.ceiling_dt[:, t]
        least = np.fmax(np.fmax(locks[:, t], given), np.where(np.isnan(falls), 0.0, (1 - falls) * least))
        most = np.fmin(_unless_unknown((1 + grows) * most), _unless_unknown(most + per_head))
        most = np.fmin(most, _unless_unknown(given))
        impossible |= least > most + 1
        most = np.maximum(most, least)
    return np.flatnonzero(impossible).tolist()


def _unless_unknown(limit: FloatArray) -> FloatArray:
    return np.where(np.isnan(limit), np.inf, limit)


@dataclass(frozen=True)
class _Short:
    """One area and year with more prevention asked than allowed: shares, and cents of its basic packages."""

    d: int
    t: int
    share: Fraction
    allowed_share: Fraction
    asked: int
    allowed: int


def prevention_out_of_reach(problem: Problem) -> Contradiction | None:
    """Every area whose minimum for prevention is above its maximum, else above what its programmes can take.

    Seen before the run: the programme itself would answer by emptying the area's budget. What the programmes can
    take is held against the share of the basic packages, which is the least that an area should get.
    """
    above_maximum, above_room = [], []
    basic = basic_package(problem.claims, problem.basic_share).sum(axis=1)
    minimum, maximum = problem.choices.prevention_min_dt, problem.choices.prevention_max_dt
    for d, t in np.argwhere(minimum > 0).tolist():
        share, need = exact(float(minimum[d, t])), int(basic[d, t])
        asked = half_up(share * need)
        if minimum[d, t] > maximum[d, t]:
            most = exact(float(maximum[d, t]))
            above_maximum.append(_Short(d, t, share, most, asked, half_up(most * need)))
        area = problem.areas[d]
        room = sum(sum(p.segment_cents) for p in problem.programmes if not p.areas or area in p.areas)
        if asked > room:
            above_room.append(_Short(d, t, share, _percentage(Fraction(room, need)), asked, room))
    if above_maximum:
        return _apart(problem, above_maximum, "preventie_max")
    return _apart(problem, above_room, "preventie_ruimte") if above_room else None


def _percentage(share: Fraction) -> Fraction:
    """Down to a hundredth of a per cent, so that it can be typed as it is printed."""
    return Fraction(floor(share * 10_000), 10_000)


def _apart(problem: Problem, shorts: Sequence[_Short], high: str) -> Contradiction:
    """The clash of `preventie_min` with the rule `high`, for all its areas and years at once."""
    areas = list(dict.fromkeys(short.d for short in shorts))
    years = list(dict.fromkeys(problem.years[short.t] for short in shorts))
    names = tuple(area_name(problem, problem.areas[d]) for d in areas)
    some = len(areas) <= _NAMED or len(areas) < len(problem.areas)
    when = {"areas": names if some else (_ALL_AREAS(),), "years": tuple(sorted(years))}
    low_title = _MINIMUM(**when)
    high_title = (_MAXIMUM if high == "preventie_max" else _ROOM)(**when)
    asked, allowed = sum(short.asked for short in shorts), sum(short.allowed for short in shorts)
    place = (
        years[0] if len(years) == 1 else None,
        problem.areas[areas[0]] if len(areas) == 1 else None,
    )
    low_place, high_place = Place("preventie_min", *place), Place(high, *place)
    clash = (RuleInConflict(low_place, allowed, asked), RuleInConflict(high_place, allowed, asked))
    least, most = min(short.allowed_share for short in shorts), max(short.share for short in shorts)
    wider = max(short.asked - short.allowed for short in shorts)
    lower = _LOWER(rule=low_title, share=_in_words(least))
    raised = _raised(high, high_title, most, wider, len(shorts))
    wide = _everywhere(problem, shorts, high, most) if high == "preventie_max" else ()
    repairs = (
        Repair((low_place,), asked - allowed, lower, 0, _everywhere(problem, shorts, low_place.rule, least)),
        Repair((high_place,), asked - allowed, raised, 0, wide),
    )
    text = _CLASH(low=low_title, high=high_title, have=allowed, need=asked)
    sentence = PARAGRAPH(sentences=(text, _SMALLEST(repair=repairs[0].sentence)))
    return Contradiction(clash, repairs, sentence)


def _everywhere(
    problem: Problem, shorts: Sequence[_Short], name: str, share: Fraction
) -> tuple[NewValue, ...]:
    """One value in all these areas and years."""
    value = Decimal(share.numerator) / share.denominator
    places = (Place(name, problem.years[short.t], problem.areas[short.d]) for short in shorts)
    return tuple(NewValue(place, value) for place in places)


def _raised(high: str, title: Sentence, most: Fraction, wider: int, n: int) -> Sentence:
    """What to make of the rule that allows too little; a maximum is a share, room in programmes an amount."""
    if high == "preventie_max":
        return _RAISE_TO(rule=title, share=_in_words(most))
    return (_RAISE_EACH_BY if n > 1 else _RAISE_BY)(rule=title, cents=wider)


def _in_words(share: Fraction) -> Sentence:
    """A share as a percentage, in full."""
    return _PERCENTAGE(percent=float(share * 100))
