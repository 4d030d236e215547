"""Ceilings: their pace, what was fixed, and the steps that explain them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

import numpy as np

from budget.auditing.case import Case, Miss, half_up
from budget.explanation import LAST_YEAR, Step
from budget.inputs import CITY
from budget.norm import inhabitants


def fall(case: Case) -> Iterator[Miss]:
    """A[t] >= (1 - groei_min) A[t-1]."""
    for rule, before, now, place in case.paced("groei_min"):
        yield ceil((1 - abs(Fraction(rule.value))) * before) - now, place


def growth(case: Case) -> Iterator[Miss]:
    """A[t] <= (1 + groei_max) A[t-1]."""
    for rule, before, now, place in case.paced("groei_max"):
        yield now - int((1 + Fraction(rule.value)) * before), place


def growth_per_head(case: Case) -> Iterator[Miss]:
    """A[t] <= A[t-1] + groei_max_per_inwoner * inhabitants."""
    people = {year: inhabitants(case.inputs, "totaal", year) for year in case.years}
    for d, t, place in case.area_years():
        rule = case.area_rule("groei_max_per_inwoner", d, t)
        before, now = case.ceilings[d, t : t + 2].tolist()
        heads = people[case.years[t]][d]
        if rule and before >= 0 and not np.isnan(heads):
            yield now - before - int(Fraction(rule.value) * 100 * Fraction(heads)), place


def given_ceilings(case: Case) -> Iterator[Miss]:
    """A[t] = plafond."""
    for d, t, place in case.area_years():
        rule = case.area_rule("plafond", d, t)
        if rule:
            yield abs(int(case.ceilings[d, t + 1]) - half_up(rule.value * 100)), place


def locks(case: Case) -> Iterator[Miss]:
    """x = vast, also for the city where the rule names it."""
    if "vast" not in case.rules:
        return
    for d, s, t in np.ndindex(*case.plan.budgets.shape):
        yield _off_lock(case, case.areas[d], s, t, int(case.plan.budgets[d, s, t]))
    for s, t in np.ndindex(*case.plan.city.shape):
        yield _off_lock(case, CITY, s, t, int(case.plan.city[s, t]))


def _off_lock(case: Case, area: str, s: int, t: int, cents: int) -> Miss:
    rule = case.lock(area, s, t)
    return (
        abs(cents - half_up(rule.value * 100)) if rule else 0
    ), f"{area} {case.years[t]} {case.streams[s]}"


def explained(case: Case, steps: tuple[Step, ...]) -> Iterator[Miss]:
    """The steps of an area and year add up to its ceiling, and start at the one before."""
    totals: dict[tuple[str, int], int] = {}
    starts: dict[tuple[str, int], int] = {}
    for step in steps:
        totals[step.area, step.year] = totals.get((step.area, step.year), 0) + step.cents
        if step.name == LAST_YEAR:
            starts[step.area, step.year] = step.cents
    for d, t, place in case.area_years():
        key = (case.areas[d], case.years[t])
        yield abs(totals.get(key, 0) - int(case.ceilings[d, t + 1])), place
        if t > 0:
            yield abs(starts.get(key, 0) - int(case.ceilings[d, t])), place
