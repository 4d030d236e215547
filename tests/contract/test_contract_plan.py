"""Every plan, whatever the town: the sums of the contract hold to the cent."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from tests.contract.identities import assert_budgets_add_up, assert_sheets_agree
from tests.contract.run import Run, command, plan, segment
from tests.contract.towns import Town, tiny


def _everything() -> Town:
    town = tiny(4, 3, 777_777.77)
    town.rule("groei_min", 0.05).rule("groei_max", 0.04).rule("groei_max_per_inwoner", 11.37)
    town.rule("norm_aandeel", 0.3, 2027).rule("norm_aandeel", 0.7, 2028).rule("buffer_centraal", 0.0211)
    town.rule("preventie_min", 0.003).rule("preventie_max", 0.02).rule("schuifruimte", 0.4)
    town.rule("vast", 91234.56, 2028, "WK009901", "WMO")
    town.rule("herinvesteren_aandeel", 0.37).rule("algemene_middelen_aandeel", 0.41)
    town.add("Preventie", segment("P", "JGD", 5000, 1.5), segment("P", "JGD", 50000, 1.0))
    town.add("Middelen", *[["Oormerk", 2027 + y, 222222.22, "JGD", "nee", "1"] for y in range(4)])
    return town.add("Reserves", ["Egalisatie", 50000, 10000, 95000, 12000.02, "2029-12-31"])


def _ring_fenced() -> Town:
    return tiny(2, 3, 500_000).add(
        "Middelen",
        ["Oormerk", 2027, 600_000, "JGD", "nee", "1"],
        ["Oormerk", 2028, 100_000.05, "JGD", "nee", "1"],
    )


def _city_wide() -> Town:
    town = tiny(2, 3, 900_000).rule("stadsbreed", 1, None, None, "JGD")
    town.add("Vraag", *[["STAD", "WMO", str(year), 5, "definitief"] for year in range(2019, 2026)])
    return town


def _reserve() -> Town:
    return tiny(2, 3, 500_000).add("Reserves", ["Egalisatie", 90_000, 10_000, 95_000, 20_000, "2029-12-31"])


TOWNS = {
    "one district, six years": tiny(6, 1, 300_000),
    "far too little money": tiny(2, 3, 200_000),
    "no money": tiny(2, 3, 0),
    "far too much money": tiny(1, 3, 50_000_000),
    "frozen budgets": tiny(3, 3, 900_000.01).rule("groei_min", 0).rule("groei_max", 0),
    "ring-fenced money": _ring_fenced(),
    "city-wide care": _city_wide(),
    "every rule at once": _everything(),
    "a silo of streams": tiny(1, 3, 700_000).rule("schuifruimte", 0),
    "prevention fixed at a share": (
        tiny(1, 2, 900_000).rule("preventie_min", 0.02).rule("preventie_max", 0.02)
        .add("Preventie", segment("P", "JGD", 50_000, 1.5))
    ),
    "a reserve that is drawn": _reserve(),
}  # fmt: skip


@pytest.fixture(scope="module", params=list(TOWNS))
def planned(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Town, Run]:
    town = TOWNS[request.param]
    return town, plan(town, tmp_path_factory.mktemp("stad"))


def test_every_sum_of_the_contract_holds_to_the_cent(planned: tuple[Town, Run]) -> None:
    town, run = planned
    assert run.status == 0, run.faults
    assert_budgets_add_up(town, run)


def test_every_sheet_beside_the_budgets_says_the_same(planned: tuple[Town, Run]) -> None:
    town, run = planned
    assert run.status == 0, run.faults
    assert_sheets_agree(town, run)


def test_every_level_of_the_forecast_adds_up_and_its_quantiles_are_in_order(
    planned: tuple[Town, Run],
) -> None:
    _, run = planned
    assert run.status == 0, run.faults
    parts: Counter[tuple[str | None, str]] = Counter()
    whole: dict[tuple[str | None, str], float] = {}
    for row in run.tables["Prognose"]:
        assert row["P10"] <= row["P50"] <= row["P90"]
        if row["Niveau"] == "gemeente":
            whole[row["Stroom"], row["Periode"]] = row["Verwacht"]
        elif row["Niveau"] != "stadsdeel":
            parts[row["Stroom"], row["Periode"]] += row["Verwacht"]
            parts["TOTAAL", row["Periode"]] += row["Verwacht"]
    assert whole
    for key, expected in whole.items():
        assert parts[key] == pytest.approx(expected, abs=0.01)
    if any(row["Uitkomst"] != "goed" for row in run.tables["Controles"]):
        pytest.fail("a control is fout")


def test_every_formula_carries_its_value_and_the_workbook_says_what_the_json_says(
    planned: tuple[Town, Run],
) -> None:
    _, run = planned
    assert run.status == 0, run.faults
    live = openpyxl.load_workbook(run.workbook)
    cached = openpyxl.load_workbook(run.workbook, data_only=True)
    for sheet in live:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    value = cached[sheet.title][cell.coordinate].value
                    assert value is not None
                    assert not str(value).startswith("#")
    for name, column in (
        ("Plafonds", "Plafond"),
        ("Budgetsluitend", "Verschil"),
        ("Gebiedsbudgetten", "Bedrag"),
    ):
        heading, *rows = cached[name].iter_rows(values_only=True)
        place = heading.index(column)
        shown = [round(100 * float(str(row[place]))) for row in rows if row[place] is not None]
        assert shown == [row[f"{column} (cent)"] for row in run.tables[name]]
        formula = str(live[name].cell(2, place + 1).value)
        assert formula.startswith("=") == (name != "Gebiedsbudgetten")
    assert {row["Uitkomst"] for row in run.tables["Controles"]} == {"goed"}


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    source = tiny().xlsx(tmp_path / "stad.xlsx")
    first, second = (
        command("plan", source, tmp_path / f"{k}.xlsx", tmp_path / f"{k}.json") for k in ("een", "twee")
    )
    assert first.workbook.read_bytes() == second.workbook.read_bytes()


def test_the_input_is_never_overwritten(tmp_path: Path) -> None:
    source = tiny().xlsx(tmp_path / "stad.xlsx")
    before = source.read_bytes()
    command("plan", source, source, tmp_path / "stad.json")
    assert source.read_bytes() == before
