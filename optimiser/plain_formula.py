"""What one does without an optimiser: everybody the same part of the expected cost, as it is and within the pace rules.

    part[t]    such that    sum_d ceiling[d,t] + city[t] = money[t] - buffer[t]
    city       = min(1, part) * city claim
    ceiling    = part * claim of the area                                         as it is
    ceiling    = part * claim, but not below `low` and not above `high`           in pace

`low` and `high` are what the year before, `groei_min`, `groei_max` and `groei_max_per_inwoner` leave, or the given
`plafond`. What one area may not have goes to the others, everybody the same part again. Ring-fenced money, priorities,
prevention and every other rule do not exist for a formula.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimiser.arithmetic import basic_package, central_buffer, total_money
from optimiser.problem import Cents, FloatArray, Problem

_NOISE = 1e-6
"""Of an amount: less than this is no difference."""


@dataclass(frozen=True)
class PlainFormula:
    """The same money divided by shares of need, and nothing else; axes and cents as in `Allocation`."""

    budgets: Cents
    free: Cents
    """(d, t) money above all need."""
    city: Cents
    prevention: Cents
    """(d, 0, t): a formula plans none."""
    claims_after: Cents
    shortfall: Cents
    """(d, s, t) basic package that is not funded."""
    too_fast: int
    """Area-years in which the budget moves faster than the pace rules allow."""

    @property
    def ceilings(self) -> Cents:
        """(d, t)"""
        return np.asarray(self.budgets.sum(axis=1) + self.free, dtype=np.int64)


def plain_formula(problem: Problem) -> PlainFormula:
    """Everybody the same part of the expected cost, and what is left above all need to the areas alike."""
    money = _money(problem)
    claims = problem.claims.sum(axis=(0, 1)) + problem.city_claims.sum(axis=0)
    part = np.divide(money, claims, out=np.ones(len(claims)), where=claims > 0)
    ceilings = _down(np.asarray(problem.claims.sum(axis=1) * part, dtype=np.float64))
    return _divided(problem, ceilings, part)


def formula_in_pace(problem: Problem) -> PlainFormula:
    """The same formula, but no area budget moves faster than the pace rules allow, and a given ceiling stands."""
    n_areas, _, n_years = problem.shape
    money, claims = _money(problem), problem.claims.sum(axis=1)
    ceilings: Cents = np.zeros((n_areas, n_years), dtype=np.int64)
    part = np.zeros(n_years)
    before = problem.last_ceiling
    for t in range(n_years):
        low, high = _limits(problem, before, t)
        low, high = np.ceil(low - _NOISE * np.maximum(low, 1)), np.floor(high + _NOISE)
        given = problem.choices.ceiling_dt[:, t]
        low, high = (np.where(np.isnan(given), end, given) for end in (low, high))
        city = float(problem.city_claims[:, t].sum())
        part[t] = _part(claims[:, t], low, high, city, float(money[t]))
        ceilings[:, t] = np.maximum(_down(np.clip(part[t] * claims[:, t], low, high)), low)
        before = ceilings[:, t].astype(np.float64)
    return _divided(problem, ceilings, part)


def _money(problem: Problem) -> Cents:
    money: Cents = total_money(problem) - central_buffer(problem)
    return money


def _divided(problem: Problem, ceilings: Cents, part: FloatArray) -> PlainFormula:
    """Every stream of an area the same part of its claim, in whole cents, downwards."""
    claims = problem.claims.sum(axis=1)
    paid = np.minimum(np.divide(ceilings, claims, out=np.zeros(ceilings.shape), where=claims > 0), 1.0)
    budgets = _down(problem.claims * paid[:, None])
    city = _down(np.asarray(problem.city_claims * np.minimum(part, 1.0), dtype=np.float64))
    return PlainFormula(
        budgets=budgets,
        free=np.asarray(ceilings - budgets.sum(axis=1), dtype=np.int64),
        city=city,
        prevention=np.zeros((len(problem.areas), 0, len(problem.years)), dtype=np.int64),
        claims_after=problem.claims,
        shortfall=np.maximum(basic_package(problem.claims, problem.basic_share) - budgets, 0),
        too_fast=_too_fast(problem, ceilings),
    )


def _too_fast(problem: Problem, ceilings: Cents) -> int:
    """Area-years outside what the year before and the pace rules leave."""
    found, before = 0, problem.last_ceiling
    for t in range(ceilings.shape[1]):
        low, high = _limits(problem, before, t)
        now = ceilings[:, t].astype(np.float64)
        room = 1 + _NOISE * np.nan_to_num(before)
        found += int(((now < low - room) | (now > high + room)).sum())
        before = now
    return found


def _limits(problem: Problem, before: FloatArray, t: int) -> tuple[FloatArray, FloatArray]:
    """(d) the least and the most cents that an area may have after `before`; 0 and infinite without a rule."""
    choices = problem.choices
    low = before * (1 - np.abs(choices.max_fall_dt[:, t]))
    by_share = before * (1 + choices.max_growth_dt[:, t])
    by_head = before + choices.max_growth_per_head_dt[:, t] * problem.inhabitants[:, t]
    high = np.fmin(by_share, by_head)
    return np.nan_to_num(low, nan=0.0), np.where(np.isnan(high), np.inf, high)


def _part(claims: Cents, low: FloatArray, high: FloatArray, city: float, money: float) -> float:
    """The part at which clipped area claims and the city cost all the money, or as much as they may.

    What it costs rises with the part in straight lines between the parts where an area meets a limit.
    """
    asking = claims > 0
    corners = np.concatenate([low[asking] / claims[asking], high[asking] / claims[asking]])
    corners = corners[np.isfinite(corners)]
    enough = max([1.0, *corners]) + money / max(1.0, float(claims.sum()))
    parts = np.unique([0.0, 1.0, enough, *corners])
    spent = np.clip(parts[:, None] * claims, low, high).sum(axis=1) + city * np.minimum(parts, 1.0)
    return float(np.interp(money, spent, parts))


def _down(amounts: FloatArray) -> Cents:
    return np.floor(amounts + 1e-6).astype(np.int64)
