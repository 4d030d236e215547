"""What the allocator wants, in the order of its strategy; each stage on the optimal face of the ones before it.

    tekort          sum w[s] discount^t short           the basic package first, by priority
    reserve         sum out                             reserves are drawn only against shortfall
    norm            sum over + under                    phase-in of the norm, with all area money as need asks
    lasten          sum w[s] discount^t gap             then the expected cost; with `later_savings` less what
                                                        prevention that pays saves after the last year
    risico          lasten + risk_weight * CVaR         instead, where scenarios are known (zekerheid; see `risk`), and
                    + evenness * dekking                a little even: chance in the draws parts no equal districts
    dekking         ordered weighted average of lack    the areas that are worst off, the city alike
    leximin         the largest lack, the next, ...     instead, for at most `MOST_AREAS` areas (see `leximin`)
    afweging        weights . (risico, dekking,         instead of all three in an order: one weighted sum
                    preventie)
    preventie       - sum (saved - 1) q                 prevention that pays, years after the horizon included
    over            - sum 2 free + in                   what is left: in the ceilings, then reserves, then unspent

The unique answer on the last face is `closest_to_last_year`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from optimiser import leximin
from optimiser.allocation import Stage
from optimiser.arithmetic import saving_years
from optimiser.model import DISCOUNT, Column, Model, units
from optimiser.problem import Problem
from optimiser.risk import Risk
from optimiser.rules.fairness import N_MEANS
from optimiser.solver import FloatVector, LiveModel

Weighted = list[tuple[Column, float]]
TOLERANCE = 0.0
_FIRST_YEARS = 0.7
EVENNESS = 0.1
"""What a euro of uneven cover weighs in stage `risico`, beside a euro of cost: about what some hundreds of draws cannot
tell apart."""


@dataclass(frozen=True)
class Goal:
    """One objective over the columns, in weighted thousands of euros; `risk` is what a euro of CVaR adds to it."""

    name: str
    costs: FloatVector
    risk: float = 0.0


def goals(model: Model) -> Iterator[Goal]:
    """The goals that this problem has, in the order of its strategy."""
    has = {
        "reserve": bool(model.reserve_out),
        "norm": bool(model.area_money),
        "preventie": bool(model.prevention),
        "risico": model.problem.scenarios is not None,
    }
    strategy = model.problem.strategy
    order = list(strategy.order)
    if "risico" in order and not has["risico"]:
        order[order.index("risico")] = "lasten"
    if "leximin" in order and len(model.problem.areas) > leximin.MOST_AREAS:
        order[order.index("leximin")] = "dekking"
    weight_of_risk = {"risico": 1.0, "afweging": strategy.weights[0]} if has["risico"] else {}
    for name in order:
        if has.get(name, True):
            risk = strategy.risk_weight * weight_of_risk.get(name, 0.0)
            yield Goal(name, model.costs(_COSTS[name](model)), risk)


def shortfall(model: Model) -> Weighted:
    """Priority-weighted basic package that is not funded, areas and city."""
    w = model.problem.priority
    areas = [(column, float(w[s]) * DISCOUNT**t) for (_, s, t), column in model.short.items()]
    city = [(column, float(w[s]) * DISCOUNT**t) for (s, t), column in model.city_short.items()]
    return areas + city


def gap(model: Model) -> Weighted:
    """Priority-weighted expected cost that is not funded, and what contracts guarantee but do not get."""
    w = model.problem.priority
    found = shortfall(model)
    found += [(column, float(w[s]) * DISCOUNT**t) for (_, s, t), column in model.gap.items()]
    found += [(column, float(w[s]) * DISCOUNT**t) for (s, t), column in model.city_gap.items()]
    guarantee = 2.0 * float(max(w))
    return found + [(column, guarantee) for column in model.contract_short.values()]


def _drawn(model: Model) -> Weighted:
    return [(column, 1.0) for column in model.reserve_out.values()]


def _off_target(model: Model) -> Weighted:
    return [(column, DISCOUNT**t) for t, column in model.off_target]


def _unequal(model: Model) -> Weighted:
    return [(column, weight * DISCOUNT**t) for t, weight, column in model.unequal]


def _uneven_cover(model: Model) -> Weighted:
    """Equal cover counted for all areas: where everybody lacks the same share, each of its means is the lack of an
    average area."""
    size = (len(model.problem.areas) + 1) / N_MEANS
    return [(column, size * weight) for column, weight in _unequal(model)]


def _costs_at_risk(model: Model) -> Weighted:
    uneven = ((column, EVENNESS * weight) for column, weight in _uneven_cover(model))
    return [*_costs_and_later(model), *uneven]


def _mixed(model: Model) -> Weighted:
    """risico, dekking and preventie by their weights."""
    cost, cover, prevention = model.problem.strategy.weights
    return [
        *((column, cost * weight) for column, weight in _costs_and_later(model)),
        *((column, cover * weight) for column, weight in _uneven_cover(model)),
        *((column, prevention * weight) for column, weight in net_cost_of_prevention(model)),
    ]


def _costs_and_later(model: Model) -> Weighted:
    return gap(model) + (saved_later(model) if model.problem.strategy.later_savings else [])


def saved_later(model: Model) -> Weighted:
    """What prevention that pays saves after the last plan year, as cost that will not have to be funded."""
    problem, net = model.problem, _net_costs(model.problem)
    later = {}
    for (p, k, t), cost in net.items():
        programme = problem.programmes[p]
        priority = float(problem.priority[problem.streams.index(programme.stream)])
        slope = priority * programme.saving_per_euro[k] / programme.duration
        after = (DISCOUNT**year for year in saving_years(programme, t) if year >= len(problem.years))
        if cost < 0:
            later[p, k, t] = -slope * sum(after)
    return [
        (column, later[p, k, t]) for (_, p, k, t), column in model.prevention.items() if (p, k, t) in later
    ]


def net_cost_of_prevention(model: Model) -> Weighted:
    """A euro spent minus the cashable euros that it saves, now and after the last plan year, discounted."""
    net = _net_costs(model.problem)
    found = [(column, net[p, k, t]) for (_, p, k, t), column in model.prevention.items()]
    return found + [(column, DISCOUNT**t) for (_, _, t), column in model.wasted.items()]


def _net_costs(problem: Problem) -> dict[tuple[int, int, int], float]:
    """The net cost of a euro in programme p, segment k and year t."""
    net = {}
    for p, programme in enumerate(problem.programmes):
        for k, saving in enumerate(programme.saving_per_euro):
            slope = saving / programme.duration
            for t in range(len(problem.years)):
                saved = sum(slope * DISCOUNT**year for year in saving_years(programme, t))
                net[p, k, t] = DISCOUNT**t - saved
    return net


def left_over(model: Model) -> Weighted:
    """Inside the ceilings first, then in the reserves; what remains is unspent."""
    found = [(column, -2.0 * DISCOUNT**t) for (_, t), column in model.free.items()]
    return found + [(column, -(DISCOUNT**t)) for (_, t), column in model.reserve_in.items()]


_COSTS: dict[str, Callable[[Model], Weighted]] = {
    "tekort": shortfall,
    "reserve": _drawn,
    "norm": _off_target,
    "lasten": _costs_and_later,
    "risico": _costs_at_risk,
    "dekking": _unequal,
    "leximin": _unequal,
    "afweging": _mixed,
    "preventie": net_cost_of_prevention,
    "over": left_over,
}


@dataclass(frozen=True)
class Solved:
    """The stages, and the price of every row for the first of them (what proves its value)."""

    stages: tuple[Stage, ...]
    prices: FloatVector


def solve_in_order(model: Model, live: LiveModel) -> Solved:
    """Minimise every goal on the optimal face of the goals before it, from where `live` stands."""
    stages: list[Stage] = []
    ordered = list(goals(model))
    for goal in ordered:
        if goal.name == "norm":
            _settle_area_money(model, live, ordered)
        stages.append(Stage(goal.name, _minimised(model, live, goal), TOLERANCE))
        if len(stages) == 1:
            prices = live.prices()
        live.fix_optimal_face()
    return Solved(tuple(stages), prices)


def _minimised(model: Model, live: LiveModel, goal: Goal) -> float:
    if goal.name == "leximin":
        return leximin.minimise(model, live)
    if not goal.risk:
        return (
            live.minimise_as_before("norm", goal.costs) if goal.name == "norm" else live.minimise(goal.costs)
        )
    value = Risk(model, model.problem.strategy.confidence).minimise(live, goal.costs, goal.risk)
    live.minimise(np.zeros(len(goal.costs)))
    return value


def _settle_area_money(model: Model, live: LiveModel, ordered: Sequence[Goal]) -> None:
    """All area money of each year as it would be without a norm (the most of it, the first year first)."""
    before, start = live.bounds(), live.highs.getBasis()
    most = model.costs((column, -(_FIRST_YEARS**t)) for t, column in model.area_money.items())
    later = [goal for goal in ordered if goal.name not in ("tekort", "reserve", "norm")]
    for goal in [*later, Goal("most", most)]:
        _minimised(model, live, goal)
        live.fix_optimal_face()
    settled = live.values()
    live.release(before)
    for column in model.area_money.values():
        live.fix_column(column, float(settled[column.index]))
    live.highs.setBasis(start)


def hold_prevention(model: Model, live: LiveModel, amounts: FloatVector) -> bool:
    """Give prevention the amounts found, its segments in order; False when they already save what was planned.

    Where savings are unwelcome (money that must be spent, and only ring-fenced money to spend), the programme
    can gain by filling a poor segment before a good one. What is spent then stays, and all stages are solved
    again with what it really saves.
    """
    in_order: dict[int, float] = {}
    for d, p, first, t in model.prevention:
        if first > 0:
            continue
        segments = range(len(model.problem.programmes[p].segment_cents))
        widths = [model.prevention[d, p, k, t].most for k in segments]
        left = sum(amounts[model.prevention[d, p, k, t].index] for k in segments)
        for k, width in enumerate(widths):
            part = min(width, max(0.0, left))
            in_order[model.prevention[d, p, k, t].index] = part
            left -= part
    wasted = {
        column.index: max(0.0, _raw_savings(model, cell, in_order) - units(int(model.problem.claims[cell])))
        for cell, column in model.wasted.items()
    }
    planned = live.values()
    in_place = all(abs(amounts[index] - part) < units(1) for index, part in in_order.items())
    if in_place and all(abs(planned[index] - part) < units(1) for index, part in wasted.items()):
        return False
    live.release()
    for column in [*model.prevention.values(), *model.wasted.values()]:
        live.fix_column(column, {**in_order, **wasted}[column.index])
    return True


def _raw_savings(model: Model, cell: tuple[int, int, int], spent: dict[int, float]) -> float:
    return sum(slope * spent.get(column.index, 0.0) for column, slope in model.savings(*cell))
