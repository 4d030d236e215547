"""The proof that no plan has less shortfall: the first stage in exact numbers, with a price per row.

Weak duality needs no solver: see `check_certificate`, which is all that a reader has to trust. The rows are the
rules themselves, without the cents of margin that the programme kept, and every column has a natural limit (no
budget above its claim or the money of its year), so that the noise in the prices costs next to nothing.
"""

from __future__ import annotations

import json
import zlib
from fractions import Fraction
from functools import cache
from math import ceil

import numpy as np

from optimiser.allocation import Allocation, Certificate
from optimiser.arithmetic import exact, total_money
from optimiser.check_certificate import cents_from_the_best
from optimiser.model import CENTS_PER_UNIT, DISCOUNT, Model
from optimiser.solver import FloatVector
from optimiser.stages import shortfall

_DIGITS = 10**12


def certified(model: Model, allocation: Allocation, prices: FloatVector) -> Certificate:
    """The certificate of an allocation (districts as in the model) from the duals of the first stage."""
    costs = {column.index: exact(weight) for column, weight in shortfall(model)}
    limits = _limits(model)
    columns = [[str(costs.get(column.index, 0)), "0", str(limits[column.index])] for column in model.columns]
    rows = []
    for row in model.rows:
        side = round(-row.constraint.constant * CENTS_PER_UNIT) - row.constraint.sense * row.margin
        terms = [[column.index, _text(factor)] for column, factor in row.constraint.items() if factor]
        sense = row.constraint.sense
        rows.append([str(side) if sense >= 0 else None, str(side) if sense <= 0 else None, terms])
    content = {
        "meaning": "priority-weighted, discounted cents of basic package that is not funded",
        "value": str(_value(model, allocation)),
        "columns": columns,
        "rows": rows,
        "prices": [
            str(Fraction(round(price * _DIGITS), _DIGITS)) if price else "0" for price in prices.tolist()
        ],
    }
    text = json.dumps(content, separators=(",", ":"))
    return Certificate(float(cents_from_the_best(content)), zlib.compress(text.encode(), 3))


@cache
def _text(factor: float) -> str:
    return str(exact(factor))


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
        if column.upBound is not None:
            most[i] = min(most[i], ceil(column.upBound * CENTS_PER_UNIT))
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
    return most
