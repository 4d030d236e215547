"""The command line as a user meets it: in a process of its own, by its exit status and what it says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from sample_data import WORKBOOK

ROOT = Path(__file__).parents[2]
TRIANGLE = ROOT / "sample_data" / "driehoek.xlsx"
SHEETS = ["Prognose", "Opbouw prognose", "Herkomst"]
"""Of a forecast alone."""


def gebiedsbudget(*arguments: object) -> subprocess.CompletedProcess[str]:
    """One command in a fresh process."""
    command = [sys.executable, "-m", "ui.command_line", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=240, check=False)


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """The small city with a text for a number and a rule that does not exist."""
    book = openpyxl.load_workbook(TRIANGLE)
    headings = {cell.value: cell.column for cell in book["Vraag"][1]}
    book["Vraag"].cell(row=2, column=headings["Clienten"], value="veel")
    rule = {cell.value: cell.column for cell in book["Regels"][1]}["Regel"]
    book["Regels"].cell(row=2, column=rule, value="groei_mx")
    book.save(tmp_path / "fout.xlsx")
    return tmp_path / "fout.xlsx"


@pytest.fixture
def contradictory(tmp_path: Path) -> Path:
    """The small city with a locked cell above a given ceiling."""
    book = openpyxl.load_workbook(TRIANGLE)
    sheet = book["Regels"]
    at = {cell.value: cell.column - 1 for cell in sheet[1]}
    for name, stream, value in (("plafond", None, 270_000), ("vast", "HULP", 271_000)):
        row: list[object] = [None] * len(at)
        row[at["Regel"]], row[at["Wijkcode"]], row[at["Stroom"]], row[at["Waarde"]] = (
            name,
            "WK999802",
            stream,
            value,
        )
        sheet.append(row)
    book.save(tmp_path / "strijdig.xlsx")
    return tmp_path / "strijdig.xlsx"


def test_asking_for_help_imports_nothing_heavy() -> None:
    heavy = "{'pandas', 'numpy', 'prophet', 'streamlit', 'pulp', 'openpyxl', 'pydantic', 'rich.progress'}"
    code = f"import sys, ui.command_line; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_a_plan_appears_with_its_json_and_says_where(tmp_path: Path) -> None:
    out = tmp_path / "nieuw" / "plan.xlsx"
    beside = ("--json", tmp_path / "plan.json", "--programma", tmp_path / "plan.lp")
    done = gebiedsbudget("plan", TRIANGLE, "-o", out, *beside, "--trekkingen", 50)
    assert done.returncode == 0, done.stderr
    assert "middelen_2027" in (tmp_path / "plan.lp").read_text()
    assert f"Werkmap: {out}" in done.stdout.replace("\n", " ").replace("  ", " ") or str(out) in done.stdout
    assert "Tekort en dekking" in done.stdout
    tables = json.loads((tmp_path / "plan.json").read_text())
    balance = tables["Budgetsluitend"]
    assert [row["Verschil (cent)"] for row in balance] == [0, 0]
    ceilings = sum(row["Plafond (cent)"] for row in tables["Plafonds"])
    assert ceilings == sum(row["Gebieden (cent)"] for row in balance)


@pytest.mark.slow
def test_the_sample_municipality_makes_a_plan_that_passes_every_check(tmp_path: Path) -> None:
    done = gebiedsbudget("plan", WORKBOOK, "-o", tmp_path / "plan.xlsx", "--json", tmp_path / "plan.json")
    assert done.returncode == 0, done.stderr
    tables = json.loads((tmp_path / "plan.json").read_text())
    assert {row["Uitkomst"] for row in tables["Controles"]} == {"goed"}
    assert {row["Verschil (cent)"] for row in tables["Budgetsluitend"]} == {0}


def test_the_same_input_and_seed_give_the_same_file_to_the_byte(tmp_path: Path) -> None:
    for name in ("a", "b"):
        done = gebiedsbudget("plan", TRIANGLE, "-o", tmp_path / name / "plan.xlsx", "--trekkingen", 50)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "a/plan.xlsx").read_bytes() == (tmp_path / "b/plan.xlsx").read_bytes()


def test_every_fault_is_told_at_once_and_nothing_is_written(faulty: Path, tmp_path: Path) -> None:
    out = tmp_path / "uit" / "plan.xlsx"
    done = gebiedsbudget("plan", faulty, "-o", out)
    assert done.returncode == 2
    assert done.stdout == ""
    assert not out.parent.exists()
    places = [line.split(":")[0] for line in done.stderr.splitlines()]
    assert any(place.startswith("Vraag!") for place in places)
    assert any(place.startswith("Regels!") for place in places)
    assert "groei_max" in done.stderr
    assert "verwacht" in done.stderr
    assert 'gevonden "veel"' in done.stderr


def test_check_agrees_with_plan_on_what_is_faulty(faulty: Path, tmp_path: Path) -> None:
    checked = gebiedsbudget("check", faulty)
    planned = gebiedsbudget("plan", faulty, "-o", tmp_path / "plan.xlsx")
    assert checked.returncode == 2
    assert checked.stderr == planned.stderr


def test_a_share_that_was_probably_a_percentage_is_told_and_does_not_stop_the_work(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(TRIANGLE)
    book["Regels"].append(["groei_max", 2028, "WK999801", None, 5, None])
    book.save(tmp_path / "ruim.xlsx")
    run = gebiedsbudget("check", tmp_path / "ruim.xlsx")
    assert run.returncode == 0
    assert "groei_max 5 is gelezen als 500 %. Was 5 % bedoeld, schrijf dan 0,05." in run.stderr
    assert "groei_max" not in run.stdout


def test_rules_that_exclude_each_other_are_named_with_amounts_and_a_way_out(
    contradictory: Path, tmp_path: Path
) -> None:
    out = tmp_path / "plan.xlsx"
    done = gebiedsbudget("plan", contradictory, "-o", out, "--trekkingen", 50)
    assert done.returncode == 3, done.stderr
    assert not out.exists()
    assert "plafond" in done.stderr
    assert "vast" in done.stderr
    assert "€ 271.000" in done.stderr
    assert "Kleinste wijzigingen" in done.stderr


def test_the_forecast_can_be_had_alone(tmp_path: Path) -> None:
    out = tmp_path / "prognose.xlsx"
    done = gebiedsbudget("forecast", TRIANGLE, "-o", out, "--trekkingen", 50)
    assert done.returncode == 0, done.stderr
    assert openpyxl.load_workbook(out, read_only=True).sheetnames == SHEETS


def test_who_wants_plain_prophet_gets_it_and_reads_so_in_the_workbook(tmp_path: Path) -> None:
    out = tmp_path / "prophet.json"
    done = gebiedsbudget(
        *("forecast", TRIANGLE, "-o", tmp_path / "prophet.xlsx", "--json", out),
        *("--trekkingen", 50, "--methode", "prophet"),
    )
    assert done.returncode == 0, done.stderr
    tables = json.loads(out.read_text())
    assert {row["Methode"] for row in tables["Prognose"] if row["Niveau"] == "wijk"} == {"Prophet"}
    (row,) = [row for row in tables["Herkomst"] if row["Gegeven"] == "Methode"]
    assert row["Waarde"] == "prophet"


def test_the_sample_brings_its_map(tmp_path: Path) -> None:
    done = gebiedsbudget("sample", tmp_path / "stad.xlsx")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "stad.xlsx").read_bytes() == WORKBOOK.read_bytes()
    assert (tmp_path / "stad.geojson").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "bestaat-niet.xlsx", "-o", "plan.xlsx"),
        ("plan",),
        ("plannen", "x"),
        ("plan", "x", "--jsn", "y"),
    ],
)
def test_a_mistake_on_the_command_line_is_one_sentence_and_no_traceback(arguments: tuple[str, ...]) -> None:
    done = gebiedsbudget(*arguments)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_an_output_that_is_a_folder_is_refused_before_the_work(tmp_path: Path) -> None:
    done = gebiedsbudget("plan", TRIANGLE, "-o", tmp_path)
    assert done.returncode == 1
    assert "is een map" in done.stderr


@pytest.mark.parametrize("option", ["--json", "--programma"])
def test_two_results_in_one_file_are_refused_before_the_work(tmp_path: Path, option: str) -> None:
    same = tmp_path / "elders" / ".." / "plan.xlsx"
    done = gebiedsbudget("plan", TRIANGLE, "-o", tmp_path / "plan.xlsx", option, same)
    assert done.returncode == 1
    assert f"{same}: is voor twee uitkomsten opgegeven" in done.stderr
    assert not (tmp_path / "plan.xlsx").exists()


def test_an_older_result_survives_a_run_that_fails(faulty: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.xlsx"
    shutil.copy(TRIANGLE, out)
    gebiedsbudget("plan", faulty, "-o", out)
    assert out.read_bytes() == TRIANGLE.read_bytes()
