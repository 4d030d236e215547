"""Phase-in of the norm: how far every area budget is from its share of all area money.

    area_money[t] = sum_d ceiling[d,t]
    ceiling[d,t] - target_share[d,t] area_money[t] = over[d,t] - under[d,t]                  (norm_aandeel)

These rows only measure; a stage minimises sum_dt over + under with area_money as it was found before.
"""

from __future__ import annotations

from math import isnan

from optimiser.model import Model, relation
from optimiser.rules.rule import Rule, area_name
from wording.sentence import Template

_OF_AREA = Template("het normaandeel van {area} in {year}")
_TOTAL = Template("het totaal van de gebieden in {year}")


def add(model: Model) -> None:
    """One row per area and year with a target, one per year for the total."""
    problem = model.problem
    targets = problem.choices.target_share_dt
    for t in range(len(problem.years)):
        if any(isnan(share) for share in targets[:, t].tolist()):
            continue
        total = model.area_money[t] = model.column("area_money", t, whole=False)
        ceilings = [model.ceiling[d, t] for d in range(len(problem.areas))]
        sum_of_areas = relation([*((ceiling, 1.0) for ceiling in ceilings), (total, -1.0)], "==")
        model.require("norm_aandeel", sum_of_areas, t, whole=False)
        for d, ceiling in enumerate(ceilings):
            over = model.column("over", d, t, whole=False)
            under = model.column("under", d, t, whole=False)
            model.off_target += [(t, over), (t, under)]
            off = [(ceiling, 1.0), (total, -float(targets[d, t])), (over, -1.0), (under, 1.0)]
            model.require("norm_aandeel", relation(off, "=="), t, area=d, whole=False)


PHASE_IN = Rule(
    "norm_aandeel",
    add,
    title=lambda problem, place: (
        _OF_AREA(area=area_name(problem, place.area), year=place.year)
        if place.area
        else _TOTAL(year=place.year)
    ),
)
