"""Every model of the ensemble by itself: what the ensemble has to beat."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasts.backtest import known_at, moments_of, until_final
from forecasts.fit_cache import fitted_paths
from forecasts.history import History, Population
from forecasts.members import ENSEMBLE, seasonal_naive_path
from forecasts.panel import prepare
from forecasts.scores import naive_scale
from forecasts.views import View, view_of


def member_errors(
    history: History, population: Population, *, n_origins: int, years_ahead: int
) -> pd.Series[float]:
    """Member -> mean absolute error of a district in a single period, in units of the in-sample seasonal naive.

    The same moments, districts and periods as in `backtest`. Every district is left to the model alone; where a
    series is too short for it or it cannot be fitted, it repeats the last year.
    """
    history = until_final(history)
    last = max(stream.periods[-1].year for stream in history.streams)
    frames = []
    for moment in moments_of(history, n_origins):
        known = known_at(history, moment)
        until = min(moment.year + years_ahead + 1, last)
        views = []
        for stream in known.streams:
            panel = prepare(stream, known, population, until)
            views.append(view_of(panel, len(panel.periods), len(panel.ahead), ENSEMBLE, alone=True))
        paths = iter(fitted_paths([job for view in views for job in view.jobs], lambda _done: None))
        for whole, seen, view in zip(history.streams, known.streams, views, strict=True):
            start, season = len(seen.periods), whole.periods_per_year
            actual = whole.clients[:, start : start + min(view.horizon, years_ahead * season)]
            forecasts = _by_member(view, [next(paths) for _ in view.jobs])[:, :, : actual.shape[1]]
            missed = np.abs(forecasts - actual) / naive_scale(seen.clients, season)[:, None]
            frames.append(pd.DataFrame(missed.reshape(len(ENSEMBLE), -1).T, columns=list(ENSEMBLE)))
    return pd.concat(frames).mean()


def _by_member(view: View, paths: list[np.ndarray]) -> np.ndarray:
    """(members, districts, horizon) in the terms of the periods to come."""
    panel = view.panel
    repeated = [seasonal_naive_path(row, panel.periods_per_year, view.horizon) for row in panel.values]
    forecasts = np.tile(np.array(repeated), (len(ENSEMBLE), 1, 1))
    for district, job, told in zip(view.modelled, view.jobs, paths, strict=True):
        for member, path in zip(job.members, told, strict=True):
            if np.isfinite(path).all():
                forecasts[ENSEMBLE.index(member), district] = path
    return forecasts * panel.outlook
