"""Full equal cover: the largest lack as small as can be, on that the next largest, and so on to the last area.

    lack[d,t] = average claim * (claim - funded)[d,t] / claim[d,t]      areas and city, all years together
    min z   with   lack[d,t] <= z   for all that are not settled yet

Whose row has a price is at z in every optimum: it is settled there, its row keeps that level, and the others go on.
The prices of a round add up to one, so every round settles somebody; at z = 0 all others are. Of many areas there
would be many rounds, each on a degenerate face: above `MOST_AREAS` the ordered weighted average stands instead.
"""

from __future__ import annotations

import highspy
import numpy as np

from optimiser.model import Model
from optimiser.rules.fairness import lacks
from optimiser.solver import LiveModel

MOST_AREAS = 60
_PRICED = 1e-7
_HAIR = 1e-6
"""Thousands of euros of room around what is held."""


def minimise(model: Model, live: LiveModel) -> float:
    """The lexicographic optimum, held for later stages; its value is the largest share short."""
    everybody = [lack for t in range(len(model.problem.years)) for lack in lacks(model, t)]
    if not everybody:
        return 0.0
    average = sum(lack.claim for lack in everybody) / len(everybody)
    n_columns, first = live.size()
    z = live.add_column(1.0)
    rows = []
    for lack in everybody:
        funded = {z: 1.0}
        for column, factor in lack.funded:
            funded[column.index] = funded.get(column.index, 0.0) + factor * average / lack.claim
        rows.append(list(funded.items()))
    live.add_rows(np.full(len(rows), average), np.full(len(rows), highspy.kHighsInf), rows)
    largest = live.minimise(np.zeros(n_columns), keep=[(z, 1.0)])
    free = np.ones(len(rows), dtype=bool)
    level = largest
    while free.any():
        settled = free & (live.prices()[first : first + len(rows)] > _PRICED)
        if level <= _HAIR or not settled.any():
            settled = free.copy()
        for i in np.flatnonzero(settled).tolist():
            live.highs.changeRowBounds(first + i, average - level - _HAIR, highspy.kHighsInf)
            live.highs.changeCoeff(first + i, z, 0.0)
        free &= ~settled
        if free.any():
            live.run()
            level = float(live.values()[z])
    live.shrink((n_columns, live.size()[1]))
    live.minimise(np.zeros(n_columns))
    return largest / average
