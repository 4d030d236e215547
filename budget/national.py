"""Every municipality in a folder: planned side by side, one bad file never stops the rest.

A job carries the files of one municipality and brings back its workbook, so a worker needs no disk in common with
the one who asked. Nothing of a municipality is shared with another, so the work may be spread over processes here
or over a Dask cluster, and a job whose worker died is done again.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from budget.faults import Fault
from budget.files import whole_file
from budget.tables import Cell, Column, Kind, Table

Outcome = Literal["plan", "fouten", "strijdige regels", "mislukt"]

WORKBOOK_ENDINGS = (".xlsx", ".xlsm")
TRIES = 3
"""How often a municipality is tried whose worker dies."""


@dataclass(frozen=True)
class Job:
    """One municipality to plan: its files by name, and how to forecast."""

    name: str
    files: tuple[tuple[str, bytes], ...]
    n_draws: int
    seed: int

    @property
    def size(self) -> int:
        """Bytes of input; the largest municipalities start first."""
        return sum(len(content) for _, content in self.files)


@dataclass(frozen=True)
class YearTotals:
    """One municipality in one year, in cents."""

    year: int
    funding: int
    areas: int
    city: int
    shortfall: int
    below_expected: int
    free: int
    prevention: int


@dataclass(frozen=True)
class Result:
    """What became of one municipality."""

    name: str
    outcome: Outcome
    message: str = ""
    code: str = ""
    municipality: str = ""
    n_districts: int = 0
    failed_checks: int = 0
    years: tuple[YearTotals, ...] = ()
    faults: tuple[Fault, ...] = ()
    workbook: bytes | None = None


def is_national(folder: Path) -> bool:
    """Whether a folder holds municipalities (workbooks, or folders of csv) rather than the csv files of one."""
    return folder.is_dir() and not any(folder.glob("*.csv")) and bool(_municipalities(folder))


def jobs_in(folder: Path, n_draws: int, seed: int) -> list[Job]:
    """A job per municipality, the largest first."""
    jobs = [Job(path.stem, _files(path), n_draws, seed) for path in _municipalities(folder)]
    return sorted(jobs, key=lambda job: (-job.size, job.name))


def plan_all(
    jobs: Sequence[Job],
    target: Path,
    progress: Callable[[str, float], None],
    *,
    scheduler: str | None = None,
    workers: int | None = None,
) -> list[Result]:
    """Plan every job; each workbook appears in folder `target` as soon as it is there. In order of name.

    `scheduler`: address of a Dask cluster (`tcp://...`); without it `workers` processes here. Raises OSError when
    the cluster cannot be reached.
    """
    results: dict[str, Result] = {}
    progress(f"{len(jobs)} gemeenten", 0.0)
    for result in _results(jobs, scheduler, workers):
        if result.workbook is not None:
            with whole_file(target / f"{result.name}.xlsx") as temporary:
                temporary.write_bytes(result.workbook)
        results[result.name] = replace(result, workbook=None)
        progress(f"{len(results)} van {len(jobs)} gemeenten, laatst {result.name}", len(results) / len(jobs))
    return [results[name] for name in sorted(results)]


def plan_one(job: Job) -> Result:
    """Plan one municipality in this process; whatever goes wrong is an outcome."""
    from budget.export import write_workbook
    from budget.faults import FaultyInput
    from budget.plan import make_plan
    from budget.reading import read_inputs
    from budget.report import plan_tables
    from forecasts.workers import WORKERS_VARIABLE
    from optimiser.allocation import Contradiction

    os.environ[WORKERS_VARIABLE] = "1"
    with tempfile.TemporaryDirectory() as scratch:
        try:
            inputs = read_inputs(_unpack(job, Path(scratch)))
            plan = make_plan(inputs, n_draws=job.n_draws, seed=job.seed)
            written = Path(scratch) / "plan.xlsx"
            write_workbook(plan_tables(plan), written)
        except FaultyInput as faulty:
            return Result(
                job.name, "fouten", f"{len(faulty.faults)} fouten in de invoer", faults=faulty.faults
            )
        except Contradiction as contradiction:
            return Result(job.name, "strijdige regels", contradiction.sentence)
        except Exception as error:
            return Result(job.name, "mislukt", f"{type(error).__name__}: {error}")
        allocation = plan.allocation
        return Result(
            name=job.name,
            outcome="plan",
            code=inputs.municipality.code,
            municipality=inputs.municipality.name,
            n_districts=len(inputs.districts),
            failed_checks=sum(not finding.holds for finding in plan.findings),
            years=tuple(
                YearTotals(
                    year=year,
                    funding=sum(funding.cents for funding in inputs.funding if funding.year == year),
                    areas=int(allocation.ceilings[:, t].sum()),
                    city=int(allocation.city[:, t].sum()),
                    shortfall=int(
                        allocation.shortfall[:, :, t].sum() + allocation.city_shortfall[:, t].sum()
                    ),
                    below_expected=int((allocation.claims_after - allocation.budgets)[:, :, t].clip(0).sum()),
                    free=int(allocation.free[:, t].sum()),
                    prevention=int(allocation.prevention[:, :, t].sum()),
                )
                for t, year in enumerate(inputs.years)
            ),
            workbook=written.read_bytes(),
        )


def national_tables(results: Sequence[Result]) -> tuple[Table, ...]:
    """The summary workbook: every municipality, every year, and every fault."""
    return (_municipalities_table(results), _years_table(results), _faults_table(results))


# where the work is done


def _results(jobs: Sequence[Job], scheduler: str | None, workers: int | None) -> Iterator[Result]:
    """Results as they come; jobs whose workers died are tried again, `TRIES` times in all."""
    waiting = list(jobs)
    for _ in range(TRIES):
        finished: set[str] = set()
        try:
            with _executor(scheduler, min(workers or os.cpu_count() or 1, len(waiting) or 1)) as executor:
                running: dict[Future[Result], Job] = {executor.submit(plan_one, job): job for job in waiting}
                for future in as_completed(running):
                    result = future.result()
                    finished.add(result.name)
                    yield result
        except BrokenProcessPool:
            pass
        waiting = [job for job in waiting if job.name not in finished]
        if not waiting:
            return
    for job in waiting:
        yield Result(
            job.name, "mislukt", f"het rekenproces is {TRIES} keer gestopt, waarschijnlijk te weinig geheugen"
        )


def _executor(scheduler: str | None, workers: int) -> AbstractContextManager[Executor]:
    if scheduler is not None:
        return _cluster(scheduler)
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


@contextmanager
def _cluster(scheduler: str) -> Iterator[Executor]:
    """The workers of a Dask cluster, as an executor."""
    from distributed import Client

    with Client(scheduler, timeout="10s", set_as_default=False) as client:
        yield client.get_executor(pure=False, retries=TRIES)


# files


def _municipalities(folder: Path) -> list[Path]:
    books = [
        p
        for p in folder.iterdir()
        if p.suffix.lower() in WORKBOOK_ENDINGS and not p.name.startswith(("~", "."))
    ]
    folders = [p for p in folder.iterdir() if p.is_dir() and any(p.glob("*.csv"))]
    return sorted((*books, *folders))


def _files(path: Path) -> tuple[tuple[str, bytes], ...]:
    if path.is_dir():
        own = sorted((*path.glob("*.csv"), *path.glob("*.geojson")))
        return tuple((f"{path.name}/{file.name}", file.read_bytes()) for file in own)
    boundaries = path.with_suffix(".geojson")
    found = (path, boundaries) if boundaries.exists() else (path,)
    return tuple((file.name, file.read_bytes()) for file in found)


def _unpack(job: Job, scratch: Path) -> Path:
    """Write the files of a job; the path to read the municipality from."""
    for name, content in job.files:
        file = scratch / "invoer" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    first = Path(job.files[0][0])
    return scratch / "invoer" / (first.parent if first.parent != Path(".") else first)


# the summary


def _municipalities_table(results: Sequence[Result]) -> Table:
    columns = (
        Column("Gemeentecode", Kind.TEXT),
        Column("Gemeente", Kind.TEXT),
        Column("Bestand", Kind.TEXT),
        Column("Uitkomst", Kind.TEXT, "plan, fouten (zie blad Fouten), strijdige regels, of mislukt"),
        Column("Wijken", Kind.NUMBER),
        Column("Middelen", Kind.CENTS, "Alle planjaren samen"),
        Column("Gebieden", Kind.CENTS),
        Column("Tekort", Kind.CENTS, "Basispakket dat niet is gedekt"),
        Column("Onder verwachte lasten", Kind.CENTS),
        Column("Controles fout", Kind.NUMBER),
        Column("Melding", Kind.TEXT),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            result.code,
            result.municipality,
            result.name,
            result.outcome,
            result.n_districts or None,
            *(
                (
                    sum(year.funding for year in result.years),
                    sum(year.areas for year in result.years),
                    sum(year.shortfall for year in result.years),
                    sum(year.below_expected for year in result.years),
                    result.failed_checks,
                )
                if result.years
                else (None,) * 5
            ),
            result.message,
        )
        for result in results
    ]
    return Table("Gemeenten", "Alle gemeenten in een oogopslag", columns, rows)


def _years_table(results: Sequence[Result]) -> Table:
    amounts = ("Middelen", "Gebieden", "Stadsbreed", "Tekort", "Onder verwachte lasten", "Vrij", "Preventie")
    columns = (
        Column("Gemeentecode", Kind.TEXT),
        Column("Gemeente", Kind.TEXT),
        Column("Jaar", Kind.YEAR),
        *(Column(name, Kind.CENTS) for name in amounts),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            result.code,
            result.municipality,
            y.year,
            y.funding,
            y.areas,
            y.city,
            y.shortfall,
            y.below_expected,
            y.free,
            y.prevention,
        )
        for result in results
        for y in result.years
    ]
    return Table("Jaren", "Elke gemeente per jaar", columns, rows)


def _faults_table(results: Sequence[Result]) -> Table:
    columns = tuple(Column(name, Kind.TEXT) for name in ("Bestand", "Blad", "Cel", "Verwacht", "Gevonden"))
    rows: list[tuple[Cell, ...]] = [
        (result.name, fault.sheet, fault.cell, fault.wanted, fault.found)
        for result in results
        for fault in result.faults
    ]
    return Table("Fouten", "Fouten in de invoer", columns, rows)
