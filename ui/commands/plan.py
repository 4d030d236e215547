"""The main job, for one municipality or for every one in a folder; and a plan rechecked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.endings import CONTRADICTORY, DONE, FAILED, FAULTY, contradictions_told, stop
from ui.commands.job import Job
from ui.commands.options import (
    DRAWS,
    SEED,
    ChosenMethod,
    ChosenStrategy,
    Draws,
    Json,
    Map,
    Method,
    Output,
    Programme,
    Scheduler,
    Seed,
    Workbooks,
)

if TYPE_CHECKING:
    from budget.audit import Finding
    from optimiser.problem import Strategy

_STATUS_OF = {"plan": DONE, "mislukt": FAILED, "fouten": FAULTY, "strijdige regels": CONTRADICTORY}


def plan(
    source: Workbooks,
    output: Output,
    json: Json = None,
    boundaries: Map = None,
    programme: Programme = None,
    seed: Seed = SEED,
    draws: Draws = DRAWS,
    method: ChosenMethod = Method.ENSEMBLE,
    strategy: ChosenStrategy = None,
    scheduler: Scheduler = None,
) -> None:
    """Het hele werk: prognose, verdeling, uitleg en werkmap. Een map met gemeenten geeft ook een overzicht."""
    from budget.national.files import is_national

    chosen = _strategy_of(strategy)
    job = Job(source, output, json, seed, draws, method, scheduler)
    if not is_national(source):
        raise typer.Exit(_plan_one(job, boundaries, programme, chosen))
    if boundaries is not None:
        raise typer.BadParameter("--kaart hoort bij één gemeente; zet elke kaart naast haar invoer")
    if programme is not None:
        raise typer.BadParameter("--programma hoort bij één gemeente")
    raise typer.Exit(_plan_folder(job, chosen))


def _plan_one(job: Job, boundaries: Path | None, programme: Path | None, strategy: Strategy | None) -> int:
    """The exit status of the plan of one municipality."""
    inputs = job.read(boundaries)
    job.must_be_writable(*([] if programme is None else [programme]))
    from budget.export import write_programme
    from budget.national.cluster import executor_of
    from budget.plan import make_plan
    from budget.report import plan_tables
    from budget.strategy import with_strategy
    from budget.trade_offs import weigh
    from budget.variants import plans_beside
    from ui.commands.terminal import progress_bar, show_plan

    with progress_bar() as progress, contradictions_told():
        with executor_of(job.scheduler) as executor:
            result = make_plan(
                with_strategy(inputs, strategy) if strategy else inputs,
                n_draws=job.draws,
                seed=job.seed,
                method=job.method.value,
                progress=lambda text, done: progress(text, 0.9 * done),
                executor=executor,
            )
        progress("Andere strategieën ernaast", 0.9)
        beside, trade_offs = plans_beside(result), weigh(result)
        progress("Werkmap schrijven", 0.97)
        tables = plan_tables(result, beside=beside, trade_offs=trade_offs)
        job.write(tables)
        if programme is not None:
            write_programme(result.problem, programme)
    show_plan(tables)
    job.say_where()
    return told_whether_it_holds(result.findings)


def _plan_folder(job: Job, strategy: Strategy | None) -> int:
    """The lowest exit status of a folder of municipalities; their workbooks go in a folder named after the summary."""
    from budget.national.files import apart_from_input, sources_in
    from budget.national.run import plan_all
    from budget.report.national import national_tables
    from ui.commands.terminal import progress_bar, show_national

    target, named = job.output.with_suffix(""), strategy.name if strategy else ""
    apart_from_input(job.source, job.output, target)
    job.must_be_writable(target / job.output.name)
    sources = sources_in(job.source, leave_out=(job.output, target))
    with progress_bar() as progress:
        results = plan_all(
            sources,
            target,
            progress,
            n_draws=job.draws,
            seed=job.seed,
            method=job.method.value,
            strategy=named,
            scheduler=job.scheduler,
        )
        job.write(national_tables(results, n_draws=job.draws, seed=job.seed, strategy=named))
    show_national(results)
    typer.echo(f"\nOverzicht: {job.output}\nWerkmappen: {target}")
    statuses = (FAILED if result.failed_checks else _STATUS_OF[result.outcome] for result in results)
    return min((status for status in statuses if status != DONE), default=DONE)


def _strategy_of(name: str | None) -> Strategy | None:
    """The strategy of that name; a usage error where there is none."""
    from optimiser.problem import LEXIMIN, STRATEGIES, strategy_named

    try:
        return None if name is None else strategy_named(name)
    except ValueError:
        names = ", ".join(strategy.name for strategy in (*STRATEGIES, LEXIMIN))
        wanted = f"{names} of gewichten 50-30-20 (percentages, samen 100)"
        raise typer.BadParameter(f"--strategie: verwacht {wanted}, gevonden {name!r}") from None


def told_whether_it_holds(findings: Sequence[Finding]) -> int:
    """The exit status of a plan that is written; a check that fails is told on standard error."""
    failed = sum(not finding.holds for finding in findings)
    if not failed:
        return DONE
    subject = "1 controle is" if failed == 1 else f"{failed} controles zijn"
    typer.echo(f"Let op: {subject} fout, zie blad Controles", err=True)
    return FAILED


def certify(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="De werkmap (of de JSON) van een plan.")],
) -> None:
    """Een plan narekenen zonder oplosser: bladen, regels, en dat er geen beter plan is."""
    from budget.certify import NotCertified, sentences
    from budget.certify import certify as recheck

    try:
        verdict = recheck(plan)
    except NotCertified as none:
        stop(f"{plan.name}: {none}")
    typer.echo("\n".join([f"{plan.name}:", *sentences(verdict)]), err=not verdict.holds)
    raise typer.Exit(DONE if verdict.holds else FAILED)
