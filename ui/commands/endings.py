"""How a command ends: its exit status, and one message on standard error where it does not end well."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer

DONE, FAILED, FAULTY, CONTRADICTORY = 0, 1, 2, 3


def stop(message: str, status: int = FAILED) -> NoReturn:
    """Say why, and end."""
    typer.echo(message, err=True)
    sys.exit(status)


@contextmanager
def faults_told(source: Path) -> Iterator[None]:
    """Faults in the input end the command, all of them told."""
    from budget.faults import FaultyInput

    try:
        yield
    except FaultyInput as faulty:
        count = len(faulty.faults)
        heading = f"{source.name}: {count} {'fout' if count == 1 else 'fouten'}, niets geschreven.\n"
        stop(heading + str(faulty), FAULTY)


@contextmanager
def contradictions_told() -> Iterator[None]:
    """Rules that exclude each other end the command, told with their ways out."""
    from optimiser.allocation import Contradiction

    try:
        yield
    except Contradiction as contradiction:
        from ui.commands.terminal import contradiction_text

        stop(contradiction_text(contradiction), CONTRADICTORY)
