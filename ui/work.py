"""Long work outside the web server: a plan or a back-test in a process of its own.

A process rather than a thread: a thread that computes stalls every reader. A workbook is known by the hash of its
bytes, so two readers with the same file share one run and one plan. Plans are frozen: what is shared is never
changed. A run tells what it is doing and can be cancelled, with everything that it started.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from budget.faults import Fault
from budget.inputs import Inputs
from budget.plan import Plan
from budget.tables import Table
from optimiser.allocation import Contradiction
from ui.mishap import note_mishap
from ui.worker import BACKTEST

_ROOT = Path(__file__).parents[1]
PLANS_KEPT = 8
RUNS_AT_ONCE = 2
_TABLE, _MAPS = ".csv", (".geojson", ".json")

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
        return (self.books or sorted(self.files))[0]

    @property
    def books(self) -> list[str]:
        """Every file that is neither csv nor a map: a workbook, or something that will be refused in words."""
        return sorted(name for name in self.files if not name.lower().endswith((_TABLE, *_MAPS)))

    @property
    def tables(self) -> list[str]:
        """Every csv file."""
        return sorted(name for name in self.files if name.lower().endswith(_TABLE))

    def write(self, folder: Path) -> Path:
        """Put the files in a folder; what `read_inputs` has to be given: the workbook, or the folder of csv files."""
        for name, content in self.files.items():
            (folder / Path(name).name).write_bytes(content)
        book = folder / Path(self.name).name
        if not self.books:
            return folder
        for boundaries in [*folder.glob("*.geojson"), *folder.glob("*.json")]:
            boundaries.rename(book.with_suffix(".geojson"))
        return book


@dataclass
class Run:
    """One run on one upload; the screens read its fields, only the run's own thread writes them.

    `digest` is the mark of its upload, with the kind of work before it where that is no plan.
    """

    digest: str
    stage: str = ""
    done: float = 0.0
    plan: Plan | None = None
    backtest: tuple[Table, ...] | None = None
    """The sheets of a back-test; none where the series are too short for one."""
    faults: tuple[Fault, ...] = ()
    contradiction: Contradiction | None = None
    mishap: str = ""
    cancelled: bool = False
    finished: threading.Event = field(default_factory=threading.Event)
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def cancel(self) -> None:
        """Stop the run and everything that it started."""
        self.cancelled = True
        if self.process is not None:
            _end(self.process)


class Kept(Generic[_Value]):
    """The last few values by key, safe to share between sessions."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Hashable, _Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> _Value | None:
        """The value, if it is still there."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Hashable, value: _Value) -> None:
        """Keep a value; the one longest unused makes room."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._size:
                self._values.popitem(last=False)


plans: Kept[Plan] = Kept(PLANS_KEPT)
"""Finished plans by the digest of their upload."""
backtests: Kept[tuple[Table, ...]] = Kept(PLANS_KEPT)
"""Sheets of finished back-tests by the digest of their upload."""
_runs: dict[str, Run] = {}
_runs_lock = threading.Lock()
_places = threading.Semaphore(RUNS_AT_ONCE)


def start(upload: Upload) -> Run:
    """Begin the run for an upload, or join the one that is under way."""

    def keep(run: Run) -> None:
        if run.plan is not None:
            plans.put(upload.digest, run.plan)

    return _begin(upload.digest, lambda folder: (str(upload.write(folder)),), keep)


def start_backtest(digest: str, inputs: Inputs) -> Run:
    """Begin the back-test of the inputs of an upload, or join the one that is under way."""

    def arguments(folder: Path) -> tuple[str, ...]:
        file = folder / "inputs.pickle"
        file.write_bytes(pickle.dumps(inputs, protocol=pickle.HIGHEST_PROTOCOL))
        return BACKTEST, str(file)

    def keep(run: Run) -> None:
        if run.backtest is not None:
            backtests.put(digest, run.backtest)

    return _begin(backtest_mark(digest), arguments, keep)


def backtest_mark(digest: str) -> str:
    """The mark of the back-test of an upload."""
    return f"{BACKTEST}/{digest}"


def _begin(mark: str, arguments: Callable[[Path], tuple[str, ...]], keep: Callable[[Run], None]) -> Run:
    """A run under a mark, new or under way. `arguments` of the worker are made in the folder that it is given."""
    with _runs_lock:
        run = _runs.get(mark)
        if run is not None and not run.finished.is_set() and not run.cancelled:
            return run
        run = _runs[mark] = Run(mark)
    following = threading.Thread(target=_follow, args=(run, arguments, keep), daemon=True, name=f"run-{mark}")
    following.start()
    return run


def cancel_all() -> None:
    """Stop every run; for when the server stops."""
    with _runs_lock:
        for run in _runs.values():
            if not run.finished.is_set():
                run.cancel()


def _follow(run: Run, arguments: Callable[[Path], tuple[str, ...]], keep: Callable[[Run], None]) -> None:
    """Start the process when there is a place for it, and note what it says until it is done."""
    folder = Path(tempfile.mkdtemp(prefix="gebiedsbudget-"))
    try:
        with _places:
            if not run.cancelled:
                _listen(run, arguments(folder))
        keep(run)
    except Exception as error:
        run.mishap = note_mishap(error)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with _runs_lock:
            if _runs.get(run.digest) is run:
                del _runs[run.digest]
        run.finished.set()


def _listen(run: Run, arguments: tuple[str, ...]) -> None:
    """One process from beginning to end."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.worker", *arguments],
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    )
    run.process = process
    if run.cancelled:
        run.cancel()
    assert process.stdout is not None
    with process.stdout as told, contextlib.suppress(EOFError):
        while True:
            _note(run, pickle.load(told))
    status = process.wait()
    results = (run.plan, run.backtest, run.contradiction)
    answered = run.faults or any(result is not None for result in results)
    if not answered and not run.cancelled:
        run.mishap = note_mishap(RuntimeError(f"the run ended with status {status}; its own words are above"))


def _note(run: Run, message: object) -> None:
    match message:
        case (str() as stage, float() as done):
            run.stage, run.done = stage, done
        case Plan():
            run.plan = message
        case (str(), tuple() as tables):
            run.backtest = tables
        case (tuple() as clash, tuple() as repairs, str() as sentence):
            run.contradiction = Contradiction(clash, repairs, sentence)
        case tuple():
            run.faults = message


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop a process and what it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
