"""The year so far, and its settlement."""

from __future__ import annotations

import typer

from ui.commands.endings import faults_told
from ui.commands.job import Job
from ui.commands.options import DRAWS, SEED, Draws, Json, Output, Scheduler, Seed, WithForecast, Workbook


def settle(
    source: Workbook,
    output: Output,
    json: Json = None,
    seed: Seed = SEED,
    draws: Draws = DRAWS,
    scheduler: Scheduler = None,
    with_forecast: WithForecast = True,
) -> None:
    """Het jaar tot nu toe en de afrekening: lasten, wat nog komt, bestemming van het overschot."""
    job = Job(source, output, json, seed, draws, scheduler=scheduler)
    inputs = job.read()
    from budget.report.year_summary import year_sentences, year_tables
    from budget.year.year_end import year_so_far
    from ui.commands.terminal import progress_bar

    with faults_told(source):
        year = year_so_far(inputs, n_draws=draws, seed=seed)
    job.must_be_writable()
    with progress_bar() as progress:
        if with_forecast and not year.all_booked:
            year = year_so_far(inputs, job.forecast(inputs, progress))
        progress("Werkmap schrijven", 0.95)
        job.write(year_tables(year, inputs))
    for sentence in year_sentences(year, inputs):
        typer.echo(sentence)
    job.say_where()
