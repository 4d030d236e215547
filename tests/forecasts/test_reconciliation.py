from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.reconciliation import Hierarchy, hierarchy_of

FOUR_DISTRICTS = hierarchy_of(("Noord", "Noord", "Zuid", "Zuid"))


def dense_solution(hierarchy: Hierarchy, forecasts: np.ndarray, variances: np.ndarray) -> np.ndarray:
    """Textbook weighted least squares: (S' W S)^-1 S' W y."""
    summing = hierarchy.add_up(np.eye(len(hierarchy.quarter_of)))
    weighted = summing.T / variances
    return np.linalg.solve(weighted @ summing, weighted @ forecasts)


@given(st.integers(0, 10**6), st.sampled_from([("N", "N", "Z", "Z"), ("", "N", "N", "Z", "Z"), ("", "", "")]))
def test_two_passes_over_the_tree_are_weighted_least_squares(seed: int, quarters: tuple[str, ...]) -> None:
    rng = np.random.default_rng(seed)
    hierarchy = hierarchy_of(quarters)
    coherent = hierarchy.add_up(rng.uniform(50, 100, (len(quarters), 3)))
    forecasts = coherent + rng.normal(0, 3, coherent.shape)
    variances = rng.uniform(0.5, 4.0, len(coherent))
    expected = dense_solution(hierarchy, forecasts, variances)
    assert hierarchy.reconcile(forecasts, variances) == pytest.approx(expected, rel=1e-6)


def test_the_difference_with_the_city_is_spread_by_variance() -> None:
    hierarchy = hierarchy_of(("", ""))
    forecasts = np.array([[100.0], [50.0], [159.0]])
    reconciled = hierarchy.reconcile(forecasts, np.array([2.0, 1.0, 1e-9]))
    assert reconciled[:, 0] == pytest.approx([100 + 9 * 2 / 3, 50 + 9 * 1 / 3])


def test_no_district_goes_below_nothing_and_the_total_stays() -> None:
    forecasts = np.array([[2.0], [90.0], [80.0]])
    reconciled = hierarchy_of(("", "")).reconcile(forecasts, np.array([50.0, 1.0, 1e-9]))
    assert reconciled[:, 0] == pytest.approx([0, 80])


def test_forecasts_that_already_add_up_are_left_alone() -> None:
    forecasts = FOUR_DISTRICTS.add_up(np.array([[10.0], [20.0], [30.0], [40.0]]))
    assert FOUR_DISTRICTS.reconcile(forecasts, np.ones(7))[:, 0] == pytest.approx([10, 20, 30, 40])


def test_a_quarter_of_one_district_is_left_out() -> None:
    assert hierarchy_of(("Noord", "Noord", "Zuid", "Zuid", "West")).n_quarters == 2
