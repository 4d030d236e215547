"""Zekerheid and Buffer: the chance that budgets are enough, over the joint futures of the forecast, and its price."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from budget.inputs import CITY
from budget.plan import Plan
from budget.report.area_budgets import CITY_NAME
from budget.report.cells import exactly, sum_of
from budget.tables import Cell, Column, Formula, Kind, RowStyle, Table
from optimiser.certainty import (
    area_overspending,
    buffer_for,
    chance_within,
    city_overspending,
    costs,
    enough,
    overspending,
    price_of_certainty,
)
from wording.sentence import Template

Cents = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

CONFIDENCES = (0.8, 0.9, 0.95)
"""Stated beside the confidence of the plan's own strategy."""

CERTAINTY_COLUMNS = (
    Column(
        "Wijkcode",
        Kind.TEXT,
        "STAD is stadsbreed. Onder de gemeentecode staat alles samen: de kans als gebieden elkaar mogen helpen, de "
        "overschrijding als dat niet mag.",
    ),
    Column("Wijknaam", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    Column("Plafond", Kind.CENTS),
    Column("Preventie", Kind.CENTS, "Deel van het plafond dat niet aan hulp kan worden besteed."),
    Column("Ruimte voor hulp", Kind.CENTS, "Plafond min preventie."),
    Column("Verwachte lasten", Kind.CENTS, "Na aftrek van de besparing door preventie."),
    Column(
        "Kans binnen plafond",
        Kind.SHARE,
        "Deel van de toekomsten waarin de lasten van alle stromen samen binnen de ruimte blijven.",
        digits=0,
    ),
    Column("Verwachte overschrijding", Kind.CENTS, "Gemiddelde van de overschrijding over alle toekomsten."),
    Column("Overschrijding 1 op 10", Kind.CENTS, "In een op de tien toekomsten is de overschrijding hoger."),
)

BUFFER_COLUMNS = (
    Column("Jaar", Kind.YEAR),
    Column("Zekerheid", Kind.SHARE, "Deel van de toekomsten waarin de buffer genoeg is.", digits=0),
    Column(
        "Buffer nodig",
        Kind.CENTS,
        "Dekt met deze zekerheid de overschrijdingen van alle gebieden en de stad samen.",
    ),
    Column(
        "Waarvan verwacht",
        Kind.CENTS,
        "De gemiddelde overschrijding: dat deel is geen onzekerheid maar te verwachten: niet gedekte lasten.",
    ),
    Column("Buffer aanwezig", Kind.CENTS, "Zie blad Budgetsluitend."),
    Column("Verschil", Kind.CENTS, "Aanwezig min nodig.", attention="<0"),
    Column(
        "Prijs per procentpunt",
        Kind.CENTS,
        "Wat een procentpunt meer zekerheid kost, gerekend vanaf de regel erboven.",
    ),
    Column("Zekerheid van de buffer", Kind.SHARE, "Hoe zeker de aanwezige buffer genoeg is.", digits=0),
)


_IN_WORDS = Template(
    "In {year} blijft een gebied gemiddeld met {chance:.0%} kans binnen zijn plafond (laagst: {area}, {lowest:.0%}); "
    "om alle overschrijdingen samen met {confidence:.0%} zekerheid te dekken is een buffer van {needed:euros} nodig, "
    "waarvan {expected:euros} nu al is te verwachten; er is {have:euros}."
)


def certainty_tables(plan: Plan, ceilings: Table, balance: Table) -> tuple[Table, ...]:
    """Both sheets; none where the futures are not known."""
    if plan.problem.scenarios is None:
        return ()
    return _certainty_table(plan, ceilings), _buffer_table(plan, balance)


def certainty_sentence(plan: Plan) -> str | None:
    """How sure the first plan year is, and what buffer more certainty asks for."""
    if plan.problem.scenarios is None or not plan.inputs.districts:
        return None
    year, confidence = plan.inputs.years[0], plan.problem.strategy.confidence
    chance = chance_within(plan.problem, plan.allocation)[:, 0]
    lowest = int(chance.argmin())
    needed = int(buffer_for(plan.problem, plan.allocation, confidence)[0])
    expected = round(float(overspending(plan.problem, plan.allocation)[0].mean()))
    return _IN_WORDS(
        year=year,
        chance=float(chance.mean()),
        area=plan.inputs.districts[lowest].name,
        lowest=float(chance[lowest]),
        confidence=confidence,
        needed=needed,
        expected=expected,
        have=int(plan.allocation.buffer[0]),
    )


@dataclass(frozen=True)
class _Part:
    """An area, the city-wide part or everything together; cents, (t) or (t, k)."""

    code: str
    name: str
    ceiling: Cents
    prevention: Cents
    expected: Cents
    cost: FloatArray
    above: FloatArray
    is_area: bool = False


def _certainty_table(plan: Plan, ceilings: Table) -> Table:
    rows: list[tuple[Cell, ...]] = []
    styles: dict[int, RowStyle] = {}
    for part in (*_areas(plan), *_sums(plan)):
        for t in range(len(plan.inputs.years)):
            if not part.is_area:
                styles[len(rows)] = RowStyle.TOTAL
            rows.append(_certainty_row(plan, part, t, len(rows) + 2, ceilings))
    title = f"Hoe zeker de budgetten genoeg zijn, over {plan.demand.n_draws} toekomsten"
    return Table("Zekerheid", title, CERTAINTY_COLUMNS, rows, styles, frozen_columns=3)


def _certainty_row(plan: Plan, part: _Part, t: int, row: int, ceilings: Table) -> tuple[Cell, ...]:
    ceiling: Cell = int(part.ceiling[t])
    if part.is_area:
        of_area = sum_of(ceilings, "Plafond", Wijkcode=exactly(part.code), Jaar=f"C{row}")
        ceiling = Formula("=" + of_area, int(part.ceiling[t]))
    left = int(part.ceiling[t] - part.prevention[t])
    return (
        part.code,
        part.name,
        plan.inputs.years[t],
        ceiling,
        int(part.prevention[t]),
        Formula(f"=ROUND(D{row}-E{row},2)", left),
        int(part.expected[t]),
        float((part.cost[t] <= left).mean()),
        round(float(part.above[t].mean())),
        int(enough(part.above[t], 0.9)),
    )


def _areas(plan: Plan) -> list[_Part]:
    given, problem = plan.allocation, plan.problem
    spent, expected = given.prevention.sum(axis=1), given.claims_after.sum(axis=1)
    cost, above = costs(problem, given), area_overspending(problem, given)
    return [
        _Part(
            district.code,
            district.name,
            given.ceilings[d],
            spent[d],
            expected[d],
            cost[d],
            above[d],
            is_area=True,
        )
        for d, district in enumerate(plan.inputs.districts)
    ]


def _sums(plan: Plan) -> list[_Part]:
    """The city-wide part, where its futures are known, and everything together."""
    given, problem, town = plan.allocation, plan.problem, plan.inputs.municipality
    every = _Part(
        town.code,
        town.name,
        given.ceilings.sum(axis=0),
        given.prevention.sum(axis=(0, 1)),
        given.claims_after.sum(axis=(0, 1)),
        costs(problem, given).sum(axis=0),
        overspending(problem, given),
    )
    if problem.city_scenarios is None:
        return [every]
    money, claims = given.city.sum(axis=0), problem.city_claims.sum(axis=0)
    cost = problem.city_scenarios.sum(axis=0)
    city = _Part(CITY, CITY_NAME, money, 0 * money, claims, cost, city_overspending(problem, given))
    ceiling, expected = every.ceiling + money, every.expected + claims
    return [city, replace(every, ceiling=ceiling, expected=expected, cost=every.cost + cost)]


def _buffer_table(plan: Plan, balance: Table) -> Table:
    problem, given = plan.problem, plan.allocation
    levels = sorted({*CONFIDENCES, problem.strategy.confidence})
    needed = [buffer_for(problem, given, level) for level in levels]
    above = overspending(problem, given)
    sure = (above <= given.buffer[:, None]).mean(axis=1)
    prices = price_of_certainty(problem, given, levels)
    rows: list[tuple[Cell, ...]] = []
    for t, year in enumerate(plan.inputs.years):
        for i, level in enumerate(levels):
            row, have, wanted = len(rows) + 2, int(given.buffer[t]), int(needed[i][t])
            rows.append(
                (
                    year,
                    level,
                    wanted,
                    round(float(above[t].mean())),
                    Formula("=" + sum_of(balance, "Buffer", Jaar=f"A{row}"), have),
                    Formula(f"=ROUND(E{row}-C{row},2)", have - wanted),
                    round(float(prices[i - 1, t])) if i else None,
                    float(sure[t]),
                )
            )
    title = "De centrale buffer die bij een zekerheid hoort, en wat zekerheid kost"
    return Table("Buffer", title, BUFFER_COLUMNS, rows)
