"""Order-free shares of a change: what every driver did to every area budget, whatever the order they are told in.

A driver (need, price, money ...) has its value of the plan or that of the year before. For a coalition S of drivers,
v(S) is the allocation in which those in S have their value of the plan and the others that of the year before:
every stage, the unique answer, before it is rounded to cents. The share of driver i is its effect averaged over all
orders in which the drivers can change (Shapley 1953), n the number of drivers:

    phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! * (v(S + i) - v(S))

so that the shares add up to v(all) - v(none), a driver that changes nothing has share 0, and areas that are alike in
everything have the same shares. Some coalitions contradict themselves (a lock without the money that came with it).
There the drivers that give way leave, as few as possible: rules that cannot hold yet do not count yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np

from optimiser.allocate import best_amounts, refuse_unmeetable_contracts, solvable
from optimiser.allocation import Contradiction
from optimiser.model import CENTS_PER_UNIT
from optimiser.order import neutral_order, reordered
from optimiser.problem import FloatArray, Problem
from optimiser.solver import NotSolved
from optimiser.whatif import head_start

Coalition = frozenset[str]
ProblemOf = Callable[[Coalition], Problem]


@dataclass(frozen=True)
class Game:
    """What the area budgets (d, t), in cents, are for every coalition of the drivers."""

    drivers: tuple[str, ...]
    values: Mapping[Coalition, FloatArray]
    replaced: Mapping[Coalition, Coalition]
    """Coalitions without an answer, and the smaller one whose answer stands in."""

    @property
    def start(self) -> FloatArray:
        """(d, t) nothing has changed yet."""
        return self.values[frozenset()]

    @property
    def end(self) -> FloatArray:
        """(d, t) everything has changed."""
        return self.values[frozenset(self.drivers)]

    def shares(self) -> dict[str, FloatArray]:
        """Driver -> (d, t) its share of the change, in cents."""
        return shapley(self.drivers, self.values)


def active(problem_of: ProblemOf, drivers: tuple[str, ...]) -> tuple[str, ...]:
    """The drivers that change anything at all; each changes parts of the problem of its own."""
    nothing = _content(problem_of(frozenset()))
    return tuple(driver for driver in drivers if _content(problem_of(frozenset({driver}))) != nothing)


def play(problem_of: ProblemOf, drivers: tuple[str, ...], giving_way: tuple[str, ...]) -> Game:
    """Allocate for every coalition of the drivers: 2^n allocations.

    `giving_way`: the drivers that leave a coalition that contradicts itself. Raises Contradiction or NotSolved where
    even the others have no answer.
    """
    values: dict[Coalition, FloatArray] = {}
    replaced: dict[Coalition, Coalition] = {}
    for coalition in coalitions(drivers):
        try:
            values[coalition] = area_budgets(problem_of(coalition))
        except (Contradiction, NotSolved):
            smaller = [coalition - {name} for name in giving_way if name in coalition]
            if not smaller:
                raise
            replaced[coalition] = min(smaller, key=lambda candidate: candidate in replaced)
            values[coalition] = values[replaced[coalition]]
    return Game(drivers, values, replaced)


def _content(value: Any) -> object:
    """Everything a problem holds, to compare it with another."""
    if isinstance(value, np.ndarray):
        return value.shape, value.tobytes()
    if is_dataclass(value):
        return tuple(_content(getattr(value, field.name)) for field in fields(value))
    return tuple(map(_content, value)) if isinstance(value, tuple) else value


def coalitions(drivers: tuple[str, ...]) -> Iterator[Coalition]:
    """Every set of drivers, the smallest first.

    >>> [sorted(coalition) for coalition in coalitions(("a", "b"))]
    [[], ['a'], ['b'], ['a', 'b']]
    """
    for size in range(len(drivers) + 1):
        yield from map(frozenset, combinations(drivers, size))


def shapley(drivers: tuple[str, ...], values: Mapping[Coalition, FloatArray]) -> dict[str, FloatArray]:
    """The share of every driver in values[all] - values[none], its effect averaged over all orders.

    >>> alone = {frozenset(): 0.0, frozenset("a"): 6.0, frozenset("b"): 0.0, frozenset("ab"): 10.0}
    >>> shares = shapley(("a", "b"), {s: np.array(v) for s, v in alone.items()})
    >>> {driver: float(share) for driver, share in shares.items()}
    {'a': 8.0, 'b': 2.0}
    """
    n = len(drivers)
    found = {}
    for driver in drivers:
        share = np.zeros_like(values[frozenset()], dtype=np.float64)
        for without in coalitions(tuple(other for other in drivers if other != driver)):
            weight = factorial(len(without)) * factorial(n - len(without) - 1) / factorial(n)
            share += weight * (values[without | {driver}] - values[without])
        found[driver] = share
    return found


def area_budgets(problem: Problem) -> FloatArray:
    """(d, t) the area budgets of the unique best answer, in cents, before they are made whole.

    Raises Contradiction or NotSolved.
    """
    order = neutral_order(problem)
    model, live = solvable(reordered(problem, order), head_start)
    amounts = best_amounts(model, live).amounts
    refuse_unmeetable_contracts(model, amounts)
    n_areas, _, n_years = problem.shape
    cents = np.array([amounts[column.index] for column in model.ceiling.values()]) * CENTS_PER_UNIT
    return cents.reshape(n_areas, n_years)[np.argsort(order)]
