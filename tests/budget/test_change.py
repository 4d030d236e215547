"""Why an area budget changes, by addition: the order-free causes of sheet Oorzaken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import budget.change
from budget.change import CAUSE_MEANING, Change
from budget.explanation import LAST_YEAR
from budget.inputs import Funding
from budget.plan import Plan, plan_demand, with_causes_of_change
from budget.report import plan_tables
from budget.report.cells import value_of
from budget.tables import Table
from tests.budget.small_city import flat_demand, rule, small_inputs


def planned(*rules: object, **changes: object) -> Plan:
    inputs = small_inputs(*rules, **changes)  # type: ignore[arg-type]
    return with_causes_of_change(plan_demand(inputs, flat_demand(inputs)))


def of(plan: Plan) -> Change:
    assert plan.change is not None
    return plan.change


def causes(plan: Plan, area: str, year: int) -> dict[str, int]:
    return {step.name: step.cents for step in of(plan).steps if (step.area, step.year) == (area, year)}


def sheet(plan: Plan, name: str) -> Table:
    (table,) = [table for table in plan_tables(plan) if table.sheet == name]
    return table


def euros(amount: int) -> int:
    return amount * 100


LOCK = rule("vast", "120000", district="A", stream="j")


@pytest.mark.parametrize("rules", [(), (rule("groei_max", "0.05"),), (LOCK, rule("buffer_centraal", "0.1"))])
def test_the_causes_of_every_area_and_year_add_up_to_its_ceiling(rules: tuple[object, ...]) -> None:
    plan = planned(*rules)
    for d, area in enumerate(plan.inputs.area_codes):
        for t, year in enumerate(plan.inputs.years):
            parts = causes(plan, area, year)
            assert sum(parts.values()) == int(plan.allocation.ceilings[d, t])
            assert set(parts) <= set(CAUSE_MEANING)
            assert abs(parts.get("Afronding", 0)) <= 100
    first = {area: causes(plan, area, 2027)[LAST_YEAR] for area in plan.inputs.area_codes}
    assert first == {"A": euros(90_000 + 40_000), "B": euros(70_000 + 60_000)}


def test_with_money_for_everybody_need_is_what_the_area_itself_needs() -> None:
    """10 % more clients in 2028: 0.8 x 10 x 10,000 of youth care and 10 x 2,000 of support, a tenth of both."""
    plenty = tuple(Funding("Algemeen", year, euros(900_000), (), True, "begroting") for year in (2027, 2028))
    plan = planned(rule("groei_max", "0.5"), funding=plenty, last_budget={
        ("A", "j"): euros(80_000), ("A", "w"): euros(20_000), ("B", "j"): euros(80_000), ("B", "w"): euros(20_000),
        ("STAD", "j"): euros(700_000),
    })  # fmt: skip
    grown = (80_000 + 20_000) // 10
    assert causes(plan, "A", 2028)["Vraag"] == euros(grown)
    assert "Prijs" not in causes(plan, "A", 2028)


def test_a_growing_neighbour_takes_from_an_area_that_does_not_grow() -> None:
    """Only Zuid has more clients in 2028, and the money stays what it was: what Zuid gains, Noord and the city lose."""
    need = {
        ("A", "j"): 80_000,
        ("A", "w"): 20_000,
        ("B", "j"): 80_000,
        ("B", "w"): 20_000,
        ("STAD", "j"): 40_000,
    }
    money = tuple(
        Funding("Algemeen", year, euros(sum(need.values())), (), True, "begroting") for year in (2027, 2028)
    )
    inputs = small_inputs(funding=money, last_budget={place: euros(amount) for place, amount in need.items()})
    demand = flat_demand(inputs)
    only_zuid = np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 1.1]])[:, :, None] * np.full((2, 3, 8), 10.0)
    grown = replace(
        demand,
        streams=tuple(
            replace(s, draws=only_zuid, yearly=only_zuid.astype(np.float32)) for s in demand.streams
        ),
    )
    plan = with_causes_of_change(plan_demand(inputs, grown))
    noord, zuid = causes(plan, "A", 2028), causes(plan, "B", 2028)
    assert "Vraag" not in noord
    assert noord["Buren"] < 0
    assert zuid["Vraag"] == euros((80_000 + 20_000) // 10)
    assert -zuid["Vraag"] < zuid["Buren"] < 0


def test_causes_that_change_nothing_are_not_there() -> None:
    plan = planned()
    for area in plan.inputs.area_codes:
        assert not {"Regels", "Preventie", "Prijs", "Herinvestering"} & set(causes(plan, area, 2027))
    assert of(plan).n_allocations == 2**2


def test_areas_that_are_alike_have_the_same_causes() -> None:
    same = {(area, stream): euros(50_000) for area in ("A", "B") for stream in ("j", "w")}
    plan = planned(rule("groei_max", "0.04"), last_budget=same)
    assert causes(plan, "A", 2028) == pytest.approx(causes(plan, "B", 2028), abs=2)


def test_a_lock_that_needs_the_new_money_does_not_count_before_it() -> None:
    lock = rule("vast", "180000", district="A", stream="j")
    plan = planned(lock, last_budget={("A", "w"): euros(40_000), ("B", "w"): euros(60_000)})
    assert of(plan).n_replaced > 0
    note = sheet(plan, "Oorzaken").columns[3].note
    assert f" {of(plan).n_replaced} combinaties hebben geen verdeling" in note
    assert f"uit {of(plan).n_allocations} volledige verdelingen" in note


def test_what_last_year_gave_beside_its_need_is_a_step_of_its_own() -> None:
    """Last year's money is just enough for the basic packages of both areas: youth care and half of support."""
    uneven = {("A", "j"): 100_000, ("A", "w"): 20_000, ("B", "j"): 40_000, ("B", "w"): 20_000}
    plan = planned(last_budget={place: euros(amount) for place, amount in uneven.items()})
    basic = 80_000 + 20_000 // 2
    assert causes(plan, "A", 2027)["Inhalen"] == euros(basic - 120_000)
    assert causes(plan, "B", 2027)["Inhalen"] == euros(basic - 60_000)
    assert "Inhalen" not in causes(plan, "A", 2028)


def test_the_sheet_checks_itself_against_the_ceilings() -> None:
    plan = planned(rule("groei_max", "0.05"))
    table = sheet(plan, "Oorzaken")
    checks = [value_of(row[table.column_index("Controle")]) for row in table.rows]
    assert {check for check in checks if check is not None} == {0}
    assert sum(check is not None for check in checks) == 2 * 2
    (control,) = [row for row in sheet(plan, "Controles").rows if str(row[0]).startswith("Oorzaken")]
    assert value_of(control[1]) == "goed"


def test_a_sheet_without_causes_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = small_inputs()
    bare = plan_demand(inputs, flat_demand(inputs))
    (row,) = sheet(bare, "Oorzaken").rows
    assert row[-1] == "Niet uitgesplitst: niet berekend voor dit plan. Zie blad Verklaring."
    monkeypatch.setattr(budget.change, "MOST_AREAS", 0)
    assert with_causes_of_change(bare).change is None
