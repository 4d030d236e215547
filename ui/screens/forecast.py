"""Prognose: what was seen, what is expected and how sure that is, per district and stream."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from budget.tables import Column, Kind, Table
from ui import panels, session, time_charts
from ui.chart_style import show_chart
from ui.choices import choose_place, choose_stream
from ui.language import number, text
from ui.screens import backtest, forecast_parts
from ui.view import View, quantity, records


def show() -> None:
    """The page. It shows the forecast of the workbook: rules do not change demand."""
    if not session.has_plan():
        panels.heading(text("forecast.title"))
        panels.empty(text("panels.no_plan"))
        return
    view = session.basis()
    stream, code = str(st.session_state.stroom), str(st.session_state.wijk)
    town = view.plan.inputs.municipality
    place = town.name if not code else view.area_names.get(code, text("choices.city_wide"))
    districts = (code,) if code else view.plan.demand.districts
    fan = view.fan(stream, districts)
    table = view.table("Prognose", Stroom=stream, Wijkcode=code or town.code)
    years, months = _split(table)
    last = records(years)[-1]
    panels.heading(
        text("forecast.title_of", stream=view.stream_names[stream], place=place),
        text(
            "forecast.lead",
            year=last["Periode"],
            middle=number(quantity(last, "P50")),
            low=number(quantity(last, "P10")),
            high=number(quantity(last, "P90")),
        ),
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        with st.container(width=320):
            choose_stream(view)
        with st.container(width=320):
            choose_place(view)
    show_chart(
        time_charts.fan_chart(fan, unit=text("chart.clients")),
        alternative=text(
            "forecast.alt",
            stream=view.stream_names[stream],
            place=place,
            first=fan.observed.index[0].year,
            last=fan.observed.index[-1].year,
            year=last["Periode"],
            middle=number(quantity(last, "P50")),
            low=number(quantity(last, "P10")),
            high=number(quantity(last, "P90")),
        ),
    )
    panels.legend(
        [
            ("observed", text("forecast.observed")),
            ("median", text("forecast.median")),
            ("bands", text("forecast.bands")),
            *([("provisional", text("forecast.provisional"))] if fan.provisional else []),
            *([("naive", text("forecast.naive"))] if fan.naive is not None else []),
            *([("suppressed", text("forecast.suppressed"))] if fan.suppressed else []),
            *(
                [("event", text("forecast.shift", names=", ".join(fan.level_shifts.values())))]
                if fan.level_shifts
                else []
            ),
        ]
    )
    if not fan.from_zero:
        panels.note(text("forecast.not_from_zero"))
    _table(years, months)
    forecast_parts.show(view, stream, code or town.code)
    _method(view, stream, code)
    backtest.show(view)
    _population(view, stream, code)


def _split(table: Table) -> tuple[Table, Table]:
    """The calendar years of a forecast, and its months."""
    at = table.column_index("Periode")
    years = [row for row in table.rows if len(str(row[at])) == 4]
    months = [row for row in table.rows if len(str(row[at])) > 4]
    return replace(table, rows=years, styles={}), replace(table, rows=months, styles={})


def _table(years: Table, months: Table) -> None:
    """Calendar years, in client-years; months one click away."""
    st.header(text("forecast.years"), anchor=False)
    columns = ("Periode", "P10", "P50", "P90", "Verwacht")
    panels.show_table(years, columns=columns)
    if months.rows:
        box = panels.fold(text("forecast.months"), key="fold_months")
        if box.open:
            with box:
                panels.show_table(months, columns=columns, shape="tall")


def _method(view: View, stream: str, code: str) -> None:
    """What made this forecast, and what the reader should know about it."""
    demand = view.plan.demand
    said = [
        sentence
        for sentence in demand.notes
        if (stream in sentence or view.stream_names[stream] in sentence)
        and (code in sentence or view.area_names.get(code, code) in sentence)
    ]
    made = (
        text("forecast.method", method=demand.stream(stream).methods[demand.districts.index(code)])
        if code
        else text("forecast.method_sum")
    )
    st.header(text("forecast.trust"), anchor=False)
    panels.sentences([made, *said], dutch=True)


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
