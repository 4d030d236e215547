"""`--strategie`: another strategy than the workbook's, for one plan or for every municipality in a folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from unittest import mock

import pytest

from tests.contract.towns import tiny
from ui.command_line import main


def gebiedsbudget(*words: object) -> int:
    with (
        mock.patch.object(sys, "argv", ["gebiedsbudget", *map(str, words)]),
        mock.patch.dict("os.environ", GEBIEDSBUDGET_WORKERS="1"),
        pytest.raises(SystemExit) as end,
    ):
        main()
    assert isinstance(end.value.code, int)
    return end.value.code


def test_a_plan_with_another_strategy_says_so_and_is_weighed_against_the_others(tmp_path: Path) -> None:
    source = tiny(2, 3, 700_000).xlsx(tmp_path / "in.xlsx")
    out, tables = tmp_path / "uit.xlsx", tmp_path / "uit.json"
    options = ("--json", tables, "--trekkingen", 20, "--strategie", "Gelijke dekking")
    assert gebiedsbudget("plan", source, "-o", out, *options) == 0
    found = json.loads(tables.read_text("utf-8"))
    origins = {(row["Onderdeel"], row["Gegeven"]): row["Waarde"] for row in found["Herkomst"]}
    assert origins["Strategie", "Strategie"] == "gelijke dekking"
    assert any("gekozen bij de opdracht" in (row["Toelichting"] or "") for row in found["Herkomst"])
    assert found["Afwegingen"][0]["Strategie"] == "gelijke dekking"
    assert {"Zekerheid", "Buffer", "Onzekerheid"} <= set(found)


def test_a_folder_is_planned_with_the_strategy_and_without_trade_offs(tmp_path: Path) -> None:
    folder = tmp_path / "gemeenten"
    folder.mkdir()
    tiny(2, 3, 700_000).xlsx(folder / "a.xlsx")
    tiny(3, 3, 900_000).xlsx(folder / "b.xlsx")
    out, tables = tmp_path / "uit.xlsx", tmp_path / "uit.json"
    options = ("--json", tables, "--trekkingen", 20, "--strategie", "voorkomen")
    assert gebiedsbudget("plan", folder, "-o", out, *options) == 0
    origins = {row["Gegeven"]: row["Waarde"] for row in json.loads(tables.read_text("utf-8"))["Herkomst"]}
    assert origins["Strategie"] == "voorkomen"
    assert origins["Afwegingen"].startswith("niet berekend")


def test_a_strategy_that_does_not_exist_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tiny(2, 3, 700_000).xlsx(tmp_path / "in.xlsx")
    assert gebiedsbudget("plan", source, "-o", tmp_path / "uit.xlsx", "--strategie", "snel") == 1
    assert (
        "leximin of gewichten 50-30-20 (percentages, samen 100), gevonden 'snel'" in capsys.readouterr().err
    )
    assert not (tmp_path / "uit.xlsx").exists()
