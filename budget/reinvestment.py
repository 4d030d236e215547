"""Reinvestment over the years: what an area has left in one year pays for its prevention in the next.

Per area d and plan year t, in cents, with `to_prevention` and `carried` of the surplus as `settle_surplus` has them:

    available[t] = to_prevention[t-1] + rest[t-1]
    spent[t]    <= min(available[t], herinvesteren_max[t]), in what programmes have left above the area's own spending
    rest[t]      = min(available[t] - spent[t], meenemen_max[t] - carried[t])
    lapsed[t]    = available[t] - spent[t] - rest[t]                        to the general means

A surplus is what is left after every claim, so it is known only when a plan is made: a plan is made, what its surplus
pays is added to the problem as given (`Reinvestment`), and the plan is made again, with lower claims later on. That
may leave a new surplus in a later year; it ends when nothing more can be spent. Spending goes to the segment that
saves most per euro, and never to one that saves nothing. Every euro stays money of the year that left it over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from math import isnan

import numpy as np
import numpy.typing as npt

from budget.year.settlement import Settlement, settle_surplus
from optimiser.allocate import decision, undecided
from optimiser.allocate import explained as with_reasons
from optimiser.allocation import Allocation, Contradiction
from optimiser.arithmetic import in_segments, saved_by, saving_years
from optimiser.model import MARGIN, Model
from optimiser.problem import Problem, Reinvestment
from optimiser.solver import LiveModel, NotSolved

Cents = npt.NDArray[np.int64]
_WORTH_A_PLAN = 100
"""Cents; for less in the whole city the plan is not made again."""


@dataclass(frozen=True)
class Pots:
    """What becomes of every area's surplus. All (d, t), in cents."""

    surplus: Cents
    to_prevention: Cents
    general: Cents
    carried: Cents
    available: Cents
    """For prevention, from the years before."""
    spent: Cents
    rest: Cents
    """Not spent yet, and still the area's in the year after."""
    lapsed: Cents
    """Not spent, above what may be carried over: to the general means."""
    earned: Cents
    """The part of the surplus that prevention earned: no more than it saved that year."""


@dataclass(frozen=True)
class Round:
    """The allocation, and the problem with what is reinvested in it so far."""

    problem: Problem
    allocation: Allocation
    model: Model
    """The programme of the first round, which knows of no reinvestment."""
    live: LiveModel
    """The solver that holds it."""
    settled: bool
    """Nothing more is reinvested."""

    def explained(self) -> Allocation:
        """The allocation with its shadow prices and its proof."""
        model = self.model if self.problem.reinvestment is None else None
        return with_reasons(self.problem, self.allocation, model)


def rounds(problem: Problem, like: LiveModel | None = None) -> Iterator[Round]:
    """The allocation before any surplus is reinvested, and again with what the surplus pays for. The last is the plan.

    `like`: the programme of nearly the same problem; from there it is sooner solved. Raises Contradiction.
    """
    model, live, order = undecided(problem, like)
    allocation, kept = decision(model, live, order), np.zeros(problem.claims.shape[::2], dtype=np.int64)
    for _ in problem.years[1:]:
        more = _reinvestment(problem, allocation, kept)
        if more is None:
            break
        yield Round(problem, allocation, model, live, settled=False)
        found = _planned_again(problem, allocation, more, live)
        if found is None:
            break
        (problem, allocation), kept = found, more.kept
    yield Round(problem, allocation, model, live, settled=True)


def _planned_again(
    problem: Problem, allocation: Allocation, more: Reinvestment, like: LiveModel
) -> tuple[Problem, Allocation] | None:
    """The plan with what is reinvested; None where the surplus that pays for it cannot stay.

    It nearly always stays by itself; only where it does not it becomes a rule.
    """
    for kept in (np.zeros_like(more.kept), more.kept):
        richer = replace(problem, reinvestment=replace(more, kept=kept))
        if not kept.any() and _changes_no_claim(problem, more):
            return richer, replace(allocation, reinvested=more.spent)
        with suppress(Contradiction, NotSolved):
            again = decision(*undecided(richer, like))
            if (again.free >= more.kept).all():
                return richer, again
    return None


def _changes_no_claim(problem: Problem, more: Reinvestment) -> bool:
    """Whatever is reinvested more saves nothing within the plan, so that the best plan stays the best.

    Its programmes lose room, but none that the plan uses: what was best of more is best of less that still has it.
    """
    before = problem.reinvestment
    if before is None:
        return not more.saved.any()
    return not before.kept.any() and bool((more.saved == before.saved).all())


def pots(problem: Problem, allocation: Allocation) -> Pots:
    """The pots of a plan, from its free room and what it reinvests."""
    spent = allocation.reinvested.sum(axis=(1, 2))
    courses = [
        _follow(problem, d, allocation.free[d], lambda t, _, d=d: int(spent[d, t]))  # type: ignore[misc]
        for d in range(len(problem.areas))
    ]
    saved = np.maximum(allocation.savings.sum(axis=1), 0)
    columns = {
        field.name: np.array([getattr(course, field.name) for course in courses], dtype=np.int64)
        for field in fields(_Course)
        if field.name != "used"
    }
    return Pots(surplus=allocation.free, spent=spent, earned=np.minimum(allocation.free, saved), **columns)


@dataclass(frozen=True)
class _Course:
    """One area's pot through the years; every list (t)."""

    to_prevention: list[int]
    general: list[int]
    carried: list[int]
    available: list[int]
    rest: list[int]
    lapsed: list[int]
    used: list[int]
    """Of `to_prevention` of each year, what was spent in a later one: the oldest money goes first."""


def _follow(problem: Problem, d: int, surplus: Cents, spend: Callable[[int, int], int]) -> _Course:
    """The pot of area d, given its surplus (t) and what it spends of what is available in a year."""
    course = _Course([], [], [], [], [], [], [0] * len(problem.years))
    layers: list[int] = []
    for t in range(len(problem.years)):
        course.available.append(sum(layers))
        for year, cents in enumerate(_taken(layers, spend(t, sum(layers)))):
            course.used[year] += cents
        settled = settled_surplus(problem, d, t, int(surplus[t]))
        cap = _cap(problem.choices.carry_cap_dt[d, t])
        lapsed = 0 if cap is None else max(0, sum(layers) - max(0, cap - settled.carried))
        _taken(layers, lapsed)
        course.lapsed.append(lapsed)
        course.rest.append(sum(layers))
        course.to_prevention.append(settled.prevention)
        course.general.append(settled.general)
        course.carried.append(settled.carried)
        layers.append(settled.prevention)
    return course


def _taken(layers: list[int], cents: int) -> list[int]:
    """Take an amount from the layers, the oldest first; what each gave."""
    taken = []
    for year, layer in enumerate(layers):
        taken.append(min(layer, cents))
        layers[year] -= taken[-1]
        cents -= taken[-1]
    return taken


def settled_surplus(problem: Problem, d: int, t: int, surplus: int) -> Settlement:
    """A surplus of one area and year, divided by its local choices."""
    choices = problem.choices
    return settle_surplus(
        surplus,
        retained_share=_share(choices.retained_share_dt[d, t]),
        general_share=_share(choices.general_share_dt[d, t]),
        reinvest_cap=_cap(choices.reinvest_cap_dt[d, t]),
        carry_cap=_cap(choices.carry_cap_dt[d, t]),
    )


def _cap(cents: float) -> int | None:
    """A limit in whole cents; None where there is none."""
    return None if isnan(cents) else round(float(cents))


def _share(share: float) -> float:
    """A share; none is 0."""
    return 0.0 if isnan(share) else float(share)


def _reinvestment(problem: Problem, allocation: Allocation, before: Cents) -> Reinvestment | None:
    """What the surplus of this allocation pays for, with what was reinvested before; None when that is all.

    `before` (d, t) is the surplus that was counted on until now. Nothing is added in a year before one that spends
    already: that money may be what it counts on.
    """
    spent, kept = allocation.reinvested.copy(), np.zeros_like(allocation.free)
    taken = in_segments(problem, allocation.prevention) + allocation.reinvested
    for d in range(len(problem.areas)):

        def spend(t: int, available: int, d: int = d) -> int:
            if spent[d, ..., t + 1 :].any():
                return int(spent[d, ..., t].sum())
            cap = _cap(problem.choices.reinvest_cap_dt[d, t])
            left = (available if cap is None else min(available, cap)) - int(spent[d, ..., t].sum())
            for p, k in _useful_segments(problem, allocation, d, t):
                room = problem.programmes[p].segment_cents[k] - int(taken[d, p, k, t])
                part = max(0, min(left, room))
                spent[d, p, k, t] += part
                left -= part
            return int(spent[d, ..., t].sum())

        certain = np.maximum(allocation.free[d] - _rounding(problem, d), before[d])
        used = np.array(_follow(problem, d, certain, spend).used)
        kept[d] = np.where(used > 0, certain, 0)
    if (spent - allocation.reinvested).sum() < _WORTH_A_PLAN:
        return None
    return Reinvestment(spent, saved_by(problem, spent, problem.claims), kept)


def _rounding(problem: Problem, d: int) -> Cents:
    """(t) cents of free room that rounding may move: where the programme keeps a margin for a rule of pace."""
    pace = problem.choices.max_fall_dt[d], problem.choices.max_growth_dt[d]
    moved = np.where((np.nan_to_num(pace) != 0).any(axis=0), 2 * MARGIN, 0)
    moved[0] = 0
    return moved


def _useful_segments(problem: Problem, allocation: Allocation, d: int, t: int) -> Iterator[tuple[int, int]]:
    """Programme and segment of everything that saves something in the area, the best saving first."""
    found = [
        (-slope, p, k)
        for p, programme in enumerate(problem.programmes)
        if problem.areas[d] in programme.areas and _something_to_save(problem, allocation, d, p, t)
        for k, slope in enumerate(programme.saving_per_euro)
        if slope > 0
    ]
    for _, p, k in sorted(found):
        yield p, k


def _something_to_save(problem: Problem, allocation: Allocation, d: int, p: int, t: int) -> bool:
    """Cost is left in a year in which the saving falls, or that year is after the plan."""
    s = problem.streams.index(problem.programmes[p].stream)
    years = saving_years(problem.programmes[p], t)
    return any(year >= len(problem.years) or allocation.claims_after[d, s, year] > 0 for year in years)
