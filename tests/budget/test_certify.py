"""Rechecking a plan from its output: what was proven stands, and whatever a hand changed is found with its address."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from budget.certify import NotCertified, certify, sentences
from budget.export import write_json, write_workbook
from budget.inputs import Funding, Reserve
from budget.plan import Plan, plan_demand
from budget.report import plan_tables
from tests.budget.plan_example import example_demand, example_inputs, example_plan
from tests.budget.small_city import flat_demand, rule, small_inputs

WITH_OFFICE = pytest.mark.skipif(
    shutil.which("soffice") is None and "CI" not in os.environ, reason="LibreOffice is not installed"
)


@cache
def scarce_plan() -> Plan:
    reserve = Reserve("Egalisatie", 40_000_00, 0, None, 20_000_00, None)
    funding = (
        Funding("Algemeen", 2027, 190_000_00, (), True, ""),
        Funding("Algemeen", 2028, 190_000_00, (), True, ""),
        Funding("Rijk jeugd", 2027, 10_000_00, ("j",), True, ""),
    )
    inputs = small_inputs(
        rule("buffer_centraal", "0.01"), rule("groei_max", "0.05"), reserves=(reserve,), funding=funding
    )
    return plan_demand(inputs, flat_demand(inputs))


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsx"
    write_workbook(plan_tables(scarce_plan()), path)
    return path


def changed(path: Path, sheet: str, cell: str, value: object) -> Path:
    """The workbook with one cell typed over; openpyxl keeps no outcomes of formulas."""
    book = openpyxl.load_workbook(path)
    book[sheet][cell].value = value
    book.save(path)
    return path


def test_a_plan_as_it_was_made_is_certified(workbook: Path) -> None:
    verdict = certify(workbook)
    assert verdict.holds
    assert verdict.n_rules > 20
    assert verdict.cents < 1
    assert list(sentences(verdict))[-1].startswith("Beste: geen plan heeft een gewogen tekort dat meer dan")


def test_a_plan_with_prevention_reserves_and_every_kind_of_row_is_certified(tmp_path: Path) -> None:
    plan = plan_demand(example_inputs(), example_demand())
    write_workbook(plan_tables(plan), tmp_path / "plan.xlsx")
    verdict = certify(tmp_path / "plan.xlsx")
    assert (verdict.changed, verdict.unproven, verdict.broken) == ((), (), ())


def test_the_json_of_a_plan_is_certified_too(tmp_path: Path) -> None:
    write_json(plan_tables(scarce_plan()), tmp_path / "plan.json")
    assert certify(tmp_path / "plan.json").holds


def test_a_workbook_saved_by_openpyxl_without_outcomes_of_formulas_is_certified(workbook: Path) -> None:
    openpyxl.load_workbook(workbook).save(workbook)
    assert certify(workbook).holds


def test_rows_may_be_sorted(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook, data_only=True)
    sheet = book["Gebiedsbudgetten"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for number, row in enumerate(sorted(rows, key=lambda row: (str(row[3]), str(row[0]), row[2])), start=2):
        for at, value in enumerate(row, start=1):
            sheet.cell(number, at).value = value
    book.save(workbook)
    assert certify(workbook).changed == ()


def test_a_cell_that_a_hand_changed_is_named_with_what_it_was_and_the_rules_it_breaks(workbook: Path) -> None:
    before = openpyxl.load_workbook(workbook, data_only=True)["Gebiedsbudgetten"]["E2"].value
    verdict = certify(changed(workbook, "Gebiedsbudgetten", "E2", before + 1))
    assert not verdict.holds
    assert verdict.changed[0].startswith("Gebiedsbudgetten!E2: was € ")
    assert any("gebiedsbudget" in text and "gemist met € 1,00" in text for text in verdict.broken)
    assert verdict.unproven == ()
    assert list(sentences(verdict))[-1] == "Dit is niet het plan dat bewezen is."


@pytest.mark.parametrize(
    ("sheet", "cell", "value"),
    [
        ("Bronnen", "F2", 1.0),
        ("Plafonds", "E3", 12.34),
        ("Budgetsluitend", "E2", 0.01),
        ("Gebiedsbudgetten", "B2", "Elders"),
        ("Controles", "A2", "Alles klopt"),
        ("Samenvatting", "B5", "Niets aan de hand."),
    ],
)
def test_any_cell_of_any_sheet_counts(workbook: Path, sheet: str, cell: str, value: object) -> None:
    assert any(sheet in text for text in certify(changed(workbook, sheet, cell, value)).changed)


def test_a_sheet_that_is_gone_is_missed(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    del book["Plafonds"]
    book.save(workbook)
    assert "blad Plafonds ontbreekt" in certify(workbook).changed


def test_a_certificate_that_was_changed_itself_is_no_certificate(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    cell = next(cell for cell in book["Certificaat"]["D"] if str(cell.value).startswith("eJ"))
    cell.value = cell.value[:100] + ("A" if cell.value[100] != "A" else "B") + cell.value[101:]
    book.save(workbook)
    with pytest.raises(NotCertified, match="beschadigd"):
        certify(workbook)


def test_a_plan_without_a_certificate_says_so(tmp_path: Path) -> None:
    write_workbook(plan_tables(example_plan()), tmp_path / "plan.xlsx")
    with pytest.raises(NotCertified):
        certify(tmp_path / "plan.xlsx")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 geen werkmap", b"[1, 2]"])
def test_another_kind_of_file_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    for name in ("plan.xlsx", "plan.json"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(NotCertified):
            certify(tmp_path / name)


def test_a_workbook_that_unpacks_into_far_more_is_refused_before_it_is_opened(workbook: Path) -> None:
    with zipfile.ZipFile(workbook, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet99.xml", " " * 50_000_000)
    with pytest.raises(NotCertified, match="bij het uitpakken onredelijk groot"):
        certify(workbook)


def test_the_command_needs_no_solver_and_its_status_is_the_verdict(workbook: Path) -> None:
    code = (
        "import sys\n"
        "for name in ('pulp', 'highspy', 'prophet', 'scipy'): sys.modules[name] = None\n"
        f"sys.argv = ['gebiedsbudget', 'certify', {str(workbook)!r}]\n"
        "from ui.command_line import main\n"
        "main()\n"
    )
    well = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (well.returncode, well.stderr) == (0, "")
    assert "alle gehouden" in well.stdout
    changed(workbook, "Gebiedsbudgetten", "E2", 1)
    wrong = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert wrong.returncode == 1
    assert "Gebiedsbudgetten!E2: was" in wrong.stderr


@WITH_OFFICE
@pytest.mark.slow
def test_a_plan_saved_by_libreoffice_is_certified(workbook: Path, tmp_path: Path) -> None:
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", tmp_path / "out", workbook], check=True, timeout=120)
    verdict = certify(tmp_path / "out" / "plan.xlsx")
    assert (verdict.changed, verdict.unproven, verdict.broken) == ((), (), ())
