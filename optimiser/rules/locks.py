"""A locked cell gets its amount, above or below its claim.

x[d,s,t] = locked[d,s,t]        city[s,t] = city_locked[s,t]                                   (vast)
"""

from __future__ import annotations

import numpy as np

from optimiser.model import Model, relation, units
from optimiser.rules.rule import Rule, more_and_less, where
from wording.sentence import Template

_TITLE = Template("het vaste bedrag van {where}")
_EASING = Template("€ 10.000 {way:word} in de vaste cel van {where}")


def add(model: Model) -> None:
    """One row per locked cell, areas first."""
    for d, s, t, amount in model.cells(model.problem.choices.locked_dst):
        row = relation([(model.x[d, s, t], 1.0)], "==", units(round(amount)))
        model.require("vast", row, t, area=d, stream=s)
    locked = model.problem.choices.city_locked_st
    for s, t in np.argwhere(~np.isnan(locked)).tolist():
        row = relation([(model.city[s, t], 1.0)], "==", units(round(float(locked[s, t]))))
        model.require("vast", row, t, area=-1, stream=s)


LOCKS = Rule(
    "vast",
    add,
    title=lambda problem, place: _TITLE(where=where(problem, place)),
    easing=lambda problem, place: more_and_less(_EASING, where=where(problem, place)),
    either=True,
)
