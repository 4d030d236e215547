"""Money: every euro has one destination, one payer, and stays within what there is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from budget.auditing.case import Case, Miss, half_up
from budget.rules import rule_at


def balance(case: Case) -> Iterator[Miss]:
    """Middelen + reserve out = areas + city + unspent + buffer + reserve in."""
    plan = case.plan
    for t, year in enumerate(case.years):
        funded = sum(f.cents for f in case.inputs.funding if f.year == year)
        spent = (
            case.ceilings[:, t + 1].sum() + plan.city[:, t].sum() + plan.unspent[:, t].sum() + plan.buffer[t]
        )
        off = funded + plan.reserve_out[:, t].sum() - spent - plan.reserve_in[:, t].sum()
        yield abs(int(off)), str(year)


def no_negatives(case: Case) -> Iterator[Miss]:
    """Every amount is 0 or more; only the saving of a programme may be negative."""
    plan = case.plan
    for amounts in (
        plan.budgets,
        plan.prevention,
        plan.reinvested,
        plan.free,
        plan.city,
        plan.unspent,
        plan.buffer,
        plan.reserve_in,
        plan.reserve_out,
        plan.source_use,
    ):
        yield -int(amounts.min(initial=0)), "kleinste bedrag"


def ring_fence(case: Case) -> Iterator[Miss]:
    """A source pays for its own streams only, and never more than it holds."""
    for g, (source, allowed) in enumerate(case.sources):
        for s, stream in enumerate(case.streams):
            if allowed and stream not in allowed:
                yield int(case.plan.source_use[g, s].sum()), f"{source} voor {stream}"
        for t, year in enumerate(case.years):
            yield (
                int(case.plan.source_use[g, :, t].sum()) - case.held(source, allowed, year),
                f"{source} {year}",
            )
            if allowed:
                left = case.held(source, allowed, year) - int(case.plan.source_use[g, :, t].sum())
                yield abs(left - int(case.plan.unspent[g, t])), f"overschot {source} {year}"


def paid(case: Case) -> Iterator[Miss]:
    """Areas and city together get for a stream what sources pay for it; reserves pay the rest, if anything."""
    support = case.plan.budgets.sum(axis=0) + case.plan.city
    from_reserves = support - case.plan.source_use.sum(axis=0)
    for s, t in np.ndindex(*from_reserves.shape):
        yield -int(from_reserves[s, t]), f"{case.streams[s]} {case.years[t]}"
    for t, year in enumerate(case.years):
        yield int(from_reserves[:, t].sum() - case.plan.reserve_out[:, t].sum()), str(year)


def buffer(case: Case) -> Iterator[Miss]:
    """Buffer = share of all money of the year, halves up."""
    for t, year in enumerate(case.years):
        rule = rule_at(case.inputs.rules, "buffer_centraal", year=year)
        funded = sum(f.cents for f in case.inputs.funding if f.year == year)
        wanted = half_up(funded * Decimal(str(rule.value))) if rule else 0
        yield abs(int(case.plan.buffer[t]) - wanted), str(year)


def reserves(case: Case) -> Iterator[Miss]:
    """Minimum <= balance <= maximum, and no more is drawn than agreed, nothing after the end date."""
    for r, reserve in enumerate(sorted(case.inputs.reserves, key=lambda reserve: reserve.name)):
        balance = reserve.balance_cents
        for t, year in enumerate(case.years):
            drawn, added = int(case.plan.reserve_out[r, t]), int(case.plan.reserve_in[r, t])
            ended = reserve.end is not None and reserve.end.year < year
            place = f"{reserve.name} {year}"
            yield drawn - (0 if ended else reserve.draw_limit_cents), place
            balance += added - drawn
            if drawn or added:
                yield reserve.minimum_cents - balance, place
                yield (
                    balance - (reserve.maximum_cents if reserve.maximum_cents is not None else balance),
                    place,
                )
