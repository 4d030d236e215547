"""The command line. Exit status: 0 done, 1 anything else, 2 faults in the input, 3 rules that exclude each other.

A plan of which a check fails is written, and then the status is 1.
Of a folder of municipalities: 0 when all have a plan, else the lowest status that any of them has.
"""

from __future__ import annotations

import sys
from errno import EACCES, ENOENT, ENOSPC, ENOTDIR, EPERM, EROFS
from typing import Annotated

import typer

from ui.commands.endings import DONE, stop
from ui.commands.future import backtest, forecast
from ui.commands.inputs import check, sample, template
from ui.commands.plan import certify, plan
from ui.commands.year import settle

app = typer.Typer(
    name="gebiedsbudget",
    help="Gebiedsbudgetten voor zorg en ondersteuning: vraag voorspellen, geld verdelen, elke euro uitleggen.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (template, sample, check, forecast, plan, settle, backtest, certify):
    app.command()(command)


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
        stop("Afgebroken.")
    except typer.TyperException as error:
        from ui.commands.usage import usage_sentence

        stop(f"{usage_sentence(error)}\nZie: gebiedsbudget --help")
    except OSError as error:
        reason = _REASONS.get(error.errno or 0) or error.strerror or error
        stop(f"{error.filename or 'bestand'}: {reason}")


if __name__ == "__main__":
    main()
