"""The command line. Exit status: 0 done, 1 anything else, 2 faults in the input, 3 rules that exclude each other.

A plan of which a check fails is written, and then the status is 1.
Of a folder of municipalities: 0 when all have a plan, else the lowest status that any of them has.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from errno import EACCES, EEXIST, EISDIR, ENOENT, ENOSPC, ENOTDIR, EPERM, EROFS
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from budget.audit import Finding
    from budget.inputs import Inputs
    from budget.tables import Table
    from optimiser.problem import Strategy

app = typer.Typer(
    name="gebiedsbudget",
    help="Gebiedsbudgetten voor zorg en ondersteuning: vraag voorspellen, geld verdelen, elke euro uitleggen.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Workbook = Annotated[
    Path, typer.Argument(metavar="INVOER", help="Invoerwerkmap (.xlsx) of map met csv-bestanden.")
]
Workbooks = Annotated[
    Path,
    typer.Argument(
        metavar="INVOER", help="Invoerwerkmap (.xlsx), map met csv-bestanden, of map met gemeenten."
    ),
]
NewFile = Annotated[Path, typer.Argument(metavar="UIT.xlsx", help="Het bestand dat wordt geschreven.")]
Output = Annotated[
    Path, typer.Option("--output", "-o", metavar="UIT.xlsx", help="De werkmap met de uitkomst.")
]
Json = Annotated[Path | None, typer.Option("--json", metavar="UIT.json", help="Dezelfde tabellen als JSON.")]
Map = Annotated[Path | None, typer.Option("--kaart", metavar="KAART.geojson", help="Grenzen van de wijken.")]
Seed = Annotated[
    int, typer.Option("--seed", help="Startgetal van de trekkingen: zelfde getal, zelfde uitkomst.")
]
Draws = Annotated[int, typer.Option("--trekkingen", min=20, max=5000, help="Aantal gezamenlijke toekomsten.")]

WithForecast = Annotated[
    bool,
    typer.Option(
        "--prognose/--zonder-prognose",
        help="Maanden zonder boeking: schat ze met de vraagprognose, of met de laatste twaalf maanden.",
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="tcp://HOST:POORT",
        help="Reken op dit Dask-cluster in plaats van op deze computer.",
    ),
]

ChosenStrategy = Annotated[
    str | None,
    typer.Option(
        "--strategie",
        metavar="NAAM",
        help="In plaats van de strategie in de invoer: evenwicht, zekerheid, 'gelijke dekking', voorkomen, leximin of "
        "'gewichten 50-30-20' (tekortrisico, gelijke dekking, preventie).",
    ),
]


class Method(StrEnum):
    """What makes the point forecasts."""

    ENSEMBLE = "ensemble"
    PROPHET = "prophet"


ChosenMethod = Annotated[
    Method,
    typer.Option(
        "--methode", help="ensemble: alle modellen samen; prophet: Prophet alleen, zonder bevolking."
    ),
]

DONE, FAILED, FAULTY, CONTRADICTORY = 0, 1, 2, 3
STATUS_OF = {"plan": DONE, "mislukt": FAILED, "fouten": FAULTY, "strijdige regels": CONTRADICTORY}


@app.command()
def template(output: NewFile) -> None:
    """Een lege invoerwerkmap met kopjes, uitleg en keuzelijsten."""
    from budget.workbook.template import write_template

    write_template(output)
    typer.echo(f"Lege invoerwerkmap: {output}")


@app.command()
def sample(output: NewFile) -> None:
    """De voorbeeldgemeente, ingevuld, met haar kaart ernaast."""
    from budget.files import copy_whole
    from sample_data import BOUNDARIES, WORKBOOK

    copy_whole(WORKBOOK, output)
    copy_whole(BOUNDARIES, output.with_suffix(".geojson"))
    typer.echo(f"Voorbeeldgemeente: {output}, kaart: {output.with_suffix('.geojson')}")


@app.command()
def check(source: Workbook, boundaries: Map = None) -> None:
    """Alle fouten in de invoer in een keer: blad!cel, verwacht, gevonden."""
    inputs = _read(source, boundaries)
    from ui.terminal import show_inputs

    show_inputs(inputs)


@app.command()
def forecast(
    source: Workbook,
    output: Output,
    json: Json = None,
    boundaries: Map = None,
    seed: Seed = 2027,
    draws: Draws = 500,
    method: ChosenMethod = Method.ENSEMBLE,
    scheduler: Scheduler = None,
) -> None:
    """Alleen de vraagprognose."""
    inputs = _read(source, boundaries)
    _must_be_writable(source, output, json)
    from budget.national.cluster import executor_of
    from budget.plan import forecast as forecast_inputs
    from budget.report import forecast_tables
    from ui.terminal import progress_bar

    with progress_bar() as progress:
        with executor_of(scheduler) as executor:
            demand = forecast_inputs(
                inputs,
                n_draws=draws,
                seed=seed,
                method=method.value,
                progress=progress,
                executor=executor,
            )
        progress("Werkmap schrijven", 0.95)
        _write(forecast_tables(inputs, demand), output, json)
    typer.echo(f"Werkmap: {output}")


@app.command()
def plan(
    source: Workbooks,
    output: Output,
    json: Json = None,
    boundaries: Map = None,
    seed: Seed = 2027,
    draws: Draws = 500,
    method: ChosenMethod = Method.ENSEMBLE,
    strategy: ChosenStrategy = None,
    scheduler: Scheduler = None,
) -> None:
    """Het hele werk: prognose, verdeling, uitleg en werkmap. Een map met gemeenten geeft ook een overzicht."""
    from budget.national.files import is_national

    chosen = _strategy_of(strategy)
    if is_national(source):
        if boundaries is not None:
            raise typer.BadParameter("--kaart hoort bij één gemeente; zet elke kaart naast haar invoer")
        _plan_national(source, output, json, seed, draws, method, chosen, scheduler)
        return
    inputs = _read(source, boundaries)
    _must_be_writable(source, output, json)
    from budget.national.cluster import executor_of
    from budget.plan import make_plan
    from budget.report import plan_tables
    from budget.strategy import with_strategy
    from budget.trade_offs import weigh
    from budget.variants import plans_beside
    from ui.terminal import progress_bar, show_plan

    with progress_bar() as progress, _contradictions_told():
        with executor_of(scheduler) as executor:
            result = make_plan(
                with_strategy(inputs, chosen) if chosen else inputs,
                n_draws=draws,
                seed=seed,
                method=method.value,
                progress=lambda text, done: progress(text, 0.9 * done),
                executor=executor,
            )
        progress("Andere strategieën ernaast", 0.9)
        beside, trade_offs = plans_beside(result), weigh(result)
        progress("Werkmap schrijven", 0.97)
        tables = plan_tables(result, beside=beside, trade_offs=trade_offs)
        _write(tables, output, json)
    show_plan(tables)
    typer.echo(f"\nWerkmap: {output}")
    raise typer.Exit(_told_whether_it_holds(result.findings))


@app.command()
def settle(
    source: Workbook,
    output: Output,
    json: Json = None,
    seed: Seed = 2027,
    draws: Draws = 500,
    scheduler: Scheduler = None,
    with_forecast: WithForecast = True,
) -> None:
    """Het jaar tot nu toe en de afrekening: lasten, wat nog komt, bestemming van het overschot."""
    inputs = _read(source, None)
    from budget.national.cluster import executor_of
    from budget.plan import forecast as forecast_inputs
    from budget.report.year_summary import year_sentences, year_tables
    from budget.year.year_end import year_so_far
    from ui.terminal import progress_bar

    with _faults_told(source):
        year = year_so_far(inputs, n_draws=draws, seed=seed)
    _must_be_writable(source, output, json)
    with progress_bar() as progress:
        if with_forecast and not year.all_booked:
            with executor_of(scheduler) as executor:
                demand = forecast_inputs(
                    inputs, n_draws=draws, seed=seed, progress=progress, executor=executor
                )
            year = year_so_far(inputs, demand)
        progress("Werkmap schrijven", 0.95)
        _write(year_tables(year, inputs), output, json)
    for sentence in year_sentences(year, inputs):
        typer.echo(sentence)
    typer.echo(f"\nWerkmap: {output}")


@app.command()
def backtest(
    source: Workbook,
    output: Output,
    json: Json = None,
    boundaries: Map = None,
    seed: Seed = 2027,
    draws: Draws = 200,
    moments: Annotated[
        int, typer.Option("--momenten", min=1, max=12, help="Vanaf hoeveel eerdere momenten wordt voorspeld.")
    ] = 3,
    years: Annotated[
        int, typer.Option("--jaren", min=1, max=3, help="Hoeveel jaren vooruit er wordt vergeleken.")
    ] = 1,
) -> None:
    """Hoe goed de prognose eerder was, naast 'vorig jaar' en Prophet alleen."""
    inputs = _read(source, boundaries)
    _must_be_writable(source, output, json)
    from budget.backtest import TooShort, run_backtest
    from budget.report.backtest import backtest_tables
    from ui.terminal import progress_bar, show_backtest

    with progress_bar() as progress:
        try:
            outcomes = run_backtest(
                inputs,
                n_moments=moments,
                years_ahead=years,
                n_draws=draws,
                seed=seed,
                progress=lambda text, done: progress(text, 0.95 * done),
            )
        except TooShort:
            _stop("De reeksen zijn te kort voor een terugtoets; niets geschreven.", FAILED)
        tables = backtest_tables(inputs, outcomes)
        _write(tables, output, json)
    show_backtest(tables)
    typer.echo(f"\nWerkmap: {output}")


@app.command()
def certify(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="De werkmap (of de JSON) van een plan.")],
) -> None:
    """Een plan narekenen zonder oplosser: bladen, regels, en dat er geen beter plan is."""
    from budget.certify import NotCertified, sentences
    from budget.certify import certify as recheck

    try:
        verdict = recheck(plan)
    except NotCertified as none:
        _stop(f"{plan.name}: {none}", FAILED)
    typer.echo("\n".join([f"{plan.name}:", *sentences(verdict)]), err=not verdict.holds)
    raise typer.Exit(DONE if verdict.holds else FAILED)


@app.command(name="app")
def open_app(port: Annotated[int | None, typer.Option(help="Poort van de webpagina.")] = None) -> None:
    """De schermen, in de browser."""
    from ui.launch import launch

    launch(port)


_REASONS = {
    ENOENT: "bestaat niet",
    EACCES: "geen toegang",
    EPERM: "geen toegang",
    EROFS: "kan hier niet worden geschreven",
    ENOTDIR: "staat niet in een map",
    ENOSPC: "de schijf is vol",
}
"""Why the system refused a file."""


def main() -> None:
    """Run one command; a usage error or anything unforeseen is one sentence and exit status 1."""
    try:
        status = app(standalone_mode=False)
        sys.exit(status if isinstance(status, int) else DONE)
    except (typer.Abort, KeyboardInterrupt):
        _stop("Afgebroken.", FAILED)
    except typer.TyperException as error:
        from ui.usage import usage_sentence

        _stop(f"{usage_sentence(error)}\nZie: gebiedsbudget --help", FAILED)
    except OSError as error:
        reason = _REASONS.get(error.errno or 0) or error.strerror or error
        _stop(f"{error.filename or 'bestand'}: {reason}", FAILED)


def _plan_national(
    folder: Path,
    output: Path,
    json: Path | None,
    seed: int,
    draws: int,
    method: Method,
    strategy: Strategy | None,
    scheduler: str | None,
) -> None:
    """Plan every municipality in a folder; their workbooks go in a folder named after the summary."""
    from budget.national.files import apart_from_input, sources_in
    from budget.national.run import plan_all
    from budget.report.national import national_tables
    from ui.terminal import progress_bar, show_national

    target = output.with_suffix("")
    apart_from_input(folder, output, target)
    _must_be_writable(folder, output, json, target / output.name)
    sources = sources_in(folder, leave_out=(output, target))
    with progress_bar() as progress:
        results = plan_all(
            sources,
            target,
            progress,
            n_draws=draws,
            seed=seed,
            method=method.value,
            strategy=strategy.name if strategy else "",
            scheduler=scheduler,
        )
        named = strategy.name if strategy else ""
        _write(national_tables(results, n_draws=draws, seed=seed, strategy=named), output, json)
    show_national(results)
    typer.echo(f"\nOverzicht: {output}\nWerkmappen: {target}")
    statuses = (FAILED if result.failed_checks else STATUS_OF[result.outcome] for result in results)
    raise typer.Exit(min((status for status in statuses if status != DONE), default=DONE))


def _strategy_of(name: str | None) -> Strategy | None:
    """The strategy of that name; a usage error where there is none."""
    from optimiser.problem import LEXIMIN, STRATEGIES, strategy_named

    try:
        return None if name is None else strategy_named(name)
    except ValueError:
        names = ", ".join(strategy.name for strategy in (*STRATEGIES, LEXIMIN))
        wanted = f"{names} of gewichten 50-30-20 (percentages, samen 100)"
        raise typer.BadParameter(f"--strategie: verwacht {wanted}, gevonden {name!r}") from None


def _told_whether_it_holds(findings: Sequence[Finding]) -> int:
    """The exit status of a plan that is written; a check that fails is told on standard error."""
    failed = sum(not finding.holds for finding in findings)
    if not failed:
        return DONE
    subject = "1 controle is" if failed == 1 else f"{failed} controles zijn"
    typer.echo(f"Let op: {subject} fout, zie blad Controles", err=True)
    return FAILED


def _read(source: Path, boundaries: Path | None) -> Inputs:
    from budget.workbook.reading import read_inputs

    with _faults_told(source):
        return read_inputs(source, boundaries)


@contextmanager
def _faults_told(source: Path) -> Iterator[None]:
    from budget.faults import FaultyInput

    try:
        yield
    except FaultyInput as faulty:
        count = len(faulty.faults)
        heading = f"{source.name}: {count} {'fout' if count == 1 else 'fouten'}, niets geschreven.\n"
        _stop(heading + str(faulty), FAULTY)


def _must_be_writable(source: Path, *files: Path | None) -> None:
    """Raise OSError before the work rather than after it when a result cannot be written or would replace its input."""
    for file in filter(None, files):
        if file.resolve() == source.resolve():
            raise FileExistsError(EEXIST, "is de invoer en wordt niet overschreven", str(file))
        if file.is_dir():
            raise IsADirectoryError(EISDIR, "is een map", str(file))
        file.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=file.parent):
            pass


def _write(tables: Sequence[Table], output: Path, json: Path | None) -> None:
    from budget.export import write_json, write_workbook

    write_workbook(tables, output)
    if json is not None:
        write_json(tables, json)


@contextmanager
def _contradictions_told() -> Iterator[None]:
    from optimiser.allocation import Contradiction

    try:
        yield
    except Contradiction as contradiction:
        from ui.terminal import contradiction_text

        _stop(contradiction_text(contradiction), CONTRADICTORY)


def _stop(message: str, status: int) -> None:
    typer.echo(message, err=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
