from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from budget.export import json_text, write_workbook
from budget.inputs import CITY, FREE, Inputs, Reserve
from budget.report.cells import value_of
from budget.report.year_summary import year_sentences, year_tables
from budget.tables import Formula, Kind, Table
from budget.workbook.reading import read_inputs
from budget.year.year_end import year_so_far
from sample_data import WORKBOOK
from tests.budget.year_rows import CHOICES, city, whole_year

ROOT = Path(__file__).parents[2]
CONTRACT = {
    "Samenvatting": "Onderdeel, Post, Bedrag, Toelichting",
    "Jaarbeeld": "Wijkcode, Stroom, Jaar, Budget, Geboekt definitief, Geboekt voorlopig, Nakomende facturen, "
    "Nog niet geboekt, Verwachte jaarlast, Overschot, P10, P50, P90",
    "Maanden": "Wijkcode, Stroom, Periode, Budget, Geboekt, Nakomende facturen, Nog niet geboekt, Verwacht",
    "Afrekening": "Wijkcode, Jaar, Overschot, Naar preventie, Naar algemene middelen, Meegenomen, Overschrijding, "
    "Uit vrije ruimte, Uit centrale buffer, Uit reserve, Raadsbesluit, Status",
    "Herinvestering": "Wijkcode, Jaar, Overschot, Naar preventie, Naar algemene middelen, Meegenomen",
    "Controles": "Controle, Uitkomst, Verschil",
    "Herkomst": "Onderdeel, Gegeven, Waarde, Toelichting",
}
Row = Mapping[str, object]


def complete() -> Inputs:
    """A keeps 10,000, B spends 8,000 too much; there is 3,000 in the buffer and 2,000 in a reserve."""
    inputs = city(whole_year(), *CHOICES)
    return replace(
        inputs,
        last_budget={**inputs.last_budget, (CITY, FREE): 3_000_00},
        reserves=(Reserve("Egalisatie", 50_000_00, 10_000_00, None, 2_000_00, None),),
    )


def with_a_gap() -> Inputs:
    rows = [row for row in whole_year() if (row.district, row.stream, row.period) != ("A", "j", "2026-03")]
    return city(rows, *CHOICES)


def tables_of(inputs: Inputs) -> dict[str, Table]:
    return {table.sheet: table for table in year_tables(year_so_far(inputs), inputs)}


def rows_of(table: Table) -> list[Row]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, map(value_of, row), strict=True)) for row in table.rows]


def test_every_sheet_has_the_columns_of_the_contract() -> None:
    tables = tables_of(complete())
    assert list(tables) == list(CONTRACT)
    for sheet, wanted in CONTRACT.items():
        assert set(wanted.split(", ")) <= {column.name for column in tables[sheet].columns}, sheet


def test_the_settlement_of_the_small_city() -> None:
    columns = "Wijkcode, Overschot, Naar preventie, Naar algemene middelen, Meegenomen, Overschrijding, "
    columns += "Uit centrale buffer, Uit reserve, Raadsbesluit, Controle, Status"
    found = [
        tuple(row[name] for name in columns.split(", "))
        for row in rows_of(tables_of(complete())["Afrekening"])
    ]
    assert found == [
        ("A", 10_000_00, 5_000_00, 3_000_00, 2_000_00, 0, 0, 0, 0, 0, "definitief"),
        ("B", 0, 0, 0, 0, 8_000_00, 3_000_00, 2_000_00, 3_000_00, 0, "definitief"),
        (
            "GM9998",
            10_000_00,
            5_000_00,
            3_000_00,
            2_000_00,
            8_000_00,
            3_000_00,
            2_000_00,
            3_000_00,
            0,
            "definitief",
        ),
    ]


def test_the_overview_adds_up_per_area_and_per_stream() -> None:
    found = {
        (row["Wijkcode"], row["Stroom"]): (row["Budget"], row["Verwachte jaarlast"], row["Overschot"])
        for row in rows_of(tables_of(city(whole_year()))["Jaarbeeld"])
    }
    assert found["A", "TOTAAL"] == (130_000_00, 120_000_00, 10_000_00)
    assert found["GM9998", "j"] == (160_000_00, 12 * (7_000 + 6_500) * 100, -2_000_00)
    assert found["GM9998", "TOTAAL"] == (260_000_00, 258_000_00, 2_000_00)


def test_months_that_are_not_booked_are_blank_and_not_zero() -> None:
    inputs = city([row for row in whole_year() if row.period <= "2026-08"], *CHOICES)
    months = [
        (row["Periode"], row["Geboekt"], row["Nog niet geboekt"], row["Verwacht"], row["Herkomst"])
        for row in rows_of(tables_of(inputs)["Maanden"])
        if (row["Wijkcode"], row["Stroom"]) == ("A", "w")
    ]
    assert months[7:9] == [
        ("2026-08", 3_000_00, None, 3_000_00, "definitief"),
        ("2026-09", None, 3_000_00, 3_000_00, "doorgetrokken"),
    ]


def test_an_area_that_cannot_be_settled_has_blanks_and_a_reason() -> None:
    tables = tables_of(with_a_gap())
    row = rows_of(tables["Afrekening"])[0]
    assert (row["Overschot"], row["Naar preventie"], row["Raadsbesluit"]) == (None, None, None)
    assert (row["Status"], row["Toelichting"]) == ("niet af te rekenen", "j: maart ontbreekt")
    assert rows_of(tables["Herinvestering"])[0]["Overschot"] is None
    sentences = year_sentences(year_so_far(with_a_gap()), with_a_gap())
    assert "Niet af te rekenen: Noord (j: maart ontbreekt)." in sentences


@pytest.mark.parametrize(
    "inputs", [complete(), with_a_gap(), read_inputs(WORKBOOK)], ids=["rond", "gat", "stad"]
)
def test_every_check_is_good(inputs: Inputs) -> None:
    checks = rows_of(tables_of(inputs)["Controles"])
    assert len(checks) > 10
    assert {row["Uitkomst"] for row in checks} == {"goed"}


def test_the_sentences_say_how_final_the_year_is() -> None:
    assert "Het jaar 2026 is compleet en definitief" in " ".join(
        year_sentences(year_so_far(complete()), complete())
    )
    inputs = read_inputs(WORKBOOK)
    told = " ".join(year_sentences(year_so_far(inputs), inputs))
    assert "Tot en met augustus 2026 is € 85.452.132 geboekt, waarvan € 64.835.427 definitief." in told
    assert "september tot en met december nog niet geboekt" in told


def test_the_source_of_every_estimate_is_told() -> None:
    inputs = read_inputs(WORKBOOK)
    told = [
        row["Toelichting"]
        for row in rows_of(tables_of(inputs)["Herkomst"])
        if row["Onderdeel"] == "Schatting"
    ]
    assert any("JEUGD 2026-08: voorlopige lasten met" in str(text) for text in told)
    assert any("gemiddelde van de laatste twaalf geboekte maanden" in str(text) for text in told)


def test_json_has_whole_cents() -> None:
    inputs = complete()
    sheets = json.loads(json_text(year_tables(year_so_far(inputs), inputs)))
    assert sheets["Herinvestering"][0]["Naar preventie (cent)"] == 5_000_00


def test_settle_writes_the_year_of_the_sample(tmp_path: Path) -> None:
    done = _settle(WORKBOOK, tmp_path, "--zonder-prognose")
    assert done.returncode == 0, done.stderr
    assert "De afrekening is voorlopig" in done.stdout
    sheets = json.loads((tmp_path / "jaar.json").read_text())
    for row in sheets["Herinvestering"]:
        parts = ("Naar preventie (cent)", "Naar algemene middelen (cent)", "Meegenomen (cent)")
        assert row["Overschot (cent)"] == sum(row[part] for part in parts)
    assert openpyxl.load_workbook(tmp_path / "jaar.xlsx", read_only=True).sheetnames == list(CONTRACT)


def test_settle_without_actuals_is_a_fault_and_writes_nothing(tmp_path: Path) -> None:
    done = _settle(ROOT / "sample_data" / "driehoek.xlsx", tmp_path)
    assert done.returncode == 2
    assert "Realisatie: verwacht ten minste één rij met Lasten in 2026" in done.stderr
    assert "gevonden geen rijen" in done.stderr
    assert list(tmp_path.iterdir()) == []


def _settle(source: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    files = ("-o", str(folder / "jaar.xlsx"), "--json", str(folder / "jaar.json"))
    command = [sys.executable, "-m", "ui.command_line", "settle", str(source), *files, *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=240, check=False)


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("soffice") is None and "CI" not in os.environ, reason="LibreOffice is not installed"
)
@pytest.mark.parametrize("inputs", [with_a_gap(), read_inputs(WORKBOOK)], ids=["gat", "stad"])
def test_libreoffice_finds_the_value_of_every_formula(inputs: Inputs, tmp_path: Path) -> None:
    tables = list(tables_of(inputs).values())
    write_workbook([_blinded(table) for table in tables], tmp_path / "jaar.xlsx")
    profile = tmp_path / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_RECALCULATE)
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation={profile.parent.as_uri()}",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run([*command, "--outdir", tmp_path / "uit", tmp_path / "jaar.xlsx"], check=True, timeout=120)
    book = openpyxl.load_workbook(tmp_path / "uit" / "jaar.xlsx", data_only=True)
    for table in tables:
        first = 5 if table.page else 2
        for number, row in enumerate(table.rows, start=first):
            for at, (column, cell) in enumerate(zip(table.columns, row, strict=True), start=1):
                if isinstance(cell, Formula):
                    found = book[table.sheet].cell(number, at).value
                    value = found * 100 if column.kind is Kind.CENTS else found
                    wanted = (
                        cell.value if isinstance(cell.value, str) else pytest.approx(cell.value, abs=0.01)
                    )
                    assert value == wanted, (table.sheet, number, column.name)


_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


def _blinded(table: Table) -> Table:
    """The same formulas with wrong values, so that only a recalculation can tell the right ones."""
    rows = [
        tuple(replace(cell, value=-1) if isinstance(cell, Formula) else cell for cell in row)
        for row in table.rows
    ]
    return replace(table, rows=rows)
