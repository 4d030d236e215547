"""Tables for people: the sheets of the output workbook before they are written anywhere.

One table serves the workbook, the JSON, the screens and the tests, so that no number has two origins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What a column holds, and so how it looks."""

    TEXT = "text"
    CENTS = "cents"
    """Whole euro cents; shown in euros with two decimals."""
    THOUSANDS = "thousands"
    """Whole euro cents; shown in thousands of euros."""
    NUMBER = "number"
    SHARE = "share"
    """A fraction, shown as a percentage."""
    YEAR = "year"
    DATE = "date"
    """ISO text (`2027-08-31`); a real date in the workbook."""


class RowStyle(StrEnum):
    """How a row stands out."""

    TOTAL = "total"
    """Bold on a tint: a total, or where a block of rows starts."""
    SENTENCE = "sentence"
    """On a page: its second cell is a sentence over the whole width."""


@dataclass(frozen=True)
class Column:
    name: str
    kind: Kind
    note: str = ""
    """What the column means, for the reader."""
    digits: int = 1
    """Decimals of a NUMBER or SHARE as shown."""
    width: float | None = None
    """In characters; None: what the cells need."""
    attention: str = ""
    """The values that ask for attention, as an Excel comparison: `>0` or `="fout"`."""


@dataclass(frozen=True)
class Formula:
    """A live formula (English function names, A1 addresses) and the value it has; cents for a CENTS column."""

    text: str
    value: float | int | str


Cell = str | int | float | None | Formula


@dataclass(frozen=True)
class Imprint:
    """Whose tables these are, for headers, footers and file properties."""

    municipality: str = ""
    version: str = ""
    date: date | None = None


@dataclass(frozen=True)
class Chart:
    """Bars under a page, one per cell, for shares of a list; addresses as a formula on another sheet writes them."""

    title: str
    names: str
    shares: str


@dataclass(frozen=True)
class Table:
    """One sheet: a title sentence, typed columns, rows. A blank cell is None.

    In the workbook the headings are row 1 and `rows[i]` is row i + 2, except on a `page`: there the title comes first.
    """

    sheet: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    styles: Mapping[int, RowStyle] = field(default_factory=dict)
    """Row index -> how it stands out."""
    frozen_columns: int = 1
    """Leading columns that stay in view."""
    page: bool = False
    """A designed page on one A4 with a title, its first column grouping the rows, instead of a list to filter."""
    chart: Chart | None = None
    on_paper: tuple[int, int] | None = None
    """The first rows and columns, all that is printed; None: everything."""
    imprint: Imprint = Imprint()

    def column_index(self, name: str) -> int:
        """Where a column is; KeyError when there is none of that name."""
        return self._index[name]

    @cached_property
    def _index(self) -> Mapping[str, int]:
        return {column.name: index for index, column in enumerate(self.columns)}
