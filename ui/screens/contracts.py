"""Contracten: how much work every provider may expect, against what was agreed, and the dates of the year."""

from __future__ import annotations

from datetime import date

import streamlit as st

from budget.tables import Column, Kind, Table
from ui import charts, panels, session
from ui.choices import choose_year
from ui.language import euros, text
from ui.view import Record, View, amount


def show() -> None:
    """The page. It shows expected volumes, which rules do not change."""
    if not session.has_plan():
        panels.heading(text("contracts.title"))
        panels.empty(text("panels.no_plan"))
        return
    view = session.basis()
    if not view.has("Contracten"):
        panels.heading(text("contracts.title"))
        panels.empty(text("contracts.none"))
        return
    year = int(st.session_state.jaar)
    rows = view.records("Contracten", Jaar=year)
    over = [row for row in rows if _is_over(row)]
    lead = text("contracts.lead" if over else "contracts.lead_none", n=len(rows), over=len(over), year=year)
    panels.heading(text("contracts.title_year", year=year), lead)
    choose_year(view)
    if rows:
        _bands(view, rows, year)
        panels.show_table(
            view.table("Contracten", Jaar=year),
            columns=(
                "Aanbieder",
                "Perceel",
                "Stroom",
                "P10",
                "P50",
                "P90",
                "Minimum",
                "Maximum",
                "70 % datum",
                "Variant",
            ),
            names=view.stream_names,
        )
    _calendar(year)


def _is_over(row: Record) -> bool:
    """Whether the volume is likely to pass the agreed maximum."""
    return row["Maximum"] is not None and amount(row, "P50") > amount(row, "Maximum")


def _bands(view: View, rows: list[Record], year: int) -> None:
    """The 80 % band of every contract with its limits."""
    names = [f"{row['Aanbieder']} · {row['Perceel']}" for row in rows]
    bands = [
        (name, amount(row, "P10") / 100, amount(row, "P50") / 100, amount(row, "P90") / 100)
        for name, row in zip(names, rows, strict=True)
    ]
    limits = {
        name: (_euros(row["Minimum"]), _euros(row["Maximum"])) for name, row in zip(names, rows, strict=True)
    }
    spoken = "; ".join(
        text(
            "contracts.spoken",
            name=name,
            low=euros(amount(row, "P10")),
            high=euros(amount(row, "P90")),
        )
        for name, row in zip(names, rows, strict=True)
    )
    st.header(text("contracts.bands"), anchor=False)
    charts.show(
        charts.band_rows(bands, unit=text("chart.euros"), limits=limits),
        alternative=text("contracts.alt", year=year, bands=spoken),
    )
    panels.legend(
        [
            ("range", text("contracts.band")),
            ("middle", text("contracts.middle")),
            ("limit", text("contracts.limits")),
        ]
    )


def _euros(cell: object) -> float | None:
    return cell / 100 if isinstance(cell, int) else None


def _calendar(year: int) -> None:
    """When the contracts of a year have to be prepared: 6, 3 and 2 months before it begins."""
    st.header(text("contracts.calendar", year=year), anchor=False)
    moments = (
        (date(year - 1, 7, 1), text("contracts.announce")),
        (date(year - 1, 10, 1), text("contracts.decide")),
        (date(year - 1, 11, 1), text("contracts.agree")),
        (date(year, 1, 1), text("contracts.begin")),
    )
    columns = (Column("Datum", Kind.DATE), Column("Wat", Kind.TEXT))
    rows = [(moment.isoformat(), what) for moment, what in moments]
    panels.show_table(Table("Kalender", text("contracts.calendar", year=year), columns, rows))
