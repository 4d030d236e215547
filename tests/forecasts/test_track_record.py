"""What a forecast tells of its own past."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts.forecast import forecast_demand
from forecasts.history import Population
from forecasts.track_record import TrackRecord


def notes_of_yearly(make_history, nobody: Population, counts: np.ndarray) -> str:
    history = make_history(counts, start="2012", frequency="Y")
    return " ".join(forecast_demand(history, nobody, 2023, n_draws=5).notes)


def test_a_rise_that_keeps_speeding_up_is_told_to_have_been_missed_on_one_side(make_history, nobody) -> None:
    rising = 100 * np.exp(0.02 * np.arange(10) ** 2 / 2)
    notes = notes_of_yearly(make_history, nobody, np.array([rising, 2 * rising]))
    assert "de terugblik zat steeds te laag" in notes


def test_a_stream_that_comes_and_goes_has_no_habit(make_history, nobody) -> None:
    fickle = 100 + 8 * np.resize([1.0, -1.0], 10)
    notes = notes_of_yearly(make_history, nobody, np.array([fickle, 2 * fickle]))
    assert "steeds te" not in notes


def test_a_stream_better_left_to_the_last_year_says_so() -> None:
    assert TrackRecord(1.08, (0.01, -0.01, 0.02)).worse_than_naive
    assert not TrackRecord(0.97, (0.01, -0.01, 0.02)).worse_than_naive
    assert not TrackRecord(1.08, (0.01,)).worse_than_naive


@pytest.mark.parametrize(
    ("leans", "habit"),
    [((0.05, 0.04, 0.06), True), ((0.05, -0.04, 0.06), False), ((0.01, 0.01, 0.01), False)],
)
def test_one_side_is_every_moment_and_more_than_a_trifle(leans: tuple[float, ...], habit: bool) -> None:
    assert TrackRecord(0.9, leans).one_sided is habit
