"""Plans under scenarios in a process of its own: questions come as pickles on standard input, answers go to output.

`main` answers until its input ends, to one questioner: the digest of a workbook comes first; it says
whether it has that workbook, and is given it if not; then the question, and the answer. What both sides have is named
in a pickle instead of written out (`KnownPickler`), so that a question is small.
"""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from budget.inputs import Inputs
from budget.plan import Plan, explained, plan_demand
from forecasts.demand import Demand
from optimiser.allocation import Contradiction
from ui.scenarios import Scenario
from ui.view import Prepared, prepare

WORKBOOKS_KEPT = 4

Known = Mapping[str, object]
"""Large objects that both sides have, by name."""


@dataclass(frozen=True)
class Workbook:
    """What every question about it begins from."""

    inputs: Inputs
    demand: Demand


@dataclass(frozen=True)
class Question:
    """A plan without its reasons, or (`plan` given) that plan with them."""

    scenario: Scenario
    plan: Plan | None = None


@dataclass(frozen=True)
class SheetsAsked:
    """All sheets of a plan; the answer is `Prepared`."""

    plan: Plan


@dataclass(frozen=True)
class Clash:
    """The answer where rules exclude each other: the parts of a `Contradiction`, which cannot be pickled itself."""

    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Failure:
    """The answer where something broke: the traceback in words."""

    words: str


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


def known_of(workbook: Workbook, plan: Plan | None = None) -> Known:
    """What no scenario changes, and of a plan what its reasons do not change."""
    inputs = workbook.inputs
    of_plan = {} if plan is None else {"claims": plan.claims, "problem": plan.problem}
    return {
        "demand": workbook.demand,
        "history": inputs.history,
        "population": inputs.population,
        "boundaries": inputs.boundaries,
        "actuals": inputs.actuals,
        **of_plan,
    }


Answer = Plan | Prepared | Clash | Failure


def answer(workbook: Workbook, question: Question) -> Plan:
    """The plan that was asked for. Raises `Contradiction` when the rules exclude each other."""
    if question.plan is not None:
        return explained(question.plan)
    return plan_demand(question.scenario.applied_to(workbook.inputs), workbook.demand, explained=False)


def main() -> None:
    """Answer until the input ends. What libraries print goes to standard error."""
    heard = sys.stdin.buffer
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    kept: OrderedDict[str, Workbook] = OrderedDict()
    with suppress(EOFError):
        while True:
            digest = pickle.load(heard)
            pickle.dump(digest in kept, told)
            told.flush()
            workbook: Workbook = kept.pop(digest) if digest in kept else pickle.load(heard)
            kept[digest] = workbook
            while len(kept) > WORKBOOKS_KEPT:
                kept.popitem(last=False)
            question: Question | SheetsAsked = KnownUnpickler(heard, known_of(workbook)).load()
            KnownPickler(told, known_of(workbook, question.plan)).dump(_said(workbook, question))
            told.flush()


def _said(workbook: Workbook, question: Question | SheetsAsked) -> Answer:
    try:
        if isinstance(question, SheetsAsked):
            return prepare(question.plan)
        return answer(workbook, question)
    except Contradiction as contradiction:
        return Clash((contradiction.clash, contradiction.repairs, contradiction.sentence))
    except Exception:
        return Failure(traceback.format_exc())
