"""Every euro is spent once: ring-fenced money on its streams, free money on everything, a buffer held back.

    sum_s pays[g,s,t] <= amount[g,t]                              ring-fenced source g            (geoormerkt)
    sum_g pays[g,s,t] <= sum_d x[d,s,t] + city[s,t]                                               (geoormerkt)
    sum_d ceiling[d,t] + sum_s city[s,t] - sum_gs pays[g,s,t] + buffer[t] + reserves in - reserves out
        + unspent[t] = free sources of the year                                                   (middelen)
    buffer[t] = round(buffer_share[t] * all sources of the year)                           (buffer_centraal)

What ring-fenced money cannot pay is left over and shown; it is never an error.
"""

from __future__ import annotations

from optimiser.allocation import Place
from optimiser.arithmetic import central_buffer
from optimiser.model import Column, Model, relation, units
from optimiser.problem import Problem
from optimiser.rules.rule import Rule, less_and_more, more_and_less
from wording.sentence import Sentence, Template

_RING_FENCED = Template("het geoormerkte geld in {year}")
_MORE_RING_FENCED = Template("€ 10.000 {way:word} geoormerkt geld in {year}")
_FREED = Template("€ 10.000 geoormerkt geld dat in {year} vrij besteedbaar wordt")
_LESS_FREED = Template("€ 10.000 minder geoormerkt geld dat in {year} vrij besteedbaar wordt")
_BUFFER = Template("de centrale buffer in {year}")
_LESS_BUFFER = Template("€ 10.000 {way:word} centrale buffer in {year}")
_TOTAL = Template("de middelen in {year}")
_TO_DIVIDE = Template("€ 10.000 {way:word} te verdelen in {year}")
_TO_DIVIDE_AFTER_BUFFER = Template("€ 10.000 {way:word} te verdelen in {year} (na de centrale buffer)")


def add_ring_fenced(model: Model) -> None:
    """Two rows per ring-fenced source or stream: no more than there is, no more than is spent there."""
    problem = model.problem
    ring_fenced = [g for g, source in enumerate(problem.sources) if source.streams]
    for t in range(len(problem.years)):
        for g in ring_fenced:
            streams = [s for s, code in enumerate(problem.streams) if code in problem.sources[g].streams]
            amount = int(problem.sources[g].amounts[t])
            for s in streams:
                model.ring_fenced[g, s, t] = model.column("pays", g, s, t, upper=amount)
            if streams:
                paid = [(model.ring_fenced[g, s, t], 1.0) for s in streams]
                row = relation(paid, "<=", units(amount))
                model.require("geoormerkt", row, t, label=f"bron_{g + 1}")
        for s in range(len(problem.streams)):
            payers = [model.ring_fenced[g, s, t] for g in ring_fenced if (g, s, t) in model.ring_fenced]
            if payers:
                spent = [*(model.x[d, s, t] for d in range(len(problem.areas))), model.city[s, t]]
                model.require("geoormerkt", relation(_difference(payers, spent), "<="), t, stream=s)


def add_buffer(model: Model) -> None:
    """The part of all money that is held back centrally, out of free money."""
    for t, amount in enumerate(central_buffer(model.problem).tolist()):
        model.buffer[t] = model.column("buffer", t)
        model.require("buffer_centraal", relation([(model.buffer[t], 1.0)], "==", units(amount)), t)


def add_total(model: Model) -> None:
    """Free money closes the year."""
    problem = model.problem
    for t in range(len(problem.years)):
        free = sum(int(source.amounts[t]) for source in problem.sources if not source.streams)
        model.unspent[t] = model.column("unspent", t)
        spent = [
            *(model.ceiling[d, t] for d in range(len(problem.areas))),
            *(model.city[s, t] for s in range(len(problem.streams))),
            model.buffer[t],
            model.unspent[t],
            *(column for (_, year), column in model.reserve_in.items() if year == t),
        ]
        paid_otherwise = [
            *(column for (_, _, year), column in model.ring_fenced.items() if year == t),
            *(column for (_, year), column in model.reserve_out.items() if year == t),
        ]
        model.require("middelen", relation(_difference(spent, paid_otherwise), "==", units(free)), t)


def _difference(more: list[Column], less: list[Column]) -> list[tuple[Column, float]]:
    return [*((column, 1.0) for column in more), *((column, -1.0) for column in less)]


def _more_to_divide(problem: Problem, place: Place) -> tuple[Sentence, Sentence]:
    """The buffer takes its share of new money first."""
    has_buffer = problem.choices.buffer_share_t[problem.years.index(int(place.year or 0))] > 0
    return more_and_less(_TO_DIVIDE_AFTER_BUFFER if has_buffer else _TO_DIVIDE, year=place.year)


def _more_ring_fenced(problem: Problem, place: Place) -> tuple[Sentence, Sentence]:
    """More of a source, or room for one stream that it may pay."""
    if place.stream is None:
        return more_and_less(_MORE_RING_FENCED, year=place.year)
    return _FREED(year=place.year), _LESS_FREED(year=place.year)


RING_FENCED = Rule(
    "geoormerkt",
    add_ring_fenced,
    title=lambda problem, place: _RING_FENCED(year=place.year),
    easing=_more_ring_fenced,
)
BUFFER = Rule(
    "buffer_centraal",
    add_buffer,
    title=lambda problem, place: _BUFFER(year=place.year),
    easing=lambda problem, place: less_and_more(_LESS_BUFFER, year=place.year),
)
TOTAL = Rule(
    "middelen",
    add_total,
    title=lambda problem, place: _TOTAL(year=place.year),
    easing=_more_to_divide,
)
