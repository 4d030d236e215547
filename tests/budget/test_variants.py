"""The plan beside itself: prevention that saves nothing, and `pm` programmes that count."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from budget.inputs import PreventionSegment
from budget.outcome import outcome, outcome_if_nothing_is_saved
from budget.plan import Plan, plan_demand
from budget.report import plan_tables
from budget.report.variants import beside_table
from budget.variants import (
    WITH_PM,
    WITHOUT_EFFECT,
    plans_beside,
    with_pm,
    without_effect,
)
from tests.budget.small_city import flat_demand, rule, small_inputs
from tests.budget.test_report_tables import amounts

BOOKED = PreventionSegment(
    "P1", "Vroeg erbij", (), "w", 2_000_00, 3.0, 1, 1, 1.0, 1.0, "B", "geboekt", "studie"
)
PM = replace(BOOKED, programme="P2", name="Later misschien", stream="j", status="pm")


@cache
def short_of_money() -> Plan:
    inputs = small_inputs(rule("preventie_min", "0.01"), prevention=(BOOKED, PM))
    inputs = replace(inputs, funding=tuple(replace(f, cents=f.cents * 6 // 10) for f in inputs.funding))
    return plan_demand(inputs, flat_demand(inputs))


def test_without_effect_what_must_be_spent_is_spent_and_saves_nothing() -> None:
    plan = short_of_money()
    other = plans_beside(plan)[WITHOUT_EFFECT]
    assert other is not None
    assert not other.allocation.savings.any()
    least = other.allocation.ceilings // 100
    np.testing.assert_allclose(other.allocation.prevention.sum(axis=1), least, rtol=0, atol=4)


def test_with_pm_the_programmes_beside_the_plan_count_in_it() -> None:
    plan = short_of_money()
    other = plans_beside(plan)[WITH_PM]
    assert other is not None
    assert [programme.code for programme in other.problem.programmes] == ["P1", "P2"]
    assert outcome(other).gap.sum() < outcome(plan).gap.sum()


def test_if_nothing_is_saved_the_same_budgets_fall_short_by_what_was_counted_on() -> None:
    plan = short_of_money()
    own, bare = outcome(plan), outcome_if_nothing_is_saved(plan)
    np.testing.assert_array_equal(bare.prevention, own.prevention)
    np.testing.assert_array_equal(bare.gap - own.gap, own.savings)
    assert bare.savings.sum() == 0 < own.savings.sum()


def test_a_variant_that_changes_nothing_is_not_planned() -> None:
    inputs = small_inputs()
    assert plans_beside(plan_demand(inputs, flat_demand(inputs))) == {}
    only_booked = replace(short_of_money(), inputs=replace(short_of_money().inputs, prevention=(BOOKED,)))
    assert set(plans_beside(only_booked)) == {WITHOUT_EFFECT}


def test_a_variant_goes_from_inputs_to_inputs() -> None:
    inputs = short_of_money().inputs
    assert {segment.saving_per_euro for segment in without_effect(inputs).prevention} == {0.0}
    assert {segment.status for segment in with_pm(inputs).prevention} == {"geboekt"}
    unknown = replace(PM, up_to_cents=0)
    assert with_pm(replace(inputs, prevention=(unknown,))).prevention == (unknown,)


def test_the_sheet_has_every_variant_per_year_and_in_all() -> None:
    plan = short_of_money()
    beside = plans_beside(plan)
    table = beside_table(plan, beside | {"Onmogelijk": None})
    for name, other in beside.items():
        assert other is not None
        short = outcome(other).shortfall
        assert amounts(table, "Tekort", Variant=name) == [*short.tolist(), short.sum()]
    assert amounts(table, "Tekort tegenover plan", Variant="Plan") == [0, 0, 0]
    assert [row[-1] for row in table.rows if row[0] == "Onmogelijk"] == [
        "Met deze variant spreken de regels elkaar tegen."
    ]
    sheets = [sheet.sheet for sheet in plan_tables(plan, beside=beside)]
    assert sheets.index("Preventie ernaast") > sheets.index("Preventie")
    assert "Preventie ernaast" not in [sheet.sheet for sheet in plan_tables(plan)]
