from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts import workers
from forecasts.members import (
    ENSEMBLE,
    NAIVE,
    PLAIN_PROPHET,
    QUICK_ENSEMBLE,
    SeriesJob,
    able,
    combine,
    damped_growth_path,
    member_paths,
    seasonal_naive_path,
)
from forecasts.workers import CHUNK, WORKERS_VARIABLE, map_in_parallel
from tests.forecasts.deadly_jobs import LAST, logged_double

SEASON = 100 + 10 * np.sin(2 * np.pi * np.arange(48) / 12)


def test_a_series_gets_the_members_that_it_can_bear() -> None:
    monthly = ("seasonal_naive", "ets", "ces", "theta", "prophet_damped", "prophet_flat")
    assert able(72, 12, ENSEMBLE) == monthly
    assert able(14, 12, ENSEMBLE) == ("seasonal_naive", "ets", "theta")
    assert able(8, 1, ENSEMBLE) == ("damped_growth",)
    assert able(3, 12, ENSEMBLE) == NAIVE
    assert able(72, 12, PLAIN_PROPHET) == PLAIN_PROPHET


def test_every_member_sees_a_plain_season() -> None:
    members = tuple({*able(48, 12, ENSEMBLE), *able(48, 12, QUICK_ENSEMBLE)})
    paths = member_paths(SeriesJob(SEASON, "2020-01", 12, 12, members))
    assert paths == pytest.approx(np.tile(SEASON[:12], (len(members), 1)), rel=0.05)


def test_a_member_that_fails_leaves_the_word_to_the_others() -> None:
    paths = member_paths(SeriesJob(SEASON, "2020-01", 12, 6, ("seasonal_naive", "no_such_model")))
    assert np.isnan(paths[1]).all()
    assert combine(paths, np.ones(2)) == pytest.approx(seasonal_naive_path(SEASON, 12, 6))


def test_growth_goes_on_as_far_as_it_used_to_persist() -> None:
    steady = damped_growth_path(100 * 1.1 ** np.arange(10), 3)
    fickle = damped_growth_path(np.array([100, 110, 100, 110, 100, 110.0]), 3)
    assert 110 * 1.1**8 < steady[0] < 110 * 1.1**9
    assert fickle == pytest.approx([110, 110, 110])


def double(number: int) -> int:
    return 2 * number


def test_workers_answer_in_the_order_of_the_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WORKERS_VARIABLE, "2")
    fractions: list[float] = []
    answers = map_in_parallel(abs, list(range(-40, 0)), fractions.append)
    assert answers == list(range(40, 0, -1))
    assert fractions[-1] == 1
    assert fractions == sorted(fractions)


def test_when_a_worker_dies_only_what_it_lost_is_done_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(WORKERS_VARIABLE, "2")
    jobs = [(tmp_path, number) for number in range(LAST + 1)]
    fractions: list[float] = []
    kept: dict[int, int] = {}
    answers = map_in_parallel(logged_double, jobs, fractions.append, keep=kept.__setitem__)
    assert answers == [2 * number for number in range(LAST + 1)] == [kept[at] for at in range(LAST + 1)]
    assert (tmp_path / "killed").exists()
    assert fractions == sorted(fractions)
    done_twice = len((tmp_path / "log").read_text().splitlines()) - len(jobs)
    assert done_twice <= 3 * CHUNK


def test_no_more_is_handed_out_than_fits_in_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "CLUSTER_WINDOW", 3)
    submitted, finished, most = 0, 0, 0

    class Watched(ThreadPoolExecutor):
        def submit(self, *job, **options):  # type: ignore[no-untyped-def]
            nonlocal submitted, most
            submitted += 1
            most = max(most, submitted - finished)
            return super().submit(*job, **options)

    def arrived(at: int, _answer: int) -> None:
        nonlocal finished
        finished += at % CHUNK == 0

    with Watched(2) as executor:
        answers = map_in_parallel(double, range(20 * CHUNK), lambda _: None, keep=arrived, executor=executor)
    assert answers == [2 * number for number in range(20 * CHUNK)]
    assert (submitted, finished) == (20, 20)
    assert most <= 3


def test_few_jobs_stay_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WORKERS_VARIABLE, "4")
    assert map_in_parallel(lambda job: job + 1, [1, 2, 3], lambda done: None) == [2, 3, 4]


def test_when_every_member_fails_the_last_year_speaks() -> None:
    paths = member_paths(SeriesJob(SEASON, "2020-01", 12, 6, ("no_such_model",)))
    assert paths[0] == pytest.approx(SEASON[-12:-6])


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 10)), min_size=1, max_size=7))
def test_the_weighted_median_lies_between_the_members_and_is_the_plain_one_for_equal_weights(
    told: list[tuple[float, float]],
) -> None:
    paths, weights = np.array([[value] for value, _ in told]), np.array([weight for _, weight in told])
    assert paths.min() <= combine(paths, weights)[0] <= paths.max()
    assert combine(paths, np.full(len(told), 2.0))[0] == pytest.approx(np.median(paths))


def test_a_member_with_all_the_weight_decides() -> None:
    assert combine(np.array([[1.0], [5.0], [9.0]]), np.array([1e-6, 1e-6, 1.0]))[0] == pytest.approx(9.0)
