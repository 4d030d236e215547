"""Verdeling: what every area gets, on a map and in a table, and what changes when a rule changes."""

from __future__ import annotations

import streamlit as st

from optimiser.allocation import Contradiction
from ui import charts, panels, rule_controls, session
from ui.area_map import change_map
from ui.chart_style import show_chart
from ui.choices import choose_district, choose_year, pick_district
from ui.conflicts import show_contradiction
from ui.downloads import workbook_button
from ui.language import euros, share, text
from ui.reasons import price_in_words
from ui.rule_words import what_comes_first
from ui.view import Record, View, amount, quantity

_AREA_COLUMNS = (
    "Wijknaam",
    "Plafond",
    "Vorig jaar",
    "Verschil",
    "Verschil %",
    "Norm",
    "Tekort",
    "Per inwoner",
)
_STREAM_COLUMNS = ("Stroom", "Bedrag", "Vorig jaar", "Verschil", "Basispakket", "Verwachte lasten", "Tekort")
_CHANGES_SHOWN = 12
_REASONS = 5


def show() -> None:
    """The page."""
    if not session.has_plan():
        panels.heading(text("distribution.title"))
        panels.empty(text("panels.no_plan"))
        return
    with st.sidebar:
        rule_controls.show(session.basis())
    try:
        view = session.first_view()
    except Contradiction as contradiction:
        panels.heading(text("distribution.title"))
        show_contradiction(contradiction)
        return
    if not view.plan.settled:
        session.say_busy(text("distribution.reinvesting"))
    year = st.session_state.jaar
    panels.heading(text("distribution.title_year", year=year), lead(view, year))
    if session.scenario():
        panels.note(_against_workbook(view, year))
    panels.figures(key_figures(view, year))
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        with st.container(width="content"):
            choose_year(view)
        with st.container(width=230):
            chosen = choose_district(view, or_none=True)
        with st.container(width="content"):
            first = rule_controls.choose_strategy(session.basis())
    panels.note(what_comes_first(first))
    _map_and_story(view, year, chosen)
    _areas(view, year, chosen)
    if not view.plan.settled:
        session.wait_until_settled()
        st.rerun()
    workbook_button(_reasons(year))


def lead(view: View, year: int) -> str:
    """The message of the year in one or two sentences."""
    rows = view.records("Plafonds", Jaar=year)
    up = len([row for row in rows if amount(row, "Verschil") > 0])
    down = len([row for row in rows if amount(row, "Verschil") < 0])
    areas = text(
        "distribution.lead",
        n=len(rows),
        total=euros(view.amount("Gebiedsbudgetten", year)),
        up=up,
        down=down,
        before=year - 1,
    )
    short = view.amount("waarvan tekort op het basispakket", year)
    return f"{areas} " + (
        text("distribution.short", amount=euros(short)) if short else text("distribution.not_short")
    )


def _against_workbook(view: View, year: int) -> str:
    """What the changed rules cost or bring: the same posts with and without them."""
    basis, short, gap = session.basis(), "waarvan tekort op het basispakket", "Niet gedekte lasten"
    return text(
        "distribution.against_workbook",
        short_before=euros(basis.amount(short, year)),
        short=euros(view.amount(short, year)),
        gap_before=euros(basis.amount(gap, year)),
        gap=euros(view.amount(gap, year)),
    )


def key_figures(view: View, year: int) -> list[tuple[str, str, str]]:
    """Where the money of a year goes, and what it does not reach."""
    posts = (
        ("funding", "Middelen"),
        ("areas", "Gebiedsbudgetten"),
        ("city", "Stadsbreed"),
        ("buffer", "Centrale buffer"),
        ("gap", "Niet gedekte lasten"),
    )
    figures = [
        (
            text(f"distribution.figure.{key}"),
            euros(view.amount(post, year)),
            text(f"distribution.figure.{key}_note"),
        )
        for key, post in posts
    ]
    left = int(view.figures.left[view.years.index(year)])
    if left:
        kind = "left" if left > 0 else "drawn"
        words = text(f"distribution.figure.{kind}"), text(f"distribution.figure.{kind}_note")
        figures.insert(-1, (words[0], euros(abs(left)), words[1]))
    return figures


def _map_and_story(view: View, year: int, chosen: str) -> None:
    """The map, and beside it one district's streams or the largest changes."""
    drawn = view.plan.inputs.boundaries is not None
    left, right = st.columns([7, 5], gap="large") if drawn else (None, st.container())
    if left is not None:
        with left:
            st.header(text("distribution.map", before=year - 1, year=year), anchor=False)
            change_map(view, year, chosen=chosen, on_pick=pick_district, key="distribution_map")
    with right:
        if chosen:
            _district(view, year, chosen)
        else:
            _largest_changes(view, year)


def _largest_changes(view: View, year: int) -> None:
    """Bars of the districts that gain and lose most."""
    st.header(text("distribution.changes"), anchor=False)
    rows = [row for row in view.records("Plafonds", Jaar=year) if row["Verschil"] is not None]
    rows.sort(key=lambda row: -amount(row, "Verschil"))
    half = _CHANGES_SHOWN // 2
    shown = rows if len(rows) <= _CHANGES_SHOWN else [*rows[:half], *rows[-half:]]
    if not shown:
        panels.note(text("distribution.no_last_year"))
        return
    entries = [
        (
            str(row["Wijknaam"]),
            amount(row, "Verschil") / 100,
            euros(amount(row, "Verschil"), sign=True),
            "less" if amount(row, "Verschil") < 0 else "more",
        )
        for row in shown
    ]
    most, least = entries[0], entries[-1]
    words = text(
        "distribution.changes_alt", most=most[0], up=most[2], least=least[0], down=least[2], year=year
    )
    show_chart(charts.bars(entries), alternative=words)
    if len(rows) > len(shown):
        panels.note(text("distribution.changes_note", n=half))


def _district(view: View, year: int, code: str) -> None:
    """One district: its ceiling and its streams."""
    (ceiling,) = view.records("Plafonds", Jaar=year, Wijkcode=code)
    st.header(view.area_names[code], anchor=False)
    before = ceiling["Vorig jaar"]
    panels.figures(
        [
            (
                text("distribution.ceiling", year=year),
                euros(amount(ceiling, "Plafond")),
                ""
                if before is None
                else text(
                    "distribution.against",
                    change=euros(amount(ceiling, "Verschil"), sign=True),
                    share=share(quantity(ceiling, "Verschil %"), sign=True),
                    before=year - 1,
                ),
            ),
            (
                text("distribution.shortfall"),
                euros(amount(ceiling, "Tekort")),
                text("distribution.shortfall_note"),
            ),
        ]
    )
    table = view.table("Gebiedsbudgetten", Wijkcode=code, Jaar=year)
    panels.show_table(
        table,
        columns=("Stroom", "Bedrag", "Verschil", "Tekort"),
        signed=("Verschil",),
        names=view.stream_names,
        caption=text("distribution.streams_of", name=view.area_names[code], year=year),
        shape="compact",
    )
    if st.button(text("distribution.to_why"), type="tertiary", key="to_why"):
        st.switch_page(st.session_state.pages["why"])


def _areas(view: View, year: int, chosen: str) -> None:
    """Every area in a table."""
    st.header(text("distribution.table", year=year), anchor=False)
    table = view.table("Plafonds", Jaar=year)

    def is_chosen(row: Record) -> bool:
        return row["Wijkcode"] == chosen

    panels.show_table(
        table,
        columns=_AREA_COLUMNS,
        chosen=is_chosen,
        signed=("Verschil", "Verschil %"),
        shape="tall" if len(table.rows) > 24 else "",
    )
    box = panels.fold(text("distribution.all_streams", year=year), key="fold_streams")
    if box.open:
        with box:
            panels.show_table(
                view.table("Gebiedsbudgetten", Jaar=year),
                columns=("Wijknaam", *_STREAM_COLUMNS),
                signed=("Verschil",),
                names=view.stream_names,
                shape="tall",
            )


def _reasons(year: int) -> View:
    """Which rules bind and what locks cost, in sentences; they follow the allocation. The view that has them."""
    decided = session.decided_view()
    st.header(text("distribution.binding"), anchor=False)
    slot, more = st.empty(), st.container()
    if not decided.explained:
        panels.waiting(text("distribution.binding_busy"), slot)
    view = session.view()
    given = view.plan.allocation
    prices = sorted(given.shadow_prices, key=lambda price: -abs(price.value))
    said = [price_in_words(price) for price in prices if price.place.year in (None, year)]
    panels.sentences(said[:_REASONS] or [text("distribution.nothing_binds")], into=slot)
    if len(said) > _REASONS:
        with more, st.expander(text("distribution.more_binding", n=len(said) - _REASONS)):
            panels.sentences(said[_REASONS:60])
    locks = [lock.sentence for lock in given.locks if lock.place.year in (None, year)]
    if locks:
        st.header(text("distribution.locks"), anchor=False)
        panels.sentences(locks, engine=True)
    return view
