"""Equal cover: the areas that are worst off count most, and the city is one of them.

    lack[d,t] = mean claim * sum_s (gap + short)[d,s,t] / sum_s claim[d,s,t]     share short, of an average area
    for n in (1, 10 %, 25 % of the areas):   mean of the n largest = min over eta of eta + sum_d (lack - eta)+ / n

An ordered weighted average in linear form: e[n,d,t] >= lack[d,t] - eta[n,t], e >= 0. These rows only measure;
a stage minimises sum_nt eta + sum_d e / n (gelijke dekking).
"""

from __future__ import annotations

from math import ceil

from pulp import LpAffineExpression, LpConstraint, LpConstraintLE

from optimiser.model import Column, Model, units
from optimiser.rules.rule import Rule, where

_SHARES_OF_AREAS = (0.0, 0.10, 0.25)


def add(model: Model) -> None:
    """One row per area, year and group size; areas without claims cannot lack."""
    problem = model.problem
    streams = range(len(problem.streams))
    for t in range(len(problem.years)):
        lacking: list[tuple[int, float, list[Column]]] = []
        for d in range(len(problem.areas)):
            columns = [column[d, s, t] for s in streams for column in (model.gap, model.short)]
            lacking.append((d, units(int(problem.claims[d, :, t].sum())), columns))
        city = [column[s, t] for s in streams for column in (model.city_gap, model.city_short)]
        lacking.append((-1, units(int(problem.city_claims[:, t].sum())), city))
        lacking = [(d, claim, columns) for d, claim, columns in lacking if claim > 0]
        average = sum(claim for _, claim, _ in lacking) / max(1, len(lacking))
        lacking = [(d, claim / average, columns) for d, claim, columns in lacking]
        for n in sorted({max(1, ceil(share * len(lacking))) for share in _SHARES_OF_AREAS}):
            _add_mean_of_worst(model, t, n, lacking)


def _add_mean_of_worst(model: Model, t: int, n: int, lacking: list[tuple[int, float, list[Column]]]) -> None:
    eta = model.column(f"worst_{n}", t, whole=False)
    model.unequal.append((t, 1.0, eta))
    for d, size, columns in lacking:
        excess = model.column(f"worse_{n}", d, t, whole=False)
        model.unequal.append((t, 1.0 / n, excess))
        terms = [*((column, 1.0 / size) for column in columns), (eta, -1.0), (excess, -1.0)]
        row = LpConstraint(LpAffineExpression(terms), LpConstraintLE, rhs=0.0)
        model.require("gelijke_dekking", row, t, area=d, label=f"{n}", whole=False)


EQUAL_COVER = Rule(
    "gelijke_dekking", add, title=lambda problem, place: f"de dekking van {where(problem, place)}"
)
