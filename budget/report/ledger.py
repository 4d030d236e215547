"""The ledger of prevention: per programme what is spent, what it saves the municipality, and when it is earned back."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from budget.inputs import PreventionSegment
from budget.payback import Investment, Payback, investment, payback, together
from budget.plan import Plan
from budget.report.prevention import savings_of_area
from budget.tables import Cell, Column, Kind, RowStyle, Table
from optimiser.problem import Programme

PAYBACK_COLUMNS = (
    Column(
        "Terugverdiend in",
        Kind.YEAR,
        "Het jaar waarin de besparing, zoals opgegeven, de uitgave heeft ingehaald; latere jaren tellen iets minder.",
    ),
    Column(
        "Kans in looptijd",
        Kind.SHARE,
        "Kans dat het zich ooit terugverdient, gegeven de bewijskracht. Een aanname; zie Herkomst.",
        digits=0,
    ),
    Column("Kans in planjaren", Kind.SHARE, "Kans dat het zich binnen de planjaren terugverdient.", digits=0),
    Column(
        "Saldo P10", Kind.CENTS, "Met 10 % kans valt het saldo lager uit; in geld van het eerste planjaar."
    ),
    Column("Saldo P50", Kind.CENTS, "Even waarschijnlijk hoger als lager, gegeven de bewijskracht."),
    Column("Saldo P90", Kind.CENTS, "Met 10 % kans valt het saldo hoger uit."),
)
COLUMNS = (
    Column("Programma", Kind.TEXT),
    Column("Naam", Kind.TEXT),
    Column("Stroom", Kind.TEXT, "De stroom waarin de besparing valt."),
    Column("Uitgave", Kind.CENTS, "Over alle planjaren en gebieden, herinvestering inbegrepen."),
    Column("Besparing in het plan", Kind.CENTS, "Verzilverbaar voor de gemeente, binnen de planjaren."),
    Column(
        "Besparing later",
        Kind.CENTS,
        "Na het laatste planjaar; weegt als eindwaarde mee in de keuze.",
    ),
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
    *PAYBACK_COLUMNS,
    Column(
        "Aandeel gemeente", Kind.SHARE, "Het deel van de baten dat bij de gemeente terechtkomt.", digits=0
    ),
    Column("Verzilverbaar", Kind.SHARE, "Het deel daarvan dat geld wordt.", digits=0),
    Column(
        "Baten elders",
        Kind.CENTS,
        "Wat bij andere partijen terechtkomt, zoals verzekeraars en Rijk; telt niet mee in saldo en kans.",
    ),
    Column(
        "Baten zonder geld", Kind.CENTS, "Baten van de gemeente die geen geld worden; tellen evenmin mee."
    ),
    Column("Bewijskracht", Kind.TEXT, "A is het sterkste bewijs, E het zwakste."),
    Column("Status", Kind.TEXT, "Alleen wat geboekt is, telt in het plan."),
    Column("Bron", Kind.TEXT),
)
AREA_COLUMNS = (
    Column("Wijkcode", Kind.TEXT),
    Column("Wijknaam", Kind.TEXT),
    Column("Programma", Kind.TEXT),
    Column("Naam", Kind.TEXT, width=40),
    Column("Bewijskracht", Kind.TEXT, "A is het sterkste bewijs, E het zwakste."),
    Column("Uitgave", Kind.CENTS, "Over alle planjaren, herinvestering inbegrepen."),
    Column(
        "Besparing", Kind.CENTS, "Over de hele looptijd, zoals opgegeven, verzilverbaar voor de gemeente."
    ),
    Column("Saldo", Kind.CENTS, "Besparing min uitgave."),
    *PAYBACK_COLUMNS,
)


def ledger_table(plan: Plan) -> Table:
    """A row per programme and stream, also those that do not count or get nothing."""
    rows = [_row(plan, segment) for segment in _first_segments(plan).values()]
    return Table("Investeringen", "Wat preventie kost en wat de gemeente ervan terugziet", COLUMNS, rows)


def area_ledger_table(plan: Plan) -> Table:
    """A row per area and programme with money, then one per area for its programmes together."""
    rows: list[tuple[Cell, ...]] = []
    styles: dict[int, RowStyle] = {}
    segments, used = _planned_segments(plan), _used(plan)
    for d, district in enumerate(plan.inputs.districts):
        area, own = (district.code, district.name), [p for p in range(used.shape[1]) if used[d, p]]
        for p in own:
            label = (segments[p].programme, segments[p].name, segments[p].evidence)
            rows.append((*area, *label, *_area_cells(plan, segments, d, [p])))
        if own:
            styles[len(rows)] = RowStyle.TOTAL
            rows.append((*area, None, "Alle programma's samen", None, *_area_cells(plan, segments, d, own)))
    title = "Wat preventie per gebied kost, en of zij zich terugverdient"
    return Table("Terugverdienen", title, AREA_COLUMNS, rows, styles, frozen_columns=2)


def _first_segments(plan: Plan) -> dict[tuple[str, str], PreventionSegment]:
    first: dict[tuple[str, str], PreventionSegment] = {}
    for segment in plan.inputs.prevention:
        first.setdefault((segment.programme, segment.stream), segment)
    return first


def _planned_segments(plan: Plan) -> list[PreventionSegment]:
    """The first segment of every programme of the allocation problem."""
    first = _first_segments(plan)
    return [first[programme.code, programme.stream] for programme in plan.problem.programmes]


def _used(plan: Plan) -> npt.NDArray[np.bool_]:
    """(d, p) whether an area spends anything on a programme."""
    given = plan.allocation
    return np.logical_or(given.prevention.any(axis=2), given.reinvested.any(axis=(2, 3)))


def _investment(plan: Plan, d: int, p: int, evidence: str) -> Investment:
    given = plan.allocation
    return investment(plan.problem.programmes[p], evidence, given.prevention[d, p], given.reinvested[d, p])


def _area_cells(
    plan: Plan, segments: list[PreventionSegment], d: int, programmes: list[int]
) -> tuple[Cell, ...]:
    """What one area spends on programmes, what that saves, and whether it is earned back."""
    amounts = [_amounts(plan, d, p) for p in programmes]
    spent = sum(amount[0] for amount in amounts)
    saved = sum(amount[1] + amount[2] for amount in amounts)
    parts = [_investment(plan, d, p, segments[p].evidence) for p in programmes]
    return spent, saved, saved - spent, *_payback_cells(plan, payback(parts))


def _amounts(plan: Plan, d: int, p: int) -> tuple[int, int, int]:
    """Spending, savings within the plan years and savings after them of one area and programme, in cents."""
    given = plan.allocation
    spent = given.prevention[d, p].sum() + given.reinvested[d, p].sum()
    return int(spent), int(given.savings[d, p].sum()), int(savings_of_area(plan, d, p)[1].sum())


def _payback_cells(plan: Plan, found: Payback) -> tuple[Cell, ...]:
    year = None if found.after is None else plan.inputs.years[0] + found.after
    chances = round(found.chance, 4), round(found.chance_within_plan, 4)
    return year, *chances, round(found.low), round(found.middle), round(found.high)


def _row(plan: Plan, segment: PreventionSegment) -> tuple[Cell, ...]:
    spent, within, later = _totals(plan, segment)
    saved = within + later
    return (
        *(segment.programme, segment.name, segment.stream),
        *(spent, within, later, saved - spent),
        segment.lag,
        _years_to_break_even(segment, saved / spent if spent else _per_euro(segment)),
        *_payback_of(plan, segment),
        *(
            segment.municipal_share,
            segment.cashable,
            *_uncounted_benefits(plan, segment),
            segment.evidence,
            segment.status,
            segment.source or None,
        ),
    )


def _number(plan: Plan, segment: PreventionSegment) -> int | None:
    """Which programme of the allocation problem it belongs to; None where it does not count."""
    keys = [(programme.code, programme.stream) for programme in plan.problem.programmes]
    key = (segment.programme, segment.stream)
    return keys.index(key) if key in keys else None


def _payback_of(plan: Plan, segment: PreventionSegment) -> tuple[Cell, ...]:
    """Of all spending on a programme; of its first euro in the first plan year where nothing is spent."""
    p = _number(plan, segment)
    if p is not None:
        areas = range(len(plan.inputs.districts))
        found = together(_investment(plan, d, p, segment.evidence) for d in areas)
        if found is not None and found.spent.any():
            return _payback_cells(plan, payback([found]))
    curve = Programme(
        segment.programme, segment.stream, (), (100,), (_per_euro(segment),), segment.lag, segment.duration
    )
    first_euro = np.array([100] + [0] * (len(plan.inputs.years) - 1))
    chances = _payback_cells(plan, payback([investment(curve, segment.evidence, first_euro)]))
    return (*chances[:3], None, None, None)


def _totals(plan: Plan, segment: PreventionSegment) -> tuple[int, int, int]:
    """Spending, savings within the plan years and savings after them of all areas, in cents."""
    p = _number(plan, segment)
    if p is None:
        return 0, 0, 0
    spent, within, later = np.sum([_amounts(plan, d, p) for d in range(len(plan.inputs.districts))], axis=0)
    return int(spent), int(within), int(later)


def _uncounted_benefits(plan: Plan, segment: PreventionSegment) -> tuple[int, int]:
    """Of all that the spending brings about: what falls to others, and what the municipality cannot cash, in cents."""
    given, total, p = plan.allocation, 0.0, _number(plan, segment)
    if p is not None:
        stated = [row.saving_per_euro for row in plan.inputs.prevention if _is_same_programme(row, segment)]
        whole = replace(plan.problem.programmes[p], saving_per_euro=tuple(stated))
        areas = zip(given.prevention[:, p], given.reinvested[:, p], strict=True)
        total = sum(float(investment(whole, "A", own, again).saved.sum()) for own, again in areas)
    own = total * segment.municipal_share
    return round(total - own), round(own * (1 - segment.cashable))


def _is_same_programme(row: PreventionSegment, segment: PreventionSegment) -> bool:
    return (row.programme, row.stream) == (segment.programme, segment.stream)


def _per_euro(segment: PreventionSegment) -> float:
    """What the first euro saves the municipality in cash."""
    return segment.saving_per_euro * segment.cashable * segment.municipal_share


def _years_to_break_even(segment: PreventionSegment, per_euro: float) -> int | None:
    """A euro saves per_euro / duration in every year from `lag` on: back after lag + ceil(duration / per_euro)."""
    if per_euro < 1:
        return None
    return segment.lag + math.ceil(segment.duration / per_euro)
