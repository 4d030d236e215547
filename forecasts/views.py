"""A panel as it was known at some moment: which nodes are forecast, by whom, and what comes out.

A node is a district, a quarter or the city. Every node with a history of its own is forecast by the members of
the ensemble; a district has one member more, its share of the city at its present level:

    share(d, h) = level(d) * forecast(city, h) / level(city)

A borrower, a district too small, too young or too hidden for models of its own, has that member alone. So
have all districts in yearly streams: a handful of yearly counts tells more of noise than of a course.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.history import FloatArray
from forecasts.members import SHORTEST, SeriesJob, able, combine
from forecasts.panel import Panel

SMALL = 10.0
"""Clients per period under which a district has no model of its own."""
SHARE = "share"
"""The member that is a district's share of the city."""

Opinions = tuple[tuple[str, ...], FloatArray]
"""Members, and their paths (members, horizon)."""


@dataclass(frozen=True)
class View:
    """The first `origin` periods of a panel, and the jobs that forecast `horizon` periods from there."""

    panel: Panel
    origin: int
    horizon: int
    nodes: FloatArray
    """(nodes, origin): districts, quarters, the city."""
    modelled: tuple[int, ...]
    """The nodes that have a job, in the order of `jobs`."""
    jobs: tuple[SeriesJob, ...]
    alone: bool
    """Whether a district is left to its own models: no shares of the city, no levels above."""

    def opinions(self, paths: Sequence[FloatArray], weights: Mapping[str, float]) -> dict[int, Opinions]:
        """What the members say of every modelled node, a district's share of the city among them."""
        told = {
            node: (job.members, path) for node, job, path in zip(self.modelled, self.jobs, paths, strict=True)
        }
        if self.alone:
            return told
        shares = self._shares(combine(*_weighed(told[len(self.nodes) - 1], weights)))
        return {
            node: ((*names, SHARE), np.vstack([path, shares[[node]]]))
            if node < len(self.panel.values)
            else (names, path)
            for node, (names, path) in told.items()
        }

    def base(self, paths: Sequence[FloatArray], weights: Mapping[str, float]) -> FloatArray:
        """Forecasts of all nodes (nodes, horizon), each by itself, from the member paths of every job."""
        opinions = {
            node: combine(*_weighed(opinion, weights))
            for node, opinion in self.opinions(paths, weights).items()
        }
        if self.alone:
            return self.panel.hierarchy.add_up(
                np.array([opinions[at] for at in range(len(self.panel.values))])
            )
        base = self._shares(opinions[len(self.nodes) - 1])
        for node, opinion in opinions.items():
            base[node] = opinion
        return base

    def _shares(self, city: FloatArray) -> FloatArray:
        """Every node at its present level on the course of the city, (nodes, horizon)."""
        level = self.nodes[:, -self.panel.periods_per_year :].mean(axis=1)
        course = city / level[-1] if level[-1] > 0 else np.ones(self.horizon)
        shares: FloatArray = level[:, None] * course
        return shares

    def misses(self, base: FloatArray) -> FloatArray:
        """What came minus what was forecast, (nodes, horizon); only for a view of the past."""
        came: FloatArray = self.panel.hierarchy.add_up(
            self.panel.values[:, self.origin : self.origin + self.horizon]
        )
        missed: FloatArray = came - base
        return missed


def view_of(
    panel: Panel,
    origin: int,
    horizon: int,
    wanted: tuple[str, ...],
    *,
    alone: bool = False,
    only: Collection[int] | None = None,
) -> View:
    """The panel as known after `origin` periods, to be forecast by the members wanted.

    `only`: the districts that are modelled at most, beside the city.
    """
    nodes = panel.hierarchy.add_up(panel.values[:, :origin])
    n_districts = len(panel.values)
    modelled = np.ones(len(nodes), dtype=bool)
    modelled[:n_districts] = alone | ~_borrowers(panel, origin)
    modelled[n_districts:] = not alone
    if panel.periods_per_year == 1 and not alone:
        modelled[n_districts:-1] = False
    if only is not None:
        modelled[:-1] &= np.isin(np.arange(len(nodes) - 1), list(only))
    chosen = tuple(int(at) for at in np.flatnonzero(modelled))
    first = np.zeros(len(nodes), dtype=np.int64)
    first[:n_districts] = np.minimum(panel.first, origin - 1)
    jobs = tuple(
        SeriesJob(
            nodes[at, first[at] :],
            str(panel.periods[first[at]]),
            panel.periods_per_year,
            horizon,
            able(origin - int(first[at]), panel.periods_per_year, wanted),
        )
        for at in chosen
    )
    return View(panel, origin, horizon, nodes, chosen, jobs, alone)


def _weighed(opinions: Opinions, weights: Mapping[str, float]) -> tuple[FloatArray, FloatArray]:
    names, paths = opinions
    return paths, np.array([weights.get(name, 1.0) for name in names])


def _borrowers(panel: Panel, origin: int) -> npt.NDArray[np.bool_]:
    """Districts without models of their own: (districts,)."""
    season = panel.periods_per_year
    if season == 1:
        return np.ones(len(panel.values), dtype=bool)
    last_year = slice(max(0, origin - season), origin)
    small = panel.values[:, last_year].mean(axis=1) < SMALL
    hidden = panel.doubt[:, last_year].mean(axis=1) > 0.5
    young = (panel.first > 0) & (origin - panel.first < season + SHORTEST)
    borrowers: npt.NDArray[np.bool_] = small | hidden | young
    return borrowers
