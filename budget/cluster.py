"""A Dask cluster: hands on other machines. Needs the package `distributed` here, and this package on its workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from budget.crew import Answer, Job, Lost, Outcomes

if TYPE_CHECKING:
    from distributed import Client, Future

PATIENCE = 20
"""Seconds to wait for the scheduler, and for a first worker."""
_AHEAD = 2
"""Jobs under way per thread of the cluster: one being done and one waiting."""


@contextmanager
def connected(scheduler: str) -> Iterator[Client]:
    """A client of the cluster at this address (`tcp://host:port`). Raises OSError when nobody answers or works there."""
    from distributed import Client

    with Client(scheduler, timeout=f"{PATIENCE}s", set_as_default=False) as client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            raise OSError(f"het cluster op {scheduler} heeft geen werkers") from error
        yield client


def on_cluster(client: Client, work: Callable[[Job], Answer], jobs: Iterable[Job], alone: bool) -> Outcomes[Job, Answer]:
    """Do jobs on the workers of a cluster; a `Crew` once the first two are given.

    The cluster itself does a job again whose worker dies, a few times. `work` is a top-level function; it, the jobs
    and the answers pickle.
    """
    from distributed import as_completed

    coming = iter(jobs)
    under_way: dict[Future, Job] = {}
    completed = as_completed(loop=client.loop)

    def hand_out() -> None:
        room = 1 if alone else _AHEAD * sum(client.nthreads().values())
        for job in islice(coming, max(1, room) - len(under_way)):
            future = client.submit(work, job, pure=False)
            under_way[future] = job
            completed.add(future)

    hand_out()
    for future in completed:
        job, outcome = under_way.pop(future), _outcome(future)
        hand_out()
        yield job, outcome
