"""Why a basic package is not funded: the first rule, in this order, that keeps money away from the cell.

    vast                    the cell itself is locked below its basic package
    contract_maximum        its contract has no room left
    plafond                 the area's total is given, and money lies elsewhere
    groei_max               the ceiling is at its largest growth, and money lies elsewhere
    groei_max_per_inwoner   likewise per inhabitant
    preventie_min           the ceiling is full and the area must spend this on prevention
    schuifruimte            the area has money that other streams may not give up
    buffer_centraal         money was short, and the buffer would help
    Middelen                there was no more money

"Money lies elsewhere": in the same year free money is unspent, free in a ceiling or put in a reserve, or some
unlocked cell has more than its basic package. All of it on exact cents of the answer.
"""

from __future__ import annotations

from math import isnan

import numpy as np

from optimiser.allocation import Allocation, Place
from optimiser.arithmetic import exact, floor_cents
from optimiser.problem import Problem
from optimiser.rules.streams import held

_NEAR = 10
"""Cents: a ceiling this close to its limit is at its limit (margins and rounding)."""
MONEY = "Middelen"


def causes(problem: Problem, allocation: Allocation) -> dict[Place, str]:
    """For every cell with a shortfall, Place("tekort", year, area, stream) -> the rule that caused it."""
    found = {}
    for d, s, t in np.argwhere(allocation.shortfall > 0).tolist():
        place = Place("tekort", problem.years[t], problem.areas[d], problem.streams[s])
        found[place] = _cause(problem, allocation, d, s, t)
    for s, t in np.argwhere(allocation.city_shortfall > 0).tolist():
        place = Place("tekort", problem.years[t], "STAD", problem.streams[s])
        locked = not isnan(problem.choices.city_locked_st[s, t])
        found[place] = "vast" if locked else _lack_of_money(allocation, t)
    return found


def _cause(problem: Problem, allocation: Allocation, d: int, s: int, t: int) -> str:
    choices = problem.choices
    if not isnan(choices.locked_dst[d, s, t]):
        return "vast"
    if _contract_is_full(problem, allocation, d, s, t):
        return "contract_maximum"
    ceiling = int(allocation.ceilings[d, t])
    at_limit = ceiling_limit(problem, allocation, d, t)
    if at_limit and _money_elsewhere(problem, allocation, d, t):
        return at_limit
    share = choices.prevention_min_dt[d, t]
    if at_limit and share > 0 and allocation.prevention[d, :, t].sum() > 0:
        return "preventie_min"
    kept = sum(
        max(0, floor_cents(share * ceiling) - int(allocation.budgets[d, other, t]))
        for other, share in held(problem, d, t).items()
    )
    if kept > _NEAR and int(allocation.free[d, t] + allocation.prevention[d, :, t].sum()) <= kept + _NEAR:
        return "schuifruimte"
    return _lack_of_money(allocation, t)


def _lack_of_money(allocation: Allocation, t: int) -> str:
    return "buffer_centraal" if allocation.buffer[t] > 0 else MONEY


def ceiling_limit(problem: Problem, allocation: Allocation, d: int, t: int) -> str | None:
    """The rule that keeps this ceiling from rising, or None."""
    choices, ceiling = problem.choices, int(allocation.ceilings[d, t])
    if not isnan(choices.ceiling_dt[d, t]):
        return "plafond"
    last = float(problem.last_ceiling[d]) if t == 0 else float(allocation.ceilings[d, t - 1])
    if isnan(last):
        return None
    growth = float(choices.max_growth_dt[d, t])
    if not isnan(growth) and ceiling + _NEAR >= floor_cents((1 + exact(growth)) * round(last)):
        return "groei_max"
    per_head, people = float(choices.max_growth_per_head_dt[d, t]), float(problem.inhabitants[d, t])
    if not isnan(per_head * people) and ceiling + _NEAR >= round(last) + floor_cents(
        exact(per_head) * exact(people)
    ):
        return "groei_max_per_inwoner"
    return None


def _contract_is_full(problem: Problem, allocation: Allocation, d: int, s: int, t: int) -> bool:
    for contract in problem.contracts:
        if contract.maximum is None or (contract.stream, contract.year) != (
            problem.streams[s],
            problem.years[t],
        ):
            continue
        inside = [i for i, area in enumerate(problem.areas) if not contract.areas or area in contract.areas]
        if d in inside and int(allocation.budgets[inside, s, t].sum()) + _NEAR >= contract.maximum:
            return True
    return False


def _money_elsewhere(problem: Problem, allocation: Allocation, d: int, t: int) -> bool:
    free_sources = [g for g, source in enumerate(problem.sources) if not source.streams]
    others = [i for i in range(len(problem.areas)) if i != d]
    idle = int(
        allocation.unspent[free_sources, t].sum()
        + allocation.free[others, t].sum()
        + allocation.reserve_in[:, t].sum()
    )
    if idle > _NEAR:
        return True
    open_cells = np.isnan(problem.choices.locked_dst[others, :, t])
    above = allocation.budgets[others, :, t] - allocation.basic[others, :, t]
    open_city = np.isnan(problem.choices.city_locked_st[:, t])
    city_above = (allocation.city - allocation.city_basic)[:, t]
    return bool((above[open_cells] > _NEAR).any() or (city_above[open_city] > _NEAR).any())
