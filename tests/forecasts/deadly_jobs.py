"""Jobs that kill the process that does them. Imports nothing heavy: every spawned process imports this."""

from __future__ import annotations

import os
import signal
from pathlib import Path

LAST = 59
"""The job that kills its process the first time."""


def logged_double(job: tuple[Path, int]) -> int:
    """Twice the number of the job, which is written in a log of the work done."""
    folder, number = job
    mark = folder / "killed"
    if number == LAST and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    with (folder / "log").open("a") as log:
        log.write(f"{number}\n")
    return 2 * number
