"""Tables to files: a workbook that reads well in Excel, and JSON for machines. Whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from budget.files import whole_file
from budget.report.cells import value_of
from budget.tables import Column, Kind, Table

if TYPE_CHECKING:
    from optimiser.problem import Problem

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": False,
}
_CREATED = datetime(2000, 1, 1)
"""The date of a workbook whose tables have none: the same tables give the same bytes."""


def write_workbook(tables: Sequence[Table], path: Path) -> None:
    """Write every table to a sheet of one workbook at `path`; on any failure what was there stays as it was."""
    _save(workbook_bytes(tables), Path(path))


def write_json(tables: Sequence[Table], path: Path) -> None:
    """Write the same tables as JSON at `path`; on any failure what was there stays as it was."""
    _save(json_text(tables).encode(), Path(path))


def write_programme(problem: Problem, path: Path) -> None:
    """Write the linear programme of an allocation, with its first goal, so that another solver can check it."""
    from optimiser.programme import save_as_lp

    with whole_file(path) as temporary:
        save_as_lp(problem, temporary)


def json_text(tables: Sequence[Table]) -> str:
    """An object of sheet name -> list of row objects. Amounts are whole cents; a formula gives its value.

    >>> table = Table("Blad", "", (Column("Wijk", Kind.TEXT), Column("Bedrag", Kind.CENTS)), [("WK01", 1250)])
    >>> print(json_text([table]))
    {"Blad": [
    {"Wijk": "WK01", "Bedrag (cent)": 1250}
    ]}
    """
    sheets = []
    for table in tables:
        names = [_json_name(column) for column in table.columns]
        rows = [
            json.dumps(dict(zip(names, map(value_of, row), strict=True)), ensure_ascii=False, allow_nan=False)
            for row in table.rows
        ]
        sheets.append(f"{json.dumps(table.sheet, ensure_ascii=False)}: [\n" + ",\n".join(rows) + "\n]")
    return "{" + ",\n".join(sheets) + "}"


def _json_name(column: Column) -> str:
    return f"{column.name} (cent)" if column.kind in (Kind.CENTS, Kind.THOUSANDS) else column.name


def workbook_bytes(tables: Sequence[Table]) -> bytes:
    """The workbook as it would be on disk. Raises ValueError for a number that is not finite."""
    import xlsxwriter

    from budget.report.sheet_layout import Formats, write_sheet

    content = BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        own = tables[0].imprint
        created = datetime.combine(own.date, datetime.min.time()) if own.date else _CREATED
        book.set_properties(
            {
                "title": tables[0].title,
                "author": own.municipality,
                "comments": own.version,
                "created": created,
            }
        )
        formats = Formats(book)
        for table in tables:
            write_sheet(book, table, formats)
    return content.getvalue()


def values_only(table: Table) -> Table:
    """The table with what its formulas give: for a sheet that leaves the workbook that they refer to.

    >>> from budget.tables import Formula
    >>> total = Formula("=Plafonds!B2", 1250)
    >>> values_only(Table("Blad", "", (Column("Bedrag", Kind.CENTS),), [(total,)])).rows
    [(1250,)]
    """
    return replace(table, rows=[tuple(map(value_of, row)) for row in table.rows])


def _save(content: bytes, path: Path) -> None:
    with whole_file(path) as temporary:
        temporary.write_bytes(content)
