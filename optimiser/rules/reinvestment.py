"""Reinvestment: the surplus of one year pays for prevention in the next, on top of the area budget.

    sum_k prevention[d,p,k,t] >= spent[d,p,t]
    sum_pk prevention[d,p,k,t] - spent[d,t] >= own_share[d,t] ceiling[d,t] - a few cents
    free[d,t] >= kept[d,t]                                                  (herinvestering)

spent, own_share and kept are given (see `Reinvestment`): a surplus is what is left after every claim, so it cannot be
decided together with the claims. The columns `prevention` hold all prevention, so that both kinds of money share
the segments of a curve; what is reinvested never takes the place of what the area would spend itself.
"""

from __future__ import annotations

import numpy as np

from optimiser.model import MARGIN, Model, units
from optimiser.rules.rule import Rule, area_name


def add(model: Model) -> None:
    """Rows only where something is reinvested."""
    given = model.problem.reinvestment
    if given is None:
        return
    for d, p, t in np.argwhere(given.spent > 0).tolist():
        least = model.prevented(d, t, programme=p) >= units(int(given.spent[d, p, t]))
        model.require("herinvestering", least, t, area=d, label=f"programma_{p + 1}")
    for d, t in np.argwhere(given.own_share > 0).tolist():
        own = model.spent_on_prevention(d, t) - float(given.own_share[d, t]) * model.ceiling[d, t]
        model.require("herinvestering", own >= -units(2 * MARGIN), t, area=d, label="erbovenop")
    for d, t in np.argwhere(given.kept > 0).tolist():
        kept = 1 * model.free[d, t] >= units(int(given.kept[d, t]))
        model.require("herinvestering", kept, t, area=d, label="overschot")


REINVESTMENT = Rule(
    "herinvestering",
    add,
    title=lambda problem, place: f"de herinvestering van {area_name(problem, place.area)} in {place.year}",
)
