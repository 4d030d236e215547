"""What an allocation achieves, in figures that lie side by side: the plan, another strategy, a plain formula."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from optimiser.arithmetic import basic_package
from optimiser.certainty import Divided, chance_within
from optimiser.model import DISCOUNT
from optimiser.problem import Cents, FloatArray, Problem
from optimiser.solver import FloatVector

_TAIL = 0.1
_WORST_OFF = 0.25
"""Of the areas: the widest group of the worst off in stage `dekking`, see `rules.fairness`."""


@dataclass(frozen=True)
class Measures:
    """All years together; amounts in cents, areas and city together. None: not known without futures."""

    shortfall: int
    """Basic package that is not funded."""
    lack: int
    """Expected cost that is not funded."""
    lowest_cover: float
    """The smallest share of its expected cost that an area (or the city) has in any year."""
    quarter_cover: float
    """The mean cover of the quarter of the areas (the city is one) that is worst off in a year, mean of the years."""
    prevention: int
    moved: int
    """First year: money that goes to other areas than last year's shares would send it to."""
    risk: int | None = None
    """Cost that is not funded, mean of the worst tenth of the futures."""
    weighted_risk: float | None = None
    """The same as stage `risico` counts it: by priority, later years a little less."""
    chance: float | None = None
    """The chance to stay within the area budget, mean of all areas and years."""
    regret: int | None = None
    """Mean over the futures of what hindsight would have saved, see `regret`."""
    regret_high: int | None = None
    """One future in ten has more regret."""


def measured(problem: Problem, division: Divided) -> Measures:
    """What these budgets mean for this problem."""
    lack = np.maximum(division.claims_after - division.budgets, 0)
    city_lack = np.maximum(problem.city_claims - division.city, 0)
    basic = basic_package(division.claims_after, problem.basic_share)
    city_basic = basic_package(problem.city_claims, problem.city_basic_share)
    short = np.maximum(basic - division.budgets, 0).sum() + np.maximum(city_basic - division.city, 0).sum()
    cover = _cover(division, problem.city_claims, lack, city_lack)
    plain = Measures(
        shortfall=int(short),
        lack=int(lack.sum() + city_lack.sum()),
        lowest_cover=float(np.nanmin(cover, initial=1.0)),
        quarter_cover=_mean_of_worst_off(cover),
        prevention=int(division.prevention.sum()),
        moved=_moved(problem, division),
    )
    if problem.scenarios is None:
        return plain
    sorry = regret(problem, division)
    return replace(
        plain,
        risk=round(mean_of_worst(losses(problem, division))),
        weighted_risk=mean_of_worst(losses(problem, division, weighted=True)),
        chance=float(chance_within(problem, division).mean()),
        regret=round(float(sorry.mean())),
        regret_high=round(float(np.quantile(sorry, 0.9, method="higher"))),
    )


def losses(problem: Problem, division: Divided, *, weighted: bool = False) -> FloatVector:
    """(k) per future, the cost that is not funded in any cell of an area or the city, cents."""
    total: FloatVector = _lacking(problem, division, weighted=weighted).sum(axis=0)
    return total


def mean_of_worst(amounts: FloatVector, tail: float = _TAIL) -> float:
    """The mean of the largest amounts, this share of all (CVaR).

    >>> mean_of_worst(np.array([1.0, 5.0, 2.0, 9.0]), 0.5)
    7.0
    """
    most = 1.0 / (len(amounts) * tail)
    shares = np.clip(1.0 - most * np.arange(len(amounts)), 0.0, most)
    return float(np.sort(amounts)[::-1] @ shares)


def regret(problem: Problem, division: Divided) -> FloatVector:
    """(k) per future: priority-weighted cents that these budgets lack more than the same money, divided with hindsight.

    With hindsight every euro of a year's support goes to the highest priority that is still short.
    """
    money = (division.budgets.sum(axis=(0, 1)) + division.city.sum(axis=0)).astype(np.float64)[:, None]
    needs, city_needs = _needs(problem, division)
    lack = _lacking(problem, division, weighted=True)
    money = money + np.zeros(lack.shape)
    least = np.zeros(lack.shape)
    for s in np.argsort(-problem.priority, kind="stable"):
        need = needs[:, s].sum(axis=0) + city_needs[s]
        paid = np.minimum(need, money)
        money = money - paid
        least += problem.priority[s] * (need - paid)
    years = DISCOUNT ** np.arange(len(problem.years))
    return np.asarray((lack - years[:, None] * least).sum(axis=0), dtype=np.float64)


def _needs(problem: Problem, division: Divided) -> tuple[FloatArray, FloatArray]:
    """(d, s, t, k) after savings and (s, t, k), cents."""
    assert problem.scenarios is not None
    saved = problem.claims - division.claims_after
    needs = np.maximum(problem.scenarios - saved[..., None], 0.0)
    known = problem.city_scenarios
    return needs, np.zeros((*problem.shape[1:], needs.shape[-1])) if known is None else known


def _lacking(problem: Problem, division: Divided, *, weighted: bool) -> FloatArray:
    """(t, k) what is not funded, cents."""
    needs, city_needs = _needs(problem, division)
    weight = problem.priority if weighted else np.ones(len(problem.streams))
    years = DISCOUNT ** np.arange(len(problem.years)) if weighted else np.ones(len(problem.years))
    city_budgets = division.city if problem.city_scenarios is not None else np.zeros(problem.shape[1:])
    lack = np.maximum(needs - division.budgets[..., None], 0.0).sum(axis=0)
    lack += np.maximum(city_needs - city_budgets[..., None], 0.0)
    return np.asarray(np.einsum("s,t,stk->tk", weight, years, lack), dtype=np.float64)


def _cover(division: Divided, city_claims: Cents, lack: Cents, city_lack: Cents) -> FloatArray:
    """(d + 1, t) the share of its expected cost that an area has, the city last; NaN where nothing is asked."""
    short = np.vstack([lack.sum(axis=1), city_lack.sum(axis=0)])
    claims = np.vstack([division.claims_after.sum(axis=1), city_claims.sum(axis=0)])
    return np.asarray(1.0 - np.divide(short, claims, out=np.full(short.shape, np.nan), where=claims > 0))


def _mean_of_worst_off(cover: FloatArray) -> float:
    """Per year the mean of the lowest quarter, rounded up to whole areas; then the mean of the years."""
    yearly = [np.sort(year[~np.isnan(year)]) for year in cover.T]
    means = [float(year[: ceil(_WORST_OFF * len(year))].mean()) for year in yearly if len(year)]
    return sum(means) / len(means) if means else 1.0


def _moved(problem: Problem, division: Divided) -> int:
    """sum over d of (ceiling - last ceiling * total / last total)+, areas whose last budget is known."""
    known = ~np.isnan(problem.last_ceiling)
    last, now = problem.last_ceiling[known], division.ceilings[known, 0]
    if not last.sum() > 0:
        return 0
    return round(float(np.maximum(now - last * now.sum() / last.sum(), 0.0).sum()))
