"""What a forecast is made of, in parts that add up to it.

    mean of the draws = niveau + aanvulling + herleiding + trend + seizoen + aansluiting op de stad
                        + groei van de groep + gebeurtenissen + nooit onder nul

Niveau is the mean of the last observed year as it was delivered; everything else is added to it.
"""

from __future__ import annotations

import numpy as np

from forecasts.demand import SampleArray
from forecasts.history import FloatArray
from forecasts.panel import Panel
from forecasts.point_forecast import PointForecast

LEVEL = "niveau"
COMPLETION = "aanvulling van voorlopige aantallen"
TODAY = "herleiding tot vandaag"
TREND = "trend"
SEASON = "seizoen"
RECONCILIATION = "aansluiting op de stad"
GROWTH = "groei van de groep"
EVENTS = "gebeurtenissen"
NEVER_NEGATIVE = "nooit onder nul"


def decompose(panel: Panel, point: PointForecast, draws: SampleArray) -> dict[str, FloatArray]:
    """The parts of the expected demand, each (districts, periods ahead), in clients."""
    season = panel.periods_per_year
    delivered = (panel.observed - panel.raised)[:, -season:].mean(axis=1)
    observed = panel.observed[:, -season:].mean(axis=1)
    today = panel.values[:, -season:].mean(axis=1)
    course = _yearly_means(point.base, season)
    grown = point.centre * panel.growth
    expected = grown * panel.level

    def constant(value: FloatArray) -> FloatArray:
        return np.repeat(value[:, None], point.base.shape[1], axis=1)

    return {
        LEVEL: constant(delivered),
        COMPLETION: constant(observed - delivered),
        TODAY: constant(today - observed),
        TREND: course - constant(today),
        SEASON: point.base - course,
        RECONCILIATION: point.centre - point.base,
        GROWTH: grown - point.centre,
        EVENTS: expected - grown,
        NEVER_NEGATIVE: draws.mean(axis=2, dtype=float) - expected,
    }


def _yearly_means(path: FloatArray, season: int) -> FloatArray:
    """Every period's mean over the year of periods it is in, counted from the first; the last year is a whole one."""
    horizon = path.shape[1]
    means = np.empty_like(path)
    for start in range(0, horizon, season):
        window = path[:, max(0, min(start, horizon - season)) : start + season]
        means[:, start : start + season] = window.mean(axis=1, keepdims=True)
    return means
