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
    persons = population.of(age_group) if population else None
    if (
        population is None
        or persons is None
        or not len(ahead)
        or _last_known(population, persons) < ahead[0].year
    ):
        return None
    moments = np.concatenate([_moment(observed), _moment(ahead)])
    known_years = np.array(population.years, dtype=float)
    everybody = _along(known_years, np.nansum(persons, axis=0), moments)
    growth = np.ones((len(districts), len(moments)))
    for at, code in enumerate(districts):
        row = (
            persons[population.districts.index(code)]
            if code in population.districts
            else np.full(len(known_years), np.nan)
        )
        heads = _along(known_years, row, moments)
        reference = heads if np.isfinite(heads).all() and heads.min() > 0 else everybody
        growth[at] = reference / reference[len(observed) - 1]
    clipped: FloatArray = np.clip(growth, 1 / FURTHEST, FURTHEST)
    return clipped


def latest_persons(population: Population | None, districts: tuple[str, ...], age_group: str) -> FloatArray:
    """(districts,) persons that the stream serves, the latest known; NaN where unknown."""
    persons = population.of(age_group) if population else None
    if population is None or persons is None or not persons.size:
        return np.full(len(districts), np.nan)
    latest = pd.DataFrame(persons).ffill(axis=1).iloc[:, -1].to_numpy()
    at = {code: row for row, code in enumerate(population.districts)}
    return np.array([latest[at[code]] if code in at else np.nan for code in districts])


def _last_known(population: Population, persons: FloatArray) -> int:
    return max(
        (year for at, year in enumerate(population.years) if np.isfinite(persons[:, at]).any()), default=-1
    )


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
