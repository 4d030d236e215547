"""Many small jobs on every core: the same answers in the same order, however many workers there are."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, TypeVar

Job = TypeVar("Job")
Answer = TypeVar("Answer")

WORKERS_VARIABLE = "GEBIEDSBUDGET_WORKERS"
"""Environment variable with the number of worker processes; 1 keeps everything in this process."""
CHUNK = 8
"""Jobs that go to a worker together."""
WINDOW_PER_WORKER = 4
"""Chunks handed out at a time for every worker of our own: enough to keep it busy."""
CLUSTER_WINDOW = 512
"""Chunks handed out at a time to workers that are already there, whose number is not known."""


def n_workers() -> int:
    """Worker processes to use: what the environment asks for, else one per available core.

    A daemonic process may not have children: there it is 1.
    """
    if multiprocessing.current_process().daemon:
        return 1
    wanted = os.environ.get(WORKERS_VARIABLE, "")
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    return max(1, int(wanted)) if wanted.isdigit() else available


def map_in_parallel(
    work: Callable[[Job], Answer],
    jobs: Sequence[Job],
    progress: Callable[[float], None],
    *,
    keep: Callable[[int, Answer], None] | None = None,
    worth_starting: int = 40,
    executor: Executor | None = None,
) -> list[Answer]:
    """`[work(job) for job in jobs]`, spread over processes when there are `worth_starting` jobs or more.

    `work` must be a top-level function and jobs and answers must pickle, because workers are spawned:
    a forked one would inherit the locks of a screen's threads. `keep` gets the place and the answer of every job
    as soon as it arrives, in any order. When a worker dies, what had arrived stands and the rest is done again.
    Where workers cannot start (a script without `if __name__ == "__main__"`, a locked-down machine) the work is
    done here. `executor`: workers that are already there, for instance `distributed.Client.get_executor()`.
    """
    if not jobs:
        progress(1.0)
        return []
    arrivals = _Arrivals(len(jobs), progress, keep)
    n_chunks = -(-len(jobs) // CHUNK)
    workers = min(n_workers(), n_chunks)
    if executor is not None:
        _gather(executor, work, jobs, arrivals, CLUSTER_WINDOW)
    elif workers > 1 and len(jobs) >= worth_starting:
        _gather_from_own_workers(workers, work, jobs, arrivals)
    for at in arrivals.missing():
        arrivals.take(range(at, at + 1), [work(jobs[at])])
    return arrivals.in_order()


class _Arrivals(Generic[Answer]):
    """The answers so far, by the place of their job."""

    def __init__(
        self, n_jobs: int, progress: Callable[[float], None], keep: Callable[[int, Answer], None] | None
    ) -> None:
        self._n_jobs, self._progress, self._keep = n_jobs, progress, keep
        self._answers: dict[int, Answer] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def take(self, places: Sequence[int], answers: Sequence[Answer]) -> None:
        for at, answer in zip(places, answers, strict=True):
            self._answers[at] = answer
            if self._keep is not None:
                self._keep(at, answer)
        self._progress(len(self._answers) / self._n_jobs)

    def missing(self) -> list[int]:
        return [at for at in range(self._n_jobs) if at not in self._answers]

    def in_order(self) -> list[Answer]:
        return [self._answers[at] for at in range(self._n_jobs)]


def _gather_from_own_workers(
    workers: int, work: Callable[[Job], Answer], jobs: Sequence[Job], arrivals: _Arrivals[Answer]
) -> None:
    """New workers after a death, for as long as that brings answers."""
    spawn = multiprocessing.get_context("spawn")
    while len(arrivals) < len(jobs):
        n_before = len(arrivals)
        try:
            with ProcessPoolExecutor(workers, mp_context=spawn) as pool:
                _gather(pool, work, jobs, arrivals, WINDOW_PER_WORKER * workers)
        except (BrokenProcessPool, OSError):
            if len(arrivals) == n_before:
                return


def _gather(
    executor: Executor,
    work: Callable[[Job], Answer],
    jobs: Sequence[Job],
    arrivals: _Arrivals[Answer],
    window: int,
) -> None:
    """The missing answers, with at most `window` chunks handed out at a time."""
    missing = arrivals.missing()
    waiting = deque(missing[at : at + CHUNK] for at in range(0, len(missing), CHUNK))
    handed_out: dict[Future[list[Answer]], list[int]] = {}
    try:
        while waiting or handed_out:
            while waiting and len(handed_out) < window:
                places = waiting.popleft()
                future = executor.submit(_work_through, work, [jobs[at] for at in places])
                handed_out[future] = places
            finished, _ = wait(handed_out, return_when=FIRST_COMPLETED)
            for future in sorted(finished, key=lambda one: one.exception() is not None):
                arrivals.take(handed_out.pop(future), future.result())
    finally:
        for future in handed_out:
            future.cancel()


def _work_through(work: Callable[[Job], Answer], chunk: Sequence[Job]) -> list[Answer]:
    return [work(job) for job in chunk]
