from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from io import BytesIO
from math import isclose
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budget.export import json_text, workbook_bytes, write_json, write_workbook
from budget.report import plan_tables
from budget.report.cells import value_of
from budget.report.sheet_layout import as_text
from budget.tables import Cell, Column, Formula, Kind, Table
from tests.budget.plan_example import example_plan

WITH_OFFICE = pytest.mark.skipif(
    shutil.which("soffice") is None and "CI" not in os.environ, reason="LibreOffice is not installed"
)
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""
UNIT = {Kind.CENTS: 100, Kind.THOUSANDS: 100_000}


@cache
def tables() -> tuple[Table, ...]:
    return plan_tables(example_plan())


def one_cell(cell: Cell, kind: Kind = Kind.TEXT) -> list[Table]:
    return [Table("Blad", "", (Column("Kolom", kind),), [(cell,)])]


def opened(content: bytes, *, values: bool = True) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(content), data_only=values)


def cells(table: Table) -> Iterator[tuple[int, int, Column, Cell]]:
    """Every cell of a table with its row and column in the workbook."""
    first = 5 if table.page else 2
    for row, line in enumerate(table.rows, start=first):
        for at, (column, cell) in enumerate(zip(table.columns, line, strict=True), start=1):
            yield row, at, column, cell


def same(found: object, cell: Cell, column: Column) -> bool:
    """Whether the workbook shows what a cell holds, numbers to the last digits."""
    wanted = value_of(cell)
    if isinstance(wanted, str) or wanted is None:
        return found == wanted
    return isinstance(found, int | float) and isclose(
        found, wanted / UNIT.get(column.kind, 1), rel_tol=1e-12, abs_tol=1e-12
    )


def test_the_headings_of_every_list_are_its_first_row() -> None:
    book = opened(workbook_bytes(tables()))
    assert book.sheetnames == [table.sheet for table in tables()]
    for table in tables():
        if not table.page:
            headings = [cell.value for cell in book[table.sheet][1]]
            assert headings == [column.name for column in table.columns]


def test_every_number_and_every_formula_is_in_the_workbook_with_its_value() -> None:
    content = workbook_bytes(tables())
    values, formulas = opened(content), opened(content, values=False)
    for table in tables():
        for row, at, column, cell in cells(table):
            place = values[table.sheet].cell(row, at)
            if isinstance(cell, Formula):
                assert formulas[table.sheet].cell(row, at).value == cell.text
            if isinstance(cell, int | float | Formula):
                assert same(place.value, cell, column), (table.sheet, place.coordinate)


def test_live_formulas_are_where_the_contract_wants_them() -> None:
    book = opened(workbook_bytes(tables()), values=False)
    assert str(book["Plafonds"]["E2"].value).startswith("=ROUND(SUMIFS(Gebiedsbudgetten!")
    assert book["Budgetsluitend"]["H2"].value == "=ROUND(B2+G2-C2-D2-E2-F2,2)"


@given(st.text())
@settings(max_examples=60, deadline=None)
def test_text_is_never_a_formula_a_link_or_a_broken_file(text: str) -> None:
    cell = opened(workbook_bytes(one_cell("x" + text)), values=False)["Blad"]["A2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    if not re.search("_x[0-9a-fA-F]{4}_", text):
        assert cell.value == as_text("x" + text)


@pytest.mark.parametrize("text", ["=1+1", "+31", "-a", "@sum", "http://voorbeeld.nl", "{=A1}", "0012", "1e5"])
def test_text_that_looks_like_something_else_stays_text(text: str) -> None:
    cell = opened(workbook_bytes(one_cell(text)), values=False)["Blad"]["A2"]
    assert (cell.data_type, cell.value) == ("s", text)


def test_a_text_that_is_too_long_for_a_cell_is_cut_and_says_so() -> None:
    value = opened(workbook_bytes(one_cell("a" * 40_000)))["Blad"]["A2"].value
    assert value == "a" * 32_766 + "…"


def test_a_date_is_a_real_date_and_an_amount_is_in_euros() -> None:
    assert opened(workbook_bytes(one_cell("2027-08-31", Kind.DATE)))["Blad"]["A2"].value == datetime(
        2027, 8, 31
    )
    amount = opened(workbook_bytes(one_cell(-123456, Kind.CENTS)))["Blad"]["A2"]
    assert amount.value == -1234.56
    assert "€" in amount.number_format


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert workbook_bytes(tables()) == workbook_bytes(plan_tables(example_plan()))


def test_lists_print_on_a4_landscape_with_their_headings_on_every_page() -> None:
    sheet = opened(workbook_bytes(tables()))["Gebiedsbudgetten"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("E2", "A1:L29")
    assert "Voorbeeldstad" in sheet.oddHeader.left.text


def test_amounts_in_json_are_whole_cents_and_formulas_are_their_values() -> None:
    sheets = json.loads(json_text(tables()))
    assert list(sheets) == [table.sheet for table in tables()]
    first = sheets["Gebiedsbudgetten"][0]
    assert (first["Bedrag (cent)"], first["Verschil (cent)"]) == (640_000_00, 40_000_00)
    for table in tables():
        for row in sheets[table.sheet]:
            assert all(isinstance(row[name], int | None) for name in row if name.endswith(" (cent)"))


def test_an_empty_list_is_an_empty_list_in_both() -> None:
    empty = [Table("Leeg", "", (Column("Kolom", Kind.CENTS, attention=">0"),), [])]
    assert json.loads(json_text(empty)) == {"Leeg": []}
    assert opened(workbook_bytes(empty))["Leeg"]["A1"].value == "Kolom"


@pytest.mark.parametrize("write", [write_workbook, write_json])
def test_a_file_that_cannot_be_made_leaves_the_old_one_and_nothing_else(tmp_path: Path, write) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "plan.out"
    path.write_text("gisteren")
    with pytest.raises(ValueError, match=r"finite|JSON"):
        write(one_cell(float("nan"), Kind.NUMBER), path)
    assert [file.name for file in tmp_path.iterdir()] == ["plan.out"]
    assert path.read_text() == "gisteren"


def test_a_file_that_cannot_be_put_in_place_leaves_nothing(tmp_path: Path) -> None:
    taken = tmp_path / "plan.xlsx"
    taken.mkdir()
    with pytest.raises(OSError):  # noqa: PT011
        write_workbook(one_cell("a"), taken)
    assert list(tmp_path.iterdir()) == [taken]


def test_a_written_file_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_text("gisteren")
    write_workbook(tables(), path)
    assert path.read_bytes() == workbook_bytes(tables())
    assert list(tmp_path.iterdir()) == [path]


@WITH_OFFICE
@pytest.mark.slow
def test_libreoffice_recalculates_every_formula_to_the_value_in_the_workbook(tmp_path: Path) -> None:
    write_workbook([_blinded(table) for table in tables()], tmp_path / "blind.xlsx")
    profile = tmp_path / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE)
    command = ["soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", tmp_path / "out", tmp_path / "blind.xlsx"], check=True, timeout=120)
    book = openpyxl.load_workbook(tmp_path / "out" / "blind.xlsx", data_only=True)
    seen = 0
    for table in tables():
        for row, at, column, cell in cells(table):
            if isinstance(cell, Formula):
                found = book[table.sheet].cell(row, at)
                assert same(found.value, cell, column), (table.sheet, found.coordinate)
                seen += 1
    assert seen > 200


def _blinded(table: Table) -> Table:
    """The same formulas with wrong values, so that only a recalculation can tell the right ones."""
    rows = [
        tuple(
            Formula(cell.text, -1 if not isinstance(cell.value, str) else "?")
            if isinstance(cell, Formula)
            else cell
            for cell in row
        )
        for row in table.rows
    ]
    return replace(table, rows=rows)
