"""Jaar: what was spent of this year's budgets, what is still to come, and what happens to what is left."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from budget.faults import FaultyInput
from budget.report.forecast import ALL_STREAMS
from budget.tables import Table
from ui import panels, session, time_charts
from ui.chart_style import show_chart
from ui.choices import choose_place
from ui.downloads import year_button
from ui.language import euros, language, period, share, term, text
from ui.view import Record, View, YearView, amount, quantity

_STREAM_COLUMNS = (
    "Stroom",
    "Budget",
    "Geboekt definitief",
    "Geboekt voorlopig",
    "Nakomende facturen",
    "Nog niet geboekt",
    "Verwachte jaarlast",
    "Overschot",
    "Kans op overschrijding",
)
_SETTLED_COLUMNS = (
    "Wijknaam",
    "Overschot",
    "Naar preventie",
    "Naar algemene middelen",
    "Meegenomen",
    "Overschrijding",
    "Uit vrije ruimte",
    "Uit centrale buffer",
    "Uit reserve",
    "Raadsbesluit",
    "Status",
)


def show() -> None:
    """The page. It shows the year before the plan; changed rules are about the years after it."""
    title = text("year.title")
    if not session.has_plan():
        panels.heading(title)
        panels.empty(text("panels.no_plan"))
        return
    view = session.basis()
    if not view.plan.inputs.actuals:
        panels.heading(title)
        panels.empty(text("year.none"))
        return
    try:
        year = view.year_end
    except FaultyInput as faulty:
        panels.heading(title, text("year.faults"))
        panels.sentences([str(fault) for fault in faulty.faults], dutch=True)
        return
    town = view.plan.inputs.municipality
    place = st.session_state.wijk if st.session_state.wijk in year.year.places else ""
    name = view.area_names.get(place, text("choices.city_wide") if place else town.name)
    (row,) = year.records("Jaarbeeld", Wijkcode=place or town.code, Stroom=ALL_STREAMS)
    panels.heading(text("year.title_of", year=year.year.year, place=name), _lead(row))
    panels.figures(_figures(row))
    with st.container(width=320, key="filters"):
        choose_place(view)
    _chart(year, place or town.code, name)
    _streams(view, year, place or town.code)
    _settlement(year, place)
    year_button(year, town)
    box = panels.fold(text("year.notes"), key="fold_notes")
    if box.open:
        with box:
            panels.sentences(year.year.notes, dutch=True)


def _lead(row: Record) -> str:
    """What the year will end with."""
    if row["Overschot"] is None:
        return text("year.lead_unknown")
    key = "year.lead_over" if amount(row, "Overschot") < 0 else "year.lead_left"
    return text(
        key,
        expected=euros(amount(row, "Verwachte jaarlast")),
        budget=euros(amount(row, "Budget")),
        difference=euros(abs(amount(row, "Overschot"))),
    )


def _figures(row: Record) -> list[tuple[str, str, str]]:
    """Budget, bookings, expectation and the chance that it is too little."""
    chance = row["Kans op overschrijding"]
    band = ""
    if row["P10"] is not None:
        band = text("year.band", low=euros(amount(row, "P10")), high=euros(amount(row, "P90")))
    return [
        (text("year.budget"), _known(row, "Budget"), text("year.budget_note")),
        (text("year.booked"), _known(row, "Geboekt definitief"), text("year.booked_note")),
        (text("year.expected"), _known(row, "Verwachte jaarlast"), text("year.expected_note")),
        (text("year.left"), _known(row, "Overschot"), band),
        (
            text("year.chance"),
            "–" if chance is None else share(quantity(row, "Kans op overschrijding"), digits=0),
            text("year.chance_note"),
        ),
    ]


def _known(row: Record, column: str) -> str:
    return "–" if row[column] is None else euros(amount(row, column))


def _chart(year: YearView, place: str, name: str) -> None:
    """What is left of the budget, month upon month: the bars and lines are differences of two columns."""
    rows = year.records("Maanden", Wijkcode=place, Stroom=ALL_STREAMS)
    st.header(text("year.months"), anchor=False)
    if any(row["Verwacht t/m maand"] is None for row in rows) or not rows:
        panels.note(text("year.months_unknown"))
        return
    months = [
        time_charts.Month(
            str(row["Periode"]),
            _euros(row, "Budget t/m maand") - _euros(row, "Verwacht t/m maand"),
            _euros(row, "Budget t/m maand") - _euros(row, "P90 t/m maand"),
            _euros(row, "Budget t/m maand") - _euros(row, "P10 t/m maand"),
            row["Herkomst"] == "definitief",
        )
        for row in rows
    ]
    last = rows[-1]
    show_chart(
        time_charts.year_chart(months, unit=text("chart.euros")),
        alternative=text(
            "year.alt",
            place=name,
            year=year.year.year,
            expected=euros(amount(last, "Verwacht t/m maand")),
            budget=euros(amount(last, "Budget t/m maand")),
        ),
    )
    panels.legend(
        [
            ("observed", text("year.line_booked")),
            ("median", text("year.line_expected")),
            ("range", text("year.line_band")),
        ]
    )
    box = panels.fold(text("panels.numbers"), key="fold_months_of_year")
    if box.open:
        with box:
            panels.show_table(
                _with_named_months(year.table("Maanden", Wijkcode=place, Stroom=ALL_STREAMS)),
                label=text("year.months"),
                columns=(
                    "Periode",
                    "Budget",
                    "Geboekt",
                    "Nakomende facturen",
                    "Nog niet geboekt",
                    "Verwacht",
                    "Herkomst",
                ),
            )


def _with_named_months(table: Table) -> Table:
    at = table.column_index("Periode")
    rows = [(*row[:at], period(str(row[at])), *row[at + 1 :]) for row in table.rows]
    return replace(table, rows=rows)


def _euros(row: Record, column: str) -> float:
    return amount(row, column) / 100


def _streams(view: View, year: YearView, place: str) -> None:
    """The streams of one place, and their sum."""
    st.header(text("year.streams"), anchor=False)
    names = {**view.stream_names, ALL_STREAMS: term(ALL_STREAMS)}
    panels.show_table(
        year.table("Jaarbeeld", Wijkcode=place),
        label=text("year.streams"),
        columns=_STREAM_COLUMNS,
        signed=("Overschot",),
        names=names,
        shape="compact",
    )


def _settlement(year: YearView, place: str) -> None:
    """What happens to the surplus of every area, and who pays an overrun."""
    st.header(text("year.settlement"), anchor=False)
    panels.sentences(_finality(year))
    panels.show_table(
        year.table("Afrekening"),
        label=text("year.settlement"),
        columns=_SETTLED_COLUMNS,
        chosen=lambda row: bool(place) and row["Wijkcode"] == place,
        shape="compact",
    )


def _finality(year: YearView) -> list[str]:
    """Whether the settlement stands; only Dutch tells why not."""
    if language() != "nl":
        return [text("year.final" if year.year.final else "year.provisional", year=year.year.year)]
    return list(year.sentences[-1:] if year.year.final else year.sentences[2:])
