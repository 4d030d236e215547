"""The main job on one page: from checked inputs to an explained plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from budget.audit import Finding, audit
from budget.change import Change, causes_of_change
from budget.claims import Claims, price
from budget.explanation import Step, explain
from budget.inputs import Inputs
from budget.norm import norm_amounts
from budget.payback import assumptions as about_prevention
from budget.problem import allocation_problem
from budget.reinvestment import Round, rounds
from forecasts.demand import Comparison, Demand
from forecasts.forecast import Method, forecast_demand
from forecasts.second_opinion import blend
from optimiser.allocate import explained as with_reasons
from optimiser.allocation import Allocation
from optimiser.problem import Problem
from optimiser.solver import LiveModel

Progress = Callable[[str, float], None]
"""Told what is going on (Dutch) and how far the whole job is (0-1)."""

N_DRAWS = 500
SEED = 2027


@dataclass(frozen=True)
class Plan:
    """Everything that a reader of the plan may ask about."""

    inputs: Inputs
    demand: Demand
    claims: Claims
    problem: Problem
    allocation: Allocation
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    second_opinion: tuple[Comparison, ...] = ()
    """Outside forecasts beside our own, as it was before any of them was worked in."""
    change: Change | None = None
    """The order-free causes of every change, where they were asked for (see `with_causes_of_change`)."""
    settled: bool = True
    """False before its surplus is reinvested: amounts will shift a little (see `plan_in_rounds`)."""

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Every default and fallback that was used, as Dutch sentences, in the order of the path of the data."""
        _, norm_notes = norm_amounts(self.inputs, self.claims)
        return (
            *(*self.inputs.provenance.defaults, *self.demand.notes, *self.claims.notes, *norm_notes),
            *about_prevention(self.inputs),
        )


def make_plan(
    inputs: Inputs,
    *,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    method: Method = "ensemble",
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Plan:
    """Forecast, price, allocate, explain and audit. Raises `Contradiction` when the rules exclude each other."""
    report = progress or _silent
    demand = forecast(
        inputs,
        n_draws=n_draws,
        seed=seed,
        method=method,
        progress=lambda text, done: report(text, 0.8 * done),
        executor=executor,
    )
    report("Budgetten verdelen", 0.8)
    plan = plan_demand(inputs, demand)
    report("Oorzaken uit elkaar halen", 0.9)
    plan = with_causes_of_change(plan)
    report("Plan klaar", 1.0)
    return plan


def forecast(
    inputs: Inputs,
    *,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    method: Method = "ensemble",
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Demand:
    """The demand of one municipality up to its last plan year, with second opinions worked in.

    `method` = `prophet` leaves the point forecast to plain Prophet. `executor`: workers of one's own.
    """
    demand = forecast_demand(
        inputs.history,
        inputs.population,
        inputs.last_year,
        n_draws=n_draws,
        seed=seed,
        method=method,
        progress=progress,
        executor=executor,
    )
    blended, _ = blend(demand, inputs.outside, inputs.municipality.code)
    return blended


def plan_demand(inputs: Inputs, demand: Demand, *, explained: bool = True) -> Plan:
    """Everything after the forecast: what a changed rule or amount asks for. Raises `Contradiction`.

    Without `explained` the same amounts come sooner, and the shadow prices and the proof when they are asked for
    (see the function `explained`).
    """
    claims = price(demand, inputs)
    *_, found = rounds(allocation_problem(inputs, claims))
    if explained:
        found = replace(found, allocation=found.explained())
    return _plan(inputs, demand, claims, found)


def plan_in_rounds(
    inputs: Inputs, demand: Demand, like: LiveModel | None = None
) -> Iterator[tuple[Plan, LiveModel]]:
    """The same plan without its reasons: before any surplus is reinvested, then after; the last is settled.

    Beside each where it was decided from: given as `like`, the plan of nearly the same inputs is sooner there. Raises
    `Contradiction`.
    """
    claims = price(demand, inputs)
    for found in rounds(allocation_problem(inputs, claims), like):
        yield _plan(inputs, demand, claims, found), found.live


def _plan(inputs: Inputs, demand: Demand, claims: Claims, found: Round) -> Plan:
    steps = explain(inputs, claims, found.allocation)
    return Plan(
        inputs,
        demand,
        claims,
        found.problem,
        found.allocation,
        steps,
        audit(inputs, claims, found.allocation, steps),
        demand.second_opinion,
        settled=found.settled,
    )


def explained(plan: Plan) -> Plan:
    """The plan with its shadow prices and its proof; a plan that has them comes back as it is."""
    if plan.allocation.certificate is not None:
        return plan
    return replace(plan, allocation=with_reasons(plan.problem, plan.allocation))


def with_causes_of_change(plan: Plan) -> Plan:
    """The plan with the order-free causes of every change (32 allocations); None with too many areas."""
    return replace(plan, change=causes_of_change(plan.inputs, plan.claims, plan.problem, plan.allocation))


def _silent(text: str, done: float) -> None:
    """Tell nobody."""
