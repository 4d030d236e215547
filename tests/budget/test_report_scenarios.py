"""Plans side by side, the distance from the norm and the ledger of prevention."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from budget.inputs import PreventionSegment, Rule
from budget.plan import Plan, make_plan, plan_demand
from budget.report.comparison import areas_table, pace_table, scenarios_table
from budget.report.ledger import ledger_table
from budget.report.norm_distance import norm_distance_table
from budget.tables import Cell, Table
from budget.workbook.reading import read_inputs

CITY = Path(__file__).parents[2] / "sample_data" / "driehoek.xlsx"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(read_inputs(CITY))


@pytest.fixture(scope="module")
def thrifty(plan: Plan) -> Plan:
    """The same city with four per cent of all money held back."""
    rules = tuple(rule for rule in plan.inputs.rules if rule.name != "buffer_centraal")
    held = Rule("buffer_centraal", None, None, None, Decimal("0.04"), "test")
    return plan_demand(replace(plan.inputs, rules=(*rules, held)), plan.demand)


def _column(table: Table, name: str) -> list[Cell]:
    return [row[table.column_index(name)] for row in table.rows]


def test_scenarios_stand_side_by_side(plan: Plan, thrifty: Plan) -> None:
    table = scenarios_table({"Werkmap": plan, "Zuinig": thrifty}, 2027)
    buffers = next(row for row in table.rows if row[0] == "Centrale buffer")
    assert buffers[1:] == (int(plan.allocation.buffer[0]), int(thrifty.allocation.buffer[0]))
    assert buffers[2] > buffers[1]  # type: ignore[operator]


def test_differences_between_two_plans_are_their_ceilings_subtracted(plan: Plan, thrifty: Plan) -> None:
    table = areas_table(plan, thrifty, 2027)
    before, after = plan.allocation.ceilings[:, 0], thrifty.allocation.ceilings[:, 0]
    assert _column(table, "Verschil") == (after - before).tolist()
    assert sum(_column(table, "Verschil")) == after.sum() - before.sum()  # type: ignore[arg-type]


def test_money_to_move_is_as_much_too_much_as_too_little(plan: Plan) -> None:
    year, t = plan.inputs.years[-1], -1
    (row,) = pace_table({0.05: plan}, year).rows
    ceilings, norm = plan.allocation.ceilings[:, t], plan.problem.norm[:, :, t].sum(axis=1)
    fair = ceilings.sum() * norm / norm.sum()
    assert row[-1] == pytest.approx((ceilings - fair).clip(min=0).sum(), abs=1)


def test_distances_from_the_norm_add_up_to_nothing_in_every_year(plan: Plan) -> None:
    table = norm_distance_table(plan)
    years = _column(table, "Jaar")
    assert set(years) == {2026, *plan.inputs.years}
    for year in set(years):
        distances = [cents for cents, at in zip(_column(table, "Afstand"), years, strict=True) if at == year]
        assert abs(sum(distances)) <= len(distances)  # type: ignore[arg-type]


def test_an_area_that_closes_in_arrives_after_as_many_years_as_its_pace_says(plan: Plan) -> None:
    """From 20 % to 10 % under the norm in 2 years: 10 / 5 = 2 more years."""
    norm = plan.problem.norm * 0
    norm[:, 0, :] = 1_000_00
    problem = replace(
        plan.problem, norm=norm, last_ceiling=plan.problem.last_ceiling * 0 + [80.0, 100.0, 120.0]
    )
    budgets = plan.allocation.budgets * 0
    budgets[:, 0, :] = [[80, 90], [100, 100], [120, 110]]
    nothing = plan.allocation.free * 0
    allocation = replace(
        plan.allocation, budgets=budgets, free=nothing, prevention=plan.allocation.prevention * 0
    )
    table = norm_distance_table(replace(plan, problem=problem, allocation=allocation))
    arrivals = dict(zip(_column(table, "Wijkcode"), _column(table, "Jaar op de norm"), strict=True))
    assert list(arrivals.values()) == [2028 + 2, 2028, 2028 + 2]


def test_a_programme_is_earned_back_when_its_yearly_savings_have_caught_up(plan: Plan) -> None:
    """A euro saves 2.0 * 0.5 * 1.0 = 1.0 over 4 years, a quarter a year, from year 1 on: even after 1 + 4 years."""
    stream = plan.inputs.stream_codes[0]
    even = PreventionSegment(*("P", "Even", (), stream, 100, 2.0, 1, 4, 0.5, 1.0, "B", "pm", ""))
    never = replace(even, programme="Q", cashable=0.25)
    ledger = ledger_table(replace(plan, inputs=replace(plan.inputs, prevention=(even, never))))
    assert _column(ledger, "Terugverdiend na") == [5, None]
    assert _column(ledger, "Uitgave") == [0, 0]
