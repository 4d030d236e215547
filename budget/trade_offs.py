"""What the same money would do under other strategies, and what knowing more would be worth: beside one plan.

Every point is a strategy, and planned as the plan is, surpluses reinvested: planning again with that strategy gives the
point's figures to the cent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from budget.plan import Plan
from budget.reinvestment import rounds
from optimiser.allocation import Contradiction
from optimiser.measures import Measures, measured
from optimiser.plain_formula import formula_in_pace, plain_formula
from optimiser.problem import Problem, Strategy
from optimiser.solver import LiveModel, NotSolved
from optimiser.trade_offs import Point, Worth, frontier, presets, without_pace, worth_of_halving

_STEPS = ((1_000, 25), (5_000, 50))
"""Up to so many cells (areas x streams x years): the step of the weights, in percent."""


@dataclass(frozen=True)
class TradeOffs:
    """The plan, other strategies with the same claims, money and rules, and a plain formula with the same money."""

    plan: Measures
    presets: tuple[Point, ...]
    points: tuple[Point, ...]
    """Free weights; empty where the municipality is too large for a frontier beside its plan."""
    formula: Measures
    too_fast: int
    """Area-years in which the formula breaks a pace rule."""
    in_pace: Measures | None
    """The formula within the pace rules: with `plan`, what the optimiser adds. None where there are no such rules."""
    at_any_pace: Measures | None
    """The plan without its pace rules: with `plan`, what those cost. None where there are none."""
    worth: tuple[Worth, ...]
    """Per stream, at the confidence of the plan's strategy; empty without futures."""


def weigh(plan: Plan) -> TradeOffs:
    """Every strategy but the plan's own is planned again with the demand of the plan."""
    problem, formula = plan.problem, plain_formula(plan.problem)
    own = Point(problem.strategy, plan.allocation, measured(problem, plan.allocation))
    step = _step(problem)
    named, mixed = presets(problem), frontier(problem, step) if step else []
    others = [strategy for strategy in (*named, *mixed) if strategy != own.strategy]
    found = {point.strategy: point for point in (own, *points(problem, others))}
    freed = without_pace(problem)
    free = None if freed is None else next(points(freed, [problem.strategy]), None)
    return TradeOffs(
        plan=own.measures,
        presets=tuple(found[strategy] for strategy in named if strategy in found),
        points=tuple(found[strategy] for strategy in mixed if strategy in found),
        formula=measured(problem, formula),
        too_fast=formula.too_fast,
        in_pace=None if freed is None else measured(problem, formula_in_pace(problem)),
        at_any_pace=None if free is None else free.measures,
        worth=()
        if problem.scenarios is None
        else worth_of_halving(problem, plan.allocation, problem.strategy.confidence),
    )


def points(problem: Problem, strategies: Sequence[Strategy]) -> Iterator[Point]:
    """The plan of the problem under each of these strategies.

    A strategy under which there is no answer (a contract that its order of goals cannot meet) is left out.
    """
    like: LiveModel | None = None
    for strategy in strategies:
        with suppress(Contradiction, NotSolved):
            *_, found = rounds(replace(problem, strategy=strategy, reinvestment=None), like)
            like = found.live
            yield Point(strategy, found.allocation, measured(found.problem, found.allocation))


def _step(problem: Problem) -> int:
    n_areas, n_streams, n_years = problem.shape
    return next((step for most, step in _STEPS if n_areas * n_streams * n_years <= most), 0)
