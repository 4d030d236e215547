"""How certain an allocation is, over the futures of the problem: chances, the buffer they ask for, its price.

Everything here is counting over the scenarios; nothing is solved. Raises ValueError without scenarios.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimiser.allocation import Allocation
from optimiser.problem import Cents, FloatArray, Problem


def chance_within(problem: Problem, allocation: Allocation) -> FloatArray:
    """(d, t) the chance that the cost of support stays within the area budget less its prevention."""
    room = allocation.ceilings - allocation.prevention.sum(axis=1)
    within = _costs(problem, allocation).sum(axis=1) <= room[:, :, None]
    return np.asarray(within.mean(axis=2), dtype=np.float64)


def overspending(problem: Problem, allocation: Allocation) -> FloatArray:
    """(t, k) per future, what all areas together spend above their budgets, in cents: what a buffer is for."""
    room = allocation.ceilings - allocation.prevention.sum(axis=1)
    above = np.maximum(_costs(problem, allocation).sum(axis=1) - room[:, :, None], 0.0)
    return np.asarray(above.sum(axis=0), dtype=np.float64)


def buffer_for(problem: Problem, allocation: Allocation, confidence: float) -> Cents:
    """(t) the central buffer, in cents, that covers the overspending of the areas with this confidence."""
    enough = np.quantile(overspending(problem, allocation), confidence, axis=1, method="higher")
    return np.asarray(np.ceil(enough), dtype=np.int64)


def price_of_certainty(problem: Problem, allocation: Allocation, confidences: Sequence[float]) -> FloatArray:
    """(n - 1, t) cents of buffer per extra point (1 %) of confidence, from each confidence to the next."""
    buffers = np.array([buffer_for(problem, allocation, confidence) for confidence in confidences])
    points = 100.0 * np.diff(np.asarray(confidences, dtype=np.float64))
    return np.asarray(np.diff(buffers, axis=0) / points[:, None], dtype=np.float64)


def _costs(problem: Problem, allocation: Allocation) -> FloatArray:
    """(d, s, t, k) cost in each future after what prevention saves."""
    if problem.scenarios is None:
        raise ValueError("no scenarios: only the expected claims are known")
    saved = problem.claims - allocation.claims_after
    return np.maximum(problem.scenarios - saved[..., None], 0.0)
