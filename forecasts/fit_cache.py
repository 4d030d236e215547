"""Fits kept by content: a series that has not changed is never fitted twice.

The key is a hash of the series, of what was asked and of the code that answers, so that nothing in the store can
be out of date. It holds no names of districts or streams. A store that cannot be read or written
is done without.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import closing
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from forecasts.history import FloatArray
from forecasts.members import SeriesJob, member_paths
from forecasts.workers import map_in_parallel

FOLDER_VARIABLE = "GEBIEDSBUDGET_CACHE"
"""Environment variable with the folder of the store; empty means that nothing is kept."""
MOST_FITS = 250_000
"""The oldest fits give way to new ones beyond this number (about 750 MB): more than the whole country in one run."""
WRITE_TOGETHER = 64
"""Fits that are written at a time; no more than these are lost when a run is stopped."""
_FITTED_BY = ("members.py", "prophet_model.py", "statistical_models.py")
_LIBRARIES = ("prophet", "statsforecast", "numpy")


def fitted_paths(
    jobs: Sequence[SeriesJob], progress: Callable[[float], None], executor: Executor | None = None
) -> list[FloatArray]:
    """The member paths of every job, from the store where they are known, fitted in parallel where not."""
    keys = [_key(job) for job in jobs]
    paths = _read(jobs, keys)
    missing = {key: job for key, job in zip(keys, jobs, strict=True) if key not in paths}
    names = list(missing)
    unwritten: dict[bytes, FloatArray] = {}

    def keep(at: int, path: FloatArray) -> None:
        unwritten[names[at]] = path
        if len(unwritten) == WRITE_TOGETHER:
            _write(unwritten)
            unwritten.clear()

    try:
        fitted = map_in_parallel(member_paths, list(missing.values()), progress, keep=keep, executor=executor)
    finally:
        _write(unwritten)
    paths |= zip(names, fitted, strict=True)
    return [paths[key] for key in keys]


def _key(job: SeriesJob) -> bytes:
    asked = repr((job.start, job.periods_per_year, job.horizon, job.members))
    return hashlib.sha256(_code() + asked.encode() + job.values.astype("<f8").tobytes()).digest()


@cache
def _code() -> bytes:
    """A hash of the code and the libraries that fit."""
    sources = b"".join((Path(__file__).parent / name).read_bytes() for name in _FITTED_BY)
    versions = ",".join(f"{name}=={version(name)}" for name in _LIBRARIES)
    return hashlib.sha256(sources + versions.encode()).digest()


def _store() -> Path | None:
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder == "":
        return None
    return (Path(folder) if folder else Path.home() / ".cache" / "gebiedsbudget") / "fits.sqlite"


def _read(jobs: Sequence[SeriesJob], keys: Sequence[bytes]) -> dict[bytes, FloatArray]:
    store = _store()
    if store is None or not store.exists():
        return {}
    known: dict[bytes, FloatArray] = {}
    try:
        with closing(sqlite3.connect(store, timeout=30)) as connection:
            for key, job in zip(keys, jobs, strict=True):
                row = connection.execute("SELECT paths FROM fits WHERE key = ?", (key,)).fetchone()
                if row is not None:
                    known[key] = np.frombuffer(row[0]).reshape(len(job.members), job.horizon)
    except (sqlite3.Error, ValueError):
        return {}
    return known


def _write(paths: dict[bytes, FloatArray]) -> None:
    store = _store()
    if store is None or not paths:
        return
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(store, timeout=30)) as connection, connection:
            connection.execute("CREATE TABLE IF NOT EXISTS fits (key BLOB UNIQUE, paths BLOB)")
            rows = [(key, path.tobytes()) for key, path in paths.items()]
            connection.executemany("INSERT OR REPLACE INTO fits (key, paths) VALUES (?, ?)", rows)
            connection.execute(
                "DELETE FROM fits WHERE rowid <= (SELECT max(rowid) FROM fits) - ?", (MOST_FITS,)
            )
    except (sqlite3.Error, OSError):
        return
