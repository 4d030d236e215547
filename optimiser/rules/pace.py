"""Pace of change: an area budget moves no faster than the council wants, in share and per inhabitant.

    (1 - |groei_min|) ceiling[d,t-1] <= ceiling[d,t] <= (1 + groei_max) ceiling[d,t-1]
    ceiling[d,t] <= ceiling[d,t-1] + groei_max_per_inwoner * inhabitants[d,t]

ceiling[d,-1] is last year's total; where that (or the number of inhabitants) is unknown there is no limit.
From the second plan year on both sides are decisions, rounded one after the other: the programme keeps a
margin of a few cents, except where a share of 0 makes whole cents follow whole cents by themselves. An area that the
margin stopped goes to the limit itself in the rounding, where money allows.
"""

from __future__ import annotations

from fractions import Fraction
from math import isnan

from optimiser.arithmetic import ceil_cents, exact, floor_cents
from optimiser.model import MARGIN, Model, relation, units
from optimiser.rules.rule import Rule, area_name, more_and_less
from wording.sentence import Template

_FALL = Template("de grootste daling van {area} in {year}")
_MORE_FALL = Template("€ 10.000 {way:word} daling voor {area} in {year}")
_GROWTH = Template("de grootste groei van {area} in {year}")
_MORE_GROWTH = Template("€ 10.000 {way:word} groei voor {area} in {year}")
_GROWTH_PER_HEAD = Template("de grootste groei per inwoner van {area} in {year}")


def add_max_fall(model: Model) -> None:
    """groei_min: at most this share less than the year before."""
    for d, t, fall in model.area_years(model.problem.choices.max_fall_dt):
        factor, ceiling = 1 - abs(exact(fall)), model.ceiling[d, t]
        if t == 0:
            last = float(model.problem.last_ceiling[d])
            if not isnan(last):
                floor = ceil_cents(factor * round(last))
                model.require("groei_min", relation([(ceiling, 1.0)], ">=", units(floor)), t, area=d)
        else:
            margin = MARGIN if fall else 0
            change = [(ceiling, 1.0), (model.ceiling[d, t - 1], -float(factor))]
            row = relation(change, ">=", units(margin))
            model.require("groei_min", row, t, area=d, margin=margin)


def add_max_growth(model: Model) -> None:
    """groei_max: at most this share more than the year before."""
    for d, t, growth in model.area_years(model.problem.choices.max_growth_dt):
        factor, ceiling = 1 + exact(growth), model.ceiling[d, t]
        if t == 0:
            last = float(model.problem.last_ceiling[d])
            if not isnan(last):
                roof = floor_cents(factor * round(last))
                model.require("groei_max", relation([(ceiling, 1.0)], "<=", units(roof)), t, area=d)
        else:
            margin = MARGIN if growth else 0
            change = [(ceiling, 1.0), (model.ceiling[d, t - 1], -float(factor))]
            row = relation(change, "<=", -units(margin))
            model.require("groei_max", row, t, area=d, margin=margin)


def add_max_growth_per_head(model: Model) -> None:
    """groei_max_per_inwoner: at most this many euros per inhabitant more than the year before."""
    problem = model.problem
    for d, t, per_head in model.area_years(problem.choices.max_growth_per_head_dt):
        people = float(problem.inhabitants[d, t])
        last = float(problem.last_ceiling[d])
        if isnan(people) or (t == 0 and isnan(last)):
            continue
        room = floor_cents(exact(per_head) * exact(people) + Fraction(0))
        ceiling = model.ceiling[d, t]
        if t == 0:
            row = relation([(ceiling, 1.0)], "<=", units(round(last) + room))
        else:
            row = relation([(ceiling, 1.0), (model.ceiling[d, t - 1], -1.0)], "<=", units(room))
        model.require("groei_max_per_inwoner", row, t, area=d)


MAX_FALL = Rule(
    "groei_min",
    add_max_fall,
    title=lambda problem, place: _FALL(area=area_name(problem, place.area), year=place.year),
    easing=lambda problem, place: more_and_less(
        _MORE_FALL, area=area_name(problem, place.area), year=place.year
    ),
    yearly=True,
)
MAX_GROWTH = Rule(
    "groei_max",
    add_max_growth,
    title=lambda problem, place: _GROWTH(area=area_name(problem, place.area), year=place.year),
    easing=lambda problem, place: more_and_less(
        _MORE_GROWTH, area=area_name(problem, place.area), year=place.year
    ),
    yearly=True,
)
MAX_GROWTH_PER_HEAD = Rule(
    "groei_max_per_inwoner",
    add_max_growth_per_head,
    title=lambda problem, place: _GROWTH_PER_HEAD(area=area_name(problem, place.area), year=place.year),
    easing=lambda problem, place: more_and_less(
        _MORE_GROWTH, area=area_name(problem, place.area), year=place.year
    ),
    yearly=True,
)
