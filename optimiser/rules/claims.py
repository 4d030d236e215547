"""Every claim is paid, short of the basic package, or short of the expected cost above it.

    x[d,s,t] + gap[d,s,t] + short[d,s,t] - extra[d,s,t] = claim[d,s,t] - savings[d,s,t]
    0 <= gap[d,s,t] <= (1 - basic_share) (claim - savings)

A euro of `short` weighs more than a euro of `gap`, so that short = max(0, basic package - x): the shortfall is
a result and never a reason to refuse. `extra` (money above the claim) exists only where a locked cell or the
minimum of a contract asks for it. City-wide money: the same without savings.
"""

from __future__ import annotations

from math import isnan

from optimiser.arithmetic import basic_package
from optimiser.model import Model, members, relation, units
from optimiser.rules.rule import Rule, where
from wording.sentence import Template

_TITLE = Template("de verwachte lasten van {where}")


def add(model: Model) -> None:
    """One row per claim; one more where savings move the basic package."""
    problem = model.problem
    basic = basic_package(problem.claims, problem.basic_share)
    elastic = _may_exceed_its_claim(model)
    claims, above_basic = problem.claims.tolist(), (problem.claims - basic).tolist()
    for (d, s, t), x in model.x.items():
        claim, saves = claims[d][s][t], model.savings(d, s, t)
        above = None if saves else above_basic[d][s][t]
        gap = model.gap[d, s, t] = model.column("gap", d, s, t, upper=above, whole=False)
        short = model.short[d, s, t] = model.column("short", d, s, t, whole=False)
        terms = [(x, 1.0), (gap, 1.0), (short, 1.0), *saves]
        if (d, s, t) in elastic:
            model.extra[d, s, t] = model.column("extra", d, s, t, whole=False)
            terms.append((model.extra[d, s, t], -1.0))
        model.require(NAME, relation(terms, "==", units(claim)), t, area=d, stream=s, whole=False)
        if saves:
            rest = 1 - float(problem.basic_share[d, s, t])
            part = [(gap, 1.0), *((column, rest * slope) for column, slope in saves)]
            row = relation(part, "<=", units(rest * claim))
            model.require(NAME, row, t, area=d, stream=s, label="boven", whole=False)
    _add_city(model)


def _add_city(model: Model) -> None:
    problem = model.problem
    basic = basic_package(problem.city_claims, problem.city_basic_share)
    for (s, t), y in model.city.items():
        claim = int(problem.city_claims[s, t])
        gap = model.city_gap[s, t] = model.column(
            "city_gap", s, t, upper=claim - int(basic[s, t]), whole=False
        )
        short = model.city_short[s, t] = model.column("city_short", s, t, whole=False)
        terms = [(y, 1.0), (gap, 1.0), (short, 1.0)]
        if not isnan(problem.choices.city_locked_st[s, t]):
            model.city_extra[s, t] = model.column("city_extra", s, t, whole=False)
            terms.append((model.city_extra[s, t], -1.0))
        model.require(NAME, relation(terms, "==", units(claim)), t, area=-1, stream=s, whole=False)


def _may_exceed_its_claim(model: Model) -> set[tuple[int, int, int]]:
    problem = model.problem
    cells = {(d, s, t) for d, s, t, _ in model.cells(problem.choices.locked_dst)}
    for contract in problem.contracts:
        if contract.minimum and contract.year in problem.years:
            s, t = problem.streams.index(contract.stream), problem.years.index(contract.year)
            cells |= {(d, s, t) for d in members(contract.areas, problem)}
    return cells


NAME = "verwachte_lasten"
CLAIMS = Rule(NAME, add, title=lambda problem, place: _TITLE(where=where(problem, place)))
