"""The command line as an outsider uses it: a workbook in, a status, a workbook and its JSON out."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from tests.contract.towns import Row, Town
from ui.command_line import main

Table = list[dict[str, Any]]


@dataclass(frozen=True)
class Run:
    """What one command left behind: its exit status, its output, and the JSON tables when it wrote any."""

    status: int
    printed: str
    faults: str
    workbook: Path
    tables: dict[str, Table]

    def amounts(self) -> dict[tuple[str, int, str], int]:
        """Whole cents per district, year and stream."""
        return {(row["Wijkcode"], row["Jaar"], row["Stroom"]): row["Bedrag (cent)"]
                for row in self.tables["Gebiedsbudgetten"]}  # fmt: skip

    def ceilings(self) -> dict[tuple[str, int], int]:
        return {(row["Wijkcode"], row["Jaar"]): row["Plafond (cent)"] for row in self.tables["Plafonds"]}


def command(name: str, source: Path, workbook: Path, tables: Path, *options: str) -> Run:
    """Run `gebiedsbudget NAME`; a crash counts as status 1, as it does for a shell."""
    words = ["gebiedsbudget", name, str(source), *options]
    if name not in ("check", "certify"):
        words += ["-o", str(workbook), "--json", str(tables), "--trekkingen", "50"]
    printed, faults, status = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch.object(sys, "argv", words),
        mock.patch.dict("os.environ", GEBIEDSBUDGET_WORKERS="1"),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(faults),
    ):
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        except Exception as crash:
            status = 1
            faults.write(repr(crash))
    found = json.loads(tables.read_text("utf-8")) if tables.exists() else {}
    return Run(status, printed.getvalue(), faults.getvalue(), workbook, found)


def plan(town: Town, folder: Path, name: str = "stad", *options: str) -> Run:
    source = town.xlsx(folder / f"{name}.xlsx")
    return command("plan", source, folder / f"{name}-uit.xlsx", folder / f"{name}.json", *options)


def check(town: Town, folder: Path) -> Run:
    return command("check", town.xlsx(folder / "stad.xlsx"), folder / "geen.xlsx", folder / "geen.json")


def certify(planned: Path) -> Run:
    return command("certify", planned, planned.with_name("geen.xlsx"), planned.with_name("geen.json"))


def segment(programme: str, stream: str, upto: float, saving: float, status: str = "geboekt") -> Row:
    """One row of `Preventie`: a year's lag, two years of effect, all of it cashable by the municipality."""
    return [programme, programme, None, stream, upto, saving, 1, 2, 1, 1, "B", status, "proef"]
