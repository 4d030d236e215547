"""Preventie: what areas spend to avoid cost, and what it saves in which year."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from budget.inputs import PreventionSegment
from budget.payback import savings_bought
from budget.plan import Plan
from budget.tables import Cell, Column, Kind, Table
from optimiser.problem import Programme
from wording.sentence import Sentence, Template

Cents = npt.NDArray[np.int64]
OWN, REINVESTED = 0, 1
"""Kinds of money: out of the area budget of the year, or left over the year before."""
_SAVED = Template("Besparing {year}")
_LATER = Template(
    "Na {year}: weegt als eindwaarde mee in de keuze voor preventie, niet in de bedragen van het plan."
)
_EFFECT = Template(
    "tot {up_to:euros} per wijk per jaar; elke euro bespaart de gemeente {saved:,00}, vanaf {lag} jaar later, "
    "verspreid over {duration} jaar"
)
_NOT_USED = Template("{why:word}: {effect}.")


def prevention_table(plan: Plan) -> Table:
    """A row per area, programme and year with money, then the programmes that do not count or got nothing."""
    rows = [*spending_rows(plan, plan.allocation.prevention, OWN, "geboekt"), *_beside(plan)]
    title = "Preventie en de besparing die ervan wordt verwacht"
    return Table("Preventie", title, spending_columns(plan), rows, frozen_columns=2)


def spending_columns(plan: Plan) -> tuple[Column, ...]:
    """The columns of a list of spending on prevention."""
    last = plan.inputs.last_year
    return (
        Column("Wijkcode", Kind.TEXT),
        Column("Programma", Kind.TEXT),
        Column("Naam", Kind.TEXT, width=40),
        Column("Stroom", Kind.TEXT, "De stroom waarin de besparing valt."),
        Column("Jaar", Kind.YEAR, "Het jaar van de uitgave."),
        Column("Bedrag", Kind.CENTS),
        *(
            Column(
                _SAVED(year=year),
                Kind.CENTS,
                "Vermeden lasten voor de gemeente, door de uitgave van deze rij.",
            )
            for year in plan.inputs.years
        ),
        Column(
            "Besparing later",
            Kind.CENTS,
            _LATER(year=last),
        ),
        Column("Bewijskracht", Kind.TEXT, "A is het sterkste bewijs, E het zwakste."),
        Column("Status", Kind.TEXT, "Alleen wat geboekt is, telt in het plan; pm staat ernaast."),
        Column("Toelichting", Kind.TEXT, width=50),
    )


def spending_rows(plan: Plan, amounts: Cents, kind: int, status: str) -> Iterator[tuple[Cell, ...]]:
    """Every amount (d, p, t) of one kind of money (`OWN`, `REINVESTED`), with what it saves."""
    segments = {(row.programme, row.stream): row for row in reversed(plan.inputs.prevention)}
    for p, programme in enumerate(plan.problem.programmes):
        row = segments[programme.code, programme.stream]
        for d, area in enumerate(plan.inputs.area_codes):
            spent = amounts[d, p]
            if not spent.any():
                continue
            saved, later = savings_of_area(plan, d, p)
            for t in np.flatnonzero(spent):
                yield (
                    *(area, row.programme, row.name, row.stream, plan.inputs.years[t], int(spent[t])),
                    *(int(cents) for cents in saved[kind, t]),
                    *(int(later[kind, t]), row.evidence, status, None),
                )


def savings_of_area(plan: Plan, d: int, p: int) -> tuple[Cents, Cents]:
    """`savings_by_spending` of one area and programme of a plan."""
    given = plan.allocation
    return savings_by_spending(
        plan.problem.programmes[p], given.prevention[d, p], given.reinvested[d, p], given.savings[d, p]
    )


def savings_by_spending(
    programme: Programme, own: Cents, reinvested: Cents, total: Cents
) -> tuple[Cents, Cents]:
    """Split the savings of one area and programme by the kind of money and the year of spending.

    `own` (t) and `reinvested` (k, t) are the spending, `total` (t) the savings of all earlier spending together. What
    money of year u buys falls evenly in the years u + lag ... u + lag + duration - 1. Returns (kind, spending year,
    saving year), which add up to `total` over the first two axes, and per kind and spending year what falls after the
    last plan year.
    """
    n = len(total)
    bought = np.array([savings_bought(programme, int(own[t]), reinvested[:, t]) for t in range(n)])
    buys = bought.T.ravel()
    first = np.tile(np.arange(n), 2) + programme.lag
    years = np.arange(n)[None, :]
    during = (first[:, None] <= years) & (years < first[:, None] + programme.duration)
    exact = buys[:, None] / programme.duration * during
    saved = np.rint(exact).astype(np.int64)
    largest = np.abs(exact).argmax(axis=0)
    saved[largest, np.arange(n)] += total - saved.sum(axis=0)
    later = np.rint(buys - exact.sum(axis=1)).astype(np.int64)
    return saved.reshape(2, n, n), later.reshape(2, n)


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
            *(row.evidence, row.status, _NOT_USED(why=why, effect=expected_effect(row))),
        )


def expected_effect(row: PreventionSegment) -> Sentence:
    """What the first euros of a programme are expected to do."""
    cents = round(row.saving_per_euro * row.cashable * row.municipal_share * 100)
    return _EFFECT(up_to=row.up_to_cents, saved=cents, lag=row.lag, duration=row.duration)


def saved_later(plan: Plan) -> int:
    """What all prevention of the plan saves after the last plan year, in cents, not discounted."""
    areas, programmes, _ = plan.allocation.prevention.shape
    return sum(int(savings_of_area(plan, d, p)[1].sum()) for d in range(areas) for p in range(programmes))
