"""The input workbook as people get it: headings, explanations, drop-downs, and rows where there are any."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from budget.files import whole_file
from budget.workbook.cells import DATE
from budget.workbook.rule_names import RULES
from budget.workbook.sheets import GUIDE_SHEET, SHEET_BY_NAME, SHEETS, Column, Sheet

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

InputRow = Mapping[str, object]

_HEADING = {
    "bold": True,
    "font_color": "#FFFFFF",
    "bg_color": "#154273",
    "text_wrap": True,
    "valign": "vcenter",
}
_OPTIONAL_HEADING = _HEADING | {"bg_color": "#5A7BA0"}
_SPARE_ROWS = 1_000
_LONGEST_TEXT = 32_767
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]+")
_NO_DATE = datetime(2020, 1, 1)
"""Written as the date of making, so that equal rows make an equal file."""

_OPENING = (
    "Vul de bladen in en bewaar de werkmap als .xlsx.",
    "Kolommen mogen in elke volgorde staan; eigen bladen en kolommen mogen erbij.",
    "Een lege cel betekent onbekend, nooit nul. Een punt (.) of -99998 betekent ook onbekend.",
    "Schrijf een getal met een decimale komma en zonder punten. 1.234 is in een bedrag 1234, elders 1,234.",
    "Codes zijn tekst en houden hun nullen: 01, 6.712, WK051802.",
    "Bedragen zijn in euro's. Staat op blad Gemeente bij Bedragen in x1000, dan staan álle bedragen in duizenden.",
    "Aandelen staan als breuk: 80 % is 0,8. Perioden zijn 2019 (jaar), 2019-K1 (kwartaal) of 2019-03 (maand).",
    "Nodig zijn Gemeente, Wijken, Stromen, Vraag, Tarieven, Middelen en Vorig budget; de rest is naar keuze.",
    "Donkere kolomkoppen moeten gevuld zijn, lichtere mogen leeg blijven.",
)


def write_template(path: Path) -> None:
    """An empty input workbook, the fields of `Gemeente` filled in ahead."""
    write_input_workbook(path, {})


def write_input_workbook(path: Path, rows: Mapping[str, Sequence[InputRow]]) -> None:
    """An input workbook of the contract with the given rows per sheet, whole or not at all.

    Keys are the sheet and column names of the contract; None and NaN are left blank. Raises ValueError for a sheet,
    column or value that the contract does not know. Equal rows give an equal file, byte for byte.
    """
    import xlsxwriter

    for sheet, given in rows.items():
        _refuse_unknown_names(sheet, given)
    with whole_file(path) as temporary, xlsxwriter.Workbook(temporary, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": "Gebiedsbudget: invoer", "created": _NO_DATE})
        _write_guide(workbook)
        for sheet_spec in SHEETS:
            _write_sheet(workbook, sheet_spec, rows.get(sheet_spec.name, ()))


def _refuse_unknown_names(sheet: str, rows: Sequence[InputRow]) -> None:
    if sheet not in SHEET_BY_NAME:
        raise ValueError(f"the contract has no input sheet {sheet!r}")
    unknown = {key for row in rows for key in row} - set(SHEET_BY_NAME[sheet].headings)
    if unknown:
        raise ValueError(f"sheet {sheet!r} has no column {', '.join(sorted(unknown))}")


def _write_guide(workbook: Workbook) -> None:
    guide = workbook.add_worksheet(GUIDE_SHEET)
    title = workbook.add_format({"bold": True, "font_size": 16, "font_color": "#154273"})
    heading, wrapped = (
        workbook.add_format(_HEADING),
        workbook.add_format({"text_wrap": True, "valign": "top"}),
    )
    guide.hide_gridlines(2)
    _set_up_printing(guide)
    for place, width in enumerate((28, 24, 24, 122)):
        guide.set_column(place, place, width)
    guide.write_string(0, 0, "Gebiedsbudget: invoer", title)
    for row, sentence in enumerate(_OPENING, start=1):
        guide.write_string(row, 0, sentence)

    row = len(_OPENING) + 2
    for place, name in enumerate(("Regel", "Eenheid", "Geldt per", "Betekenis")):
        guide.write_string(row, place, name, heading)
    for rule in RULES:
        row += 1
        texts = (rule.name, rule.unit, ", ".join(rule.places), rule.meaning)
        for place, text in enumerate(texts):
            guide.write_string(row, place, text, wrapped)

    row += 2
    for place, name in enumerate(("Blad", "Kolom", "Gevuld", "Betekenis")):
        guide.write_string(row, place, name, heading)
    for sheet in SHEETS:
        row += 1
        needed = "nodig" if sheet.needed else "naar keuze"
        for place, text in enumerate((sheet.name, "", needed, sheet.explanation)):
            guide.write_string(row, place, text, workbook.add_format({"bold": True, "text_wrap": True}))
        for column in sheet.columns:
            row += 1
            for place, text in enumerate(
                ("", column.name, "ja" if column.filled else "", column.explanation)
            ):
                guide.write_string(row, place, text, wrapped)


def _set_up_printing(worksheet: Worksheet) -> None:
    """A4, lying, as wide as the paper."""
    worksheet.set_paper(9)
    worksheet.set_landscape()
    worksheet.fit_to_pages(1, 0)


def _write_sheet(workbook: Workbook, sheet: Sheet, rows: Sequence[InputRow]) -> None:
    worksheet = workbook.add_worksheet(sheet.name)
    worksheet.freeze_panes(1, 0)
    worksheet.repeat_rows(0)
    _set_up_printing(worksheet)
    worksheet.set_row(0, 30)
    if sheet.fields_in_rows:
        _write_fields(workbook, worksheet, sheet, rows)
        return
    headings = {True: workbook.add_format(_HEADING), False: workbook.add_format(_OPTIONAL_HEADING)}
    last = max(_SPARE_ROWS, 2 * len(rows))
    for place, column in enumerate(sheet.columns):
        shape = workbook.add_format({"num_format": column.kind.number_format})
        worksheet.set_column(place, place, column.width, shape)
        worksheet.write_string(0, place, column.name, headings[column.filled])
        worksheet.write_comment(0, place, column.explanation, {"x_scale": 2})
        _offer_choices(worksheet, column, 1, last, place)
        for number, row in enumerate(rows, start=1):
            _write_value(worksheet, number, place, row.get(column.name), shape)
    if rows:
        worksheet.autofilter(0, 0, len(rows), len(sheet.columns) - 1)


def _write_fields(workbook: Workbook, worksheet: Worksheet, sheet: Sheet, rows: Sequence[InputRow]) -> None:
    given = {str(row.get("Veld")): row.get("Waarde") for row in rows}
    unknown = set(given) - {column.name for column in sheet.columns}
    if unknown:
        raise ValueError(f"sheet {sheet.name!r} has no field {', '.join(sorted(unknown))}")
    heading, note = (
        workbook.add_format(_HEADING),
        workbook.add_format({"italic": True, "font_color": "#555555"}),
    )
    for place, (name, width) in enumerate((("Veld", 22), ("Waarde", 34), ("Toelichting", 80))):
        worksheet.set_column(place, place, width)
        worksheet.write_string(0, place, name, heading)
    for number, column in enumerate(sheet.columns, start=1):
        shape = workbook.add_format({"num_format": column.kind.number_format, "align": "left"})
        worksheet.write_string(number, 0, column.name)
        worksheet.write_blank(number, 1, None, shape)
        worksheet.write_string(number, 2, column.explanation, note)
        _offer_choices(worksheet, column, number, number, 1)
        _write_value(worksheet, number, 1, given.get(column.name), shape)


def _offer_choices(worksheet: Worksheet, column: Column, first: int, last: int, place: int) -> None:
    kind = column.kind
    if column.name == "Regel":
        top = len(_OPENING) + 4
        source: Any = f"={GUIDE_SHEET}!$A${top}:$A${top + len(RULES) - 1}"
    elif kind.choices:
        source = list(kind.choices)
    elif kind.codes_of and not kind.several:
        source = f"={kind.codes_of}!$A$2:$A${_SPARE_ROWS + 1}"
    else:
        return
    options = {
        "validate": "list",
        "source": source,
        "error_type": "stop" if kind.choices and not kind.also else "warning",
        "error_title": column.name,
        "error_message": f"Verwacht: {column.name} {kind.wanted}."[:255],
    }
    worksheet.data_validation(first, place, last, place, options)


def _write_value(worksheet: Worksheet, row: int, place: int, value: object, shape: Format) -> None:
    match value:
        case None:
            return
        case bool():
            worksheet.write_string(row, place, "ja" if value else "nee", shape)
        case str():
            text = _CONTROL.sub(" ", value)
            if len(text) > _LONGEST_TEXT:
                raise ValueError(f"a text of {len(text)} characters does not fit in a cell")
            worksheet.write_string(row, place, text, shape)
        case date() if shape.num_format == DATE.number_format:
            worksheet.write_datetime(row, place, value, shape)
        case Integral():
            worksheet.write_number(row, place, int(value), shape)
        case Decimal() | Real():
            if not math.isnan(value):
                worksheet.write_number(row, place, float(value), shape)
        case _:
            raise ValueError(
                f"a cell holds text, a number, yes/no or (in a column of dates) a date, not {value!r}"
            )
