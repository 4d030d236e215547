"""The only file that knows statsforecast: one series in, one statistical model's path out."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np

from forecasts.history import FloatArray

StatisticalModel = Literal["ets", "ets_additive", "ces", "theta"]


def statistical_path(
    values: FloatArray, periods_per_year: int, horizon: int, model: StatisticalModel
) -> FloatArray:
    """Point forecast of one complete series, shape (horizon,).

    `ets`: exponential smoothing with a damped trend, its form chosen by AICc; `ets_additive`: everything
    additive, not chosen and so four times as fast. `ces`: complex exponential smoothing. `theta`: dynamic
    optimised Theta. A season is only looked for when there are two of them.
    """
    season = periods_per_year if len(values) >= 2 * periods_per_year else 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        forecast = _model(model, season).forecast(y=values.astype(float), h=horizon)
    path: FloatArray = np.asarray(forecast["mean"], dtype=float)
    return path


def _model(model: StatisticalModel, season: int) -> Any:
    from statsforecast.models import AutoCES, AutoETS, DynamicOptimizedTheta

    if model == "ets":
        return AutoETS(season_length=season, damped=True)
    if model == "ets_additive":
        return AutoETS(season_length=season, model="AAA" if season > 1 else "AAN", damped=True)
    if model == "ces":
        return AutoCES(season_length=season)
    if model == "theta":
        return DynamicOptimizedTheta(season_length=season)
    raise ValueError(model)
