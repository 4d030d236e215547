"""Many jobs for many hands: every job comes back, with its answer or with the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

Job = TypeVar("Job")
Answer = TypeVar("Answer")

TRIES = 3
"""How often a job is tried whose process dies."""


@dataclass(frozen=True)
class Lost:
    """No answer, and why (Dutch)."""

    reason: str
    killed: bool = False
    """The process died under the job; it may go better when the job has the memory to itself."""


Outcomes = Iterator[tuple[Job, Answer | Lost]]
Crew = Callable[[Iterable[Job], bool], Outcomes[Job, Answer]]
"""Does jobs, many at once or (True) one at a time, and gives their outcomes as they come. A job is taken only when
there is room for it, so that jobs may be made on the way."""


def outcomes(crew: Crew[Job, Answer], jobs: Iterable[Job]) -> Outcomes[Job, Answer]:
    """Every job once, as they come. Jobs that were killed are tried again, one at a time, when the others are done.

    >>> def crew(jobs, alone):
    ...     for job in jobs:
    ...         yield job, job**2 if job < 3 or alone else Lost("te weinig geheugen", killed=True)
    >>> list(outcomes(crew, iter([3, 1, 2])))
    [(1, 1), (2, 4), (3, 9)]
    """
    waiting, killed = jobs, list[tuple[Job, Lost]]()
    for number in range(TRIES):
        killed = []
        for job, outcome in crew(waiting, number > 0):
            if isinstance(outcome, Lost) and outcome.killed:
                killed.append((job, outcome))
            else:
                yield job, outcome
        waiting = [job for job, _ in killed]
        if not killed:
            return
    yield from killed
