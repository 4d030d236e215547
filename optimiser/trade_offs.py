"""What one goal costs in another: strategies side by side, a frontier, the pace given up, and what knowing is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimiser.allocation import Allocation
from optimiser.certainty import Divided, buffer_for
from optimiser.measures import Measures, losses, mean_of_worst
from optimiser.problem import STRATEGIES, Cents, Problem, Strategy, mixed


@dataclass(frozen=True)
class Point:
    """What one strategy gives with the same claims, money and rules."""

    strategy: Strategy
    allocation: Allocation
    """Without shadow prices and proof."""
    measures: Measures


def presets(problem: Problem) -> list[Strategy]:
    """The named strategies, with the risk weight and confidence of the problem's own: the ends of the frontier."""
    return _as_sure(problem, STRATEGIES)


def frontier(problem: Problem, step: int = 25) -> list[Strategy]:
    """Between the ends: compromises of shortage risk, equal cover and prevention, weights in steps of `step` percent.

    With n = 100 / step there are (n + 1)(n + 2) / 2 - 3 of them.
    """
    grid = range(100, -1, -step)
    every = (mixed(risk, cover, 100 - risk - cover) for risk in grid for cover in grid if risk + cover <= 100)
    return _as_sure(problem, [strategy for strategy in every if max(strategy.weights) < 1])


def _as_sure(problem: Problem, strategies: Sequence[Strategy]) -> list[Strategy]:
    own = problem.strategy
    return [
        replace(strategy, risk_weight=own.risk_weight, confidence=own.confidence) for strategy in strategies
    ]


def without_pace(problem: Problem) -> Problem | None:
    """The problem without its pace rules, which tells what going slowly costs; None where there are none."""
    choices = problem.choices
    paces = (choices.max_fall_dt, choices.max_growth_dt, choices.max_growth_per_head_dt)
    if all(np.isnan(pace).all() for pace in paces):
        return None
    fall, growth, per_head = (np.full_like(pace, np.nan) for pace in paces)
    free = replace(choices, max_fall_dt=fall, max_growth_dt=growth, max_growth_per_head_dt=per_head)
    return replace(problem, choices=free)


@dataclass(frozen=True)
class Worth:
    """What it would be worth to know one stream twice as well, with the budgets as they are; cents."""

    stream: str
    buffer: Cents
    """(t) the buffer for the stated confidence that is no longer needed."""
    risk: int
    """By how much the mean lack of the worst tenth of the futures falls, all years."""


def worth_of_halving(problem: Problem, division: Divided, confidence: float) -> tuple[Worth, ...]:
    """Per stream: every future half as far from the mean of the futures. Raises ValueError without scenarios."""
    buffer = buffer_for(problem, division, confidence)
    risk = mean_of_worst(losses(problem, division))
    found = []
    for s, stream in enumerate(problem.streams):
        known = _half_as_uncertain(problem, s)
        less = buffer - buffer_for(known, division, confidence)
        found.append(Worth(stream, less, round(risk - mean_of_worst(losses(known, division)))))
    return tuple(found)


def _half_as_uncertain(problem: Problem, s: int) -> Problem:
    assert problem.scenarios is not None
    areas = problem.scenarios.copy()
    areas[:, s] = (areas[:, s] + areas[:, s].mean(axis=-1, keepdims=True)) / 2
    city = None if problem.city_scenarios is None else problem.city_scenarios.copy()
    if city is not None:
        city[s] = (city[s] + city[s].mean(axis=-1, keepdims=True)) / 2
    return replace(problem, scenarios=areas, city_scenarios=city)
