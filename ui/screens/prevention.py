"""Preventie: what it costs, what comes back to the municipality, when, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from budget.report.reinvestment import reinvestment_tables
from budget.report.variants import beside_table
from budget.tables import Table
from budget.variants import plans_beside
from optimiser.allocation import Contradiction
from ui import charts, panels, session
from ui.chart_style import show_chart
from ui.conflicts import show_contradiction
from ui.downloads import page_button
from ui.language import euros, share, term, text
from ui.saving import save_variant
from ui.scenarios import encode
from ui.view import Record, View, amount, quantity, records
from ui.work import Kept

_MONEY = (
    "Naam",
    "Uitgave",
    "Besparing in het plan",
    "Besparing later",
    "Saldo",
    "Begint na",
    "Terugverdiend in",
    "Kans in looptijd",
    "Kans in planjaren",
    "Stroom",
)
_EVIDENCE = (
    "Naam",
    "Bewijskracht",
    "Saldo P10",
    "Saldo P50",
    "Saldo P90",
    "Aandeel gemeente",
    "Verzilverbaar",
    "Status",
    "Bron",
)
_AREAS = ("Wijknaam", "Naam", "Uitgave", "Saldo", "Terugverdiend in", "Kans in looptijd", "Kans in planjaren")
_BESIDE = ("Variant", "Preventie", "Besparing", "Tekort", "Niet gedekte lasten", "Tekort tegenover plan")
_SURPLUS = ("Wijknaam", "Jaar", "Overschot", "Naar preventie", "Naar algemene middelen", "Meegenomen")
_ALL_YEARS = "totaal"
_ONE_EURO = 100

_made_beside: Kept[Table] = Kept(8)
"""The plan beside its variants, by data and scenario: nobody has to ask for it again."""


def show() -> None:
    """The page."""
    title = text("prevention.title")
    if not session.has_plan():
        panels.heading(title)
        panels.empty(text("panels.no_plan"))
        return
    try:
        view = session.decided_view()
    except Contradiction as contradiction:
        panels.heading(title)
        show_contradiction(contradiction)
        return
    if not view.plan.inputs.prevention:
        panels.heading(title)
        panels.empty(text("prevention.none"))
        return
    rows = view.records("Investeringen")
    spent = [row for row in rows if row["Uitgave"]]
    panels.heading(title, _lead(rows, spent))
    if spent:
        _balances(spent)
    _ledger(view.table("Investeringen"), rows, spent, view.stream_names)
    _beside(view)
    _folds(view)
    sheets = ("Investeringen", "Terugverdienen", "Preventie")
    page_button(
        view,
        lambda: [*(view.table(sheet) for sheet in sheets), *reinvestment_tables(view.plan)],
        label=text("downloads.prevention"),
        name="preventie",
        key="prevention_workbook",
    )
    save_variant()


def _lead(rows: Sequence[Record], spent: Sequence[Record]) -> str:
    """How many programmes have money, which of them is surest to pay for itself, and how many would as stated."""
    lead = [text("prevention.lead", n=len(rows), used=len(spent))]
    if spent:
        surest = max(spent, key=lambda row: quantity(row, "Kans in looptijd"))
        chance = share(quantity(surest, "Kans in looptijd"), digits=0)
        back = sum(row["Terugverdiend in"] is not None for row in spent)
        lead.append(text("prevention.surest", name=surest["Naam"], chance=chance))
        lead.append(text("prevention.stated_back", back=back))
    return " ".join(lead)


def _ledger(ledger: Table, rows: Sequence[Record], spent: Sequence[Record], names: Mapping[str, str]) -> None:
    """What every programme costs and brings back, which have no money, and the evidence of all."""
    st.header(text("prevention.ledger"), anchor=False)
    panels.note(text("prevention.ledger_note"))
    panels.show_table(
        _with_money(ledger) if spent else ledger,
        columns=_MONEY,
        label=text("prevention.ledger"),
        names=names,
        signed=("Saldo",),
    )
    if spent and len(spent) < len(rows):
        idle = [f"{row['Naam']} ({term(str(row['Status']))})" for row in rows if not row["Uitgave"]]
        panels.note(text("prevention.idle", names=", ".join(idle)))
    st.header(text("prevention.evidence"), anchor=False)
    panels.note(text("prevention.evidence_note"))
    panels.show_table(
        ledger,
        columns=_EVIDENCE,
        label=text("prevention.evidence"),
        signed=("Saldo P10", "Saldo P50", "Saldo P90"),
    )


def _with_money(ledger: Table) -> Table:
    """The rows of the programmes that get money: of the others every amount and chance would be zero."""
    at = ledger.column_index("Uitgave")
    return replace(ledger, rows=[row for row in ledger.rows if row[at]])


def _folds(view: View) -> None:
    """The same by district, for those who ask."""
    box = panels.fold(text("prevention.payback"), key="fold_payback")
    if box.open:
        with box:
            panels.show_table(
                view.table("Terugverdienen"),
                columns=_AREAS,
                label=text("prevention.payback"),
                shape="tall",
                signed=("Saldo",),
            )
    box = panels.fold(text("prevention.per_area"), key="fold_areas")
    if box.open:
        with box:
            table = view.table("Preventie")
            shown = [column.name for column in table.columns if column.name != "Programma"]
            panels.show_table(
                _with_district_names(table, view),
                columns=["Wijknaam" if name == "Wijkcode" else name for name in shown],
                label=text("prevention.per_area"),
                names=view.stream_names,
                shape="tall",
            )
    box = panels.fold(text("prevention.reinvestment"), key="fold_surplus")
    if box.open:
        with box:
            panels.show_table(
                reinvestment_tables(view.plan)[0],
                columns=_SURPLUS,
                label=text("prevention.reinvestment"),
                shape="tall",
            )


def _beside(view: View) -> None:
    """What the plan owes to its prevention, and what programmes would do that do not count yet; planned on demand."""
    st.header(text("prevention.beside"), anchor=False)
    panels.note(text("prevention.beside_note"))
    scenario = encode(session.scenario())
    table = _made_beside.get((st.session_state.digest, scenario))
    if table is None:
        if not st.button(text("prevention.beside_do"), key="beside_do"):
            return
        with st.spinner(text("prevention.beside_busy")):
            beside = session.elsewhere(f"{scenario}/beside", plans_beside, view.plan)
            _made_beside.put((st.session_state.digest, scenario), beside_table(view.plan, beside))
        st.rerun()
    whole = [row for row in records(table) if row["Jaar"] == _ALL_YEARS]
    panels.sentences([_owed(row) for row in whole[1:]])
    panels.show_table(
        _only(table, _ALL_YEARS),
        columns=_BESIDE,
        label=text("prevention.beside"),
        signed=("Tekort tegenover plan",),
    )
    box = panels.fold(text("prevention.beside_years"), key="fold_beside")
    if box.open:
        with box:
            panels.show_table(
                table,
                columns=("Variant", "Jaar", *_BESIDE[1:]),
                label=text("prevention.beside_years"),
                shape="tall",
            )


def _with_district_names(table: Table, view: View) -> Table:
    at = table.column_index("Wijkcode")
    columns = list(table.columns)
    columns[at] = replace(columns[at], name="Wijknaam")
    rows = [(*row[:at], view.area_names.get(str(row[at]), row[at]), *row[at + 1 :]) for row in table.rows]
    return replace(table, columns=tuple(columns), rows=rows)


def _only(table: Table, year: str) -> Table:
    at = table.column_index("Jaar")
    return replace(table, rows=[row for row in table.rows if row[at] == year], styles={})


def _owed(row: Record) -> str:
    """What a variant does to the shortfall of all years."""
    name = term(str(row["Variant"]))
    if row["Tekort"] is None:
        return text("prevention.variant_impossible", name=name)
    more, lack = amount(row, "Tekort tegenover plan"), euros(amount(row, "Niet gedekte lasten"))
    if abs(more) < _ONE_EURO:
        return text("prevention.variant_same", name=name, lack=lack)
    key = "prevention.variant_more" if more > 0 else "prevention.variant_less"
    return text(key, name=name, amount=euros(abs(more)), lack=lack)


def _balances(rows: list[Record]) -> None:
    """What every programme leaves or costs in the end, given the evidence; what is stated of it in words."""
    st.header(text("prevention.balance"), anchor=False)
    bands, spoken = [], []
    for row in rows:
        stated, chance = (
            euros(amount(row, "Saldo"), sign=True),
            share(quantity(row, "Kans in looptijd"), digits=0),
        )
        low, high = amount(row, "Saldo P10"), amount(row, "Saldo P90")
        middle = euros(amount(row, "Saldo P50"), sign=True)
        said = text("prevention.said", middle=middle, stated=stated, chance=chance)
        bands.append(
            charts.Range(
                str(row["Naam"]), said, low / 100, amount(row, "Saldo P50") / 100, high / 100, against=0.0
            )
        )
        spoken.append(
            text(
                "prevention.spoken",
                name=row["Naam"],
                said=said,
                low=euros(low, sign=True),
                high=euros(high, sign=True),
            )
        )
    panels.legend(
        [
            ("range", text("prevention.band")),
            ("middle", text("prevention.middle")),
            ("limit", text("prevention.even")),
        ]
    )
    show_chart(
        charts.range_rows(bands, title=text("prevention.axis"), written=",~f"),
        alternative=text("prevention.alt", balances="; ".join(spoken)),
    )
