from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecasts.history import History, Population
from forecasts.members import SeriesJob
from forecasts.panel import Panel, prepare
from forecasts.views import SHARE, View
from forecasts.weights import N_DISTRICTS, learn_weights, trials


@pytest.fixture
def panel(make_history, nobody: Population) -> Panel:
    months = np.arange(40)
    clients = [[100.0 + 5 * district + months[t] % 12 for t in months] for district in range(12)]
    history: History = make_history(clients, districts=[f"{d:02}" for d in range(12)])
    return prepare(history.streams[0], history, nobody, 2027)


def told(view: View, errors: dict[str, float]) -> list[np.ndarray]:
    """Paths of members that each miss what came by their own error."""

    def paths(node: int, job: SeriesJob) -> np.ndarray:
        came = view.panel.hierarchy.add_up(view.panel.values)[node, view.origin : view.origin + view.horizon]
        return np.array([came + errors.get(member, 1.0) for member in job.members])

    return [paths(node, job) for node, job in zip(view.modelled, view.jobs, strict=True)]


def test_the_largest_districts_and_the_city_are_tried_from_three_moments(panel: Panel) -> None:
    views = trials(panel)
    assert [view.origin for view in views] == [40 - 6, 40 - 12, 40 - 18]
    assert views[0].modelled == (*range(12 - N_DISTRICTS, 12), 12)


def test_a_member_that_errs_more_counts_for_less(panel: Panel) -> None:
    weights = learn_weights([(view, told(view, {"ces": 2.0, "theta": 0.5})) for view in trials(panel)])
    assert weights["theta"] > weights["prophet_flat"] > weights["ces"] > 0
    assert weights["ets_additive"] == weights["ets"]
    assert SHARE in weights


def test_one_moment_tells_less_than_three(panel: Panel) -> None:
    views = trials(panel)
    few, many = (
        learn_weights([(view, told(view, {"ces": 2.0})) for view in some]) for some in (views[:1], views)
    )
    assert many["ces"] / many["ets"] < few["ces"] / few["ets"] < 1


def test_one_district_tells_less_than_eight(panel: Panel) -> None:
    views = trials(panel)
    alone = [replace(view, modelled=view.modelled[-2:], jobs=view.jobs[-2:]) for view in views]
    few, many = (
        learn_weights([(view, told(view, {"ces": 2.0})) for view in some]) for some in (alone, views)
    )
    assert many["ces"] / many["ets"] < few["ces"] / few["ets"] < 1


def test_without_trials_all_count_alike(make_history, nobody: Population) -> None:
    yearly = make_history([[50.0] * 8], start="2017", frequency="Y")
    assert trials(prepare(yearly.streams[0], yearly, nobody, 2026)) == []
    assert learn_weights([]) == {}
