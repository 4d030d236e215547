"""Verklaring and Schaduwprijzen: why every ceiling is what it is, and which rules bind."""

from __future__ import annotations

from itertools import pairwise

from budget.explanation import STEP_MEANING
from budget.plan import Plan
from budget.report.cells import sum_of
from budget.tables import Cell, Column, Formula, Kind, RowStyle, Table

EXPLANATION_COLUMNS = (
    Column("Wijkcode", Kind.TEXT),
    Column("Wijknaam", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    Column("Stap", Kind.TEXT, "De eerste stap is het plafond van het jaar ervoor."),
    Column("Bedrag", Kind.CENTS, "De stappen van een jaar tellen op tot het plafond."),
    Column("Controle", Kind.CENTS, "De stappen van dit jaar min het plafond: nul.", attention="<>0"),
    Column("Toelichting", Kind.TEXT),
)

SHADOW_PRICE_COLUMNS = (
    Column("Regel", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    Column("Wijkcode", Kind.TEXT),
    Column("Stroom", Kind.TEXT),
    Column(
        "Waarde", Kind.NUMBER, "Wat één euro extra bij deze regel doet, in gewogen euro's tekort.", digits=4
    ),
    Column("Zin", Kind.TEXT, width=100),
)


def explanation_table(plan: Plan, ceilings: Table) -> Table:
    """The steps of every area and year; the last step of a year carries the check against Plafonds."""
    rows: list[tuple[Cell, ...]] = []
    styles: dict[int, RowStyle] = {}
    names = {district.code: district.name for district in plan.inputs.districts}
    totals = _totals(plan)
    first = 2
    for step, following in pairwise((*plan.steps, None)):
        assert step is not None
        row = len(rows) + 2
        check: Formula | None = None
        if following is None or (following.area, following.year) != (step.area, step.year):
            plafond = sum_of(ceilings, "Plafond", Wijkcode=f"A{row}", Jaar=f"C{row}")
            check = Formula(f"=ROUND(SUM(E{first}:E{row})-{plafond},2)", totals[step.area, step.year])
            first = row + 1
            styles[len(rows)] = RowStyle.TOTAL
        meaning = STEP_MEANING.get(step.name)
        rows.append((step.area, names[step.area], step.year, step.name, step.cents, check, meaning))
    title = "Van het budget van vorig jaar naar het plafond, stap voor stap"
    return Table("Verklaring", title, EXPLANATION_COLUMNS, rows, styles, frozen_columns=3)


def _totals(plan: Plan) -> dict[tuple[str, int], int]:
    """The sum of the steps of each area and year, less its ceiling."""
    ceilings = plan.allocation.ceilings
    totals = {
        (area, year): -int(ceilings[d, t])
        for d, area in enumerate(plan.inputs.area_codes)
        for t, year in enumerate(plan.inputs.years)
    }
    for step in plan.steps:
        totals[step.area, step.year] += step.cents
    return totals


def shadow_prices_table(plan: Plan) -> Table:
    """What one extra euro does at every rule that binds, the strongest first."""
    prices = sorted(plan.allocation.shadow_prices, key=lambda price: -abs(price.value))
    rows = [
        (
            *(price.place.rule, price.place.year, price.place.area, price.place.stream),
            *(price.value, price.sentence),
        )
        for price in prices
    ]
    return Table(
        "Schaduwprijzen", "Wat één euro extra doet bij elke regel die knelt", SHADOW_PRICE_COLUMNS, rows
    )
