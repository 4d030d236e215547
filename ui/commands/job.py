"""What forecast, plan, settle and backtest have in common: files to read and write, and a future to draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from errno import EEXIST, EISDIR
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import typer

from ui.commands.endings import faults_told
from ui.commands.options import Method

if TYPE_CHECKING:
    from budget.inputs import Inputs
    from budget.tables import Table
    from forecasts.demand import Demand


@dataclass(frozen=True)
class Job:
    """One run of a command."""

    source: Path
    output: Path
    json: Path | None
    seed: int
    draws: int
    method: Method = Method.ENSEMBLE
    scheduler: str | None = None

    def read(self, boundaries: Path | None = None) -> Inputs:
        """The checked inputs; their faults end the command."""
        return read(self.source, boundaries)

    def must_be_writable(self, *others: Path) -> None:
        """Raise OSError before the work when a result cannot be written, or would replace its input or another."""
        taken = {self.source.resolve(): "is de invoer en wordt niet overschreven"}
        for file in filter(None, (self.output, self.json, *others)):
            place = file.resolve()
            if place in taken:
                raise FileExistsError(EEXIST, taken[place], str(file))
            taken[place] = "is voor twee uitkomsten opgegeven; kies voor elke een eigen bestand"
            if file.is_dir():
                raise IsADirectoryError(EISDIR, "is een map", str(file))
            file.parent.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=file.parent):
                pass

    def forecast(self, inputs: Inputs, progress: Callable[[str, float], None]) -> Demand:
        """The demand of one municipality."""
        from budget.national.cluster import executor_of
        from budget.plan import forecast

        with executor_of(self.scheduler) as executor:
            return forecast(
                inputs,
                n_draws=self.draws,
                seed=self.seed,
                method=self.method.value,
                progress=progress,
                executor=executor,
            )

    def write(self, tables: Sequence[Table]) -> None:
        """The workbook, and the same tables as JSON where that was asked for."""
        from budget.export import write_json, write_workbook

        write_workbook(tables, self.output)
        if self.json is not None:
            write_json(tables, self.json)

    def say_where(self) -> None:
        """Where the workbook is."""
        typer.echo(f"\nWerkmap: {self.output}")


def read(source: Path, boundaries: Path | None) -> Inputs:
    """The checked inputs; their faults end the command, and what may be meant otherwise is told."""
    from budget.workbook.reading import read_inputs

    with faults_told(source):
        inputs = read_inputs(source, boundaries)
    for warning in inputs.provenance.warnings:
        typer.echo(f"Let op: {warning}", err=True)
    return inputs
