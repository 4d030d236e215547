"""The people behind the clients: the age group that a stream serves, and how many of them are clients."""

from __future__ import annotations

import numpy as np
import streamlit as st

from budget.tables import Cell, Column, Kind, Table
from ui import panels, time_charts
from ui.chart_style import show_chart
from ui.language import number, share, text
from ui.view import Record, View, quantity, records

EVERYBODY = "totaal"
"""The age group of everybody."""
_PER = 1000


def show(view: View, stream: str, districts: tuple[str, ...], clients: Table) -> None:
    """The section; nothing where the people are not known. `clients`: calendar years, seen and expected."""
    group = next(s.age_group for s in view.plan.inputs.streams if s.code == stream)
    persons = persons_of(view, group, districts)
    if not persons:
        return
    st.header(_title(group), anchor=False)
    sentence = _sentence(persons, group, clients)
    panels.sentences([sentence])
    left, right = st.columns([5, 6], gap="large")
    with left:
        show_chart(
            time_charts.people_chart(persons, unit=text("forecast.persons").lower()),
            alternative=sentence,
            key="forecast_people",
        )
    with right:
        panels.show_table(people_table(persons, group, clients), shape="compact")


def persons_of(view: View, group: str, districts: tuple[str, ...]) -> dict[int, float]:
    """Persons of an age group in these districts together, in the years in which all of them are known."""
    population = view.plan.inputs.population
    persons, known = population.of(group), [code for code in districts if code in population.districts]
    if persons is None or not known:
        return {}
    total = persons[[population.districts.index(code) for code in known]].sum(axis=0)
    return {year: float(value) for year, value in zip(population.years, total, strict=True) if value == value}


def people_table(persons: dict[int, float], group: str, clients: Table) -> Table:
    """Per year the persons, the clients among them (seen, else expected), and those per thousand."""
    counted = _clients(clients)
    rows: list[tuple[Cell, ...]] = []
    for year, people in persons.items():
        found = counted.get(year)
        per = found / people * _PER if found is not None and people > 0 else None
        rows.append((str(year), people, found, per))
    columns = (
        Column("Jaar", Kind.TEXT),
        Column("Personen", Kind.NUMBER, digits=0),
        Column("Cliëntjaren", Kind.NUMBER, text("forecast.seen_or_expected")),
        Column("Per 1.000", Kind.NUMBER),
    )
    return Table("Bevolking", _title(group), columns, rows)


def _title(group: str) -> str:
    """The heading over the people of an age group."""
    named = text("forecast.everybody") if group == EVERYBODY else text("forecast.age_group", group=group)
    return text("forecast.population", group=named)


def _clients(table: Table) -> dict[int, float]:
    """Client-years per calendar year: as seen, else as expected."""

    def of(row: Record) -> float | None:
        known = next((name for name in ("Waargenomen", "Verwacht") if row[name] is not None), None)
        return None if known is None else quantity(row, known)

    found = {int(str(row["Periode"])): of(row) for row in records(table)}
    return {year: value for year, value in found.items() if value is not None}


def _sentence(persons: dict[int, float], group: str, clients: Table) -> str:
    """How the group grows from the last year seen to the last expected, and its use of care with it."""
    counted = {year: value for year, value in _clients(clients).items() if year in persons}
    if len(counted) < 2:
        first, last = min(persons), max(persons)
    else:
        seen = [int(str(row["Periode"])) for row in records(clients) if row["Waargenomen"] is not None]
        first, last = max((year for year in seen if year in persons), default=min(counted)), max(counted)
    grown = persons[last] / persons[first] - 1 if persons[first] > 0 else np.nan
    said = text(
        "forecast.people",
        group=text("forecast.everybody") if group == EVERYBODY else group,
        first=first,
        before=number(persons[first]),
        last=last,
        after=number(persons[last]),
        change=share(grown, sign=True),
    )
    if first not in counted or last not in counted or not persons[last]:
        return said
    return f"{said} " + text(
        "forecast.per_thousand",
        before=number(counted[first] / persons[first] * _PER, digits=1),
        after=number(counted[last] / persons[last] * _PER, digits=1),
    )
