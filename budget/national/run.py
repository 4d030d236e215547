"""Every municipality in a folder: planned side by side, one bad file never stops the rest.

A job carries the files of one municipality and brings back its workbook, so whoever does it needs no disk in common
with the one who asked. Municipalities share nothing, so the work may be spread over processes here or over a Dask
cluster; the outcome is the same.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from budget.faults import Fault, FaultyInput
from budget.files import whole_file
from budget.national.crew import Crew, Lost, outcomes
from budget.national.files import PackedFiles, Source, packed, unpacked

if TYPE_CHECKING:
    from budget.plan import Plan
    from forecasts.forecast import Method

Outcome = Literal["plan", "fouten", "strijdige regels", "mislukt"]


@dataclass(frozen=True)
class Job:
    """One municipality to plan, and how to forecast it."""

    source: Source
    files: PackedFiles
    n_draws: int
    seed: int
    method: Method = "ensemble"
    strategy: str = ""
    """Instead of the strategy in the input."""


@dataclass(frozen=True)
class YearTotals:
    """One municipality in one year, in cents.

    funding + reserve_out = areas (prevention and free included) + city + buffer + reserve_in + unspent.
    """

    year: int
    funding: int
    reserve_out: int
    areas: int
    prevention: int
    free: int
    city: int
    buffer: int
    reserve_in: int
    unspent: int
    shortfall: int
    gap: int


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
    sha256: str = ""
    workbook: str = ""
    years: tuple[YearTotals, ...] = ()
    faults: tuple[Fault, ...] = ()


Answer = tuple[Result, bytes]
"""A result, and the workbook that goes with it: empty where there is no plan."""


def plan_all(
    sources: Sequence[Source],
    target: Path,
    progress: Callable[[str, float], None],
    *,
    n_draws: int,
    seed: int,
    method: Method = "ensemble",
    strategy: str = "",
    scheduler: str | None = None,
    n_processes: int | None = None,
) -> list[Result]:
    """Plan every municipality; its workbook appears in the folder `target` as soon as it is there. In order of name.

    `scheduler`: address of a Dask cluster (`tcp://...`); without it `n_processes` processes here, by default one per
    core. Raises OSError when the cluster cannot be reached.
    """
    results: list[Result] = []

    def tell(result: Result) -> None:
        results.append(result)
        progress(f"{len(results)} van {len(sources)}, laatst {result.name}", len(results) / len(sources))

    def jobs() -> Iterator[Job]:
        for source in sources:
            try:
                yield Job(source, packed(source.path), n_draws, seed, method, strategy)
            except (OSError, FaultyInput) as error:
                tell(_failure(source.name, error))

    progress(f"0 van {len(sources)}", 0.0)
    with _crew(scheduler, n_processes) as crew:
        for job, outcome in outcomes(crew, jobs()):
            if isinstance(outcome, Lost):
                tell(Result(job.source.name, "mislukt", outcome.reason))
            else:
                tell(_kept(*outcome, target))
    return sorted(results, key=lambda result: result.name)


def plan_one(job: Job) -> Answer:
    """Plan one municipality in this process; whatever goes wrong is an outcome.

    What needs many more plans of the same municipality is left to a run of its own: the causes of change, the
    trade-offs and the prevention beside the plan.
    """
    try:
        return _planned(job)
    except Exception as error:
        return _failure(job.source.name, error), b""


def _planned(job: Job) -> Answer:
    from budget.export import workbook_bytes
    from budget.plan import forecast, plan_demand
    from budget.report import plan_tables
    from budget.strategy import with_strategy
    from budget.workbook.reading import read_inputs
    from forecasts.workers import WORKERS_VARIABLE
    from optimiser.problem import strategy_named

    os.environ[WORKERS_VARIABLE] = "1"
    with tempfile.TemporaryDirectory() as scratch:
        inputs = read_inputs(unpacked(job.files, Path(scratch)))
    if job.strategy:
        inputs = with_strategy(inputs, strategy_named(job.strategy))
    demand = forecast(inputs, n_draws=job.n_draws, seed=job.seed, method=job.method)
    plan = plan_demand(inputs, demand)
    return _totals(job.source, plan), workbook_bytes(plan_tables(plan))


@contextmanager
def _crew(scheduler: str | None, n_processes: int | None) -> Iterator[Crew[Job, Answer]]:
    if scheduler is not None:
        from budget.national.cluster import connected, on_cluster

        with connected(scheduler) as client:
            yield partial(on_cluster, client, plan_one)
    else:
        from budget.national.processes import in_processes
        from forecasts.workers import n_workers

        yield partial(in_processes, plan_one, n_processes or n_workers())


def _totals(source: Source, plan: Plan) -> Result:
    from budget.outcome import outcome

    inputs, given, found = plan.inputs, plan.allocation, outcome(plan)
    years = tuple(
        YearTotals(
            year=year,
            funding=sum(funding.cents for funding in inputs.funding if funding.year == year),
            reserve_out=int(given.reserve_out[:, t].sum()),
            areas=int(given.ceilings[:, t].sum()),
            prevention=int(given.prevention[:, :, t].sum()),
            free=int(given.free[:, t].sum()),
            city=int(given.city[:, t].sum()),
            buffer=int(given.buffer[t]),
            reserve_in=int(given.reserve_in[:, t].sum()),
            unspent=int(given.unspent[:, t].sum()),
            shortfall=int(found.shortfall[t]),
            gap=int(found.gap[t]),
        )
        for t, year in enumerate(inputs.years)
    )
    return Result(
        name=source.name,
        outcome="plan",
        code=inputs.municipality.code,
        municipality=inputs.municipality.name,
        n_districts=len(inputs.districts),
        failed_checks=sum(not finding.holds for finding in plan.findings),
        sha256=inputs.provenance.sha256,
        workbook=source.workbook,
        years=years,
    )


def _failure(name: str, error: Exception) -> Result:
    from optimiser.allocation import Contradiction

    match error:
        case FaultyInput(faults=faults):
            message = f"{len(faults)} {'fout' if len(faults) == 1 else 'fouten'} in de invoer"
            return Result(name, "fouten", message, faults=faults)
        case Contradiction(sentence=sentence):
            return Result(name, "strijdige regels", sentence)
        case OSError():
            return Result(name, "mislukt", f"{error.filename or name}: {error.strerror or error}")
        case _:
            return Result(name, "mislukt", f"{type(error).__name__}: {error}")


def _kept(result: Result, workbook: bytes, target: Path) -> Result:
    """Write the workbook; a failure when that cannot be done, for instance because it is open in Excel."""
    if not workbook:
        return result
    try:
        with whole_file(target / result.workbook) as temporary:
            temporary.write_bytes(workbook)
    except OSError as error:
        return replace(_failure(result.name, error), code=result.code, municipality=result.municipality)
    return result
