"""Commitments to providers: a hard maximum, and a minimum that is paid whether it is used or not.

    sum_{d in areas} x[d,s,t] <= maximum                                                  (contract_maximum)
    sum_{d in areas} x[d,s,t] + contract_short >= minimum                                 (contract_minimum)
    sum_{d in areas} extra[d,s,t] <= max(0, minimum - claims) + savings                   (contract_minimum)

The minimum may ask for money above the claims (take-or-pay); lack of money makes it short, at a price.
"""

from __future__ import annotations

from math import isnan

from optimiser.model import Model, members, relation, units
from optimiser.rules.rule import Rule, less_and_more, more_and_less, where
from wording.sentence import Template

_MAXIMUM = Template("het maximum van een contract voor {where}")
_MORE_ROOM = Template("€ 10.000 {way:word} contractruimte voor {where}")
_MINIMUM = Template("het minimum van een contract voor {where}")
_LESS_DUTY = Template("€ 10.000 {way:word} afnameplicht voor {where}")


def add_maximum(model: Model) -> None:
    """One row per contract with a maximum."""
    problem = model.problem
    for b, contract in enumerate(problem.contracts):
        if contract.maximum is not None and contract.year in problem.years:
            s, t = problem.streams.index(contract.stream), problem.years.index(contract.year)
            total = [(model.x[d, s, t], 1.0) for d in members(contract.areas, problem)]
            row = relation(total, "<=", units(contract.maximum))
            model.require("contract_maximum", row, t, stream=s, label=f"{b + 1}")


def add_minimum(model: Model) -> None:
    """One elastic row per contract with a minimum, and one that keeps money above the claims to what it asks."""
    problem = model.problem
    for b, contract in enumerate(problem.contracts):
        if contract.minimum and contract.year in problem.years:
            s, t = problem.streams.index(contract.stream), problem.years.index(contract.year)
            inside = members(contract.areas, problem)
            short = model.contract_short[b] = model.column("contract_short", b, t)
            total = [*((model.x[d, s, t], 1.0) for d in inside), (short, 1.0)]
            row = relation(total, ">=", units(contract.minimum))
            model.require("contract_minimum", row, t, stream=s, label=f"{b + 1}")
            extra = [
                (model.extra[d, s, t], 1.0) for d in inside if isnan(problem.choices.locked_dst[d, s, t])
            ]
            saved = [(column, -slope) for d in inside for column, slope in model.savings(d, s, t)]
            asked = max(0, contract.minimum - int(problem.claims[inside, s, t].sum()))
            if extra:
                above = relation([*extra, *saved], "<=", units(asked))
                model.require("contract_minimum", above, t, stream=s, label=f"boven_{b + 1}", whole=False)


MAXIMUM = Rule(
    "contract_maximum",
    add_maximum,
    title=lambda problem, place: _MAXIMUM(where=where(problem, place)),
    easing=lambda problem, place: more_and_less(_MORE_ROOM, where=where(problem, place)),
)
MINIMUM = Rule(
    "contract_minimum",
    add_minimum,
    title=lambda problem, place: _MINIMUM(where=where(problem, place)),
    easing=lambda problem, place: less_and_more(_LESS_DUTY, where=where(problem, place)),
)
