"""Prognose: what was seen, what is expected and how sure that is, per district and stream."""

from __future__ import annotations

import streamlit as st

from ui import panels, session, time_charts
from ui.chart_style import show_chart
from ui.choices import choose_place, choose_stream
from ui.downloads import tables_button
from ui.fans import Fan
from ui.language import number, said, text
from ui.screens import backtest, forecast_facts, forecast_numbers, forecast_parts, forecast_people
from ui.view import Record, View, quantity, records

_FEW = 10
"""Clients under which a tenth counts."""


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
    years, _ = forecast_numbers.split(table)
    last = records(years)[-1]
    title = text("forecast.title_of", stream=view.stream_names[stream], place=place)
    panels.heading(title, text("forecast.lead", **_expected(last)))
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        with st.container(width=320):
            choose_stream(view)
        with st.container(width=320):
            choose_place(view)
    _seen_and_expected(view, fan, last, view.stream_names[stream], place)
    forecast_numbers.show(fan, table)
    forecast_parts.show(view, stream, code or town.code)
    forecast_people.show(view, stream, districts, forecast_numbers.years_table(fan, years))
    _trust(view, stream, code, fan.doubtful.unseen)
    tables_button(
        text("downloads.forecast"),
        lambda: [view.table(sheet) for sheet in forecast_parts.SHEETS if view.has(sheet)],
        name="prognose",
        key="forecast_workbook",
        town=town,
    )
    backtest.show(view)


def _expected(last: Record) -> dict[str, object]:
    """What is expected in the last year, in the words of a sentence."""
    digits = 1 if quantity(last, "P90") < _FEW else 0
    quantiles = {"middle": "P50", "low": "P10", "high": "P90"}
    return {
        "year": last["Periode"],
        **{name: number(quantity(last, column), digits=digits) for name, column in quantiles.items()},
    }


def _seen_and_expected(view: View, fan: Fan, last: Record, stream: str, place: str) -> None:
    """The chart, and what has to be known to read it."""
    facts = forecast_facts.facts_of(fan, view.area_names)
    naive = forecast_facts.naive_in_words(fan, int(str(last["Periode"])), quantity(last, "Verwacht"))
    message = text(
        "forecast.alt" if fan.was_seen else "forecast.alt_unseen",
        stream=stream,
        place=place,
        first=fan.observed.index[0].year,
        last=fan.observed.index[-1].year,
        **_expected(last),
    )
    _chart(fan, " ".join([message, naive, *facts]))
    panels.note(" ".join(filter(None, (naive, "" if fan.from_zero else text("forecast.not_from_zero")))))
    if facts:
        st.header(text("forecast.facts"), anchor=False)
        panels.sentences(facts)


def _chart(fan: Fan, alternative: str) -> None:
    """The fan, and what everything in it means."""
    show_chart(time_charts.fan_chart(fan, unit=text("chart.clients")), alternative=alternative)
    entries = [
        *([("observed", text("forecast.observed"))] if fan.was_seen else []),
        ("median", text("forecast.median")),
        ("bands", text("forecast.bands")),
    ]
    if fan.naive is not None:
        entries.append(("naive", text("forecast.naive")))
    if len(fan.doubtful.provisional):
        entries.append(("provisional", text("forecast.provisional")))
    if len(fan.doubtful.hidden):
        entries.append(("suppressed", text("forecast.suppressed")))
    for letter, change in time_charts.letters_of(fan.breaks):
        kind = "jump" if change.kind != "event" else "span" if change.end is not None else "event"
        name = change.name or text("forecast.jump")
        entries.append((kind, f"{letter}: {name}, {forecast_facts.since(change)}"))
    panels.legend(entries)


def _trust(view: View, stream: str, code: str, unseen: tuple[str, ...]) -> None:
    """How good such forecasts were before, and what made this one."""
    demand = view.plan.demand
    st.header(text("forecast.trust"), anchor=False)
    told = [forecast_facts.record_in_words(demand.stream(stream).record)]
    if code in unseen:
        told.append(text("forecast.record_of_others"))
    panels.sentences(told)
    panels.note(text("forecast.record_note"))
    if not code:
        panels.sentences([text("forecast.method_sum")])
        return
    made = demand.stream(stream).methods[demand.districts.index(code)]
    panels.sentences([text("forecast.method", method=said(made))])
