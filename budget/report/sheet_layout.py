"""How a table looks in Excel: formats, widths, panes, notes and print set-up."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

from budget.report.cells import letter, value_of
from budget.tables import Cell, Chart, Column, Formula, Kind, RowStyle, Table

EURO = "[$€-413] #,##0.00;-[$€-413] #,##0.00"
"""Euros in the notation of the reader's Excel: `€ 1.234,50`, and `-€ 1.234,50` below zero."""
WHOLE_EURO = EURO.replace(".00", "")

_DARK, _PALE, _LINE, _ALERT = "#17365D", "#E8EEF6", "#9FB3CC", "#FCE4D6"
_FONT = "Calibri"
_LONGEST_TEXT = 32_767
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_A4 = 9
_AS_IT_IS = {"scale_with_doc": False}
_LETTERS_PER_WIDTH = 1.1
"""Letters of running text on one unit of column width, which is one digit wide."""


class Formats:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.of = cache(
            lambda **properties: book.add_format({"font_name": _FONT, "valign": "top", **properties})
        )
        self.alert = book.add_format({"bg_color": _ALERT, "font_color": "#9C2A00", "bold": True})


def write_sheet(book: Any, table: Table, formats: Formats) -> None:
    """Write one table to a new sheet of a workbook of xlsxwriter."""
    sheet = book.add_worksheet(table.sheet)
    first_row = _write_title(sheet, table, formats) if table.page else 0
    _write_headings(sheet, table, formats, first_row)
    for i, row in enumerate(table.rows):
        _write_row(sheet, table, formats, i, first_row + 1 + i, row)
    _set_columns(sheet, table, formats, first_row)
    _set_print(sheet, table, first_row)
    everywhere = f"A1:{letter(table.columns, table.columns[-1].name)}{first_row + 1 + len(table.rows)}"
    sheet.ignore_errors({"number_stored_as_text": everywhere, "formula_range": everywhere})
    if table.page:
        sheet.hide_gridlines(2)
        if table.chart:
            _draw(sheet, table, table.chart, book, first_row + len(table.rows) + 2)
    else:
        sheet.freeze_panes(1, table.frozen_columns)
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)


def as_text(text: str) -> str:
    """A text that a workbook can hold: without control characters, and no longer than a cell.

    >>> as_text("=1+1\\x00\\r\\nOost")
    '=1+1\\nOost'
    """
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain if len(plain) <= _LONGEST_TEXT else plain[: _LONGEST_TEXT - 1] + "…"


def _write_title(sheet: Any, table: Table, formats: Formats) -> int:
    own = table.imprint
    under = [own.municipality, f"versie {own.version}" if own.version else ""]
    under.append(f"peildatum {own.date:%d-%m-%Y}" if own.date else "")
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, as_text(table.title), formats.of(bold=True, font_size=20, font_color=_DARK))
    sheet.write_string(1, 0, as_text(" · ".join(filter(None, under))), formats.of(font_color="#595959"))
    return 3


def _write_headings(sheet: Any, table: Table, formats: Formats, row: int) -> None:
    sheet.set_row(row, 32)
    for at, column in enumerate(table.columns):
        looks = {
            "bold": True,
            "font_color": "#FFFFFF",
            "bg_color": _DARK,
            "text_wrap": True,
            "valign": "vcenter",
        }
        sheet.write_string(row, at, as_text(column.name), formats.of(**looks, **_alignment(column)))
        if column.note:
            height = 20 * (2 + len(column.note) // 38)
            sheet.write_comment(row, at, as_text(column.note), {"width": 240, "height": height, "author": ""})


def _alignment(column: Column) -> dict[str, Any]:
    """Text to the left with some air, numbers to the right, years in the middle."""
    match column.kind:
        case Kind.TEXT | Kind.DATE:
            return {"align": "left", "indent": 1}
        case Kind.YEAR:
            return {"align": "center"}
        case _:
            return {"align": "right"}


def _write_row(sheet: Any, table: Table, formats: Formats, i: int, row: int, cells: tuple[Cell, ...]) -> None:
    style = table.styles.get(i)
    starts = table.page and (i == 0 or table.rows[i - 1][0] != cells[0])
    looks: dict[str, Any] = {"top": 1, "top_color": _LINE} if starts else {}
    if style is RowStyle.TOTAL:
        looks |= {"bold": True, "bg_color": _PALE}
    if table.page:
        group = cells[0] if starts else None
        _write_cell(
            sheet, row, 0, group, table.columns[0], formats, looks | {"bold": True, "font_color": _DARK}
        )
    if table.page and style is RowStyle.SENTENCE:
        _write_sentence(sheet, table, formats, row, cells[1], looks)
        return
    _set_height(sheet, row, zip(cells, (column.width for column in table.columns), strict=True))
    for at in range(1 if table.page else 0, len(cells)):
        _write_cell(sheet, row, at, cells[at], table.columns[at], formats, looks, page=table.page)


def _set_height(sheet: Any, row: int, cells: Iterable[tuple[Cell, float | None]]) -> None:
    """High enough for the text that wraps; rows of one line keep the height of the program."""
    wrapped = ((len(str(value_of(cell))), width) for cell, width in cells if cell is not None and width)
    lines = max((math.ceil(length / (_LETTERS_PER_WIDTH * width)) for length, width in wrapped), default=1)
    if lines > 1:
        sheet.set_row(row, 15 * lines)


def _write_sentence(
    sheet: Any, table: Table, formats: Formats, row: int, cell: Cell, looks: dict[str, Any]
) -> None:
    last = len(table.columns) - 1
    wide = sum(column.width or 12 for column in table.columns[1:])
    over_all = Column("", Kind.TEXT, width=wide)
    _set_height(sheet, row, [(cell, wide)])
    sheet.merge_range(row, 1, row, last, "", formats.of(**_cell_format(over_all, cell), **looks))
    _write_cell(sheet, row, 1, cell, over_all, formats, looks)


def _write_cell(
    sheet: Any,
    row: int,
    at: int,
    cell: Cell,
    column: Column,
    formats: Formats,
    looks: dict[str, Any],
    *,
    page: bool = False,
) -> None:
    format_ = formats.of(**_cell_format(column, cell, page=page), **looks)
    if cell is None:
        sheet.write_blank(row, at, None, format_)
    elif isinstance(cell, Formula):
        sheet.write_formula(row, at, cell.text, format_, _shown(cell.value, column))
    elif isinstance(cell, str) and column.kind is Kind.DATE:
        sheet.write_datetime(row, at, date.fromisoformat(cell), format_)
    elif isinstance(cell, str):
        sheet.write_string(row, at, as_text(cell), format_)
    else:
        sheet.write_number(row, at, _shown(cell, column), format_)


def _shown(value: float | int | str, column: Column) -> float | int | str:
    """A value in the unit of its cell: euros, thousands of euros, or as it is."""
    if isinstance(value, str):
        return as_text(value)
    if not math.isfinite(value):
        raise ValueError(f"{column.name}: a number must be finite, found {value}")
    return value / {Kind.CENTS: 100, Kind.THOUSANDS: 100_000}.get(column.kind, 1)


def _cell_format(column: Column, cell: Cell, *, page: bool = False) -> dict[str, Any]:
    """How a value looks; on a page euros are whole.

    Text stays text when it is edited, so that codes keep their zeros; a formula stays one.
    """
    digits = "." + "0" * column.digits if column.digits else ""
    plain = "General" if isinstance(cell, Formula) else "@"
    pattern = {
        Kind.TEXT: plain,
        Kind.CENTS: WHOLE_EURO if page else EURO,
        Kind.THOUSANDS: f"#,##0{digits}",
        Kind.NUMBER: f"#,##0{digits}",
        Kind.SHARE: f"0{digits} %",
        Kind.YEAR: "0",
        Kind.DATE: "dd-mm-yyyy",
    }[column.kind]
    wraps = {"text_wrap": True} if column.kind is Kind.TEXT and column.width else {}
    return {"num_format": pattern, **wraps, **_alignment(column)}


def _set_columns(sheet: Any, table: Table, formats: Formats, headings: int) -> None:
    """Widths, and the colour of what asks for attention."""
    first, last = headings + 1, headings + max(len(table.rows), 1)
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, column.width or _needed_width(table, at))
        if column.attention:
            cell = f"{letter(table.columns, column.name)}{first + 1}"
            alert = formats.alert
            condition = {"type": "formula", "criteria": f"={cell}{column.attention}", "format": alert}
            sheet.conditional_format(first, at, last, at, condition)


def _needed_width(table: Table, at: int) -> float:
    """Wide enough for the heading (on two lines) and for every cell, within reason."""
    column = table.columns[at]
    widest = max((len(text) for text in _texts(table, at)), default=0)
    heading = max((len(word) for word in column.name.split()), default=0) + 3
    narrow = min(len(column.name), 12) + 3
    return min(max(widest + 2, heading, narrow), 60)


def _texts(table: Table, at: int) -> Iterator[str]:
    """How the cells of a column read, roughly."""
    column = table.columns[at]
    for row in table.rows:
        value = value_of(row[at])
        if value is None:
            continue
        if isinstance(value, str):
            yield value
        elif column.kind is Kind.CENTS:
            yield f"€ {value / 100:,.2f}"
        elif column.kind is Kind.YEAR:
            yield str(value)
        else:
            yield f"{_shown(value, column):,.{column.digits}f}"


def _draw(sheet: Any, table: Table, chart: Chart, book: Any, row: int) -> None:
    """Bars over the whole width of a page, their names below the lowest."""
    drawing, font = book.add_chart({"type": "column"}), {"name": _FONT, "size": 9}
    looks = {"fill": {"color": _DARK}, "gap": 60}
    drawing.add_series(
        {"name": chart.title, "categories": f"={chart.names}", "values": f"={chart.shares}", **looks}
    )
    drawing.set_title({"name": chart.title, "name_font": {"name": _FONT, "size": 12, "color": _DARK}})
    drawing.set_legend({"none": True})
    drawing.set_x_axis({"num_font": font, "label_position": "low"})
    lines = {"visible": True, "line": {"color": "#D9D9D9"}}
    drawing.set_y_axis({"num_font": font, "num_format": "0 %", "major_gridlines": lines})
    wide = sum(7 * (column.width or 12) + 5 for column in table.columns)
    drawing.set_size({"width": wide, "height": 300})
    sheet.insert_chart(row, 0, drawing, {"description": chart.title})


def _set_print(sheet: Any, table: Table, headings: int) -> None:
    """A4 landscape, as wide as the page, headings on every page, whose it is above and the page number below."""
    own = table.imprint
    sheet.set_landscape()
    sheet.center_horizontally()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    sheet.fit_to_pages(1, 1 if table.page else 0)
    if table.on_paper is not None:
        rows, columns = table.on_paper
        sheet.print_area(0, 0, headings + rows, columns - 1)
    if not table.page:
        sheet.repeat_rows(headings)
        sheet.set_header(_line(f"&B{_escaped(own.municipality)}", "", _escaped(table.title)), _AS_IT_IS)
    sheet.set_footer(_line(_escaped(own.version), "&A", "Pagina &P van &N"), _AS_IT_IS)


def _line(left: str, centre: str, right: str) -> str:
    """A header or footer; Excel takes 255 characters."""
    return f"&L{left[:70]}&C{centre[:90]}&R{right[:70]}"


def _escaped(text: str) -> str:
    return as_text(text).replace("&", "&&")
