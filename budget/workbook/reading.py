"""The border: a workbook or a folder of csv files in, checked inputs out, or every fault at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from budget.faults import Fault, FaultyInput
from budget.inputs import Inputs, Provenance
from budget.workbook.boundaries import Boundaries, beside, read_boundaries
from budget.workbook.checking import check
from budget.workbook.missing_codes import used_codes
from budget.workbook.raw_tables import read_raw_tables
from budget.workbook.sheets import SHEETS
from budget.workbook.typed_tables import read_cells
from budget.workbook.untrusted import column_number

_ORDER = {sheet.name: place for place, sheet in enumerate(SHEETS)}
_CELL = re.compile(r"([A-Z]+)([0-9]+)")


def read_inputs(path: Path, boundaries: Path | None = None) -> Inputs:
    """The checked inputs of one municipality.

    `path` is an input workbook (.xlsx) or a folder with a csv file per sheet; `boundaries` a GeoJSON file, by
    default the one beside it with the same name. Raises `FaultyInput` with all faults, causes first and then in
    the order of the sheets; a file that is hostile or cannot be read is one fault. What was left out and filled in
    stands in `provenance.defaults`.
    """
    raw = read_raw_tables(path)
    tables = read_cells(raw)
    faults = [*raw.faults, *(fault for table in tables.all for fault in table.faults), *check(tables)]
    drawing = boundaries or beside(path)
    codes = {row.code for _, row in tables.districts.sound("Wijkcode")}
    told = used_codes(tables, "Wijken") if faults and codes else set()
    shapes = read_boundaries(drawing, codes | told) if drawing else Boundaries(None, ())
    faults += shapes.faults
    if faults:
        raise FaultyInput(_in_order(faults))
    from budget.workbook.building import build_inputs

    return build_inputs(
        tables, Provenance(raw.file_name, raw.sha256, (*raw.notes, *shapes.notes)), shapes.collection
    )


def _in_order(faults: Sequence[Fault]) -> list[Fault]:
    """Those from which others follow first; by sheet, then by row and column; each once.

    Of a cell that others follow from nothing else is told: it is one mistake.
    """
    causes = {(fault.sheet, fault.cell) for fault in faults if fault.follows and fault.cell}
    told = (fault for fault in faults if fault.follows or (fault.sheet, fault.cell) not in causes)
    return sorted(dict.fromkeys(told), key=_place)


def _place(fault: Fault) -> tuple[bool, int, int, int]:
    found = _CELL.fullmatch(fault.cell)
    row, column = (int(found[2]), column_number(found[1])) if found else (0, 0)
    return not fault.follows, _ORDER.get(fault.sheet, len(_ORDER)), row, column
