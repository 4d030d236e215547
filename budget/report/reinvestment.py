"""Herinvestering: what happens to the free room of every area, and what its prevention gets from earlier years."""

from __future__ import annotations

from budget.plan import Plan
from budget.reinvestment import pots
from budget.report.cells import letter, sum_of
from budget.report.prevention import REINVESTED, spending_columns, spending_rows
from budget.tables import Cell, Column, Formula, Kind, Table

SURPLUS_COLUMNS = (
    Column("Wijkcode", Kind.TEXT),
    Column("Wijknaam", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    Column(
        "Overschot", Kind.CENTS, "De geplande vrije ruimte; bij de jaarrekening het werkelijke overschot."
    ),
    Column(
        "Naar preventie",
        Kind.CENTS,
        "Blijft in het gebied, voor preventie in het jaar erna; de raad besluit erover.",
    ),
    Column("Naar algemene middelen", Kind.CENTS, "Inclusief wat niet mag worden meegenomen."),
    Column("Meegenomen", Kind.CENTS, "Wat overblijft en naar het jaar erna gaat (raadsbesluit)."),
    Column("Controle", Kind.CENTS, "Overschot min de drie bestemmingen: nul.", attention="<>0"),
)
"""What happens to a surplus, in a plan and at the end of a year."""
COLUMNS = (
    *SURPLUS_COLUMNS,
    Column(
        "Waarvan door preventie verdiend",
        Kind.CENTS,
        "Het deel van het overschot dat niet groter is dan wat preventie dit jaar bespaart.",
    ),
    Column(
        "Beschikbaar uit vorig jaar",
        Kind.CENTS,
        "Naar preventie en nog te besteden van het jaar ervoor: geld van dat jaar, in geen ander bedrag van dit jaar.",
    ),
    Column(
        "Besteed aan preventie",
        Kind.CENTS,
        "Bovenop het gebiedsbudget, in wat de programma's nog aankunnen; zie Herinvesteringsuitgaven. Niet op blad "
        "Taakvelden: incidentele lasten op 6.1 tegenover een onttrekking op 0.10 van wat het jaar ervoor overbleef.",
    ),
    Column("Nog te besteden", Kind.CENTS, "Niet besteed, en nog van het gebied; binnen meenemen_max."),
    Column("Vervallen", Kind.CENTS, "Niet besteed en boven meenemen_max: naar de algemene middelen."),
    Column(
        "Controle besteding",
        Kind.CENTS,
        "Beschikbaar min besteed, nog te besteden en vervallen: nul.",
        attention="<>0",
    ),
)
_SHEET = "Herinvestering"
_AT = {column.name: letter(COLUMNS, column.name) for column in COLUMNS}


def reinvestment_tables(plan: Plan) -> tuple[Table, ...]:
    """The surplus of every area and year with its destinations; then, if any, what is reinvested per programme."""
    spending = _spending_table(plan)
    return (_surplus_table(plan, spending), *([spending] if spending.rows else []))


def _spending_table(plan: Plan) -> Table:
    rows = list(spending_rows(plan, plan.allocation.reinvested.sum(axis=2), REINVESTED, "herinvestering"))
    title = "Preventie die uit het overschot van het jaar ervoor wordt betaald"
    return Table("Herinvesteringsuitgaven", title, spending_columns(plan), rows, frozen_columns=2)


def _surplus_table(plan: Plan, spending: Table) -> Table:
    found = pots(plan.problem, plan.allocation)
    rows: list[tuple[Cell, ...]] = []
    for d, district in enumerate(plan.inputs.districts):
        for t, year in enumerate(plan.inputs.years):
            row = len(rows) + 2
            settled = (found.surplus, found.to_prevention, found.general, found.carried)
            rows.append(
                (
                    *(district.code, district.name, year),
                    *(int(part[d, t]) for part in settled),
                    Formula(f"=ROUND(D{row}-SUM(E{row}:G{row}),2)", 0),
                    int(found.earned[d, t]),
                    _available(row, int(found.available[d, t])) if t else 0,
                    _spent(spending, row, int(found.spent[d, t])),
                    *(int(found.rest[d, t]), int(found.lapsed[d, t])),
                    Formula(_check(row), 0),
                )
            )
    title = "Bestemming van geplande vrije ruimte, en preventie die eruit wordt betaald"
    return Table(_SHEET, title, COLUMNS, rows, frozen_columns=2)


def _available(row: int, cents: int) -> Formula:
    kept, rest = (_AT[name] for name in ("Naar preventie", "Nog te besteden"))
    return Formula(f"=ROUND({kept}{row - 1}+{rest}{row - 1},2)", cents)


def _spent(spending: Table, row: int, cents: int) -> Cell:
    if not spending.rows:
        return cents
    return Formula("=" + sum_of(spending, "Bedrag", Wijkcode=f"A{row}", Jaar=f"C{row}"), cents)


def _check(row: int) -> str:
    available, spent, lapsed = (
        _AT[name] for name in ("Beschikbaar uit vorig jaar", "Besteed aan preventie", "Vervallen")
    )
    return f"=ROUND({available}{row}-SUM({spent}{row}:{lapsed}{row}),2)"
