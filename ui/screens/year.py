"""Jaar: what was spent of this year's budgets, what is still to come, and what happens to what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import streamlit as st

from budget.faults import FaultyInput
from budget.report.forecast import ALL_STREAMS
from budget.tables import Table
from budget.year.signals import implausible, month_of_exhaustion, nothing_booked, unknown_places
from budget.year.year_end import UNSETTLED
from ui import panels, session, time_charts
from ui.chart_style import show_chart
from ui.choices import choose_place
from ui.downloads import year_button
from ui.language import euros, period, said, share, term, text
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


_NAMED = 5
"""Places or reasons that one sentence names."""


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
        panels.sentences([fault.sentence for fault in faulty.faults], engine=True)
        return
    town = view.plan.inputs.municipality
    place = st.session_state.wijk if st.session_state.wijk in year.year.places else ""
    name = view.area_names.get(place, text("choices.city_wide") if place else town.name)
    (row,) = year.records("Jaarbeeld", Wijkcode=place or town.code, Stroom=ALL_STREAMS)
    panels.heading(text("year.title_of", year=year.year.year, place=name), _lead(view, year, row))
    panels.figures(_figures(row))
    if cautions := list(_cautions(view, year, place)):
        panels.sentences(cautions)
    with st.container(width=320, key="filters"):
        choose_place(view)
    _chart(year, place or town.code, name)
    _streams(view, year, place or town.code)
    _settlement(year, place)
    year_button(year, town)
    box = panels.fold(text("year.notes"), key="fold_notes")
    if box.open:
        with box:
            panels.sentences(year.year.notes, engine=True)


def _lead(view: View, year: YearView, row: Record) -> str:
    """What the year will end with, or ended with."""
    if row["Overschot"] is None:
        return _unknown(view, year)
    over = amount(row, "Overschot") < 0
    key = "year.lead_over" if over else "year.lead_left"
    if _closed(row):
        key = "year.closed_over" if over else "year.closed_left"
    return text(
        key,
        year=year.year.year,
        expected=euros(amount(row, "Verwachte jaarlast")),
        budget=euros(amount(row, "Budget")),
        difference=euros(abs(amount(row, "Overschot"))),
    )


def _closed(row: Record) -> bool:
    """Whether nothing of the year is open any more."""
    return row["P10"] is not None and row["P10"] == row["P90"]


def _unknown(view: View, year: YearView) -> str:
    """Where the outcome is unknown, and that the rest can be seen."""
    places = unknown_places(year.year)
    if not places or len(places) == len(year.year.places):
        return text("year.lead_unknown")
    return text("year.lead_unknown_in", places=_named(view, places))


def _named(view: View, places: Sequence[str]) -> str:
    """Places by name: the first few, and how many more there are."""
    names = [view.area_names.get(place, text("choices.city_wide")) for place in places]
    more = len(names) - _NAMED
    shown = ", ".join(names[:_NAMED])
    return text("year.and_more", places=shown, n=more) if more > 0 else shown


def _cautions(view: View, year: YearView, place: str) -> Iterator[str]:
    """What to know before believing these figures."""
    so_far = year.year
    places = [so_far.places.index(place)] if place else None
    gone, ratio = month_of_exhaustion(so_far, places), implausible(so_far, places)
    if gone is not None and gone != so_far.months[-1]:
        yield text("year.gone", month=period(gone))
    if ratio is not None:
        yield text("year.implausible", share=share(ratio, digits=0))
    if not place:
        empty = [one for one in so_far.places if nothing_booked(so_far, one)]
        if empty:
            yield text("year.nothing_booked_in", n=len(empty), places=_named(view, empty))
        return
    area = so_far.areas[so_far.places.index(place)]
    if nothing_booked(so_far, place):
        yield text("year.nothing_booked")
    elif area.state == UNSETTLED:
        yield text("year.unsettled", why="; ".join(said(reason) for reason in area.reasons[:_NAMED]))


def _figures(row: Record) -> list[tuple[str, str, str]]:
    """Budget, bookings, expectation and the chance that it is too little."""
    chance, closed = row["Kans op overschrijding"], _closed(row)
    band = text("year.band_none") if closed else ""
    if row["P10"] is not None and not closed:
        band = text("year.band", low=euros(amount(row, "P10")), high=euros(amount(row, "P90")))
    provisional, left = row["Geboekt voorlopig"], row["Overschot"]
    booked = text("year.booked_note")
    if provisional:
        booked = text("year.booked_provisional", amount=euros(amount(row, "Geboekt voorlopig")))
    figures = [
        (text("year.budget"), _known(row, "Budget"), text("year.budget_note")),
        (text("year.booked"), _known(row, "Geboekt definitief"), booked),
        (
            text("year.cost" if closed else "year.expected"),
            _known(row, "Verwachte jaarlast"),
            text("year.cost_note" if closed else "year.expected_note"),
        ),
        (text("year.left"), "–" if left is None else euros(amount(row, "Overschot"), sign=True), band),
    ]
    if closed:
        return figures
    told = "–" if chance is None else share(quantity(row, "Kans op overschrijding"), digits=0)
    return [*figures, (text("year.chance"), told, text("year.chance_note"))]


def _known(row: Record, column: str) -> str:
    return "–" if row[column] is None else euros(amount(row, column))


def _chart(year: YearView, place: str, name: str) -> None:
    """What is left of the budget, month upon month: the bars and lines are differences of two columns."""
    rows = year.records("Maanden", Wijkcode=place, Stroom=ALL_STREAMS)
    st.header(text("year.months"), anchor=False)
    if not rows or any(None in (row["Verwacht t/m maand"], row["Budget t/m maand"]) for row in rows):
        panels.note(text("year.months_unknown"))
        return
    panels.note(text("year.months_note"))
    months, last = [_month(row) for row in rows], rows[-1]
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
    booked, open_ = any(month.definitive for month in months), not all(month.definitive for month in months)
    panels.legend(
        [
            *([("observed", text("year.line_booked"))] if booked else []),
            *([("median", text("year.line_expected")), ("range", text("year.line_band"))] if open_ else []),
        ]
    )
    _numbers(year.table("Maanden", Wijkcode=place, Stroom=ALL_STREAMS))


def _month(row: Record) -> time_charts.Month:
    """What is left of the budget at the end of one month, and what at high and at low cost."""
    budget = _euros(row, "Budget t/m maand")
    return time_charts.Month(
        str(row["Periode"]),
        budget - _euros(row, "Verwacht t/m maand"),
        budget - _euros(row, "P90 t/m maand"),
        budget - _euros(row, "P10 t/m maand"),
        row["Herkomst"] == "definitief",
    )


def _numbers(months: Table) -> None:
    """The figures of the months, for who asks."""
    box = panels.fold(text("panels.numbers"), key="fold_months_of_year")
    if box.open:
        with box:
            panels.show_table(
                _with_named_months(months),
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
    panels.sentences(_finality(year), engine=True)
    panels.show_table(
        year.table("Afrekening"),
        label=text("year.settlement"),
        columns=_SETTLED_COLUMNS,
        chosen=lambda row: bool(place) and row["Wijkcode"] == place,
        shape="compact",
    )


def _finality(year: YearView) -> Sequence[str]:
    """Whether the settlement stands, and why not."""
    return year.sentences[-1:] if year.year.final else year.sentences[2:]
