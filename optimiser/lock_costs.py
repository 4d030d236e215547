"""What a lock or a given ceiling costs: the answer with it against the answer without it, both solved.

    cost = shortfall with - shortfall without;  likewise the distance to the expected cost          (vast, plafond)

Everything else stays as it is, the other locks too, so that the costs of several locks need not add up.
"""

from __future__ import annotations

from contextlib import suppress

from optimiser.allocation import LockCost, Place
from optimiser.model import CENTS_PER_UNIT
from optimiser.problem import Problem
from optimiser.questions import ANYTHING, NOTHING, Questions, Totals, effect
from optimiser.rules import rule
from optimiser.sentences import capitalised, exact_euros
from optimiser.solver import NotSolved
from optimiser.whatif import WhatIf

MOST = 60
"""Locks asked at most, those with the highest price first."""
RULES = ("vast", "plafond")


def lock_costs(what_if: WhatIf) -> tuple[LockCost, ...]:
    """Every lock and given ceiling of the problem (at most MOST), the dearest first."""
    questions, model = Questions.of(what_if), what_if.model
    fixed = [i for i, row in enumerate(model.rows) if row.place.rule in RULES]
    asked = sorted(fixed, key=lambda i: -abs(float(what_if.prices[i])))[:MOST]
    found = []
    for i in sorted(asked):
        with suppress(NotSolved):
            found.append(_released(questions, i))
    return tuple(sorted(filter(None, found), key=lambda cost: (-cost.shortfall, -cost.lack)))


def _released(questions: Questions, index: int) -> LockCost | None:
    """The cost of a row that fixes an amount."""
    row = questions.model.rows[index]
    without = questions.ask({index: ANYTHING})
    if without is None:
        return None
    cents = round(row.side() * CENTS_PER_UNIT)
    return _cost(questions.model.problem, row.place, cents, questions.now, without)


def _cost(problem: Problem, place: Place, cents: int, given: Totals, without: Totals) -> LockCost:
    title = capitalised(rule(place.rule).title(problem, place))
    sentence = f"{title} ({exact_euros(cents)}) loslaten {effect(given, without) or NOTHING}."
    short, lack = given.shortfall - without.shortfall, given.lack - without.lack
    return LockCost(place, cents, short, lack, sentence)
