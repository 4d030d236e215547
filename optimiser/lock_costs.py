"""What a lock or a given ceiling costs: the answer with it against the answer without it, both solved.

    cost = shortfall with - shortfall without;  likewise the distance to the expected cost          (vast, plafond)

Everything else stays as it is, the other locks too, so that the costs of several locks need not add up.
"""

from __future__ import annotations

from contextlib import suppress
from math import inf

from optimiser.allocation import LockCost, Place
from optimiser.model import CENTS_PER_UNIT
from optimiser.problem import Problem
from optimiser.questions import ANYTHING, NOTHING, Bounds, Questions, Totals, effect
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


def cost_of_lock(
    what_if: WhatIf, area: str, year: int, stream: str | None = None, cents: int | None = None
) -> LockCost | None:
    """The cost of one lock (`stream` given; area `STAD` for the city) or one given ceiling (without `stream`).

    Of the rule that is there; or of a new amount `cents` in a place that is free. None where the rules leave no
    answer with that amount, or where nothing is fixed and no amount is given. Raises NotSolved without a proof.
    """
    questions = Questions.of(what_if)
    place = Place("plafond" if stream is None else "vast", year, area, stream)
    for index, row in enumerate(what_if.model.rows):
        if row.place == place:
            return _released(questions, index)
    return None if cents is None else _fixed(questions, place, cents)


def _released(questions: Questions, index: int) -> LockCost | None:
    """The cost of a row that fixes an amount."""
    row = questions.model.rows[index]
    without = questions.ask({index: ANYTHING})
    if without is None:
        return None
    cents = round(row.side() * CENTS_PER_UNIT)
    return _cost(questions.model.problem, row.place, cents, questions.now, without)


def _fixed(questions: Questions, place: Place, cents: int) -> LockCost | None:
    """The cost of fixing an amount that is free, above its claim too."""
    model, problem = questions.model, questions.model.problem
    t, city = problem.years.index(int(place.year or 0)), place.area == "STAD"
    d = -1 if city else problem.areas.index(str(place.area))
    rows: dict[int, Bounds] = {}
    if place.stream is None:
        column = model.ceiling[d, t]
    else:
        s = problem.streams.index(place.stream)
        column = model.city[s, t] if city else model.x[d, s, t]
        claim = int(problem.city_claims[s, t] if city else problem.claims[d, s, t])
        for index, row in enumerate(model.rows):
            if row.place == place._replace(rule="verwachte_lasten") and row.constraint.sense == 0:
                rows[index] = (claim, inf)
    given = questions.ask(rows, {column.index: (cents, cents)})
    return None if given is None else _cost(problem, place, cents, given, questions.now)


def _cost(problem: Problem, place: Place, cents: int, given: Totals, without: Totals) -> LockCost:
    title = capitalised(rule(place.rule).title(problem, place))
    sentence = f"{title} ({exact_euros(cents)}) loslaten {effect(given, without) or NOTHING}."
    short, lack = given.shortfall - without.shortfall, given.lack - without.lack
    return LockCost(place, cents, short, lack, sentence)
