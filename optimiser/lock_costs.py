"""What a lock or a given ceiling costs: the answer with it against the answer without it, both solved.

    cost = shortfall with - shortfall without;  likewise the distance to the expected cost          (vast, plafond)

Everything else stays as it is, the other locks too, so that the costs of several locks need not add up.
"""

from __future__ import annotations

from contextlib import suppress

from optimiser.allocation import LockCost, Place
from optimiser.effects import NOTHING, effect
from optimiser.model import CENTS_PER_UNIT
from optimiser.problem import Problem
from optimiser.rules import rule
from optimiser.solver import NotSolved
from optimiser.whatif import ANYTHING, Answer, WhatIf
from wording.sentence import Template

MOST = 60
"""Locks asked at most, those with the highest price first."""
RULES = ("vast", "plafond")
_RELEASED = Template("{title:capital} ({fixed:cents}) loslaten {effect}.")


def lock_costs(what_if: WhatIf) -> tuple[LockCost, ...]:
    """Every lock and given ceiling of the problem (at most MOST), the dearest first."""
    fixed = [i for i, row in enumerate(what_if.model.rows) if row.place.rule in RULES]
    asked = sorted(fixed, key=lambda i: -abs(float(what_if.prices[i])))[:MOST]
    found = []
    for i in sorted(asked):
        with suppress(NotSolved):
            found.append(_released(what_if, i))
    return tuple(sorted(filter(None, found), key=lambda cost: (-cost.shortfall, -cost.lack)))


def _released(what_if: WhatIf, index: int) -> LockCost | None:
    """The cost of a row that fixes an amount."""
    row = what_if.model.rows[index]
    without = what_if.ask({index: ANYTHING})
    if without is None:
        return None
    cents = round(row.side() * CENTS_PER_UNIT)
    return _cost(what_if.model.problem, row.place, cents, what_if.now, without)


def _cost(problem: Problem, place: Place, cents: int, given: Answer, without: Answer) -> LockCost:
    title, found = rule(place.rule).title(problem, place), effect(given, without) or NOTHING
    short, lack = given.shortfall - without.shortfall, given.lack - without.lack
    return LockCost(place, cents, short, lack, _RELEASED(title=title, fixed=cents, effect=found))
