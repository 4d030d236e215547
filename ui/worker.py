"""One plan in a process of its own: `python -m ui.worker WORKBOOK` tells what it does as pickles on standard output."""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path
from typing import BinaryIO


def main() -> None:
    """Read, plan, tell. What libraries print goes to standard error, or it would break the telling."""
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with told:
        tell(Path(sys.argv[1]), told)


def tell(workbook: Path, told: BinaryIO) -> None:
    """Write progress (stage, share done), then the inputs, then the plan or what stood in its way."""
    from budget.faults import FaultyInput
    from budget.plan import make_plan
    from budget.workbook.reading import read_inputs
    from optimiser.allocation import Contradiction

    def say(message: object) -> None:
        pickle.dump(message, told, protocol=pickle.HIGHEST_PROTOCOL)
        told.flush()

    last = -1.0

    def progress(stage: str, done: float) -> None:
        nonlocal last
        if abs(done - last) >= 0.004 or done >= 1:
            last = done
            say((stage, float(done)))

    try:
        say(("Werkmap lezen en controleren", 0.0))
        inputs = read_inputs(workbook)
        say(make_plan(inputs, progress=progress))
    except FaultyInput as faulty:
        say(faulty.faults)
    except Contradiction as contradiction:
        say((contradiction.clash, contradiction.repairs, contradiction.sentence))


if __name__ == "__main__":
    main()
