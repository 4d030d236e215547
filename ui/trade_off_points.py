"""The points of the trade-off, a few at a time; for use in a solver, so nothing heavy is imported here."""

from __future__ import annotations

from budget.plan import Plan
from optimiser.problem import Strategy
from optimiser.trade_offs import Point, under


def points_under(plan: Plan, strategies: tuple[Strategy, ...]) -> tuple[Point, ...]:
    """The plan under each of these strategies, as far as it has an answer. Raises `Contradiction`."""
    return tuple(under(plan.problem, strategies))
