"""When rules contradict each other: the smallest set that does, and the cheapest ways out.

A phase-one programme gives every rule a price per euro of violation. The rows that keep its optimum above zero
(those with a dual) cannot hold together; what they state is grouped by rule, year and area, and groups that the
rest does not need are dropped one by one. What is left is a clash: drop any one of its rules and the rest can
hold. Each rule of the clash is then relaxed alone, then in pairs, as little as possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csr_matrix, hstack

from optimiser.allocation import Contradiction, Place, Repair, RuleInConflict
from optimiser.model import CENTS_PER_UNIT, Model
from optimiser.problem import Problem
from optimiser.rules import rule
from optimiser.rules.rule import Rule
from optimiser.sentences import capitalised, enumerated, euros
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
_MANY = 3
"""From this many areas on, a rule is named once for all of them."""
_EPS = 1e-7


@dataclass(frozen=True)
class _Group:
    """The rows that one rule contributes to the clash."""

    place: Place
    rows: tuple[int, ...]


def contradiction(
    model: Model, *, money: bool = True, elastic_contracts: bool = True
) -> Contradiction | None:
    """The clash in an infeasible model, margins left out, or None when its rules can hold together.

    `money` False: as if there were money for everything. `elastic_contracts` False: the minimum of a contract
    must be met in full.
    """
    system = _System(model, money=money, elastic_contracts=elastic_contracts)
    named = [i for i, row in enumerate(model.rows) if row.place.rule not in _STRUCTURE and i in system.active]
    relaxed = system.relax(named, system.active)
    if relaxed is None or relaxed.total <= _EPS:
        return None
    priced = set(np.flatnonzero(np.abs(relaxed.prices) > _EPS).tolist())
    groups = _grouped(model, [i for i in named if i in priced])
    groups = _needed(system, groups)
    clash_rows = system.structure | {i for group in groups for i in group.rows}
    repairs = _repairs(model, system, groups, clash_rows)
    clash = tuple(_in_conflict(system, group, clash_rows) for group in groups)
    return Contradiction(clash, tuple(repairs), clash_sentence(model.problem, clash, repairs))


@dataclass(frozen=True)
class _Relaxed:
    """The least violation of some rows: in total, per row (added to its left side), its price, and the columns."""

    total: float
    moved: FloatVector
    prices: FloatVector
    columns: FloatVector


class _System:
    """The rows of a model in one live solver, with a slack of price 1 on both sides of every named row.

    Which rows hold and which may give way is a matter of bounds, so that every next question starts warm.
    """

    def __init__(self, model: Model, *, money: bool, elastic_contracts: bool) -> None:
        self.model = model
        starts, indices, data = [0], [], []
        self.active: set[int] = set()
        for i, row in enumerate(model.rows):
            for column, coefficient in row.constraint.items():
                indices.append(column.index)
                data.append(float(coefficient))
            starts.append(len(indices))
            measures = row.place.rule in ("gelijke_dekking", "norm_aandeel")
            measures = measures or (row.place.rule == "contract_minimum" and not row.whole)
            if not measures and (money or row.place.rule not in ("middelen", "geoormerkt")):
                self.active.add(i)
        m, n = len(model.rows), len(model.columns)
        self.matrix = csr_matrix((data, indices, starts), shape=(m, n))
        self.side = np.array([row.side() for row in model.rows])
        sense = np.array([row.constraint.sense for row in model.rows])
        self.low = np.where(sense >= 0, self.side, -highspy.kHighsInf)
        self.high = np.where(sense <= 0, self.side, highspy.kHighsInf)
        self.structure = {i for i in self.active if model.rows[i].place.rule in _STRUCTURE}
        self.named = np.array(sorted(self.active - self.structure), dtype=np.int64)
        self.cache: dict[tuple[frozenset[int], frozenset[int]], _Relaxed | None] = {}
        self.highs = new_highs()
        self.highs.passModel(self._programme(elastic_contracts))

    def _programme(self, elastic_contracts: bool) -> Any:
        m, n, k = len(self.model.rows), len(self.model.columns), len(self.named)
        upper = [
            highspy.kHighsInf if column.upBound is None else column.upBound for column in self.model.columns
        ]
        if not elastic_contracts:
            for column in self.model.contract_short.values():
                upper[column.index] = 0.0
        slacks = csr_matrix((np.ones(k), (self.named, np.arange(k))), shape=(m, k))
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = n + 2 * k, m
        lp.col_cost_ = np.concatenate([np.zeros(n), np.ones(2 * k)])
        lp.col_lower_ = np.zeros(n + 2 * k)
        lp.col_upper_ = np.concatenate([upper, np.zeros(2 * k)])
        lp.row_lower_, lp.row_upper_ = self.low, self.high
        set_matrix(lp, hstack([self.matrix, slacks, -slacks]))
        return lp

    def relax(self, elastic: Sequence[int], rows: Iterable[int]) -> _Relaxed | None:
        """The least total violation of the `elastic` rows with all `rows` kept; None when that does not help."""
        question = frozenset(elastic), frozenset(rows)
        if question not in self.cache:
            self.cache[question] = self._relaxed(*question)
        return self.cache[question]

    def _relaxed(self, elastic: frozenset[int], rows: frozenset[int]) -> _Relaxed | None:
        m, n, k = len(self.model.rows), len(self.model.columns), len(self.named)
        kept = np.zeros(m, dtype=bool)
        kept[list(rows)] = True
        low = np.where(kept, self.low, -highspy.kHighsInf)
        high = np.where(kept, self.high, highspy.kHighsInf)
        self.highs.changeRowsBounds(m, np.arange(m, dtype=np.int32), low, high)
        gives = np.isin(self.named, list(elastic))
        most = np.tile(np.where(gives, highspy.kHighsInf, 0.0), 2)
        self.highs.changeColsBounds(2 * k, np.arange(n, n + 2 * k, dtype=np.int32), np.zeros(2 * k), most)
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self.highs.getSolution()
        values, moved = np.array(solution.col_value), np.zeros(m)
        moved[self.named] = values[n : n + k] - values[n + k :]
        prices = np.array(solution.row_dual)
        return _Relaxed(float(self.highs.getObjectiveValue()), moved, prices, values[:n])

    def stated(self, i: int, relaxed: _Relaxed) -> int:
        """The amount on the right of a row, in cents: its constant, and columns with a minus sign on its left."""
        row = self.matrix[i]
        minus = row.data < 0
        amount = float(self.side[i] - row.data[minus] @ relaxed.columns[row.indices[minus]])
        return round(amount * CENTS_PER_UNIT)


def _grouped(model: Model, rows: list[int]) -> list[_Group]:
    by_rule: dict[tuple[str, int | None], list[int]] = {}
    for i in rows:
        place = model.rows[i].place
        by_rule.setdefault((place.rule, place.year), []).append(i)
    groups = []
    for (name, year), found in by_rule.items():
        areas = {model.rows[i].place.area for i in found}
        if len(areas) > _MANY:
            groups.append(_Group(Place(name, year), tuple(found)))
        else:
            places: dict[Place, list[int]] = {}
            for i in found:
                places.setdefault(model.rows[i].place, []).append(i)
            groups += [_Group(place, tuple(part)) for place, part in places.items()]
    return groups


def _needed(system: _System, groups: list[_Group]) -> list[_Group]:
    """Drop groups one by one while the rest still clashes; what remains is irreducible."""
    kept = list(groups)
    for group in sorted(groups, key=lambda g: g.place.rule == "middelen"):
        rest = [other for other in kept if other is not group]
        if system.relax((), system.structure | {i for other in rest for i in other.rows}) is None:
            kept = rest
    return kept


def _repairs(model: Model, system: _System, groups: list[_Group], clash_rows: set[int]) -> list[Repair]:
    """The least relaxation of one rule, or of two where no single one helps; cheapest first.

    Of the whole problem where that is possible, else of this clash alone.
    """
    for scope in (system.active, clash_rows):
        for size in (1, 2):
            found = []
            for chosen in combinations(groups, size):
                relaxed = system.relax([i for group in chosen for i in group.rows], scope)
                if relaxed is not None:
                    words = enumerated([_loosen(model, group, relaxed) for group in chosen])
                    places = tuple(group.place for group in chosen)
                    found.append(Repair(places, _up(relaxed.total), capitalised(words) + "."))
            if found:
                return sorted(found, key=lambda repair: repair.cents)
    return []


def _up(units: float) -> int:
    """Whole cents, upwards but for solver noise."""
    return ceil(float(units) * CENTS_PER_UNIT - 0.01)


def _loosen(model: Model, group: _Group, relaxed: _Relaxed) -> str:
    change = sum(relaxed.moved[i] for i in group.rows)
    amount = _up(sum(abs(relaxed.moved[i]) for i in group.rows))
    named = rule(group.place.rule)
    return f"{_verb(named, change)} {named.title(model.problem, group.place)} met {euros(amount)}"


def _verb(named: Rule, change: float) -> str:
    """`moved` is added to the left side of a row: positive means that the right side was too high."""
    if named.name in ("groei_min", "groei_max", "groei_max_per_inwoner", "schuifruimte", "reserve"):
        return "verruim"
    return "verlaag" if change > 0 else "verhoog"


def _in_conflict(system: _System, group: _Group, clash_rows: set[int]) -> RuleInConflict:
    """have: the amount that the rule states; need: what it must become when it alone gives way."""
    relaxed = system.relax(group.rows, system.active) or system.relax(group.rows, clash_rows)
    if relaxed is None:
        have = sum(round(system.side[i] * CENTS_PER_UNIT) for i in group.rows)
        return RuleInConflict(group.place, have, have)
    have = sum(system.stated(i, relaxed) for i in group.rows)
    return RuleInConflict(
        group.place, have, have - round(sum(relaxed.moved[list(group.rows)]) * CENTS_PER_UNIT)
    )


def clash_sentence(problem: Problem, clash: tuple[RuleInConflict, ...], repairs: list[Repair]) -> str:
    """The clash in one Dutch sentence with its amounts, and the cheapest way out in another."""
    titles = [rule(part.place.rule).title(problem, part.place) for part in clash]
    amounts = "; ".join(
        f"{title}: {euros(part.have)}, nodig {euros(part.need)}"
        for title, part in zip(titles, clash, strict=True)
    )
    text = f"{capitalised(enumerated(titles))} kunnen niet samen ({amounts})."
    return f"{text} Kleinste oplossing: {repairs[0].sentence}" if repairs else text
