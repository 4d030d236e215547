"""Contracten: how much work every provider may expect, against what was agreed, and the dates of the year."""

from __future__ import annotations

from datetime import date

import streamlit as st

from budget.tables import Column, Kind, Table
from ui import charts, panels, session
from ui.chart_style import show_chart
from ui.choices import choose_year
from ui.language import euros, share, text
from ui.view import Record, amount


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
        _bands(rows, year)
        panels.show_table(
            view.table("Contracten", Jaar=year),
            label=text("contracts.bands"),
            columns=(
                "Aanbieder",
                "Perceel",
                "P10",
                "P50",
                "P90",
                "Minimum",
                "Maximum",
                "70 % datum",
                "Stroom",
                "Variant",
            ),
            names=view.stream_names,
        )
    _calendar(year)


def _is_over(row: Record) -> bool:
    """Whether the volume is likely to pass the agreed maximum."""
    return row["Maximum"] is not None and amount(row, "P50") > amount(row, "Maximum")


def _bands(rows: list[Record], year: int) -> None:
    """The 80 % band of every contract, drawn as a share of its maximum, or of its minimum where it has no maximum."""
    bands, spoken = [], []
    for row in rows:
        bound = "Maximum" if row["Maximum"] else "Minimum"
        agreed = amount(row, bound)
        if not agreed:
            continue
        low, middle, high = (amount(row, column) / agreed for column in ("P10", "P50", "P90"))
        name, of = f"{row['Aanbieder']}, {row['Perceel']}", text(f"contracts.of_{bound}")
        shares = {"middle": middle, "low": low, "high": high}
        said = text("contracts.said", of=of, **{at: share(part, digits=0) for at, part in shares.items()})
        bands.append(charts.Range(name, said, low, middle, high, against=1.0))
        spoken.append(
            text(
                "contracts.spoken",
                name=name,
                low=euros(amount(row, "P10")),
                high=euros(amount(row, "P90")),
                bound=of,
                agreed=euros(agreed),
            )
        )
    if not bands:
        return
    st.header(text("contracts.bands"), anchor=False)
    panels.legend(
        [
            ("range", text("contracts.band")),
            ("middle", text("contracts.middle")),
            ("limit", text("contracts.limits")),
        ]
    )
    show_chart(
        charts.range_rows(bands, title=text("contracts.axis"), written=".0%"),
        alternative=text("contracts.alt", year=year, bands="; ".join(spoken)),
    )


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
