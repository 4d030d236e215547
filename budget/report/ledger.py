"""The ledger of prevention: per programme what is spent, what it saves the municipality, and when it is earned back."""

from __future__ import annotations

import math

from budget.inputs import PreventionSegment
from budget.plan import Plan
from budget.report.prevention import savings_by_spending
from budget.tables import Cell, Column, Kind, Table

COLUMNS = (
    Column("Programma", Kind.TEXT),
    Column("Naam", Kind.TEXT),
    Column("Stroom", Kind.TEXT, "De stroom waarin de besparing valt."),
    Column("Uitgave", Kind.CENTS, "Over alle planjaren en gebieden."),
    Column("Besparing in het plan", Kind.CENTS, "Verzilverbaar voor de gemeente, binnen de planjaren."),
    Column("Besparing later", Kind.CENTS, "Na het laatste planjaar; telt niet mee in het plan."),
    Column(
        "Saldo",
        Kind.CENTS,
        "Alle besparing min de uitgave; onder nul verdient het programma zich niet terug.",
    ),
    Column("Begint na", Kind.NUMBER, "Jaren tot de eerste besparing.", digits=0),
    Column(
        "Terugverdiend na",
        Kind.NUMBER,
        "Jaren tot de besparing de uitgave heeft ingehaald; leeg is nooit.",
        digits=0,
    ),
    Column(
        "Aandeel gemeente", Kind.SHARE, "Het deel van de baten dat bij de gemeente terechtkomt.", digits=0
    ),
    Column("Verzilverbaar", Kind.SHARE, "Het deel daarvan dat geld wordt.", digits=0),
    Column("Bewijskracht", Kind.TEXT, "A is het sterkste bewijs, E het zwakste."),
    Column("Status", Kind.TEXT, "Alleen wat geboekt is, telt in het plan."),
    Column("Bron", Kind.TEXT),
)


def ledger_table(plan: Plan) -> Table:
    """A row per programme and stream, also those that do not count or get nothing."""
    first: dict[tuple[str, str], PreventionSegment] = {}
    for segment in plan.inputs.prevention:
        first.setdefault((segment.programme, segment.stream), segment)
    rows = [_row(plan, segment) for segment in first.values()]
    return Table("Investeringen", "Wat preventie kost en wat de gemeente ervan terugziet", COLUMNS, rows)


def _row(plan: Plan, segment: PreventionSegment) -> tuple[Cell, ...]:
    spent, within, later = _totals(plan, segment)
    saved = within + later
    return (
        *(segment.programme, segment.name, segment.stream),
        *(spent, within, later, saved - spent),
        segment.lag,
        _years_to_break_even(segment, saved / spent if spent else _per_euro(segment)),
        *(
            segment.municipal_share,
            segment.cashable,
            segment.evidence,
            segment.status,
            segment.source or None,
        ),
    )


def _totals(plan: Plan, segment: PreventionSegment) -> tuple[int, int, int]:
    """Spending, savings within the plan years and savings after them, in cents."""
    for p, programme in enumerate(plan.problem.programmes):
        if (programme.code, programme.stream) == (segment.programme, segment.stream):
            amounts, savings = plan.allocation.prevention[:, p], plan.allocation.savings[:, p]
            later = sum(
                int(savings_by_spending(programme, amounts[d], savings[d])[1].sum())
                for d in range(len(amounts))
            )
            return int(amounts.sum()), int(savings.sum()), later
    return 0, 0, 0


def _per_euro(segment: PreventionSegment) -> float:
    """What the first euro saves the municipality in cash."""
    return segment.saving_per_euro * segment.cashable * segment.municipal_share


def _years_to_break_even(segment: PreventionSegment, per_euro: float) -> int | None:
    """A euro saves per_euro / duration in every year from `lag` on: back after lag + ceil(duration / per_euro)."""
    if per_euro < 1:
        return None
    return segment.lag + math.ceil(segment.duration / per_euro)
