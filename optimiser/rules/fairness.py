"""Equal cover: the areas that are worst off count most, and the city is one of them.

    lack[d,t] = mean claim * sum_s (gap + short)[d,s,t] / sum_s claim[d,s,t]     share short, of an average area
    for n in (1, 10 %, 25 % of the areas):   mean of the n largest = min over eta of eta + sum_d (lack - eta)+ / n

An ordered weighted average in linear form: e[n,d,t] >= lack[d,t] - eta[n,t], e >= 0. These rows only measure;
a stage minimises sum_nt eta + sum_d e / n (gelijke dekking).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from optimiser.model import Column, Model, relation, units
from optimiser.rules.rule import Rule, where
from wording.sentence import Template

_TITLE = Template("de dekking van {where}")

_SHARES_OF_AREAS = (0.0, 0.10, 0.25)
N_MEANS = len(_SHARES_OF_AREAS)


def add(model: Model) -> None:
    """One row per area, year and group size; areas without claims cannot lack."""
    problem = model.problem
    for t in range(len(problem.years)):
        lacking = lacks(model, t)
        average = sum(lack.claim for lack in lacking) / max(1, len(lacking))
        funded = {lack.area: _scaled(lack, average) for lack in lacking}
        for n in sorted({max(1, ceil(share * len(lacking))) for share in _SHARES_OF_AREAS}):
            _add_mean_of_worst(model, t, n, funded, average)


@dataclass(frozen=True)
class Lack:
    """gap + short of an area (-1: the city) as claim - funded, both in thousands of euros."""

    area: int
    claim: float
    funded: list[tuple[Column, float]]


def lacks(model: Model, t: int) -> list[Lack]:
    """Everybody with a claim in year t: the areas and the city."""
    every = [_lack_of_area(model, d, t) for d in range(len(model.problem.areas))] + [_lack_of_city(model, t)]
    return [lack for lack in every if lack.claim > 0]


def _lack_of_area(model: Model, d: int, t: int) -> Lack:
    funded: list[tuple[Column, float]] = []
    for s in range(len(model.problem.streams)):
        funded += [(model.x[d, s, t], 1.0), *model.savings(d, s, t)]
        if (d, s, t) in model.extra:
            funded.append((model.extra[d, s, t], -1.0))
    return Lack(d, units(int(model.problem.claims[d, :, t].sum())), funded)


def _lack_of_city(model: Model, t: int) -> Lack:
    streams = range(len(model.problem.streams))
    extra = [(model.city_extra[s, t], -1.0) for s in streams if (s, t) in model.city_extra]
    funded = [*((model.city[s, t], 1.0) for s in streams), *extra]
    return Lack(-1, units(int(model.problem.city_claims[:, t].sum())), funded)


def _scaled(lack: Lack, average: float) -> list[tuple[Column, float]]:
    size, funded = lack.claim / average, dict[Column, float]()
    for column, factor in lack.funded:
        funded[column] = funded.get(column, 0.0) + factor / size
    return list(funded.items())


def _add_mean_of_worst(
    model: Model, t: int, n: int, funded: Mapping[int, list[tuple[Column, float]]], average: float
) -> None:
    eta = model.column(f"worst_{n}", t, whole=False)
    model.unequal.append((t, 1.0, eta))
    for area, terms in funded.items():
        excess = model.column(f"worse_{n}", area, t, whole=False)
        model.unequal.append((t, 1.0 / n, excess))
        row = relation([*terms, (eta, 1.0), (excess, 1.0)], ">=", average)
        model.require("gelijke_dekking", row, t, area=area, label=f"{n}", whole=False)


EQUAL_COVER = Rule("gelijke_dekking", add, title=lambda problem, place: _TITLE(where=where(problem, place)))
