"""Gebiedsbudgetten and Plafonds: what each area gets, per stream and in all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from budget.inputs import CITY, FREE, PREVENTION
from budget.last_year import LastBudget, last_budget_as_now
from budget.plan import Plan
from budget.report.cells import known, known_cents, letter, ratio, sum_of
from budget.tables import Cell, Column, Formula, Kind, Table

Cents = npt.NDArray[np.int64]

CITY_NAME = "Stadsbreed"

BUDGET_COLUMNS = (
    Column("Wijkcode", Kind.TEXT, "Code van het gebied; STAD is geld dat niet over gebieden is verdeeld."),
    Column("Wijknaam", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    Column(
        "Stroom",
        Kind.TEXT,
        "Geldstroom; PREVENTIE is geld voor preventie, VRIJ is ruimte die nog niet is toegewezen "
        "(bij STAD: middelen die niet besteed kunnen worden).",
    ),
    Column("Bedrag", Kind.CENTS, "Het budget van dit jaar."),
    Column("Vorig jaar", Kind.CENTS, "Hetzelfde budget een jaar eerder; leeg is onbekend."),
    Column("Verschil", Kind.CENTS, "Bedrag min Vorig jaar."),
    Column("Basispakket", Kind.CENTS, "Het deel van de verwachte lasten dat in elk gebied gedekt moet zijn."),
    Column("Verwachte lasten", Kind.CENTS, "Verwachte lasten na aftrek van de besparing door preventie."),
    Column("Tekort", Kind.CENTS, "Basispakket dat niet is gedekt.", attention=">0"),
    Column(
        "Niet gedekte lasten",
        Kind.CENTS,
        "Verwachte lasten die het bedrag niet dekt, het tekort inbegrepen.",
        attention=">0",
    ),
    Column("Besparing preventie", Kind.CENTS, "Lasten die eerdere preventie dit jaar vermijdt."),
)

CEILING_COLUMNS = (
    Column("Wijkcode", Kind.TEXT),
    Column("Wijknaam", Kind.TEXT),
    Column("Stadsdeel", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    Column("Plafond", Kind.CENTS, "Het vaste gebiedsbudget: de som van de rijen in Gebiedsbudgetten."),
    Column("Vorig jaar", Kind.CENTS, "Het plafond een jaar eerder; leeg is onbekend."),
    Column("Verschil", Kind.CENTS),
    Column("Verschil %", Kind.SHARE),
    Column("Verwachte lasten", Kind.CENTS, "Na aftrek van de besparing door preventie."),
    Column("Tekort", Kind.CENTS, "Basispakket dat niet is gedekt.", attention=">0"),
    Column(
        "Norm", Kind.CENTS, "Wat het gebied volgens de objectieve sleutel zou krijgen, exclusief preventie."
    ),
    Column("Inwoners", Kind.NUMBER, digits=0),
    Column("Per inwoner", Kind.CENTS),
)

_BUDGET_AT = {column.name: letter(BUDGET_COLUMNS, column.name) for column in BUDGET_COLUMNS}
_CEILING_AT = {column.name: letter(CEILING_COLUMNS, column.name) for column in CEILING_COLUMNS}


@dataclass(frozen=True)
class _Line:
    """One stream of one area over the plan years, all in cents with shape (t)."""

    area: str
    name: str
    stream: str
    before: int | None
    amount: Cents
    basic: Cents
    expected: Cents
    saving: Cents


def area_budgets_table(plan: Plan) -> Table:
    """A row per area, year and stream; the city-wide rows last."""
    rows: list[tuple[Cell, ...]] = []
    before = last_budget_as_now(plan.inputs, plan.claims)
    for lines in (*_areas(plan, before), _city(plan, before)):
        for t, year in enumerate(plan.inputs.years):
            rows += [_row(line, t, year, row) for row, line in enumerate(lines, start=2 + len(rows))]
    title = "Budget per gebied, jaar en geldstroom"
    return Table("Gebiedsbudgetten", title, BUDGET_COLUMNS, rows, frozen_columns=4)


def _areas(plan: Plan, before: LastBudget) -> Iterator[list[_Line]]:
    """The lines of each area: its streams by code, prevention, and what is free."""
    given = plan.allocation
    saved = plan.problem.claims - given.claims_after
    for d, district in enumerate(plan.inputs.districts):
        area = (district.code, district.name)
        streams = [
            _line(
                before,
                area,
                stream,
                given.budgets[d, s],
                given.basic[d, s],
                given.claims_after[d, s],
                saved[d, s],
            )
            for s, stream in enumerate(plan.inputs.stream_codes)
        ]
        prevention = _line(before, area, PREVENTION, given.prevention[d].sum(axis=0))
        yield [*streams, prevention, _line(before, area, FREE, given.free[d])]


def _city(plan: Plan, before: LastBudget) -> list[_Line]:
    """City-wide streams, and the money of all sources that could not be spent."""
    given, claims, city = plan.allocation, plan.problem.city_claims, (CITY, CITY_NAME)
    streams = [
        _line(before, city, stream, given.city[s], given.city_basic[s], claims[s])
        for s, stream in enumerate(plan.inputs.stream_codes)
        if given.city[s].any() or claims[s].any()
    ]
    return [*streams, _line(before, city, FREE, given.unspent.sum(axis=0))]


def _line(
    last_budget: LastBudget,
    area: tuple[str, str],
    stream: str,
    amount: Cents,
    basic: Cents | None = None,
    expected: Cents | None = None,
    saving: Cents | None = None,
) -> _Line:
    """A line with its budget of the year before; needs that are not given are nothing."""
    before = last_budget.get((area[0], stream))
    needs = (np.zeros_like(amount) if need is None else need for need in (basic, expected, saving))
    return _Line(*area, stream, before, amount, *needs)


def _row(line: _Line, t: int, year: int, row: int) -> tuple[Cell, ...]:
    amount, basic, expected = int(line.amount[t]), int(line.basic[t]), int(line.expected[t])
    before = line.before if t == 0 else int(line.amount[t - 1])
    bedrag, vorig, basis, lasten = (
        f"{_BUDGET_AT[name]}{row}" for name in ("Bedrag", "Vorig jaar", "Basispakket", "Verwachte lasten")
    )
    return (
        line.area,
        line.name,
        year,
        line.stream,
        amount,
        before,
        None if before is None else Formula(f"=ROUND({bedrag}-{vorig},2)", amount - before),
        basic,
        expected,
        Formula(f"=MAX(0,ROUND({basis}-{bedrag},2))", max(0, basic - amount)),
        Formula(f"=MAX(0,ROUND({lasten}-{bedrag},2))", max(0, expected - amount)),
        int(line.saving[t]),
    )


def ceilings_table(plan: Plan, budgets: Table) -> Table:
    """A row per year and area; the amounts are sums over `budgets` (Gebiedsbudgetten)."""
    rows: list[tuple[Cell, ...]] = []
    for t in range(len(plan.inputs.years)):
        for d in range(len(plan.inputs.districts)):
            rows.append(_ceiling_row(plan, budgets, d, t, 2 + len(rows)))
    title = "Plafond per gebied en jaar"
    return Table("Plafonds", title, CEILING_COLUMNS, rows, frozen_columns=2)


def _ceiling_row(plan: Plan, budgets: Table, d: int, t: int, row: int) -> tuple[Cell, ...]:
    district, given = plan.inputs.districts[d], plan.allocation
    ceiling = int(given.ceilings[d, t])
    before = known_cents(plan.problem.last_ceiling[d]) if t == 0 else int(given.ceilings[d, t - 1])
    inhabitants = known(plan.problem.inhabitants[d, t])
    plafond, vorig, verschil, inwoners = (
        f"{_CEILING_AT[name]}{row}" for name in ("Plafond", "Vorig jaar", "Verschil", "Inwoners")
    )

    def total(column: str, cents: int) -> Formula:
        return Formula("=" + sum_of(budgets, column, Wijkcode=f"A{row}", Jaar=f"D{row}"), cents)

    change = None if before is None else ceiling - before
    relative = None if change is None else ratio(change, before)
    return (
        district.code,
        district.name,
        district.quarter or None,
        plan.inputs.years[t],
        total("Bedrag", ceiling),
        before,
        None if change is None else Formula(f"=ROUND({plafond}-{vorig},2)", change),
        None if relative is None else Formula(f"={verschil}/{vorig}", relative),
        total("Verwachte lasten", int(given.claims_after[d, :, t].sum())),
        total("Tekort", int(given.shortfall[d, :, t].sum())),
        int(plan.problem.norm[d, :, t].sum()),
        inhabitants,
        Formula(f"=ROUND({plafond}/{inwoners},2)", _per_head(ceiling, inhabitants)) if inhabitants else None,
    )


def _per_head(cents: int, inhabitants: float) -> int:
    """Whole cents per inhabitant, halves up."""
    return int(np.floor(cents / inhabitants + 0.5))
