"""Room to shift: what a stream does not use of its own money may only partly go to other streams.

    own[d,s,t] = ceiling[d,t] * last_budget[d,s] / sum_s last_budget[d,s]
    rest[d,s,t] >= (1 - schuifruimte[d,s,t]) own[d,s,t] - x[d,s,t],   rest >= 0
    sum_s rest[d,s,t] <= free[d,t] + sum_p q[d,p,t]                                          (schuifruimte)

This is x + free + out = own + in with out <= schuifruimte * own and sum in = sum out, with free, in and out
projected away: the part that a stream may not give up is spent by it, stays free, or goes to prevention. Rows
only where some stream of the area has schuifruimte below 1 and last year's budgets are known.
"""

from __future__ import annotations

from fractions import Fraction
from math import isnan

from pulp import lpSum

from optimiser.arithmetic import exact
from optimiser.model import MARGIN, Model, units
from optimiser.problem import Problem
from optimiser.rules.rule import Rule, area_name


def held(problem: Problem, d: int, s: int, t: int) -> Fraction:
    """The share of the area budget that stream s may not give up: (1 - schuifruimte) own / ceiling."""
    room = problem.choices.shift_room_dst[d, s, t]
    last = [0 if isnan(amount) else round(amount) for amount in problem.last_budget[d].tolist()]
    if isnan(room) or room >= 1 or sum(last) <= 0:
        return Fraction(0)
    return (1 - exact(float(room))) * Fraction(last[s], sum(last))


def add(model: Model) -> None:
    """One row per stream that is held, and one per area and year that adds them up."""
    problem = model.problem
    streams = range(len(problem.streams))
    for (d, t), ceiling in model.ceiling.items():
        shares = {s: share for s in streams if (share := held(problem, d, s, t))}
        if not shares:
            continue
        for s, share in shares.items():
            rest = model.silo_rest[d, s, t] = model.column("rest", d, s, t)
            kept = rest + model.x[d, s, t] - float(share) * ceiling >= 0
            model.require("schuifruimte", kept, t, area=d, stream=s)
        unused = lpSum(model.silo_rest[d, s, t] for s in shares)
        open_money = model.free[d, t] + model.spent_on_prevention(d, t)
        model.require("schuifruimte", unused - open_money <= -units(MARGIN), t, area=d, margin=MARGIN)


SHIFT_ROOM = Rule(
    "schuifruimte",
    add,
    title=lambda problem, place: (
        f"de schuifruimte tussen stromen van {area_name(problem, place.area)} in {place.year}"
    ),
    easing=lambda problem, place: (
        f"€ 10.000 meer schuifruimte voor {area_name(problem, place.area)} in {place.year}"
    ),
)
