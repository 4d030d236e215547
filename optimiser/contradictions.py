"""When rules contradict each other: the smallest set that does, and the cheapest ways out.

A phase-one programme gives every rule a price per euro of violation. The rows that keep its optimum above zero
(those with a dual) cannot hold together; what they state is grouped by rule, year and area, and groups that the
rest does not need are dropped one by one. What is left is a clash: drop any one of its rules and the rest can
hold. It is looked for where few rules can meet first: one area in one year, one area, all areas without the money,
then with it. Each rule of the clash is then relaxed alone, then in pairs, as little as possible; what is offered
is rounded up to the cent, and solved again as it is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import ceil
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csr_matrix, hstack

from optimiser.allocation import Contradiction, Place, Repair, RuleInConflict
from optimiser.arithmetic import exact, half_up, total_money
from optimiser.model import CENTS_PER_UNIT, Column, Model, Row, units
from optimiser.problem import Problem
from optimiser.rules import rule
from optimiser.rules.rule import area_name
from optimiser.sentences import capitalised, enumerated, exact_euros
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
_LOOKED_AT = 12
"""Areas that are looked at one by one."""
_EPS = 1e-7
_PROVEN = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)


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
    relaxed = system.relax(system.named.tolist(), system.active)
    if relaxed is None or relaxed.total <= _EPS:
        return None
    found = _smallest(model, system)
    clash_rows = system.structure | {i for group in found.groups for i in group.rows}
    ways = _ways_out(model, system, found.groups, [system.active, found.scope, clash_rows])
    clash = tuple(_in_conflict(system, group, clash_rows) for group in found.groups)
    repairs = [way.repair for way in ways]
    sentence = clash_sentence(model.problem, clash, repairs) + _elsewhere(model, system, found, ways[:1])
    return Contradiction(clash, tuple(repairs), sentence)


@dataclass(frozen=True)
class _Clash:
    """Rules that cannot hold together, and the rows of everything that has to do with them."""

    groups: list[_Group]
    scope: set[int]
    others: dict[str, _Clash] = field(default_factory=dict)
    """Areas that clash on their own as well."""
    n_more: int = 0
    """Areas that seem to, and were not looked at one by one."""


@dataclass(frozen=True)
class _Way:
    """A repair, and row -> cents by which its right side goes down."""

    repair: Repair
    moves: dict[int, int]


def _elsewhere(model: Model, system: _System, found: _Clash, taken: list[_Way]) -> str:
    """The other areas whose rules exclude each other, each with its cheapest way out, solved again together."""
    if not found.others:
        return ""
    parts = []
    for area, clash in found.others.items():
        rows = system.structure | {i for group in clash.groups for i in group.rows}
        ways = _ways_out(model, system, clash.groups, [clash.scope, rows])
        taken = [*taken, *ways[:1]]
        if ways:
            words = ways[0].repair.sentence.rstrip(".")
            parts.append(f"voor {area_name(model.problem, area)} {words[0].lower()}{words[1:]}")
    names = [area_name(model.problem, area) for area in found.others]
    more = [f"misschien nog {found.n_more} gebieden"] if found.n_more else []
    text = f" Ook de regels van {enumerated([*names, *more])} sluiten elkaar uit"
    text += f": {'; '.join(parts)}." if parts else "."
    moves = {i: cents for way in taken for i, cents in way.moves.items()}
    if len(taken) == 1 + len(found.others) and system.holds(moves, system.active):
        return text + " Samen heffen deze wijzigingen alle botsingen op."
    return text + " Daarna kan er nog een botsing overblijven."


def _is_structure(row: Row) -> bool:
    """The balance of a reserve is arithmetic too."""
    return row.place.rule in _STRUCTURE or (row.place.rule == "reserve" and row.constraint.sense == 0)


def _smallest(model: Model, system: _System) -> _Clash:
    """The clash with the fewest rules in the narrowest scope that has one, and the other areas that clash alone."""
    places = [row.place for row in model.rows]
    named = system.named.tolist()
    own = [i for i in named if places[i].rule not in ("middelen", "buffer_centraal")]
    within = _priced(system, own)
    areas = list(dict.fromkeys(str(places[i].area) for i in within if places[i].area is not None))
    alone = {}
    for area in areas[:_LOOKED_AT]:
        rows = [i for i in own if places[i].area == area]
        found = _clashes_by_year(model, system, rows, _priced(system, rows))
        if found:
            alone[area] = _Clash(min(found, key=len), system.structure | set(rows))
    if alone:
        first = min(alone, key=lambda area: len(alone[area].groups))
        others = {area: clash for area, clash in alone.items() if area != first}
        return replace(alone[first], others=others, n_more=len(areas[_LOOKED_AT:]))
    scope = own if within else named
    groups = min(_clashes_by_year(model, system, scope, _priced(system, scope)), key=len)
    return _Clash(groups, system.structure | set(scope))


def _clashes_by_year(model: Model, system: _System, rows: list[int], priced: list[int]) -> list[list[_Group]]:
    """Irreducible clashes within one year; where there is none, over the years. Nothing when `priced` is empty."""
    if not priced:
        return []
    years = dict.fromkeys(model.rows[i].t for i in priced)
    scopes = ([i for i in rows if model.rows[i].t == t] for t in years)
    found = [
        _needed(system, _grouped(model, hot)) for hot in (_priced(system, part) for part in scopes) if hot
    ]
    return found or [_needed(system, _grouped(model, priced))]


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
        if row.place.rule == "verwachte_lasten" and row.constraint.sense == 0:
            rest = [column for column in row.constraint if column.index not in everything]
            if len(rest) == 1:
                free = any(column.index in extra for column in row.constraint)
                found[i] = (rest[0], highspy.kHighsInf if free else row.side())
    return found


def _priced(system: _System, rows: list[int]) -> list[int]:
    """Those of the named rows that keep the violation of them together above zero."""
    relaxed = system.relax(rows, system.structure | set(rows))
    if relaxed is None or relaxed.total <= _EPS:
        return []
    return [i for i in rows if abs(relaxed.prices[i]) > _EPS]


@dataclass(frozen=True)
class _Relaxed:
    """The least violation of some rows: in total, per row (added to its left side), its price, and the columns."""

    total: float
    moved: FloatVector
    prices: FloatVector
    columns: FloatVector


class _System:
    """The rules of a model in one live solver, with a slack of price 1 on both sides of every named row.

    Which rows hold and which may give way is a matter of bounds, so that every next question starts warm. Rows that
    only say how much of a claim is paid are left out: what is short is nobody's rule, and a budget within its claim
    is a bound on its column.
    """

    def __init__(self, model: Model, *, money: bool, elastic_contracts: bool) -> None:
        self.model = model
        starts, indices, data = [0], [], []
        self.active: set[int] = set()
        claims = _paid_claims(model)
        for i, row in enumerate(model.rows):
            for column, coefficient in row.constraint.items():
                indices.append(column.index)
                data.append(float(coefficient))
            starts.append(len(indices))
            measures = row.place.rule in ("gelijke_dekking", "norm_aandeel") or i in claims
            measures = measures or (row.place.rule == "contract_minimum" and not row.whole)
            if not measures and (money or row.place.rule not in ("middelen", "geoormerkt")):
                self.active.add(i)
        m, n = len(model.rows), len(model.columns)
        self.matrix = csr_matrix((data, indices, starts), shape=(m, n))
        self.side = np.array([row.side() for row in model.rows])
        self.structure = {i for i in self.active if _is_structure(model.rows[i])}
        self.named = np.array(sorted(self.active - self.structure), dtype=np.int64)
        self.rows = np.array(sorted(self.active), dtype=np.int64)
        sense = np.array([model.rows[i].constraint.sense for i in self.rows.tolist()])
        self.low = np.where(sense >= 0, self.side[self.rows], -highspy.kHighsInf)
        self.high = np.where(sense <= 0, self.side[self.rows], highspy.kHighsInf)
        self.columns = np.unique(self.matrix[self.rows].indices)
        self.cache: dict[tuple[frozenset[int], frozenset[int]], _Relaxed | None] = {}
        self.highs = new_highs()
        self.highs.passModel(self._programme(elastic_contracts, claims.values()))

    def _programme(self, elastic_contracts: bool, most: Iterable[tuple[Column, float]]) -> Any:
        m, n, k = len(self.rows), len(self.columns), len(self.named)
        upper = np.array([highspy.kHighsInf if c.upBound is None else c.upBound for c in self.model.columns])
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

    def relax(self, elastic: Sequence[int], rows: Iterable[int]) -> _Relaxed | None:
        """The least total violation of the `elastic` rows with all `rows` kept; None when that does not help."""
        question = frozenset(elastic), frozenset(rows)
        if question not in self.cache:
            self.cache[question] = self._relaxed(*question)
        return self.cache[question]

    def _relaxed(self, elastic: frozenset[int], rows: frozenset[int]) -> _Relaxed | None:
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
        return _Relaxed(float(self.highs.getObjectiveValue()), moved, prices, columns)

    def holds(self, moves: Mapping[int, int], rows: Iterable[int]) -> bool:
        """Whether all `rows` can hold with the right sides lowered by `moves` cents."""
        lower = np.zeros(len(self.model.rows))
        for i, cents in moves.items():
            lower[i] = units(cents)
        self._pose(rows, lower, np.zeros(len(self.named)))
        return self._solved()

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
    """Drop groups one by one while the rest still clashes; what remains is irreducible. The fewer of two orders."""
    in_order = sorted(groups, key=lambda group: group.place.rule == "middelen")
    return min((_without_spare(system, groups, order) for order in (in_order, in_order[::-1])), key=len)


def _without_spare(system: _System, groups: list[_Group], order: list[_Group]) -> list[_Group]:
    kept = list(groups)
    for group in order:
        rest = [other for other in kept if other is not group]
        if system.relax((), system.structure | {i for other in rest for i in other.rows}) is None:
            kept = rest
    return kept


def _ways_out(model: Model, system: _System, groups: list[_Group], scopes: Sequence[set[int]]) -> list[_Way]:
    """The least relaxation of one rule, or of two where no single one helps; cheapest first, each solved again.

    Of the first of the scopes (sets of rows that must hold) where that is possible.
    """
    choices = [part for group in groups for part in _bands(model, group)]
    for scope in scopes:
        for size in (1, 2):
            tried = (_way_out(model, system, chosen, scope) for chosen in combinations(choices, size))
            found = {way.repair.sentence: way for way in tried if way is not None}
            if found:
                return sorted(found.values(), key=lambda way: way.repair.cents)
    return []


def _way_out(model: Model, system: _System, chosen: tuple[_Group, ...], scope: set[int]) -> _Way | None:
    """These rules loosened to the cent; None where that does not end the clash."""
    rows = {i: group for group in chosen for i in group.rows}
    relaxed = system.relax([*rows, *_same_amount(model, rows)], scope)
    if relaxed is None:
        return None
    moves = _applied(model, relaxed, rows)
    asked = [{i: moves[i] for i in group.rows if moves.get(i)} for group in chosen]
    if not all(asked) or not system.holds(moves, scope):
        return None
    words = [_loosen(model, group, part) for group, part in zip(chosen, asked, strict=True)]
    cents = sum(abs(move) for part in asked for move in part.values())
    places = tuple(dict.fromkeys(group.place for group in chosen))
    return _Way(Repair(places, cents, capitalised(enumerated(words)) + "."), moves)


def _same_amount(model: Model, rows: Iterable[int]) -> list[int]:
    """Rows of other years that state the same amount of the input: the band of a reserve."""
    wanted = {_band(model.rows[i]) for i in rows if model.rows[i].place.rule == "reserve"}
    return [
        i
        for i, row in enumerate(model.rows)
        if wanted and row.place.rule == "reserve" and not _is_structure(row) and _band(row) in wanted
    ]


def _band(row: Row) -> tuple[str, int]:
    return next(iter(row.constraint)).name.rsplit("_", 1)[0], row.constraint.sense


def _bands(model: Model, group: _Group) -> list[_Group]:
    """A group by what the input calls one amount: of the rows of reserves, each minimum, maximum and draw limit."""
    if group.place.rule != "reserve":
        return [group]
    bands: dict[tuple[str, int], list[int]] = {}
    for i in group.rows:
        bands.setdefault(_band(model.rows[i]), []).append(i)
    return [_Group(group.place, tuple(rows)) for rows in bands.values()]


def _applied(model: Model, relaxed: _Relaxed, rows: Iterable[int]) -> dict[int, int]:
    """Row -> cents by which its right side goes down, rounded away from nothing, as the input would have it.

    Of more money a share goes to the central buffer; the amount of a reserve is the same in every year.
    """
    moves = {i: _away(relaxed.moved[i]) for i in rows}
    for i in rows:
        if model.rows[i].place.rule == "reserve":
            same = [j for j in _same_amount(model, [i]) if _band(model.rows[j]) == _band(model.rows[i])]
            most = max((_away(relaxed.moved[j]) for j in same), key=abs)
            moves.update(dict.fromkeys(same, most))
    for i in [i for i in rows if model.rows[i].place.rule == "middelen" and moves[i] < 0]:
        t = model.rows[i].t
        moves[i] = -_before_buffer(model, t, -moves[i])
        extra = _buffer_of(model, t, -moves[i]) - _buffer_of(model, t, 0)
        for j, row in enumerate(model.rows):
            if row.place.rule == "buffer_centraal" and row.t == t and j not in moves:
                moves[j] = -extra
    return moves


def _away(units_moved: float) -> int:
    """Whole cents, away from nothing but for solver noise."""
    cents = ceil(abs(float(units_moved)) * CENTS_PER_UNIT - 0.01)
    return cents if units_moved > 0 else -cents


def _buffer_of(model: Model, t: int, extra: int) -> int:
    """The central buffer of a year with that much more money."""
    share = float(np.nan_to_num(model.problem.choices.buffer_share_t)[t])
    return half_up(exact(share) * (int(total_money(model.problem)[t]) + extra))


def _before_buffer(model: Model, t: int, cents: int) -> int:
    """The money that leaves that much after the central buffer took its share."""
    share = exact(float(np.nan_to_num(model.problem.choices.buffer_share_t)[t]))
    if share >= 1:
        return cents
    money = max(cents, ceil(cents / (1 - share)) - 2)
    while money - _buffer_of(model, t, money) + _buffer_of(model, t, 0) < cents:
        money += 1
    return money


def _loosen(model: Model, group: _Group, moves: Mapping[int, int]) -> str:
    amount = exact_euros(sum(abs(move) for move in moves.values()))
    areas = [model.rows[i].place.area for i in moves]
    if group.place.area is None and 1 < len(set(areas)) <= 2 * _MANY:
        amount = enumerated(
            [
                f"{exact_euros(abs(moves[i]))} voor {area_name(model.problem, model.rows[i].place.area)}"
                for i in moves
            ]
        )
    elif len(set(areas)) > 1:
        amount = f"samen {amount}"
    if group.place.rule == "reserve":
        rows = [model.rows[i] for i in moves]
        return f"{enumerated(list(dict.fromkeys(map(_reserve_verb, rows))))} met {amount}"
    title = rule(group.place.rule).title(model.problem, group.place)
    return f"{_verb(group.place.rule, sum(moves.values()))} {title} met {amount}"


def _reserve_verb(row: Row) -> str:
    if row.constraint.sense > 0:
        return "verlaag het minimum van de reserve"
    drawn = _band(row)[0].startswith("reserve_out")
    return f"verhoog {'de onttrekking per jaar uit' if drawn else 'het maximum van'} de reserve"


def _verb(name: str, change: float) -> str:
    """A right side that goes down was too high."""
    if name in ("groei_min", "groei_max", "groei_max_per_inwoner", "schuifruimte"):
        return "verruim"
    return "verlaag" if change > 0 else "verhoog"


def _in_conflict(system: _System, group: _Group, clash_rows: set[int]) -> RuleInConflict:
    """Of a rule that asks too much: what the others leave, and what it asks. Else what it allows, and what they ask."""
    relaxed = system.relax(group.rows, system.active) or system.relax(group.rows, clash_rows)
    if relaxed is None:
        stated = sum(round(system.side[i] * CENTS_PER_UNIT) for i in group.rows)
        return RuleInConflict(group.place, stated, stated)
    moves = _applied(system.model, relaxed, group.rows)
    rows = group.rows
    if group.place.rule == "reserve":
        rows = (max(group.rows, key=lambda i: abs(moves[i])),)
    stated = sum(system.stated(i, relaxed) for i in rows)
    other = stated - sum(moves[i] for i in rows)
    return RuleInConflict(group.place, min(stated, other), max(stated, other))


def clash_sentence(problem: Problem, clash: tuple[RuleInConflict, ...], repairs: list[Repair]) -> str:
    """The clash in one Dutch sentence with its amounts, and the cheapest way out in another."""
    titles = list(dict.fromkeys(rule(part.place.rule).title(problem, part.place) for part in clash))
    amounts = "; ".join(
        dict.fromkeys(
            f"{rule(part.place.rule).title(problem, part.place)}: "
            f"beschikbaar {exact_euros(part.have)}, nodig {exact_euros(part.need)}"
            for part in clash
        )
    )
    text = f"{capitalised(enumerated(titles))} kunnen niet samen ({amounts})."
    return f"{text} Kleinste oplossing: {repairs[0].sentence}" if repairs else text
