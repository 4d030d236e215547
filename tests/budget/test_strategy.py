"""Strategies from the workbook to the plan, and the sheets that weigh them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from budget.faults import FaultyInput
from budget.inputs import Inputs
from budget.plan import Plan, plan_demand
from budget.report import plan_tables
from budget.report.cells import value_of
from budget.report.certainty import certainty_sentence
from budget.strategy import STABILITY, strategy_sentence, with_strategy
from budget.tables import Table
from budget.trade_offs import TradeOffs, weigh
from budget.workbook.reading import read_inputs
from budget.workbook.template import write_input_workbook
from optimiser.problem import BALANCE, CERTAINTY, EQUAL_COVER, STRATEGIES, mixed
from tests.budget.input_rows import proefstad
from tests.budget.plan_example import example_plan
from tests.budget.small_city import flat_demand, small_inputs


def read_with(folder: Path, **fields: object) -> Inputs:
    rows = proefstad()
    named = {name.replace("_", " "): value for name, value in fields.items()}
    kept = [row for row in rows["Gemeente"] if row["Veld"] not in named]
    rows["Gemeente"] = [*kept, *({"Veld": name, "Waarde": value} for name, value in named.items())]
    write_input_workbook(folder / "in.xlsx", rows)
    return read_inputs(folder / "in.xlsx")


def test_a_workbook_without_a_strategy_is_planned_in_balance_and_says_so(tmp_path: Path) -> None:
    inputs = read_with(tmp_path)
    assert inputs.strategy == BALANCE
    assert "Gemeente: Strategie ontbreekt, evenwicht gebruikt." in inputs.provenance.defaults


def test_the_workbook_chooses_the_strategy_and_how_sure_it_is(tmp_path: Path) -> None:
    inputs = read_with(tmp_path, Strategie="Gelijke dekking", Zekerheid="80 %")
    assert inputs.strategy == replace(EQUAL_COVER, confidence=0.8)
    inputs = read_with(tmp_path, Strategie="gewichten 50-30-20", Risicogewicht=2)
    assert inputs.strategy == replace(mixed(50, 30, 20), risk_weight=2.0)


def test_a_risk_weight_that_does_not_count_is_mentioned(tmp_path: Path) -> None:
    inputs = read_with(tmp_path, Strategie="voorkomen", Risicogewicht=2)
    assert (
        "Gemeente: Risicogewicht is gegeven, maar telt niet bij de strategie voorkomen."
        in inputs.provenance.defaults
    )


@pytest.mark.parametrize("strategy", ["zekerhied", "gewichten 50-50", "gewichten 60-60-10", 7])
def test_an_unknown_strategy_is_a_fault_that_says_what_may_stand_there(
    tmp_path: Path, strategy: object
) -> None:
    with pytest.raises(FaultyInput) as found:
        read_with(tmp_path, Strategie=strategy)
    (fault,) = found.value.faults
    assert fault.sheet == "Gemeente"
    assert (
        "Strategie als evenwicht, zekerheid, gelijke dekking, voorkomen, leximin of gewichten" in fault.wanted
    )


@pytest.mark.parametrize("fields", [{"Risicogewicht": -1}, {"Zekerheid": 1}, {"Zekerheid": 0.2}])
def test_a_weight_or_confidence_out_of_range_is_a_fault(tmp_path: Path, fields: dict[str, object]) -> None:
    with pytest.raises(FaultyInput):
        read_with(tmp_path, **fields)


def test_a_strategy_chosen_at_the_command_keeps_the_risk_of_the_workbook_and_leaves_a_note() -> None:
    provenance = replace(
        small_inputs().provenance, defaults=("Gemeente: Strategie ontbreekt, evenwicht gebruikt.",)
    )
    inputs = small_inputs(strategy=replace(BALANCE, confidence=0.8), provenance=provenance)
    chosen = with_strategy(inputs, CERTAINTY)
    assert chosen.strategy == replace(CERTAINTY, confidence=0.8)
    assert chosen.provenance.defaults == (
        "Strategie zekerheid gekozen bij de opdracht, in plaats van evenwicht uit de invoer.",
    )
    assert with_strategy(inputs, BALANCE) is inputs


@cache
def planned() -> Plan:
    inputs = small_inputs(strategy=CERTAINTY)
    return plan_demand(inputs, flat_demand(inputs, spread=0.3))


@cache
def weighed() -> TradeOffs:
    return weigh(planned())


def sheets(plan: Plan, found: TradeOffs | None = None) -> dict[str, Table]:
    return {table.sheet: table for table in plan_tables(plan, trade_offs=found)}


def test_the_plan_follows_the_strategy_over_the_futures_of_the_forecast() -> None:
    plan = planned()
    assert plan.problem.strategy == CERTAINTY
    assert "risico" in [stage.name for stage in plan.allocation.stages]
    assert plan.problem.scenarios is not None
    assert plan.problem.scenarios.shape == (*plan.problem.shape, plan.demand.n_draws)
    assert plan.problem.scenarios.mean(axis=-1) == pytest.approx(plan.problem.claims, abs=100)


def test_the_strategy_and_its_order_are_on_the_first_page_and_among_the_origins() -> None:
    found = sheets(planned())
    told = [row[1] for row in found["Samenvatting"].rows if row[0] == "Strategie"]
    stages = tuple(stage.name for stage in planned().allocation.stages)
    assert told == [strategy_sentence(CERTAINTY, stages)]
    origins = {(row[0], row[1]): row[2] for row in found["Herkomst"].rows}
    assert origins["Strategie", "Strategie"] == "zekerheid"
    assert origins["Strategie", "Stabiliteit"] == f"hooguit € 0,{STABILITY} boven de wijziging"
    assert origins["Strategie", "Afwegingen"] == "niet berekend"
    assert "Afwegingen" not in found


def test_a_chance_is_the_share_of_the_futures_that_fit_in_the_ceiling() -> None:
    table = sheets(example_plan())["Zekerheid"]
    at = {column.name: place for place, column in enumerate(table.columns)}
    row = next(row for row in table.rows if row[0] == "WK999903" and row[at["Jaar"]] == 2027)
    futures = [200_000_00 * factor for factor in (0.875, 0.9375, 1.0625, 1.125)]
    above = [max(0, cost - 190_000_00) for cost in futures]
    assert row[at["Kans binnen plafond"]] == 2 / 4
    assert row[at["Verwachte overschrijding"]] == sum(above) / 4
    assert row[at["Overschrijding 1 op 10"]] == max(above)
    assert value_of(row[at["Ruimte voor hulp"]]) == 190_000_00


def test_the_buffer_there_is_stands_beside_the_buffer_that_certainty_asks_for() -> None:
    table = sheets(example_plan())["Buffer"]
    values = [[value_of(cell) for cell in row] for row in table.rows]
    assert [row[1] for row in values] == [0.8, 0.9, 0.95] * 2
    assert all(row[5] == row[4] - row[2] for row in values)
    assert {row[4] for row in values if row[0] == 2027} == {38_000_00}


def test_one_sentence_says_how_sure_the_first_year_is() -> None:
    sentence = certainty_sentence(example_plan()) or ""
    assert sentence.startswith("In 2027 blijft een gebied gemiddeld met 75 % kans binnen zijn plafond")
    assert "(laagst: =Haven, 50 %)" in sentence
    assert sentence.endswith("er is € 38.000.")


def test_without_futures_nothing_is_said_of_chances() -> None:
    plan = example_plan()
    blind = replace(plan, problem=replace(plan.problem, scenarios=None, city_scenarios=None))
    assert certainty_sentence(blind) is None
    assert {"Zekerheid", "Buffer"}.isdisjoint(sheets(blind))


def test_the_presets_lie_beside_the_plan_and_its_own_is_the_plan() -> None:
    rows = sheets(planned(), weighed())["Afwegingen"].rows
    kinds = [row[0] for row in rows]
    assert (kinds[0], kinds[-1]) == ("dit plan", "formule")
    assert [row[1] for row in rows if row[0] == "strategie"] == [strategy.name for strategy in STRATEGIES]
    assert kinds.count("gewichten") == 5 * 6 / 2 - 3
    (own,) = (row for row in rows if row[:2] == ("strategie", "zekerheid"))
    assert own[2:-1] == rows[0][2:-1]
    assert own[-1] == "gelijk aan dit plan"


def test_planning_again_with_a_point_gives_its_figures() -> None:
    point = weighed().points[3]
    inputs = with_strategy(planned().inputs, point.strategy)
    again = plan_demand(inputs, planned().demand)
    assert (again.allocation.budgets == point.allocation.budgets).all()
    assert weigh(again).plan == point.measures


def test_knowing_a_stream_better_has_a_row_per_stream() -> None:
    table = sheets(planned(), weighed())["Onzekerheid"]
    assert {row[0] for row in table.rows} == set(planned().inputs.stream_codes)
