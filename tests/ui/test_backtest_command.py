"""`gebiedsbudget backtest` as a user meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl

ROOT = Path(__file__).parents[2]


def backtest(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ui.command_line", "backtest", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=240, check=False)


def test_a_back_test_says_how_near_every_stream_was_and_writes_it_down(tmp_path: Path) -> None:
    out = tmp_path / "terugtoets.xlsx"
    source = ROOT / "sample_data" / "driehoek.xlsx"
    done = backtest(source, "-o", out, "--json", tmp_path / "t.json", "--momenten", 1, "--trekkingen", 20)
    assert done.returncode == 0, done.stderr
    assert "De prognose van Schuldhulpverlening zat in de terugtoets" in " ".join(done.stdout.split())
    sheets = ["Oordeel", "Stromen", "Scores", "Werkelijk en prognose", "Herkomst"]
    assert openpyxl.load_workbook(out, read_only=True).sheetnames == sheets
    assert list(json.loads((tmp_path / "t.json").read_text())) == sheets


def test_series_that_are_too_short_are_told_and_nothing_is_written(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(ROOT / "sample_data" / "driehoek.xlsx")
    sheet = book["Vraag"]
    at = [cell.value for cell in sheet[1]].index("Periode") + 1
    for row in range(sheet.max_row, 1, -1):
        if str(sheet.cell(row, at).value) < "2025":
            sheet.delete_rows(row)
    book.save(tmp_path / "kort.xlsx")
    done = backtest(tmp_path / "kort.xlsx", "-o", tmp_path / "uit.xlsx")
    assert done.returncode == 1
    assert "te kort voor een terugtoets" in done.stderr
    assert not (tmp_path / "uit.xlsx").exists()
