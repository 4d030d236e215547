"""How certain an allocation is, over the futures of the problem: chances, the buffer they ask for, its price.

    cost[d,t,k] = sum_s (scenario[d,s,t,k] - saved[d,s,t])+        room[d,t] = ceiling - prevention
    above       = (cost - room)+

An area may move money between its streams, so its cost counts as one sum. Everything here is counting over the
scenarios; nothing is solved. Raises ValueError without scenarios.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from optimiser.problem import Cents, FloatArray, Problem


class Divided(Protocol):
    """Who gets what, as far as it is measured here; axes and cents as in `Allocation`."""

    @property
    def budgets(self) -> Cents: ...  # noqa: D102
    @property
    def prevention(self) -> Cents: ...  # noqa: D102
    @property
    def city(self) -> Cents: ...  # noqa: D102
    @property
    def claims_after(self) -> Cents: ...  # noqa: D102
    @property
    def ceilings(self) -> Cents: ...  # noqa: D102


def costs(problem: Problem, division: Divided) -> FloatArray:
    """(d, t, k) cost of support of each area in each future after what prevention saves, cents."""
    if problem.scenarios is None:
        raise ValueError("no scenarios: only the expected claims are known")
    saved = problem.claims - division.claims_after
    return np.asarray(np.maximum(problem.scenarios - saved[..., None], 0.0).sum(axis=1))


def room(division: Divided) -> Cents:
    """(d, t) what an area can pay for support: its ceiling less its prevention, cents."""
    return np.asarray(division.ceilings - division.prevention.sum(axis=1), dtype=np.int64)


def chance_within(problem: Problem, division: Divided) -> FloatArray:
    """(d, t) the chance that the cost of support stays within the area budget less its prevention."""
    within = costs(problem, division) <= room(division)[:, :, None]
    return np.asarray(within.mean(axis=2), dtype=np.float64)


def area_overspending(problem: Problem, division: Divided) -> FloatArray:
    """(d, t, k) per future, what each area spends above its budget, cents."""
    return np.maximum(costs(problem, division) - room(division)[:, :, None], 0.0)


def city_overspending(problem: Problem, division: Divided) -> FloatArray:
    """(t, k) per future, what the city-wide claims cost above their budgets, cents; 0 where no futures are known."""
    if problem.city_scenarios is None:
        return np.zeros((len(problem.years), 1))
    cost = problem.city_scenarios.sum(axis=0)
    return np.asarray(np.maximum(cost - division.city.sum(axis=0)[:, None], 0.0), dtype=np.float64)


def overspending(problem: Problem, division: Divided) -> FloatArray:
    """(t, k) per future, what areas and city together spend above their budgets, in cents: what a buffer is for."""
    areas = area_overspending(problem, division).sum(axis=0)
    return np.asarray(areas + city_overspending(problem, division), dtype=np.float64)


def buffer_for(problem: Problem, division: Divided, confidence: float) -> Cents:
    """(t) the central buffer, in cents, that covers the overspending with this confidence."""
    return enough(overspending(problem, division), confidence)


def enough(amounts: FloatArray, confidence: float) -> Cents:
    """The least whole cents that cover the amounts (..., k) in at least this share of the futures."""
    return np.asarray(np.ceil(np.quantile(amounts, confidence, axis=-1, method="higher")), dtype=np.int64)


def price_of_certainty(problem: Problem, division: Divided, confidences: Sequence[float]) -> FloatArray:
    """(n - 1, t) cents of buffer per extra point (1 %) of confidence, from each confidence to the next."""
    above = overspending(problem, division)
    buffers = np.array([enough(above, confidence) for confidence in confidences])
    points = 100.0 * np.diff(np.asarray(confidences, dtype=np.float64))
    return np.asarray(np.diff(buffers, axis=0) / points[:, None], dtype=np.float64)
