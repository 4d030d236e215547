"""What if? A solved problem that stays in the solver, and answers the next question from where it stands.

One programme instead of stages, so that one warm solve is an answer: a euro of basic package weighs a hundred
euros of the rest of a claim, and a euro drawn from a reserve lies in between. Totals are those of the staged
answer but for that weighing; how equal claims share them is for `allocate`, which has one answer. A question may
change several amounts at once, and leaves no trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt

from optimiser.allocation import Place
from optimiser.model import CENTS_PER_UNIT, Column, Model, units
from optimiser.solver import FloatVector, Infeasible, LiveModel
from optimiser.stages import gap, saved_later, shortfall

STEP = 10_000 * 100
"""Cents that a question moves."""
Bounds = tuple[float, float]
"""Lowest and highest, in cents."""
ANYTHING: Bounds = (-inf, inf)
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
    """All areas and the city, all years, in cents."""

    shortfall: int
    """Basic package that is not funded."""
    lack: int
    """Expected cost that is not funded, the basic package included."""
    weighted: float
    """Shortfall by priority, later years discounted."""
    weighted_lack: float
    """Likewise of all expected cost."""
    drawn: int
    """Out of reserves."""


class WhatIf:
    """A solved problem to ask. `now` is the answer when nothing is changed, `prices` are the duals of its rows."""

    def __init__(self, model: Model, live: LiveModel) -> None:
        """`live` stands at its optimum for merit order and is this object's to change and change back."""
        self.model, self.live = model, live
        self._short = _positions(model.short, model.city_short)
        self._gap = _positions(model.gap, model.city_gap)
        self._drawn = _positions(model.reserve_out)
        self._weights, self._lack_weights = model.costs(shortfall(model)), model.costs(gap(model))
        self._basis = live.highs.getBasis()
        self.now = self._answer()
        self.prices = live.prices()

    def ask(
        self, rows: Mapping[int, Bounds] | None = None, columns: Mapping[int, Bounds] | None = None
    ) -> Answer | None:
        """The answer with other bounds (cents) on some rows and columns; None where the rules leave none.

        Raises NotSolved where neither is proven.
        """
        highs, rows, columns = self.live.highs, rows or {}, columns or {}
        row_was = {index: highs.getRow(index)[1:3] for index in rows}
        column_was = {index: highs.getCol(index)[2:4] for index in columns}
        for index, (low, high) in rows.items():
            highs.changeRowBounds(index, units(low), units(high))
        for index, (low, high) in columns.items():
            highs.changeColBounds(index, units(low), units(high))
        try:
            self.live.run()
            return self._answer()
        except Infeasible:
            return None
        finally:
            for index, was in row_was.items():
                highs.changeRowBounds(index, *was)
            for index, was in column_was.items():
                highs.changeColBounds(index, *was)
            highs.setBasis(self._basis)

    def moved(self, shifts: Mapping[int, float]) -> dict[int, Bounds]:
        """The bounds of rows whose right side moves by so many cents."""
        found = {}
        for index, cents in shifts.items():
            _, low, high, _ = self.live.highs.getRow(index)
            found[index] = (low * CENTS_PER_UNIT + cents, high * CENTS_PER_UNIT + cents)
        return found

    def rows(self, place: Place) -> list[int]:
        """The rows of a rule in a year that speak of this area and stream, or of all of them."""
        return [
            index
            for index, row in enumerate(self.model.rows)
            if row.place.rule == place.rule
            and row.place.year in (None, place.year)
            and row.place.area in (None, place.area)
            and row.place.stream in (None, place.stream)
        ]

    def _answer(self) -> Answer:
        values = self.live.values()[: len(self._weights)]
        short = float(values[self._short].sum()) * CENTS_PER_UNIT
        return Answer(
            shortfall=round(short),
            lack=round(short + float(values[self._gap].sum()) * CENTS_PER_UNIT),
            weighted=float(self._weights @ values) * CENTS_PER_UNIT,
            weighted_lack=float(self._lack_weights @ values) * CENTS_PER_UNIT,
            drawn=round(float(values[self._drawn].sum()) * CENTS_PER_UNIT),
        )


def eased(model: Model, rows: Iterable[int], cents: int) -> dict[int, float]:
    """Per row how its right side moves when it gives so much room: a roof up, a floor down, an amount up."""
    return {i: -float(cents) if model.rows[i].sense > 0 else float(cents) for i in rows}


def _positions(*families: Mapping[Any, Column]) -> npt.NDArray[np.int64]:
    return np.array([column.index for family in families for column in family.values()], dtype=np.int64)
