"""What the forecasts from earlier moments of a history come to: their track record."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecasts.history import FloatArray
from forecasts.members import seasonal_naive_path
from forecasts.track_record import TrackRecord
from forecasts.views import View


def track_record(earlier: Sequence[View], errors: FloatArray) -> TrackRecord:
    """The record of the errors (origins, districts, tested) of earlier views."""
    missed, naive, leans = 0.0, 0.0, []
    years = np.zeros(3)
    for view, error in zip(earlier, errors, strict=True):
        error = error[:, : view.horizon]
        seen = np.isfinite(error)
        if not seen.any():
            continue
        came = view.panel.values[:, view.origin : view.origin + view.horizon]
        gained = came - _repeated(view)
        missed += float(np.abs(error[seen]).sum())
        naive += float(np.abs(gained[seen]).sum())
        years += _first_year(view.panel.periods_per_year, error, gained, came)
        forecast = float((came - error)[seen].sum())
        leans.append(float(came[seen].sum()) / forecast - 1 if forecast > 0 else 0.0)
    by_year = years[:2] / years[2] if years[2] > 0 else np.full(2, np.nan)
    return TrackRecord(missed / naive if naive > 0 else float("nan"), tuple(leans), *by_year.tolist())


def _repeated(view: View) -> FloatArray:
    """(districts, horizon) the last year again."""
    season = view.panel.periods_per_year
    return np.array(
        [seasonal_naive_path(row[: view.origin], season, view.horizon) for row in view.panel.values]
    )


def _first_year(season: int, error: FloatArray, gained: FloatArray, came: FloatArray) -> FloatArray:
    """(3,) what the forecast missed of the first whole year, what naive missed, and what came, over the districts."""
    if error.shape[1] < season:
        return np.zeros(3)
    whole = np.isfinite(error[:, :season]).all(axis=1)
    sums = [np.abs(part[whole, :season].sum(axis=1)).sum() for part in (error, gained, came)]
    return np.array(sums, dtype=float)
