"""Room to shift: what a stream does not use of its own money may only partly go to other streams.

    own[d,s,t] = ceiling[d,t] * last_budget[d,s] / sum_s last_budget[d,s]
    rest[d,s,t] >= (1 - schuifruimte[d,s,t]) own[d,s,t] - x[d,s,t],   rest >= 0
    sum_s rest[d,s,t] <= free[d,t] + sum_p q[d,p,t]                                          (schuifruimte)

The amount that a stream keeps, (1 - schuifruimte) own, is rounded down to a whole cent: with a schuifruimte of 0
for every stream the shares of an area budget fill it, and no whole cents would do so exactly.

This is x + free + out = own + in with out <= schuifruimte * own and sum in = sum out, with free, in and out
projected away: the part that a stream may not give up is spent by it, stays free, or goes to prevention. Rows
only where some stream of the area has schuifruimte below 1 and last year's budgets are known.
"""

from __future__ import annotations

from fractions import Fraction
from math import isnan

from optimiser.arithmetic import exact
from optimiser.model import Model, relation
from optimiser.problem import Problem
from optimiser.rules.rule import Rule, area_name, more_and_less
from wording.sentence import Template

_TITLE = Template("de schuifruimte tussen stromen van {area} in {year}")
_EASING = Template("€ 10.000 {way:word} schuifruimte voor {area} in {year}")


def held(problem: Problem, d: int, t: int) -> dict[int, Fraction]:
    """Per stream the share of the area budget that it may not give up: (1 - schuifruimte) own / ceiling."""
    rooms = problem.choices.shift_room_dst[d, :, t].tolist()
    if all(isnan(room) or room >= 1 for room in rooms):
        return {}
    last = [0 if isnan(amount) else round(amount) for amount in problem.last_budget[d].tolist()]
    total, shares = sum(last), {}
    for s, room in enumerate(rooms):
        if room < 1 and last[s] > 0:
            given_up, parts = exact(room).as_integer_ratio()
            shares[s] = Fraction((parts - given_up) * last[s], parts * total)
    return shares


def add(model: Model) -> None:
    """One row per stream that is held, and one per area and year that adds them up."""
    for (d, t), ceiling in model.ceiling.items():
        shares = held(model.problem, d, t)
        if not shares:
            continue
        for s, share in shares.items():
            rest = model.silo_rest[d, s, t] = model.column("rest", d, s, t)
            kept = [(rest, 1.0), (model.x[d, s, t], 1.0), (ceiling, -float(share))]
            model.require("schuifruimte", relation(kept, ">="), t, area=d, stream=s, outward=True)
        unused = [(model.silo_rest[d, s, t], 1.0) for s in shares]
        prevented = model.spent_on_prevention(d, t)
        elsewhere = [(model.free[d, t], -1.0), *((column, -1.0) for column in prevented)]
        row = relation([*unused, *elsewhere], "<=")
        model.require("schuifruimte", row, t, area=d)


SHIFT_ROOM = Rule(
    "schuifruimte",
    add,
    title=lambda problem, place: _TITLE(area=area_name(problem, place.area), year=place.year),
    easing=lambda problem, place: more_and_less(
        _EASING, area=area_name(problem, place.area), year=place.year
    ),
)
