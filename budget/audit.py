"""The independent check of every plan: each rule recomputed from inputs and result, without the solver.

Nothing here reads the allocation problem: rules, money and programmes are taken from the inputs once more, place
by place, so that a mistake on the way to the solver shows as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from budget.claims import Claims
from budget.explanation import LAST_YEAR, Step
from budget.inputs import CITY, FREE, PREVENTION, Inputs, PreventionSegment, Rule
from budget.money import format_cents
from budget.norm import inhabitants
from budget.rules import rule_at
from optimiser.allocation import Allocation


@dataclass(frozen=True)
class Finding:
    """One check: its Dutch name, and by how many cents the plan misses it at most (0: it holds)."""

    name: str
    difference_cents: int
    detail: str = ""
    """Dutch: where it is missed most; "" when it holds."""

    @property
    def holds(self) -> bool:
        """True when the plan keeps this rule everywhere."""
        return self.difference_cents == 0


Amounts = npt.NDArray[Any]
Miss = tuple[int, str]
"""By how many cents a rule is missed (0 or less: it holds), and where."""


def audit(
    inputs: Inputs, claims: Claims, allocation: Allocation, steps: tuple[Step, ...]
) -> tuple[Finding, ...]:
    """Every rule of the contract checked on every place where it speaks; one finding per rule."""
    case = _Case(inputs, claims, allocation)
    checks: tuple[tuple[str, Callable[[], Iterator[Miss]]], ...] = (
        ("Middelen en bestemming zijn elk jaar gelijk", case.balance),
        ("Geen bedrag is negatief", case.no_negatives),
        ("Geoormerkt geld betaalt alleen zijn eigen stromen", case.ring_fence),
        ("Elke stroom is precies uit bronnen en reserves betaald", case.paid),
        ("Centrale buffer volgt buffer_centraal", case.buffer),
        ("Plafonds dalen niet meer dan groei_min", case.fall),
        ("Plafonds groeien niet meer dan groei_max", case.growth),
        ("Plafonds groeien niet meer dan groei_max_per_inwoner", case.growth_per_head),
        ("Vastgezette cellen zijn precies het vaste bedrag", case.locks),
        ("Gegeven plafonds zijn precies gevolgd", case.given_ceilings),
        ("Preventie ligt binnen preventie_min en preventie_max", case.prevention_share),
        ("Preventie past binnen de segmenten van geboekte programma's", case.prevention_room),
        ("Besparing volgt uit eerdere preventie", case.savings),
        ("Herinvestering komt uit het overschot van eerdere jaren, binnen haar grenzen", case.reinvestment),
        ("Tekort is het niet gedekte deel van het basispakket", case.shortfall),
        (
            "Geen stroom krijgt meer dan zijn verwachte lasten, tenzij vastgezet of gecontracteerd",
            case.no_excess,
        ),
        ("Reserves blijven tussen minimum en maximum", case.reserves),
        ("De verklaring telt op tot elk plafond", lambda: case.explained(steps)),
    )
    return tuple(_finding(name, check()) for name, check in checks)


def _finding(name: str, misses: Iterator[Miss]) -> Finding:
    worst, place = max(misses, default=(0, ""))
    return Finding(name, worst, place) if worst > 0 else Finding(name, 0)


class _Case:
    """One plan under audit; every method yields the misses of one rule."""

    def __init__(self, inputs: Inputs, claims: Claims, allocation: Allocation) -> None:
        self.inputs = inputs
        self.claims = claims
        self.plan = allocation
        self.areas = inputs.area_codes
        self.streams = inputs.stream_codes
        self.years = inputs.years
        self.sources = sorted(
            {(f.source, tuple(sorted(f.streams))) for f in inputs.funding if f.year in inputs.years}
        )
        self.curves = _booked_curves(inputs)
        self.rules: dict[str, list[Rule]] = {}
        for rule in inputs.rules:
            self.rules.setdefault(rule.name, []).append(rule)
        self.ceilings = np.concatenate([self._last_ceilings()[:, None], self.plan.ceilings], axis=1)
        """(d, 1 + t), the year before the plan in front, -1 where unknown."""

    # money

    def balance(self) -> Iterator[Miss]:
        """Middelen + reserve out = areas + city + unspent + buffer + reserve in."""
        plan = self.plan
        for t, year in enumerate(self.years):
            funded = sum(f.cents for f in self.inputs.funding if f.year == year)
            spent = (
                self.ceilings[:, t + 1].sum()
                + plan.city[:, t].sum()
                + plan.unspent[:, t].sum()
                + plan.buffer[t]
            )
            off = funded + plan.reserve_out[:, t].sum() - spent - plan.reserve_in[:, t].sum()
            yield abs(int(off)), str(year)

    def no_negatives(self) -> Iterator[Miss]:
        """Every amount is 0 or more; only the saving of a programme may be negative."""
        plan = self.plan
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

    def ring_fence(self) -> Iterator[Miss]:
        """A source pays for its own streams only, and never more than it holds."""
        for g, (source, allowed) in enumerate(self.sources):
            for s, stream in enumerate(self.streams):
                if allowed and stream not in allowed:
                    yield int(self.plan.source_use[g, s].sum()), f"{source} voor {stream}"
            for t, year in enumerate(self.years):
                yield (
                    int(self.plan.source_use[g, :, t].sum()) - self._held(source, allowed, year),
                    f"{source} {year}",
                )
                if allowed:
                    left = self._held(source, allowed, year) - int(self.plan.source_use[g, :, t].sum())
                    yield abs(left - int(self.plan.unspent[g, t])), f"overschot {source} {year}"

    def paid(self) -> Iterator[Miss]:
        """Areas and city together get for a stream what sources pay for it; reserves pay the rest, if anything."""
        support = self.plan.budgets.sum(axis=0) + self.plan.city
        from_reserves = support - self.plan.source_use.sum(axis=0)
        for s, t in np.ndindex(*from_reserves.shape):
            yield -int(from_reserves[s, t]), f"{self.streams[s]} {self.years[t]}"
        for t, year in enumerate(self.years):
            yield int(from_reserves[:, t].sum() - self.plan.reserve_out[:, t].sum()), str(year)

    def buffer(self) -> Iterator[Miss]:
        """Buffer = share of all money of the year, halves up."""
        for t, year in enumerate(self.years):
            rule = rule_at(self.inputs.rules, "buffer_centraal", year=year)
            funded = sum(f.cents for f in self.inputs.funding if f.year == year)
            wanted = _half_up(funded * Decimal(str(rule.value))) if rule else 0
            yield abs(int(self.plan.buffer[t]) - wanted), str(year)

    # ceilings

    def fall(self) -> Iterator[Miss]:
        """A[t] >= (1 - groei_min) A[t-1]."""
        for rule, before, now, place in self._paced("groei_min"):
            yield ceil((1 - abs(Fraction(rule.value))) * before) - now, place

    def growth(self) -> Iterator[Miss]:
        """A[t] <= (1 + groei_max) A[t-1]."""
        for rule, before, now, place in self._paced("groei_max"):
            yield now - int((1 + Fraction(rule.value)) * before), place

    def growth_per_head(self) -> Iterator[Miss]:
        """A[t] <= A[t-1] + groei_max_per_inwoner * inhabitants."""
        people = {year: inhabitants(self.inputs, "totaal", year) for year in self.years}
        for rule, before, now, place in self._paced("groei_max_per_inwoner"):
            area, year = place.split(" ")
            heads = people[int(year)][self.areas.index(area)]
            if not np.isnan(heads):
                yield now - before - int(Fraction(rule.value) * 100 * Fraction(heads)), place

    def given_ceilings(self) -> Iterator[Miss]:
        """A[t] = plafond."""
        for d, t, place in self._area_years():
            rule = self._area_rule("plafond", d, t)
            if rule:
                yield abs(int(self.ceilings[d, t + 1]) - _half_up(rule.value * 100)), place

    def locks(self) -> Iterator[Miss]:
        """x = vast, also for the city where the rule names it."""
        if "vast" not in self.rules:
            return
        for d, s, t in np.ndindex(*self.plan.budgets.shape):
            yield self._off_lock(self.areas[d], s, t, int(self.plan.budgets[d, s, t]))
        for s, t in np.ndindex(*self.plan.city.shape):
            yield self._off_lock(CITY, s, t, int(self.plan.city[s, t]))

    def _off_lock(self, area: str, s: int, t: int, cents: int) -> Miss:
        rule = self._lock(area, s, t)
        return (
            abs(cents - _half_up(rule.value * 100)) if rule else 0
        ), f"{area} {self.years[t]} {self.streams[s]}"

    # prevention

    def prevention_share(self) -> Iterator[Miss]:
        """preventie_min A <= q <= preventie_max A, both bounds rounded down to whole cents."""
        for d, t, place in self._area_years():
            spent, ceiling = int(self.plan.prevention[d, :, t].sum()), int(self.ceilings[d, t + 1])
            least, most = self._area_rule("preventie_min", d, t), self._area_rule("preventie_max", d, t)
            if least:
                yield int(Fraction(least.value) * ceiling) - spent, place
            if most:
                yield spent - int(Fraction(most.value) * ceiling), place

    def prevention_room(self) -> Iterator[Miss]:
        """A programme spends in its own districts, up to the end of its last segment, reinvested money included."""
        spent = self.plan.prevention + self.plan.reinvested
        for p, ((programme, _), curve) in enumerate(self.curves.items()):
            room = max(segment.up_to_cents for segment in curve)
            for d, t, place in self._area_years():
                allowed = not curve[0].districts or self.areas[d] in curve[0].districts
                yield int(spent[d, p, t]) - (room if allowed else 0), f"{programme} {place}"

    def savings(self) -> Iterator[Miss]:
        """Saving of year t = sum of earlier spending along the curve / duration, while it lasts; within a cent.

        Of all spending, reinvested money included. Programmes of one stream, in code order, save no more together than
        the claim. Everything in whole parts of a cent.
        """
        left = self.claims.expected[:, :, 1:].astype(object)
        spent = (self.plan.prevention + self.plan.reinvested).astype(object)
        for p, ((programme, stream), curve) in enumerate(self.curves.items()):
            s, lag, duration = self.streams.index(stream), curve[0].lag, curve[0].duration
            bought, parts = _bought(curve, spent[:, p])
            unit = parts * duration
            for t in range(len(self.years)):
                earning = bought[:, max(0, t - lag - duration + 1) : max(0, t - lag + 1)].sum(axis=1)
                saved = self.plan.savings[:, p, t].astype(object)
                off = abs(np.minimum(earning, left[:, s, t] * unit) - saved * unit) // unit
                for d in np.flatnonzero(off).tolist():
                    yield int(off[d]), f"{programme} {self.areas[d]} {self.years[t]}"
                left[:, s, t] -= saved

    def reinvestment(self) -> Iterator[Miss]:
        """Reinvested money was left over before: the share that is kept, unspent, not lapsed, below the cap."""
        spent = self.plan.reinvested.sum(axis=1)
        for d in np.flatnonzero(spent.any(axis=1)).tolist():
            pot = 0
            for t, year in enumerate(self.years):
                place, now = f"{self.areas[d]} {year}", int(spent[d, t])
                cap = self._most("herinvesteren_max", d, t)
                yield now - pot, place
                yield now - (now if cap is None else cap), place
                surplus = int(self.plan.free[d, t])
                kept, returned = (
                    _half_up(surplus * self._share(name, d, t))
                    for name in ("herinvesteren_aandeel", "algemene_middelen_aandeel")
                )
                kept = kept if cap is None else min(kept, cap)
                carried = surplus - kept - min(returned, surplus - kept)
                rest, most = pot - now, self._most("meenemen_max", d, t)
                pot = kept + (rest if most is None else min(rest, max(0, most - min(carried, most))))

    # the basic package

    def shortfall(self) -> Iterator[Miss]:
        """Tekort = max(0, basispakket * expected cost after savings - budget), halves up."""
        plan, cost = self.plan, self.claims.expected[:, :, 1:].copy()
        for p, (_, stream) in enumerate(self.curves):
            cost[:, self.streams.index(stream)] -= plan.savings[:, p]
        cost = np.maximum(cost, 0)
        yield from self._largest(abs(cost - plan.claims_after), self.areas)
        basic = self._basic_packages(cost, self.areas)
        yield from self._largest(abs(np.maximum(basic - plan.budgets, 0) - plan.shortfall), self.areas)
        city_cost, city = self.claims.city[None, :, 1:], (CITY,)
        short = np.maximum(self._basic_packages(city_cost, city) - plan.city, 0)
        yield from self._largest(abs(short - plan.city_shortfall), city)

    def _basic_packages(self, cost: Amounts, areas: tuple[str, ...]) -> Amounts:
        """Share * cost per place, halves up."""
        basic = np.empty_like(cost)
        for s, t in np.ndindex(cost.shape[1:]):
            shares = [self._basic_share(area, s, t).as_integer_ratio() for area in areas]
            basic[:, s, t] = [
                (2 * top * cents + bottom) // (2 * bottom)
                for (top, bottom), cents in zip(shares, cost[:, s, t].tolist(), strict=True)
            ]
        return basic

    def _largest(self, misses: Amounts, areas: tuple[str, ...]) -> Iterator[Miss]:
        """The largest of misses with axes (area, stream, year)."""
        d, s, t = np.unravel_index(int(misses.argmax()), misses.shape)
        yield int(misses[d, s, t]), f"{areas[d]} {self.years[t]} {self.streams[s]}"

    def no_excess(self) -> Iterator[Miss]:
        """x <= expected cost after savings; before savings where ring-fenced money pays, which may go nowhere else."""
        contracted = {(c.stream, c.year) for c in self.inputs.contracts if c.minimum_cents}
        tied = [g for g, (_, allowed) in enumerate(self.sources) if allowed]
        ring_fenced = self.plan.source_use[tied].sum(axis=0) > 0
        cost = np.where(ring_fenced, self.claims.expected[:, :, 1:], self.plan.claims_after)
        above = self.plan.budgets - cost
        for d, s, t in np.argwhere(above > 0).tolist():
            stream, year = self.streams[s], self.years[t]
            if (stream, year) not in contracted and self._lock(self.areas[d], s, t) is None:
                yield int(above[d, s, t]), f"{self.areas[d]} {year} {stream}"

    def reserves(self) -> Iterator[Miss]:
        """Minimum <= balance <= maximum, and no more is drawn than agreed, nothing after the end date."""
        for r, reserve in enumerate(sorted(self.inputs.reserves, key=lambda reserve: reserve.name)):
            balance = reserve.balance_cents
            for t, year in enumerate(self.years):
                drawn, added = int(self.plan.reserve_out[r, t]), int(self.plan.reserve_in[r, t])
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

    def explained(self, steps: tuple[Step, ...]) -> Iterator[Miss]:
        """The steps of an area and year add up to its ceiling, and start at the one before."""
        totals: dict[tuple[str, int], int] = {}
        starts: dict[tuple[str, int], int] = {}
        for step in steps:
            totals[step.area, step.year] = totals.get((step.area, step.year), 0) + step.cents
            if step.name == LAST_YEAR:
                starts[step.area, step.year] = step.cents
        for d, t, place in self._area_years():
            key = (self.areas[d], self.years[t])
            yield abs(totals.get(key, 0) - int(self.ceilings[d, t + 1])), place
            if t > 0:
                yield abs(starts.get(key, 0) - int(self.ceilings[d, t])), place

    # places and rules

    def _area_years(self) -> Iterator[tuple[int, int, str]]:
        for d, t in np.ndindex(len(self.areas), len(self.years)):
            yield d, t, f"{self.areas[d]} {self.years[t]}"

    def _lock(self, area: str, s: int, t: int) -> Rule | None:
        """The rule that fixes a cell; the city's cells only where it is named."""
        named = [rule for rule in self.rules.get("vast", []) if (rule.district == CITY) == (area == CITY)]
        return rule_at(named, "vast", year=self.years[t], district=area, stream=self.streams[s])

    def _area_rule(self, name: str, d: int, t: int) -> Rule | None:
        whole_area = [
            rule for rule in self.rules.get(name, []) if rule.stream is None and rule.district != CITY
        ]
        return rule_at(whole_area, name, year=self.years[t], district=self.areas[d])

    def _most(self, name: str, d: int, t: int) -> int | None:
        """A limit in cents, None where there is none."""
        rule = self._area_rule(name, d, t)
        return _half_up(rule.value * 100) if rule else None

    def _share(self, name: str, d: int, t: int) -> Decimal:
        rule = self._area_rule(name, d, t)
        return rule.value if rule else Decimal(0)

    def _paced(self, name: str) -> Iterator[tuple[Rule, int, int, str]]:
        """Every rule of pace with the ceiling before and now, where both are known."""
        for d, t, place in self._area_years():
            rule = self._area_rule(name, d, t)
            before, now = self.ceilings[d, t : t + 2]
            if rule and before >= 0:
                yield rule, int(before), int(now), place

    def _basic_share(self, area: str, s: int, t: int) -> Decimal:
        stream = self.inputs.streams[s]
        rules = self.rules.get("basispakket", [])
        rule = rule_at(rules, "basispakket", year=self.years[t], district=area, stream=stream.code)
        return rule.value if rule else Decimal(str(stream.basic_package))

    def _held(self, source: str, allowed: tuple[str, ...], year: int) -> int:
        return sum(
            f.cents
            for f in self.inputs.funding
            if (f.source, tuple(sorted(f.streams)), f.year) == (source, allowed, year)
        )

    def _last_ceilings(self) -> npt.NDArray[np.int64]:
        """Each area's budget of the year before, for what it carries now; -1 where part of it is unknown."""
        given = {stream for area, stream in self.inputs.last_budget if area in self.areas} & set(self.streams)
        totals = []
        for d, area in enumerate(self.areas):
            carried = [s for s in given if self.claims.area_share[d, self.streams.index(s), 1] > 0]
            own = [self.inputs.last_budget.get((area, kind)) for kind in carried]
            apart = sum(self.inputs.last_budget.get((area, kind), 0) for kind in (PREVENTION, FREE))
            known = [cents for cents in own if cents is not None]
            totals.append(sum(known) + apart if known and len(known) == len(own) else -1)
        return np.array(totals, dtype=np.int64)


def _booked_curves(inputs: Inputs) -> dict[tuple[str, str], list[PreventionSegment]]:
    """The segments of every booked programme and stream, in code order."""
    booked = [segment for segment in inputs.prevention if segment.status == "geboekt"]
    keys = sorted({(segment.programme, segment.stream) for segment in booked})
    return {
        key: [segment for segment in booked if (segment.programme, segment.stream) == key] for key in keys
    }


def _bought(curve: list[PreventionSegment], spent: Amounts) -> tuple[Amounts, int]:
    """Cashable municipal saving of every amount over its whole duration, and in what parts of a cent it is counted."""
    slopes = [
        Fraction(str(segment.saving_per_euro))
        * Fraction(str(segment.cashable))
        * Fraction(str(segment.municipal_share))
        for segment in curve
    ]
    parts, bought = lcm(*(slope.denominator for slope in slopes)), 0 * spent
    bounds = [0, *(segment.up_to_cents for segment in curve)]
    for (lower, upper), slope in zip(pairwise(bounds), slopes, strict=True):
        bought += (np.clip(spent, lower, upper) - lower) * int(slope * parts)
    return bought, parts


def _half_up(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def describe(finding: Finding) -> str:
    """One line for a log: the rule, and by how much and where it is missed."""
    if finding.holds:
        return f"goed   {finding.name}"
    return f"fout   {finding.name}: {format_cents(finding.difference_cents)} bij {finding.detail}"
