"""Afwegingen and Onzekerheid: the plan beside other strategies and a plain formula, and what knowing is worth."""

from __future__ import annotations

from collections.abc import Iterator

from budget.plan import Plan
from budget.tables import Cell, Column, Kind, RowStyle, Table
from budget.trade_offs import TradeOffs
from optimiser.measures import Measures
from optimiser.trade_offs import Point

_COLUMNS = (
    Column(
        "Soort", Kind.TEXT, "Het plan, een andere strategie, vrije gewichten, of een formule zonder regels."
    ),
    Column(
        "Strategie",
        Kind.TEXT,
        "Zoals op blad Gemeente in te vullen: opnieuw plannen geeft dezelfde uitkomst. Gewichten zijn percentages "
        "voor tekortrisico, gelijke dekking en preventie.",
        width=24,
    ),
    Column("Tekort", Kind.CENTS, "Basispakket dat niet is gedekt, alle jaren samen."),
    Column("Niet gedekte lasten", Kind.CENTS, "Verwachte lasten die niet zijn gedekt, gebieden en stad."),
    Column("Laagste dekking", Kind.SHARE, "Van de verwachte lasten, in enig gebied (of de stad) en jaar."),
    Column("Kans binnen plafond", Kind.SHARE, "Gemiddeld over gebieden en jaren."),
    Column(
        "Slechtste 10 %", Kind.CENTS, "Niet gedekte lasten, gemiddeld in de slechtste 10 % van de toekomsten."
    ),
    Column(
        "Gewogen risico",
        Kind.CENTS,
        "Hetzelfde naar prioriteit, latere jaren iets minder: zo telt de stap met risico.",
    ),
    Column("Preventie", Kind.CENTS, "Uit de gebiedsbudgetten, alle jaren samen."),
    Column(
        "Verschoven", Kind.CENTS, "Eerste jaar: geld dat naar andere gebieden gaat dan bij gelijke groei."
    ),
    Column(
        "Spijt gemiddeld",
        Kind.CENTS,
        "Wat met kennis achteraf aan tekort, naar prioriteit, was voorkomen met hetzelfde geld per jaar.",
    ),
    Column("Spijt 1 op 10", Kind.CENTS, "In een op de tien toekomsten is de spijt groter."),
    Column("Toelichting", Kind.TEXT, width=60),
)


def trade_offs_tables(plan: Plan, found: TradeOffs) -> tuple[Table, ...]:
    """Afwegingen, and Onzekerheid where the futures are known."""
    rows: list[tuple[Cell, ...]] = [
        _row("dit plan", plan.problem.strategy.name, found.plan, None),
        *(_point("strategie", point, found.plan) for point in found.presets),
        *(_point("gewichten", point, found.plan) for point in found.points),
        _row("formule", "iedereen hetzelfde deel van de lasten", found.formula, _about_the_formula(found)),
    ]
    title = "Wat hetzelfde geld doet met een andere strategie"
    weighed = Table("Afwegingen", title, _COLUMNS, rows, {0: RowStyle.TOTAL}, frozen_columns=2)
    return (weighed, _worth_table(plan, found)) if found.worth else (weighed,)


def _point(kind: str, point: Point, plan: Measures) -> tuple[Cell, ...]:
    same = "gelijk aan dit plan" if point.measures == plan else None
    return _row(kind, point.strategy.name, point.measures, same)


def _row(kind: str, name: str, measures: Measures, note: str | None) -> tuple[Cell, ...]:
    weighted = measures.weighted_risk
    return (
        kind,
        name,
        measures.shortfall,
        measures.lack,
        measures.lowest_cover,
        measures.chance,
        measures.risk,
        None if weighted is None else round(weighted),
        measures.prevention,
        measures.moved,
        measures.regret,
        measures.regret_high,
        note,
    )


def _about_the_formula(found: TradeOffs) -> str:
    broken = f"gaat {found.too_fast} keer sneller dan de groeibegrenzing" if found.too_fast else ""
    less = [broken, "kent geen geoormerkt geld, geen prioriteit en geen preventie"]
    return "; ".join(filter(None, less))


def _worth_table(plan: Plan, found: TradeOffs) -> Table:
    columns = (
        Column("Stroom", Kind.TEXT),
        Column("Naam", Kind.TEXT),
        *(
            Column(
                f"Minder buffer {year}",
                Kind.CENTS,
                "Bij de zekerheid van de strategie. Onder nul: deze stroom ving in de slechte toekomsten andere op.",
            )
            for year in plan.inputs.years
        ),
        Column(
            "Slechtste 10 % minder", Kind.CENTS, "Niet gedekte lasten in de slechtste 10 %, alle jaren samen."
        ),
    )
    title = "Wat het waard is de vraag van een stroom twee keer zo goed te kennen"
    return Table("Onzekerheid", title, columns, list(_worth(plan, found)), frozen_columns=2)


def _worth(plan: Plan, found: TradeOffs) -> Iterator[tuple[Cell, ...]]:
    names = {stream.code: stream.name for stream in plan.inputs.streams}
    for worth in sorted(found.worth, key=lambda worth: (-worth.risk, worth.stream)):
        yield worth.stream, names[worth.stream], *(int(cents) for cents in worth.buffer), worth.risk
