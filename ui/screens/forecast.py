"""Prognose: what was seen, what is expected and how sure that is, per district and stream."""

from __future__ import annotations

import streamlit as st

from budget.inputs import CITY
from budget.tables import Column, Kind, Table
from ui import charts, panels, session
from ui.choices import choose_stream
from ui.fans import fan_of
from ui.language import number, text
from ui.view import View


def show() -> None:
    """The page. It shows the forecast of the workbook: rules do not change demand."""
    if not session.has_plan():
        panels.heading(text("forecast.title"))
        panels.empty(text("panels.no_plan"))
        return
    view = session.basis()
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        with st.container(width=320):
            stream = choose_stream(view)
        with st.container(width=320):
            code = _choose_place(view)
    town = view.plan.inputs.municipality
    place = town.name if not code else view.area_names.get(code, text("forecast.city_wide"))
    districts = (code,) if code else view.plan.demand.districts
    fan = fan_of(view.plan, stream, districts)
    yearly = [
        row
        for row in view.records("Prognose", Stroom=stream, Wijkcode=code or town.code)
        if len(str(row["Periode"])) == 4
    ]
    last = yearly[-1]
    panels.heading(
        text("forecast.title_of", stream=view.stream_names[stream], place=place),
        text(
            "forecast.lead",
            year=last["Periode"],
            middle=number(float(str(last["P50"]))),
            low=number(float(str(last["P10"]))),
            high=number(float(str(last["P90"]))),
        ),
    )
    charts.show(
        charts.fan_chart(fan, unit=text("chart.clients")),
        alternative=text(
            "forecast.alt",
            stream=view.stream_names[stream],
            place=place,
            first=fan.observed.index[0].year,
            last=fan.observed.index[-1].year,
            year=last["Periode"],
            middle=number(float(str(last["P50"]))),
            low=number(float(str(last["P10"]))),
            high=number(float(str(last["P90"]))),
        ),
    )
    panels.legend(
        [
            ("line", text("forecast.observed")),
            ("dash", text("forecast.median")),
            ("bands", text("forecast.bands")),
            *([("dots", text("forecast.naive"))] if fan.naive is not None else []),
            *([("triangle", text("forecast.suppressed"))] if fan.suppressed else []),
            *([("rule", text("forecast.shift", names=", ".join(fan.level_shifts.values())))] if fan.level_shifts else []),
        ]
    )
    _table(view, stream, code or town.code)
    _method(view, stream, code)
    _population(view, stream, code)


def _choose_place(view: View) -> str:
    """A district, the city-wide rest, or "" for the whole municipality."""
    state = st.session_state
    named = sorted(view.area_names, key=lambda code: view.area_names[code])
    rest = [CITY] if CITY in view.plan.demand.districts else []
    options = ["", *named, *rest]
    words = {"": text("forecast.whole", name=view.plan.inputs.municipality.name), CITY: text("forecast.city_wide")}
    if st.session_state.get("place_choice") != state.wijk and state.wijk in options:
        state.place_choice = state.wijk

    def take() -> None:
        state.wijk = state.place_choice

    st.selectbox(
        text("choices.district"),
        options,
        format_func=lambda code: words.get(code) or view.area_names[code],
        key="place_choice",
        on_change=take,
    )
    return str(state.place_choice)


def _table(view: View, stream: str, place: str) -> None:
    """Calendar years, in client-years; months one click away."""
    st.header(text("forecast.years"), anchor=False)
    table = view.table("Prognose", Stroom=stream, Wijkcode=place)
    at = table.column_index("Periode")
    columns = ("Periode", "P10", "P50", "P90", "Verwacht", "Methode")
    years = Table(table.sheet, table.title, table.columns, [row for row in table.rows if len(str(row[at])) == 4])
    months = Table(table.sheet, table.title, table.columns, [row for row in table.rows if len(str(row[at])) > 4])
    panels.show_table(years, columns=columns)
    if months.rows:
        with st.expander(text("forecast.months")):
            panels.show_table(months, columns=columns[:-1], tall=True)


def _method(view: View, stream: str, code: str) -> None:
    """What made this forecast, and what the reader should know about it."""
    name = view.stream_names[stream]
    place = view.area_names.get(code, "")
    notes = [
        sentence
        for sentence in view.plan.demand.notes
        if (stream in sentence or name in sentence) and (not place or code in sentence or place in sentence)
    ]
    st.header(text("forecast.trust"), anchor=False)
    if notes:
        panels.sentences(notes, dutch=True)
    else:
        panels.note(text("forecast.no_notes"))


def _population(view: View, stream: str, code: str) -> None:
    """The people behind the clients: the age group that the stream serves."""
    population = view.plan.inputs.population
    group = next(s.age_group for s in view.plan.inputs.streams if s.code == stream)
    persons = population.of(group)
    if persons is None or code not in population.districts:
        return
    values = persons[population.districts.index(code)]
    rows = [
        (str(year), None if value != value else float(value))
        for year, value in zip(population.years, values.tolist(), strict=True)
    ]
    st.header(text("forecast.population", group=group), anchor=False)
    columns = (Column("Jaar", Kind.TEXT), Column("Personen", Kind.NUMBER, digits=0))
    panels.show_table(Table("Bevolking", text("forecast.population", group=group), columns, rows))
