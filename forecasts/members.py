"""The members of the ensemble, and the policy that says who takes part.

The forecast is the median of its members, period by period: no single member wins on every kind of series, choosing
the best per series on a short back-test loses, and the median shrugs at the one that explodes. How much each counts
is learned from the whole city at once (see `weights`).

    series                       members
    months or quarters           damped ETS, CES, Theta, seasonal naive, Prophet (damped), Prophet (flat)
    under a season and a bit     damped ETS, Theta, naive
    years                        the last value, with its growth as far as growth used to persist
    fewer than 4 periods         naive
    and every district           its share of the city (see `views`)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.history import FloatArray
from forecasts.prophet_model import prophet_path
from forecasts.statistical_models import statistical_path

ENSEMBLE = ("seasonal_naive", "ets", "ces", "theta", "prophet_damped", "prophet_flat", "damped_growth")
PLAIN_PROPHET = ("prophet_plain",)
NAIVE = ("seasonal_naive",)
MEMBERS_OF = {"ensemble": ENSEMBLE, "prophet": PLAIN_PROPHET, "naive": NAIVE}
"""What each method asks for; what a series can bear of it is up to `able`."""

QUICK_ENSEMBLE = ("seasonal_naive", "ets_additive", "ces", "theta", "damped_growth")
"""Errs like the ensemble at a tenth of its time: for learning from many earlier moments how far it errs."""

YEARLY = ("damped_growth",)
LONG_ONLY = ("ces", "prophet_damped", "prophet_flat")
"""Members that need a season and `SHORTEST` periods more."""
SHORTEST = 4
"""Periods below which nothing is better than the last value."""
FURTHEST = 2.0
"""No member may rise above this many times the highest value ever seen: models do explode."""

NAMES = {
    "seasonal_naive": "seizoensnaïef",
    "ets": "ETS (gedempt)",
    "ces": "CES",
    "theta": "Theta",
    "prophet_damped": "Prophet (gedempt)",
    "prophet_flat": "Prophet (vlak)",
    "prophet_plain": "Prophet",
}


@dataclass(frozen=True)
class SeriesJob:
    """One complete series to be forecast by the named members."""

    values: FloatArray
    start: str
    periods_per_year: int
    horizon: int
    members: tuple[str, ...]


def able(n_periods: int, periods_per_year: int, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The members of those wanted that a series of this length can bear; naive when none can."""
    if n_periods < SHORTEST:
        return NAIVE
    if wanted in (PLAIN_PROPHET, NAIVE):
        return wanted
    if periods_per_year == 1:
        return YEARLY
    too_short = (*YEARLY, *LONG_ONLY) if n_periods < periods_per_year + SHORTEST else YEARLY
    return tuple(member for member in wanted if member not in too_short)


def member_paths(job: SeriesJob) -> FloatArray:
    """The path of every member, shape (members, horizon); NaN where a model could not be fitted.

    Where none could, the first row is naive.
    """
    highest = FURTHEST * float(job.values.max(initial=0.0)) + 1.0
    paths = np.array([_path(job, member) for member in job.members]).reshape(len(job.members), job.horizon)
    if not np.isfinite(paths).all(axis=1).any():
        paths[0] = seasonal_naive_path(job.values, job.periods_per_year, job.horizon)
    within: FloatArray = np.clip(paths, 0.0, highest)
    return within


def combine(paths: FloatArray, weights: FloatArray) -> FloatArray:
    """The weighted median over the members that could be fitted, shape (horizon,), from paths (members, horizon).

    Half of the weight lies on either side, with a straight line between neighbours: with equal weights it is the
    plain median.

    >>> combine(np.array([[1.0], [2.0], [9.0]]), np.array([1.0, 1.0, 1.0]))
    array([2.])
    >>> combine(np.array([[1.0], [2.0], [9.0], [np.nan]]), np.array([1.0, 1.0, 1.0, 5.0]))
    array([2.])
    """
    fitted = np.isfinite(paths).all(axis=1)
    order = np.argsort(paths[fitted], axis=0, kind="stable")
    ordered = np.take_along_axis(paths[fitted], order, axis=0)
    share = weights[fitted][order] / weights[fitted].sum()
    middle = np.cumsum(share, axis=0) - share / 2
    above = np.clip((middle < 0.5).sum(axis=0), 1, max(len(ordered) - 1, 1))[None, :]
    if len(ordered) == 1:
        return np.asarray(ordered[0])
    low, high = (np.take_along_axis(ordered, at, axis=0)[0] for at in (above - 1, above))
    start, end = (np.take_along_axis(middle, at, axis=0)[0] for at in (above - 1, above))
    median: FloatArray = low + (high - low) * np.clip((0.5 - start) / (end - start), 0.0, 1.0)
    return median


def seasonal_naive_path(values: FloatArray, periods_per_year: int, horizon: int) -> FloatArray:
    """The last year again; the last value where there is no whole year.

    >>> seasonal_naive_path(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), 4, 5)
    array([2., 3., 4., 5., 2.])
    """
    season = periods_per_year if len(values) >= periods_per_year else 1
    return np.resize(values[-season:], horizon)


def damped_growth_path(values: FloatArray, horizon: int) -> FloatArray:
    """The last value and as much of its last growth as growth used to persist.

        y(T + h) = y(T) exp(g(T) (phi + phi^2 + ... + phi^h)),    g(t) = log y(t) - log y(t - 1)

    phi is the regression of growth on the growth before it, between 0 and 0.9, shrunk towards 0 (the last
    value again) as if two more pairs had shown no persistence at all.

    >>> damped_growth_path(np.array([100.0, 100.0, 100.0]), 2)
    array([100., 100.])
    """
    growth = np.diff(np.log(np.maximum(values, 1.0)))
    n_pairs = len(growth) - 1
    energy = float(growth[:-1] @ growth[:-1]) if n_pairs > 0 else 0.0
    if energy <= 0:
        return np.full(horizon, values[-1])
    phi = float(np.clip(growth[1:] @ growth[:-1] / energy, 0.0, 0.9)) * n_pairs / (n_pairs + 2)
    path: FloatArray = values[-1] * np.exp(growth[-1] * np.cumsum(phi ** np.arange(1, horizon + 1)))
    return path


def _path(job: SeriesJob, member: str) -> FloatArray:
    if member == "seasonal_naive":
        return seasonal_naive_path(job.values, job.periods_per_year, job.horizon)
    if member == "damped_growth":
        return damped_growth_path(job.values, job.horizon)
    try:
        if member.startswith("prophet_"):
            growth = member.removeprefix("prophet_")
            return prophet_path(job.values, job.start, job.periods_per_year, job.horizon, growth)  # type: ignore[arg-type]
        return statistical_path(job.values, job.periods_per_year, job.horizon, member)  # type: ignore[arg-type]
    except Exception:
        # Libraries fail on flat, tiny or odd series in many ways; the other members then speak for it.
        return np.full(job.horizon, np.nan)
