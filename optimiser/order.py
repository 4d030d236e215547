"""The same municipality in an order that does not depend on names.

Districts are sorted by their numbers, and by code only where two districts are the same in everything. What the
solver sees is then identical however the districts are called or listed, and so is every cent of the answer.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from optimiser.allocation import Allocation
from optimiser.problem import Contract, Problem, Programme, Reinvestment

_PER_AREA = ("claims", "basic_share", "norm", "inhabitants", "last_budget", "last_ceiling")


def neutral_order(problem: Problem) -> npt.NDArray[np.int64]:
    """Positions of the districts, sorted by their data."""

    limited: list[Programme | Contract] = [*problem.programmes, *problem.contracts]

    arrays = [getattr(problem, name) for name in _PER_AREA]
    arrays += [
        getattr(problem.choices, field.name)
        for field in fields(problem.choices)
        if field.name.endswith(("_dt", "_dst"))
    ]
    if problem.reinvestment is not None:
        arrays += [problem.reinvestment.spent, problem.reinvestment.kept]
    if problem.scenarios is not None:
        arrays.append(np.square(problem.scenarios).mean(axis=-1))
    flat = [array.reshape(len(problem.areas), -1).astype(np.float64) for array in arrays]
    numbers = np.nan_to_num(np.concatenate(flat, axis=1), nan=-1.0).tolist()

    def key(d: int) -> tuple[object, ...]:
        code = problem.areas[d]
        return numbers[d], tuple(code in part.areas for part in limited), code

    return np.array(sorted(range(len(problem.areas)), key=key), dtype=np.int64)


def reordered(problem: Problem, order: npt.NDArray[np.int64]) -> Problem:
    """The problem with its districts in the given order."""
    choices = replace(
        problem.choices,
        **{
            field.name: getattr(problem.choices, field.name)[order]
            for field in fields(problem.choices)
            if field.name.endswith(("_dt", "_dst"))
        },
    )
    arrays: dict[str, Any] = {name: getattr(problem, name)[order] for name in _PER_AREA}
    if problem.scenarios is not None:
        arrays["scenarios"] = problem.scenarios[order]
    if problem.reinvestment is not None:
        given = problem.reinvestment
        arrays["reinvestment"] = Reinvestment(
            given.spent[order], given.saved[order], given.kept[order], given.in_claims
        )
    return replace(
        problem,
        areas=tuple(problem.areas[d] for d in order),
        area_names=tuple(problem.area_names[d] for d in order),
        choices=choices,
        **arrays,
    )


def in_the_order_of_the_input(allocation: Allocation, order: npt.NDArray[np.int64]) -> Allocation:
    """The answer with its districts back where they were."""
    return _with_areas(allocation, np.argsort(order))


def in_the_order_of_the_model(allocation: Allocation, order: npt.NDArray[np.int64]) -> Allocation:
    """The answer with its districts as `reordered` has them."""
    return _with_areas(allocation, order)


def _with_areas(allocation: Allocation, order: npt.NDArray[np.int64]) -> Allocation:
    per_area = (
        *("budgets", "prevention", "reinvested", "free"),
        *("savings", "claims_after", "basic", "shortfall"),
    )
    return replace(allocation, **{name: getattr(allocation, name)[order] for name in per_area})
