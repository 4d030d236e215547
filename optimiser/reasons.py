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
from optimiser.effects import EURO, NO_ROOM, effect
from optimiser.model import CENTS_PER_UNIT, DISCOUNT, Column
from optimiser.rules.rule import area_name
from optimiser.solver import NotSolved
from optimiser.whatif import STEP, WhatIf, eased
from wording.sentence import PARAGRAPH, Sentence, Template

MOST = 60
"""Cells with a shortfall that are checked by solving again, the largest first; and as many amounts of last year."""
_CAUSES = {
    "vast": Template("De cel is vastgezet (vast)."),
    "contract_maximum": Template("Het contract voor deze stroom zit aan zijn maximum (contract_maximum)."),
    "plafond": Template("Het plafond van {area} is gegeven (plafond), terwijl er elders geld is."),
    "groei_max": Template(
        "Het plafond van {area} zit aan zijn grootste groei (groei_max), terwijl er elders geld is."
    ),
    "groei_max_per_inwoner": Template(
        "Het plafond van {area} zit aan zijn grootste groei per inwoner (groei_max_per_inwoner), terwijl er elders "
        "geld is."
    ),
    "preventie_min": Template(
        "Het plafond van {area} zit vol en een deel moet naar preventie (preventie_min)."
    ),
    "schuifruimte": Template("Andere stromen van {area} mogen hun geld niet afstaan (schuifruimte)."),
    "buffer_centraal": Template("Het geld is op, terwijl er een centrale buffer is (buffer_centraal)."),
    "Middelen": Template("Het geld is op."),
}
_ROOM = {
    "vast": Template("{amount:euros} meer in deze cel"),
    "buffer_centraal": Template("{amount:euros} minder buffer"),
    "Middelen": Template("{amount:euros} meer te verdelen"),
}
_ROOM_HERE = Template("{amount:euros} ruimte bij deze regel")
_DOES = Template("{subject} {effect}.")
_NOTHING = Template("verandert op zichzelf niets")
_WORTH = Template(
    "Een euro neemt hier € 1,00 tekort weg, waar hij nu ligt € {worth:.2f} (naar prioriteit en jaar gewogen)."
)
_MORE_HERE = Template("{amount:euros} meer hier {effect}.")
_AS_LAST_YEAR = Template("Gelijk aan vorig jaar.")
_NO_NEED = Template("Geen regel en geen tekort vraagt om een ander bedrag: dan blijft dat van vorig jaar.")
_WORTH_A_EURO = 100 * EURO
"""Cents of shortfall below which the cents of the rounding decide what a euro is worth elsewhere."""
_STANDS = {
    "vast": Template("Vastgezet op het bedrag van vorig jaar (vast)."),
    "plafond": Template("Het plafond is gegeven, op het bedrag van vorig jaar (plafond)."),
    "groei_max": Template("Het plafond mag niet groeien (groei_max)."),
    "groei_max_per_inwoner": Template("Het plafond mag niet groeien (groei_max_per_inwoner)."),
    "verwachte_lasten": Template("De verwachte lasten zijn gedekt, en gelijk aan het budget van vorig jaar."),
}


def reasons(what_if: WhatIf, allocation: Allocation) -> tuple[Reason, ...]:
    """Shortfalls, the largest first, then what is equal to last year. `allocation` in the order of the model."""
    return (*_shortfalls(what_if, allocation), *_as_last_year(what_if, allocation))


class _Cell(NamedTuple):
    """A cell of an area or the city; an area budget has no stream."""

    place: Place
    column: Column
    amount: int
    """Cents."""
    short: int = 0
    weight: float = 0.0


def _shortfalls(what_if: WhatIf, allocation: Allocation) -> Iterator[Reason]:
    problem = what_if.model.problem
    cells = [_short_cell(what_if, allocation, place, cause) for place, cause in allocation.causes.items()]
    worth = sorted((cell for cell in cells if cell.short >= EURO), key=lambda cell: (-cell.short, cell.place))
    room: dict[tuple[int, ...], Sentence] = {}
    for n, cell in enumerate(worth):
        cause = cell.place.rule
        parts = [_CAUSES[cause](area=area_name(problem, cell.place.area))]
        if n < MOST:
            with suppress(NotSolved):
                parts.append(_with_room(what_if, cell.place, room))
                if cause != "vast" and cell.short >= _WORTH_A_EURO:
                    parts.append(_a_euro(what_if, cell))
        yield Reason(cell.place, PARAGRAPH(sentences=tuple(parts)), len(parts) > 1)


def _short_cell(what_if: WhatIf, allocation: Allocation, place: Place, cause: str) -> _Cell:
    model, problem = what_if.model, what_if.model.problem
    s, t = problem.streams.index(str(place.stream)), problem.years.index(int(place.year or 0))
    weight = float(problem.priority[s]) * DISCOUNT**t
    named = place._replace(rule=cause)
    if place.area == "STAD":
        short = int(allocation.city_shortfall[s, t])
        return _Cell(named, model.city[s, t], int(allocation.city[s, t]), short, weight)
    d = problem.areas.index(str(place.area))
    short = int(allocation.shortfall[d, s, t])
    return _Cell(named, model.x[d, s, t], int(allocation.budgets[d, s, t]), short, weight)


def _with_room(what_if: WhatIf, place: Place, known: dict[tuple[int, ...], Sentence]) -> Sentence:
    """What € 10.000 of room at the rule that binds does; `known`: rows that were asked before."""
    rows = tuple(what_if.rows(place._replace(rule="middelen" if place.rule == "Middelen" else place.rule)))
    if rows not in known:
        held_back = place.rule == "buffer_centraal"
        most = min((what_if.model.rows[i].side() for i in rows), default=0.0) * CENTS_PER_UNIT
        amount = min(STEP, round(most)) if held_back else STEP
        shifts = eased(what_if.model, rows, -amount if held_back else amount)
        answer = what_if.ask(what_if.moved(shifts))
        what = effect(what_if.now, answer) if answer else NO_ROOM
        known[rows] = _DOES(
            subject=_ROOM.get(place.rule, _ROOM_HERE)(amount=amount), effect=what or _NOTHING()
        )
    return known[rows]


def _a_euro(what_if: WhatIf, cell: _Cell) -> Sentence:
    """What a euro takes away here and elsewhere, over € 10.000; over € 100 where so much does not fit."""
    for amount in (min(STEP, cell.short), _WORTH_A_EURO):
        answer = what_if.ask(columns={cell.column.index: (cell.amount + amount,) * 2})
        if answer is not None:
            elsewhere = 1 + (answer.weighted - what_if.now.weighted) / (cell.weight * amount)
            return _WORTH(worth=max(0.0, elsewhere))
    return _MORE_HERE(amount=_WORTH_A_EURO, effect=NO_ROOM)


def _as_last_year(what_if: WhatIf, allocation: Allocation) -> Iterator[Reason]:
    """Area budgets and cells without a shortfall that are last year's amount to the cent."""
    asked = 0
    for cell, rule in _unchanged(what_if, allocation):
        if rule:
            yield Reason(cell.place._replace(rule=rule), _STANDS[rule](), False)
            continue
        asked += 1
        sentence = None
        if asked <= MOST:
            with suppress(NotSolved):
                sentence = _if_raised(what_if, cell)
        yield Reason(cell.place, sentence or _AS_LAST_YEAR(), sentence is not None)


def _unchanged(what_if: WhatIf, allocation: Allocation) -> Iterator[tuple[_Cell, str | None]]:
    """What did not change, with the rule that says so by itself, if there is one."""
    model, problem = what_if.model, what_if.model.problem
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


def _if_raised(what_if: WhatIf, cell: _Cell) -> Sentence:
    answer = what_if.ask(columns={cell.column.index: (cell.amount + STEP,) * 2})
    if answer is None:
        return _MORE_HERE(amount=STEP, effect=NO_ROOM)
    what = effect(what_if.now, answer)
    return _NO_NEED() if what is None else _MORE_HERE(amount=STEP, effect=what)
