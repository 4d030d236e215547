"""A Dask cluster: hands on other machines. Needs `distributed` here, and this package of the same version there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from errno import ENOTCONN
from importlib import import_module
from itertools import islice
from typing import Any

from budget.national.crew import Answer, Job, Lost, Outcomes

PATIENCE = 20
"""Seconds to wait for the scheduler, and for a first worker."""
_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-f:]+\]|[^\s:/]+):\d{1,5}", re.IGNORECASE)
_AHEAD = 2
"""Jobs under way per thread of the cluster: one being done and one waiting."""
_GONE = Lost("de verbinding met het cluster is weggevallen")
_KILLED = Lost("het rekenproces is steeds gestopt, waarschijnlijk te weinig geheugen", killed=True)


def connected(scheduler: str) -> Any:
    """A `distributed.Client` of the cluster at this address (`tcp://host:port`), to be closed.

    Raises ConnectionError when there is none to be had.
    """
    if not _ADDRESS.fullmatch(scheduler):
        raise _no_cluster(scheduler, "geen adres als tcp://host:8786")
    try:
        client = import_module("distributed").Client(scheduler, timeout=f"{PATIENCE}s", set_as_default=False)
    except ModuleNotFoundError as error:
        raise _no_cluster(scheduler, "hiervoor is het pakket distributed nodig (extra `cluster`)") from error
    except OSError as error:
        raise _no_cluster(scheduler, "geen Dask-cluster op dit adres") from error
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        client.close()
        raise _no_cluster(scheduler, f"binnen {PATIENCE} seconden geen werkers") from error
    return client


@contextmanager
def executor_of(scheduler: str | None) -> Iterator[Executor | None]:
    """The workers of a cluster as an executor; None without a cluster. Raises ConnectionError, also when it is lost."""
    if scheduler is None:
        yield None
        return
    with connected(scheduler) as client:
        try:
            yield client.get_executor(pure=False)
        except CancelledError as error:
            raise _no_cluster(scheduler, _GONE.reason) from error
        except import_module("distributed").KilledWorker as error:
            raise _no_cluster(scheduler, _KILLED.reason) from error


def _no_cluster(scheduler: str, why: str) -> ConnectionError:
    return ConnectionError(ENOTCONN, why, scheduler)


def on_cluster(
    client: Any, work: Callable[[Job], Answer], jobs: Iterable[Job], alone: bool
) -> Outcomes[Job, Answer]:
    """Do jobs on the workers of a cluster; a `Crew` once the first two are given.

    The cluster itself does a job again whose worker dies, a few times. Workers may come and go. `work` is a
    top-level function; it, the jobs and the answers pickle.
    """
    distributed = import_module("distributed")
    coming = iter(jobs)
    under_way: dict[Any, Job] = {}
    completed = distributed.as_completed(loop=client.loop)

    def hand_out() -> None:
        if client.status != "running":
            return
        room = 1 if alone else max(1, _AHEAD * sum(client.nthreads().values()))
        for job in islice(coming, max(0, room - len(under_way))):
            future = client.submit(work, job, pure=False)
            under_way[future] = job
            completed.add(future)

    hand_out()
    for future in completed:
        job, outcome = under_way.pop(future), _outcome(future)
        hand_out()
        yield job, outcome
    for job in coming:
        yield job, _GONE


def _outcome(future: Any) -> Any:
    """What a finished job gave, or the `Lost` that says why it gave nothing."""
    distributed = import_module("distributed")
    try:
        return future.result()
    except distributed.KilledWorker:
        return _KILLED
    except CancelledError:
        return _GONE
    except Exception as error:
        return Lost(f"{type(error).__name__}: {error}")
