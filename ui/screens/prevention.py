"""Preventie: what it costs, what comes back to the municipality, when, and how sure that is."""

from __future__ import annotations

import streamlit as st

from budget.report.ledger import ledger_table
from optimiser.allocation import Contradiction
from ui import charts, panels, session
from ui.chart_style import show_chart
from ui.conflicts import show_contradiction
from ui.language import euros, text
from ui.view import Record, amount, records

_MONEY = (
    "Naam",
    "Stroom",
    "Uitgave",
    "Besparing in het plan",
    "Besparing later",
    "Saldo",
    "Begint na",
    "Terugverdiend na",
    "Status",
)
_SURPLUS = ("Wijknaam", "Jaar", "Overschot", "Naar preventie", "Naar algemene middelen", "Meegenomen")
_SURPLUS = ("Wijknaam", "Jaar", "Overschot", "Naar preventie", "Naar algemene middelen", "Meegenomen")
_EVIDENCE = ("Naam", "Bewijskracht", "Aandeel gemeente", "Verzilverbaar", "Status", "Bron")


def show() -> None:
    """The page."""
    title = text("prevention.title")
    if not session.has_plan():
        panels.heading(title)
        panels.empty(text("panels.no_plan"))
        return
    try:
        view = session.view()
    except Contradiction as contradiction:
        panels.heading(title)
        show_contradiction(contradiction)
        return
    if not view.plan.inputs.prevention:
        panels.heading(title)
        panels.empty(text("prevention.none"))
        return
    ledger = ledger_table(view.plan)
    rows = records(ledger)
    spent = [row for row in rows if row["Uitgave"]]
    back = [row for row in spent if row["Terugverdiend na"] is not None]
    panels.heading(title, text("prevention.lead", n=len(rows), used=len(spent), back=len(back)))
    if spent:
        _balances(spent)
    st.header(text("prevention.ledger"), anchor=False)
    panels.note(text("prevention.ledger_note"))
    panels.show_table(ledger, columns=_MONEY, names=view.stream_names, signed=("Saldo",))
    st.header(text("prevention.evidence"), anchor=False)
    panels.show_table(ledger, columns=_EVIDENCE, label=text("prevention.evidence"))
    box = panels.fold(text("prevention.per_area"), key="fold_areas")
    if box.open:
        with box:
            panels.show_table(
                view.table("Preventie"), names={**view.area_names, **view.stream_names}, shape="tall"
            )
    box = panels.fold(text("prevention.reinvestment"), key="fold_surplus")
    if box.open:
        with box:
            panels.show_table(view.table("Herinvestering"), columns=_SURPLUS, shape="tall")


def _balances(rows: list[Record]) -> None:
    """What every programme leaves, or costs, in the end."""
    bars = []
    for row in rows:
        change = amount(row, "Saldo")
        bars.append(
            (str(row["Naam"]), change / 100, euros(change, sign=True), "less" if change < 0 else "more")
        )
    st.header(text("prevention.balance"), anchor=False)
    spoken = "; ".join(f"{name} {label}" for name, _, label, _ in bars)
    show_chart(charts.bars(bars), alternative=text("prevention.alt", balances=spoken))
