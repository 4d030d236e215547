"""A plan under audit, and the rules that speak of each of its places, straight from the inputs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from budget.claims import Claims
from budget.inputs import CITY, FREE, PREVENTION, Inputs, PreventionSegment, Rule
from budget.rules import rule_at
from optimiser.allocation import Allocation

Amounts = npt.NDArray[Any]
Miss = tuple[int, str]
"""By how many cents a rule is missed (0 or less: it holds), and where."""


class Case:
    """One plan under audit: its amounts, and the rules as they were given, place by place."""

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

    def area_years(self) -> Iterator[tuple[int, int, str]]:
        """Every area and year, with its name for a finding."""
        for d, t in np.ndindex(len(self.areas), len(self.years)):
            yield d, t, f"{self.areas[d]} {self.years[t]}"

    def lock(self, area: str, s: int, t: int) -> Rule | None:
        """The rule that fixes a cell; the city's cells only where it is named."""
        named = [rule for rule in self.rules.get("vast", []) if (rule.district == CITY) == (area == CITY)]
        return rule_at(named, "vast", year=self.years[t], district=area, stream=self.streams[s])

    def area_rule(self, name: str, d: int, t: int) -> Rule | None:
        """The rule that speaks of a whole area in a year."""
        whole_area = [
            rule for rule in self.rules.get(name, []) if rule.stream is None and rule.district != CITY
        ]
        return rule_at(whole_area, name, year=self.years[t], district=self.areas[d])

    def most(self, name: str, d: int, t: int) -> int | None:
        """A limit in cents, None where there is none."""
        rule = self.area_rule(name, d, t)
        return half_up(rule.value * 100) if rule else None

    def share(self, name: str, d: int, t: int) -> Decimal:
        """A share, 0 where there is no rule."""
        rule = self.area_rule(name, d, t)
        return rule.value if rule else Decimal(0)

    def paced(self, name: str) -> Iterator[tuple[Rule, int, int, str]]:
        """Every rule of pace with the ceiling before and now, where both are known."""
        for d, t, place in self.area_years():
            rule = self.area_rule(name, d, t)
            before, now = self.ceilings[d, t : t + 2]
            if rule and before >= 0:
                yield rule, int(before), int(now), place

    def basic_share(self, area: str, s: int, t: int) -> Decimal:
        """The part of the cost that must be funded, by rule or else by stream."""
        stream = self.inputs.streams[s]
        rules = self.rules.get("basispakket", [])
        rule = rule_at(rules, "basispakket", year=self.years[t], district=area, stream=stream.code)
        return rule.value if rule else Decimal(str(stream.basic_package))

    def held(self, source: str, allowed: tuple[str, ...], year: int) -> int:
        """What a source holds in a year, in cents."""
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


def half_up(amount: Decimal) -> int:
    """The nearest whole number, halves up."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))
