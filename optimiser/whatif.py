"""What if? A solved problem that stays in the solver, and answers the next question from where it stands.

One programme instead of stages, so that one warm solve is an answer: a euro of basic package weighs a hundred
euros of the rest of a claim, and a euro drawn from a reserve lies in between. Totals are those of the staged
answer but for that weighing; how equal claims share them is for `allocate`, which has one answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from optimiser.model import CENTS_PER_UNIT, Column, Model, units
from optimiser.problem import FloatArray
from optimiser.solver import FloatVector, LiveModel
from optimiser.stages import gap, saved_later, shortfall

_BASIC = 100.0
_DRAW = 10.0


def merit_order(model: Model) -> FloatVector:
    """The goals in one objective: basic package, contracts and reserves, expected cost."""
    most = float(max(model.problem.priority))
    return model.costs(
        [
            *((column, _BASIC * weight) for column, weight in shortfall(model)),
            *gap(model),
            *((column, _DRAW * most) for column in model.reserve_out.values()),
        ]
    )


def head_start(model: Model) -> FloatVector:
    """Merit order, less what prevention saves later: from its optimum the first stages have little left to do."""
    later = saved_later(model) if model.problem.strategy.later_savings else []
    return merit_order(model) + model.costs(later)


@dataclass(frozen=True)
class Answer:
    """What a question does; cents for the city and all areas together, all years."""

    shortfall: int
    """Basic package that is not funded."""
    lack: int
    """Expected cost that is not funded, the basic package included."""
    weighted: float
    """Priority-weighted, discounted euros of shortfall."""
    budgets: FloatArray
    """(d, s, t) euros; one of the best answers."""
    ceilings: FloatArray
    """(d, t) euros."""


class WhatIf:
    """Ask for another amount, get the answer in milliseconds, and the problem is as it was.

    Raises Infeasible for a question that contradicts the rules.
    """

    def __init__(self, model: Model, live: LiveModel) -> None:
        """`live` has solved the model for `merit_order`, and nothing is fixed in it."""
        self.model = model
        self.live = live.copy()
        self._short = _positions(model.short, model.city_short)
        self._gap = _positions(model.gap, model.city_gap)
        self._x, self._ceilings = _positions(model.x), _positions(model.ceiling)
        self._weights = model.costs(shortfall(model))
        self._basis = self.live.highs.getBasis()
        self.now = self._answer()
        self.prices = self.live.prices()

    def money(self, year: int, cents: int) -> Answer:
        """That much more (or less) free money in a year."""
        row = self._row("middelen", year)
        return self.shifted(row, cents)

    def ceiling(self, area: str, year: int, cents: int) -> Answer:
        """This area budget given."""
        place = self.model.problem.areas.index(area), self.model.problem.years.index(year)
        return self._with_column(self.model.ceiling[place].index, cents)

    def lock(self, area: str, stream: str, year: int, cents: int) -> Answer:
        """This cell locked, above its claim too."""
        problem = self.model.problem
        cell = problem.areas.index(area), problem.streams.index(stream), problem.years.index(year)
        claim = units(int(problem.claims[cell]))
        need = self._row("verwachte_lasten", year, area, stream)
        self.live.highs.changeRowBounds(need, claim, highspy.kHighsInf)
        try:
            return self._with_column(self.model.x[cell].index, cents)
        finally:
            self.live.highs.changeRowBounds(need, claim, claim)

    def shifted(self, index: int, cents: float) -> Answer:
        """The right side of one row moved."""
        _, low, high, _ = self.live.highs.getRow(index)
        move = units(cents)
        self.live.highs.changeRowBounds(index, low + move, high + move)
        try:
            return self._solved()
        finally:
            self.live.highs.changeRowBounds(index, low, high)
            self.live.highs.setBasis(self._basis)

    def _with_column(self, index: int, cents: int) -> Answer:
        _, _, low, high, _ = self.live.highs.getCol(index)
        self.live.highs.changeColBounds(index, units(cents), units(cents))
        try:
            return self._solved()
        finally:
            self.live.highs.changeColBounds(index, low, high)
            self.live.highs.setBasis(self._basis)

    def _solved(self) -> Answer:
        self.live.run()
        return self._answer()

    def _answer(self) -> Answer:
        values = self.live.values()
        n_areas, n_streams, n_years = self.model.problem.shape
        short = float(values[self._short].sum())
        return Answer(
            shortfall=round(short * CENTS_PER_UNIT),
            lack=round((short + float(values[self._gap].sum())) * CENTS_PER_UNIT),
            weighted=float(self._weights @ values) * CENTS_PER_UNIT / 100,
            budgets=(values[self._x] * CENTS_PER_UNIT / 100).reshape(n_areas, n_streams, n_years),
            ceilings=(values[self._ceilings] * CENTS_PER_UNIT / 100).reshape(n_areas, n_years),
        )

    def _row(self, rule: str, year: int, area: str | None = None, stream: str | None = None) -> int:
        for index, row in enumerate(self.model.rows):
            place = row.place
            if (place.rule, place.year, place.area, place.stream) == (rule, year, area, stream):
                return index
        raise KeyError((rule, year, area, stream))


def _positions(*families: Mapping[Any, Column]) -> npt.NDArray[np.int64]:
    return np.array([column.index for family in families for column in family.values()], dtype=np.int64)
