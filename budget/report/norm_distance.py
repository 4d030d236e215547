"""How far every area is from its norm, at the opening and in every plan year, and how long it takes to get there.

With c[d, t] the ceiling, C[t] = sum over d of c[d, t], and n[d, t] the norm with sum N[t]:

    fair[d, t]     = C[t] n[d, t] / N[t]            the area's share of the norm in the money that there is
    distance[d, t] = c[d, t] / fair[d, t] - 1

The opening is the year before the plan, against the norm of the first plan year. If the distance at the end is still
in the same direction and smaller, the area is there after end * T / (opening - end) more years at this pace, T years
of plan.
"""

from __future__ import annotations

import math

import numpy as np

from budget.plan import Plan
from budget.report.cells import ratio
from budget.tables import Cell, Column, Kind, Table

REACHED = 0.005
"""Within this share of the norm an area has reached it."""

COLUMNS = (
    Column("Wijkcode", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    Column("Plafond", Kind.CENTS),
    Column("Naar de norm", Kind.CENTS, "Het deel volgens de norm van het geld dat er voor de gebieden is."),
    Column("Afstand", Kind.CENTS, "Plafond min het deel volgens de norm."),
    Column("Afstand %", Kind.SHARE),
    Column(
        "Jaar op de norm",
        Kind.YEAR,
        "Het jaar waarin het gebied er in dit tempo is; leeg is: niet in dit tempo. Alleen bij het laatste planjaar.",
    ),
)


def norm_distance_table(plan: Plan) -> Table:
    """A row per area and year, the year before the plan included as far as its budgets are known."""
    opening, norm = plan.problem.last_ceiling, plan.problem.norm.sum(axis=1)
    ceilings = np.column_stack([opening, plan.allocation.ceilings])
    norms = np.column_stack([norm[:, :1], norm])
    years = (plan.inputs.years[0] - 1, *plan.inputs.years)
    rows: list[tuple[Cell, ...]] = []
    for d, code in enumerate(plan.inputs.area_codes):
        distances: list[float | None] = []
        for t, year in enumerate(years):
            total, key = ceilings[:, t].sum(), int(norms[:, t].sum())
            if math.isnan(total) or key == 0:
                distances.append(None)
                continue
            ceiling, fair = round(float(ceilings[d, t])), round(float(total) * int(norms[d, t]) / key)
            distances.append(ratio(ceiling - fair, fair))
            arrival = _arrival(distances, year) if year == years[-1] else None
            rows.append((code, year, ceiling, fair, ceiling - fair, distances[-1], arrival))
    return Table("Afstand tot de norm", "Afstand van elk gebied tot zijn norm", COLUMNS, rows)


def _arrival(distances: list[float | None], last: int) -> int | None:
    """The year in which the norm is reached or passed; None when the area does not move towards it."""
    opening, closing = distances[0], distances[-1]
    if closing is None:
        return None
    if abs(closing) <= REACHED:
        return last
    if opening is None:
        return None
    if opening * closing < 0:
        passed = next(
            t for t, distance in enumerate(distances) if distance is not None and distance * opening <= 0
        )
        return last - (len(distances) - 1 - passed)
    if abs(closing) >= abs(opening):
        return None
    return last + math.ceil(abs(closing) * (len(distances) - 1) / (abs(opening) - abs(closing)))
