"""From columns in whole cents to an allocation: everything else follows by arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from optimiser.allocation import Allocation, Stage
from optimiser.arithmetic import (
    basic_package,
    central_buffer,
    claims_after_savings,
    in_segments,
    savings_of,
)
from optimiser.cents import prevention_of
from optimiser.model import Column, Model
from optimiser.payments import payments
from optimiser.problem import Cents
from optimiser.solver import used_solver


def read_allocation(model: Model, cents: npt.NDArray[np.int64], stages: tuple[Stage, ...]) -> Allocation:
    """The answer in the order of the model, without its reasons yet."""
    problem = model.problem
    n_areas, n_streams, n_years = problem.shape
    budgets = _gathered(model.x, cents, (n_areas, n_streams, n_years))
    city = _gathered(model.city, cents, (n_streams, n_years))
    free = _gathered(model.free, cents, (n_areas, n_years))
    reserve_in = _gathered(model.reserve_in, cents, (len(problem.reserves), n_years))
    reserve_out = _gathered(model.reserve_out, cents, (len(problem.reserves), n_years))
    buffer, prevention = central_buffer(problem), prevention_of(model, cents)
    savings, given = savings_of(problem, prevention), problem.reinvestment
    reinvested = np.zeros_like(in_segments(problem, prevention)) if given is None else given.spent
    claims_after = claims_after_savings(problem, savings)
    basic = basic_package(claims_after, problem.basic_share)
    city_basic = basic_package(problem.city_claims, problem.city_basic_share)
    other = buffer + prevention.sum(axis=(0, 1)) + free.sum(axis=0) + reserve_in.sum(axis=0)
    use, unspent = payments(problem, budgets.sum(axis=0) + city, other, reserve_out.sum(axis=0))
    return Allocation(
        budgets=budgets,
        prevention=prevention,
        reinvested=reinvested,
        free=free,
        city=city,
        unspent=unspent,
        buffer=buffer,
        reserve_in=reserve_in,
        reserve_out=reserve_out,
        source_use=use,
        savings=savings if given is None else savings + given.saved,
        claims_after=claims_after,
        basic=basic,
        shortfall=np.maximum(basic - budgets, 0),
        city_basic=city_basic,
        city_shortfall=np.maximum(city_basic - city, 0),
        causes={},
        shadow_prices=(),
        stages=stages,
        solver=used_solver(),
    )


def _gathered(columns: Mapping[Any, Column], cents: npt.NDArray[np.int64], shape: tuple[int, ...]) -> Cents:
    amounts = np.zeros(shape, dtype=np.int64)
    for place, column in columns.items():
        amounts[place] = cents[column.index]
    return amounts
