"""Addresses for live formulas, and cells from arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence

from budget.tables import Cell, Column, Formula, Kind, Table
from budget.workbook.untrusted import column_letters


def letter(columns: Sequence[Column], name: str) -> str:
    """The Excel letter of a column.

    >>> from budget.tables import Kind
    >>> letter([Column(f"kolom {i}", Kind.TEXT) for i in range(30)], "kolom 27")
    'AB'
    """
    return column_letters(1 + [column.name for column in columns].index(name))


def cells_of(table: Table, column: str, n_rows: int | None = None) -> str:
    """The address of all cells (or the first `n_rows`) of one column of a list, as another sheet writes it."""
    place = column_letters(1 + table.column_index(column))
    last = 1 + max(len(table.rows) if n_rows is None else n_rows, 1)
    name = table.sheet if table.sheet.isidentifier() else "'" + table.sheet.replace("'", "''") + "'"
    return f"{name}!${place}$2:${place}${last}"


def sum_of(table: Table, column: str, **criteria: str) -> str:
    """The formula (without `=`) of a sum over the rows of a list, rounded to the cent.

    Each criterion names a column of the list; its value is an address or a literal that the column must match.
    """
    digits = 5 if table.columns[table.column_index(column)].kind is Kind.THOUSANDS else 2
    if not criteria:
        return f"ROUND(SUM({cells_of(table, column)}),{digits})"
    pairs = ",".join(f"{cells_of(table, name)},{value}" for name, value in criteria.items())
    return f"ROUND(SUMIFS({cells_of(table, column)},{pairs}),{digits})"


def total(table: Table, column: str, **wanted: str | int) -> int:
    """The sum of a column of cents over the rows whose cells have these values."""
    at = table.column_index(column)
    where = {table.column_index(name): value for name, value in wanted.items()}
    amounts = (
        value_of(row[at])
        for row in table.rows
        if all(value_of(row[place]) == value for place, value in where.items())
    )
    return sum(amount for amount in amounts if isinstance(amount, int))


def exactly(text: str) -> str:
    """A criterion of a sum that matches this text.

    >>> print(exactly('wijk "Oost" *'))
    "=wijk ""Oost"" ~*"
    """
    plain = "".join("~" + character if character in "*?~" else character for character in text)
    return '"=' + plain.replace('"', '""') + '"'


def span_of(years: Sequence[int]) -> str:
    """Ascending years in a sentence; those that follow on each other as a span.

    >>> span_of([2027]), span_of([2027, 2028, 2029]), span_of([2027, 2029, 2030])
    ('2027', '2027-2029', '2027 en 2029-2030')
    """
    spans: list[list[int]] = []
    for year in years:
        if spans and spans[-1][-1] == year - 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    texts = [str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in spans]
    return " en ".join(filter(None, (", ".join(texts[:-1]), *texts[-1:])))


def value_of(cell: Cell) -> str | int | float | None:
    """What a cell shows: of a formula its value."""
    return cell.value if isinstance(cell, Formula) else cell


def known(value: float) -> float | None:
    """A number, or a blank where it is unknown."""
    return None if math.isnan(value) else float(value)


def known_cents(value: float) -> int | None:
    """Whole cents, or a blank where the amount is unknown."""
    return None if math.isnan(value) else round(value)


def ratio(part: int, whole: int | None) -> float | None:
    """A fraction; blank where there is nothing to divide by."""
    return part / whole if whole else None
