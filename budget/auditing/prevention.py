"""Prevention: its shares, its room, what it saves, and what is reinvested."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise, zip_longest
from math import lcm

import numpy as np

from budget.auditing.case import Amounts, Case, Miss, half_up
from budget.inputs import PreventionSegment


def prevention_share(case: Case) -> Iterator[Miss]:
    """preventie_min A <= q <= preventie_max A, both bounds rounded down to whole cents."""
    for d, t, place in case.area_years():
        spent, ceiling = int(case.plan.prevention[d, :, t].sum()), int(case.ceilings[d, t + 1])
        least, most = case.area_rule("preventie_min", d, t), case.area_rule("preventie_max", d, t)
        if least:
            yield int(Fraction(least.value) * ceiling) - spent, place
        if most:
            yield spent - int(Fraction(most.value) * ceiling), place


def prevention_room(case: Case) -> Iterator[Miss]:
    """A programme spends in its own districts, up to the end of its last segment, reinvested money included.

    No segment takes more reinvested money than it is wide.
    """
    spent = case.plan.prevention + case.plan.reinvested.sum(axis=2)
    for p, ((programme, _), curve) in enumerate(case.curves.items()):
        room = max(segment.up_to_cents for segment in curve)
        allowed = np.array([not curve[0].districts or area in curve[0].districts for area in case.areas])
        above = spent[:, p] - np.where(allowed, room, 0)[:, None]
        again = case.plan.reinvested[:, p].max(axis=(0, 2), initial=0)
        widths = [upper - lower for lower, upper in _pieces(curve)]
        for cents, width in zip_longest(again.tolist(), widths, fillvalue=0):
            yield cents - width, programme
        for d, t in np.argwhere(above > 0).tolist():
            yield int(above[d, t]), f"{programme} {case.areas[d]} {case.years[t]}"


def savings(case: Case) -> Iterator[Miss]:
    """Saving of year t = sum of earlier spending along the curve / duration, while it lasts, halves up.

    Reinvested money is in segments of its own, and first to save; an area's own money fills what that leaves. Money
    saves no more than the claim: programmes of one stream in code order.
    """
    left = case.claims.expected[:, :, 1:].astype(object)
    found = np.zeros(case.plan.savings.shape, dtype=object)
    for bought in (_bought_again, _bought):
        for p, ((_, stream), curve) in enumerate(case.curves.items()):
            amounts, parts = bought(curve, case.plan.prevention[:, p], case.plan.reinvested[:, p])
            s, lag, duration = case.streams.index(stream), curve[0].lag, curve[0].duration
            for t in range(len(case.years)):
                earning = amounts[:, max(0, t - lag - duration + 1) : max(0, t - lag + 1)].sum(axis=1)
                unit = parts * duration
                saved = np.minimum((2 * earning + unit) // (2 * unit), left[:, s, t])
                found[:, p, t] += saved
                left[:, s, t] -= saved
    off = abs(found - case.plan.savings.astype(object))
    for d, p, t in np.argwhere(off > 0).tolist():
        yield int(off[d, p, t]), f"{list(case.curves)[p][0]} {case.areas[d]} {case.years[t]}"


def reinvestment(case: Case) -> Iterator[Miss]:
    """Reinvested money was left over before: the share that is kept, unspent, not lapsed, below the cap."""
    spent = case.plan.reinvested.sum(axis=(1, 2))
    for d in np.flatnonzero(spent.any(axis=1)).tolist():
        pot = 0
        for t, year in enumerate(case.years):
            place, now = f"{case.areas[d]} {year}", int(spent[d, t])
            cap = case.most("herinvesteren_max", d, t)
            yield now - pot, place
            yield now - (now if cap is None else cap), place
            surplus = int(case.plan.free[d, t])
            kept, returned = (
                half_up(surplus * case.share(name, d, t))
                for name in ("herinvesteren_aandeel", "algemene_middelen_aandeel")
            )
            kept = kept if cap is None else min(kept, cap)
            carried = surplus - kept - min(returned, surplus - kept)
            rest, most = pot - now, case.most("meenemen_max", d, t)
            pot = kept + (rest if most is None else min(rest, max(0, most - min(carried, most))))


def _pieces(curve: list[PreventionSegment]) -> Iterator[tuple[int, int]]:
    """Where each segment starts and ends, in cents."""
    return pairwise([0, *(segment.up_to_cents for segment in curve)])


def _slopes(curve: list[PreventionSegment]) -> tuple[list[int], int]:
    """Cashable municipal saving per cent and segment, in whole parts, and how many parts a cent has."""
    slopes = [
        Fraction(str(segment.saving_per_euro))
        * Fraction(str(segment.cashable))
        * Fraction(str(segment.municipal_share))
        for segment in curve
    ]
    parts = lcm(*(slope.denominator for slope in slopes))
    return [int(slope * parts) for slope in slopes], parts


def _bought_again(curve: list[PreventionSegment], own: Amounts, again: Amounts) -> tuple[Amounts, int]:
    """What reinvested money (d, k, t) saves over its whole duration, (d, t) in parts of a cent."""
    slopes, parts = _slopes(curve)
    bought = 0 * own.astype(object)
    for k, slope in enumerate(slopes):
        bought += again[:, k].astype(object) * slope
    return bought, parts


def _bought(curve: list[PreventionSegment], own: Amounts, again: Amounts) -> tuple[Amounts, int]:
    """What own money (d, t) saves over its whole duration, in the room that reinvested money leaves."""
    slopes, parts = _slopes(curve)
    left, bought = own.astype(object), 0 * own.astype(object)
    for k, ((lower, upper), slope) in enumerate(zip(_pieces(curve), slopes, strict=True)):
        part = np.minimum(left, upper - lower - again[:, k])
        bought += part * slope
        left = left - part
    return bought, parts
