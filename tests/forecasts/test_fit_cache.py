from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from forecasts import fit_cache
from forecasts.fit_cache import FOLDER_VARIABLE, fitted_paths
from forecasts.members import SeriesJob

JOB = SeriesJob(np.arange(10.0), "2015", 1, 3, ("damped_growth",))


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """A store of its own; the list gets the number of fits of every call."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "store"))
    counts: list[int] = []
    in_parallel = fit_cache.map_in_parallel

    def counted(work, jobs, progress, *, keep, executor):  # type: ignore[no-untyped-def]
        counts.append(len(jobs))
        return in_parallel(work, jobs, progress, keep=keep, executor=executor)

    monkeypatch.setattr(fit_cache, "map_in_parallel", counted)
    return counts


def ask(*jobs: SeriesJob) -> list[list[list[float]]]:
    return [paths.tolist() for paths in fitted_paths(jobs, lambda done: None)]


def test_an_unchanged_series_is_never_fitted_twice(fits: list[int]) -> None:
    assert ask(JOB, JOB) == ask(JOB, JOB)
    assert fits == [1, 0]


def test_one_changed_count_is_a_new_series(fits: list[int]) -> None:
    changed = replace(JOB, values=JOB.values + np.eye(10)[9])
    first, second = ask(JOB), ask(changed, JOB)
    assert second[1] == first[0]
    assert second[0] != first[0]
    assert fits == [1, 1]


def test_a_longer_horizon_is_a_new_question(fits: list[int]) -> None:
    ask(JOB)
    assert len(ask(replace(JOB, horizon=5))[0][0]) == 5
    assert fits == [1, 1]


def test_a_broken_store_is_done_without(fits: list[int], tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "fits.sqlite").write_bytes(b"not a database" * 100)
    assert len(ask(JOB)) == 1
    assert fits == [1]


def test_what_was_fitted_before_a_run_was_stopped_is_kept(
    fits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [replace(JOB, values=JOB.values + number) for number in range(5)]
    monkeypatch.setattr(fit_cache, "WRITE_TOGETHER", 2)

    def stop(done: float) -> None:
        if done >= 3 / 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fitted_paths(jobs, stop)
    assert len(ask(*jobs)) == 5
    assert fits == [5, 5 - 3]
