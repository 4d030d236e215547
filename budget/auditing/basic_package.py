"""The basic package: what is short of it, and that nothing goes beyond the cost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from budget.auditing.case import Amounts, Case, Miss
from budget.inputs import CITY


def shortfall(case: Case) -> Iterator[Miss]:
    """Tekort = max(0, basispakket * expected cost after savings - budget), halves up."""
    plan, cost = case.plan, case.claims.expected[:, :, 1:].copy()
    for p, (_, stream) in enumerate(case.curves):
        cost[:, case.streams.index(stream)] -= plan.savings[:, p]
    cost = np.maximum(cost, 0)
    yield from _largest(case, abs(cost - plan.claims_after), case.areas)
    basic = _basic_packages(case, cost, case.areas)
    yield from _largest(case, abs(np.maximum(basic - plan.budgets, 0) - plan.shortfall), case.areas)
    city_cost, city = case.claims.city[None, :, 1:], (CITY,)
    short = np.maximum(_basic_packages(case, city_cost, city) - plan.city, 0)
    yield from _largest(case, abs(short - plan.city_shortfall), city)


def _basic_packages(case: Case, cost: Amounts, areas: tuple[str, ...]) -> Amounts:
    """Share * cost per place, halves up."""
    basic = np.empty_like(cost)
    for s, t in np.ndindex(cost.shape[1:]):
        shares = [case.basic_share(area, s, t).as_integer_ratio() for area in areas]
        basic[:, s, t] = [
            (2 * top * cents + bottom) // (2 * bottom)
            for (top, bottom), cents in zip(shares, cost[:, s, t].tolist(), strict=True)
        ]
    return basic


def _largest(case: Case, misses: Amounts, areas: tuple[str, ...]) -> Iterator[Miss]:
    """The largest of misses with axes (area, stream, year); nothing without areas."""
    if not misses.size:
        return
    d, s, t = np.unravel_index(int(misses.argmax()), misses.shape)
    yield int(misses[d, s, t]), f"{areas[d]} {case.years[t]} {case.streams[s]}"


def no_excess(case: Case) -> Iterator[Miss]:
    """x <= expected cost after savings; before savings where ring-fenced money pays, which may go nowhere else."""
    contracted = {(c.stream, c.year) for c in case.inputs.contracts if c.minimum_cents}
    tied = [g for g, (_, allowed) in enumerate(case.sources) if allowed]
    ring_fenced = case.plan.source_use[tied].sum(axis=0) > 0
    cost = np.where(ring_fenced, case.claims.expected[:, :, 1:], case.plan.claims_after)
    above = case.plan.budgets - cost
    for d, s, t in np.argwhere(above > 0).tolist():
        stream, year = case.streams[s], case.years[t]
        if (stream, year) not in contracted and case.lock(case.areas[d], s, t) is None:
            yield int(above[d, s, t]), f"{case.areas[d]} {year} {stream}"
