"""Verantwoording: every check, where every number comes from, and the whole plan to take along."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from budget.report.provenance import ASSUMPTION
from optimiser.allocation import Contradiction
from ui import panels, session
from ui.assumed import show_assumptions
from ui.conflicts import show_contradiction
from ui.downloads import workbook_button
from ui.language import text


def show() -> None:
    """The page."""
    panels_title = text("account.title")
    if not session.has_plan():
        panels.heading(panels_title)
        panels.empty(text("panels.no_plan"))
        return
    try:
        view = session.whole_view()
    except Contradiction as contradiction:
        panels.heading(panels_title)
        show_contradiction(contradiction)
        return
    wrong = [row for row in view.records("Controles") if row["Uitkomst"] == "fout"]
    n = len(view.records("Controles"))
    lead = text("account.wrong", n=len(wrong), of=n) if wrong else text("account.right", n=n)
    panels.heading(panels_title, lead)
    workbook_button(view)
    st.header(text("account.summary"), anchor=False)
    summary = view.table("Samenvatting")
    panels.show_summary(summary)
    st.header(text("account.balance"), anchor=False)
    panels.show_table(view.table("Budgetsluitend"), to_the_cent=True)
    st.header(text("account.checks"), anchor=False)
    panels.show_table(
        view.table("Controles"),
        columns=("Controle", "Uitkomst", "Verschil", "Toelichting"),
        to_the_cent=True,
        shape="tall",
    )
    st.header(text("account.assumptions"), anchor=False)
    show_assumptions(view)
    st.header(text("account.provenance"), anchor=False)
    sources = view.table("Herkomst")
    rows = [row for row in sources.rows if row[0] != ASSUMPTION]
    panels.show_table(replace(sources, rows=rows), names={"gebiedsbudget": "Gebiedsbudget"}, shape="tall")
    box = panels.fold(text("account.sources"), key="fold_sources")
    if box.open:
        with box:
            panels.show_table(view.table("Bronnen"), shape="tall")
    box = panels.fold(text("account.task_fields"), key="fold_fields")
    if box.open:
        with box:
            panels.show_table(view.table("Taakvelden"), shape="tall")
