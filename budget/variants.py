"""Prevention beside the plan: what if it saves nothing, and what if programmes that do not count yet did count.

A variant is a function from inputs to inputs, so that it goes through the whole plan like any other choice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from budget.inputs import Inputs
from budget.plan import Plan, plan_demand
from optimiser.allocation import Contradiction

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
