"""The cells of the sheets that a certificate covers: as they were made, as they are found, and where they differ.

A cell is compared by what it shows: amounts in whole cents, other numbers to nine digits, text as text. Rows may be
sorted: they are recognised by the columns before the first amount or formula.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from math import isclose
from pathlib import Path
from typing import Any

from budget.money import format_cents
from budget.tables import Kind
from budget.workbook.untrusted import LARGEST_FILE, column_letters, examine_workbook

Value = str | int | float | None
_TOP = {False: 1, True: 4}
"""The row of the headings: of a list, and of a page."""
_MONEY = {Kind.CENTS: 100, Kind.THOUSANDS: 100_000}


@dataclass(frozen=True)
class Sheet:
    """A sheet as it was made: headings with their kinds, rows of values, and the formulas behind some of them."""

    columns: tuple[tuple[str, Kind], ...]
    rows: tuple[tuple[Value, ...], ...]
    page: bool
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Sheet:
        """From its packed form, see `packed`."""
        return cls(
            tuple((str(name), Kind(kind)) for name, kind in content["columns"]),
            tuple(tuple(row) for row in content["rows"]),
            bool(content["page"]),
            {(int(row), int(at)): str(text) for row, at, text in content["formulas"]},
        )

    def packed(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "columns": [[name, str(kind)] for name, kind in self.columns],
            "rows": [list(row) for row in self.rows],
            "page": self.page,
            "formulas": [[row, at, text] for (row, at), text in self.formulas.items()],
        }

    def column(self, name: str) -> int:
        """Where a column is; KeyError when there is none of that name."""
        names = [own for own, _ in self.columns]
        if name not in names:
            raise KeyError(name)
        return names.index(name)

    def key(self, row: Sequence[Value]) -> tuple[Value, ...]:
        """What a row is about: its cells before the first amount or formula."""
        return tuple(row[: self._n_labels])

    @cached_property
    def _n_labels(self) -> int:
        computed = {at for _, at in self.formulas}
        labels = (Kind.TEXT, Kind.YEAR)
        return next(
            (at for at, (_, kind) in enumerate(self.columns) if kind not in labels or at in computed),
            len(self.columns),
        )


@dataclass(frozen=True)
class Found:
    """A sheet of a file: its rows from the first on, and the formula of a cell without an outcome."""

    rows: Sequence[Sequence[Any]]
    from_json: bool
    formula: Callable[[int, int], str | None] = lambda row, at: None

    def column(self, name: str, top: int = 1) -> int | None:
        """Where a heading is in a row; None when there is none."""
        headings = [str(cell).strip() for cell in self.rows[top - 1]] if len(self.rows) >= top else []
        return headings.index(name) if name in headings else None


def read_sheets(path: Path) -> dict[str, Found] | None:
    """Every sheet of a workbook (`.xlsx`) or of the JSON of a plan; None for a file that is neither.

    Raises OSError, and FaultyInput for a workbook that no plan can be (see `budget.workbook.untrusted`).
    """
    size = path.stat().st_size
    if path.suffix.lower() == ".json":
        try:
            content: Any = json.loads(path.read_text(encoding="utf-8")) if size <= LARGEST_FILE else None
            return {str(name): _from_json(rows) for name, rows in content.items()}
        except (ValueError, AttributeError, TypeError, RecursionError):
            return None
    examine_workbook(path)
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except Exception:
        return None
    formulas = _formulas(path)
    return {
        sheet.title: Found(list(sheet.iter_rows(values_only=True)), False, formulas(sheet.title))
        for sheet in book.worksheets
    }


def _formulas(path: Path) -> Callable[[str], Callable[[int, int], str | None]]:
    """The formulas of a workbook, opened once more at the first question."""
    opened: list[Any] = []

    def of(title: str) -> Callable[[int, int], str | None]:
        def formula(row: int, at: int) -> str | None:
            if not opened:
                import openpyxl

                opened.append(openpyxl.load_workbook(path))
            value = opened[0][title].cell(row, at + 1).value
            return value if isinstance(value, str) else None

        return formula

    return of


def _from_json(rows: Sequence[Mapping[str, Any]]) -> Found:
    names = list(rows[0]) if rows else []
    headings = [name.removesuffix(" (cent)") for name in names]
    return Found([headings, *([row.get(name) for name in names] for row in rows)], True)


def as_found(sheet: Sheet, found: Found) -> list[tuple[int, tuple[Value, ...]]]:
    """The rows of a file with the columns of a sheet, in its units: (row number, values)."""
    top = 1 if found.from_json else _TOP[sheet.page]
    places = [found.column(name, top) for name, _ in sheet.columns]
    rows = []
    for number, row in enumerate(found.rows[top:], start=top + 1):
        values = [
            None if place is None or place >= len(row) else _value(row[place], kind, found.from_json)
            for place, (_, kind) in zip(places, sheet.columns, strict=True)
        ]
        if any(value is not None for value in values):
            rows.append((number, tuple(values)))
    return rows


def _value(cell: Any, kind: Kind, in_cents: bool) -> Value:
    """What a cell shows, in the unit of its column: whole cents for money."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if kind in _MONEY and not in_cents:
            return round(cell * _MONEY[kind])
        return cell
    return str(cell)


def deviations(name: str, sheet: Sheet, found: Mapping[str, Found]) -> Iterator[str]:
    """Every cell that is not what it was, and every row too many or too few, as Dutch sentences."""
    if name not in found:
        yield f"blad {name} ontbreekt"
        return
    file = found[name]
    top = 1 if file.from_json else _TOP[sheet.page]
    missing = [heading for heading, _ in sheet.columns if file.column(heading, top) is None]
    if missing and (sheet.rows or not file.from_json):
        yield f"{name}: kolom {', '.join(missing)} ontbreekt"
        return
    rows = as_found(sheet, file)
    for at, pair in _paired(sheet, rows):
        if pair is None:
            yield f"{name}: de rij {_label(sheet, sheet.rows[at])} ontbreekt"
            continue
        number, values = pair
        group: Value = None
        for place, (wanted, value, (heading, kind)) in enumerate(
            zip(sheet.rows[at], values, sheet.columns, strict=True)
        ):
            if sheet.page and place == 0:
                group = value if value is not None else wanted
                value = group
            if not _same(wanted, value) and not _formula_stands(
                sheet, at, place, value, file, number, top, heading
            ):
                where = f"{name}!{column_letters(1 + (file.column(heading, top) or 0))}{number}"
                yield f"{where}: was {_shown(wanted, kind)}, is nu {_shown(value, kind)}"
    known = {number for _, pair in _paired(sheet, rows) if pair is not None for number in (pair[0],)}
    for number, values in rows:
        if number not in known:
            yield f"{name}!A{number}: de rij {_label(sheet, values)} hoort hier niet"


def _paired(
    sheet: Sheet, rows: list[tuple[int, tuple[Value, ...]]]
) -> list[tuple[int, tuple[int, tuple[Value, ...]] | None]]:
    """Every row as it was made with the row of the file that is about the same."""
    in_place = len(rows) == len(sheet.rows) and (
        sheet.page
        or all(sheet.key(row) == sheet.key(values) for row, (_, values) in zip(sheet.rows, rows, strict=True))
    )
    if in_place or sheet.page:
        pairs: list[Any] = [*rows, *[None] * len(sheet.rows)]
        return list(enumerate(pairs[: len(sheet.rows)]))
    waiting: dict[tuple[Value, ...], list[tuple[int, tuple[Value, ...]]]] = {}
    for number, values in rows:
        waiting.setdefault(sheet.key(values), []).append((number, values))
    return [
        (at, waiting[key].pop(0) if waiting.get(key := sheet.key(row)) else None)
        for at, row in enumerate(sheet.rows)
    ]


def _same(wanted: Value, value: Value) -> bool:
    if isinstance(wanted, int | float) and isinstance(value, int | float):
        return isclose(wanted, value, rel_tol=1e-9, abs_tol=1e-9)
    return wanted == value


def _formula_stands(
    sheet: Sheet, at: int, place: int, value: Value, file: Found, number: int, top: int, heading: str
) -> bool:
    """Whether a cell has no outcome because its formula, unchanged, was never computed by the program that saved it."""
    formula = sheet.formulas.get((at, place))
    column = file.column(heading, top)
    return (
        value is None
        and formula is not None
        and column is not None
        and file.formula(number, column) == formula
    )


def _label(sheet: Sheet, row: Sequence[Value]) -> str:
    return " ".join(str(part) for part in sheet.key(row) or row[:1] if part is not None)


def _shown(value: Value, kind: Kind) -> str:
    if value is None:
        return "leeg"
    if kind in _MONEY and isinstance(value, int):
        return format_cents(value)
    return f'"{value}"' if isinstance(value, str) else f"{value:.10g}".replace(".", ",")
