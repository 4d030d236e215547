"""Cells line by line, from a sheet of a workbook or from a csv file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from budget.workbook.cells import CellValue, Trouble
from budget.workbook.untrusted import LARGEST_FILE, SheetShape, refuse
from wording.sentence import Template

_TOGETHER_UP_TO = Template("samen tot {size} MB")

Grid = Iterable[tuple[int, Sequence[CellValue]]]
"""Line numbers as the user sees them, and the cells of that line from column A on."""

CsvGrid = list[tuple[int, Sequence[CellValue]]]


@dataclass(frozen=True)
class CsvFile:
    """One csv file: its content and its cells, None where it is no text."""

    content: bytes
    separator: str
    grid: CsvGrid | None


_NO_OUTCOME = Trouble("een waarde", "een formule zonder uitkomst; open het bestand in Excel en bewaar het")


def sheet_grid(worksheet: Any, shape: SheetShape) -> Grid:
    """The lines of an openpyxl sheet (read-only, values) up to where its content ends."""
    if not shape.last_row:
        return
    by_row: dict[int, list[int]] = {}
    for row, column in shape.without_outcome:
        by_row.setdefault(row, []).append(column)
    lines = worksheet.iter_rows(max_row=shape.last_row, max_col=shape.last_column, values_only=True)
    for number, values in enumerate(lines, start=1):
        if number in by_row:
            marked = list(values)
            for column in by_row[number]:
                marked[column - 1] = _NO_OUTCOME
            yield number, marked
        else:
            yield number, values


def read_csv_folder(folder: Path) -> dict[str, CsvFile]:
    """The csv files by name, without their ending; `FaultyInput` where there is none."""
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() == ".csv" and file.is_file())
    if not files:
        refuse(folder, "een map zonder csv-bestanden")
    if sum(file.stat().st_size for file in files) > LARGEST_FILE:
        refuse(
            folder,
            "een map met csv-bestanden die samen te groot zijn",
            _TOGETHER_UP_TO(size=LARGEST_FILE // 2**20),
        )
    contents = {file.stem: file.read_bytes() for file in files}
    return {name: _csv_file(content) for name, content in contents.items()}


def _decode(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _csv_file(content: bytes) -> CsvFile:
    text = _decode(content)
    if text is None:
        return CsvFile(content, "", None)
    first, _, rest = text.partition("\n")
    skipped = 0
    separator = ";" if ";" in first else "\t" if "\t" in first and "," not in first else ","
    if first.lower().startswith("sep="):
        separator, text, skipped = first[4:5] or ";", rest, 1
    return CsvFile(content, separator, _csv_grid(text, separator, skipped))


def _csv_grid(text: str, separator: str, skipped: int) -> CsvGrid | None:
    """The cells by line; None where the text is no csv."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    grid: CsvGrid = []
    start = 1
    try:
        for values in reader:
            grid.append((start + skipped, values))
            start = reader.line_num + 1
    except csv.Error:
        return None
    return grid
