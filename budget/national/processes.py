"""Processes of this machine, each with a pipe of its own: one that dies takes nothing with it but its own job.

The pool of the standard library breaks as a whole, and does not tell which job broke it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Generic

from budget.national.crew import Answer, Job, Lost, Outcomes

_KILLED = 9
"""The signal of a kernel that is out of memory."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def in_processes(
    work: Callable[[Job], Answer], n_processes: int, jobs: Iterable[Job], alone: bool
) -> Outcomes[Job, Answer]:
    """Do jobs in `n_processes` spawned processes of one thread each; a `Crew` once the first two are given.

    `work` is a top-level function that answers for its own errors; it, the jobs and the answers pickle. No process
    and no temporary file outlives the iterator.
    """
    coming = iter(jobs)
    busy: dict[_Hand[Job, Answer], Job] = {}
    with tempfile.TemporaryDirectory(prefix="gebiedsbudget-", ignore_cleanup_errors=True) as scratch:
        try:
            for job in islice(coming, 1 if alone else n_processes):
                hand = _Hand(work, scratch)
                busy[hand] = job
                hand.give(job)
            while busy:
                ready = wait([hand.pipe for hand in busy])
                for hand in [hand for hand in busy if hand.pipe in ready]:
                    job, outcome = busy.pop(hand), hand.take()
                    for following in islice(coming, 1):
                        able = _Hand(work, scratch) if isinstance(outcome, Lost) else hand
                        busy[able] = following
                        able.give(following)
                    if hand not in busy:
                        hand.dismiss()
                    yield job, outcome
        finally:
            for hand in busy:
                hand.dismiss()


class _Hand(Generic[Job, Answer]):
    """One process, and the pipe through which it gets a job and gives the answer."""

    def __init__(self, work: Callable[[Job], Answer], scratch: str) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.pipe, its_end = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(work, its_end, scratch), daemon=True)
        self._process.start()
        its_end.close()

    def give(self, job: Job) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            self.pipe.send(job)

    def take(self) -> Answer | Lost:
        try:
            answer: Answer = self.pipe.recv()
        except (EOFError, OSError):
            self._process.join()
            return Lost(_cause_of_death(self._process.exitcode), killed=True)
        return answer

    def dismiss(self) -> None:
        self.pipe.close()
        self._process.terminate()
        self._process.join()


def _cause_of_death(exit_code: int | None) -> str:
    killed = exit_code == -_KILLED
    return f"het rekenproces is gestopt (code {exit_code}{', waarschijnlijk te weinig geheugen' if killed else ''})"


def _serve(work: Callable[[Job], Answer], pipe: Connection, scratch: str) -> None:
    """The life of a process: job in, answer out, until the other side closes. An interrupt is for the other side."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    tempfile.tempdir = scratch
    with suppress(EOFError, OSError):
        while True:
            pipe.send(work(pipe.recv()))
