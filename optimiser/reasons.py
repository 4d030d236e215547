"""Why a cell or an area budget did not rise, in a Dutch sentence: the rule that binds, and what a euro does elsewhere.

Asked of every cell with a shortfall, and of every cell and area budget that is last year's amount to the cent. The rule
comes from exact cents (see `causes`); the duals play no part. It is then checked by solving twice more:

    room      the rule eased by € 10.000: what does that change?
    a euro    the cell € 10.000 (at most its shortfall) higher: what does a euro take away here, and where it lies now?

        here = 1,    elsewhere = 1 + (weighted shortfall then - now) / (weight here * amount)

Weights are those of stage `tekort`: priority, later years discounted. So a euro elsewhere is not worth less than 1:
else it would not lie there. Only the largest cells are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from math import isnan
from typing import NamedTuple

from optimiser.allocation import Allocation, Place, Reason
from optimiser.causes import ceiling_limit
from optimiser.model import CENTS_PER_UNIT, DISCOUNT, Column
from optimiser.questions import EURO, NO_ROOM, STEP, Questions, eased, effect
from optimiser.rules.rule import area_name
from optimiser.sentences import euros
from optimiser.solver import NotSolved
from optimiser.whatif import WhatIf

MOST = 60
"""Cells with a shortfall that are checked by solving again, the largest first; and as many amounts of last year."""
_CAUSES = {
    "vast": "De cel is vastgezet (vast).",
    "contract_maximum": "Het contract voor deze stroom zit aan zijn maximum (contract_maximum).",
    "plafond": "Het plafond van {area} is gegeven (plafond), terwijl er elders geld is.",
    "groei_max": "Het plafond van {area} zit aan zijn grootste groei (groei_max), terwijl er elders geld is.",
    "groei_max_per_inwoner": (
        "Het plafond van {area} zit aan zijn grootste groei per inwoner (groei_max_per_inwoner), terwijl er elders "
        "geld is."
    ),
    "preventie_min": "Het plafond van {area} zit vol en een deel moet naar preventie (preventie_min).",
    "schuifruimte": "Andere stromen van {area} mogen hun geld niet afstaan (schuifruimte).",
    "buffer_centraal": "Het geld is op, terwijl er een centrale buffer is (buffer_centraal).",
    "Middelen": "Het geld is op.",
}
_ROOM = {
    "vast": "{amount} meer in deze cel",
    "buffer_centraal": "{amount} minder buffer",
    "Middelen": "{amount} meer te verdelen",
}
_WORTH_A_EURO = 100 * EURO
"""Cents of shortfall below which the cents of the rounding decide what a euro is worth elsewhere."""
_STANDS = {
    "vast": "Vastgezet op het bedrag van vorig jaar (vast).",
    "plafond": "Het plafond is gegeven, op het bedrag van vorig jaar (plafond).",
    "groei_max": "Het plafond mag niet groeien (groei_max).",
    "groei_max_per_inwoner": "Het plafond mag niet groeien (groei_max_per_inwoner).",
    "verwachte_lasten": "De verwachte lasten zijn gedekt, en gelijk aan het budget van vorig jaar.",
}


def reasons(what_if: WhatIf, allocation: Allocation) -> tuple[Reason, ...]:
    """Shortfalls, the largest first, then what is equal to last year. `allocation` in the order of the model."""
    questions = Questions.of(what_if)
    return (*_shortfalls(questions, allocation), *_as_last_year(questions, allocation))


class _Cell(NamedTuple):
    """A cell of an area or the city; an area budget has no stream."""

    place: Place
    column: Column
    amount: int
    """Cents."""
    short: int = 0
    weight: float = 0.0


def _shortfalls(questions: Questions, allocation: Allocation) -> Iterator[Reason]:
    problem = questions.model.problem
    cells = [_short_cell(questions, allocation, place, cause) for place, cause in allocation.causes.items()]
    worth = sorted((cell for cell in cells if cell.short >= EURO), key=lambda cell: (-cell.short, cell.place))
    room: dict[tuple[int, ...], str] = {}
    for n, cell in enumerate(worth):
        cause = cell.place.rule
        parts = [_CAUSES[cause].format(area=area_name(problem, cell.place.area))]
        if n < MOST:
            with suppress(NotSolved):
                parts.append(_with_room(questions, cell.place, room))
                if cause != "vast" and cell.short >= _WORTH_A_EURO:
                    parts.append(_a_euro(questions, cell))
        yield Reason(cell.place, " ".join(parts), len(parts) > 1)


def _short_cell(questions: Questions, allocation: Allocation, place: Place, cause: str) -> _Cell:
    model, problem = questions.model, questions.model.problem
    s, t = problem.streams.index(str(place.stream)), problem.years.index(int(place.year or 0))
    weight = float(problem.priority[s]) * DISCOUNT**t
    named = place._replace(rule=cause)
    if place.area == "STAD":
        short = int(allocation.city_shortfall[s, t])
        return _Cell(named, model.city[s, t], int(allocation.city[s, t]), short, weight)
    d = problem.areas.index(str(place.area))
    short = int(allocation.shortfall[d, s, t])
    return _Cell(named, model.x[d, s, t], int(allocation.budgets[d, s, t]), short, weight)


def _with_room(questions: Questions, place: Place, known: dict[tuple[int, ...], str]) -> str:
    """What € 10.000 of room at the rule that binds does; `known`: rows that were asked before."""
    rows = tuple(questions.rows(place._replace(rule="middelen" if place.rule == "Middelen" else place.rule)))
    if rows not in known:
        held_back = place.rule == "buffer_centraal"
        most = min((questions.model.rows[i].side() for i in rows), default=0.0) * CENTS_PER_UNIT
        amount = min(STEP, round(most)) if held_back else STEP
        shifts = eased(questions.model, rows, -amount if held_back else amount)
        answer = questions.ask(questions.moved(shifts))
        what = effect(questions.now, answer) if answer else NO_ROOM
        subject = _ROOM.get(place.rule, "{amount} ruimte bij deze regel").format(amount=euros(amount))
        known[rows] = f"{subject} {what or 'verandert op zichzelf niets'}."
    return known[rows]


def _a_euro(questions: Questions, cell: _Cell) -> str:
    """What a euro takes away here and elsewhere, over € 10.000; over € 100 where so much does not fit."""
    for amount in (min(STEP, cell.short), _WORTH_A_EURO):
        answer = questions.ask(columns={cell.column.index: (cell.amount + amount,) * 2})
        if answer is not None:
            elsewhere = 1 + (answer.weighted - questions.now.weighted) / (cell.weight * amount)
            worth = f"{max(0.0, elsewhere):.2f}".replace(".", ",")
            return (
                f"Een euro neemt hier € 1,00 tekort weg, waar hij nu ligt € {worth} "
                "(naar prioriteit en jaar gewogen)."
            )
    return f"{euros(_WORTH_A_EURO)} meer hier {NO_ROOM}."


def _as_last_year(questions: Questions, allocation: Allocation) -> Iterator[Reason]:
    """Area budgets and cells without a shortfall that are last year's amount to the cent."""
    asked = 0
    for cell, rule in _unchanged(questions, allocation):
        if rule:
            yield Reason(cell.place._replace(rule=rule), _STANDS[rule], False)
            continue
        asked += 1
        sentence = None
        if asked <= MOST:
            with suppress(NotSolved):
                sentence = _if_raised(questions, cell)
        yield Reason(cell.place, sentence or "Gelijk aan vorig jaar.", sentence is not None)


def _unchanged(questions: Questions, allocation: Allocation) -> Iterator[tuple[_Cell, str | None]]:
    """What did not change, with the rule that says so by itself, if there is one."""
    model, problem = questions.model, questions.model.problem
    n_areas, n_streams, n_years = problem.shape
    for d in range(n_areas):
        for t in range(n_years):
            year, area, ceiling = problem.years[t], problem.areas[d], int(allocation.ceilings[d, t])
            before = float(problem.last_ceiling[d]) if t == 0 else float(allocation.ceilings[d, t - 1])
            limit = ceiling_limit(problem, allocation, d, t)
            told = limit is None and allocation.shortfall[d, :, t].sum() >= EURO
            if ceiling and ceiling == before and not told:
                yield _Cell(Place("vorig_jaar", year, area), model.ceiling[d, t], ceiling), limit
            for s in range(n_streams):
                amount = int(allocation.budgets[d, s, t])
                last = float(problem.last_budget[d, s]) if t == 0 else float(allocation.budgets[d, s, t - 1])
                if amount and amount == last and allocation.shortfall[d, s, t] < EURO:
                    locked = not isnan(problem.choices.locked_dst[d, s, t])
                    funded = amount == int(allocation.claims_after[d, s, t])
                    place = Place("vorig_jaar", year, area, problem.streams[s])
                    rule = "vast" if locked else "verwachte_lasten" if funded else None
                    yield _Cell(place, model.x[d, s, t], amount), rule


def _if_raised(questions: Questions, cell: _Cell) -> str:
    answer = questions.ask(columns={cell.column.index: (cell.amount + STEP,) * 2})
    if answer is None:
        return f"{euros(STEP)} meer hier {NO_ROOM}."
    what = effect(questions.now, answer)
    if what is None:
        return "Geen regel en geen tekort vraagt om een ander bedrag: dan blijft dat van vorig jaar."
    return f"{euros(STEP)} meer hier {what}."
