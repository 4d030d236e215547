"""The points of the trade-off, a few at a time; for use in a solver, so nothing heavy is imported here."""

from __future__ import annotations

from budget.plan import Plan
from budget.trade_offs import points
from optimiser.problem import Strategy
from optimiser.trade_offs import Point


def points_under(plan: Plan, strategies: tuple[Strategy, ...]) -> tuple[Point, ...]:
    """The plan under each of these strategies, as far as it has an answer."""
    return tuple(points(plan.problem, strategies))
