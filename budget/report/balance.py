"""Budgetsluitend and Bronnen: where the money comes from, and that all of it is accounted for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from budget.inputs import CITY
from budget.plan import Plan
from budget.report.cells import letter, sum_of
from budget.tables import Cell, Column, Formula, Kind, Table
from optimiser.arithmetic import total_money
from wording.sentence import Template

Cents = npt.NDArray[np.int64]

_SOURCE, _RESERVE = "bron", "reserve"
_TO = Template("Aan {stream}")
_SPENT_ON = Template("Besteed aan {stream}, gebieden en stad samen.")

BALANCE_COLUMNS = (
    Column("Jaar", Kind.YEAR),
    Column("Middelen", Kind.CENTS, "Alle bronnen van dit jaar."),
    Column("Gebieden", Kind.CENTS, "De plafonds van alle gebieden samen."),
    Column("Stadsbreed", Kind.CENTS, "Stadsbrede stromen, en middelen die niet besteed kunnen worden."),
    Column("Buffer", Kind.CENTS, "Centraal achtergehouden."),
    Column("Reserve erbij", Kind.CENTS, "Toegevoegd aan reserves."),
    Column(
        "Reserve eraf",
        Kind.CENTS,
        "Onttrokken aan reserves, alleen tegen een tekort op het basispakket; zie blad Bronnen.",
    ),
    Column(
        "Verschil",
        Kind.CENTS,
        "Middelen + Reserve eraf - Gebieden - Stadsbreed - Buffer - Reserve erbij: nul, anders klopt het plan niet.",
        attention="<>0",
    ),
)


def balance_table(plan: Plan, sources: Table, ceilings: Table, budgets: Table) -> Table:
    """A row per year: funding and uses, and their difference, which is zero."""
    given = plan.allocation
    areas = given.ceilings.sum(axis=0)
    city = given.city.sum(axis=0) + given.unspent.sum(axis=0)
    funding = total_money(plan.problem)
    rows: list[tuple[Cell, ...]] = []
    for t, year in enumerate(plan.inputs.years):
        row = t + 2
        into, out = int(given.reserve_in[:, t].sum()), int(given.reserve_out[:, t].sum())
        difference = int(funding[t]) + out - int(areas[t]) - int(city[t]) - int(given.buffer[t]) - into
        city_rows = sum_of(budgets, "Bedrag", Wijkcode=f'"{CITY}"', Jaar=f"A{row}")
        rows.append(
            (
                year,
                Formula(
                    "=" + sum_of(sources, "Bedrag", Soort=f'"{_SOURCE}"', Jaar=f"A{row}"), int(funding[t])
                ),
                Formula("=" + sum_of(ceilings, "Plafond", Jaar=f"A{row}"), int(areas[t])),
                Formula("=" + city_rows, int(city[t])),
                int(given.buffer[t]),
                into,
                out,
                Formula(f"=ROUND(B{row}+G{row}-C{row}-D{row}-E{row}-F{row},2)", difference),
            )
        )
    return Table("Budgetsluitend", "Middelen en bestemming per jaar, tot op de cent", BALANCE_COLUMNS, rows)


def sources_table(plan: Plan) -> Table:
    """A row per source and year: its amount, what it pays for, and what is left over; then the same per reserve.

    A reserve's amount is what is drawn from it. Of a stream reserves pay what its sources do not.
    """
    columns = _source_columns(plan)
    amount, left = letter(columns, "Bedrag"), letter(columns, "Niet besteed")
    first_use = chr(ord(amount) + 1)
    rows: list[tuple[Cell, ...]] = []

    def add(labels: tuple[Cell, ...], total: int, uses: list[int], unspent: int) -> None:
        row = len(rows) + 2
        rest = f"=ROUND({amount}{row}-SUM({first_use}{row}:{left}{row}),2)"
        rows.append((*labels, total, *uses, unspent, Formula(rest, total - sum(uses) - unspent)))

    for g, source in enumerate(plan.problem.sources):
        for t, year in enumerate(plan.inputs.years):
            uses = [int(cents) for cents in plan.allocation.source_use[g, :, t]]
            earmark = "; ".join(source.streams) or None
            structural = _structural(plan, source.code, source.streams, year)
            labels = (source.code, _SOURCE, year, earmark, structural)
            add(labels, int(source.amounts[t]), uses, int(plan.allocation.unspent[g, t]))
    paid = paid_by_reserves(plan)
    for r, reserve in enumerate(plan.problem.reserves):
        for t, year in enumerate(plan.inputs.years):
            drawn = int(plan.allocation.reserve_out[r, t])
            add((reserve.code, _RESERVE, year, None, "nee"), drawn, paid[r, :, t].tolist(), 0)
    return Table("Bronnen", "Bronnen van geld en waar ze aan opgaan", columns, rows)


def _source_columns(plan: Plan) -> tuple[Column, ...]:
    """One column per stream between the amount and what is not spent."""
    return (
        Column("Bron", Kind.TEXT),
        Column(
            "Soort",
            Kind.TEXT,
            "bron: geld van dit jaar; reserve: gespaard geld, Bedrag is wat is onttrokken.",
        ),
        Column("Jaar", Kind.YEAR),
        Column("Stromen", Kind.TEXT, "Waarvoor het geld is; leeg is vrij besteedbaar.", width=24),
        Column("Structureel", Kind.TEXT),
        Column("Bedrag", Kind.CENTS),
        *(
            Column(_TO(stream=code), Kind.CENTS, _SPENT_ON(stream=_name(plan, code)))
            for code in plan.inputs.stream_codes
        ),
        Column(
            "Niet besteed",
            Kind.CENTS,
            "Geld dat niet besteed kan worden, meestal omdat het geoormerkt is.",
            attention=">0",
        ),
        Column("Overig", Kind.CENTS, "Preventie, vrije ruimte in gebieden, centrale buffer en reserves."),
    )


def paid_by_reserves(plan: Plan) -> Cents:
    """What each reserve pays for each stream, shape (reserves, streams, plan years).

    What reserves pay together is support - what sources pay. Streams by code take from the reserves in their order,
    each as far as it goes.
    """
    given = plan.allocation
    unpaid = np.maximum(given.budgets.sum(axis=0) + given.city - given.source_use.sum(axis=0), 0)
    paid = np.zeros((len(given.reserve_out), *unpaid.shape), dtype=np.int64)
    for r, drawn in enumerate(given.reserve_out):
        before = np.cumsum(unpaid, axis=0) - unpaid
        paid[r] = np.clip(drawn - before, 0, unpaid)
        unpaid = unpaid - paid[r]
    return paid


def is_structural(plan: Plan, code: str, streams: tuple[str, ...], year: int) -> bool:
    """Whether a source is structural in a year: every amount in it is."""
    return all(
        funding.structural
        for funding in plan.inputs.funding
        if (funding.source, tuple(sorted(funding.streams)), funding.year)
        == (code, tuple(sorted(streams)), year)
    )


def _structural(plan: Plan, code: str, streams: tuple[str, ...], year: int) -> str:
    return "ja" if is_structural(plan, code, streams, year) else "nee"


def _name(plan: Plan, code: str) -> str:
    return next(stream.name for stream in plan.inputs.streams if stream.code == code)
