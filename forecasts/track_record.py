"""How the same way of forecasting did from earlier moments in this very history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.history import FloatArray
from forecasts.members import seasonal_naive_path
from forecasts.views import View

ENOUGH = 3
"""Earlier moments that make a habit."""
NOTABLE = 0.03
"""Share under which a difference is not worth mentioning."""


@dataclass(frozen=True)
class TrackRecord:
    """Forecasts from earlier moments beside what came, per panel."""

    skill: float
    """Mean absolute error over that of the last year repeated, all districts; NaN where nothing was tested."""
    leans: tuple[float, ...]
    """Per moment, latest first: what came over what was forecast for the city, less 1."""

    @property
    def worse_than_naive(self) -> bool:
        """Whether repeating the last year would have done better."""
        return self.skill > 1.0 + NOTABLE and len(self.leans) >= ENOUGH

    @property
    def one_sided(self) -> bool:
        """Whether every moment erred on the same side, and notably: the intervals are then too narrow."""
        leans = np.array(self.leans)
        same_side = bool((leans > 0).all() or (leans < 0).all())
        return len(leans) >= ENOUGH and same_side and float(np.abs(leans).mean()) > NOTABLE


def track_record(earlier: Sequence[View], errors: FloatArray) -> TrackRecord:
    """The record of the errors (origins, districts, tested) of earlier views."""
    missed, naive, leans = 0.0, 0.0, []
    for view, error in zip(earlier, errors, strict=True):
        error = error[:, : view.horizon]
        seen = np.isfinite(error)
        if not seen.any():
            continue
        panel = view.panel
        came = panel.values[:, view.origin : view.origin + view.horizon]
        repeated = np.array(
            [
                seasonal_naive_path(row[: view.origin], panel.periods_per_year, view.horizon)
                for row in panel.values
            ]
        )
        missed += float(np.abs(error[seen]).sum())
        naive += float(np.abs(came - repeated)[seen].sum())
        forecast = float((came - error)[seen].sum())
        leans.append(float(came[seen].sum()) / forecast - 1 if forecast > 0 else 0.0)
    return TrackRecord(missed / naive if naive > 0 else float("nan"), tuple(leans))
