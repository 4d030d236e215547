"""What a lock or a given ceiling costs: the answer with it against the answer without it, both solved.

    cost = shortfall with - shortfall without;  likewise the distance to the expected cost          (vast, plafond)

Everything else stays as it is, the other locks too, so that the costs of several locks need not add up. One warm
solve tells the shortfall of every lock. How much expected cost is left unfunded depends on all stages of the
strategy: the dearest locks that cost no shortfall are planned again without them, so that it is an amount.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace

import numpy as np

from optimiser.allocation import Allocation, Contradiction, LockCost, Place
from optimiser.effects import EURO, NOTHING, effect
from optimiser.measures import Measures, measured
from optimiser.model import CENTS_PER_UNIT
from optimiser.problem import Problem
from optimiser.rules import rule
from optimiser.solver import NotSolved
from optimiser.whatif import ANYTHING, Answer, WhatIf
from wording.sentence import Template

MOST = 60
"""Locks asked at most, those with the highest price first."""
PLANNED_AGAIN = 2
"""Locks of which the expected cost that is left unfunded is worked out in all stages."""
RULES = ("vast", "plafond")
_RELEASED = Template("{title:capital} ({fixed:cents}) loslaten {effect}.")
_LEAVES_LESS = Template(
    "verandert niets aan het tekort, maar laat {amount:euros} minder verwachte lasten ongedekt"
)
_LEAVES_MORE = Template(
    "verandert niets aan het tekort, maar laat {amount:euros} meer verwachte lasten ongedekt"
)
_LEAVES_AS_MUCH = Template("verandert niets aan het tekort en laat evenveel verwachte lasten ongedekt")


def lock_costs(what_if: WhatIf) -> tuple[LockCost, ...]:
    """Every lock and given ceiling of the problem (at most MOST), the dearest first."""
    fixed = [i for i, row in enumerate(what_if.model.rows) if row.place.rule in RULES]
    asked = sorted(fixed, key=lambda i: -abs(float(what_if.prices[i])))[:MOST]
    found = []
    for i in sorted(asked):
        with suppress(NotSolved):
            found.append(_released(what_if, i))
    return _dearest_first(filter(None, found))


def with_amounts(
    costs: tuple[LockCost, ...], problem: Problem, given: Allocation, plan: Callable[[Problem], Allocation]
) -> tuple[LockCost, ...]:
    """The same, with the expected cost that the dearest without shortfall leave unfunded; `given` has them all."""
    told = sorted(
        (cost for cost in costs if abs(cost.shortfall) < EURO <= abs(cost.lack)), key=lambda cost: -cost.lack
    )
    if not told:
        return costs
    no_futures = replace(problem, scenarios=None, city_scenarios=None)
    fixed = measured(no_futures, given)
    exact = {}
    for cost in told[:PLANNED_AGAIN]:
        with suppress(Contradiction, NotSolved):
            free = measured(no_futures, plan(_without(problem, cost.place)))
            exact[cost.place] = _in_amounts(problem, cost, fixed, free)
    return _dearest_first(exact.get(cost.place, cost) for cost in costs)


def _dearest_first(costs: Iterable[LockCost]) -> tuple[LockCost, ...]:
    return tuple(sorted(costs, key=lambda cost: (-cost.shortfall, -cost.lack)))


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


def _in_amounts(problem: Problem, cost: LockCost, fixed: Measures, free: Measures) -> LockCost:
    """The cost by the stages of the strategy, with and without the lock; as it was where they move the shortfall."""
    lack = fixed.lack - free.lack
    if abs(fixed.shortfall - free.shortfall) >= EURO:
        return cost
    found = _LEAVES_AS_MUCH if abs(lack) < EURO else _LEAVES_LESS if lack > 0 else _LEAVES_MORE
    title = rule(cost.place.rule).title(problem, cost.place)
    sentence = _RELEASED(title=title, fixed=cost.cents, effect=found(amount=abs(lack)))
    return replace(cost, shortfall=fixed.shortfall - free.shortfall, lack=lack, sentence=sentence)


def _without(problem: Problem, place: Place) -> Problem:
    """The problem without one lock or given ceiling."""
    at: list[int] = [problem.years.index(int(place.year or 0))]
    if place.stream is not None:
        at.insert(0, problem.streams.index(place.stream))
    if place.area in problem.areas:
        at.insert(0, problem.areas.index(place.area))
    family = "ceiling_dt" if place.rule == "plafond" else "locked_dst" if len(at) == 3 else "city_locked_st"
    amounts = getattr(problem.choices, family).copy()
    amounts[tuple(at)] = np.nan
    return replace(problem, choices=replace(problem.choices, **{family: amounts}))
