"""The proof that no plan has less shortfall: the first stage in exact numbers, with a price per row.

Weak duality needs no solver: see `check_certificate`, which is all that a reader has to trust. The rows are the
rules themselves, without the cents of margin that the programme kept, and every column has a natural limit (no
budget above its claim or the money of its year), so that the noise in the prices costs next to nothing. Whole cents
tighten one limit: an area budget that may grow by a share each year is at most

    most[d,t] = floor((1 + growth) most[d,t-1])        and at least        least[d,t] = ceil((1 - fall) least[d,t-1])

so that the bound knows of the cents that whole budgets lose from year to year.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from math import ceil, floor, inf
from typing import Any

import numpy as np

from optimiser.allocation import Allocation, Certificate
from optimiser.arithmetic import exact, floor_cents, in_segments, total_money
from optimiser.check_certificate import cents_from_the_best
from optimiser.margins import MEASURES, sides
from optimiser.model import CENTS_PER_UNIT, DISCOUNT, Model, Row, members, units
from optimiser.rules.streams import held
from optimiser.solver import FloatVector, LiveModel, NotSolved
from optimiser.stages import shortfall

_DIGITS = 10**12
_PACE = ("plafond", "groei_min", "groei_max", "groei_max_per_inwoner")

_SHARP = 4096.0
"""Prices found for costs this many times larger are as many times more exact: the solver's tolerance is absolute."""

Name = tuple[Any, ...]


def proving_prices(model: Model, live: LiveModel) -> FloatVector:
    """The price of every row for the least shortfall, from `live` with nothing fixed; it is left as it was.

    Of the rules as they are: without margins, with shares rounded down, and with the limits of whole area budgets.
    """
    for i, row in enumerate(model.rows):
        if row.margin or row.outward:
            low, high = sides(row)
            live.highs.changeRowBounds(i, _units(low, -np.inf), _units(high, np.inf))
    for (d, t), (least, most) in area_limits(model).items():
        live.highs.changeColBounds(model.ceiling[d, t].index, units(least), units(most))
    costs = _SHARP * model.costs(shortfall(model))
    try:
        live.minimise(costs)
    except NotSolved:
        live.release()
        live.minimise(costs)
    prices = live.prices() / _SHARP
    live.release()
    return prices


def certified(model: Model, allocation: Allocation, prices: FloatVector) -> Certificate:
    """The certificate of an allocation (districts as in the model) from the duals of the first stage."""
    costs = {column.index: exact(weight) for column, weight in shortfall(model)}
    least = {model.ceiling[place].index: low for place, (low, _) in area_limits(model).items()}
    columns = [
        [str(costs.get(i, 0)), str(least.get(i, 0)), str(most)] for i, most in enumerate(_limits(model))
    ]
    kept = [i for i, row in enumerate(model.rows) if row.place.rule not in MEASURES]
    names: list[Name | None] = [None] * len(model.columns)
    amounts: list[int | None] = [None] * len(model.columns)
    for index, name, cents in (*_decided(model, allocation), *_lacking(model, allocation)):
        names[index], amounts[index] = name, cents
    content = {
        "meaning": "priority-weighted, discounted cents of basic package that is not funded",
        "value": str(_value(model, allocation)),
        "columns": columns,
        "rows": [_row(model.rows[i]) for i in kept],
        "prices": [
            str(Fraction(round(price * _DIGITS), _DIGITS)) if price else "0" for price in prices[kept]
        ],
        "names": names,
        "amounts": amounts,
        "rules": [[*_place(model.rows[i]), int(model.rows[i].whole)] for i in kept],
    }
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    return Certificate(float(cents_from_the_best(content)), zlib.compress(text.encode(), 3))


def area_limits(model: Model) -> dict[tuple[int, int], tuple[int, int]]:
    """(d, t) -> the least and the most whole cents that the rules of pace and given ceilings leave an area budget."""
    money = np.cumsum(total_money(model.problem)) + sum(max(r.balance, 0) for r in model.problem.reserves)
    limits = {place: (0, int(money[place[1]])) for place in model.ceiling}
    place_of = {column.index: place for place, column in model.ceiling.items()}
    for row in (row for row in model.rows if row.place.rule in _PACE):
        low, high = sides(row)
        earlier: Fraction | int = 0
        before: tuple[int, int] | None = None
        for column, factor in row.terms:
            place = place_of[column.index]
            if place[1] == row.t:
                here = place
            else:
                before, earlier = limits[place], -exact(factor)
        least, most = limits[here]
        if low is not None:
            least = max(least, ceil(low + (earlier * before[0] if before else 0)))
        if high is not None:
            most = min(most, floor(high + (earlier * before[1] if before else 0)))
        limits[here] = least, max(least, most)
    return limits


def _row(row: Row) -> list[Any]:
    low, high = (None if end is None else str(end) for end in sides(row))
    return [low, high, [[column.index, _text(factor)] for column, factor in row.terms if factor]]


def _place(row: Row) -> tuple[str, int | None, str | None, str | None]:
    return row.place.rule, row.place.year, row.place.area, row.place.stream


def _units(cents: Fraction | int | None, unlimited: float) -> float:
    return unlimited if cents is None else units(float(cents))


@cache
def _text(factor: float) -> str:
    return str(exact(factor))


def _decided(model: Model, allocation: Allocation) -> Iterator[tuple[int, Name, int]]:
    """Every column that is an amount of the plan: its index, its name, and its cents."""
    problem, given = model.problem, allocation
    areas, streams, years = problem.areas, problem.streams, problem.years
    for (d, s, t), column in model.x.items():
        yield column.index, ("budget", areas[d], streams[s], years[t]), int(given.budgets[d, s, t])
    for (d, t), column in model.ceiling.items():
        yield column.index, ("ceiling", areas[d], years[t]), int(given.ceilings[d, t])
        yield model.free[d, t].index, ("free", areas[d], years[t]), int(given.free[d, t])
    for (s, t), column in model.city.items():
        yield column.index, ("city", streams[s], years[t]), int(given.city[s, t])
    parts = in_segments(problem, given.prevention)
    for (d, p, k, t), column in model.prevention.items():
        programme = problem.programmes[p]
        part = int(parts[d, p, k, t])
        segment: Name = ("prevention", areas[d], programme.code, programme.stream, k, years[t])
        yield column.index, segment, part
    for (g, s, t), column in model.ring_fenced.items():
        source = problem.sources[g]
        payer: Name = ("pays", source.code, "; ".join(source.streams), streams[s], years[t])
        yield column.index, payer, int(given.source_use[g, s, t])
    free = [g for g, source in enumerate(problem.sources) if not source.streams]
    for t, year in enumerate(years):
        yield model.unspent[t].index, ("unspent", year), int(given.unspent[free, t].sum())
        yield model.buffer[t].index, ("buffer", year), int(given.buffer[t])
    yield from _reserves(model, allocation)
    for (d, s, t), column in model.silo_rest.items():
        kept = floor_cents(held(problem, d, t)[s] * int(given.ceilings[d, t]))
        yield (
            column.index,
            ("rest", areas[d], streams[s], years[t]),
            max(0, kept - int(given.budgets[d, s, t])),
        )
    for b, column in model.contract_short.items():
        contract = problem.contracts[b]
        s, t = streams.index(contract.stream), years.index(contract.year)
        paid = int(given.budgets[members(contract.areas, problem), s, t].sum())
        guarantee: Name = ("contract_short", contract.code, contract.stream, contract.year)
        yield column.index, guarantee, max(0, int(contract.minimum or 0) - paid)


def _lacking(model: Model, allocation: Allocation) -> Iterator[tuple[int, Name, int | None]]:
    """What is short of every basic package; the columns beside it have a name alone."""
    areas, streams, years = model.problem.areas, model.problem.streams, model.problem.years
    for (d, s, t), column in model.short.items():
        yield column.index, ("short", areas[d], streams[s], years[t]), int(allocation.shortfall[d, s, t])
    for (s, t), column in model.city_short.items():
        yield column.index, ("city_short", streams[s], years[t]), int(allocation.city_shortfall[s, t])
    for family in (model.gap, model.city_gap):
        for column in family.values():
            yield column.index, ("gap",), None
    for family in (model.extra, model.city_extra):
        for column in family.values():
            yield column.index, ("extra",), None


def _reserves(model: Model, allocation: Allocation) -> Iterator[tuple[int, Name, int]]:
    for r, reserve in enumerate(model.problem.reserves):
        stand = reserve.balance
        for t, year in enumerate(model.problem.years):
            paid_in, drawn = int(allocation.reserve_in[r, t]), int(allocation.reserve_out[r, t])
            stand += paid_in - drawn
            yield model.reserve_in[r, t].index, ("reserve_in", reserve.code, year), paid_in
            yield model.reserve_out[r, t].index, ("reserve_out", reserve.code, year), drawn
            yield model.reserve[r, t].index, ("reserve", reserve.code, year), stand


def _value(model: Model, allocation: Allocation) -> Fraction:
    weight = [
        [exact(float(w) * DISCOUNT**t) for t in range(model.problem.shape[2])] for w in model.problem.priority
    ]
    short = allocation.shortfall.sum(axis=0) + allocation.city_shortfall
    return sum((weight[s][t] * int(short[s, t]) for s, t in np.ndindex(*short.shape)), start=Fraction(0))


def _limits(model: Model) -> list[int]:
    """The most that each column can be, in cents: its bound, its claim, or the money until its year."""
    problem = model.problem
    reserves = sum(max(reserve.balance, 0) for reserve in problem.reserves)
    money = np.cumsum(total_money(problem)) + reserves
    largest = max(int(money[-1]), int(problem.claims.sum()) + int(problem.city_claims.sum()))
    most = [
        int(money[t]) if whole else largest
        for t, whole in zip(model.column_year, model.column_whole, strict=True)
    ]
    for i, column in enumerate(model.columns):
        if column.most < inf:
            most[i] = min(most[i], ceil(column.most * CENTS_PER_UNIT))
    for family in (
        model.gap,
        model.short,
        {cell: x for cell, x in model.x.items() if cell not in model.extra},
    ):
        for cell, column in family.items():
            most[column.index] = min(most[column.index], int(problem.claims[cell]))
    for city_family in (model.city_gap, model.city_short):
        for place, column in city_family.items():
            most[column.index] = min(most[column.index], int(problem.city_claims[place]))
    for place, (_, largest_budget) in area_limits(model).items():
        most[model.ceiling[place].index] = min(most[model.ceiling[place].index], largest_budget)
    return most
