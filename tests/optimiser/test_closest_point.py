"""The unique answer: two methods that know nothing of each other find the same closest point."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from optimiser.quadratic import Polytope, by_daqp, by_highs, closest_point
from optimiser.solver import NotSolved

FREE = np.inf


def triangle(total: float, *most: float) -> Polytope:
    """Non-negative amounts that add up."""
    n = len(most)
    return Polytope(
        csr_matrix(np.ones((1, n))), np.array([total]), np.array([total]), np.zeros(n), np.array(most)
    )


def test_money_is_shared_in_proportion_to_the_references_where_nothing_else_binds() -> None:
    target = np.array([1.0, 2.0, 3.0])
    point = closest_point(triangle(12, FREE, FREE, FREE), 1 / target, target)
    assert point == pytest.approx([2, 4, 6], abs=1e-7)


def test_a_full_column_passes_its_share_to_the_others() -> None:
    target = np.array([1.0, 2.0, 3.0])
    point = closest_point(triangle(12, 1.5, FREE, FREE), 1 / target, target)
    assert point == pytest.approx([1.5, 10.5 * 2 / 5, 10.5 * 3 / 5], abs=1e-7)


def test_columns_without_weight_only_give_room() -> None:
    polytope = triangle(12, FREE, FREE, 2.0)
    point = closest_point(polytope, np.array([1.0, 1.0, 0.0]), np.array([1.0, 1.0, 0.0]))
    assert point[:2] == pytest.approx([5, 5], abs=1e-7)


def test_rows_that_say_the_same_thing_twice_do_no_harm() -> None:
    one = triangle(12, FREE, FREE, FREE)
    twice = Polytope(csr_matrix(np.ones((2, 3))), np.full(2, 12.0), np.full(2, 12.0), one.low, one.high)
    target = np.array([1.0, 2.0, 3.0])
    assert by_daqp(twice, 1 / target, target) == pytest.approx([2, 4, 6], abs=1e-9)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), weightless=st.integers(0, 3))
def test_two_solvers_find_the_same_point_to_a_thousandth_of_a_cent(seed: int, weightless: int) -> None:
    r = np.random.default_rng(seed)
    n, m = 8, 5
    inside = r.uniform(0, 3, n)
    matrix = csr_matrix(r.integers(-1, 2, (m, n)).astype(float))
    middle = matrix @ inside
    polytope = Polytope(
        matrix, middle - r.uniform(0, 1, m), middle + r.uniform(0, 1, m), np.zeros(n), inside + 1
    )
    target, weight = r.uniform(0, 5, n), r.uniform(0.2, 3, n)
    weight[:weightless] = 0
    found = by_highs(polytope, weight, target)
    assume(found is not None)
    assert by_daqp(polytope, weight, target)[weightless:] == pytest.approx(
        np.array(found)[weightless:], abs=1e-8
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_from_the_closest_point_of_a_degenerate_face_no_step_comes_closer(seed: int) -> None:
    r = np.random.default_rng(seed)
    n, m = 10, 6
    corner = r.integers(0, 3, n).astype(float)
    matrix = r.integers(-1, 2, (m, n)).astype(float)
    matrix = csr_matrix(np.vstack([matrix, matrix[:3], matrix[:2].sum(axis=0)]))
    sides = matrix @ corner
    roomy = r.integers(0, 2, len(sides)).astype(float)
    polytope = Polytope(matrix, sides, sides + roomy, np.minimum(corner, 1.0), corner + r.integers(0, 2, n))
    target, weight = r.uniform(0, 5, n), r.uniform(0.2, 3, n) * (r.uniform(size=n) < 0.8)
    point = closest_point(polytope, weight, target)
    uphill = weight * (point - target)
    whole = csr_matrix(np.vstack([matrix.toarray(), -matrix.toarray()]))
    steepest = linprog(
        uphill,
        A_ub=whole,
        b_ub=np.concatenate([polytope.row_high, -polytope.row_low]),
        bounds=np.stack([polytope.low, polytope.high], axis=1),
    )
    weighted = np.where(weight > 0, point, steepest.x)
    assert uphill @ weighted <= steepest.fun + 1e-7


def test_a_face_that_is_not_there_is_told() -> None:
    target = np.array([1.0, 2.0])
    with pytest.raises(NotSolved):
        by_daqp(triangle(12, 1.0, 2.0), 1 / target, target)
