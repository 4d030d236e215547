"""Afwegingen and Onzekerheid: the plan beside other strategies and a plain formula, and what knowing is worth."""

from __future__ import annotations

from collections.abc import Iterator

from budget.money import format_share
from budget.plan import Plan
from budget.tables import Cell, Column, Kind, RowStyle, Table
from budget.trade_offs import TradeOffs
from optimiser.measures import Measures
from optimiser.problem import Strategy
from optimiser.trade_offs import Point
from wording.dutch import euros

_COLUMNS = (
    Column(
        "Soort",
        Kind.TEXT,
        "Het plan, het plan zonder groeibegrenzing, een andere strategie, vrije gewichten, of een formule.",
    ),
    Column(
        "Strategie",
        Kind.TEXT,
        "Strategieën en gewichten zijn zo op blad Gemeente in te vullen: opnieuw plannen geeft dezelfde uitkomst. "
        "De drie gewichten zijn "
        "percentages, in deze volgorde: risico-dekking-preventie. Wat ze betekenen staat in de Toelichting.",
        width=24,
    ),
    Column("Tekort", Kind.CENTS, "Basispakket dat niet is gedekt, alle jaren samen."),
    Column("Niet gedekte lasten", Kind.CENTS, "Verwachte lasten die niet zijn gedekt, gebieden en stad."),
    Column(
        "Dekking krapste kwart",
        Kind.SHARE,
        "Het kwart van de gebieden (en de stad) dat in een jaar het minst van zijn verwachte lasten gedekt krijgt: "
        "zijn gemiddelde dekking, gemiddeld over de jaren. Hoger is gelijker.",
    ),
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
    Column(
        "Toelichting",
        Kind.TEXT,
        "Het plan en de formule binnen de groeibegrenzing naast elkaar: wat de verdeling onder regels toevoegt. Het "
        "plan met en zonder groeibegrenzing: wat die regels kosten.",
        width=90,
    ),
)


def trade_offs_tables(plan: Plan, found: TradeOffs) -> tuple[Table, ...]:
    """Afwegingen, and Onzekerheid where the futures are known."""
    rows: list[tuple[Cell, ...]] = [
        _row("dit plan", plan.problem.strategy.name, found.plan, None),
        *_without_pace(plan, found),
        *(_point("strategie", point, found.plan) for point in found.presets),
        *(_point("gewichten", point, found.plan) for point in found.points),
        *_formulas(found),
    ]
    title = "Wat hetzelfde geld doet met een andere strategie"
    weighed = Table("Afwegingen", title, _COLUMNS, rows, {0: RowStyle.TOTAL}, frozen_columns=2)
    return (weighed, _worth_table(plan, found)) if found.worth else (weighed,)


def _point(kind: str, point: Point, plan: Measures) -> tuple[Cell, ...]:
    mixed = _weights(point.strategy) if kind == "gewichten" else ""
    same = "gelijk aan dit plan" if point.measures == plan else ""
    return _row(kind, point.strategy.name, point.measures, "; ".join(filter(None, [mixed, same])) or None)


def _weights(strategy: Strategy) -> str:
    """
    >>> from optimiser.problem import mixed
    >>> _weights(mixed(75, 25, 0)).replace("\\u00a0", " ")
    'weegt tekortrisico 75 %, gelijke dekking 25 %, preventie 0 %'
    """
    goals = ("tekortrisico", "gelijke dekking", "preventie")
    parts = (
        f"{goal} {format_share(weight, digits=0)}"
        for goal, weight in zip(goals, strategy.weights, strict=True)
    )
    return "weegt " + ", ".join(parts)


def _without_pace(plan: Plan, found: TradeOffs) -> Iterator[tuple[Cell, ...]]:
    if found.at_any_pace is not None:
        note = f"dit plan zonder groeibegrenzing: {_against(found.plan, found.at_any_pace)}"
        yield _row("zonder groeibegrenzing", plan.problem.strategy.name, found.at_any_pace, note)


def _formulas(found: TradeOffs) -> Iterator[tuple[Cell, ...]]:
    name, unknown = "hetzelfde deel van de lasten", "geen geoormerkt geld, geen prioriteit en geen preventie"
    broken = f"gaat {found.too_fast} keer sneller dan de groeibegrenzing; " if found.too_fast else ""
    yield _row("formule", f"iedereen {name}", found.formula, f"{broken}kent {unknown}")
    if found.in_pace is not None:
        note = (
            f"wat een gebied niet mag krijgen gaat naar de andere; kent {unknown}; "
            f"{_against(found.plan, found.in_pace)}"
        )
        yield _row("formule", f"{name}, binnen de groeibegrenzing", found.in_pace, note)


def _against(plan: Measures, other: Measures) -> str:
    """How much more or less shortfall another division of the money has.

    Only that: in the plain sum of what is not funded a plan that puts what is urgent first, or that prevents, loses.
    """
    more = other.shortfall - plan.shortfall
    if not more:
        return "even veel tekort als dit plan"
    return f"{euros(abs(more))} {'meer' if more > 0 else 'minder'} tekort dan dit plan"


def _row(kind: str, name: str, measures: Measures, note: str | None) -> tuple[Cell, ...]:
    weighted = measures.weighted_risk
    return (
        kind,
        name,
        measures.shortfall,
        measures.lack,
        measures.quarter_cover,
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


def _worth_table(plan: Plan, found: TradeOffs) -> Table:
    columns = (
        Column("Stroom", Kind.TEXT),
        Column("Naam", Kind.TEXT),
        *(
            Column(
                f"Minder buffer {year}",
                Kind.CENTS,
                "Zoveel kleiner mag de buffer zijn als de vraag van deze stroom twee keer zo goed bekend is, bij de "
                "zekerheid van de strategie. Onder nul: deze stroom ving in de slechte toekomsten andere op.",
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
