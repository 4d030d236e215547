"""The rules of a model in one live solver, each able to give way: what holds together, and what that would take.

A slack of price 1 on both sides of every named row gives every rule a price per euro of violation. Which rows hold
and which may give way is a matter of bounds, so that every next question starts warm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csr_matrix, hstack

from optimiser.allocation import Place
from optimiser.model import CENTS_PER_UNIT, Column, Model, Row, units
from optimiser.solver import FloatVector, new_highs, set_matrix

_STRUCTURE = {
    "verwachte_lasten",
    "gebiedsbudget",
    "geoormerkt",
    "gelijke_dekking",
    "norm_aandeel",
    "besparing",
}
"""Rows that say what words mean, or only measure; they are nobody's choice."""
_PROVEN = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)


@dataclass(frozen=True)
class Group:
    """The rows that one rule contributes to the clash."""

    place: Place
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Relaxed:
    """The least violation of some rows: in total, per row (added to its left side), its price, and the columns."""

    total: float
    moved: FloatVector
    prices: FloatVector
    columns: FloatVector


class System:
    """The rules of a model in one live solver, with a slack of price 1 on both sides of every named row.

    Which rows hold and which may give way is a matter of bounds, so that every next question starts warm. Rows that
    only say how much of a claim is paid are left out: what is short is nobody's rule, and a budget within its claim
    is a bound on its column.
    """

    def __init__(self, model: Model, *, money: bool, elastic_contracts: bool) -> None:
        self.model = model
        self.active: set[int] = set()
        claims = _paid_claims(model)
        for i, row in enumerate(model.rows):
            measures = row.place.rule in ("gelijke_dekking", "norm_aandeel") or i in claims
            measures = measures or (row.place.rule == "contract_minimum" and not row.whole)
            if not measures and (money or row.place.rule not in ("middelen", "geoormerkt")):
                self.active.add(i)
        self.matrix = model.matrix
        self.side = np.array([row.side() for row in model.rows])
        self.structure = {i for i in self.active if is_structure(model.rows[i])}
        self.named = np.array(sorted(self.active - self.structure), dtype=np.int64)
        self.rows = np.array(sorted(self.active), dtype=np.int64)
        sense = np.array([model.rows[i].sense for i in self.rows.tolist()])
        self.low = np.where(sense >= 0, self.side[self.rows], -highspy.kHighsInf)
        self.high = np.where(sense <= 0, self.side[self.rows], highspy.kHighsInf)
        self.columns = np.unique(self.matrix[self.rows].indices)
        self.cache: dict[tuple[frozenset[int], frozenset[int]], Relaxed | None] = {}
        self.highs = new_highs()
        self.highs.passModel(self._programme(elastic_contracts, claims.values()))

    def _programme(self, elastic_contracts: bool, most: Iterable[tuple[Column, float]]) -> Any:
        m, n, k = len(self.rows), len(self.columns), len(self.named)
        upper = self.model.most.copy()
        for column, claim in most:
            upper[column.index] = min(upper[column.index], claim)
        if not elastic_contracts:
            for column in self.model.contract_short.values():
                upper[column.index] = 0.0
        places = np.searchsorted(self.rows, self.named)
        slacks = csr_matrix((np.ones(k), (places, np.arange(k))), shape=(m, k))
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = n + 2 * k, m
        lp.col_cost_ = np.concatenate([np.zeros(n), np.ones(2 * k)])
        lp.col_lower_ = np.zeros(n + 2 * k)
        lp.col_upper_ = np.concatenate([upper[self.columns], np.zeros(2 * k)])
        lp.row_lower_, lp.row_upper_ = self.low, self.high
        set_matrix(lp, hstack([self.matrix[self.rows][:, self.columns], slacks, -slacks]))
        return lp

    def relax(self, elastic: Sequence[int], rows: Iterable[int]) -> Relaxed | None:
        """The least total violation of the `elastic` rows with all `rows` kept; None when that does not help."""
        question = frozenset(elastic), frozenset(rows)
        if question not in self.cache:
            self.cache[question] = self._relaxed(*question)
        return self.cache[question]

    def _relaxed(self, elastic: frozenset[int], rows: frozenset[int]) -> Relaxed | None:
        m, n, k = len(self.model.rows), len(self.columns), len(self.named)
        gives = np.isin(self.named, list(elastic))
        self._pose(rows, np.zeros(m), np.where(gives, highspy.kHighsInf, 0.0))
        if not self._solved():
            return None
        solution = self.highs.getSolution()
        values, moved, prices = np.array(solution.col_value), np.zeros(m), np.zeros(m)
        moved[self.named] = values[n : n + k] - values[n + k :]
        prices[self.rows] = solution.row_dual
        columns = np.zeros(len(self.model.columns))
        columns[self.columns] = values[:n]
        return Relaxed(float(self.highs.getObjectiveValue()), moved, prices, columns)

    def holds(self, moves: Mapping[int, int], rows: Iterable[int]) -> bool:
        """Whether all `rows` can hold with the right sides lowered by `moves` cents."""
        lower = np.zeros(len(self.model.rows))
        for i, cents in moves.items():
            lower[i] = units(cents)
        self._pose(rows, lower, np.zeros(len(self.named)))
        return self._solved()

    def lower(self, moves: Mapping[int, int]) -> None:
        """Lower the right sides by `moves` cents from now on."""
        change = np.zeros(len(self.model.rows))
        for i, cents in moves.items():
            change[i] = units(cents)
        self.side = self.side - change
        self.low, self.high = self.low - change[self.rows], self.high - change[self.rows]
        self.cache.clear()

    def _pose(self, rows: Iterable[int], lower: FloatVector, give: FloatVector) -> None:
        """Keep `rows`, their right sides lowered; let every named row give way by at most `give`."""
        m, n, k = len(self.rows), len(self.columns), len(self.named)
        kept = np.isin(self.rows, list(rows))
        low = np.where(kept, self.low - lower[self.rows], -highspy.kHighsInf)
        high = np.where(kept, self.high - lower[self.rows], highspy.kHighsInf)
        self.highs.changeRowsBounds(m, np.arange(m, dtype=np.int32), low, high)
        slacks = np.arange(n, n + 2 * k, dtype=np.int32)
        self.highs.changeColsBounds(2 * k, slacks, np.zeros(2 * k), np.tile(give, 2))

    def _solved(self) -> bool:
        self.highs.run()
        if self.highs.getModelStatus() not in _PROVEN:
            self.highs.clearSolver()
            self.highs.run()
        return bool(self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def stated(self, i: int, relaxed: Relaxed) -> int:
        """The amount on the right of a row, in cents: its constant, and columns with a minus sign on its left."""
        row = self.matrix[i]
        minus = row.data < 0
        amount = float(self.side[i] - row.data[minus] @ relaxed.columns[row.indices[minus]])
        return round(amount * CENTS_PER_UNIT)


def is_structure(row: Row) -> bool:
    """The balance of a reserve is arithmetic too."""
    return row.place.rule in _STRUCTURE or (row.place.rule == "reserve" and row.sense == 0)


def _paid_claims(model: Model) -> dict[int, tuple[Column, float]]:
    """Rows of claims that prevention does not touch -> the budget and the most it may be, in thousands of euros."""
    measured = {
        column.index
        for family in (model.gap, model.short, model.city_gap, model.city_short)
        for column in family.values()
    }
    extra = {c.index for family in (model.extra, model.city_extra) for c in family.values()}
    everything, found = measured | extra, {}
    for i, row in enumerate(model.rows):
        if row.place.rule == "verwachte_lasten" and row.sense == 0:
            rest = [column for column, _ in row.terms if column.index not in everything]
            if len(rest) == 1:
                free = any(column.index in extra for column, _ in row.terms)
                found[i] = (rest[0], highspy.kHighsInf if free else row.side())
    return found
