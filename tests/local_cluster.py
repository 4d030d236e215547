"""A real Dask cluster on this machine: a scheduler and workers in processes of their own, on 127.0.0.1 only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass
class LocalCluster:
    address: str
    scheduler: subprocess.Popen[str]
    workers: list[subprocess.Popen[str]] = field(default_factory=list)

    def kill_a_worker(self) -> None:
        """As the kernel does when memory runs out."""
        worker = self.workers.pop()
        worker.send_signal(signal.SIGKILL)
        worker.wait()


@contextmanager
def local_cluster(n_workers: int, folder: Path) -> Iterator[LocalCluster]:
    """Workers of one thread, without a nanny: one that is killed stays dead."""
    file = folder / "scheduler.json"
    scheduler = _start(
        "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file), folder=folder
    )
    cluster = LocalCluster("", scheduler)
    try:
        from distributed import Client

        with Client(scheduler_file=str(file), timeout="60s", set_as_default=False) as client:
            for _ in range(n_workers):
                address = client.scheduler.address
                options = ("--nthreads", "1", "--no-nanny", "--memory-limit", "0", "--host", "127.0.0.1")
                cluster.workers.append(_start("dask_worker", address, *options, folder=folder))
            cluster.address = address
            client.wait_for_workers(n_workers, timeout=60)
        yield cluster
    finally:
        for process in (*cluster.workers, scheduler):
            process.kill()
            process.wait()


def _start(module: str, *arguments: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{module}", "--no-dashboard", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
