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
from optimiser.rules.rule import Rule


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


def _more_to_divide(problem: Problem, place: Place) -> str:
    """The buffer takes its share of new money first."""
    t = problem.years.index(int(place.year or 0))
    buffer = " (na de centrale buffer)" if problem.choices.buffer_share_t[t] > 0 else ""
    return f"€ 10.000 meer te verdelen in {place.year}{buffer}"


RING_FENCED = Rule(
    "geoormerkt",
    add_ring_fenced,
    title=lambda problem, place: f"het geoormerkte geld in {place.year}",
    easing=lambda problem, place: (
        f"€ 10.000 meer geoormerkt geld in {place.year}"
        if place.stream is None
        else f"€ 10.000 geoormerkt geld dat in {place.year} vrij besteedbaar wordt"
    ),
)
BUFFER = Rule(
    "buffer_centraal",
    add_buffer,
    title=lambda problem, place: f"de centrale buffer in {place.year}",
    easing=lambda problem, place: f"€ 10.000 minder centrale buffer in {place.year}",
)
TOTAL = Rule(
    "middelen",
    add_total,
    title=lambda problem, place: f"de middelen in {place.year}",
    easing=_more_to_divide,
)
