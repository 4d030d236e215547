"""The formulas that everybody must compute alike, to the cent: basic package, savings, central buffer.

A share or a price in the inputs is a decimal that a person typed, held as a binary fraction. `exact` gives the
decimal back, so that 0.285 of € 100 is € 28.50 for the solver, the rounding, the audit and a pocket calculator.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from math import ceil, floor, lcm

import numpy as np

from optimiser.problem import Cents, FloatArray, Problem, Programme

_HALF = Fraction(1, 2)


@cache
def exact(value: float) -> Fraction:
    """The shortest decimal that reads as `value`, as a fraction.

    >>> exact(0.285)
    Fraction(57, 200)
    """
    return Fraction(repr(float(value)))


def half_up(value: Fraction) -> int:
    """The nearest whole cent, halves up.

    >>> half_up(Fraction(5, 2)), half_up(Fraction(-5, 2))
    (3, -2)
    """
    return floor(value + _HALF)


def ceil_cents(value: Fraction) -> int:
    """The smallest whole number of cents that is not below `value`."""
    return ceil(value)


def floor_cents(value: Fraction) -> int:
    """The largest whole number of cents that is not above `value`."""
    return floor(value)


def basic_package(claims: Cents, shares: FloatArray) -> Cents:
    """The part of each claim that must be funded: floor(share * claim + 1/2). Shapes as `claims`.

    >>> basic_package(np.array([10001, 10000]), np.array([0.5, 0.285])).tolist()
    [5001, 2850]
    """
    wanted = np.broadcast_to(shares, claims.shape)
    result = np.empty(claims.shape, dtype=np.int64)
    for share in np.unique(wanted):
        top, bottom = exact(share).as_integer_ratio()
        cells = wanted == share
        if bottom < 10**6 and abs(top) < 10**6:
            result[cells] = (2 * top * claims[cells] + bottom) // (2 * bottom)
        else:
            result[cells] = [half_up(exact(share) * int(claim)) for claim in claims[cells]]
    return result


def total_money(problem: Problem) -> Cents:
    """(t) all sources of each year together."""
    return np.sum([source.amounts for source in problem.sources], axis=0, dtype=np.int64) + np.zeros(
        len(problem.years), dtype=np.int64
    )


def central_buffer(problem: Problem) -> Cents:
    """(t) what is held back: buffer_share_t x all sources of the year, halves up."""
    shares = np.nan_to_num(problem.choices.buffer_share_t)
    return np.array(
        [
            half_up(exact(share) * int(money))
            for share, money in zip(shares, total_money(problem), strict=True)
        ],
        dtype=np.int64,
    )


def saving_years(programme: Programme, t: int) -> range:
    """The years in which money spent in year t saves: t+lag ... t+lag+duration-1, past the horizon too."""
    return range(t + programme.lag, t + programme.lag + programme.duration)


def savings_of(problem: Problem, prevention: Cents) -> Cents:
    """Cost avoided per (d, p, t) by all earlier spending `prevention` (d, p, t) out of area budgets.

    Segments are filled in order, in what reinvested money leaves of them; see `saved_by`.
    """
    claims, given = problem.claims, problem.reinvestment
    if given is not None and not given.in_claims:
        claims = claims_after_savings(problem, given.saved)
    return saved_by(problem, in_segments(problem, prevention), claims)


def in_segments(problem: Problem, prevention: Cents) -> Cents:
    """(d, p, k, t) spending (d, p, t) by segment, in order, in what reinvested money leaves."""
    longest = max((len(programme.segment_cents) for programme in problem.programmes), default=0)
    parts = np.zeros((*prevention.shape[:2], longest, prevention.shape[2]), dtype=np.int64)
    left = prevention.copy()
    for k in range(longest):
        parts[:, :, k] = np.minimum(left, room_in_segment(problem, k))
        left -= parts[:, :, k]
    return parts


def room_in_segment(problem: Problem, k: int) -> Cents:
    """(d, p, t) what segment k takes of an area's own money."""
    widths = [p.segment_cents[k] if k < len(p.segment_cents) else 0 for p in problem.programmes]
    n_areas, _, n_years = problem.shape
    room: Cents = np.zeros((n_areas, len(widths), n_years), dtype=np.int64)
    room += np.array(widths, dtype=np.int64)[:, None]
    if problem.reinvestment is not None:
        room -= problem.reinvestment.spent[:, :, k]
    return room


def saved_by(problem: Problem, parts: Cents, claims: Cents) -> Cents:
    """Cost avoided per (d, p, t) by spending `parts` (d, p, k, t), halves up once per cell.

    saving[d, p, t] = sum over years n with t in saving_years(n) of sum_k slope_k * part[k, n] / duration. Nobody
    saves more than there is: programmes of one stream, in order, save at most what is left of `claims` (d, s, t).
    """
    n_areas, n_programmes, _, n_years = parts.shape
    savings = np.zeros((n_areas, n_programmes, n_years), dtype=np.int64)
    unsaved = claims.copy()
    for p, programme in enumerate(problem.programmes):
        slopes = [exact(slope) for slope in programme.saving_per_euro]
        parts_per_cent = lcm(*(slope.denominator for slope in slopes))
        earned = np.zeros((n_areas, n_years), dtype=object)
        for k, slope in enumerate(slopes):
            earned += parts[:, p, k].astype(object) * int(slope * parts_per_cent)
        yearly = np.zeros((n_areas, n_years), dtype=object)
        for n in range(n_years):
            for t in saving_years(programme, n):
                if t < n_years:
                    yearly[:, t] += earned[:, n]
        unit = parts_per_cent * programme.duration
        s = problem.streams.index(programme.stream)
        savings[:, p] = np.minimum((2 * yearly + unit) // (2 * unit), unsaved[:, s])
        unsaved[:, s] -= savings[:, p]
    return savings


def with_savings_in_claims(problem: Problem) -> Problem:
    """The problem with claims, and scenarios, as low as what is reinvested makes them."""
    given = problem.reinvestment
    if given is None or given.in_claims:
        return problem
    claims = claims_after_savings(problem, given.saved)
    lower = None if problem.scenarios is None else problem.scenarios - (problem.claims - claims)[..., None]
    counted = replace(given, in_claims=True)
    return replace(problem, claims=claims, scenarios=lower, reinvestment=counted)


def claims_after_savings(problem: Problem, savings: Cents) -> Cents:
    """(d, s, t) expected cost that is left: claim - savings of the programmes in the stream."""
    left = problem.claims.copy()
    for p, programme in enumerate(problem.programmes):
        left[:, problem.streams.index(programme.stream), :] -= savings[:, p, :]
    return left
