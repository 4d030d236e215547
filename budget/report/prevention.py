"""Preventie and Herinvestering: what is spent to avoid cost, and what happens to planned free room."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from budget.inputs import PreventionSegment
from budget.money import format_cents, format_euros
from budget.plan import Plan
from budget.report.cells import known_cents
from budget.tables import Cell, Column, Formula, Kind, Table
from budget.year.settlement import Settlement, settle_surplus
from optimiser.problem import Programme

Cents = npt.NDArray[np.int64]

REINVESTMENT_COLUMNS = (
    Column("Wijkcode", Kind.TEXT),
    Column("Wijknaam", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    Column(
        "Overschot", Kind.CENTS, "De geplande vrije ruimte; bij de jaarrekening het werkelijke overschot."
    ),
    Column(
        "Naar preventie",
        Kind.CENTS,
        "Blijft in het gebied, voor preventie in het jaar erna. Een uitkomst waarover de raad besluit: dit geld is in "
        "dit plan niet besteed.",
    ),
    Column("Naar algemene middelen", Kind.CENTS, "Inclusief wat niet mag worden meegenomen."),
    Column("Meegenomen", Kind.CENTS, "Wat overblijft en naar het jaar erna gaat (raadsbesluit)."),
    Column("Controle", Kind.CENTS, "Overschot min de drie bestemmingen: nul.", attention="<>0"),
)


def prevention_table(plan: Plan) -> Table:
    """A row per area, programme and year with money, then the programmes that do not count or got nothing."""
    years = plan.inputs.years
    columns = (
        Column("Wijkcode", Kind.TEXT),
        Column("Programma", Kind.TEXT),
        Column("Naam", Kind.TEXT, width=40),
        Column("Stroom", Kind.TEXT, "De stroom waarin de besparing valt."),
        Column("Jaar", Kind.YEAR, "Het jaar van de uitgave."),
        Column("Bedrag", Kind.CENTS),
        *(
            Column(
                f"Besparing {year}",
                Kind.CENTS,
                "Vermeden lasten voor de gemeente, door de uitgave van deze rij.",
            )
            for year in years
        ),
        Column(
            "Besparing later", Kind.CENTS, "Besparing na het laatste planjaar; telt niet mee in het plan."
        ),
        Column("Bewijskracht", Kind.TEXT, "A is het sterkste bewijs, E het zwakste."),
        Column("Status", Kind.TEXT, "Alleen wat geboekt is, telt in het plan; pm staat ernaast."),
        Column("Toelichting", Kind.TEXT, width=50),
    )
    rows = [*_spent(plan), *_beside(plan)]
    return Table(
        "Preventie", "Preventie en de besparing die ervan wordt verwacht", columns, rows, frozen_columns=2
    )


def _spent(plan: Plan) -> Iterator[tuple[Cell, ...]]:
    """Every amount that an area spends, with what it saves."""
    segments = {(row.programme, row.stream): row for row in reversed(plan.inputs.prevention)}
    for p, programme in enumerate(plan.problem.programmes):
        row = segments[programme.code, programme.stream]
        for d, area in enumerate(plan.inputs.area_codes):
            amounts = plan.allocation.prevention[d, p]
            saved, later = savings_by_spending(programme, amounts, plan.allocation.savings[d, p])
            for t in np.flatnonzero(amounts):
                yield (
                    *(area, row.programme, row.name, row.stream, plan.inputs.years[t], int(amounts[t])),
                    *(int(cents) for cents in saved[t]),
                    *(int(later[t]), row.evidence, "geboekt", None),
                )


def savings_by_spending(programme: Programme, amounts: Cents, total: Cents) -> tuple[Cents, Cents]:
    """Split the savings of one area and programme by the year of spending.

    `amounts` and `total` have shape (t): the spending, and the savings of all earlier spending together. With f(x)
    the saving that x buys along the segments, spending of year u saves f(x[u]) / duration in each of the years
    u + lag ... u + lag + duration - 1. Returns (spending year, saving year), whose columns add up to `total`, and
    per spending year what falls after the last plan year.
    """
    n = len(amounts)
    bought = np.array([_curve(programme, int(amount)) for amount in amounts])
    first = np.arange(n) + programme.lag
    years = np.arange(n)[None, :]
    during = (first[:, None] <= years) & (years < first[:, None] + programme.duration)
    exact = bought[:, None] / programme.duration * during
    saved = np.rint(exact).astype(np.int64)
    largest = np.abs(exact).argmax(axis=0)
    saved[largest, np.arange(n)] += total - saved.sum(axis=0)
    return saved, np.rint(bought - exact.sum(axis=1)).astype(np.int64)


def _curve(programme: Programme, cents: int) -> float:
    """What an amount saves in all, segment after segment."""
    saved = 0.0
    for length, per_euro in zip(programme.segment_cents, programme.saving_per_euro, strict=True):
        part = min(cents, length)
        saved += part * per_euro
        cents -= part
    return saved


def _beside(plan: Plan) -> Iterator[tuple[Cell, ...]]:
    """Programmes that do not count in the plan, and booked ones that no area spends on."""
    seen = {
        (programme.code, programme.stream, "geboekt")
        for p, programme in enumerate(plan.problem.programmes)
        if plan.allocation.prevention[:, p].any()
    }
    for row in plan.inputs.prevention:
        key = (row.programme, row.stream, row.status)
        if key in seen:
            continue
        seen.add(key)
        why = "Niet ingezet" if row.status == "geboekt" else "Telt niet mee"
        blank = (None,) * (len(plan.inputs.years) + 1)
        place = row.districts[0] if len(row.districts) == 1 else None
        yield (
            *(place, row.programme, row.name, row.stream, plan.inputs.years[0], 0, *blank),
            *(row.evidence, row.status, f"{why}: {expected_effect(row)}."),
        )


def expected_effect(row: PreventionSegment) -> str:
    """What the first euros of a programme are expected to do, in Dutch."""
    cents = round(row.saving_per_euro * row.cashable * row.municipal_share * 100)
    return (
        f"tot {format_euros(row.up_to_cents)} per wijk per jaar; elke euro bespaart de gemeente {format_cents(cents)}, "
        f"vanaf {row.lag} jaar later, verspreid over {row.duration} jaar"
    )


def reinvestment_table(plan: Plan) -> Table:
    """What the local choices make of each area's planned free room."""
    rows: list[tuple[Cell, ...]] = []
    for d, district in enumerate(plan.inputs.districts):
        for t, year in enumerate(plan.inputs.years):
            parts, row = planned_settlement(plan, d, t), len(rows) + 2
            rows.append(
                (
                    *(district.code, district.name, year),
                    *(parts.surplus, parts.prevention, parts.general, parts.carried),
                    Formula(f"=ROUND(D{row}-SUM(E{row}:G{row}),2)", 0),
                )
            )
    title = "Bestemming van geplande vrije ruimte"
    return Table("Herinvestering", title, REINVESTMENT_COLUMNS, rows, frozen_columns=2)


def planned_settlement(plan: Plan, d: int, t: int) -> Settlement:
    """The free room of one area and year, divided by its local choices."""
    choices = plan.problem.choices
    return settle_surplus(
        int(plan.allocation.free[d, t]),
        retained_share=float(np.nan_to_num(choices.retained_share_dt[d, t])),
        general_share=float(np.nan_to_num(choices.general_share_dt[d, t])),
        reinvest_cap=known_cents(choices.reinvest_cap_dt[d, t]),
        carry_cap=known_cents(choices.carry_cap_dt[d, t]),
    )
