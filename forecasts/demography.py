"""Demography: how many people a stream serves, per district and period.

The forecast is made per head and multiplied by the heads to come:

    clients(d, t) = clients(d, t) / persons(d, t) * persons(d, t)

so that what the growth of the group explains stands apart from what else changed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasts.history import FloatArray, Population

FURTHEST = 5.0
"""A group that grows or shrinks by more than this factor is a new district or an error, not demography."""


def known_until(population: Population | None, age_group: str) -> int | None:
    """The last year with persons of the group in the table; None where there are none at all."""
    persons = population.of(age_group) if population else None
    if population is None or persons is None:
        return None
    known = [year for at, year in enumerate(population.years) if np.isfinite(persons[:, at]).any()]
    return max(known, default=None)


def growth_of_group(
    population: Population | None,
    districts: tuple[str, ...],
    age_group: str,
    observed: pd.PeriodIndex,
    ahead: pd.PeriodIndex,
) -> FloatArray | None:
    """Persons of the age group relative to the last observed period, shape (districts, observed + ahead).

    None when the table does not hold the group, or ends before the first forecast year: then the
    count itself is forecast. A district without persons (`STAD` among them) grows as all together.
    """
    until = known_until(population, age_group)
    if population is None or until is None or not len(ahead) or until < ahead[0].year:
        return None
    moments = np.concatenate([_moment(observed), _moment(ahead)])
    persons = persons_of(population, districts, age_group)
    years = np.array(population.years, dtype=float)
    whole = persons[np.isfinite(persons).all(axis=1)]
    everybody = _along(years, (whole if len(whole) else persons).sum(axis=0), moments)
    growth = np.ones((len(districts), len(moments)))
    for at, row in enumerate(persons):
        heads = _along(years, row, moments)
        if not np.isfinite(heads).all():
            heads = everybody
        if np.isfinite(heads).all():
            growth[at] = heads / heads[len(observed) - 1]
    clipped: FloatArray = np.clip(growth, 1 / FURTHEST, FURTHEST)
    return clipped


def persons_of(population: Population | None, districts: tuple[str, ...], age_group: str) -> FloatArray:
    """Persons of the group (districts, years) in the order of `districts`; NaN where unknown."""
    group = population.of(age_group) if population else None
    if population is None or group is None:
        return np.full((len(districts), 1), np.nan)
    persons = np.full((len(districts), len(population.years)), np.nan)
    for at, code in enumerate(districts):
        if code in population.districts:
            persons[at] = group[population.districts.index(code)]
    return persons


def latest_persons(population: Population | None, districts: tuple[str, ...], age_group: str) -> FloatArray:
    """(districts,) persons that the stream serves, the latest known; NaN where unknown."""
    persons = pd.DataFrame(persons_of(population, districts, age_group)).ffill(axis=1)
    latest: FloatArray = (
        persons.iloc[:, -1].to_numpy(dtype=float) if persons.shape[1] else np.full(len(districts), np.nan)
    )
    return latest


def _moment(periods: pd.PeriodIndex) -> FloatArray:
    """Periods as a fraction of years, so that a count of 1 January belongs to January."""
    moments: FloatArray = np.asarray(periods.year, dtype=float)
    return moments if periods.freqstr.startswith("Y") else moments + (np.asarray(periods.month) - 1) / 12


def _along(years: FloatArray, heads: FloatArray, moments: FloatArray) -> FloatArray:
    """Persons on a straight line between the years known, level before the first and after the last."""
    known = np.isfinite(heads) & (heads > 0)
    if not known.any():
        return np.full(len(moments), np.nan)
    order = np.argsort(years[known])
    line: FloatArray = np.interp(moments, years[known][order], heads[known][order])
    return line
