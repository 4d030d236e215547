"""How the same way of forecasting did from earlier moments in this very history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ENOUGH = 3
"""Earlier moments that make a habit."""
NOTABLE = 0.03
"""Share under which a difference is not worth mentioning."""


@dataclass(frozen=True)
class TrackRecord:
    """Forecasts from earlier moments beside what came, in today's terms, per stream."""

    skill: float
    """Mean absolute error over that of the last year repeated, all districts; NaN where nothing was tested."""
    leans: tuple[float, ...]
    """Per moment, latest first: what came over what was forecast for the city, less 1."""
    missed: float = float("nan")
    """Mean absolute error of a district over the first whole year, as a share of its clients; NaN where untested."""
    naive_missed: float = float("nan")
    """The same of the last year repeated."""

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
