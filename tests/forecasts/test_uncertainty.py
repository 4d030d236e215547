"""Past errors and joint futures: how wide, how alike, how honest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasts.futures import Futures, blocks_of, city_fortunes
from forecasts.past_errors import ErrorModel, learn_errors
from forecasts.scores import crps, inside, naive_scale


def shocks_of(model: ErrorModel, n_draws: int, rng: np.random.Generator) -> np.ndarray:
    """Deviations of the first stream, (districts, horizon, draws)."""
    city = rng.standard_normal((len(model.common), n_draws), dtype=np.float32)
    futures = Futures(model, city, rng)
    districts = np.arange(model.own_scale.shape[1])
    return np.concatenate([futures.shocks(0, block, rng) for block in blocks_of(districts)])


def wandering_errors(rng: np.random.Generator, common: float, n_origins: int = 6) -> np.ndarray:
    """Errors (origins, 1 stream, 60 districts, 24 months) of random walks of which a part is shared."""
    own = rng.normal(0, 1, (n_origins, 1, 60, 24)).cumsum(axis=3)
    shared = rng.normal(0, 1, (n_origins, 1, 1, 24)).cumsum(axis=3)
    return 5 * (np.sqrt(1 - common) * own + np.sqrt(common) * shared)


def test_the_width_of_a_yearly_sum_is_that_of_past_yearly_sums() -> None:
    rng = np.random.default_rng(0)
    model = learn_errors(wandering_errors(rng, 0.0, 12), np.full((1, 60), 100.0), 12, 24)
    shocks = shocks_of(model, 400, rng)
    actual = wandering_errors(rng, 0.0, 40)[:, 0]
    widths = shocks[:, :12].mean(axis=1).std(), actual[:, :, :12].mean(axis=2).std()
    assert widths[0] == pytest.approx(widths[1], rel=0.2)


def test_what_districts_have_in_common_widens_the_city() -> None:
    rng = np.random.default_rng(0)
    level = np.full((1, 60), 100.0)
    widths = []
    for common in (0.0, 0.6):
        model = learn_errors(wandering_errors(rng, common), level, 12, 12)
        widths.append(shocks_of(model, 400, rng).mean(axis=(0, 1)).std())
    assert widths[1] > 2 * widths[0]


def test_independent_noise_averages_out_over_a_year() -> None:
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 5, (6, 1, 60, 24))
    shocks = shocks_of(learn_errors(noise, np.full((1, 60), 100.0), 12, 12), 400, rng)
    assert shocks.mean(axis=1).std() < 0.5 * shocks.std()


def test_deviations_have_mean_zero_and_reach_beyond_the_tested_horizon() -> None:
    rng = np.random.default_rng(0)
    model = learn_errors(wandering_errors(rng, 0.3)[..., :12], np.full((1, 60), 100.0), 12, 60)
    shocks = shocks_of(model, 200, rng)
    assert shocks.mean(axis=2) == pytest.approx(0, abs=1e-4)
    assert shocks[:, -1].std() > 1.5 * shocks[:, 11].std()


def test_without_a_past_the_width_grows_with_size() -> None:
    untested = np.full((0, 2, 3, 1), np.nan)
    model = learn_errors(untested, np.array([[10.0, 100.0, 1000.0]] * 2), 12, 12)
    assert np.all(np.diff(model.own_scale[0]) > 0)
    assert model.own_scale[0, 2] == pytest.approx(np.sqrt(1000 + (0.1 * 1000) ** 2))


def test_the_interval_of_honest_samples_covers_what_it_says() -> None:
    rng = np.random.default_rng(0)
    draws, actual = rng.normal(0, 1, (4000, 400)), rng.normal(0, 1, 4000)
    assert inside(draws, actual, 0.8).mean() == pytest.approx(0.8, abs=0.02)
    assert inside(draws, actual, 0.95).mean() == pytest.approx(0.95, abs=0.02)


def test_crps_rewards_the_honest_width() -> None:
    rng = np.random.default_rng(0)
    actual = rng.normal(0, 1, 2000)
    honest, narrow, wide = (
        crps(rng.normal(0, width, (2000, 200)), actual).mean() for width in (1.0, 0.3, 3.0)
    )
    assert honest < min(narrow, wide)
    assert crps(np.full((1, 10), 4.0), np.array([7.0]))[0] == pytest.approx(abs(4 - 7))


def test_the_naive_scale_of_a_flat_series_is_not_zero() -> None:
    assert naive_scale(np.full((1, 24), 50.0), 12)[0] == pytest.approx(0.01 * 50)


def test_a_past_without_any_error_is_no_promise() -> None:
    nothing_missed = np.full((6, 1, 3, 12), 1e-13)
    model = learn_errors(nothing_missed, np.array([[100.0, 200.0, 400.0]]), 12, 12)
    assert shocks_of(model, 200, np.random.default_rng(0))[0].std() > 1


def test_a_stream_tested_once_leans_on_the_others() -> None:
    rng = np.random.default_rng(0)
    errors = rng.normal(0, 10, (6, 2, 40, 12))
    errors[:, 1] /= 10
    errors[1:, 1] = np.nan
    scale = learn_errors(errors, np.full((2, 40), 100.0), 12, 12).own_scale.mean(axis=1)
    assert 1.3 < scale[1] < 5 < scale[0] < 11


def test_errors_that_the_districts_of_a_stream_share_leave_little_that_is_their_own() -> None:
    rng = np.random.default_rng(0)
    alike = wandering_errors(rng, 0.95, 12)
    model = learn_errors(alike, np.full((1, 60), 100.0), 12, 12)
    assert model.own_scale.mean() < 0.5 * model.common_scale.mean()


def test_a_stream_whose_city_errs_less_has_a_narrower_city() -> None:
    rng = np.random.default_rng(0)
    errors = np.concatenate([wandering_errors(rng, common) for common in (0.6, 0.02)], axis=1)
    model = learn_errors(errors, np.full((2, 60), 100.0), 12, 12)
    assert model.common_scale[1].mean() < 0.7 * model.common_scale[0].mean()


def test_yearly_errors_that_grow_with_the_horizon_leave_the_first_year_narrow() -> None:
    growth = np.random.default_rng(0).normal(0, 5, (6, 1, 1, 1))
    errors = growth * np.array([1.0, 2.0, 3.0]) + np.zeros((6, 1, 60, 3))
    common = learn_errors(errors, np.full((1, 60), 100.0), 1, 3).common
    assert common[2, 2] / common[0, 0] == pytest.approx(3**2, rel=0.2)


def test_the_fortune_of_a_year_is_that_of_its_months() -> None:
    months, years = (pd.period_range("2026-01", periods=n, freq=f) for n, f in ((24, "M"), (2, "Y")))
    of_months, of_years = city_fortunes([months, years], 4000, np.random.default_rng(0))
    assert of_years == pytest.approx(of_months.reshape(2, 12, 4000).sum(axis=1) / 12**0.5, abs=1e-5)
    assert of_years.std() == pytest.approx(1, abs=0.03)
