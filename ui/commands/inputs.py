"""The input workbook: an empty one, a sample, and a check."""

from __future__ import annotations

import typer

from ui.commands.job import read
from ui.commands.options import Map, NewFile, Workbook


def template(output: NewFile) -> None:
    """Een lege invoerwerkmap met kopjes, uitleg en keuzelijsten."""
    from budget.workbook.template import write_template

    write_template(output)
    typer.echo(f"Lege invoerwerkmap: {output}")


def sample(output: NewFile) -> None:
    """De voorbeeldgemeente, ingevuld, met haar kaart ernaast."""
    from budget.files import copy_whole
    from sample_data import BOUNDARIES, WORKBOOK

    copy_whole(WORKBOOK, output)
    copy_whole(BOUNDARIES, output.with_suffix(".geojson"))
    typer.echo(f"Voorbeeldgemeente: {output}, kaart: {output.with_suffix('.geojson')}")


def check(source: Workbook, boundaries: Map = None) -> None:
    """Alle fouten in de invoer in een keer: blad!cel, verwacht, gevonden."""
    inputs = read(source, boundaries)
    from ui.commands.terminal import show_inputs

    show_inputs(inputs)
