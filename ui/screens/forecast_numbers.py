"""The forecast in tables: calendar years, then what was seen and what is expected period by period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from budget.tables import Cell, Column, Kind, Table
from budget.workbook.periods import period_label
from ui import panels
from ui.fans import Fan
from ui.language import number, period, text
from ui.time_charts import letters_of
from ui.view import records

SEEN, NAIVE, REMARK = "Waargenomen", "Vuistregel", "Opmerking"
_EXPECTED = "Verwacht"
_SPREAD = ("P10", "P50", "P90")
_SEEN_PER = {12: "forecast.seen_months", 4: "forecast.seen_quarters", 1: "forecast.seen_years"}
_EXPECTED_PER = {12: "forecast.months", 4: "forecast.quarters"}


def show(fan: Fan, table: Table) -> None:
    """The section. `table`: the rows of the sheet Prognose of this place and stream."""
    years, parts = split(table)
    st.header(text("forecast.years"), anchor=False)
    panels.show_table(years_table(fan, years))
    if parts.rows:
        box = panels.fold(text(_EXPECTED_PER[fan.per_year]), key="fold_months")
        if box.open:
            with box:
                panels.show_table(expected_table(fan, parts), shape="tall")
    box = panels.fold(text(_SEEN_PER[fan.per_year]), key="fold_seen")
    if box.open:
        with box:
            panels.show_table(seen_table(fan), shape="tall")


def split(table: Table) -> tuple[Table, Table]:
    """The calendar years of a forecast, and its months or quarters."""
    at = table.column_index("Periode")
    years = [row for row in table.rows if len(str(row[at])) == 4]
    parts = [row for row in table.rows if len(str(row[at])) > 4]
    return replace(table, rows=years, styles={}), replace(table, rows=parts, styles={})


def years_table(fan: Fan, years: Table) -> Table:
    """Calendar years in client-years: those seen as a whole, then those expected beside the rule of thumb."""
    seen, naive = fan.years_seen(), fan.naive_years()
    expected = {int(str(row["Periode"])): row for row in records(years)}
    rows: list[tuple[Cell, ...]] = []
    known_from = min((year for year, mean in seen.items() if mean == mean), default=min(expected))
    for year in sorted(year for year in {*seen, *expected} if year >= known_from):
        row = expected.get(year, {})
        spread = (row.get(name) for name in _SPREAD)
        rows.append((str(year), known(seen.get(year)), row.get(_EXPECTED), naive.get(year), *spread))
    columns = (
        Column("Periode", Kind.TEXT),
        Column(SEEN, Kind.NUMBER, text("forecast.seen_note")),
        *_columns(years),
    )
    return Table("Prognose", text("forecast.years"), columns, rows)


def expected_table(fan: Fan, parts: Table) -> Table:
    """The periods to come beside the rule of thumb."""
    naive = _by_label(fan, fan.naive)
    rows: list[tuple[Cell, ...]] = [
        (period(label), row[_EXPECTED], naive.get(label), *(row[name] for name in _SPREAD))
        for row in records(parts)
        for label in [str(row["Periode"])]
    ]
    columns = (Column("Periode", Kind.TEXT), *_columns(parts))
    return Table("Prognose", text(_EXPECTED_PER[fan.per_year]), columns, rows)


def _columns(forecast: Table) -> tuple[Column, ...]:
    """What is expected beside the rule of thumb, and how sure that is."""
    own = {column.name: column for column in forecast.columns}
    naive = Column(NAIVE, Kind.NUMBER, text("forecast.naive"))
    return own[_EXPECTED], naive, *(own[name] for name in _SPREAD)


def seen_table(fan: Fan) -> Table:
    """The observed periods, and what is the matter with them."""
    seen, remarks = _by_label(fan, fan.observed), remarks_of(fan)
    rows: list[tuple[Cell, ...]] = [
        (period(label), known(count), remarks.get(label, "")) for label, count in seen.items()
    ]
    columns = (
        Column("Periode", Kind.TEXT),
        Column(SEEN, Kind.NUMBER),
        Column(REMARK, Kind.TEXT),
    )
    return Table("Prognose", text(_SEEN_PER[fan.per_year]), columns, rows)


def remarks_of(fan: Fan) -> Mapping[str, str]:
    """What is the matter with an observed period, by its label."""
    hidden, provisional = fan.doubtful.hidden, fan.doubtful.provisional
    told = [
        (label, text("forecast.remark_hidden", low=number(low), high=number(high)))
        for label, low, high in zip(fan.labels(hidden.index), hidden["low"], hidden["high"], strict=True)
    ]
    told += [(label, text("forecast.remark_missing")) for label in fan.labels(fan.missing)]
    told += [
        (label, text("forecast.remark_provisional", completed=number(completed, digits=1)))
        for label, completed in zip(fan.labels(provisional.index), provisional["completed"], strict=True)
    ]
    told += [
        (period_label(change.start), f"{letter}: {change.name or text('forecast.jump')}")
        for letter, change in letters_of(fan.breaks)
    ]
    remarks: dict[str, str] = {}
    for label, remark in told:
        remarks[label] = f"{remarks[label]}; {remark}" if label in remarks else remark
    return remarks


def known(value: float | None) -> float | None:
    """A number, or None for an unknown one."""
    return None if value is None or value != value else value


def _by_label(fan: Fan, series: pd.Series[float] | None) -> Mapping[str, float]:
    if series is None:
        return {}
    return dict(zip(fan.labels(series.index), series.tolist(), strict=True))
