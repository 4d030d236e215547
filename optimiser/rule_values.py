"""What to fill in for a repair: the value of a rule that is a share, where it is known what it is a share of.

Of last year's area budget (pace), of all money of the year (buffer), of a given area budget (prevention); growth per
inhabitant is an amount. A value is rounded to the side that leaves room, so that the plan holds with what is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor

from optimiser.arithmetic import exact, total_money
from optimiser.elastic import System
from optimiser.model import CENTS_PER_UNIT

_MANY = 6
"""Up to this many areas get a value each."""
_STEPS = 10_000
"""Shares are printed to a ten-thousandth."""
_CEILED = ("groei_min", "groei_max", "groei_max_per_inwoner", "preventie_max")
"""Rules that give way by a higher value."""


def new_values(
    system: System, name: str, part: Mapping[int, int], moves: Mapping[int, int]
) -> tuple[str, ...]:
    """`0,1523`: what this rule becomes, per area, with its right sides lowered by `part` cents.

    Written as the workbook takes it. `moves`: all that changes in the same repair. Empty where the rule is no share, or
    one of an amount unknown.
    """
    values = [_value(system, i, cents, moves) for i, cents in part.items()]
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values) or len(known) > _MANY:
        return ()
    return tuple(_decimal(value, up=name in _CEILED) for value in known)


def _value(system: System, i: int, cents: int, moves: Mapping[int, int]) -> Fraction | None:
    """The value of the rule behind row `i` with its right side `cents` lower; None where that is not known exactly."""
    problem, row = system.model.problem, system.model.rows[i]
    choices, t = problem.choices, row.t
    side = _side(system, i) - cents
    if row.place.rule == "buffer_centraal":
        money = int(total_money(problem)[t])
        given = all(system.model.rows[j].place.rule != "middelen" for j in moves)
        return Fraction(side, money) if given and money and cents > 0 else None
    if row.place.area not in problem.areas:
        return None
    d = problem.areas.index(row.place.area)
    last = float(problem.last_ceiling[d])
    match row.place.rule:
        case "groei_min" if t == 0 and last > 0:
            return 1 - Fraction(side, round(last))
        case "groei_max" if t == 0 and last > 0:
            return Fraction(side, round(last)) - 1
        case "groei_max_per_inwoner" if problem.inhabitants[d, t] > 0:
            before = round(last) if t == 0 else 0
            return Fraction(side - before) / exact(float(problem.inhabitants[d, t])) / 100
        case "preventie_min":
            return _of_given(system, (d, t), exact(float(choices.prevention_min_dt[d, t])), side, moves)
        case "preventie_max":
            return _of_given(system, (d, t), exact(float(choices.prevention_max_dt[d, t])), side, moves)
    return None


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


def _decimal(value: Fraction, *, up: bool) -> str:
    """To four decimals, up or down, Dutch.

    >>> _decimal(Fraction(1, 3), up=True), _decimal(Fraction(1, 3), up=False), _decimal(Fraction(1, 5), up=True)
    ('0,3334', '0,3333', '0,2')
    """
    steps = ceil(value * _STEPS) if up else floor(value * _STEPS)
    return f"{steps / _STEPS:.4f}".rstrip("0").rstrip(".").replace(".", ",")
