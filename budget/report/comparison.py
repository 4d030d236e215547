"""Plans side by side: what each scenario does in one year, and what it means for every area."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from budget.plan import Plan
from budget.report.cells import ratio
from budget.report.cover import shortfall_cover
from budget.tables import Cell, Column, Kind, Table

Cents = npt.NDArray[np.int64]

AREA_COLUMNS = (
    Column("Wijkcode", Kind.TEXT),
    Column("Wijknaam", Kind.TEXT),
    Column("Plafond eerst", Kind.CENTS, "Het plafond in het eerste plan."),
    Column("Plafond", Kind.CENTS, "Het plafond in het andere plan."),
    Column("Verschil", Kind.CENTS, "Wat het andere plan een gebied meer (plus) of minder (min) geeft."),
    Column("Verschil %", Kind.SHARE),
    Column("Tekort eerst", Kind.CENTS, "Basispakket dat in het eerste plan niet is gedekt."),
    Column("Tekort", Kind.CENTS, "Basispakket dat in het andere plan niet is gedekt."),
)


PACE_COLUMNS = (
    Column("Tempo", Kind.SHARE, "Hooguit zoveel mag een gebied per jaar stijgen of dalen."),
    Column("Tekort op het basispakket", Kind.CENTS),
    Column("Niet gedekte lasten", Kind.CENTS),
    Column(
        "Nog te verschuiven naar de norm", Kind.CENTS, "Geld dat op de verkeerde plek zit volgens de norm."
    ),
)


def scenarios_table(plans: Mapping[str, Plan], year: int) -> Table:
    """A row per post, a column per plan; the plans share their plan years."""
    posts = {name: _posts(plan, plan.inputs.years.index(year)) for name, plan in plans.items()}
    first = next(iter(posts.values()))
    columns = (Column("Post", Kind.TEXT), *(Column(name, Kind.CENTS) for name in plans))
    rows: list[tuple[Cell, ...]] = [(post, *(amounts[post] for amounts in posts.values())) for post in first]
    return Table("Scenario's", f"Scenario's naast elkaar, {year}", columns, rows)


def areas_table(first: Plan, other: Plan, year: int) -> Table:
    """A row per area: its ceiling in two plans, and the difference."""
    t = first.inputs.years.index(year)
    before, after = first.allocation.ceilings[:, t], other.allocation.ceilings[:, t]
    rows: list[tuple[Cell, ...]] = [
        (
            *(district.code, district.name, int(before[d]), int(after[d]), int(after[d] - before[d])),
            ratio(int(after[d] - before[d]), int(before[d])),
            int(first.allocation.shortfall[d, :, t].sum()),
            int(other.allocation.shortfall[d, :, t].sum()),
        )
        for d, district in enumerate(first.inputs.districts)
    ]
    return Table("Gebieden", f"Gebieden in twee scenario's, {year}", AREA_COLUMNS, rows)


def pace_table(plans: Mapping[float, Plan], year: int) -> Table:
    """A row per pace of change: what going slower costs in one year."""
    rows: list[tuple[Cell, ...]] = []
    for pace, plan in plans.items():
        posts = _posts(plan, plan.inputs.years.index(year))
        rows.append((pace, *(posts[column.name] for column in PACE_COLUMNS[1:])))
    return Table("Tempo", f"Wat een rustig tempo kost, {year}", PACE_COLUMNS, rows)


def _posts(plan: Plan, t: int) -> dict[str, int]:
    """The amounts of one year by which a council compares plans, in cents."""
    given, cover = plan.allocation, shortfall_cover(plan)
    posts: dict[str, Cents | np.int64 | int] = {
        "Gebiedsbudgetten": given.ceilings[:, t].sum(),
        "Preventie in de gebieden": given.prevention[:, :, t].sum(),
        "Vrije ruimte in de gebieden": given.free[:, t].sum(),
        "Stadsbreed": given.city[:, t].sum(),
        "Centrale buffer": given.buffer[t],
        "Niet gedekte lasten": cover.gap[t],
        "Tekort op het basispakket": cover.shortfall[t],
        "Raadsbesluit nodig": cover.council[t],
        "Nog te verschuiven naar de norm": _misplaced(
            given.ceilings[:, t], plan.problem.norm[:, :, t].sum(axis=1)
        ),
    }
    return {post: int(amount) for post, amount in posts.items()}


def _misplaced(ceilings: Cents, norm: Cents) -> int:
    """The money that would have to move for every area to have its share of the norm.

    Half of sum over d of |c[d] - C n[d] / N|, with C and N the sums of ceilings c and norms n: what is too much in one
    place is too little in another.
    """
    if not norm.sum():
        return 0
    fair = ceilings.sum() * (norm / norm.sum())
    return round(float(np.abs(ceilings - fair).sum()) / 2)
