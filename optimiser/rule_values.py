"""What to fill in for a repair: the new value of a rule, where it is known what it is a share of.

An amount (a lock, a given ceiling, growth per inhabitant) is known; a share is one of last year's area budget (pace),
of all money of the year (buffer) or of a given area budget (prevention). Pace after the first year is a share of a
budget that is a decision itself: there it is what the least relaxation comes to. A value is rounded to the side that
leaves room, so that the plan holds with what is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from optimiser.allocation import NewValue
from optimiser.arithmetic import exact, total_money
from optimiser.elastic import System
from optimiser.model import CENTS_PER_UNIT
from optimiser.solver import FloatVector

AMOUNTS = ("vast", "plafond", "groei_max_per_inwoner")
"""Rules that are euros; the others are shares."""
_STEPS = 10_000
"""Shares are given to a ten-thousandth."""
_CEILED = ("groei_min", "groei_max", "groei_max_per_inwoner", "preventie_max")
"""Rules that give way by a higher value."""


def new_values(
    system: System, part: Mapping[int, int], moves: Mapping[int, int], columns: FloatVector
) -> tuple[NewValue, ...]:
    """What the rules behind these rows become, with their right sides lowered by `part` cents.

    `moves`: all that changes in the same repair; `columns`: an answer with it, in the model's units. Empty where one of
    them is no value of a rule, or a share of something unknown.
    """
    found = []
    for i, cents in part.items():
        value = _value(system, i, cents, moves, columns)
        if value is None:
            return ()
        place = system.model.rows[i].place
        steps = 100 if place.rule in AMOUNTS else _STEPS
        found.append(NewValue(place, _rounded(value, steps, up=place.rule in _CEILED)))
    return tuple(found)


def _value(
    system: System, i: int, cents: int, moves: Mapping[int, int], columns: FloatVector
) -> Fraction | None:
    """The value of the rule behind row `i` with its right side `cents` lower; None where that is not known."""
    problem, row = system.model.problem, system.model.rows[i]
    choices, t = problem.choices, row.t
    side = _side(system, i) - cents
    if row.place.rule == "vast":
        return Fraction(side, 100)
    if row.place.rule == "buffer_centraal":
        money = int(total_money(problem)[t])
        given = all(system.model.rows[j].place.rule != "middelen" for j in moves)
        return Fraction(side, money) if given and money and cents > 0 else None
    if row.place.area not in problem.areas:
        return None
    d = problem.areas.index(row.place.area)
    match row.place.rule:
        case "plafond":
            return Fraction(side, 100)
        case "groei_min":
            growth = _growth(system, (d, t), side, columns)
            return None if growth is None else -growth
        case "groei_max":
            return _growth(system, (d, t), side, columns)
        case "groei_max_per_inwoner" if problem.inhabitants[d, t] > 0:
            before = round(float(problem.last_ceiling[d])) if t == 0 else 0
            return Fraction(side - before) / exact(float(problem.inhabitants[d, t])) / 100
        case "preventie_min":
            return _of_given(system, (d, t), exact(float(choices.prevention_min_dt[d, t])), side, moves)
        case "preventie_max":
            return _of_given(system, (d, t), exact(float(choices.prevention_max_dt[d, t])), side, moves)
    return None


def _growth(system: System, cell: tuple[int, int], side: int, columns: FloatVector) -> Fraction | None:
    """ceiling / ceiling of the year before - 1; in the first year the ceiling is the right side of the row."""
    d, t = cell
    if t == 0:
        last = round(float(system.model.problem.last_ceiling[d]))
        return Fraction(side, last) - 1 if last > 0 else None
    ceiling, before = (float(columns[system.model.ceiling[d, year].index]) for year in (t, t - 1))
    return exact(ceiling) / exact(before) - 1 if before > 0 else None


def _of_given(
    system: System, cell: tuple[int, int], share: Fraction, side: int, moves: Mapping[int, int]
) -> Fraction | None:
    """share + side / given: the share of a given area budget, where this repair leaves that as it is."""
    d, t = cell
    area = system.model.problem.areas[d]
    for j, row in enumerate(system.model.rows):
        if (row.place.rule, row.place.area, row.t) == ("plafond", area, t) and j not in moves:
            given = _side(system, j)
            return share + Fraction(side, given) if given else None
    return None


def _side(system: System, i: int) -> int:
    return round(float(system.side[i]) * CENTS_PER_UNIT)


def _rounded(value: Fraction, steps: int, *, up: bool) -> Decimal:
    """To so many parts of one, up or down.

    >>> _rounded(Fraction(1, 3), 10_000, up=True), _rounded(Fraction(1, 3), 100, up=False)
    (Decimal('0.3334'), Decimal('0.33'))
    """
    return Decimal(ceil(value * steps) if up else floor(value * steps)) / steps
