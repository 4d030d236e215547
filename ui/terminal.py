"""What the command line prints: a progress bar, the plan in short, and contradictions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from budget.inputs import Inputs
from budget.money import format_cents, format_euros
from optimiser.allocation import Contradiction


@contextmanager
def progress_bar() -> Iterator[Callable[[str, float], None]]:
    """A bar on standard error with what is going on; gives the function to report to (text, 0-1)."""
    columns = (TextColumn("{task.description:<40}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn())
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
    lines = ["De regels sluiten elkaar uit; niets geschreven.", contradiction.sentence, "", "In strijd met elkaar:"]
    for rule in contradiction.clash:
        where = " ".join(str(part) for part in rule.place[1:] if part is not None)
        lines.append(
            f"  {rule.place.rule} {where}: beschikbaar {format_cents(rule.have)}, nodig {format_cents(rule.need)}"
        )
    lines += ["", "Kleinste wijzigingen die het oplossen:"]
    lines += [f"  {repair.sentence}" for repair in contradiction.repairs]
    return "\n".join(lines)
