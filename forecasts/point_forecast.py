"""Point forecasts of every series, now and from earlier origins, in one round of parallel work.

A node is a district, a quarter or the city. Nodes with a history of their own are forecast by the members of
the ensemble. A borrower, a district too small, too young or too hidden for a model of its own, keeps its own
level and borrows the course of the city:

    forecast(d, h) = level(d) * forecast(city, h) / level(city)

In yearly streams every district does: a handful of yearly counts tells more of noise than of a course.

From earlier origins only the statistical members are fitted: their mean errs like the ensemble's, at a
fraction of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.history import FloatArray
from forecasts.members import MEMBERS_OF, SHORTEST, STATISTICAL, SeriesJob, able, combine, member_paths
from forecasts.panel import Panel
from forecasts.workers import map_in_parallel

SMALL = 10.0
"""Clients per period under which a district has no model of its own."""
N_ORIGINS = 6
"""Earlier origins from which past errors are taken."""
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
    """(origins, districts, tested) observed minus reconciled forecast; NaN beyond the history."""
    members: tuple[tuple[str, ...], ...]
    """Per district: the members that took part; empty for a borrower."""


def forecast_points(
    panels: Sequence[Panel], method: str, progress: Callable[[float], None], executor: Executor | None = None
) -> list[PointForecast]:
    """The point forecast of every panel by a method of `MEMBERS_OF`."""
    wanted = MEMBERS_OF[method]
    views = [(panel, _views(panel, wanted)) for panel in panels]
    jobs = [job for _, panel_views in views for view in panel_views for job in view.jobs]
    paths = iter(map_in_parallel(member_paths, jobs, progress, executor=executor))
    return [
        _point_forecast(panel, [(view, [next(paths) for _ in view.jobs]) for view in own])
        for panel, own in views
    ]


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


@dataclass(frozen=True)
class _View:
    """A panel as it was at an origin: the nodes to forecast and the jobs that do so."""

    nodes: FloatArray
    horizon: int
    origin: int
    own: tuple[int, ...]
    jobs: tuple[SeriesJob, ...]


def _views(panel: Panel, wanted: tuple[str, ...]) -> list[_View]:
    n_periods, season = panel.values.shape[1], panel.periods_per_year
    past_members = tuple(member for member in wanted if member in STATISTICAL) or wanted
    longest = min(len(panel.ahead), LONGEST_TEST * season) if len(panel.ahead) else 0
    earlier = [
        _view(panel, at, min(n_periods - at, longest), past_members) for at in origins(n_periods, season)
    ]
    return [_view(panel, n_periods, len(panel.ahead), wanted), *earlier]


def _view(panel: Panel, origin: int, horizon: int, wanted: tuple[str, ...]) -> _View:
    nodes = panel.hierarchy.add_up(panel.values[:, :origin])
    first = np.concatenate([panel.first, np.zeros(len(nodes) - len(panel.first), dtype=np.int64)])
    own = tuple(int(at) for at in np.flatnonzero(~_borrowers(panel, origin, len(nodes)))) if horizon else ()
    jobs = tuple(
        SeriesJob(
            nodes[at, first[at] :],
            str(panel.periods[first[at]]),
            panel.periods_per_year,
            horizon,
            able(origin - int(first[at]), panel.periods_per_year, wanted),
        )
        for at in own
    )
    return _View(nodes, horizon, origin, own, jobs)


def _borrowers(panel: Panel, origin: int, n_nodes: int) -> npt.NDArray[np.bool_]:
    """Nodes without a model of their own: (nodes,); quarters and the city always have one."""
    season = panel.periods_per_year
    recent = panel.values[:, max(0, origin - season) : origin]
    hidden = panel.doubt[:, max(0, origin - season) : origin].mean(axis=1) > 0.5
    young = origin - panel.first < SHORTEST + (season if season > 1 else 0)
    young &= (panel.first > 0) | hidden
    borrowers = np.zeros(n_nodes, dtype=bool)
    if season == 1:
        borrowers[:-1] = True
        return borrowers
    borrowers[: len(recent)] = (recent.mean(axis=1) < SMALL) | hidden | young
    return borrowers


def _point_forecast(panel: Panel, views: list[tuple[_View, list[FloatArray]]]) -> PointForecast:
    bases = [_base(view, paths, panel.periods_per_year) for view, paths in views]
    actual = panel.hierarchy.add_up(panel.values)
    misses = [
        actual[:, view.origin : view.origin + view.horizon] - base
        for (view, _), base in zip(views[1:], bases[1:], strict=True)
    ]
    variances = _variances(actual, misses, panel.periods_per_year)
    n_districts, tested = len(panel.values), max((miss.shape[1] for miss in misses), default=1)
    errors = np.full((len(misses), n_districts, tested), np.nan)
    for at, ((view, _), base) in enumerate(zip(views[1:], bases[1:], strict=True)):
        reconciled = panel.hierarchy.reconcile(base, variances)
        seen = panel.values[:, view.origin : view.origin + view.horizon]
        unknown = panel.doubt[:, view.origin : view.origin + view.horizon] > 0
        errors[at, :, : view.horizon] = np.where(unknown, np.nan, seen - reconciled)
    now = views[0][0]
    members: list[tuple[str, ...]] = [()] * n_districts
    for at, job in zip(now.own, now.jobs, strict=True):
        if at < n_districts:
            members[at] = job.members
    centre = panel.hierarchy.reconcile(bases[0], variances)
    return PointForecast(bases[0][:n_districts], centre, errors, tuple(members))


def _base(view: _View, paths: list[FloatArray], season: int) -> FloatArray:
    """Forecasts of all nodes (nodes, horizon), each by itself."""
    base = np.zeros((len(view.nodes), view.horizon))
    for at, path in zip(view.own, paths, strict=True):
        base[at] = combine(path)
    level = view.nodes[:, -season:].mean(axis=1)
    borrowers = np.setdiff1d(np.arange(len(view.nodes)), view.own)
    course = base[-1] / level[-1] if level[-1] > 0 else np.ones(view.horizon)
    base[borrowers] = level[borrowers, None] * course
    return base


def _variances(actual: FloatArray, misses: list[FloatArray], season: int) -> FloatArray:
    """Mean squared past error of every node; what its size suggests where there is no past to test."""
    level = actual[:, -season:].mean(axis=1)
    by_size = level + (0.05 * level) ** 2 + 1e-6
    if not misses or not sum(miss.shape[1] for miss in misses):
        return np.asarray(by_size)
    squared = np.concatenate([miss**2 for miss in misses], axis=1).mean(axis=1)
    variances: FloatArray = (len(misses) * squared + by_size) / (len(misses) + 1)
    return variances
