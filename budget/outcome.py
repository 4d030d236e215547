"""What a plan comes to: how much of the expected cost its budgets leave unfunded, and what prevention does about it.

With claim[d, s, t] the expected cost after savings, for area d and likewise for the city:

    gap[d, t]    = sum over s of max(0, claim[d, s, t] - budget[d, s, t])            niet gedekte lasten
    shortfall[t] = sum over d, s of max(0, basic package[d, s, t] - budget[d, s, t])  tekort, a part of the gap
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from budget.plan import Plan
from optimiser.arithmetic import basic_package

Cents = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Outcome:
    """In every year, in cents, shape (t) where nothing else is said."""

    prevention: Cents
    """Out of the area budgets and reinvested together."""
    savings: Cents
    shortfall: Cents
    """Basic package that is not funded, areas and city together."""
    area_gap: Cents
    """(d, t) Expected cost, after savings, that is not funded; the shortfall is part of it."""
    city_gap: Cents

    @property
    def gap(self) -> Cents:
        """Expected cost that is not funded, areas and city together."""
        total: Cents = self.area_gap.sum(axis=0) + self.city_gap
        return total


def outcome(plan: Plan) -> Outcome:
    """What the plan says itself."""
    given = plan.allocation
    return _outcome(plan, given.claims_after, given.basic, given.savings.sum(axis=(0, 1)))


def outcome_if_nothing_is_saved(plan: Plan) -> Outcome:
    """The same budgets, and every claim as high as without prevention: what the plan risks on its savings."""
    claims = plan.problem.claims
    basic = basic_package(claims, plan.problem.basic_share)
    return _outcome(plan, claims, basic, np.zeros(len(plan.inputs.years), dtype=np.int64))


def _outcome(plan: Plan, claims: Cents, basic: Cents, savings: Cents) -> Outcome:
    given = plan.allocation
    return Outcome(
        prevention=(given.prevention + given.reinvested.sum(axis=2)).sum(axis=(0, 1)),
        savings=savings,
        shortfall=np.maximum(basic - given.budgets, 0).sum(axis=(0, 1)) + given.city_shortfall.sum(axis=0),
        area_gap=np.maximum(claims - given.budgets, 0).sum(axis=1),
        city_gap=np.maximum(plan.problem.city_claims - given.city, 0).sum(axis=0),
    )
