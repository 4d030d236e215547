"""Where a forecast comes from: the parts of one district, stream and year, as a waterfall with its table."""

from __future__ import annotations

import streamlit as st

from budget.report.forecast_parts import EXPECTED, PLACE_COLUMNS
from budget.tables import Cell, Column, Kind, RowStyle, Table
from ui import charts, panels
from ui.chart_style import show_chart
from ui.choices import choose_year
from ui.language import number, term, text
from ui.view import Record, View, quantity, records

_SHEET = "Opbouw prognose"
SHEETS = "Prognose", _SHEET
"""What a forecast says, and where it comes from."""
_MANY = 100
"""Clients from which one decimal will do."""


def show(view: View, stream: str, code: str) -> None:
    """The section; nothing where the forecast does not tell its parts. `code` is a district or the municipality."""
    if not view.has(_SHEET):
        return
    st.header(text("forecast.parts"), anchor=False)
    with st.container(width="content"):
        year = choose_year(view)
    table = view.table(_SHEET, Stroom=stream, Wijkcode=code, Jaar=year)
    if not table.rows:
        panels.note(text("forecast.parts_none"))
        return
    (row,) = records(table)
    bars = part_bars(row, part_columns(table))
    floor = charts.floor_of(bars)
    show_chart(
        charts.waterfall(bars, floor=floor, unit=text("forecast.parts_clients").lower()),
        alternative=text(
            "forecast.parts_alt",
            year=year,
            parts="; ".join(f"{bar.name} {bar.label}" for bar in bars[:-1]),
            total=number(quantity(row, EXPECTED), digits=1),
        ),
        key="forecast_parts",
    )
    if floor:
        panels.note(text("forecast.parts_floor", clients=number(floor)))
    panels.show_table(_as_list(table, row))


def part_columns(table: Table) -> tuple[Column, ...]:
    """The columns of the sheet that hold a part."""
    return table.columns[len(PLACE_COLUMNS) : table.column_index(EXPECTED)]


def part_bars(row: Record, parts: tuple[Column, ...]) -> list[charts.Bar]:
    """What the forecast starts from, a step for every part that does something, and what is expected.

    Steps too small to be written down are one step together, the last.
    """
    total = quantity(row, EXPECTED)
    digits = 1 if total >= _MANY else 2
    moves = [(part.name, quantity(row, part.name)) for part in parts if row[part.name]] or [(EXPECTED, 0.0)]
    (first, level), steps = moves[0], moves[1:]
    slight = [(name, move) for name, move in steps if abs(move) < 0.5 * 10**-digits]
    shown = [step for step in steps if step not in slight]
    if rest := sum(move for _, move in slight):
        shown.append((slight[0][0] if len(slight) == 1 else text("forecast.parts_rest"), rest))
    bars, end = [charts.Bar(term(first), 0.0, level, number(level, digits=digits), "total")], level
    for name, move in shown:
        start, end = end, end + move
        label = f"{'+' if move >= 0.5 * 10**-digits else ''}{number(move, digits=digits)}"
        bars.append(charts.Bar(term(name), start, end, label, "more" if move > 0 else "less"))
    return [*bars, charts.Bar(term(EXPECTED), 0.0, total, number(total, digits=digits), "total")]


def _as_list(table: Table, row: Record) -> Table:
    """The parts under each other, with what they mean and their sum."""
    parts = part_columns(table)
    expected = table.columns[table.column_index(EXPECTED)]
    columns = (
        Column(text("forecast.parts_part"), Kind.TEXT),
        Column(text("forecast.parts_clients"), Kind.NUMBER, digits=expected.digits),
        Column("Toelichting", Kind.TEXT),
    )
    rows: list[tuple[Cell, ...]] = [
        (column.name, quantity(row, column.name), text(f"parts.{column.name}"))
        for column in (*parts, expected)
    ]
    return Table(_SHEET, text("forecast.parts"), columns, rows, {len(parts): RowStyle.TOTAL})
