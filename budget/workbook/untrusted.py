"""A file from outside, before anything opens it: refused at once where it is hostile, broken or of another kind.

The workbook's XML streams through a parser that keeps nothing but what the checks need, so that a small file
cannot unpack into a large one unseen. What is learnt on the way (merged cells, formulas without an outcome,
where the content ends) is handed on, because the fast reader does not show it.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from budget.faults import Fault, FaultyInput
from wording.sentence import Template

_FILE_OF = Template("een bestand van {size} MB; hooguit {most} MB kan worden gelezen")
_FILE_UP_TO = Template("een bestand tot {size} MB")
_BEYOND = Template("een werkmap met inhoud tot in cel {cell}; verwijder wat buiten de tabellen staat")
_TABLES_UP_TO = Template("tabellen van hooguit {rows} rijen en {columns} kolommen")
_RANGE = Template("een werkmap met een bereik {range} dat onredelijk groot is; verklein het")

LARGEST_FILE = 64 * 2**20
_LARGEST_XML = 96 * 2**20
_LARGEST_CONTENT = 512 * 2**20
_LARGEST_RATIO = 100
_RATIO_FROM = 2**20
_MOST_PARTS = 2_000
_MOST_ELEMENTS = 2_000_000
"""In a whole workbook; well over half a million filled cells."""
_MOST_ELEMENTS_BESIDE_TABLES = 150_000
"""In styles, names, drawings and the like."""
_DEEPEST = 100
_LAST_ROW = 500_000
_LAST_COLUMN = 500
_LARGEST_RANGE = 250_000
_CHUNK = 2**18

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_USUAL = "een werkmap van gewone omvang"
_WANTED = "een Excel-werkmap (.xlsx) of een map met csv-bestanden"
_KIND_SHOWS_WITHIN = 4096
_BLANK = b"\xef\xbb\xbf \t\r\n"
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class SheetShape:
    """What the XML of one sheet says besides its values."""

    merged: tuple[tuple[int, int, int, int], ...]
    """Merged ranges: first row, first column, last row, last column."""
    without_outcome: frozenset[tuple[int, int]]
    """Row and column of the formulas whose outcome is not in the file."""
    last_row: int
    last_column: int


def examine_workbook(path: Path) -> dict[str, SheetShape]:
    """The shape of every sheet, by the name of its part in the file; `FaultyInput` where the file is refused."""
    _refuse_unless_file(path)
    _refuse_other_kinds(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_suspicious_parts(path, archive)
            return _examine_parts(path, archive)
    except FaultyInput:
        raise
    except Exception:
        broken(path)


def broken(path: Path) -> NoReturn:
    """The one answer to every file that cannot be read."""
    refuse(path, "een bestand dat niet te lezen is; open het in Excel en bewaar het opnieuw als .xlsx")


def refuse(path: Path, found: str, wanted: str = _WANTED) -> NoReturn:
    """One clear message about the whole file."""
    raise FaultyInput([Fault(path.name, "", wanted, found, unopened=True)])


def column_number(letters: str) -> int:
    """
    >>> column_number("A"), column_number("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@cache
def column_letters(number: int) -> str:
    """
    >>> column_letters(1), column_letters(16384)
    ('A', 'XFD')
    """
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _refuse_unless_file(path: Path) -> None:
    try:
        about = path.stat()
    except (OSError, ValueError):
        refuse(path, "geen bestand met deze naam")
    if not stat.S_ISREG(about.st_mode):
        refuse(path, "iets anders dan een bestand")
    if about.st_size > LARGEST_FILE:
        refuse(
            path,
            _FILE_OF(size=-(-about.st_size // 2**20), most=LARGEST_FILE // 2**20),
            _FILE_UP_TO(size=LARGEST_FILE // 2**20),
        )


def _refuse_other_kinds(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(_KIND_SHOWS_WITHIN)
            if start.startswith(_OLE):
                if _ENCRYPTED in start + file.read():
                    refuse(path, "een werkmap met een wachtwoord; bewaar haar zonder wachtwoord")
                refuse(path, "een oud Excel-bestand (.xls); bewaar het als Excel-werkmap (.xlsx)")
    except OSError:
        refuse(path, "een bestand dat niet geopend mag worden")
    if not start:
        refuse(path, "een leeg bestand, zonder inhoud; kies de ingevulde werkmap")
    if start.startswith(b"PK"):
        return
    if start.lstrip(_BLANK).startswith(b"<"):
        refuse(path, "een webpagina of XML-bestand, geen werkmap; open het in Excel en bewaar het als .xlsx")
    if _CONTROL.search(start) is None:
        refuse(
            path,
            "een tekstbestand (csv), geen werkmap; bewaar het in Excel als .xlsx, of kies de csv-bestanden zelf, één"
            " per blad met de naam van dat blad",
        )
    refuse(path, "een ander soort bestand; kies een Excel-werkmap (.xlsx)")


def _refuse_suspicious_parts(path: Path, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    lower = {name.lower() for name in names}
    if "mimetype" in lower and archive.getinfo("mimetype").file_size < 200:
        kind = archive.read("mimetype")
        if b"opendocument" in kind:
            refuse(path, "een LibreOffice-bestand (.ods); bewaar het als Excel-werkmap (.xlsx)")
    if len(names) > _MOST_PARTS or len(names) != len(lower):
        broken(path)
    if any(part.flag_bits & 1 for part in parts):
        refuse(path, "een werkmap met een wachtwoord; bewaar haar zonder wachtwoord")
    if any(name.endswith("vbaproject.bin") for name in lower):
        refuse(path, "een werkmap met macro's; bewaar haar als Excel-werkmap zonder macro's (.xlsx)")
    if any(name.startswith("xl/externallinks/") for name in lower):
        refuse(
            path,
            "een werkmap met koppelingen naar andere bestanden; verbreek ze in Excel (Gegevens, Koppelingen bewerken)",
        )
    if "xl/workbook.bin" in lower:
        refuse(path, "een binaire werkmap (.xlsb); bewaar haar als Excel-werkmap (.xlsx)")
    if "[content_types].xml" not in lower:
        refuse(path, "een ander soort bestand; kies een Excel-werkmap (.xlsx)")
    too_large = sum(part.file_size for part in parts) > _LARGEST_CONTENT
    xml = sum(part.file_size for part in parts if _is_xml(part.filename))
    squeezed = any(
        part.file_size > _RATIO_FROM and part.file_size > _LARGEST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if too_large or xml > _LARGEST_XML or squeezed:
        refuse(path, "een bestand dat bij het uitpakken onredelijk groot wordt", _USUAL)


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


def _examine_parts(path: Path, archive: zipfile.ZipFile) -> dict[str, SheetShape]:
    shapes: dict[str, SheetShape] = {}
    elements = 0
    for part in archive.infolist():
        if not _is_xml(part.filename):
            continue
        examiner = _Examiner(path, elements)
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                examiner.feed(chunk)
            examiner.close()
        elements = examiner.elements
        if examiner.is_worksheet:
            shapes[part.filename] = examiner.shape
    return shapes


class _Examiner:
    """Follows the XML of one part and keeps only the shape of the sheet in it."""

    def __init__(self, path: Path, elements_before: int) -> None:
        self._path = path
        self.elements = elements_before
        self._most = _MOST_ELEMENTS
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._first
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.is_worksheet = False
        self._depth = 0
        self._row = self._column = self._last_row = self._last_column = 0
        self._formula = self._outcome = False
        self._merged: list[tuple[int, int, int, int]] = []
        self._merged_size = 0
        self._without: set[tuple[int, int]] = set()

    def feed(self, chunk: bytes) -> None:
        self._parser.Parse(chunk, False)

    def close(self) -> None:
        self._parser.Parse(b"", True)

    @property
    def shape(self) -> SheetShape:
        return SheetShape(tuple(self._merged), frozenset(self._without), self._last_row, self._last_column)

    def _refuse_doctype(self, *_: object) -> None:
        refuse(self._path, "een bestand met een documenttype-verklaring (DTD), die in Excel niet voorkomt")

    def _first(self, name: str, attributes: dict[str, str]) -> None:
        kind = _local(name)
        self.is_worksheet = kind == "worksheet"
        if kind not in ("worksheet", "sst"):
            self._most = self.elements + _MOST_ELEMENTS_BESIDE_TABLES
        self._parser.StartElementHandler = self._start_in_sheet if self.is_worksheet else self._start
        self._parser.EndElementHandler = self._end_in_sheet if self.is_worksheet else self._end
        self._depth = 1

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self.elements += 1
        if self._depth > _DEEPEST or self.elements > self._most:
            refuse(self._path, "een bestand met veel meer inhoud dan tabellen nodig hebben", _USUAL)

    def _end(self, name: str) -> None:
        self._depth -= 1

    def _start_in_sheet(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self.elements += 1
        if self._depth > _DEEPEST or self.elements > self._most:
            refuse(self._path, "een bestand met veel meer inhoud dan tabellen nodig hebben", _USUAL)
        start = _STARTS.get(name) or _STARTS.get(_local(name))
        if start is not None:
            start(self, attributes)

    def _end_in_sheet(self, name: str) -> None:
        self._depth -= 1
        if self._formula and _local(name) == "c":
            self._parser.CharacterDataHandler = None
            self._formula = False
            if not self._outcome:
                self._without.add((self._row, self._column))

    def _start_row(self, attributes: dict[str, str]) -> None:
        row = int(attributes["r"]) if "r" in attributes else self._row + 1
        if row <= self._row:
            broken(self._path)
        self._row, self._column = row, 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        if place is None:
            self._column += 1
        else:
            found = _CELL.fullmatch(place)
            if found is None or int(found[2]) != self._row:
                broken(self._path)
            self._column = column_number(found[1])
        self._outcome = attributes.get("t") == "str"

    def _start_content(self, attributes: dict[str, str]) -> None:
        if self._row > _LAST_ROW or self._column > _LAST_COLUMN:
            refuse(
                self._path,
                _BEYOND(cell=f"{column_letters(self._column)}{self._row}"),
                _TABLES_UP_TO(rows=_LAST_ROW, columns=_LAST_COLUMN),
            )
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._column)

    def _start_formula(self, attributes: dict[str, str]) -> None:
        self._start_content(attributes)
        self._formula = True
        self._parser.CharacterDataHandler = None

    def _start_value(self, attributes: dict[str, str]) -> None:
        self._start_content(attributes)
        if self._formula:
            self._parser.CharacterDataHandler = self._note_outcome

    def _note_outcome(self, text: str) -> None:
        self._outcome = True

    def _start_merged(self, attributes: dict[str, str]) -> None:
        self._merged.append(self._range(attributes.get("ref", "")))

    def _start_link(self, attributes: dict[str, str]) -> None:
        self._range(attributes.get("ref", ""))

    def _range(self, reference: str) -> tuple[int, int, int, int]:
        first, _, last = reference.partition(":")
        corners = _CELL.fullmatch(first), _CELL.fullmatch(last or first)
        if corners[0] is None or corners[1] is None:
            broken(self._path)
        top, left = int(corners[0][2]), column_number(corners[0][1])
        bottom, right = int(corners[1][2]), column_number(corners[1][1])
        self._merged_size += (bottom - top + 1) * (right - left + 1)
        if bottom < top or right < left or self._merged_size > _LARGEST_RANGE:
            refuse(self._path, _RANGE(range=reference), _USUAL)
        return top, left, bottom, right


def _local(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


_STARTS: dict[str, Callable[[_Examiner, dict[str, str]], None]] = {
    "row": _Examiner._start_row,
    "c": _Examiner._start_cell,
    "f": _Examiner._start_formula,
    "v": _Examiner._start_value,
    "is": _Examiner._start_content,
    "mergeCell": _Examiner._start_merged,
    "hyperlink": _Examiner._start_link,
}
