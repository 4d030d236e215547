"""The effect of an event that is not known, estimated from how counts moved when it came.

Where the event covers some of the districts, y is the log of their sum over that of the others, so that season and
course of the city are out of the way; where it covers all, y is the log of the total and has a season. In a window
of `WINDOW` years on either side of the start, with p the part in force,

    y(t) = a + drift t + log(1 + effect) p(t) + season(t) + e(t),      e(t) = rho e(t - 1) + noise

Drift, effect and season have normal priors around nothing, so that little evidence gives a small effect and much is
left alone; e is autoregressive, because deviations that linger would otherwise pass for an effect. A step may have
taken some months to work through: every run-in of `RUN_IN` that the history has seen out is tried, and they are
weighed by how likely they make what was seen.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from forecasts.history import FloatArray

WINDOW = 3
"""Years before and after the start that are looked at."""
RUN_IN = (0, 3, 6, 12)
"""Months that a step may take to work through."""
PRIOR_EFFECT = 0.25
PRIOR_DRIFT = {True: 0.10, False: 0.03}
"""Growth per year that is not surprising: of the whole city, and of some districts against the others."""
PRIOR_SEASON = 0.10
PRIOR_NOISE = 0.03, 3.0
"""Spread of e when there is nothing to learn it from, and how many periods that weighs."""
PRIOR_LINGERING = 0.7, 10.0
"""rho of months when there is nothing to learn it from, and how many periods that weighs."""
MOST_LINGERING = 0.9
LARGEST = 3.0
"""No estimated effect is more than this many times the level before."""
_FREE = 10.0
_ROUNDS = 6


class Effect(NamedTuple):
    """An estimate, as a share of the level before, and its standard error."""

    value: float
    doubt: float


def estimated_effect(
    counts: FloatArray, covered: npt.NDArray[np.bool_], force: FloatArray, season: int, *, step: bool
) -> Effect | None:
    """The effect on the covered districts (districts,) together; None where none can tell.

    `counts` (districts, observed) are complete, `force` (observed,) is p(t), `season` the periods in a year. At
    least a year before the start must be known, and a period after it.
    """
    n_periods = counts.shape[1]
    start = int(np.argmax(force > 0)) if (force > 0).any() else n_periods
    total, others = counts[covered].sum(axis=0), counts[~covered].sum(axis=0)
    if start < season or start >= n_periods or total.min() <= 0:
        return None
    against_others = not covered.all() and others.min() > 0
    around = np.arange(max(0, start - WINDOW * season), min(n_periods, start + WINDOW * season))
    y = np.log(total / others if against_others else total)[around]
    run_ins = [months * season / 12 for months in (RUN_IN if step else RUN_IN[:1])]
    seen_out = [run_in for run_in in run_ins if run_in <= n_periods - start]
    fits = [
        _fit(
            y - y.mean(),
            around,
            force[around] * np.clip((around - start + 1) / (run_in + 1), 0.0, 1.0),
            season,
            of_all=not against_others,
        )
        for run_in in seen_out
    ]
    effect, variance, likelihood = (np.array(part) for part in zip(*fits, strict=True))
    weight = np.exp(likelihood - likelihood.max())
    weight /= weight.sum()
    found = float(weight @ effect)
    doubt = float(np.sqrt(weight @ (variance + (effect - found) ** 2)))
    value = float(np.clip(np.expm1(found), -0.95, LARGEST))
    return Effect(value, doubt * (1 + value))


def _fit(
    y: FloatArray, periods: npt.NDArray[np.int64], force: FloatArray, season: int, *, of_all: bool
) -> tuple[float, float, float]:
    """Posterior mean and variance of log(1 + effect), and the log likelihood of y."""
    years = periods / season - np.mean(periods) / season
    terms, priors = [np.ones(len(y)), years, force], [_FREE, PRIOR_DRIFT[of_all], PRIOR_EFFECT]
    if of_all and season > 1:
        terms += [(periods % season == at).astype(float) for at in range(season)]
        priors += [PRIOR_SEASON] * season
    x, prior = np.column_stack(terms), np.array(priors)
    apart = np.abs(np.subtract.outer(periods, periods))
    usual = min(PRIOR_LINGERING[0] ** (12 / season), MOST_LINGERING)
    rho, variance = usual, PRIOR_NOISE[0] ** 2
    for _ in range(_ROUNDS):
        weights = np.linalg.inv(rho**apart)
        precision = x.T @ weights @ x / variance + np.diag(prior**-2)
        coefficients = np.linalg.solve(precision, x.T @ weights @ y / variance)
        left = y - x @ coefficients
        variance = float(left @ weights @ left + PRIOR_NOISE[1] * PRIOR_NOISE[0] ** 2) / len(y)
        rho = _lingering(left, usual)
    spread = variance * rho**apart + (x * prior**2) @ x.T
    likelihood = -0.5 * (np.linalg.slogdet(spread)[1] + y @ np.linalg.solve(spread, y))
    return float(coefficients[2]), float(np.linalg.inv(precision)[2, 2]), float(likelihood)


def _lingering(left: FloatArray, usual: float) -> float:
    """The autocorrelation of residuals, without its bias in short series, shrunk to the usual."""
    n, energy = len(left), float(left[:-1] @ left[:-1])
    own = float(left[1:] @ left[:-1]) / energy if energy > 0 else usual
    own += (1 + 3 * own) / n
    weight = PRIOR_LINGERING[1]
    return float(np.clip((n * own + weight * usual) / (n + weight), 0.0, MOST_LINGERING))
