"""The objective key: what every area would get of each stream, whatever it got last year.

For stream s and year t the areas' money is pot[s, t] = sum over d of claims[d, s, t], divided by the stream's
Verdeelsleutel:

    norm[d, s, t] = pot[s, t] * key[d, s, t] / sum over d of key[d, s, t]

    gebruik       key = the area's own claim
    bevolking     key = inhabitants of the stream's age group (solidarity)
    norm          key = Gewicht of sheet Norm; without it the city's rate per age group * the area's population,
                  which comes down to the inhabitants of the age group
    gemiddelde3   key = mean clients of the last three years with observations
"""

from __future__ import annotations

from math import isnan, nan

import numpy as np
import numpy.typing as npt

from budget.claims import Claims
from budget.inputs import Inputs, Stream
from budget.money import apportion
from wording.sentence import Template

FloatArray = npt.NDArray[np.float64]
Cents = npt.NDArray[np.int64]

_UNKNOWN_KEY = Template("Verdeelsleutel {key:word} van {stream} onbekend: naar gebruik verdeeld.")


def norm_amounts(inputs: Inputs, claims: Claims) -> tuple[Cents, tuple[str, ...]]:
    """The norm in cents, shape (areas, streams, plan years), adding up to the areas' claims; and what was assumed.

    A key that is unknown for any area falls back on `gebruik`, and says so.
    """
    amounts = np.zeros_like(claims.expected[:, :, claims.plan_years])
    notes: dict[str, None] = {}
    for s, stream in enumerate(inputs.streams):
        for t, year in enumerate(inputs.years):
            use = claims.expected[:, s, t + 1]
            key = _key(inputs, stream, year)
            if key is None and stream.key != "gebruik":
                notes[_UNKNOWN_KEY(key=stream.key, stream=stream.name)] = None
            amounts[:, s, t] = apportion(int(use.sum()), np.where(use > 0, use, 0) if key is None else key)
    return amounts, tuple(notes)


def inhabitants(inputs: Inputs, age_group: str, year: int) -> FloatArray:
    """Inhabitants of an age group per area; of the nearest earlier year, else later year, where a year is unknown."""
    persons = inputs.population.of(age_group)
    counts = np.full(len(inputs.districts), np.nan)
    if persons is not None and inputs.population.years:
        for d, code in enumerate(inputs.area_codes):
            if code in inputs.population.districts:
                series = persons[inputs.population.districts.index(code)]
                counts[d] = _nearest(series, inputs.population.years, year)
    if age_group == "totaal":
        given = np.array(
            [np.nan if area.inhabitants is None else area.inhabitants for area in inputs.districts]
        )
        counts = np.where(np.isnan(counts), given, counts)
    return counts


def _key(inputs: Inputs, stream: Stream, year: int) -> FloatArray | None:
    match stream.key:
        case "gebruik":
            return None
        case "gemiddelde3":
            key = _three_year_use(inputs, stream.code)
        case "norm" if any(weight.stream == stream.code for weight in inputs.norm):
            key = _weights(inputs, stream.code, year)
        case _:
            key = inhabitants(inputs, stream.age_group, year)
    usable = not np.isnan(key).any() and (key >= 0).all() and key.sum() > 0
    return key if usable else None


def _weights(inputs: Inputs, stream: str, year: int) -> FloatArray:
    exact = {w.district: w.weight for w in inputs.norm if w.stream == stream and w.year == year}
    every_year = {w.district: w.weight for w in inputs.norm if w.stream == stream and w.year is None}
    return np.array([exact.get(code, every_year.get(code, np.nan)) for code in inputs.area_codes])


def _three_year_use(inputs: Inputs, stream: str) -> FloatArray:
    for history in inputs.history.streams:
        if history.stream == stream:
            recent = history.clients[:, -3 * history.periods_per_year :]
            known = ~np.isnan(recent)
            mean = np.where(known, recent, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
            rows = [inputs.history.districts.index(code) for code in inputs.area_codes]
            return np.where(known.any(axis=1), mean, np.nan)[rows]
    return np.full(len(inputs.districts), np.nan)


def _nearest(series: FloatArray, years: tuple[int, ...], year: int) -> float:
    known = [
        (candidate > year, abs(candidate - year), value)
        for candidate, value in zip(years, series.tolist(), strict=True)
        if not isnan(value)
    ]
    return min(known)[2] if known else nan
