"""How what is not funded would be covered, in the order that the council expects.

With gap[d, t] what is not funded of the expected cost (see `budget.outcome`), the city's beside it, in year t:

    own      = sum over d of min(gap[d], free room[d])
    central  = min(what is left, central buffer + free funding that is left over)
    reserve  = min(what is left, sum over reserves of min(yearly limit - drawn, lowest balance from t on - minimum))
    council  = what is left then
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from budget.outcome import outcome
from budget.plan import Plan

Cents = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cover:
    """What is not funded per plan year and what could pay for it; whole cents, shape (t)."""

    gap: Cents
    """Expected cost, after savings, that budgets do not cover; areas and city."""
    shortfall: Cents
    """The part of it that belongs to the basic package."""
    own: Cents
    central: Cents
    reserve: Cents
    council: Cents


def shortfall_cover(plan: Plan) -> Cover:
    """The cover of every plan year; own + central + reserve + council = gap."""
    given, found = plan.allocation, outcome(plan)
    gap, own = found.gap, np.minimum(found.area_gap, given.free).sum(axis=0)
    free_sources = [not source.streams for source in plan.problem.sources]
    central = np.minimum(gap - own, given.buffer + given.unspent[free_sources].sum(axis=0))
    reserve = _from_reserves(plan, gap - own - central)
    return Cover(gap, found.shortfall, own, central, reserve, gap - own - central - reserve)


def _from_reserves(plan: Plan, wanted: Cents) -> Cents:
    """What the reserves could pay on top of the plan, year after year, shape (t)."""
    drawn = np.zeros_like(wanted)
    for r, reserve in enumerate(plan.problem.reserves):
        into, out = plan.allocation.reserve_in[r], plan.allocation.reserve_out[r]
        balance = reserve.balance + np.cumsum(into - out)
        used = 0
        for t in range(len(wanted)):
            room = min(int(reserve.draw_limit[t] - out[t]), int(balance[t:].min()) - reserve.minimum - used)
            extra = max(0, min(room, int(wanted[t] - drawn[t])))
            drawn[t] += extra
            used += extra
    return drawn
