"""A copy of the user's workbook with every fault shown where it is."""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from budget.faults import Fault
from budget.files import whole_file
from budget.workbook.grids import read_csv_folder
from budget.workbook.sheets import FAULT_SHEET, SHEET_BY_NAME
from budget.workbook.untrusted import broken, examine_workbook

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_FAULTY = "FFC7CE"
_FONT = "Calibri"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")
_ADDRESS = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_FOLLOWS = "FFF4CE"
_HEADINGS = ("Blad", "Cel", "Verwacht", "Gevonden", "Gevolg")
_WIDTHS = (18, 10, 70, 50, 50)


def mark_faults(path: Path, faults: Iterable[Fault], out: Path) -> None:
    """Write `out` (.xlsx): the workbook, or the csv files as sheets, with the faulty cells coloured and commented.

    Cells whose fault follows from another are marked more lightly, and name the cause. A first sheet lists all
    other faults with links to their cells. Values, formulas and formats stay as they are; charts
    and drawings are not kept. Raises `FaultyInput` for a file that may not be opened, OSError where `out` cannot be
    written.
    """
    listed = tuple(faults)
    workbook = _from_csv(path) if path.is_dir() else _open(path)
    sheets = {worksheet.title.strip().casefold(): worksheet for worksheet in workbook.worksheets}
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    followers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for fault in listed:
        words = f"Verwacht {fault.wanted}, gevonden {fault.found}."
        said[fault.sheet.casefold(), fault.cell].append(words)
        for follower in fault.follows:
            followers[follower.sheet.casefold(), follower.cell].append(f"Volgt uit {fault.place}.")
    for (sheet, address), found in {**followers, **said}.items():
        faulty = (sheet, address) in said
        if sheet in sheets and _ADDRESS.fullmatch(address):
            _mark_cell(sheets[sheet], address, found, _FAULTY if faulty else _FOLLOWS)
        if sheet in sheets and faulty:
            sheets[sheet].sheet_properties.tabColor = _FAULTY
    _list_faults(workbook, listed, sheets)
    with whole_file(out) as temporary:
        workbook.save(temporary)


def _open(path: Path) -> Workbook:
    from openpyxl import load_workbook

    examine_workbook(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(path, keep_links=False)
    except Exception:
        broken(path)


def _from_csv(folder: Path) -> Workbook:
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, file in read_csv_folder(folder).items():
        if name.strip().casefold() not in {sheet.casefold() for sheet in SHEET_BY_NAME}:
            continue
        worksheet = workbook.create_sheet(name.strip())
        for line, values in file.grid or ():
            for place, value in enumerate(values, start=1):
                _write_text(worksheet.cell(line, place), str(value))
    return workbook


def _mark_cell(worksheet: Worksheet, address: str, words: Sequence[str], colour: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    merged = (cells for cells in worksheet.merged_cells.ranges if address in cells)
    anchor = next((f"{cells.coord.partition(':')[0]}" for cells in merged), address)
    cell = worksheet[anchor]
    cell.fill = PatternFill("solid", fgColor=colour)
    said = [*([cell.comment.text] if cell.comment else []), *words]
    cell.comment = Comment(_CONTROL.sub(" ", "\n".join(said)), "Gebiedsbudget", height=110, width=320)


def _list_faults(workbook: Workbook, faults: Sequence[Fault], sheets: Mapping[str, Worksheet]) -> None:
    from openpyxl.styles import Font, PatternFill
    from openpyxl.worksheet.hyperlink import Hyperlink
    from openpyxl.worksheet.properties import PageSetupProperties

    if FAULT_SHEET in workbook.sheetnames:
        workbook.remove(workbook[FAULT_SHEET])
    overview = workbook.create_sheet(FAULT_SHEET, 0)
    n_columns = len(_HEADINGS) if any(fault.follows for fault in faults) else len(_HEADINGS) - 1
    for place, (heading, width) in enumerate(zip(_HEADINGS[:n_columns], _WIDTHS, strict=False), start=1):
        cell = overview.cell(1, place)
        _write_text(cell, heading)
        cell.font, cell.fill = Font(name=_FONT, bold=True), PatternFill("solid", fgColor=_FAULTY)
        overview.column_dimensions[cell.column_letter].width = width
    for number, fault in enumerate(faults, start=2):
        for place, text in enumerate(_listed(fault)[:n_columns], start=1):
            _write_text(overview.cell(number, place), text)
        target = sheets.get(fault.sheet.casefold())
        if target is not None and _ADDRESS.fullmatch(fault.cell):
            title = target.title.replace("'", "''")
            link = overview.cell(number, 2)
            link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{title}'!{fault.cell}")
            link.font = Font(name=_FONT, color="0563C1", underline="single")
    overview.freeze_panes = "A2"
    overview.page_setup.orientation = "landscape"
    overview.page_setup.fitToHeight = 0
    overview.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for worksheet in workbook.worksheets:
        worksheet.sheet_view.tabSelected = worksheet is overview
    workbook.active = 0


def _listed(fault: Fault) -> tuple[str, ...]:
    return fault.sheet, fault.cell, fault.wanted, fault.found, fault.consequences


def _write_text(cell: Cell, text: str) -> None:
    """Text stays text, whatever it starts with."""
    cell.value = _CONTROL.sub(" ", text)[:32_000]
    cell.data_type = "s"
