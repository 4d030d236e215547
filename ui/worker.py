"""One plan or back-test in a process of its own, which tells what it does as pickles on standard output.

`python -m ui.worker WORKBOOK` plans a workbook; `python -m ui.worker terugtoets INPUTS` tests pickled inputs.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path

BACKTEST = "terugtoets"
"""The first argument of a back-test, and the first word of its result."""

Say = Callable[[object], None]


def main() -> None:
    """Work and tell. What libraries print goes to standard error, or it would break the telling."""
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def say(message: object) -> None:
        pickle.dump(message, told, protocol=pickle.HIGHEST_PROTOCOL)
        told.flush()

    *kind, source = sys.argv[1:]
    with told:
        (_tell_backtest if kind else _tell_plan)(Path(source), say)


def _tell_plan(workbook: Path, say: Say) -> None:
    """Say progress (stage, share done), then the plan or what stood in its way."""
    from budget.faults import FaultyInput
    from budget.plan import make_plan
    from budget.workbook.reading import read_inputs
    from optimiser.allocation import Contradiction

    try:
        say(("Werkmap lezen en controleren", 0.0))
        inputs = read_inputs(workbook)
        say(make_plan(inputs, progress=_progress(say)))
    except FaultyInput as faulty:
        say(faulty.faults)
    except Contradiction as contradiction:
        say((contradiction.clash, contradiction.repairs, contradiction.sentence))


def _tell_backtest(pickled: Path, say: Say) -> None:
    """Say progress, then the sheets of the back-test: none where the series are too short."""
    from budget.backtest import TooShort, run_backtest
    from budget.report.backtest import backtest_tables

    inputs = pickle.loads(pickled.read_bytes())
    try:
        outcomes = run_backtest(inputs, progress=_progress(say))
    except TooShort:
        say((BACKTEST, ()))
    else:
        say((BACKTEST, backtest_tables(inputs, outcomes)))


def _progress(say: Say) -> Callable[[str, float], None]:
    """Progress that is told when there is some."""
    last = -1.0

    def progress(stage: str, done: float) -> None:
        nonlocal last
        if abs(done - last) >= 0.004 or done >= 1:
            last = done
            say((stage, float(done)))

    return progress


if __name__ == "__main__":
    main()
