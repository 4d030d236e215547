"""Many small jobs on every core: the same answers in the same order, however many workers there are."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

Job = TypeVar("Job")
Answer = TypeVar("Answer")

WORKERS_VARIABLE = "GEBIEDSBUDGET_WORKERS"
"""Environment variable with the number of worker processes; 1 keeps everything in this process."""
CHUNK = 8


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
    worth_starting: int = 40,
    executor: Executor | None = None,
) -> list[Answer]:
    """`[work(job) for job in jobs]`, spread over processes when there are `worth_starting` jobs or more.

    `work` must be a top-level function and jobs and answers must pickle, because workers are spawned:
    a forked one would inherit the locks of a screen's threads. Where workers cannot start (a script
    without `if __name__ == "__main__"`, a locked-down machine) the work is done here. `executor`: workers that
    are already there, for instance `distributed.Client.get_executor()`.
    """
    if not jobs:
        progress(1.0)
        return []
    chunks = [jobs[at : at + CHUNK] for at in range(0, len(jobs), CHUNK)]
    if executor is not None:
        return _gather(executor, work, chunks, progress)
    workers = min(n_workers(), len(chunks))
    if workers > 1 and len(jobs) >= worth_starting:
        try:
            with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
                return _gather(pool, work, chunks, progress)
        except (BrokenProcessPool, OSError):
            progress(0.0)
    return list(_in_this_process(work, jobs, progress))


def _in_this_process(
    work: Callable[[Job], Answer], jobs: Sequence[Job], progress: Callable[[float], None]
) -> Iterator[Answer]:
    for done, job in enumerate(jobs, start=1):
        yield work(job)
        progress(done / len(jobs))


def _gather(
    executor: Executor,
    work: Callable[[Job], Answer],
    chunks: Sequence[Sequence[Job]],
    progress: Callable[[float], None],
) -> list[Answer]:
    futures = [executor.submit(_work_through, work, chunk) for chunk in chunks]
    for done, _ in enumerate(as_completed(futures), start=1):
        progress(done / len(futures))
    return [answer for future in futures for answer in future.result()]


def _work_through(work: Callable[[Job], Answer], chunk: Sequence[Job]) -> list[Answer]:
    return [work(job) for job in chunk]
