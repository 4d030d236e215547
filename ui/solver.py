"""Computing in a process of its own: calls come as pickles on standard input, what they return goes to output.

`main` answers until its input ends, to one questioner: the digest of a workbook comes first; it says whether it has
that workbook, and is given it if not; then the call. What the function returns or yields comes back as it is there,
and then None; a clash or a failure is the end by itself. What both sides have is named in a pickle instead of written
out (`KnownPickler`), so that a question is small.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from budget.claims import Claims
from budget.inputs import Inputs
from budget.plan import Plan, plan_in_rounds
from budget.tables import Table
from forecasts.demand import Demand
from optimiser.allocation import Contradiction
from optimiser.problem import Problem
from optimiser.solver import LiveModel
from ui.scenarios import AS_GIVEN, Scenario
from ui.view import Prepared, prepare

WORKBOOKS_KEPT = 4

Known = Mapping[str, object]
"""Large objects that both sides have, by name."""


@dataclass(frozen=True)
class Workbook:
    """What every call about it begins from, and the large parts of its own plan."""

    inputs: Inputs
    demand: Demand
    claims: Claims
    scenarios: npt.NDArray[np.float64] | None
    city_scenarios: npt.NDArray[np.float64] | None

    @classmethod
    def of(cls, plan: Plan) -> Workbook:
        """The workbook of which this is the plan."""
        problem = plan.problem
        return cls(plan.inputs, plan.demand, plan.claims, problem.scenarios, problem.city_scenarios)

    def shared_by(self, found: Any) -> Any:
        """What was found, with the claims and scenarios of the workbook in every plan that has the same.

        Few rules change what the demand costs; a plan that has it of its own takes twenty times the memory.
        """
        if isinstance(found, Mapping):
            return {name: self.shared_by(value) for name, value in found.items()}
        if not isinstance(found, Plan):
            return found
        problem, claims = found.problem, found.claims
        if problem.scenarios is not self.scenarios and _same(problem, self):
            problem = replace(problem, scenarios=self.scenarios, city_scenarios=self.city_scenarios)
        if _equal(claims, self.claims):
            claims = self.claims
        return replace(found, claims=claims, problem=problem)


@dataclass(frozen=True)
class Call:
    """A function of some module, and what to give it."""

    function: Callable[..., Any]
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Returned:
    """The answer where all went well."""

    value: Any


@dataclass(frozen=True)
class Clash:
    """The answer where rules exclude each other: the parts of a `Contradiction`, which cannot be pickled itself."""

    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Failure:
    """The answer where something broke: the traceback in words."""

    words: str


Answer = Returned | Clash | Failure


def _same(problem: Problem, workbook: Workbook) -> bool:
    pairs = ((getattr(problem, name), getattr(workbook, name)) for name in ("scenarios", "city_scenarios"))
    return all(mine is not None and np.array_equal(mine, theirs) for mine, theirs in pairs)


def _equal(claims: Claims, others: Claims) -> bool:
    pairs = ((getattr(claims, part.name), getattr(others, part.name)) for part in fields(Claims))
    return all(np.array_equal(mine, theirs) for mine, theirs in pairs)


class KnownPickler(pickle.Pickler):
    """Writes a name for what the other side knows."""

    def __init__(self, file: IO[bytes], known: Known) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._names = {id(value): name for name, value in known.items() if value is not None}

    def persistent_id(self, obj: object) -> str | None:
        """Its name, if it has one."""
        return self._names.get(id(obj))


class KnownUnpickler(pickle.Unpickler):
    """Reads what is known by its name."""

    def __init__(self, file: IO[bytes], known: Known) -> None:
        super().__init__(file)
        self._known = known

    def persistent_load(self, pid: str) -> object:
        """What the name stands for."""
        return self._known[pid]


def known_of(workbook: Workbook, call: Call | None = None) -> Known:
    """The large parts of a workbook, and of the plans and tables that a call was given."""
    inputs = workbook.inputs
    known: dict[str, object] = {
        "inputs": inputs,
        "demand": workbook.demand,
        "history": inputs.history,
        "population": inputs.population,
        "boundaries": inputs.boundaries,
        "actuals": inputs.actuals,
        "claims": workbook.claims,
        "scenarios": workbook.scenarios,
        "city_scenarios": workbook.city_scenarios,
    }
    for place, given in enumerate(call.args if call else ()):
        if isinstance(given, Plan):
            known |= {f"claims {place}": given.claims, f"problem {place}": given.problem}
        elif isinstance(given, Table):
            known[f"rows {place}"] = given.rows
    return known


_decided_last: LiveModel | None = None
"""Where this process decided from the last time: the next plan, of nearly the same inputs, is sooner there."""


def decided_plans(inputs: Inputs, demand: Demand, scenario: Scenario) -> Iterator[Plan]:
    """The plan under a scenario without its reasons: before its surplus is reinvested, and after.

    Raises `Contradiction`.
    """
    global _decided_last
    for plan, live in plan_in_rounds(scenario.applied_to(inputs), demand, _decided_last):
        _decided_last = live
        yield plan


def stand_by(inputs: Inputs, demand: Demand) -> None:
    """Decide the workbook as it is, so that the first change of a rule finds this process warm."""
    for _ in decided_plans(inputs, demand, AS_GIVEN):
        pass


def prepared_sheets(plan: Plan) -> Iterator[Prepared]:
    """The sheets of a workbook's plan, and then stand by."""
    yield prepare(plan)
    stand_by(plan.inputs, plan.demand)


def main() -> None:
    """Answer until the input ends. What libraries print goes to standard error; rubbish is cleared between answers."""
    heard = sys.stdin.buffer
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    kept: OrderedDict[str, Workbook] = OrderedDict()
    gc.disable()
    with suppress(EOFError, BrokenPipeError):
        while True:
            digest = pickle.load(heard)
            pickle.dump(digest in kept, told)
            told.flush()
            kept[digest] = kept.pop(digest) if digest in kept else _read_workbook(heard)
            while len(kept) > WORKBOOKS_KEPT:
                kept.popitem(last=False)
            workbook = kept[digest]
            call: Call = KnownUnpickler(heard, known_of(workbook)).load()
            for answer in _answers(workbook, call):
                KnownPickler(told, known_of(workbook, call)).dump(answer)
                told.flush()
            gc.collect()


def _read_workbook(heard: IO[bytes]) -> Workbook:
    """The workbook that comes next, left out of every later search for rubbish."""
    workbook: Workbook = pickle.load(heard)
    gc.collect()
    gc.freeze()
    return workbook


def _answers(workbook: Workbook, call: Call) -> Iterator[Answer | None]:
    """What the function returns, or everything that it yields, and the end."""
    try:
        found = call.function(*call.args, **call.kwargs)
        for value in found if isinstance(found, Iterator) else (found,):
            yield Returned(workbook.shared_by(value))
        yield None
    except Contradiction as contradiction:
        yield Clash((contradiction.clash, contradiction.repairs, contradiction.sentence))
    except Exception:
        yield Failure(traceback.format_exc())
