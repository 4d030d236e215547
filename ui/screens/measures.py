"""What plans achieve, in figures that lie side by side: risk, chance, cover, prevention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from budget.tables import Cell, Column, Kind, Table
from optimiser.measures import Measures
from ui.language import euros, notation, share, text

SCENARIO = "Scenario"


@dataclass(frozen=True)
class Measure:
    """One figure of a plan, over all plan years."""

    field: str
    """Its name in `Measures`."""
    column: Column

    def of(self, measures: Measures) -> int | float | None:
        """The figure; None where it is not known."""
        value: int | float | None = getattr(measures, self.field)
        return value

    def written(self, measures: Measures) -> str:
        """The figure as the reader writes it."""
        value = self.of(measures)
        if value is None:
            return "–"
        return euros(round(value)) if self.column.kind is Kind.CENTS else share(value)

    @property
    def name(self) -> str:
        """The name of the figure in the reader's language."""
        return notation().term(self.column.name)


PREVENTION = Measure("prevention", Column("Preventie", Kind.CENTS, "measures.prevention"))
MEASURES = (
    Measure("risk", Column("Tekort in slechte jaren", Kind.CENTS, "measures.risk")),
    Measure("quarter_cover", Column("Dekking krapste kwart", Kind.SHARE, "measures.quarter")),
    Measure("lowest_cover", Column("Laagste dekking", Kind.SHARE, "measures.cover")),
    Measure("chance", Column("Kans binnen budget", Kind.SHARE, "measures.chance")),
    PREVENTION,
    Measure("shortfall", Column("Tekort op het basispakket", Kind.CENTS, "measures.shortfall")),
    Measure("lack", Column("Niet gedekte lasten", Kind.CENTS, "measures.lack")),
    Measure("moved", Column("Verschoven in jaar 1", Kind.CENTS, "measures.moved")),
)
"""In the order of the table; the note of a column is the key of its explanation."""


def measures_table(found: Mapping[str, Measures]) -> Table:
    """A row per plan, a column per figure."""
    columns = (
        Column(SCENARIO, Kind.TEXT),
        *(
            Column(one.column.name, one.column.kind, text(one.column.note), one.column.digits)
            for one in MEASURES
        ),
    )
    rows: list[tuple[Cell, ...]] = [
        (name, *(one.of(measures) for one in MEASURES)) for name, measures in found.items()
    ]
    return Table("Maten", text("compare.measures"), columns, rows)
