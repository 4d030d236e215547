"""What the command line prints: a progress bar, the plan in short, and contradictions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Grid
from rich.text import Text

from budget.inputs import Inputs
from budget.money import format_cents, format_euros
from budget.report.cells import value_of
from budget.tables import Kind, RowStyle, Table
from optimiser.allocation import Contradiction

MOST_AREAS = 45
"""Areas that are printed; more of them stand in the workbook only."""


@contextmanager
def progress_bar() -> Iterator[Callable[[str, float], None]]:
    """A bar on standard error with what is going on; gives the function to report to (text, 0-1)."""
    columns = (
        TextColumn("{task.description:<40}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Beginnen", total=1.0)
        yield lambda text, done: bar.update(task, description=text, completed=done)


def show_inputs(inputs: Inputs) -> None:
    """What was read, and the defaults that apply."""
    town, history = inputs.municipality, inputs.history
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{town.name} ({town.code}): geen fouten.")
    console.print(
        f"{len(inputs.districts)} wijken, {len(inputs.streams)} stromen, plan {town.years[0]}-{town.years[-1]}; "
        f"vraag van {min(str(s.periods[0]) for s in history.streams)} "
        f"tot en met {max(str(s.periods[-1]) for s in history.streams)}."
    )
    for default in inputs.provenance.defaults:
        console.print(f"Aangenomen: {default}")


def contradiction_text(contradiction: Contradiction) -> str:
    """The clash, with what is there and what is needed, and the ways out."""
    lines = [
        "De regels sluiten elkaar uit; niets geschreven.",
        contradiction.sentence,
        "",
        "In strijd met elkaar:",
    ]
    for rule in contradiction.clash:
        where = " ".join(str(part) for part in rule.place[1:] if part is not None)
        lines.append(
            f"  {rule.place.rule} {where}: beschikbaar {format_cents(rule.have)}, nodig {format_cents(rule.need)}"
        )
    lines += ["", "Kleinste wijzigingen die het oplossen:"]
    lines += [f"  {repair.sentence}" for repair in contradiction.repairs]
    return "\n".join(lines)


def show_plan(tables: Sequence[Table]) -> None:
    """Budget per area and year, then the summary page: shortfall, cover, and what binds."""
    sheets = {table.sheet: table for table in tables}
    console = Console(highlight=False)
    console.print(Text(sheets["Samenvatting"].title, style="bold"))
    _print_areas(console, sheets["Plafonds"])
    _print_summary(console, sheets["Samenvatting"])


def _print_areas(console: Console, ceilings: Table) -> None:
    at = {
        name: ceilings.column_index(name)
        for name in ("Wijkcode", "Wijknaam", "Jaar", "Plafond", "Vorig jaar")
    }
    years = list(dict.fromkeys(row[at["Jaar"]] for row in ceilings.rows))
    grid = Grid(box=None, padding=(0, 2, 0, 0))
    grid.add_column("Gebiedsbudget")
    for heading in ("vorig jaar", *map(str, years)):
        grid.add_column(heading, justify="right")
    rows = [[value_of(cell) for cell in row] for row in ceilings.rows]
    areas = [rows[first : first + len(years)] for first in range(0, len(rows), len(years))]
    for area in areas[:MOST_AREAS]:
        amounts = (area[0][at["Vorig jaar"]], *(row[at["Plafond"]] for row in area))
        grid.add_row(str(area[0][at["Wijknaam"]]), *map(_euros, amounts))
    console.print(grid)
    if len(areas) > MOST_AREAS:
        console.print(f"... en {len(areas) - MOST_AREAS} gebieden meer, zie blad Plafonds")


def _print_summary(console: Console, summary: Table) -> None:
    amounts = [at for at, column in enumerate(summary.columns) if column.kind is Kind.CENTS]
    grid: Grid | None = None
    part = None
    for number, row in enumerate(summary.rows):
        if row[0] != part:
            part, grid = row[0], _flush(console, grid)
            console.print(Text(f"\n{part}", style="bold"))
        values = [value_of(cell) for cell in row]
        if summary.styles.get(number) is RowStyle.SENTENCE:
            grid = _flush(console, grid)
            console.print(f"  {values[1]}", soft_wrap=False)
        else:
            grid = grid or _amounts_grid(len(amounts))
            grid.add_row(f"  {values[1]}", *(_euros(values[at]) for at in amounts))
    _flush(console, grid)


def _amounts_grid(n_years: int) -> Grid:
    grid = Grid(box=None, padding=(0, 2, 0, 0), show_header=False)
    grid.add_column(width=48)
    for _ in range(n_years):
        grid.add_column(justify="right")
    return grid


def _flush(console: Console, grid: Grid | None) -> None:
    if grid is not None:
        console.print(grid)


def _euros(value: object) -> str:
    return format_euros(value) if isinstance(value, int) else ""
