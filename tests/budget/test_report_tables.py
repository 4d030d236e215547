from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from budget.audit import Finding
from budget.export import json_text
from budget.inputs import CITY, FREE, PREVENTION, Contract
from budget.plan import Plan, plan_demand
from budget.report import plan_tables
from budget.report.balance import paid_by_reserves
from budget.report.cells import value_of
from budget.report.contracts import calendar_table, next_day
from budget.report.cover import shortfall_cover
from budget.report.prevention import savings_by_spending
from budget.tables import Table
from optimiser.problem import Programme
from tests.budget.plan_example import AREAS, YEARS, example_plan
from tests.budget.small_city import flat_demand, small_inputs

GOLDEN = Path(__file__).parent / "golden" / "plan_example.json"
Row = Mapping[str, str | int | float | None]

CONTRACT = {
    "Samenvatting": "Onderdeel, Post, 2027, 2028, Toelichting",
    "Gebiedsbudgetten": "Wijkcode, Wijknaam, Jaar, Stroom, Bedrag, Vorig jaar, Verschil, Basispakket, "
    "Verwachte lasten, Tekort",
    "Plafonds": "Wijkcode, Jaar, Plafond",
    "Budgetsluitend": "Jaar, Middelen, Gebieden, Stadsbreed, Buffer, Reserve erbij, Reserve eraf, Verschil",
    "Prognose": "Wijkcode, Stroom, Periode, P10, P50, P90, Verwacht, Methode",
    "Preventie": "Wijkcode, Programma, Jaar, Bedrag, Besparing 2028, Status",
    "Herinvestering": "Wijkcode, Jaar, Overschot, Naar preventie, Naar algemene middelen, Meegenomen",
    "Verklaring": "Wijkcode, Jaar, Stap, Bedrag",
    "Schaduwprijzen": "Regel, Jaar, Wijkcode, Stroom, Waarde, Zin",
    "Contracten": "Aanbieder, Perceel, Stroom, P10, P50, P90, Minimum, Maximum, 70 % datum",
    "Taakvelden": "Taakveld, Jaar, Lasten, Baten, Incidenteel/structureel",
    "Controles": "Controle, Uitkomst, Verschil",
    "Herkomst": "Onderdeel, Gegeven, Waarde, Toelichting",
}
"""Sheets and columns of the contract, in its order."""


@cache
def tables() -> dict[str, Table]:
    return sheets_of(example_plan())


def sheets_of(plan: Plan) -> dict[str, Table]:
    return {table.sheet: table for table in plan_tables(plan)}


def rows_of(table: Table, **wanted: str | int | None) -> list[Row]:
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, map(value_of, row), strict=True)) for row in table.rows]
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def amounts(table: Table, column: str, **wanted: str | int | None) -> list[int]:
    values = [row[column] for row in rows_of(table, **wanted)]
    return [value for value in values if isinstance(value, int)]


def test_every_sheet_of_the_contract_is_there_in_its_order_with_its_columns() -> None:
    assert [sheet for sheet in tables() if sheet in CONTRACT] == list(CONTRACT)
    for sheet, wanted in CONTRACT.items():
        names = [column.name for column in tables()[sheet].columns]
        assert set(wanted.split(", ")) <= set(names)
        assert len(names) == len(set(names))


def test_the_plan_on_paper_gives_these_tables() -> None:
    on_paper = [table for table in tables().values() if table.sheet not in ("Prognose", "Herkomst")]
    found = json_text(on_paper) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8"), "run once with UPDATE_GOLDEN=1 and review the diff"


def test_an_area_has_a_row_per_year_and_stream_then_prevention_then_what_is_free() -> None:
    rows = rows_of(tables()["Gebiedsbudgetten"], Wijkcode=AREAS[0], Jaar=2027)
    assert [row["Stroom"] for row in rows] == ["BEG", "SCH", PREVENTION, FREE]


def test_the_city_comes_last_with_its_streams_and_what_could_not_be_spent() -> None:
    table = tables()["Gebiedsbudgetten"]
    assert [row["Wijkcode"] for row in rows_of(table)][-4:] == [CITY] * 4
    assert amounts(table, "Bedrag", Wijkcode=CITY, Stroom=FREE) == [20_000_00, 20_000_00]
    assert rows_of(table, Wijkcode=CITY, Stroom="SCH") == []


def test_last_year_is_the_budget_before_the_plan_and_then_the_year_before() -> None:
    table = tables()["Gebiedsbudgetten"]
    assert amounts(table, "Vorig jaar", Wijkcode=AREAS[0], Stroom="BEG") == [600_000_00, 640_000_00]
    assert amounts(table, "Verschil", Wijkcode=AREAS[0], Stroom="BEG") == [
        640_000_00 - 600_000_00,
        675_000_00 - 640_000_00,
    ]


def test_an_unknown_budget_of_last_year_stays_blank_and_so_does_its_difference() -> None:
    (row,) = rows_of(tables()["Gebiedsbudgetten"], Wijkcode=AREAS[2], Stroom="SCH", Jaar=2027)
    assert (row["Vorig jaar"], row["Verschil"]) == (None, None)


def test_a_shortfall_is_the_basic_package_less_the_budget() -> None:
    (row,) = rows_of(tables()["Gebiedsbudgetten"], Wijkcode=AREAS[2], Stroom="BEG", Jaar=2027)
    assert row["Tekort"] == 152_000_00 - 150_000_00
    assert row["Niet gedekte lasten"] == 160_000_00 - 150_000_00


def test_ceilings_add_up_to_the_areas_of_every_year() -> None:
    for year, total in zip(YEARS, (1_482_000_00, 1_389_000_00), strict=True):
        assert sum(amounts(tables()["Plafonds"], "Plafond", Jaar=year)) == total
        assert amounts(tables()["Budgetsluitend"], "Gebieden", Jaar=year) == [total]


def test_every_year_balances_to_the_cent() -> None:
    assert amounts(tables()["Budgetsluitend"], "Verschil") == [0, 0]


def test_a_source_is_used_up_by_its_uses_and_what_is_left() -> None:
    for row in rows_of(tables()["Bronnen"]):
        parts = ("Aan BEG", "Aan SCH", "Niet besteed", "Overig")
        assert row["Bedrag"] == sum(int(row[part] or 0) for part in parts)
    assert amounts(tables()["Bronnen"], "Niet besteed", Bron="SPUK schulden") == [20_000_00, 20_000_00]


def test_reserves_pay_what_sources_do_not_in_their_order() -> None:
    plan = example_plan()
    given = plan.allocation
    support = given.source_use.sum(axis=0)
    support[0] += 30_000_00
    support[1] += 20_000_00
    drawn = np.array([[40_000_00] * 2, [10_000_00] * 2])
    paying = replace(
        given,
        budgets=np.concatenate([support[None], 0 * given.budgets[1:]]),
        city=0 * given.city,
        reserve_out=drawn,
    )
    paid = paid_by_reserves(replace(plan, allocation=paying))
    assert paid[:, :, 0].tolist() == [[30_000_00, 10_000_00], [0, 10_000_00]]
    np.testing.assert_array_equal(paid.sum(axis=1), drawn)


def test_a_reserve_is_a_payer_among_the_sources() -> None:
    (row, _) = rows_of(tables()["Bronnen"], Soort="reserve")
    assert row["Bedrag"] == example_plan().allocation.reserve_out[0, 0]


def test_the_steps_of_a_year_run_up_to_the_ceiling() -> None:
    for area in AREAS:
        for year in YEARS:
            steps = rows_of(tables()["Verklaring"], Wijkcode=area, Jaar=year)
            ceiling = amounts(tables()["Plafonds"], "Plafond", Wijkcode=area, Jaar=year)
            assert [sum(int(step["Bedrag"] or 0) for step in steps)] == ceiling == [steps[-1]["Tot hier"]]
            assert [step["Controle"] for step in steps] == [None] * (len(steps) - 1) + [0]


def test_planned_free_room_is_divided_by_the_local_choices() -> None:
    table = tables()["Herinvestering"]
    (row,) = rows_of(table, Wijkcode=AREAS[0], Jaar=2027)
    assert row["Naar preventie"] == min(82_000_00 // 2, 30_000_00)
    assert row["Naar algemene middelen"] == 82_000_00 // 4
    assert row["Meegenomen"] == 82_000_00 - 30_000_00 - 82_000_00 // 4


def test_task_fields_show_as_much_cost_as_income() -> None:
    for year, total in zip(
        YEARS, (1_900_000_00 - 20_000_00, 1_800_000_00 - 20_000_00 + 50_000_00), strict=True
    ):
        assert sum(amounts(tables()["Taakvelden"], "Lasten", Jaar=year)) == total
        assert sum(amounts(tables()["Taakvelden"], "Baten", Jaar=year)) == total


def test_all_checks_of_a_sound_plan_are_good() -> None:
    assert {row["Uitkomst"] for row in rows_of(tables()["Controles"])} == {"goed"}


def test_a_finding_that_does_not_hold_is_shown_wrong_on_checks_and_summary() -> None:
    plan = replace(example_plan(), findings=(Finding("Buffer volgt de regel", 123, "in 2027"),))
    sheets = sheets_of(plan)
    (row,) = rows_of(sheets["Controles"], Controle="Buffer volgt de regel")
    assert (row["Uitkomst"], row["Verschil"], row["Toelichting"]) == ("fout", 123, "in 2027")
    sentences = [str(row["Post"]) for row in rows_of(sheets["Samenvatting"], Onderdeel="Controle")]
    assert sentences[0].startswith("1 van ")


def test_a_plan_that_does_not_add_up_fails_the_checks_of_the_workbook() -> None:
    plan = example_plan()
    allocation = replace(plan.allocation, buffer=plan.allocation.buffer + 1)
    checks = rows_of(sheets_of(replace(plan, allocation=allocation))["Controles"], Uitkomst="fout")
    assert {row["Verschil"] for row in checks} == {-1, 1}
    assert any("Budgetsluitend 2027" in str(row["Controle"]) for row in checks)


def test_what_is_not_funded_is_covered_in_the_stated_order() -> None:
    cover = shortfall_cover(example_plan())
    assert cover.gap.tolist() == [10_000_00, (35_000 + 18_000 + 13_000 + 10_000 + 7_500 + 5_000) * 100]
    assert cover.shortfall.tolist() == [2_000_00, 250_00 + 4_000_00]
    assert cover.own.tolist() == [0, 0]
    assert cover.central.tolist() == [10_000_00, 36_000_00]
    assert cover.reserve.tolist() == [0, 60_000_00 - 50_000_00]
    assert (cover.own + cover.central + cover.reserve + cover.council).tolist() == cover.gap.tolist()


def test_free_room_covers_its_own_area_only() -> None:
    plan = example_plan()
    free = plan.allocation.free.copy()
    free[2, 0] = 4_000_00
    cover = shortfall_cover(replace(plan, allocation=replace(plan.allocation, free=free)))
    assert cover.own.tolist() == [4_000_00, 0]


def test_a_reserve_is_never_promised_twice() -> None:
    plan = example_plan()
    reserve = replace(plan.problem.reserves[0], balance=165_000_00, draw_limit=np.array([60_000_00] * 2))
    empty = replace(plan.allocation, buffer=np.zeros(2, dtype=np.int64))
    poor = replace(plan, problem=replace(plan.problem, reserves=(reserve,)), allocation=empty)
    cover = shortfall_cover(poor)
    assert cover.reserve.tolist() == [10_000_00, 165_000_00 - 50_000_00 - 100_000_00 - 10_000_00]


def test_the_summary_names_winners_causes_and_the_rules_that_bind() -> None:
    summary = tables()["Samenvatting"]
    winners = [str(row["Post"]) for row in rows_of(summary, Onderdeel="Grootste stijgers (plafond)")]
    assert winners[0] == "Centrum (WK999901)"
    (short,) = rows_of(summary, Post="   waarvan tekort op het basispakket")
    assert short["Toelichting"] == "door te weinig middelen, begrenzing van de groei (groei_max)"
    binding = [str(row["Post"]) for row in rows_of(summary, Onderdeel="Wat knelt")]
    assert (
        binding[0] == "Te weinig middelen: € 4.250 tekort op het basispakket in 2028, in =Haven, Oost & West."
    )
    assert binding[2].startswith("Mag =Haven")


def test_a_contract_shows_the_band_of_its_own_districts_and_when_to_write_to_the_provider() -> None:
    (row,) = rows_of(tables()["Contracten"], Perceel="P1")
    cost = (100 + 50) * 8000_00
    assert row["Verwacht"] == row["P50"] == cost
    assert row["P10"] == cost * (0.875 + 0.3 * (0.9375 - 0.875))
    assert (
        row["70 % datum"] == date(2027, 7, 10).isoformat()
    )  # 630,000 at 100,000 a month: 6 months and 0.3 * 31 days


def test_a_contract_that_never_reaches_seventy_percent_has_no_date() -> None:
    (row,) = rows_of(tables()["Contracten"], Perceel="P2")
    assert (row["Verwacht"], row["70 % datum"]) == ((40 + 30 + 20) * 2000_00, None)


def test_providers_of_the_same_stream_and_district_share_its_cost_by_their_maximum() -> None:
    plan = example_plan()
    first = Contract("A", "P", "SCH", (), 2027, None, 300_000_00, "taak", None)
    second = Contract("B", "P", "SCH", (AREAS[0],), 2027, None, 100_000_00, "taak", None)
    sheets = sheets_of(replace(plan, inputs=replace(plan.inputs, contracts=(first, second))))
    cost = [int(row["Verwacht"] or 0) for row in rows_of(sheets["Contracten"])]
    assert cost == [(30 + 20) * 2000_00 + 40 * 2000_00 * 3 // 4, 40 * 2000_00 // 4]


@pytest.mark.parametrize("per_euro", [0.5, -0.25])
def test_savings_are_split_by_the_year_of_spending_and_add_up(per_euro: float) -> None:
    programme = Programme("P", "BEG", AREAS, (100_00,), (per_euro,), lag=1, duration=2)
    spent = np.array([60_00, 40_00, 0])
    per_year = [0, round(30_00 * per_euro), round((30_00 + 20_00) * per_euro) + 1]
    (saved, nothing), (later, _) = savings_by_spending(programme, spent, np.zeros((1, 3)), np.array(per_year))
    assert not nothing.any()
    assert saved.sum(axis=0).tolist() == per_year
    assert saved[1].tolist() == [0, 0, round(20_00 * per_euro)]
    assert later.tolist() == [0, round(20_00 * per_euro), 0]


def test_a_plan_of_the_needed_sheets_alone_fills_every_sheet_and_every_check_is_good() -> None:
    inputs = small_inputs()
    sheets = sheets_of(plan_demand(inputs, flat_demand(inputs)))
    assert set(CONTRACT) <= set(sheets)
    assert {row["Uitkomst"] for row in rows_of(sheets["Controles"])} == {"goed"}
    assert sheets["Preventie"].rows == sheets["Contracten"].rows == []


def test_programmes_that_do_not_count_are_shown_beside_the_plan() -> None:
    (row,) = rows_of(tables()["Preventie"], Programma="VALLEN")
    assert (row["Status"], row["Bedrag"], row["Besparing 2028"]) == ("pm", 0, None)


def test_provenance_holds_the_input_the_rules_the_solver_and_every_default() -> None:
    plan, rows = example_plan(), rows_of(tables()["Herkomst"])
    values = {str(row["Waarde"]) for row in rows}
    assert {"voorbeeld.xlsx", "ab" * 32, "HiGHS 1.15", "optimaal"} <= values
    assert {row["Gegeven"] for row in rows if row["Onderdeel"] == "Regel"} == {
        rule.name for rule in plan.inputs.rules
    }
    assert {row["Toelichting"] for row in rows if row["Onderdeel"] == "Aanname"} == set(plan.assumptions)


def test_the_procurement_calendar_prepares_a_year_and_follows_every_lot() -> None:
    """Notice on 10 July (above), the meeting two weeks later; the year is announced six months before it begins."""
    contracts = tables()["Contracten"]
    rows = rows_of(calendar_table(contracts, 2027))
    ends = [str(row["Einddatum"]) for row in rows_of(contracts, Jaar=2027) if str(row["Einddatum"]) < "2028"]
    days = ["2026-07-01", "2026-10-01", "2026-11-01", "2027-01-01", "2027-07-10", "2027-07-24", *ends]
    assert [row["Datum"] for row in rows] == days
    assert [row["Percelen"] for row in rows][:4] == ["Alle percelen"] * 4
    assert rows[4]["Percelen"] == rows[5]["Percelen"] == "P1 (De Brug)"
    assert next_day(calendar_table(contracts, 2027), date(2026, 10, 2)) == "2026-11-01"
    assert next_day(calendar_table(contracts, 2027), date(2029, 1, 1)) is None


def test_the_chance_of_passing_the_maximum_is_the_share_of_draws_above_it() -> None:
    plan = example_plan()
    contract = Contract("A", "P", "BEG", (), 2027, None, None, "taak", None)

    def row_of(maximum: int | None) -> Row:
        inputs = replace(plan.inputs, contracts=(replace(contract, maximum_cents=maximum),))
        (row,) = rows_of(sheets_of(replace(plan, inputs=inputs))["Contracten"])
        return row

    expected = int(str(row_of(None)["Verwacht"]))
    assert row_of(None)["Kans boven maximum"] is None
    assert [row_of(maximum)["Kans boven maximum"] for maximum in (1, expected, 2 * expected)] == [1, 2 / 4, 0]
