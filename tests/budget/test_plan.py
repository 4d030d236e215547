from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from budget.inputs import Funding, Reserve
from budget.plan import explained, plan_demand
from tests.budget.small_city import flat_demand, rule, small_inputs


def test_a_stream_that_a_reserve_pays_for_passes_every_check() -> None:
    reserve = Reserve("Egalisatie", 40_000_00, 0, None, 20_000_00, None)
    funding = (
        Funding("Algemeen", 2027, 190_000_00, (), True, ""),
        Funding("Algemeen", 2028, 190_000_00, (), True, ""),
        Funding("Rijk jeugd", 2027, 10_000_00, ("j",), True, ""),
    )
    inputs = small_inputs(rule("buffer_centraal", "0.01"), reserves=(reserve,), funding=funding)
    plan = plan_demand(inputs, flat_demand(inputs))
    assert plan.allocation.reserve_out.sum() == 40_000_00
    assert plan.allocation.source_use.sum() < (plan.allocation.budgets.sum() + plan.allocation.city.sum())
    assert [finding for finding in plan.findings if not finding.holds] == []


def test_the_plan_keeps_every_assumption_with_where_it_came_from() -> None:
    inputs = small_inputs()
    demand = replace(flat_demand(inputs), notes=("De prognose is onzeker.",))
    plan = plan_demand(inputs, demand)
    assert plan.assumptions == (
        "De prognose is onzeker.",
        "Geen index voor 2027: prijzen niet geïndexeerd.",
        "Geen index voor 2028: prijzen niet geïndexeerd.",
    )


def test_reasons_asked_for_later_are_those_given_at_once() -> None:
    inputs = small_inputs(rule("groei_max", "0.02"))
    at_once = plan_demand(inputs, flat_demand(inputs))
    decided = plan_demand(inputs, flat_demand(inputs), explained=False)
    assert decided.allocation.certificate is None
    assert decided.allocation.shadow_prices == ()
    assert decided.findings == at_once.findings
    later = explained(decided)
    for field in fields(later.allocation):
        one, other = getattr(later.allocation, field.name), getattr(at_once.allocation, field.name)
        assert np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other, field.name
    assert explained(at_once) is at_once
