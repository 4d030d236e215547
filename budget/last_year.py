"""Last year's budgets on the footing of this plan, so that the years can be compared.

A stream that an area does not carry in the first plan year (rule `stadsbreed`, or Aandeel brede stroom 0) was moved
to the city: what the area had for it last year counts with the city. So moving a stream is no fall of a ceiling.
What is absent is unknown, never zero; only a stream that no district had anything for is new, and had nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from budget.claims import Claims
from budget.inputs import CITY, FREE, PREVENTION, Inputs

FloatArray = npt.NDArray[np.float64]
LastBudget = Mapping[tuple[str, str], int]


def last_budget_as_now(inputs: Inputs, claims: Claims) -> LastBudget:
    """(district or STAD, stream) -> cents, the same total as in the inputs; a pair that is absent is unknown."""
    as_now: dict[tuple[str, str], int] = {}
    for (district, stream), cents in inputs.last_budget.items():
        place = (CITY if _moved(claims, district, stream) else district, stream)
        as_now[place] = as_now.get(place, 0) + cents
    return as_now


def last_cells(inputs: Inputs, claims: Claims) -> FloatArray:
    """Last year's budget per area and stream in cents, shape (d, s); NaN where unknown or no longer carried."""
    as_now = last_budget_as_now(inputs, claims)
    cells = [[as_now.get((area, stream), np.nan) for stream in claims.streams] for area in claims.areas]
    return np.array(cells, dtype=np.float64).reshape(len(claims.areas), len(claims.streams))


def last_ceilings(inputs: Inputs, claims: Claims) -> FloatArray:
    """Each area's whole budget of last year in cents, shape (d); NaN where any of it is unknown.

    Money for prevention and free room counts where it is given.
    """
    cells = last_cells(inputs, claims)
    expected = (claims.area_share[:, :, 1] > 0) & (~np.isnan(cells)).any(axis=0)
    unknown = (np.isnan(cells) & expected).any(axis=1) | np.isnan(cells).all(axis=1)
    others = [
        sum(inputs.last_budget.get((area, kind), 0) for kind in (PREVENTION, FREE)) for area in claims.areas
    ]
    return np.where(unknown, np.nan, np.nansum(cells, axis=1) + np.array(others))


def _moved(claims: Claims, district: str, stream: str) -> bool:
    if district not in claims.areas or stream not in claims.streams:
        return False
    return bool(claims.area_share[claims.areas.index(district), claims.streams.index(stream), 1] == 0)
