"""Taakvelden: the plan as the accounts will show it (Iv3), in thousands of euros.

    streams              cost on the stream's own task field, structural
    prevention           cost on 6.1 Samenkracht en burgerparticipatie, structural
    free, buffer         cost on 0.8 Overige baten en lasten (stelpost), incidental, as is free money that is left over
    free funding         income on 0.7 Algemene uitkering, structural or incidental as the source is
    ring-fenced funding  income on the task field of the stream that it pays for, as far as it is spent
    reserves             cost (added) and income (drawn) on 0.10 Mutaties reserves, incidental

Both sides of a year are equal.
"""

from __future__ import annotations

import re
from collections import defaultdict

from budget.plan import Plan
from budget.report.balance import is_structural
from budget.tables import Cell, Column, Kind, Table

COLUMNS = (
    Column("Taakveld", Kind.TEXT),
    Column("Omschrijving", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    Column("Incidenteel/structureel", Kind.TEXT),
    Column("Lasten", Kind.THOUSANDS, "x € 1.000; gebieden en stad samen."),
    Column("Baten", Kind.THOUSANDS, "x € 1.000; geoormerkt geld telt mee voor zover het besteed is."),
    Column("Eenheid", Kind.TEXT),
)

GENERAL, RESERVES, PROVISIONAL, PREVENTION = "0.7", "0.10", "0.8", "6.1"
_NAMES = {
    GENERAL: "Algemene uitkering en andere vrije middelen",
    RESERVES: "Mutaties reserves",
    PROVISIONAL: "Overige baten en lasten (stelposten)",
    PREVENTION: "Samenkracht en burgerparticipatie (preventie)",
}
_Sums = dict[tuple[str, int, str], int]


def task_fields_table(plan: Plan) -> Table:
    """A row per task field, year and nature, fields in their own order."""
    cost, income = _cost(plan), _income(plan)
    names = _names(plan)
    keys = sorted({**cost, **income}, key=lambda key: (_padded(key[0]), *key[1:]))
    rows: list[tuple[Cell, ...]] = [
        (
            field,
            names[field],
            year,
            nature,
            cost[field, year, nature],
            income[field, year, nature],
            "x € 1.000",
        )
        for field, year, nature in keys
        if cost[field, year, nature] or income[field, year, nature]
    ]
    title = "Lasten en baten per taakveld (Iv3), x € 1.000"
    return Table("Taakvelden", title, COLUMNS, rows, frozen_columns=2)


def _cost(plan: Plan) -> _Sums:
    given, sums = plan.allocation, _empty()
    for t, year in enumerate(plan.inputs.years):
        for s, stream in enumerate(plan.inputs.streams):
            sums[stream.task_field, year, "structureel"] += int(
                given.budgets[:, s, t].sum() + given.city[s, t]
            )
        sums[PREVENTION, year, "structureel"] += int(given.prevention[:, :, t].sum())
        left = sum(
            int(given.unspent[g, t]) for g, source in enumerate(plan.problem.sources) if not source.streams
        )
        sums[PROVISIONAL, year, "incidenteel"] += int(given.free[:, t].sum() + given.buffer[t]) + left
        sums[RESERVES, year, "incidenteel"] += int(given.reserve_in[:, t].sum())
    return sums


def _income(plan: Plan) -> _Sums:
    given, sums = plan.allocation, _empty()
    for t, year in enumerate(plan.inputs.years):
        for g, source in enumerate(plan.problem.sources):
            nature = (
                "structureel" if is_structural(plan, source.code, source.streams, year) else "incidenteel"
            )
            if not source.streams:
                sums[GENERAL, year, nature] += int(source.amounts[t])
                continue
            for s, stream in enumerate(plan.inputs.streams):
                sums[stream.task_field, year, nature] += int(given.source_use[g, s, t])
        sums[RESERVES, year, "incidenteel"] += int(given.reserve_out[:, t].sum())
    return sums


def _empty() -> _Sums:
    return defaultdict(int)


def _names(plan: Plan) -> dict[str, str]:
    """A description per task field: the streams on it, unless it has a name of its own here."""
    names: dict[str, list[str]] = defaultdict(list)
    for stream in plan.inputs.streams:
        names[stream.task_field].append(stream.name)
    return {field: ", ".join(streams) for field, streams in names.items()} | _NAMES


def _padded(field: str) -> str:
    """A key that puts 0.10 after 0.8.

    >>> sorted(["6.712", "0.10", "6.2", "0.8"], key=_padded)
    ['0.8', '0.10', '6.2', '6.712']
    """
    return re.sub(r"\d+", lambda digits: digits[0].zfill(6), field)
