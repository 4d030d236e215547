"""Contracten: how much work every provider may expect, against what was agreed, and the days on which to act."""

from __future__ import annotations

from datetime import date

import streamlit as st

from budget.report.contracts import calendar_table, next_day
from budget.tables import Table
from ui import charts, panels, session
from ui.chart_style import show_chart
from ui.choices import choose_year
from ui.downloads import page_button
from ui.language import euros, notation, said, share, text
from ui.view import Record, View, amount, records

_AGREED = (
    "Aanbieder",
    "Perceel",
    "P10",
    "P50",
    "P90",
    "Minimum",
    "Maximum",
    "Kans boven maximum",
    "70 % datum",
)
_TERMS = ("Aanbieder", "Perceel", "Stroom", "Variant", "Einddatum")
_MAXIMUM, _MINIMUM = "Maximum", "Minimum"


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
    calendar = calendar_table(view.table("Contracten"), year)
    panels.heading(text("contracts.title_year", year=year), _lead(rows, calendar, year))
    choose_year(view)
    if rows:
        _volumes(view, rows, year)
    _calendar(calendar, year)
    if rows:
        page_button(
            view,
            lambda: [calendar, view.table("Contracten", Jaar=year)],
            label=text("downloads.contracts"),
            name="contracten",
            key="contracts_workbook",
            year=year,
        )


def _lead(rows: list[Record], calendar: Table, year: int) -> str:
    """How many contracts are likely to pass their maximum, and what is to be done first."""
    over = sum(_is_over(row) for row in rows)
    key = "contracts.lead" if over else "contracts.lead_none"
    told = text(key, n=len(rows), over=over, year=year)
    upcoming = next_day(calendar, date.today())
    if not rows or upcoming is None:
        return told
    what = "; ".join(said(str(row["Wat"])) for row in records(calendar) if row["Datum"] == upcoming)
    day = notation().day(date.fromisoformat(upcoming))
    return " ".join([told, text("contracts.upcoming", day=day, what=what[0].lower() + what[1:])])


def _is_over(row: Record) -> bool:
    """Whether the volume is likely to pass the agreed maximum."""
    return row[_MAXIMUM] is not None and amount(row, "P50") > amount(row, _MAXIMUM)


def _volumes(view: View, rows: list[Record], year: int) -> None:
    """The bands of every contract: against its maximum, or against its minimum where that is all there is."""
    with_maximum = [row for row in rows if row[_MAXIMUM]]
    others = [row for row in rows if row[_MINIMUM] and not row[_MAXIMUM]]
    for bound, some in ((_MAXIMUM, with_maximum), (_MINIMUM, others)):
        if some:
            st.header(text(f"contracts.against_{bound}"), anchor=False)
            _bands(some, bound, year)
    st.header(text("contracts.bands"), anchor=False)
    table = view.table("Contracten", Jaar=year)
    panels.show_table(table, columns=_AGREED, label=text("contracts.bands"))
    panels.note(text("contracts.reached_note"))
    box = panels.fold(text("contracts.terms"), key="fold_terms")
    if box.open:
        with box:
            panels.show_table(table, columns=_TERMS, label=text("contracts.terms"), names=view.stream_names)


def _bands(rows: list[Record], bound: str, year: int) -> None:
    """The 80 % band of every contract as a share of one bound that all of them have."""
    bands, spoken = [], []
    of = text(f"contracts.of_{bound}")
    for row in rows:
        agreed = amount(row, bound)
        low, middle, high = (amount(row, column) / agreed for column in ("P10", "P50", "P90"))
        name = f"{row['Aanbieder']}, {row['Perceel']}"
        shares = {"middle": middle, "low": low, "high": high}
        words = text("contracts.said", of=of, **{at: share(part, digits=0) for at, part in shares.items()})
        bands.append(charts.Range(name, words, low, middle, high, against=1.0))
        money = {"low": euros(amount(row, "P10")), "high": euros(amount(row, "P90")), "agreed": euros(agreed)}
        spoken.append(text("contracts.spoken", name=name, bound=of, **money))
    panels.legend(
        [
            ("range", text("contracts.band")),
            ("middle", text("contracts.middle")),
            ("limit", text(f"contracts.limit_{bound}")),
        ]
    )
    show_chart(
        charts.range_rows(bands, title=text(f"contracts.axis_{bound}"), written=".0%"),
        alternative=text("contracts.alt", year=year, bands="; ".join(spoken)),
    )


def _calendar(calendar: Table, year: int) -> None:
    """What to do on which day, by date; the next of them stands out."""
    st.header(text("contracts.calendar", year=year), anchor=False)
    upcoming = next_day(calendar, date.today())
    panels.show_table(
        calendar,
        label=text("contracts.calendar", year=year),
        chosen=lambda row: row["Datum"] == upcoming,
    )
