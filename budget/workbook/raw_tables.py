"""The sheets of the contract as they stand in the file: headings found, values not yet judged."""

from __future__ import annotations

import hashlib
import unicodedata
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from budget.faults import Fault
from budget.workbook.cells import CellValue, known_value, nearest, shown
from budget.workbook.grids import Grid, read_csv_folder, sheet_grid
from budget.workbook.sheets import FAULT_SHEET, GUIDE_SHEET, SHEETS, Sheet
from budget.workbook.untrusted import SheetShape, broken, column_letters, examine_workbook
from wording.sentence import Template

_READ_AS_UNKNOWN = Template("{value} (onbekend)")
_ONE_SHEET = Template("één blad {sheet}")
_NO_SHEET = Template("geen blad met die naam{near}")
_NO_COLUMN = Template("geen kolom met die naam{near}")
_SAME_ROW = Template("dezelfde als in rij {row}")
_A_SHEET = Template("een blad {sheet}")
_HEADINGS = Template("kolomkoppen {names}")
_ONE_COLUMN = Template("één kolom {name}")
_A_COLUMN = Template("een kolom {name}")
_MERGED = Template("samengevoegde cellen {range}")
_AS_MANY = Template("{n} waarden, zoveel als er kolomkoppen zijn")
_NOT_AS_MANY = Template("{n} waarden (bij een decimale komma hoort ; als scheidingsteken)")
_ONE_ROW = Template("één rij {name}")
_NO_ROW = Template("geen rij met die naam{near}")
_A_ROW = Template("een rij met Veld {name}")

_HEADING_WITHIN = 20
_NEAR_NAME = 0.85
_UNUSED_SHEETS = Template("Niet gebruikt: blad {names}.")
_UNUSED_COLUMNS = Template("Niet gebruikt op blad {sheet}: kolom {names}.")
_UNUSED_FIELD = Template("Niet gebruikt op blad {sheet}: {field} in {cell}.")


@dataclass(frozen=True)
class RawTable:
    """One sheet: per row the values of the known columns, None where unknown. Blank rows are left out."""

    sheet: Sheet
    places: Mapping[str, int]
    """Column name -> place of the column, A is 0."""
    lines: Sequence[int]
    rows: Sequence[Mapping[str, CellValue]]
    as_typed: Sequence[Sequence[CellValue]]
    """The same rows, all cells as they stand in the file."""
    heading_line: int = 1
    field_lines: Mapping[str, int] = field(default_factory=dict)
    """For a sheet of fields: the line of each field."""
    decimal_points: bool = False
    """Commas separate the values in this file, so that a single point in a number is a decimal point."""

    def cell(self, row: int, column: str) -> str:
        """The address of a cell: `E214`."""
        line = self.field_lines.get(column, self.lines[row])
        return f"{column_letters(self.places[column] + 1)}{line}"

    def heading_cell(self, column: str) -> str:
        """The address of a heading; that of the first cell where the column is absent."""
        return f"{column_letters(self.places.get(column, 0) + 1)}{self.heading_line}"

    def shown(self, row: int, column: str) -> str:
        """What stands in a cell, as a fault names it."""
        if self.field_lines:
            return shown(self.rows[row].get(column))
        typed, place = self.as_typed[row], self.places[column]
        value = typed[place] if place < len(typed) else None
        unknown = value is not None and known_value(value) is None and shown(value) != "leeg"
        return _READ_AS_UNKNOWN(value=shown(value)) if unknown else shown(value)


@dataclass(frozen=True)
class RawTables:
    """Everything that was found in the file."""

    file_name: str
    sha256: str
    tables: Mapping[str, RawTable]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    """Dutch: what stands in the file and is not used."""


def read_raw_tables(path: Path) -> RawTables:
    """The sheets of a workbook, or of a folder with a csv file per sheet; `FaultyInput` where the file is refused."""
    if path.is_dir():
        return _read_folder(path)
    shapes = examine_workbook(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        return _read_workbook(path, shapes, digest)
    except Exception:
        broken(path)


def _read_workbook(path: Path, shapes: Mapping[str, SheetShape], digest: str) -> RawTables:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            gathering = _Gathering(path.name)
            worksheets = {
                name: workbook[name] for name in workbook.sheetnames if name not in workbook.chartsheets
            }
            for name, sheet in gathering.match(list(worksheets)):
                worksheet: Any = worksheets[name]
                shape = shapes[worksheet._worksheet_path]
                gathering.add(sheet, sheet_grid(worksheet, shape), shape)
        finally:
            workbook.close()
    return gathering.finish(digest)


def _read_folder(folder: Path) -> RawTables:
    files = read_csv_folder(folder)
    digest = hashlib.sha256()
    gathering = _Gathering(folder.name)
    for name, file in files.items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(file.content).digest())
    for name, sheet in gathering.match(list(files)):
        file = files[name]
        if file.grid is None:
            gathering.faults.append(
                Fault(sheet.name, "", "csv-tekst in UTF-8 of Windows-1252", "iets anders")
            )
        else:
            gathering.add(sheet, file.grid, decimal_points=file.separator == ",")
    return gathering.finish(digest.hexdigest())


class _Gathering:
    """Collects tables, faults and notes while a file is read."""

    def __init__(self, file_name: str) -> None:
        self._file_name = file_name
        self._tables: dict[str, RawTable] = {}
        self._matched: set[str] = set()
        self.faults: list[Fault] = []
        self._notes: list[str] = []

    def match(self, names: Sequence[str]) -> Iterator[tuple[str, Sheet]]:
        """The sheets of the contract among these names; capitals and surrounding spaces do not matter."""
        by_folded = {_folded(sheet.name): sheet for sheet in SHEETS}
        others = []
        for name in names:
            sheet = by_folded.get(_folded(name))
            if sheet is None:
                others.append(name)
            elif sheet.name in self._matched:
                self.faults.append(Fault(sheet.name, "", _ONE_SHEET(sheet=sheet.name), "meer dan één"))
            else:
                self._matched.add(sheet.name)
                yield name, sheet
        self._judge_others(others)

    def _judge_others(self, others: Sequence[str]) -> None:
        for sheet in SHEETS:
            if sheet.name in self._matched:
                continue
            near = nearest(sheet.name, others, _NEAR_NAME)
            if sheet.needed or near:
                self.faults.append(Fault(sheet.name, "", _A_SHEET(sheet=sheet.name), _NO_SHEET(near=near)))
        unused = [name for name in others if name not in (GUIDE_SHEET, FAULT_SHEET)]
        if unused:
            self._notes.append(_UNUSED_SHEETS(names=tuple(unused)))

    def add(
        self, sheet: Sheet, grid: Grid, shape: SheetShape | None = None, *, decimal_points: bool = False
    ) -> None:
        """One more sheet of the file."""
        found = _find_headings(sheet, iter(grid))
        if found is None:
            self.faults.append(
                Fault(sheet.name, "A1", _HEADINGS(names=tuple(sheet.headings)), "een leeg blad")
            )
            return
        line, headings, rest = found
        if not {_folded(name) for name in sheet.headings}.intersection(
            _folded(heading) for heading in headings if isinstance(heading, str)
        ):
            wanted = _HEADINGS(names=tuple(sheet.headings))
            self.faults.append(Fault(sheet.name, f"A{line}", wanted, "geen van deze kolomkoppen"))
            return
        places = self._places(sheet, line, headings)
        if shape is not None:
            rest = self._unmerge(sheet, line, places, rest, shape)
        else:
            rest = self._refuse_spill(sheet, len(headings), rest)
        table = replace(_collect(sheet, line, places, rest), decimal_points=decimal_points)
        self._tables[sheet.name] = self._turn(table) if sheet.fields_in_rows else table

    def finish(self, digest: str) -> RawTables:
        """All that was gathered."""
        return RawTables(self._file_name, digest, self._tables, tuple(self.faults), tuple(self._notes))

    def _places(self, sheet: Sheet, line: int, headings: Sequence[CellValue]) -> dict[str, int]:
        by_folded = {_folded(name): name for name in sheet.headings}
        places: dict[str, int] = {}
        others: list[str] = []
        for place, heading in enumerate(headings):
            text = " ".join(heading.split()) if isinstance(heading, str) else ""
            name = by_folded.get(_folded(text))
            if name is None:
                others.extend([text] if text else [])
            elif name in places:
                cell = f"{column_letters(place + 1)}{line}"
                self.faults.append(
                    Fault(sheet.name, cell, _ONE_COLUMN(name=name), "nog een kolom met die naam")
                )
            else:
                places[name] = place
        optional = (
            set() if sheet.fields_in_rows else {column.name for column in sheet.columns if not column.needed}
        )
        for name in sheet.headings:
            near = nearest(name, others, 0.6 if name not in optional else _NEAR_NAME)
            if name not in places and (near or name not in optional):
                self.faults.append(Fault(sheet.name, f"A{line}", _A_COLUMN(name=name), _NO_COLUMN(near=near)))
        unused = [] if sheet.fields_in_rows else others
        if unused:
            self._notes.append(_UNUSED_COLUMNS(sheet=sheet.name, names=tuple(unused)))
        return places

    def _unmerge(
        self, sheet: Sheet, line: int, places: Mapping[str, int], rest: Grid, shape: SheetShape
    ) -> Grid:
        """Every merged range in the table is a fault; its value is put in all its rows, to find no faults twice."""
        used = {place + 1 for place in places.values()}
        fill: dict[int, list[tuple[int, int]]] = {}
        for top, left, bottom, right in shape.merged:
            if bottom < line or not used.intersection(range(left, right + 1)):
                continue
            name = f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
            self.faults.append(
                Fault(sheet.name, f"{column_letters(left)}{top}", "losse cellen", _MERGED(range=name))
            )
            for row in range(top + 1, min(bottom, shape.last_row) + 1):
                fill.setdefault(row, []).append((left, top))
        firsts = {(top, left) for filled in fill.values() for left, top in filled}
        tops = {top for top, _ in firsts}
        kept: dict[tuple[int, int], CellValue] = {}
        for number, values in rest:
            if number in tops:
                kept.update({(left, number): values[left - 1] for top, left in firsts if top == number})
            if number in fill:
                values = list(values)
                for left, top in fill[number]:
                    values[left - 1] = kept.get((left, top))
            yield number, values

    def _refuse_spill(self, sheet: Sheet, width: int, rest: Grid) -> Grid:
        """A csv row with more values than headings has shifted: a decimal comma between commas, most often."""
        for number, values in rest:
            if len(values) > width and any(known_value(value) is not None for value in values[width:]):
                self.faults.append(
                    Fault(
                        sheet.name,
                        f"{column_letters(width + 1)}{number}",
                        _AS_MANY(n=width),
                        _NOT_AS_MANY(n=len(values)),
                    )
                )
                continue
            yield number, values

    def _turn(self, table: RawTable) -> RawTable:
        """A sheet of fields as a table of one row."""
        sheet = table.sheet
        by_folded = {_folded(column.name): column.name for column in sheet.columns}
        others: list[str] = []
        values: dict[str, CellValue] = {}
        lines: dict[str, int] = {}
        for number, row in zip(table.lines, table.rows, strict=True):
            text = str(row.get("Veld") or "")
            name = by_folded.get(_folded(text))
            cell = f"{column_letters(table.places.get('Veld', 0) + 1)}{number}"
            if name is None:
                others.append(text)
                self._notes.append(_UNUSED_FIELD(sheet=sheet.name, field=shown(text), cell=cell))
            elif name in lines:
                self.faults.append(Fault(sheet.name, cell, _ONE_ROW(name=name), _SAME_ROW(row=lines[name])))
            else:
                values[name], lines[name] = row.get("Waarde"), number
        place = table.places.get("Waarde", 1)
        places = dict.fromkeys(lines, place)
        if "Waarde" in table.places and "Veld" in table.places:
            for column in sheet.columns:
                near = nearest(column.name, others, 0.6 if column.needed else _NEAR_NAME)
                if column.name not in lines and (column.needed or near):
                    found = _NO_ROW(near=near)
                    self.faults.append(Fault(sheet.name, "A1", _A_ROW(name=column.name), found))
        return RawTable(sheet, places, [table.heading_line], [values], [()], table.heading_line, lines)


def _find_headings(
    sheet: Sheet, grid: Iterator[tuple[int, Sequence[CellValue]]]
) -> tuple[int, Sequence[CellValue], Grid] | None:
    """The line with most headings among the first lines (titles may stand above it), and what follows it."""
    names = {_folded(name) for name in sheet.headings}
    first: list[tuple[int, Sequence[CellValue]]] = []
    best, most = -1, 0
    for number, values in grid:
        first.append((number, values))
        known = sum(_folded(value) in names for value in values if isinstance(value, str))
        if known > most:
            best, most = len(first) - 1, known
        if 2 * most > len(names) or number >= _HEADING_WITHIN:
            break
    if best < 0:
        best = next((place for place, (_, values) in enumerate(first) if not _is_blank(values)), -1)
    if best < 0:
        return None

    def rest() -> Iterator[tuple[int, Sequence[CellValue]]]:
        yield from first[best + 1 :]
        yield from grid

    line, headings = first[best]
    return line, headings, rest()


def _folded(name: str) -> str:
    """A name without what does not matter in it: capitals, accents, surrounding and double spaces.

    >>> _folded("  Cliënten ") == _folded("CLIENTEN")
    True
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def _is_blank(values: Sequence[CellValue]) -> bool:
    return all(value is None or (isinstance(value, str) and not value.strip()) for value in values)


def _collect(sheet: Sheet, line: int, places: Mapping[str, int], rest: Grid) -> RawTable:
    lines: list[int] = []
    rows: list[Mapping[str, CellValue]] = []
    as_typed: list[Sequence[CellValue]] = []
    columns = tuple(places.items())
    for number, values in rest:
        width = len(values)
        row = {name: known_value(values[place]) if place < width else None for name, place in columns}
        if any(value is not None for value in row.values()):
            lines.append(number)
            rows.append(row)
            as_typed.append(values)
    return RawTable(sheet, places, lines, rows, as_typed, line)
