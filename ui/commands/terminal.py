"""What the command line prints: a progress bar, the plan in short, and contradictions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Grid
from rich.text import Text

from budget.inputs import Inputs
from budget.money import format_cents, group_thousands
from budget.national.run import Result
from budget.report.cells import span_of, value_of
from budget.tables import Kind, RowStyle, Table
from budget.workbook.periods import period_label
from optimiser.allocation import Contradiction
from ui.ways_out import to_fill_in

NARROWEST = 104
"""Characters that a name and six amounts need; a narrower window wraps."""
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
        f"{len(inputs.districts)} wijken, {len(inputs.streams)} stromen, plan {span_of(town.years)}; "
        f"vraag van {min(period_label(s.periods[0]) for s in history.streams)} "
        f"tot en met {max(period_label(s.periods[-1]) for s in history.streams)}."
    )
    told = inputs.provenance
    for default in told.defaults[len(told.warnings) :]:
        console.print(f"Aangenomen: {default}")


def contradiction_text(contradiction: Contradiction) -> str:
    """Every clash, with what is there and what is needed, and its ways out."""
    lines = ["De regels sluiten elkaar uit; niets geschreven.", contradiction.sentence]
    n_clashes = 1 + max(rule.clash for rule in contradiction.clash)
    if n_clashes > 1:
        lines += ["", f"Er zijn {n_clashes} botsingen; van elke is één wijziging nodig."]
    for number in range(n_clashes):
        lines += ["", _clash_heading(number, n_clashes)]
        for rule in contradiction.clash:
            if rule.clash == number:
                place = " ".join(str(part) for part in rule.place if part is not None)
                amounts = f"beschikbaar {format_cents(rule.have)}, nodig {format_cents(rule.need)}"
                lines.append(f"  {place}: {amounts}")
        solves = "deze botsing" if n_clashes > 1 else "het"
        lines += ["", f"Kleinste wijzigingen die {solves} oplossen:"]
        for repair in contradiction.repairs:
            if repair.clash == number:
                lines.append(f"  {repair.sentence}")
                lines += [f"    Regels: {rule}" for rule in to_fill_in(repair)]
    return "\n".join(lines)


def _clash_heading(number: int, n_clashes: int) -> str:
    if n_clashes == 1:
        return "In strijd met elkaar:"
    before = ", gerekend met steeds de eerste wijziging hierboven" if number else ""
    return f"Botsing {number + 1}{before}:"


def show_plan(tables: Sequence[Table]) -> None:
    """Budget per area and year, then the summary page: shortfall, cover, and what binds."""
    sheets = {table.sheet: table for table in tables}
    console = Console(highlight=False)
    console.width = max(console.width, NARROWEST)
    console.print(Text(sheets["Samenvatting"].title, style="bold"))
    _print_areas(console, sheets["Plafonds"])
    _print_summary(console, sheets["Samenvatting"])


def show_backtest(tables: Sequence[Table]) -> None:
    """The verdict on every stream."""
    (page,) = (table for table in tables if table.page)
    console = Console(highlight=False)
    console.print(Text(page.title, style="bold"))
    stream = ""
    for number, row in enumerate(page.rows):
        if page.styles.get(number) is RowStyle.SENTENCE:
            if row[0] != stream:
                stream = str(row[0])
                console.print(Text(f"\n{stream}", style="bold"))
            console.print(Padding(Text(str(row[1])), (0, 0, 0, 2)))


def show_national(results: Sequence[Result]) -> None:
    """How many municipalities have a plan, the money of all together, and what became of the others."""
    console = Console(highlight=False)
    console.width = max(console.width, NARROWEST)
    planned = [result for result in results if result.outcome == "plan"]
    console.print(Text(f"{len(planned)} van {len(results)} gemeenten gepland", style="bold"))
    totals = [year for result in planned for year in result.years]
    years = sorted({total.year for total in totals})
    grid = _grid("Alle gemeenten samen, x € 1.000", [str(year) for year in years])
    for name, field in (("Middelen", "funding"), ("Gebiedsbudgetten", "areas"), ("Tekort", "shortfall")):
        sums = (sum(getattr(total, field) for total in totals if total.year == year) for year in years)
        grid.add_row(name, *map(_thousands, sums))
    if planned:
        console.print(grid)
    others = [result for result in results if result.outcome != "plan" or result.failed_checks]
    for result in others[:MOST_AREAS]:
        checks = "1 controle" if result.failed_checks == 1 else f"{result.failed_checks} controles"
        failed = f"{checks} fout" if result.failed_checks else result.outcome
        console.print(Text(f"{result.name}: {failed}. {result.message}"), soft_wrap=True)
    if len(others) > MOST_AREAS:
        console.print(f"... en {len(others) - MOST_AREAS} meer, zie blad Gemeenten")


def _print_areas(console: Console, ceilings: Table) -> None:
    at = ceilings.column_index("Jaar")
    years = sorted({year for row in ceilings.rows if isinstance(year := row[at], int)})
    areas: dict[str, dict[str, object]] = {}
    for row in ceilings.rows:
        read = {column.name: value_of(cell) for column, cell in zip(ceilings.columns, row, strict=True)}
        area = areas.setdefault(str(read["Wijkcode"]), {"Wijknaam": read["Wijknaam"]})
        area[str(read["Jaar"])] = read["Plafond"]
        if read["Jaar"] == years[0]:
            area["vorig jaar"] = read["Vorig jaar"]
    headings = ("vorig jaar", *map(str, years))
    grid = _grid("Gebiedsbudget, x € 1.000", headings)
    for area in list(areas.values())[:MOST_AREAS]:
        grid.add_row(str(area["Wijknaam"]), *(_thousands(area[heading]) for heading in headings))
    console.print(grid)
    if len(areas) > MOST_AREAS:
        console.print(f"... en {len(areas) - MOST_AREAS} gebieden meer, zie blad Plafonds")


def _print_summary(console: Console, summary: Table) -> None:
    amounts = [at for at, column in enumerate(summary.columns) if column.kind is Kind.CENTS]
    parts = dict.fromkeys(row[0] for row in summary.rows)
    for part in parts:
        grid = _grid(f"{part}, x € 1.000", [summary.columns[at].name for at in amounts])
        sentences = []
        for number, row in enumerate(summary.rows):
            if row[0] == part:
                values = [value_of(cell) for cell in row]
                if summary.styles.get(number) is RowStyle.SENTENCE:
                    sentences.append(str(values[1]))
                else:
                    grid.add_row(str(values[1]), *(_thousands(values[at]) for at in amounts))
        console.print()
        if grid.row_count:
            console.print(grid)
        else:
            console.print(Text(str(part), style="bold"))
        for sentence in sentences:
            console.print(Padding(sentence, (0, 0, 0, 2)))


def _grid(title: str, headings: Sequence[str]) -> Grid:
    grid = Grid(box=None, padding=(0, 2, 0, 0), header_style="bold")
    grid.add_column(title, width=44, no_wrap=True, overflow="ellipsis")
    for heading in headings:
        grid.add_column(heading, justify="right", no_wrap=True)
    return grid


def _thousands(cents: object) -> str:
    return group_thousands(f"{round(cents / 100_000):,}") if isinstance(cents, int) else ""
