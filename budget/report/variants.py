"""Preventie ernaast: the plan beside the same plan when prevention saves nothing, and with `pm` programmes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from budget.outcome import Outcome, outcome, outcome_if_nothing_is_saved
from budget.plan import Plan
from budget.tables import Cell, Column, Kind, RowStyle, Table
from budget.variants import NOTHING_SAVED, PLAN, WITH_PM, WITHOUT_EFFECT

COLUMNS = (
    Column("Variant", Kind.TEXT, width=38),
    Column("Jaar", Kind.TEXT, "Een planjaar, of alle jaren samen."),
    Column("Preventie", Kind.CENTS, "Uit de gebiedsbudgetten, en wat er wordt geherinvesteerd."),
    Column("Besparing", Kind.CENTS, "Vermeden lasten voor de gemeente in dat jaar."),
    Column("Tekort", Kind.CENTS, "Basispakket dat niet gedekt is, gebieden en stad.", attention=">0"),
    Column(
        "Niet gedekte lasten", Kind.CENTS, "Verwachte lasten die niet gedekt zijn, het tekort inbegrepen."
    ),
    Column("Tekort tegenover plan", Kind.CENTS, "Meer (of minder) tekort dan in het plan."),
    Column("Toelichting", Kind.TEXT, width=70),
)
_MEANING = {
    PLAN: "Het plan zelf: alleen wat geboekt is, telt.",
    NOTHING_SAVED: "Dezelfde budgetten en dezelfde uitgaven aan preventie, maar er wordt niets bespaard.",
    WITHOUT_EFFECT: "Vooraf bekend dat er niets wordt bespaard: alleen de verplichte preventie blijft.",
    WITH_PM: "De programma's met status pm tellen mee alsof ze geboekt zijn.",
}
_ALL_YEARS = "totaal"


def beside_table(plan: Plan, beside: Mapping[str, Plan | None]) -> Table:
    """A row per variant and year, and one for all years; `beside` as `plans_beside` gives it."""
    own = outcome(plan)
    outcomes: dict[str, Outcome | None] = {PLAN: own, NOTHING_SAVED: outcome_if_nothing_is_saved(plan)}
    outcomes |= {name: None if other is None else outcome(other) for name, other in beside.items()}
    rows: list[tuple[Cell, ...]] = []
    styles: dict[int, RowStyle] = {}
    for name, found in outcomes.items():
        rows.extend(_rows(plan, name, found, own))
        styles[len(rows) - 1] = RowStyle.TOTAL
    return Table(
        "Preventie ernaast", "Wat het plan aan preventie dankt, en wat pm zou doen", COLUMNS, rows, styles
    )


def _rows(plan: Plan, name: str, found: Outcome | None, own: Outcome) -> Iterator[tuple[Cell, ...]]:
    if found is None:
        yield name, _ALL_YEARS, *(None,) * 5, "Met deze variant spreken de regels elkaar tegen."
        return
    amounts = np.array(
        [found.prevention, found.savings, found.shortfall, found.gap, found.shortfall - own.shortfall]
    )
    for t, year in enumerate(plan.inputs.years):
        yield name, str(year), *amounts[:, t].tolist(), None
    yield name, _ALL_YEARS, *amounts.sum(axis=1).tolist(), _MEANING.get(name)
