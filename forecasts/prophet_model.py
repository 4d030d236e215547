"""The only file that knows Prophet: one series in, its two tuned paths out."""

from __future__ import annotations

import logging
import warnings
from typing import Any, Literal

import numpy as np
import pandas as pd

from forecasts.history import FloatArray

Growth = Literal["damped", "flat", "plain"]

TREND_DAMPING = 0.85
"""Share of the slope that is left every next month: a trend is not carried on for ever."""
SEASONALITY_PRIOR = 0.1
CHANGEPOINT_PRIOR = 0.05
FOURIER_ORDER = {12: 5, 4: 2, 1: 0}


def prophet_path(
    values: FloatArray, start: str, periods_per_year: int, horizon: int, growth: Growth
) -> FloatArray:
    """Prophet's point forecast of one complete series, shape (horizon,), never negative.

    `damped`: on the square root of the counts, a shrunk season, and after the last observation

        trend(T + h) = trend(T) + slope * (phi + phi^2 + ... + phi^h)

    `flat`: the same without a trend, its residual carried on as AR(1). `plain`: Prophet as it comes out
    of the box, for who wants to compare.
    """
    frequency = {12: "M", 4: "Q", 1: "Y"}[periods_per_year]
    dates = pd.period_range(start, periods=len(values) + horizon, freq=frequency).to_timestamp()
    scaled = values if growth == "plain" else np.sqrt(values)
    fitted = _fit(pd.DataFrame({"ds": dates[: len(values)], "y": scaled}), periods_per_year, growth)
    components = fitted.predict(pd.DataFrame({"ds": dates}))
    fitted.stan_backend.cleanup()
    yhat: FloatArray = components["yhat"].to_numpy(dtype=float)
    if growth == "plain":
        return np.maximum(yhat[len(values) :], 0.0)
    trend: FloatArray = components["trend"].to_numpy(dtype=float)
    if growth == "damped":
        path = (
            yhat[len(values) :]
            - trend[len(values) :]
            + _damped(trend, len(values), horizon, periods_per_year)
        )
    else:
        path = yhat[len(values) :] + _carried_on(scaled - yhat[: len(values)], horizon)
    return np.maximum(path, 0.0) ** 2


def _fit(observed: pd.DataFrame, periods_per_year: int, growth: Growth) -> Any:
    prophet = _prophet()
    if growth == "plain":
        model = prophet(uncertainty_samples=0, weekly_seasonality=False, daily_seasonality=False)
    else:
        model = prophet(
            growth="flat" if growth == "flat" else "linear",
            yearly_seasonality=FOURIER_ORDER[periods_per_year] or False,
            weekly_seasonality=False,
            daily_seasonality=False,
            seasonality_prior_scale=SEASONALITY_PRIOR,
            changepoint_prior_scale=CHANGEPOINT_PRIOR,
            n_changepoints=min(25, len(observed) // 3),
            uncertainty_samples=0,
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(observed, algorithm="BFGS", seed=1)


def _prophet() -> Any:
    """Prophet's class; it is imported late because that takes over a second, and its loggers are silenced."""
    loggers = [logging.getLogger(name) for name in ("prophet", "prophet.plot", "prophet.models", "cmdstanpy")]
    for logger in loggers:
        logger.disabled = True
    from prophet import Prophet

    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    return Prophet


def _damped(trend: FloatArray, n_observed: int, horizon: int, periods_per_year: int) -> FloatArray:
    phi = TREND_DAMPING ** (12 / periods_per_year)
    slope = trend[n_observed] - trend[n_observed - 1]
    damped: FloatArray = trend[n_observed - 1] + slope * np.cumsum(phi ** np.arange(1, horizon + 1))
    return damped


def _carried_on(residuals: FloatArray, horizon: int) -> FloatArray:
    """An AR(1) of the residuals, carried on: e(T + h) = rho^h e(T)."""
    before, after = residuals[:-1], residuals[1:]
    energy = float(before @ before)
    rho = float(np.clip(before @ after / energy, 0.0, 0.98)) if energy > 0 else 0.0
    carried: FloatArray = residuals[-1] * rho ** np.arange(1, horizon + 1)
    return carried
