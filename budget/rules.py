"""The local choices (`Regels`), resolved: for every place the most specific rule that speaks of it.

A rule with more of year, district and stream filled in goes before one with less; at an equal number
district goes before stream, and stream before year.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from budget.inputs import CITY, Rule

FloatArray = npt.NDArray[np.float64]


def specificity(rule: Rule) -> tuple[int, bool, bool, bool]:
    """How narrowly a rule speaks; the larger goes first."""
    named = (rule.district is not None, rule.stream is not None, rule.year is not None)
    return sum(named), *named


def resolve(
    rules: Iterable[Rule],
    name: str,
    areas: Sequence[str],
    streams: Sequence[str],
    years: Sequence[int],
    default: float = np.nan,
) -> FloatArray:
    """The value of rule `name` in every place, shape (areas, streams, years); `default` where no rule speaks."""
    values = np.full((len(areas), len(streams), len(years)), default)
    for rule in sorted((rule for rule in rules if rule.name == name), key=specificity):
        place = np.ix_(
            _chosen(areas, rule.district), _chosen(streams, rule.stream), _chosen(years, rule.year)
        )
        values[place] = float(rule.value)
    return values


def rule_at(
    rules: Iterable[Rule],
    name: str,
    *,
    year: int | None = None,
    district: str | None = None,
    stream: str | None = None,
) -> Rule | None:
    """The rule that holds in one place; None where none speaks of it."""
    speaking = [
        rule
        for rule in rules
        if rule.name == name
        and rule.year in (None, year)
        and rule.district in (None, district)
        and rule.stream in (None, stream)
    ]
    return max(speaking, key=specificity, default=None)


def first_year_city_wide(rules: Iterable[Rule], lock: Rule, years: Iterable[int]) -> int | None:
    """The first year in which a lock (`vast`) has nothing to lock: its stream is not divided over areas there.

    None for a lock on the city-wide part itself, a lock on nothing, and a lock that holds a stream of the area.
    """
    if lock.district == CITY or not lock.value:
        return None
    city_wide = [rule for rule in rules if rule.name == "stadsbreed"]
    for year in years if lock.year is None else (lock.year,):
        found = rule_at(city_wide, "stadsbreed", year=year, district=lock.district, stream=lock.stream)
        if found is not None and found.value > 0:
            return year
    return None


def for_areas(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules that speak of districts: all but those of the city-wide part."""
    return tuple(rule for rule in rules if rule.district != CITY)


def for_city(rules: Iterable[Rule], *, only_named: bool = False) -> tuple[Rule, ...]:
    """The rules that speak of the city-wide part; with `only_named` just those that name it."""
    return tuple(
        rule for rule in rules if rule.district == CITY or (rule.district is None and not only_named)
    )


def _chosen(labels: Sequence[str] | Sequence[int], label: str | int | None) -> list[int]:
    return [place for place, candidate in enumerate(labels) if label is None or candidate == label]
