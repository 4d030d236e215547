"""Every strategy keeps the same contract; a certificate notices what was changed by hand."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.contract.identities import assert_budgets_add_up, assert_sheets_agree
from tests.contract.run import Run, certify, check, command, plan, segment
from tests.contract.towns import Town, tiny

STRATEGIES = ("zekerheid", "gelijke dekking", "voorkomen", "leximin", "gewichten 50-30-20")


def _scarce() -> Town:
    """Too little money, three kinds of earmarks, a lock, a given ceiling, contracts, a reserve and prevention."""
    town = tiny(2, 4, 600_000).rule("groei_max", 0.1).rule("vast", 15_000.55, None, "WK009902", "WMO")
    town.rule("plafond", 123_456.78, 2028, "WK009903").rule("herinvesteren_aandeel", 0.5)
    town.add("Preventie", segment("P", "JGD", 5000, 3))
    town.add(
        "Middelen",
        ["Een", 2027, 33_333.33, "JGD", "nee", "1"],
        ["Twee", 2028, 10_000, "WMO", "ja", "1"],
        ["Drie", 2028, 70_000, "WMO;JGD", "ja", "1"],
    )
    town.add("Contracten", ["Zorg", "P1", "JGD", None, 2028, 20_000, 300_000, "taak", None])
    return town.add("Reserves", ["Egalisatie", 90_000, 10_000, 95_000, 20_000, "2029-12-31"])


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_keeps_every_sum_rule_and_lock(strategy: str, tmp_path: Path) -> None:
    town = _scarce()
    run = plan(town, tmp_path, "stad", "--strategie", strategy)
    assert run.status == 0, run.faults
    assert_budgets_add_up(town, run)
    assert_sheets_agree(town, run)
    assert run.tables["Afwegingen"][0]["Strategie"] == strategy
    amounts, ceilings = run.amounts(), run.ceilings()
    assert ceilings["WK009903", 2028] == 12_345_678
    assert {amounts["WK009902", year, "WMO"] for year in (2027, 2028)} == {1_500_055}
    for row in run.tables["Plafonds"]:
        assert 10 * row["Plafond (cent)"] <= 11 * row["Vorig jaar (cent)"] + 10
    assert certify(run.workbook).status == 0


def test_a_strategy_in_the_workbook_is_the_strategy_of_the_command_line(tmp_path: Path) -> None:
    field = plan(_scarce().field("Strategie", " Zekerheid "), tmp_path, "veld")
    rows = _scarce()
    for sheet in ("Wijken", "Vraag", "Vorig budget", "Regels", "Middelen"):
        random.Random(1).shuffle(rows.sheets[sheet])
    assert field.amounts() == plan(rows, tmp_path, "optie", "--strategie", "zekerheid").amounts()


def test_new_names_in_another_order_give_an_irregular_town_the_same_cents(tmp_path: Path) -> None:
    town = tiny(1, 5, 700_000)
    for number, row in enumerate(town.sheets["Vraag"]):
        row[3] += number * number % 11 - 4
    codes = [row[0] for row in town.sheets["Wijken"]]
    names = dict(zip(codes, ("EE5", "DD4", "CC3", "BB2", "AA1"), strict=True))
    renamed = town.copy()
    for rows in renamed.sheets.values():
        for row in rows:
            row[:] = [names.get(str(cell), cell) for cell in row]
    before, after = plan(town, tmp_path, "oud").amounts(), plan(renamed, tmp_path, "nieuw").amounts()
    assert {(names.get(code, code), *rest): cents for (code, *rest), cents in before.items()} == after


def test_equal_districts_get_equal_money_to_the_cent(tmp_path: Path) -> None:
    town = tiny(1, 4, 222_222.21)
    for sheet, column in (("Vraag", 3), ("Vorig budget", 2)):
        like = {row[1]: row[column] for row in town.sheets[sheet]}
        for row in town.sheets[sheet]:
            row[column] = like[row[1]]
    for row in town.sheets["Wijken"]:
        row[3] = 1000
    amounts = plan(town, tmp_path, "stad", "--strategie", "zekerheid").amounts()
    for stream in ("WMO", "JGD"):
        cents = [amounts[row[0], 2027, stream] for row in town.sheets["Wijken"]]
        assert max(cents) - min(cents) <= 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Strategie", "evenwcht"),
        ("Strategie", "gewichten 50-30-30"),
        ("Risicogewicht", -0.1),
        ("Zekerheid", 1),
    ],
)
def test_a_wrong_strategy_is_a_fault_at_its_own_cell(field: str, value: Any, tmp_path: Path) -> None:
    run = check(tiny().field(field, value), tmp_path)
    assert (run.status, "Gemeente!B10: verwacht " + field in run.faults) == (2, True)


def test_a_source_of_money_does_what_its_shadow_price_says(tmp_path: Path) -> None:
    def shortfall(run: Run) -> int:
        return sum(row["Tekort (cent)"] or 0 for row in run.tables["Gebiedsbudgetten"])

    town = tiny(1, 2, 200_000)
    before = plan(town, tmp_path, "voor")
    row = next(row for row in before.tables["Schaduwprijzen"] if row["Regel"] == "middelen")
    town.sheets["Middelen"][0][2] += 10_000
    after = plan(town, tmp_path, "na")
    assert shortfall(before) - shortfall(after) == round(1_000_000 * row["Waarde"])
    assert "€ 10.000" in row["Zin"]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return plan(tiny(1, 2, 300_000), tmp_path_factory.mktemp("bewijs"))


@pytest.mark.parametrize(
    ("sheet", "column", "value"),
    [("Gebiedsbudgetten", "Bedrag", 0.01), ("Schaduwprijzen", "Zin", "x"), ("Plafonds", "Wijknaam", "x")],
)
def test_a_cell_changed_by_hand_is_named(
    sheet: str, column: str, value: Any, planned: Run, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(planned.workbook)
    heading = [cell.value for cell in book[sheet][1]]
    cell = book[sheet].cell(2, heading.index(column) + 1)
    cell.value = float(str(cell.value)) + value if isinstance(value, float) else value
    book.save(tmp_path / "anders.xlsx")
    run = certify(tmp_path / "anders.xlsx")
    assert (run.status, f"{sheet}!" in run.faults) == (1, True)


def test_a_workbook_saved_again_is_still_the_plan(planned: Run, tmp_path: Path) -> None:
    openpyxl.load_workbook(planned.workbook).save(tmp_path / "opnieuw.xlsx")
    assert certify(tmp_path / "opnieuw.xlsx").status == 0
    assert certify(planned.workbook.with_name("stad.json")).status == 0


def test_what_is_no_plan_is_refused_with_a_reason(planned: Run, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(planned.workbook)
    del book["Certificaat"]
    book.save(tmp_path / "zonder.xlsx")
    tiny().xlsx(tmp_path / "invoer.xlsx")
    (tmp_path / "tekst.xlsx").write_text("geen werkmap")
    for name in ("zonder.xlsx", "invoer.xlsx", "tekst.xlsx", "bestaat niet.xlsx"):
        run = command("certify", tmp_path / name, tmp_path / "a.xlsx", tmp_path / "a.json")
        assert run.status == 1
        assert name in run.faults
        assert "Traceback" not in run.faults
