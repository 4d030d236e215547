"""Long work outside the web server: reading, forecasting and allocating in a process of its own.

A workbook is known by the hash of its bytes, so two readers with the same file share one run and one plan. Plans
are frozen: what is shared is never changed. A run tells what it is doing and can be cancelled, whole tree and all.
"""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Generic, TypeVar

from budget.faults import Fault, FaultyInput
from budget.inputs import Inputs
from budget.plan import Plan, make_plan
from budget.reading import read_inputs
from optimiser.allocation import Contradiction
from ui.mishap import note_mishap

PLANS_KEPT = 8
RUNS_AT_ONCE = 2

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Upload:
    """Files as they came in: the workbook (or csv files), with boundaries if there are any."""

    files: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """SHA-256 over names and contents, 16 characters of it."""
        total = hashlib.sha256()
        for name in sorted(self.files):
            total.update(name.encode())
            total.update(hashlib.sha256(self.files[name]).digest())
        return total.hexdigest()[:16]

    @property
    def name(self) -> str:
        """The workbook's name, or the first csv file's."""
        books = [name for name in self.files if name.lower().endswith(".xlsx")]
        return (books or sorted(self.files))[0]

    def write(self, folder: Path) -> Path:
        """Put the files in a folder; what `read_inputs` has to be given: the workbook, or the folder of csv files."""
        for name, content in self.files.items():
            (folder / Path(name).name).write_bytes(content)
        book = folder / Path(self.name).name
        if book.suffix.lower() != ".xlsx":
            return folder
        for boundaries in [*folder.glob("*.geojson"), *folder.glob("*.json")]:
            boundaries.rename(book.with_suffix(".geojson"))
        return book


@dataclass
class Run:
    """One run on one upload; the screens read its fields, only the run's own thread writes them."""

    digest: str
    stage: str = ""
    done: float = 0.0
    inputs: Inputs | None = None
    plan: Plan | None = None
    faults: tuple[Fault, ...] = ()
    contradiction: Contradiction | None = None
    mishap: str = ""
    cancelled: bool = False
    finished: threading.Event = field(default_factory=threading.Event)
    process: BaseProcess | None = field(default=None, repr=False)

    def cancel(self) -> None:
        """Stop the run and everything that it started."""
        self.cancelled = True
        if self.process is not None and self.process.pid is not None:
            _end(self.process)


class Kept(Generic[_Value]):
    """The last few values by key, safe to share between sessions."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[str, _Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> _Value | None:
        """The value, if it is still there."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: str, value: _Value) -> None:
        """Keep a value; the one longest unused makes room."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._size:
                self._values.popitem(last=False)


plans: Kept[Plan] = Kept(PLANS_KEPT)
"""Finished plans by the digest of their upload."""
_runs: dict[str, Run] = {}
_runs_lock = threading.Lock()
_places = threading.Semaphore(RUNS_AT_ONCE)


def start(upload: Upload) -> Run:
    """Begin the run for an upload, or join the one that is under way."""
    with _runs_lock:
        run = _runs.get(upload.digest)
        if run is not None and not run.finished.is_set() and not run.cancelled:
            return run
        run = _runs[upload.digest] = Run(upload.digest)
    threading.Thread(target=_follow, args=(run, upload), daemon=True, name=f"run-{run.digest}").start()
    return run


def cancel_all() -> None:
    """Stop every run; for when the server stops."""
    with _runs_lock:
        for run in _runs.values():
            if not run.finished.is_set():
                run.cancel()


def _follow(run: Run, upload: Upload) -> None:
    """Start the process when there is a place for it, and note what it says until it is done."""
    folder = Path(tempfile.mkdtemp(prefix="gebiedsbudget-"))
    try:
        with _places:
            if run.cancelled:
                return
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe(duplex=False)
            run.process = context.Process(target=_work, args=(upload, folder, theirs), name="gebiedsbudget-run")
            run.process.start()
            theirs.close()
            with contextlib.suppress(EOFError, OSError):
                while True:
                    _note(run, ours.recv())
            run.process.join()
            if run.plan is not None:
                plans.put(run.digest, run.plan)
            elif not (run.cancelled or run.faults or run.contradiction or run.mishap):
                run.mishap = note_mishap(RuntimeError(f"the run ended with status {run.process.exitcode}"))
    except Exception as error:  # the reader gets a number, the log the rest
        run.mishap = note_mishap(error)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with _runs_lock:
            if _runs.get(run.digest) is run:
                del _runs[run.digest]
        run.finished.set()


def _note(run: Run, message: object) -> None:
    match message:
        case (str() as stage, float() as done):
            run.stage, run.done = stage, done
        case Inputs():
            run.inputs = message
        case Plan():
            run.plan = message
        case FaultyInput():
            run.faults = message.faults
        case Contradiction():
            run.contradiction = message
        case BaseException():
            run.mishap = note_mishap(message)


def _work(upload: Upload, folder: Path, told: Connection) -> None:
    """In its own process, at the head of its own process group: read, plan, tell."""
    if hasattr(os, "setsid"):
        os.setsid()
    try:
        told.send(("Werkmap lezen en controleren", 0.0))
        inputs = read_inputs(upload.write(folder))
        told.send(inputs)
        told.send(make_plan(inputs, progress=_teller(told)))
    except FaultyInput as faulty:
        told.send(faulty)
    except Contradiction as contradiction:
        told.send(contradiction)
    except Exception as error:
        told.send(RuntimeError(f"{type(error).__name__}: {error}"))
        raise
    finally:
        told.close()


def _teller(told: Connection) -> Callable[[str, float], None]:
    def tell(stage: str, done: float) -> None:
        told.send((stage, float(done)))

    return tell


def _end(process: BaseProcess) -> None:
    if hasattr(os, "killpg") and process.pid is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(Exception):
        process.kill()
