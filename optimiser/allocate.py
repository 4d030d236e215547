"""Who gets what: from a problem to an allocation in whole cents, with its reasons and its proof."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from optimiser.allocation import Allocation, Stage
from optimiser.answer import read_allocation
from optimiser.arithmetic import with_savings_in_claims
from optimiser.causes import causes
from optimiser.cents import whole_cents
from optimiser.certificate import certified, proving_prices
from optimiser.closest import closest_to_last_year
from optimiser.contradictions import contradiction, followed_by
from optimiser.lock_costs import lock_costs, with_amounts
from optimiser.model import Model
from optimiser.order import (
    in_the_order_of_the_input,
    in_the_order_of_the_model,
    neutral_order,
    reordered,
)
from optimiser.prechecks import areas_out_of_reach, prevention_out_of_reach
from optimiser.problem import Problem
from optimiser.reasons import reasons
from optimiser.rules import RULES
from optimiser.shadow_prices import alternatives, shadow_prices
from optimiser.solver import FloatVector, Infeasible, LiveModel, NotSolved
from optimiser.stages import hold_prevention, solve_in_order
from optimiser.whatif import WhatIf, head_start, merit_order

_DECIMALS = 8
"""Of thousands of euros. Finer than a thousandth of a cent is noise of the solver, and must not place a stray cent."""


def allocate(problem: Problem) -> Allocation:
    """The best allocation under every rule of the problem, unique and in whole cents, with its reasons and its proof.

    Per year, to the cent: sources + drawn from reserves = area budgets + prevention + free + city + unspent + buffer
    + added to reserves. Ring-fenced money pays for its own streams only, and first; what it cannot pay is unspent.
    Raises Contradiction when the rules cannot hold together. Lack of money is never a reason: the basic package
    and the expected cost are goals (see `stages`), and what cannot be funded is shortfall with its cause.
    """
    model, live, order = undecided(problem)
    return explained(problem, decision(model, live, order), model)


def decide(problem: Problem) -> Allocation:
    """The same allocation with the cause of every shortfall; its other reasons wait for `explained`."""
    return decision(*undecided(problem))


def undecided(
    problem: Problem, like: LiveModel | None = None
) -> tuple[Model, LiveModel, npt.NDArray[np.int64]]:
    """Where a decision starts: the programme, solved once, and the order of its districts. Raises Contradiction.

    `like`: the programme of nearly the same problem. From there it is sooner solved; the answer is the same.
    """
    order = neutral_order(problem)
    return *solvable(reordered(problem, order), head_start, like), order


def explained(problem: Problem, allocation: Allocation, model: Model | None = None) -> Allocation:
    """What `decide` made of the problem, with its shadow prices and its proof: what `allocate` makes of it.

    `model`: the programme that it was decided with, where that is still at hand.
    """
    order = neutral_order(problem)
    what_if = WhatIf(*(solved(model, merit_order) if model else solvable(reordered(problem, order))))
    model, given = what_if.model, in_the_order_of_the_model(allocation, order)
    told = replace(
        allocation,
        shadow_prices=shadow_prices(what_if),
        alternatives=alternatives(what_if, given),
        reasons=reasons(what_if, given),
        locks=with_amounts(lock_costs(what_if), problem, allocation, decide),
    )
    return replace(told, certificate=certified(model, given, proving_prices(model, what_if.live)))


def decision(model: Model, live: LiveModel, order: npt.NDArray[np.int64]) -> Allocation:
    """The answer from where `live` stands after `solvable`, in the order of the input, with causes only.

    The solver forgets how it got to that basis, so that the same basis gives the same cents.
    """
    basis = live.highs.getBasis()
    live.highs.clearSolver()
    live.highs.setBasis(basis)
    best = best_amounts(model, live)
    live.watch = None
    refuse_unmeetable_contracts(model, best.amounts)
    cents = whole_cents(model, np.round(best.amounts, _DECIMALS))
    decided = read_allocation(model, cents, best.stages)
    with_causes = replace(decided, causes=causes(model.problem, decided))
    return in_the_order_of_the_input(with_causes, order)


def build(problem: Problem) -> Model:
    """The linear programme of a problem: every rule adds its rows."""
    model = Model(with_savings_in_claims(problem))
    for rule in RULES:
        rule.add(model)
    return model


def solvable(
    problem: Problem, costs: Callable[[Model], FloatVector] = merit_order, like: LiveModel | None = None
) -> tuple[Model, LiveModel]:
    """The programme, solved for these costs. Raises Contradiction when the rules cannot hold together."""
    refuse_what_arithmetic_sees(problem)
    return solved(build(problem), costs, like)


def solved(
    model: Model, costs: Callable[[Model], FloatVector], like: LiveModel | None = None
) -> tuple[Model, LiveModel]:
    """The programme, solved for these costs; without margins where the rules leave no cent of room.

    Raises Contradiction when even that has no answer.
    """
    try:
        return model, LiveModel.of(model, costs(model), like)
    except Infeasible:
        with suppress(Infeasible):
            return model, LiveModel.of(model, costs(model), margins=False)
    clash = contradiction(model)
    if clash is None:
        raise NotSolved("no answer, and no rules that contradict each other")
    raise clash


def refuse_what_arithmetic_sees(problem: Problem) -> None:
    """Contradictions within one area, seen before the run, with what else clashes. Raises Contradiction."""
    clash = prevention_out_of_reach(problem)
    if clash is not None:
        free = np.full_like(problem.choices.prevention_min_dt, np.nan)
        choices = replace(problem.choices, prevention_min_dt=free)
        raise followed_by(clash, contradiction(build(replace(problem, choices=choices))))
    if areas_out_of_reach(problem):
        clash = contradiction(build(problem))
        if clash is not None:
            raise clash


@dataclass(frozen=True)
class Best:
    """The unique best columns, and the stages that led there."""

    amounts: FloatVector
    stages: tuple[Stage, ...]


def best_amounts(model: Model, live: LiveModel) -> Best:
    """All stages in order, then the point closest to last year; again where prevention was not what it seemed."""
    solved = solve_in_order(model, live)
    best = Best(closest_to_last_year(model, live), solved.stages)
    if hold_prevention(model, live, best.amounts):
        with suppress(Infeasible):
            again = solve_in_order(model, live)
            return Best(closest_to_last_year(model, live), again.stages)
    return best


def refuse_unmeetable_contracts(model: Model, amounts: FloatVector) -> None:
    """A contract may be short of money; when money would not help, its minimum contradicts another rule."""
    if any(amounts[column.index] > 1e-6 for column in model.contract_short.values()):
        clash = contradiction(model, money=False, elastic_contracts=False)
        if clash is not None:
            raise clash
