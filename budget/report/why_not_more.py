"""Waarom niet meer and Sloten: why an amount did not rise, and what a fixed amount costs."""

from __future__ import annotations

from budget.inputs import CITY
from budget.plan import Plan
from budget.report.area_budgets import CITY_NAME
from budget.tables import Cell, Column, Kind, Table
from optimiser.allocation import Place

_WHERE = (
    Column("Wijkcode", Kind.TEXT),
    Column("Wijknaam", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    Column("Stroom", Kind.TEXT, "Leeg: het plafond van het gebied."),
)
REASON_COLUMNS = (
    *_WHERE,
    Column("Bedrag", Kind.CENTS),
    Column("Tekort", Kind.CENTS, "Basispakket dat niet is gedekt.", attention=">0"),
    Column("Regel", Kind.TEXT, "De regel die het bedrag tegenhoudt."),
    Column("Zin", Kind.TEXT, width=120),
    Column(
        "Nagerekend",
        Kind.TEXT,
        "ja: gecontroleerd door opnieuw te verdelen; nee: volgt uit de regel zelf, of hoort niet bij de grootste.",
    ),
)
LOCK_COLUMNS = (
    *_WHERE,
    Column("Regel", Kind.TEXT, "vast: een vastgezette cel; plafond: een gegeven plafond."),
    Column("Bedrag", Kind.CENTS, "Het bedrag dat vaststaat."),
    Column("Tekort door slot", Kind.CENTS, "Zoveel lager is het tekort zonder dit slot.", attention=">0"),
    Column(
        "Niet gedekte lasten door slot",
        Kind.CENTS,
        "Zoveel dichter komen de budgetten zonder dit slot bij de verwachte lasten.",
        attention=">0",
    ),
    Column("Zin", Kind.TEXT, "Nagerekend door opnieuw te verdelen, elk slot apart.", width=120),
)


def why_not_more_table(plan: Plan) -> Table:
    """Every cell with a shortfall, the largest first, and every amount that is last year's, with its reason."""
    rows: list[tuple[Cell, ...]] = []
    for reason in plan.allocation.reasons:
        amount, short = _amounts(plan, reason.place)
        checked = "ja" if reason.checked else "nee"
        rows.append((*_where(plan, reason.place), amount, short, reason.place.rule, reason.sentence, checked))
    title = "Waarom een budget niet hoger is, of gelijk aan dat van vorig jaar"
    return Table("Waarom niet meer", title, REASON_COLUMNS, rows, frozen_columns=4)


def locks_table(plan: Plan) -> Table:
    """What every lock and given ceiling costs, the dearest first."""
    rows = [
        (*_where(plan, cost.place), cost.place.rule, cost.cents, cost.shortfall, cost.lack, cost.sentence)
        for cost in plan.allocation.locks
    ]
    return Table(
        "Sloten", "Wat vaste bedragen en gegeven plafonds kosten", LOCK_COLUMNS, rows, frozen_columns=4
    )


def _where(plan: Plan, place: Place) -> tuple[Cell, ...]:
    names = {district.code: district.name for district in plan.inputs.districts} | {CITY: CITY_NAME}
    return place.area, names.get(str(place.area)), place.year, place.stream


def _amounts(plan: Plan, place: Place) -> tuple[int, int]:
    """The budget and the shortfall of a place in cents."""
    given, t = plan.allocation, plan.inputs.years.index(int(place.year or 0))
    if place.area == CITY:
        s = plan.inputs.stream_codes.index(str(place.stream))
        return int(given.city[s, t]), int(given.city_shortfall[s, t])
    d = plan.inputs.area_codes.index(str(place.area))
    if place.stream is None:
        return int(given.ceilings[d, t]), int(given.shortfall[d, :, t].sum())
    s = plan.inputs.stream_codes.index(place.stream)
    return int(given.budgets[d, s, t]), int(given.shortfall[d, s, t])
