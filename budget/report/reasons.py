"""Verklaring and Schaduwprijzen: why every ceiling is what it is, and which rules bind."""

from __future__ import annotations

from itertools import groupby

from budget.explanation import STEP_MEANING, Step
from budget.plan import Plan
from budget.report.cells import sum_of
from budget.tables import Cell, Column, Formula, Kind, RowStyle, Table
from optimiser.whatif import STEP

EXPLANATION_COLUMNS = (
    Column("Wijkcode", Kind.TEXT),
    Column("Wijknaam", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    Column(
        "Stap",
        Kind.TEXT,
        "De eerste stap is het plafond van het jaar ervoor. Vraag en Prijs zijn hier wat de lasten van het gebied "
        "veranderen; wat zij binnen het beschikbare geld met het plafond doen, staat op blad Oorzaken.",
    ),
    Column("Bedrag", Kind.CENTS, "De stappen van een jaar tellen op tot het plafond."),
    Column(
        "Tot hier", Kind.CENTS, "De stappen van dit jaar tot en met deze; bij de laatste stap het plafond."
    ),
    Column("Controle", Kind.CENTS, "De stappen van dit jaar min het plafond: nul.", attention="<>0"),
    Column("Toelichting", Kind.TEXT),
)

SHADOW_PRICE_COLUMNS = (
    Column("Regel", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    Column("Wijkcode", Kind.TEXT),
    Column("Stroom", Kind.TEXT),
    Column(
        "Waarde",
        Kind.NUMBER,
        "Hoeveel euro tekort één euro extra bij deze regel wegneemt. Leeg: dat past niet binnen de andere regels.",
        digits=4,
    ),
    Column("Zin", Kind.TEXT, "Nagerekend door opnieuw te verdelen.", width=100),
    Column(
        "Bij € 10.000 minder",
        Kind.CENTS,
        "Hoeveel tekort erbij komt als er bij deze regel € 10.000 minder ruimte is. Leeg: dat past niet.",
    ),
    Column("Zin bij minder", Kind.TEXT, "Nagerekend door opnieuw te verdelen.", width=100),
)


def explanation_table(plan: Plan, ceilings: Table) -> Table:
    """The steps of every area and year; the last step of a year carries the check against Plafonds."""
    rows: list[tuple[Cell, ...]] = []
    styles: dict[int, RowStyle] = {}
    names = {district.code: district.name for district in plan.inputs.districts}
    for (area, year), steps in groupby(plan.steps, key=lambda step: (step.area, step.year)):
        own = list(steps)
        styles[len(rows)] = RowStyle.TOTAL
        first, last, so_far = len(rows) + 2, len(rows) + 1 + len(own), 0
        for step in own:
            row, so_far = len(rows) + 2, so_far + step.cents
            running = Formula(f"=ROUND(SUM(E${first}:E{row}),2)", so_far)
            check = _check(plan, ceilings, step, row, so_far) if row == last else None
            meaning = STEP_MEANING.get(step.name)
            rows.append((area, names[area], year, step.name, step.cents, running, check, meaning))
    title = "Van het budget van vorig jaar naar het plafond, stap voor stap"
    return Table("Verklaring", title, EXPLANATION_COLUMNS, rows, styles, frozen_columns=3)


def _check(plan: Plan, ceilings: Table, step: Step, row: int, so_far: int) -> Formula:
    """The sum of the steps of an area and year, less its ceiling."""
    d, t = plan.inputs.area_codes.index(step.area), plan.inputs.years.index(step.year)
    ceiling = sum_of(ceilings, "Plafond", Wijkcode=f"A{row}", Jaar=f"C{row}")
    return Formula(f"=ROUND(F{row}-{ceiling},2)", so_far - int(plan.allocation.ceilings[d, t]))


def shadow_prices_table(plan: Plan) -> Table:
    """What € 10.000 does at every rule that binds, the strongest first; then at the ceilings and in the streams."""
    rows = [
        (
            *(price.place.rule, price.place.year, price.place.area, price.place.stream),
            *(price.value if price.effect.fits else None, price.sentence),
            *(round(price.less * STEP) if price.less_effect.fits else None, price.less_sentence),
        )
        for prices in (plan.allocation.shadow_prices, plan.allocation.alternatives)
        for price in sorted(prices, key=lambda price: -max(abs(price.value), abs(price.less)))
    ]
    title = (
        "Wat € 10.000 meer of minder doet: bij regels die knellen, bij de plafonds van dit plan en per stroom"
    )
    return Table("Schaduwprijzen", title, SHADOW_PRICE_COLUMNS, rows)
