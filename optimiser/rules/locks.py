"""A locked cell gets its amount, above or below its claim.

x[d,s,t] = locked[d,s,t]        city[s,t] = city_locked[s,t]                                   (vast)
"""

from __future__ import annotations

import numpy as np

from optimiser.model import Model, units
from optimiser.rules.rule import Rule, where


def add(model: Model) -> None:
    """One row per locked cell, areas first."""
    for d, s, t, amount in model.cells(model.problem.choices.locked_dst):
        model.require("vast", model.x[d, s, t] == units(round(amount)), t, area=d, stream=s)
    locked = model.problem.choices.city_locked_st
    for s, t in np.argwhere(~np.isnan(locked)).tolist():
        model.require("vast", model.city[s, t] == units(round(float(locked[s, t]))), t, area=-1, stream=s)


LOCKS = Rule(
    "vast",
    add,
    title=lambda problem, place: f"het vaste bedrag van {where(problem, place)}",
    easing=lambda problem, place: f"€ 10.000 {{meer}} in de vaste cel van {where(problem, place)}",
)
