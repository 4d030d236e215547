"""Prevention beside the plan: what if it saves nothing, and what if programmes that do not count yet did count.

A variant is a function from inputs to inputs, so that it goes through the whole plan like any other choice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from budget.inputs import Inputs
from budget.plan import Plan, plan_demand
from optimiser.allocation import Contradiction
from optimiser.arithmetic import basic_package

Cents = npt.NDArray[np.int64]

PLAN = "Plan"
NOTHING_SAVED = "Plan, als preventie niets bespaart"
WITHOUT_EFFECT = "Opnieuw verdeeld zonder besparing"
WITH_PM = "Met pm als geboekt"


def without_effect(inputs: Inputs) -> Inputs:
    """Prevention saves nothing; its minimum and maximum stay, so what must be spent is still spent."""
    nothing = tuple(replace(segment, saving_per_euro=0.0) for segment in inputs.prevention)
    return replace(inputs, prevention=nothing)


def with_pm(inputs: Inputs) -> Inputs:
    """Programmes that are shown beside the plan (`pm`) count in it."""
    booked = tuple(
        replace(segment, status="geboekt") if segment.status == "pm" and segment.up_to_cents > 0 else segment
        for segment in inputs.prevention
    )
    return replace(inputs, prevention=booked)


VARIANTS: Mapping[str, Callable[[Inputs], Inputs]] = MappingProxyType(
    {WITHOUT_EFFECT: without_effect, WITH_PM: with_pm}
)


def plans_beside(plan: Plan) -> dict[str, Plan | None]:
    """Every variant that differs from the plan, planned; None where its rules contradict each other."""
    found: dict[str, Plan | None] = {}
    for name, variant in VARIANTS.items():
        changed = variant(plan.inputs)
        if _booked(changed) != _booked(plan.inputs):
            try:
                found[name] = plan_demand(changed, plan.demand, explained=False)
            except Contradiction:
                found[name] = None
    return found


def _booked(inputs: Inputs) -> list[tuple[str, str, int, float]]:
    return [
        (segment.programme, segment.stream, segment.up_to_cents, segment.saving_per_euro)
        for segment in inputs.prevention
        if segment.status == "geboekt"
    ]


@dataclass(frozen=True)
class Outcome:
    """What a plan comes to in every year, areas and city together. All (t), in cents."""

    prevention: Cents
    """Out of the area budgets and reinvested together."""
    savings: Cents
    shortfall: Cents
    """Basic package that is not funded."""
    gap: Cents
    """Expected cost, after savings, that is not funded; the shortfall is part of it."""


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
    given, city_claims = plan.allocation, plan.problem.city_claims
    city_gap = np.maximum(city_claims - given.city, 0)
    return Outcome(
        prevention=(given.prevention + given.reinvested.sum(axis=2)).sum(axis=(0, 1)),
        savings=savings,
        shortfall=np.maximum(basic - given.budgets, 0).sum(axis=(0, 1)) + given.city_shortfall.sum(axis=0),
        gap=np.maximum(claims - given.budgets, 0).sum(axis=(0, 1)) + city_gap.sum(axis=0),
    )
