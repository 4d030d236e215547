"""Reinvestment: what an area has left over in one year pays for prevention in the next, on top of its budget.

    free[d,t] >= kept[d,t]                                                  (herinvestering)

What is reinvested is given (see `Reinvestment`): a surplus is what is left after every claim, so it cannot be decided
together with the claims. It takes segments that the area's own spending leaves, so those columns end sooner
(`room_in_segment`), and what it saves is out of the claims before they are divided (`with_savings_in_claims`).
"""

from __future__ import annotations

import numpy as np

from optimiser.model import Model, relation, units
from optimiser.rules.rule import Rule, area_name
from wording.sentence import Template

_TITLE = Template("de herinvestering van {area} in {year}")


def add(model: Model) -> None:
    """The surplus that pays for it stays free, where that has to be asked."""
    given = model.problem.reinvestment
    if given is not None:
        for d, t in np.argwhere(given.kept > 0).tolist():
            kept = relation([(model.free[d, t], 1.0)], ">=", units(int(given.kept[d, t])))
            model.require("herinvestering", kept, t, area=d)


REINVESTMENT = Rule(
    "herinvestering",
    add,
    title=lambda problem, place: _TITLE(area=area_name(problem, place.area), year=place.year),
)
