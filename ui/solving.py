"""Plans under scenarios, made once for all readers who ask for the same, and outside the web process where it can.

A solve takes a good part of a second of pure computing. In a thread of the web process it would hold up every other
reader, so the server keeps a few solvers (`ui.solver`) ready; without them, as in a test, a thread does the work.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeAlias, TypeVar, cast

from budget.plan import Plan, explained
from optimiser.allocation import Contradiction
from ui.scenarios import Scenario, encode
from ui.solver import (
    Answer,
    Call,
    Clash,
    Failure,
    KnownPickler,
    KnownUnpickler,
    Returned,
    Workbook,
    decided_plans,
    known_of,
    prepared_sheets,
    stand_by,
)
from ui.view import Prepared
from ui.work import Kept

SOLVERS = max(1, min(3, (os.cpu_count() or 2) - 1))
ANSWERS_KEPT = 48

_ROOT = Path(__file__).parents[1]
_TICK = 0.02
"""Seconds between two looks at whether the reader who waits still wants the answer."""

_Asked = ParamSpec("_Asked")
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Answers(Generic[_Found]):
    """What comes first and what comes last; the same where there is one answer."""

    first: Future[_Found]
    last: Future[_Found]


class Solver:
    """One process, asked one thing at a time."""

    def __init__(self) -> None:
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from ui.solver import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )

    def ask(self, digest: str, workbook: Workbook, call: Call) -> Iterator[Answer]:
        """What it says, as it comes; ask nothing else before the last."""
        told, heard = self._process.stdin, self._process.stdout
        assert told is not None
        assert heard is not None
        pickle.dump(digest, told)
        told.flush()
        if not pickle.load(heard):
            pickle.dump(workbook, told, protocol=pickle.HIGHEST_PROTOCOL)
        KnownPickler(told, known_of(workbook)).dump(call)
        told.flush()
        known = known_of(workbook, call)
        while (said := KnownUnpickler(heard, known).load()) is not None:
            yield said
            if not isinstance(said, Returned):
                return

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()


Solvers: TypeAlias = "queue.LifoQueue[Solver | None]"
"""Those that are free; None once they have stopped."""
_solvers: Solvers | None = None
"""The one that answered last is asked first: it has the workbook, and stands near the answer."""
_threads = ThreadPoolExecutor(SOLVERS, thread_name_prefix="solve")
_answers: Kept[Answers[Any]] = Kept(ANSWERS_KEPT)
_asking = threading.Lock()


def start_solvers() -> None:
    """Keep solvers ready from now on."""
    global _solvers
    _solvers = queue.LifoQueue()
    for _ in range(SOLVERS):
        _solvers.put(Solver())


def stop_solvers() -> None:
    """End them; for when the server stops."""
    global _solvers
    stopped, _solvers = _solvers, None
    if stopped is None:
        return
    with contextlib.suppress(queue.Empty):
        while True:
            solver = stopped.get_nowait()
            if solver is not None:
                solver.stop()
    stopped.put(None)


def decision(digest: str, basis: Plan, scenario: Scenario) -> Answers[Plan]:
    """The plan of a workbook under a scenario, without shadow prices and proof unless they are known.

    First the plan before its surplus is reinvested, last the plan itself.
    """
    key = f"{digest}/{encode(scenario)}"
    reasons = _answers.get(f"{key}/reasons")
    if reasons is not None and reasons.last.done() and reasons.last.exception() is None:
        return reasons
    return _asked(key, digest, basis, Call(decided_plans, (basis.inputs, basis.demand, scenario)))


def reasons(digest: str, basis: Plan, scenario: Scenario, decided: Plan) -> Future[Plan]:
    """The same plan with its shadow prices and proof."""
    return ask(f"{digest}/{encode(scenario)}/reasons", digest, basis, explained, decided)


def prepared(digest: str, basis: Plan) -> Future[Prepared] | None:
    """The sheets of a workbook's plan, made by a solver while the others stand by; None where there are no solvers."""
    if _solvers is None:
        return None
    sheets = _asked(f"{digest}/sheets", digest, basis, Call(prepared_sheets, (basis,)))
    for other in range(1, SOLVERS):
        ask(f"{digest}/stand by {other}", digest, basis, stand_by, basis.inputs, basis.demand)
    return sheets.first


def ask(
    key: str,
    digest: str,
    basis: Plan,
    function: Callable[_Asked, _Found],
    *args: _Asked.args,
    **kwargs: _Asked.kwargs,
) -> Future[_Found]:
    """What the function returns: as it was found under this key before, or by the first solver that is free.

    A contradiction is an answer like any other; a failure is forgotten, so that it is tried again.
    """
    return cast("Future[_Found]", _asked(key, digest, basis, Call(function, args, kwargs)).last)


def _asked(key: str, digest: str, basis: Plan, call: Call) -> Answers[Any]:
    with _asking:
        known = _answers.get(key)
        if known is None or (known.last.done() and _failed(known.last)):
            first: Future[Any] = Future()
            known = Answers(first, _threads.submit(_found, _solvers, digest, basis, call, first))
            _answers.put(key, known)
        return known


def wait(answer: Future[_Found], still_wanted: Callable[[float], None]) -> _Found:
    """The answer when it is there. `still_wanted` hears how many seconds it took so far, and may raise to go away.

    Raises `Contradiction` when the rules exclude each other.
    """
    waited = 0.0
    while True:
        try:
            return answer.result(timeout=_TICK)
        except Contradiction as clash:
            raise Contradiction(clash.clash, clash.repairs, clash.sentence) from None
        except NotYet:
            waited += _TICK
            still_wanted(waited)


def _failed(known: Future[Any]) -> bool:
    return known.cancelled() or not isinstance(known.exception(), (Contradiction, type(None)))


def _found(solvers: Solvers | None, digest: str, basis: Plan, call: Call, first: Future[Any]) -> Any:
    """The last value of a call; `first` hears the first."""
    try:
        for value in _values(solvers, digest, basis, call):
            if not first.done():
                first.set_result(value)
    except Exception as error:
        if not first.done():
            first.set_exception(error)
        raise
    return value


def _values(solvers: Solvers | None, digest: str, basis: Plan, call: Call) -> Iterator[Any]:
    """What a solver returns, as it comes; one that did not come to its end makes room for a new one."""
    workbook = Workbook.of(basis)
    if solvers is None:
        found = call.function(*call.args, **call.kwargs)
        yield from map(workbook.shared_by, found if isinstance(found, Iterator) else (found,))
        return
    solver = solvers.get()
    if solver is None:
        solvers.put(None)
        raise RuntimeError("the solvers have stopped")
    ended = False
    try:
        for said in solver.ask(digest, workbook, call):
            if isinstance(said, Returned):
                yield said.value
        ended = True
    finally:
        if not ended or _solvers is not solvers:
            solver.stop()
        if _solvers is solvers:
            solvers.put(solver if ended else Solver())
    if isinstance(said, Clash):
        raise Contradiction(*said.parts)
    if isinstance(said, Failure):
        raise RuntimeError(said.words)
