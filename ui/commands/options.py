"""What the commands ask for, each option described once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

SEED, DRAWS = 2027, 500

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
Programme = Annotated[
    Path | None,
    typer.Option(
        "--programma",
        metavar="UIT.lp",
        help="Het lineaire programma achter het plan, om met een andere oplosser na te rekenen.",
    ),
]
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
