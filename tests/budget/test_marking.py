"""A marked copy: the user's own workbook, with every fault shown where it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from budget.faults import Fault, FaultyInput
from budget.workbook.marking import mark_faults
from budget.workbook.reading import read_inputs
from budget.workbook.template import write_input_workbook
from tests.budget.faulty_workbook import write_faulty_workbook
from tests.budget.input_rows import proefstad, write_csv_folder


def faults_in(path: Path) -> tuple[Fault, ...]:
    with pytest.raises(FaultyInput) as refused:
        read_inputs(path)
    return refused.value.faults


def test_every_faulty_cell_is_coloured_and_says_what_was_wanted(tmp_path: Path) -> None:
    path = write_faulty_workbook(tmp_path / "in.xlsx")
    faults = faults_in(path)
    mark_faults(path, faults, tmp_path / "out.xlsx")
    marked = load_workbook(tmp_path / "out.xlsx")
    for fault in faults:
        if fault.cell:
            cell = marked[fault.sheet][fault.cell]
            assert cell.fill.fgColor.rgb == "00FFC7CE", fault
            assert f"Verwacht {fault.wanted}, gevonden {fault.found}." in cell.comment.text


def test_all_faults_are_listed_first_with_links(tmp_path: Path) -> None:
    path = write_faulty_workbook(tmp_path / "in.xlsx")
    faults = faults_in(path)
    mark_faults(path, faults, tmp_path / "out.xlsx")
    overview = load_workbook(tmp_path / "out.xlsx").worksheets[0]
    assert overview.title == "Fouten"
    listed = [tuple(cell.value or "" for cell in row) for row in overview.iter_rows(min_row=2)]
    assert listed == [(fault.sheet, fault.cell, fault.wanted, fault.found) for fault in faults]
    place = next(number for number, fault in enumerate(faults) if fault.sheet == "Vorig budget")
    assert overview.cell(place + 2, 2).hyperlink.location == f"'Vorig budget'!{faults[place].cell}"


def test_the_rest_of_the_workbook_stays_as_it_was(tmp_path: Path) -> None:
    write_input_workbook(tmp_path / "in.xlsx", proefstad())
    workbook = load_workbook(tmp_path / "in.xlsx")
    workbook["Wijken"]["B2"].font = Font(bold=True)
    workbook["Wijken"]["D2"] = "=2000*2"
    workbook["Wijken"]["D3"].comment = Comment("nagekeken", "Ans")
    workbook.create_sheet("Kladblad")["A1"] = "=1+1"
    workbook.save(tmp_path / "in.xlsx")
    fault = Fault("Wijken", "D3", "Inwoners", '"=x"')
    mark_faults(tmp_path / "in.xlsx", [fault], tmp_path / "out.xlsx")
    marked = load_workbook(tmp_path / "out.xlsx")
    assert marked["Wijken"]["B2"].font.bold
    assert marked["Wijken"]["D2"].value == "=2000*2"
    assert marked["Wijken"]["D3"].comment.text == 'nagekeken\nVerwacht Inwoners, gevonden "=x".'
    assert marked["Kladblad"]["A1"].value == "=1+1"
    assert load_workbook(tmp_path / "in.xlsx").sheetnames[0] == "Uitleg"


def test_a_marked_copy_can_be_corrected_read_and_marked_again(tmp_path: Path) -> None:
    rows = proefstad()
    rows["Wijken"][0]["Inwoners"] = "veel"
    write_input_workbook(tmp_path / "in.xlsx", rows)
    mark_faults(tmp_path / "in.xlsx", faults_in(tmp_path / "in.xlsx"), tmp_path / "een.xlsx")
    mark_faults(tmp_path / "een.xlsx", faults_in(tmp_path / "een.xlsx"), tmp_path / "twee.xlsx")
    workbook = load_workbook(tmp_path / "twee.xlsx")
    assert workbook.sheetnames.count("Fouten") == 1
    workbook["Wijken"]["D2"] = 4_000
    workbook.save(tmp_path / "goed.xlsx")
    inputs = read_inputs(tmp_path / "goed.xlsx")
    assert inputs.districts[1].inhabitants == 4_000
    assert not any("Niet gebruikt" in sentence for sentence in inputs.provenance.defaults)


def test_csv_files_are_marked_as_sheets_of_one_workbook(tmp_path: Path) -> None:
    rows = proefstad()
    rows["Wijken"][0]["Inwoners"] = "=veel"
    folder = write_csv_folder(tmp_path / "csv", rows)
    mark_faults(folder, faults_in(folder), tmp_path / "out.xlsx")
    cell = load_workbook(tmp_path / "out.xlsx")["Wijken"]["D2"]
    assert (cell.value, cell.data_type) == ("=veel", "s")
    assert cell.fill.fgColor.rgb == "00FFC7CE"


def test_a_file_that_may_not_be_opened_is_not_opened_to_be_marked_either(tmp_path: Path) -> None:
    (tmp_path / "in.xlsx").write_bytes(b"PK\x03\x04 stuk")
    with pytest.raises(FaultyInput):
        mark_faults(tmp_path / "in.xlsx", (), tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()
