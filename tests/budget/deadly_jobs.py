"""Jobs that kill the process that does them. Imports nothing heavy: every spawned process imports this."""

from __future__ import annotations

import os
import signal
from pathlib import Path

ONCE, ALWAYS = 3, 4
"""The jobs that kill their process the first time, and every time."""


def double(job: tuple[Path, int]) -> int:
    """Twice the number of the job, which leaves a mark in its folder when it kills."""
    folder, number = job
    mark = folder / str(number)
    if number == ALWAYS or (number == ONCE and not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number
