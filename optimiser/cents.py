"""Whole cents that keep every rule, exactly.

First the margins are handed back (see `margins`). Then year by year, in order: each amount may move a few cents up
or down from the nearest cent. The rows of the programme that state rules are read back in exact arithmetic, with the
years before filled in; the smallest total move that satisfies them all, with no more shortfall than need be, is a
small network problem (area within total, contract within stream within total), so its optimum is whole by itself.
Shares (a minimum of 3 % for prevention) are not network rows: where the optimum is not whole, the same problem is
solved as an integer programme. Where a year finds no answer under the cents of the years before, all years are
rounded at once (see `whole_years`). Where even that finds none, the shares give way by a cent or a few, and the audit
of the plan shows it. Nothing else touches the result.

A budget stays within what is left of its claim. The one exception, rare: prevention saved part of the claim away,
and the plan stands on ring-fenced money that has no other place; then the budget stays within the claim before savings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from math import ceil, inf

import numpy as np
import numpy.typing as npt

from optimiser.arithmetic import basic_package, claims_after_savings, savings_of
from optimiser.margins import HandedBack, margins_handed_back
from optimiser.model import CENTS_PER_UNIT, DISCOUNT, Model
from optimiser.moves import Basic, smallest_moves, whole_row
from optimiser.problem import Cents
from optimiser.solver import FloatVector, NotSolved
from optimiser.whole_years import whole_together

_REACH = (1, 4, 40, 400)
"""How many cents an amount may move; the next only where the one before has no answer."""
_TOGETHER = 4
"""The same, where all years are rounded at once."""
_HELD = 4
"""How many cents prevention may move that saves in the year it is spent."""
_GIVE = (0, 1, 4)
"""Cents by which a bound that is a share of an amount may give way; above 0 only where nothing else has an answer."""


class NoWholeCents(NotSolved):
    """No whole amounts near the optimum satisfy every rule; the message names the year."""


def whole_cents(model: Model, values: FloatVector) -> npt.NDArray[np.int64]:
    """The columns (k€, at an optimum) in whole cents; only columns that are decisions are filled, others 0."""
    wanted = margins_handed_back(model, values)
    for handed in (wanted, wanted.as_programmed()):
        with suppress(NoWholeCents):
            return _year_by_year(model, handed)
    together = whole_together(model, wanted.as_programmed(), _TOGETHER)
    if together is not None:
        return together
    return _year_by_year(model, wanted.as_programmed(), _GIVE)


def _year_by_year(model: Model, handed: HandedBack, gives: Sequence[int] = ()) -> npt.NDArray[np.int64]:
    """`gives`: cents by which shares may give way, and budgets then stay within the claim before savings only."""
    cents = np.zeros(len(handed.target), dtype=np.int64)
    for t in range(len(model.problem.years)):
        _round_year(model, handed, cents, t, gives)
    return cents


def prevention_of(model: Model, cents: npt.NDArray[np.int64]) -> Cents:
    """(d, p, t) prevention from its segment columns."""
    n_areas, _, n_years = model.problem.shape
    spent = np.zeros((n_areas, len(model.problem.programmes), n_years), dtype=np.int64)
    for (d, p, _, t), column in model.prevention.items():
        spent[d, p, t] += cents[column.index]
    return spent


def _round_year(
    model: Model, handed: HandedBack, cents: npt.NDArray[np.int64], t: int, gives: Sequence[int]
) -> None:
    target = handed.target
    columns = [i for i, year in enumerate(model.column_year) if year == t and model.column_whole[i]]
    position = {column: i for i, column in enumerate(columns)}
    wanted = target[columns]
    left = _claims_left(model, target, cents, t)
    low, high = _bounds(model, columns, position, left, t)
    basics, unspent = _basics(model, left, position, handed.unit, t), position[model.unspent[t].index]
    limits, drawn = _at_their_limit(model, handed, position, t), _reserves_drawn(model, position, t)
    held = _held_prevention(model, position, t)
    above = np.maximum(high, np.ceil(wanted))
    for give, still, most in _attempts(model, position, held, high, above, gives, t):
        base = np.clip(np.rint(wanted), low, most)
        rows = [whole_row(row, cents, position, base, give) for row in model.rows if row.t == t and row.whole]
        for reach in _REACH:
            least, top = np.maximum(low, base - reach), np.minimum(most, base + reach)
            least[still], top[still] = base[still], base[still]
            if not still:
                least[held] = np.maximum(least[held], base[held] - _HELD)
                top[held] = np.minimum(top[held], base[held] + _HELD)
            least[unspent], top[unspent] = low[unspent], most[unspent]
            moves = smallest_moves(
                rows, base, wanted, least, top, basics, [unspent, *drawn], limits, handed.later[columns]
            )
            if moves is not None:
                cents[columns] = (base + moves).astype(np.int64)
                return
    raise NoWholeCents(f"{model.problem.years[t]}")


def _attempts(
    model: Model,
    position: dict[int, int],
    held: list[int],
    high: FloatVector,
    above: FloatVector,
    gives: Sequence[int],
    t: int,
) -> Iterator[tuple[int, list[int], FloatVector]]:
    """By how much shares give way, what is held still, and the most per column; the next where one has no answer."""
    for give in gives or (0,):
        yield give, held, high
        if held:
            yield give, [], _room_for_savings(model, position, high, t)
        if gives:
            yield give, held, above


def _claims_left(model: Model, target: FloatVector, cents: npt.NDArray[np.int64], t: int) -> Cents:
    """(d, s) what is left of the claims of year t, with the prevention of that year at its nearest cents."""
    spent = cents.copy()
    for (_, _, _, year), column in model.prevention.items():
        if year == t:
            spent[column.index] = round(target[column.index])
    left: Cents = claims_after_savings(model.problem, savings_of(model.problem, prevention_of(model, spent)))
    return left[:, :, t]


def _bounds(
    model: Model, columns: Sequence[int], position: dict[int, int], left: Cents, t: int
) -> tuple[FloatVector, FloatVector]:
    """Least and most per column: a budget is at most what is left of its claim, unless something may ask for more."""
    problem = model.problem
    low = np.zeros(len(columns))
    high = np.array([_whole_bound(model.columns[i].most) for i in columns])
    for (d, s, year), column in model.x.items():
        if year == t and (d, s, t) not in model.extra:
            high[position[column.index]] = int(left[d, s])
    for (s, year), column in model.city.items():
        if year == t and (s, t) not in model.city_extra:
            high[position[column.index]] = int(problem.city_claims[s, t])
    return low, high


def _whole_bound(bound: float) -> float:
    return bound if bound == inf else float(round(bound * CENTS_PER_UNIT))


def _held_prevention(model: Model, position: dict[int, int], t: int) -> list[int]:
    """Columns whose cents decide a claim of the same year."""
    return [
        position[column.index]
        for (_, p, _, year), column in model.prevention.items()
        if year == t and model.problem.programmes[p].lag == 0
    ]


def _room_for_savings(model: Model, position: dict[int, int], high: FloatVector, t: int) -> FloatVector:
    """`high`, less what prevention of the same year may save more when it moves a few cents."""
    room = high.copy()
    for (d, s, year), column in model.x.items():
        saves = model.savings(d, s, t) if year == t else []
        slopes = [slope for spent, slope in saves if spent.index in position]
        if any(slopes):
            i = position[column.index]
            room[i] = max(0.0, room[i] - ceil(_HELD * sum(map(abs, slopes)) + 1))
    return room


def _basics(model: Model, left: Cents, position: dict[int, int], unit: float, t: int) -> list[Basic]:
    """The basic packages of year t, with what a cent below them costs: the first goal of every strategy."""
    problem = model.problem
    weight = unit * DISCOUNT**t * problem.priority
    basic = basic_package(left, problem.basic_share[:, :, t])
    city_basic = basic_package(problem.city_claims, problem.city_basic_share)
    areas = [
        Basic(position[column.index], int(basic[d, s]), float(weight[s]))
        for (d, s, year), column in model.x.items()
        if year == t
    ]
    return areas + [
        Basic(position[column.index], int(city_basic[s, t]), float(weight[s]))
        for (s, year), column in model.city.items()
        if year == t
    ]


def _at_their_limit(model: Model, handed: HandedBack, position: dict[int, int], t: int) -> dict[int, int]:
    """Position of area budgets that a margin had stopped -> +1 under a roof, -1 above a floor."""
    return {
        position[model.ceiling[d, year].index]: direction
        for (d, year), direction in handed.limits.items()
        if year == t
    }


def _reserves_drawn(model: Model, position: dict[int, int], t: int) -> list[int]:
    return [position[column.index] for (_, year), column in model.reserve_out.items() if year == t]
