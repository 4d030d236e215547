"""Point forecasts of every series, now and from earlier origins, in one round of parallel work.

From earlier origins a quick version of the ensemble is fitted, without Prophet: it errs alike at a fraction of
the time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from forecasts.earlier_moments import track_record
from forecasts.fit_cache import fitted_paths
from forecasts.history import FloatArray
from forecasts.members import ENSEMBLE, MEMBERS_OF, NAIVE, PLAIN_PROPHET, QUICK_ENSEMBLE
from forecasts.panel import Panel
from forecasts.track_record import TrackRecord
from forecasts.views import View, view_of
from forecasts.weights import Weights, learn_weights, trials

N_ORIGINS = 6
"""Earlier origins from which past errors are taken."""
N_SLOW_ORIGINS = 2
"""The same, when only Prophet can tell."""
LONGEST_TEST = 3
"""Years ahead that are tested at most."""


@dataclass(frozen=True)
class PointForecast:
    """Forecasts of one panel, in today's terms."""

    base: FloatArray
    """(districts, ahead) before reconciliation."""
    centre: FloatArray
    """(districts, ahead) adding up to what the levels above expect."""
    errors: FloatArray
    """(origins, districts, tested) observed minus reconciled forecast; NaN where untested or unknown."""
    members: tuple[tuple[str, ...], ...]
    """Per district: the models of its own that took part; empty for a borrower."""
    alone: bool
    """Whether districts were left to their own models."""
    record: TrackRecord


def forecast_points(
    panels: Sequence[Panel], method: str, progress: Callable[[float], None], executor: Executor | None = None
) -> list[PointForecast]:
    """The point forecast of every panel by a method of `MEMBERS_OF`.

    Only the ensemble knows shares, borrowers and reconciliation; the others are what they are
    out of the box, district by district.
    """
    views = [_views(panel, MEMBERS_OF[method], alone=method != "ensemble") for panel in panels]
    tried = [trials(panel) if method == "ensemble" else [] for panel in panels]
    paths = _paths_of([*views, *tried], progress, executor)
    weights = _weights_by_season(tried, paths[len(panels) :])
    return [
        _point_forecast(own, told, weights[panel.periods_per_year])
        for panel, own, told in zip(panels, views, paths[: len(panels)], strict=True)
    ]


def _paths_of(
    groups: Sequence[Sequence[View]], progress: Callable[[float], None], executor: Executor | None
) -> list[list[list[FloatArray]]]:
    """The member paths of every job of every view of every group, from one round of parallel work."""
    paths = iter(
        fitted_paths([job for group in groups for view in group for job in view.jobs], progress, executor)
    )
    return [[[next(paths) for _ in view.jobs] for view in group] for group in groups]


def _weights_by_season(
    tried: Sequence[Sequence[View]], paths: Sequence[Sequence[Sequence[FloatArray]]]
) -> Mapping[int, Weights]:
    """Months know nothing of quarters: streams are pooled with those of as many periods per year."""
    by_season: dict[int, list[tuple[View, Sequence[FloatArray]]]] = {1: [], 4: [], 12: []}
    for views, told in zip(tried, paths, strict=True):
        for view, own in zip(views, told, strict=True):
            by_season[view.panel.periods_per_year].append((view, own))
    return {season: learn_weights(outcomes) for season, outcomes in by_season.items()}


def origins(n_periods: int, periods_per_year: int) -> list[int]:
    """Numbers of periods after which an earlier forecast is imagined, the latest first.

    >>> origins(72, 12)
    [66, 60, 54, 48, 42, 36]
    >>> origins(6, 1)
    [5, 4, 3]
    """
    step = max(1, periods_per_year // (2 if n_periods >= 4 * periods_per_year else 4))
    shortest = periods_per_year + 3 if periods_per_year > 1 else 3
    return list(range(n_periods - step, shortest - 1, -step))[:N_ORIGINS]


def _views(panel: Panel, wanted: tuple[str, ...], *, alone: bool) -> list[View]:
    """The panel as it is, then as it was at earlier origins."""
    n_periods, season, horizon = len(panel.periods), panel.periods_per_year, len(panel.ahead)
    then = QUICK_ENSEMBLE if wanted == ENSEMBLE else wanted
    wanted = wanted if horizon else NAIVE
    n_earlier = N_SLOW_ORIGINS if wanted == PLAIN_PROPHET else N_ORIGINS
    earlier = origins(n_periods, season)[:n_earlier] if horizon else []
    return [
        view_of(panel, n_periods, horizon, wanted, alone=alone),
        *(
            view_of(panel, origin, min(n_periods - origin, LONGEST_TEST * season), then, alone=alone)
            for origin in earlier
        ),
    ]


def _point_forecast(
    views: list[View], paths: Sequence[Sequence[FloatArray]], weights: Weights
) -> PointForecast:
    bases = [view.base(told, weights) for view, told in zip(views, paths, strict=True)]
    now, *earlier = views
    panel, n_districts = now.panel, len(now.panel.values)
    misses = [view.misses(base) for view, base in zip(earlier, bases[1:], strict=True)]
    variances = _variances(now, misses)
    errors = np.full((len(earlier), n_districts, max((view.horizon for view in earlier), default=1)), np.nan)
    for at, (view, base) in enumerate(zip(earlier, bases[1:], strict=True)):
        tested = slice(view.origin, view.origin + view.horizon)
        missed = panel.values[:, tested] - panel.hierarchy.reconcile(base, variances)
        errors[at, :, : view.horizon] = np.where(panel.doubt[:, tested] > 0, np.nan, missed)
    own = dict(zip(now.modelled, now.jobs, strict=True))
    members = tuple(own[at].members if at in own else () for at in range(n_districts))
    centre = panel.hierarchy.reconcile(bases[0], variances)
    record = track_record(earlier, errors)
    return PointForecast(bases[0][:n_districts], centre, errors, members, now.alone, record)


def _variances(now: View, misses: list[FloatArray]) -> FloatArray:
    """Mean squared past error of every node (nodes,), shrunk to what its size suggests as if by one origin more."""
    level = now.nodes[:, -now.panel.periods_per_year :].mean(axis=1)
    by_size: FloatArray = level + (0.05 * level) ** 2 + 1e-6
    if not misses:
        return by_size
    squared = np.concatenate([miss**2 for miss in misses], axis=1).mean(axis=1)
    variances: FloatArray = (len(misses) * squared + by_size) / (len(misses) + 1)
    return variances
