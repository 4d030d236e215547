"""Waarom: from last year's budget to this year's, step by step, to the cent; and which rules hold it where it is."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate

import streamlit as st

from budget.change import CAUSE_MEANING
from budget.plan import with_causes_of_change
from budget.report.norm_distance import norm_distance_table
from budget.tables import Cell, Column, Kind, RowStyle, Table
from optimiser.allocation import Contradiction, Place
from ui import charts, panels, session
from ui.chart_style import show_chart
from ui.choices import choose_district, choose_year
from ui.conflicts import show_contradiction
from ui.downloads import page_button
from ui.language import catalogue, euros, language, share, term, text
from ui.reasons import price_in_words, reason_in_words
from ui.saving import save_variant
from ui.scenarios import encode
from ui.view import Record, View, amount, quantity, records

_FIRST_STEP = "Vorig jaar"
_HALF_A_EURO = 50
_STEPS, _CAUSES = "stap", "oorzaak"
"""Two ways to tell why."""


def show() -> None:
    """The page."""
    if not session.has_plan():
        panels.heading(text("why.title"))
        panels.empty(text("panels.no_plan"))
        return
    try:
        view = session.view()
    except Contradiction as contradiction:
        panels.heading(text("why.title"))
        show_contradiction(contradiction)
        return
    if st.session_state.wijk not in view.area_names:
        st.session_state.wijk = first_area(view)
    story(view, str(st.session_state.wijk), int(st.session_state.jaar), choose=True)
    _norm(view, st.session_state.wijk)
    _rules(view, str(st.session_state.wijk), int(st.session_state.jaar))
    code = str(st.session_state.wijk)
    page_button(
        view,
        lambda: _sheets(view, code),
        label=text("downloads.why"),
        name=f"waarom {view.area_names[code]}",
        key="why_workbook",
    )
    save_variant()


def _sheets(view: View, code: str) -> list[Table]:
    """Everything about one district, all plan years."""
    of_district = ("Verklaring", "Plafonds", "Gebiedsbudgetten", "Schaduwprijzen")
    return [*(view.table(sheet, Wijkcode=code) for sheet in of_district), _distances(view, code)]


def first_area(view: View) -> str:
    """The district whose budget changes most in the year at hand: the one that asks for an explanation."""
    rows = view.records("Plafonds", Jaar=st.session_state.jaar)
    return str(max(rows, key=lambda row: abs(amount(row, "Verschil")))["Wijkcode"])


def story(view: View, code: str, year: int, *, choose: bool = False) -> None:
    """The heading, the waterfall and its table for one district and year."""
    steps = view.records("Verklaring", Wijkcode=code, Jaar=year)
    (ceiling,) = view.records("Plafonds", Wijkcode=code, Jaar=year)
    telling = str(st.session_state.get("why_telling", _STEPS)) if choose else _STEPS
    causes = causes_of(view, code, year) if telling == _CAUSES else []
    steps = causes or steps
    panels.heading(text("why.title_of", name=view.area_names[code], year=year), _lead(steps, ceiling, year))
    if choose:
        with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
            with st.container(width=320):
                choose_district(view)
            with st.container(width="content"):
                choose_year(view)
            with st.container(width="content"):
                _choose_telling()
    if telling == _CAUSES:
        panels.note(text("why.causes_note") if causes else text("why.causes_many"))
    bars = waterfall_bars(steps, amount(ceiling, "Plafond"), year)
    floor = charts.floor_of(bars)
    show_chart(
        charts.waterfall(bars, floor=floor),
        alternative=text("why.alt", name=view.area_names[code], year=year, steps=_spoken(steps)),
        key="why_waterfall",
    )
    if floor:
        panels.note(text("why.floor", amount=euros(round(floor * 100))))
    with st.expander(text("why.table")):
        panels.show_table(
            steps_table(steps, amount(ceiling, "Plafond"), year, _CAUSES if causes else _STEPS),
            to_the_cent=True,
        )


def _choose_telling() -> None:
    """One step after the other, or every cause by itself."""
    words = {_STEPS: text("why.by_steps"), _CAUSES: text("why.by_causes")}
    st.segmented_control(
        text("why.telling"),
        list(words),
        format_func=lambda telling: words[telling],
        key="why_telling",
        default=_STEPS,
        required=True,
    )


def causes_of(view: View, code: str, year: int) -> list[Record]:
    """The causes of one ceiling as steps; worked out when somebody asks. None with too many districts."""
    change = view.plan.change
    if change is None:
        key = f"{encode(session.scenario())}/causes"
        with st.spinner(text("why.causes_busy")):
            change = session.elsewhere(key, with_causes_of_change, view.plan).change
    if change is None:
        return []
    return [
        {"Stap": step.name, "Bedrag": step.cents, "Toelichting": CAUSE_MEANING[step.name]}
        for step in change.steps
        if (step.area, step.year) == (code, year)
    ]


def waterfall_bars(steps: list[Record], ceiling: int, year: int) -> list[charts.Bar]:
    """The bars of the steps, each beginning where the one before ended; a step that would read as € 0 is left out.

    `ceiling` and the steps are cents, the bars euros.
    """
    bars: list[charts.Bar] = []
    ends = accumulate(amount(step, "Bedrag") for step in steps)
    for step, end in zip(steps, ends, strict=True):
        move = amount(step, "Bedrag")
        if step["Stap"] == _FIRST_STEP:
            bars.append(charts.Bar(str(year - 1), 0, end / 100, euros(move), "total"))
        elif abs(move) < _HALF_A_EURO:
            bars[-1] = replace(bars[-1], end=end / 100)
        else:
            name, kind = term(str(step["Stap"])), "more" if move > 0 else "less"
            bars.append(charts.Bar(name, (end - move) / 100, end / 100, euros(move, sign=True), kind))
    return [*bars, charts.Bar(str(year), 0, ceiling / 100, euros(ceiling), "total")]


def _lead(steps: list[Record], ceiling: Record, year: int) -> str:
    """From what to what, and the largest reasons up and down."""
    moves = [step for step in steps if step["Stap"] != _FIRST_STEP and step["Bedrag"]]
    if ceiling["Vorig jaar"] is None:
        return text("why.lead_unknown", now=euros(amount(ceiling, "Plafond")), year=year)
    sentence = text(
        "why.lead",
        before=euros(amount(ceiling, "Vorig jaar")),
        now=euros(amount(ceiling, "Plafond")),
        change=euros(amount(ceiling, "Verschil"), sign=True),
        last=year - 1,
        year=year,
    )
    largest = max(moves, key=lambda step: amount(step, "Bedrag"), default=None)
    least = min(moves, key=lambda step: amount(step, "Bedrag"), default=None)
    reasons = [
        text(key, step=term(str(step["Stap"])), amount=euros(amount(step, "Bedrag"), sign=True))
        for key, step, sign in (("why.up", largest, 1), ("why.down", least, -1))
        if step is not None and amount(step, "Bedrag") * sign > 0
    ]
    if not reasons:
        return sentence
    because = ", ".join(reasons)
    return f"{sentence} {because[0].upper()}{because[1:]}."


def _spoken(steps: list[Record]) -> str:
    return "; ".join(
        f"{term(str(step['Stap']))} {euros(amount(step, 'Bedrag'), sign=True)}" for step in steps
    )


def steps_table(steps: list[Record], ceiling: int, year: int, telling: str) -> Table:
    """The steps with what they mean, and the ceiling that they add up to."""
    words = catalogue(language())
    rows: list[tuple[Cell, ...]] = [
        (name, step["Bedrag"], words.get(f"terms.{name} ({telling})", str(step["Toelichting"])))
        for step in steps
        for name in [str(step["Stap"])]
    ]
    rows.append((text("why.ceiling", year=year), ceiling, text("why.adds_up")))
    head = "Stap" if telling == _STEPS else "Oorzaak"
    columns = (Column(head, Kind.TEXT), Column("Bedrag", Kind.CENTS), Column("Toelichting", Kind.TEXT))
    return Table("Verklaring", text("why.table"), columns, rows, {len(steps): RowStyle.TOTAL})


def _norm(view: View, code: str) -> None:
    """How far the ceiling is from the norm over the years, and when it will be there."""
    table = _distances(view, code)
    rows = records(table)
    st.header(text("why.norm"), anchor=False)
    if not rows:
        panels.note(text("why.no_norm"))
        return
    panels.sentences([_norm_sentence(rows)])
    panels.note(text("why.norm_note"))
    columns = ("Jaar", "Plafond", "Naar de norm", "Afstand", "Afstand %")
    panels.show_table(table, columns=columns, label=text("why.norm"), signed=("Afstand", "Afstand %"))


def _distances(view: View, code: str) -> Table:
    """How far one district is from the norm, per plan year."""
    distances = norm_distance_table(view.plan)
    at = distances.column_index("Wijkcode")
    return replace(distances, rows=[row for row in distances.rows if row[at] == code])


def _norm_sentence(rows: list[Record]) -> str:
    """Opening and closing distance, and the year in which the norm is reached."""
    opening, closing = rows[0], rows[-1]

    def side(row: Record) -> str:
        distance = quantity(row, "Afstand %")
        key = "why.above" if distance > 0 else "why.below"
        return text(key, share=share(abs(distance)))

    arrival = closing["Jaar op de norm"]
    if arrival is None:
        end = text("why.norm_never")
    elif arrival == closing["Jaar"]:
        end = text("why.norm_reached")
    else:
        end = text("why.norm_arrival", year=arrival)
    moved = text(
        "why.norm_moved",
        first=opening["Jaar"],
        opening=side(opening),
        last=closing["Jaar"],
        closing=side(closing),
    )
    return f"{moved} {end}"


def _rules(view: View, code: str, year: int) -> None:
    """What more and less room would do at the rules that bind here, and what holds the amounts where they are."""
    given = view.plan.allocation

    def here(place: Place) -> bool:
        return place.area == code and place.year in (None, year)

    st.header(text("why.rules", year=year), anchor=False)
    prices = [price_in_words(price) for price in given.shadow_prices if here(price.place)]
    if prices:
        panels.sentences(prices)
    else:
        panels.note(text("why.no_rules", year=year))
    folds = {
        "why.not_more": [reason_in_words(reason, view) for reason in given.reasons if here(reason.place)],
        "why.ceilings": [price_in_words(price) for price in given.alternatives if here(price.place)],
    }
    for key, sentences in folds.items():
        if sentences:
            with st.expander(text(key)):
                panels.sentences(list(dict.fromkeys(sentences)))
