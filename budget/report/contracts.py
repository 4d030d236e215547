"""Contracten: the volume that each provider may expect, against what was agreed, and the days on which to act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from budget.inputs import Contract
from budget.plan import Plan
from budget.report.cells import value_of
from budget.tables import Cell, Column, Formula, Kind, Table

FloatArray = npt.NDArray[np.float64]

NOTICE_SHARE = 0.7
"""At this share of the maximum the provider is written to, and a meeting follows within two weeks."""
_TALK_WITHIN = timedelta(days=14)

COLUMNS = (
    Column("Aanbieder", Kind.TEXT),
    Column("Perceel", Kind.TEXT),
    Column("Stroom", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    Column("Wijken", Kind.TEXT, "Leeg is alle wijken.", width=30),
    Column("P10", Kind.CENTS, "Kans van 10 % dat het volume lager uitvalt."),
    Column("P50", Kind.CENTS, "Even waarschijnlijk hoger als lager."),
    Column("P90", Kind.CENTS, "Kans van 10 % dat het volume hoger uitvalt."),
    Column("Verwacht", Kind.CENTS, "Verwachte lasten, gebiedsdeel en stadsbreed deel samen, vóór preventie."),
    Column("Minimum", Kind.CENTS),
    Column("Maximum", Kind.CENTS),
    Column("Boven maximum", Kind.CENTS, "Verwacht min Maximum, als dat positief is.", attention=">0"),
    Column(
        "70 % datum",
        Kind.DATE,
        "De dag waarop bij verwachte lasten 70 % van het maximum is gebruikt; leeg is niet in dit jaar.",
    ),
    Column(
        "Aandeel",
        Kind.SHARE,
        "Deel van de lasten van de stroom in deze wijken. Delen aanbieders een stroom en een wijk, dan naar "
        "verhouding van hun maximum.",
    ),
    Column("Variant", Kind.TEXT),
    Column("Einddatum", Kind.DATE),
    Column("Kans boven maximum", Kind.SHARE, "Kans dat de lasten meer zijn dan het maximum.", digits=0),
)

BEFOREHAND = (
    (
        7,
        "Aankondigen welke ruimte een aanbieder krijgt",
        "6 maanden vooraf: schrijf de verwachte volumes uit.",
    ),
    (10, "Besluit over de ruimte", "3 maanden vooraf: stel minimum en maximum vast."),
    (11, "Gezamenlijk plan met de aanbieder", "2 maanden vooraf: spreek af wie wat doet, en waar."),
)
"""Month of the year before, what happens on its first day, and what to do."""

ALL_LOTS = "Alle percelen"
CALENDAR_COLUMNS = (
    Column("Datum", Kind.DATE),
    Column("Wat", Kind.TEXT),
    Column("Percelen", Kind.TEXT, width=40),
    Column("Te doen", Kind.TEXT, width=40),
)


def contracts_table(plan: Plan) -> Table:
    """A row per contract that runs in a plan year."""
    running = [contract for contract in plan.inputs.contracts if contract.year in plan.inputs.years]
    rows = [_row(plan, contract, number) for number, contract in enumerate(running, start=2)]
    return Table(
        "Contracten", "Verwacht volume per aanbieder, perceel en stroom", COLUMNS, rows, frozen_columns=4
    )


def calendar_table(contracts: Table, year: int) -> Table:
    """The days of one contract year by date: preparing it, where 70 % is reached, where a contract ends.

    `contracts` is `contracts_table`. What falls on one day for several lots is one row.
    """
    names = [column.name for column in contracts.columns]
    running = [dict(zip(names, map(value_of, row), strict=True)) for row in contracts.rows]
    running = [row for row in running if row["Jaar"] == year]
    days: dict[tuple[str, str, str], list[str]] = {
        (date(year - 1, month, 1).isoformat(), what, to_do): [ALL_LOTS] for month, what, to_do in BEFOREHAND
    }
    days[date(year, 1, 1).isoformat(), "Het contractjaar begint", ""] = [ALL_LOTS]
    for row in running:
        lot = f"{row['Perceel']} ({row['Aanbieder']})"
        for moment in _own_days(row, year):
            days.setdefault(moment, []).append(lot)
    rows: list[tuple[Cell, ...]] = [
        (day, what, "; ".join(lots), to_do or None) for (day, what, to_do), lots in sorted(days.items())
    ]
    return Table("Inkoopkalender", f"Kalender voor de inkoop van {year}", CALENDAR_COLUMNS, rows)


def _own_days(row: Mapping[str, Cell], year: int) -> Iterator[tuple[str, str, str]]:
    """The days of one contract in one year: date, what happens and what to do."""
    reached, end = row["70 % datum"], row["Einddatum"]
    if isinstance(reached, str):
        talk = date.fromisoformat(reached) + _TALK_WITHIN
        yield reached, "70 % van het maximum is gebruikt", "Waarschuw de aanbieder schriftelijk."
        yield talk.isoformat(), "Gesprek over de 70 %", "Uiterlijk twee weken na het bericht."
    if isinstance(end, str) and end.startswith(str(year)):
        yield end, "Het contract loopt af", "Koop een half jaar eerder opnieuw in, of verleng."


def next_day(calendar: Table, today: date) -> str | None:
    """The first day of a calendar that is not over, as ISO text."""
    return next((str(row[0]) for row in calendar.rows if str(row[0]) >= today.isoformat()), None)


def _row(plan: Plan, contract: Contract, row: int) -> tuple[Cell, ...]:
    cost, share = _cost(plan, contract)
    low, middle, high = (round(float(euros) * 100) for euros in np.quantile(cost, (0.1, 0.5, 0.9)))
    expected, most = round(float(cost.mean()) * 100), contract.maximum_cents
    notice = _notice_date(plan, contract, float(cost.mean()))
    return (
        *(
            contract.provider,
            contract.lot,
            contract.stream,
            contract.year,
            "; ".join(contract.districts) or None,
        ),
        *(low, middle, high, expected, contract.minimum_cents, most),
        None if most is None else Formula(f"=MAX(0,ROUND(I{row}-K{row},2))", max(0, expected - most)),
        *(notice.isoformat() if notice else None, share, contract.variant),
        contract.end.isoformat() if contract.end else None,
        None if most is None else float((cost > most / 100).mean()),
    )


def _cost(plan: Plan, contract: Contract) -> tuple[FloatArray, float]:
    """The contract's part of the cost in euros, shape (draws), and which share of its districts' cost that is.

    The cost of district d is its area part and, of the city-wide part, as much as its own clients cost there.
    Demand without a district counts for contracts for all districts.
    """
    claims = plan.claims
    s, y = claims.streams.index(contract.stream), claims.years.index(contract.year)
    own = claims.clients[:, s, y] * claims.prices[s, y] * (1 - claims.area_share[:, s, y])
    nowhere = max(claims.city[s, y] / 100 - float(own.sum()), 0.0)
    of_city = np.append(own, nowhere) / max(float(own.sum()) + nowhere, 1e-9)
    weights = _weights(plan, contract)
    draws = claims.draws[:, s, y].astype(np.float64)
    cost: FloatArray = weights[:-1] @ draws + (weights @ of_city) * claims.city_draws[s, y]
    whole = (weights[:-1] > 0) @ draws + ((weights > 0) @ of_city) * claims.city_draws[s, y]
    return cost, float(cost.mean() / whole.mean()) if whole.any() else 1.0


def _weights(plan: Plan, contract: Contract) -> FloatArray:
    """The contract's share of the stream in every district, then of demand without a district."""
    rivals = [
        other
        for other in plan.inputs.contracts
        if (other.stream, other.year) == (contract.stream, contract.year)
    ]
    sizes = np.array([_size(other) for other in rivals])
    areas = plan.inputs.area_codes
    covers = np.array(
        [
            [not other.districts or area in other.districts for area in areas] + [not other.districts]
            for other in rivals
        ]
    )
    if not sizes.all():
        sizes = np.ones(len(rivals))
    total = sizes @ covers
    own = rivals.index(contract)
    weights: FloatArray = np.where(covers[own], sizes[own] / np.where(total > 0, total, 1.0), 0.0)
    return weights


def _size(contract: Contract) -> float:
    return float(contract.maximum_cents or contract.minimum_cents or 0)


def _notice_date(plan: Plan, contract: Contract, expected: float) -> date | None:
    """The first day on which `NOTICE_SHARE` of the maximum is used, with cost over the months as demand is."""
    if not contract.maximum_cents or expected <= 0:
        return None
    months = expected * _month_shares(plan, contract)
    used = np.concatenate([[0.0], months.cumsum()])
    limit = NOTICE_SHARE * contract.maximum_cents / 100
    if used[-1] < limit:
        return None
    m = int(np.searchsorted(used, limit)) - 1
    start = date(contract.year, m + 1, 1)
    after = date(contract.year + (m == 11), (m + 1) % 12 + 1, 1)
    days = (limit - used[m]) / months[m] * (after - start).days
    return start + timedelta(days=max(0, int(np.ceil(days)) - 1))


def _month_shares(plan: Plan, contract: Contract) -> FloatArray:
    """How a stream's cost of a year falls over its months, shape (12), adding up to 1."""
    if contract.stream in {stream.stream for stream in plan.demand.streams}:
        demand = plan.demand.stream(contract.stream)
        within = np.asarray(demand.periods.year == contract.year)
        if demand.periods.freqstr[0] == "M" and within.sum() == 12:
            clients = demand.draws[:, within].mean(axis=-1, dtype=np.float64).sum(axis=0)
            if clients.sum() > 0:
                shares: FloatArray = clients / clients.sum()
                return shares
    return np.full(12, 1 / 12)
