"""The key figures of a plan: the posts of Samenvatting that a screen shows first, without the rest of the workbook."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from budget.plan import Plan
from budget.report.cover import shortfall_cover
from optimiser.arithmetic import total_money

Cents = npt.NDArray[np.int64]


@dataclass(frozen=True)
class KeyFigures:
    """Whole cents per plan year, shape (t)."""

    funding: Cents
    areas: Cents
    city: Cents
    buffer: Cents
    left: Cents
    """Unspent and added to reserves, less what is drawn from them: funding = areas + city + buffer + left."""
    gap: Cents
    """Expected cost, after savings, that budgets do not cover; areas and city."""
    shortfall: Cents
    """The part of it that belongs to the basic package."""


def key_figures(plan: Plan) -> KeyFigures:
    """The posts Middelen, Gebiedsbudgetten, Stadsbreed, Centrale buffer, Niet gedekte lasten and its shortfall."""
    given, cover = plan.allocation, shortfall_cover(plan)
    funding, areas, city = total_money(plan.problem), given.ceilings.sum(axis=0), given.city.sum(axis=0)
    left = given.unspent.sum(axis=0) + given.reserve_in.sum(axis=0) - given.reserve_out.sum(axis=0)
    return KeyFigures(funding, areas, city, given.buffer, left, cover.gap, cover.shortfall)
