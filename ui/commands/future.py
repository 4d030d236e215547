"""The forecast alone, and how good it was before."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.commands.endings import stop
from ui.commands.job import Job
from ui.commands.options import (
    DRAWS,
    SEED,
    ChosenMethod,
    Draws,
    Json,
    Map,
    Method,
    Output,
    Scheduler,
    Seed,
    Workbook,
)


def forecast(
    source: Workbook,
    output: Output,
    json: Json = None,
    boundaries: Map = None,
    seed: Seed = SEED,
    draws: Draws = DRAWS,
    method: ChosenMethod = Method.ENSEMBLE,
    scheduler: Scheduler = None,
) -> None:
    """Alleen de vraagprognose."""
    job = Job(source, output, json, seed, draws, method, scheduler)
    inputs = job.read(boundaries)
    job.must_be_writable()
    from budget.report import forecast_tables
    from ui.commands.terminal import progress_bar

    with progress_bar() as progress:
        demand = job.forecast(inputs, progress)
        progress("Werkmap schrijven", 0.95)
        job.write(forecast_tables(inputs, demand))
    typer.echo(f"Werkmap: {output}")


def backtest(
    source: Workbook,
    output: Output,
    json: Json = None,
    boundaries: Map = None,
    seed: Seed = SEED,
    draws: Draws = 200,
    moments: Annotated[
        int, typer.Option("--momenten", min=1, max=12, help="Vanaf hoeveel eerdere momenten wordt voorspeld.")
    ] = 3,
    years: Annotated[
        int, typer.Option("--jaren", min=1, max=3, help="Hoeveel jaren vooruit er wordt vergeleken.")
    ] = 1,
) -> None:
    """Hoe goed de prognose eerder was, naast 'vorig jaar' en Prophet alleen."""
    job = Job(source, output, json, seed, draws)
    inputs = job.read(boundaries)
    job.must_be_writable()
    from budget.backtest import TooShort, run_backtest
    from budget.report.backtest import backtest_tables
    from ui.commands.terminal import progress_bar, show_backtest

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
            stop("De reeksen zijn te kort voor een terugtoets; niets geschreven.")
        tables = backtest_tables(inputs, outcomes)
        job.write(tables)
    show_backtest(tables)
    job.say_where()
