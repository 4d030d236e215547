"""Oorzaken: what every cause adds to or takes from an area budget, whatever the order they are told in."""

from __future__ import annotations

from itertools import groupby

from budget.change import CAUSE_MEANING, MOST_AREAS, Change
from budget.plan import Plan
from budget.report.cells import sum_of
from budget.tables import Cell, Column, Formula, Kind, RowStyle, Table

_TITLE = "Van het plafond van vorig jaar naar dat van dit jaar, per oorzaak en zonder volgorde"


def causes_table(plan: Plan, ceilings: Table) -> Table:
    """The causes of every area and year; the last one carries the check against Plafonds."""
    if plan.change is None:
        return Table("Oorzaken", _TITLE, _columns(None), [_left_out(plan)], frozen_columns=3)
    rows: list[tuple[Cell, ...]] = []
    styles: dict[int, RowStyle] = {}
    names = {district.code: district.name for district in plan.inputs.districts}
    for (area, year), steps in groupby(plan.change.steps, key=lambda step: (step.area, step.year)):
        own = list(steps)
        styles[len(rows)] = RowStyle.TOTAL
        first, last = len(rows) + 2, len(rows) + 1 + len(own)
        ceiling = sum_of(ceilings, "Plafond", Wijkcode=f"A{last}", Jaar=f"C{last}")
        d, t = plan.inputs.area_codes.index(area), plan.inputs.years.index(year)
        off = sum(step.cents for step in own) - int(plan.allocation.ceilings[d, t])
        for step in own:
            check = Formula(f"=ROUND(SUM(E{first}:E{last})-{ceiling},2)", off) if step is own[-1] else None
            rows.append((area, names[area], year, step.name, step.cents, check, CAUSE_MEANING[step.name]))
    return Table("Oorzaken", _TITLE, _columns(plan.change), rows, styles, frozen_columns=3)


def _columns(change: Change | None) -> tuple[Column, ...]:
    return (
        Column("Wijkcode", Kind.TEXT),
        Column("Wijknaam", Kind.TEXT),
        Column("Jaar", Kind.YEAR),
        Column(
            "Oorzaak",
            Kind.TEXT,
            "De eerste regel is het plafond van het jaar ervoor. Elk bedrag is wat de oorzaak met het plafond doet; "
            "wat zij met de lasten van het gebied doet, staat op blad Verklaring." + _how(change),
        ),
        Column("Bedrag", Kind.CENTS, "De oorzaken van een jaar tellen op tot het plafond."),
        Column("Controle", Kind.CENTS, "De regels van dit jaar min het plafond: nul.", attention="<>0"),
        Column("Toelichting", Kind.TEXT, width=90),
    )


def _how(change: Change | None) -> str:
    if change is None:
        return ""
    replaced = (
        f" {change.n_replaced} combinaties hebben geen verdeling (regels zonder het geld dat erbij hoort): "
        "daar tellen regels of preventie nog niet mee."
        if change.n_replaced
        else ""
    )
    return (
        " Elke oorzaak is haar gemiddelde effect over alle volgordes waarin vraag, prijs, middelen, regels en "
        f"preventie kunnen veranderen (Shapley), uit {change.n_allocations} volledige verdelingen." + replaced
    )


def _left_out(plan: Plan) -> tuple[Cell, ...]:
    """The row that says why there are no causes here."""
    many = len(plan.inputs.districts) > MOST_AREAS
    reason = (
        f"meer dan {MOST_AREAS} gebieden is te veel voor alle volgordes"
        if many
        else "niet berekend voor dit plan"
    )
    return (None, None, None, None, None, None, f"Niet uitgesplitst: {reason}. Zie blad Verklaring.")
