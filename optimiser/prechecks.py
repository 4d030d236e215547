"""Contradictions that plain arithmetic sees before anything is solved."""

from __future__ import annotations

import numpy as np

from optimiser.allocation import Contradiction, Place, Repair, RuleInConflict
from optimiser.arithmetic import basic_package, exact, half_up
from optimiser.contradictions import clash_sentence
from optimiser.problem import FloatArray, Problem
from optimiser.rules import rule
from optimiser.sentences import euros


def areas_out_of_reach(problem: Problem) -> list[int]:
    """Areas whose own rules (locks, pace, a given ceiling) leave no possible area budget in some year.

    least[t] = max(locks, given, (1 - fall) least[t-1]);  most[t] = min(given, (1 + growth) most[t-1],
    most[t-1] + growth per head * inhabitants), from last year's ceiling where that is known.
    """
    choices, n_areas = problem.choices, len(problem.areas)
    locks = np.nansum(choices.locked_dst, axis=1)
    least = np.where(np.isnan(problem.last_ceiling), 0.0, problem.last_ceiling)
    most = np.where(np.isnan(problem.last_ceiling), np.inf, problem.last_ceiling)
    impossible = np.zeros(n_areas, dtype=bool)
    for t in range(len(problem.years)):
        falls, grows = np.abs(choices.max_fall_dt[:, t]), choices.max_growth_dt[:, t]
        per_head = choices.max_growth_per_head_dt[:, t] * problem.inhabitants[:, t]
        given = choices.ceiling_dt[:, t]
        least = np.fmax(np.fmax(locks[:, t], given), np.where(np.isnan(falls), 0.0, (1 - falls) * least))
        most = np.fmin(_unless_unknown((1 + grows) * most), _unless_unknown(most + per_head))
        most = np.fmin(most, _unless_unknown(given))
        impossible |= least > most + 1
        most = np.maximum(most, least)
    return np.flatnonzero(impossible).tolist()


def _unless_unknown(limit: FloatArray) -> FloatArray:
    return np.where(np.isnan(limit), np.inf, limit)


def prevention_out_of_reach(problem: Problem) -> Contradiction | None:
    """The first area whose minimum for prevention is above its maximum, or above what its programmes can take.

    Seen before the run: the programme itself would answer by emptying the area's budget. What the programmes can
    take is held against the share of the basic packages, which is the least that an area should get.
    """
    minimum, maximum = problem.choices.prevention_min_dt, problem.choices.prevention_max_dt
    basic = basic_package(problem.claims, problem.basic_share).sum(axis=1)
    for t, year in enumerate(problem.years):
        for d, area in enumerate(problem.areas):
            share = float(minimum[d, t])
            if not share > 0:
                continue
            asked = half_up(exact(share) * int(basic[d, t]))
            place = Place("preventie_min", year, area)
            if share > float(maximum[d, t]):
                allowed = half_up(exact(float(maximum[d, t])) * int(basic[d, t]))
                return _two_apart(problem, place, asked, Place("preventie_max", year, area), allowed)
            room = sum(sum(p.segment_cents) for p in problem.programmes if not p.areas or area in p.areas)
            if asked > room:
                return _two_apart(problem, place, asked, Place("preventie_ruimte", year, area), room)
    return None


def _two_apart(problem: Problem, low: Place, asked: int, high: Place, allowed: int) -> Contradiction:
    clash = (RuleInConflict(low, asked, allowed), RuleInConflict(high, allowed, asked))
    amount = asked - allowed
    repairs = [
        Repair((place,), amount, f"{verb} {rule(place.rule).title(problem, place)} met {euros(amount)}.")
        for place, verb in ((low, "Verlaag"), (high, "Verhoog"))
    ]
    return Contradiction(clash, tuple(repairs), clash_sentence(problem, clash, repairs))
