"""Will prevention pay for itself? The chance, from how strong the evidence is and when the savings come.

What a programme really saves is the stated saving times a factor that nobody knows beforehand; every district and
year shares it. For evidence of grade g it is taken to be normal:

    factor ~ Normal(mean[g], spread[g])

A weak study finds too much more often than too little, so the mean falls below 1 with the grade; a programme that is
expected to cost money gets no such discount. With C the spending and S the stated savings, both discounted to the first
plan year, a programme pays for itself with chance P(factor * S >= C), and programmes together with the sum of theirs.
These are assumptions of this product: there is no published Dutch distribution per grade.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import erf, inf, sqrt
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from budget.inputs import Inputs
from optimiser.model import DISCOUNT
from optimiser.problem import Programme
from wording.sentence import Template

FloatArray = npt.NDArray[np.float64]

EVIDENCE: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"A": (1.0, 0.15), "B": (0.9, 0.30), "C": (0.75, 0.45), "D": (0.6, 0.60), "E": (0.4, 0.80)}
)
"""Grade -> mean and spread (standard deviation) of the factor."""
_TENTH = 1.2815515655446004
"""The standard normal quantile of 90 %."""
_GRADE = Template("{grade} {mean:.0%} ± {spread:.0%}")
_CHANCE = Template(
    "Kans dat preventie zich terugverdient: per bewijskracht is aangenomen welk deel van de opgegeven besparing "
    "uitkomt (normaal verdeeld, gemiddelde ± standaardafwijking: {grades: ;}). Hiervoor bestaat geen gepubliceerde "
    "Nederlandse verdeling. Besparing die alleen maatschappelijk is of bij een andere partij valt, telt niet mee."
)
_LATER_YEARS = Template(
    "Besparing en uitgave van latere jaren tellen in die kans met {share:.0%} per jaar minder."
)


@dataclass(frozen=True)
class Investment:
    """Spending on one programme and the savings stated for it, in cents per year from the first plan year on."""

    evidence: str
    spent: FloatArray
    """(plan years)"""
    saved: FloatArray
    """(all years in which something is saved, the plan years first)"""

    @property
    def cost(self) -> float:
        """Discounted to the first plan year."""
        return _present(self.spent)

    def savings(self, *, within_plan: bool = False) -> float:
        """Discounted to the first plan year, as stated."""
        return _present(self.saved[: len(self.spent)] if within_plan else self.saved)


@dataclass(frozen=True)
class Payback:
    """When spending is earned back if the savings are as stated, and how likely that is."""

    after: int | None
    """Years after the first plan year in which the discounted savings have caught up with all spending; None: never."""
    chance: float
    """That it is earned back at all, over the whole duration of the savings."""
    chance_within_plan: float
    low: float
    """Cents: with a chance of 10 % the balance of savings and spending is below this."""
    high: float
    """Cents: with a chance of 10 % it is above this."""

    @property
    def middle(self) -> float:
        """Cents: as likely above as below."""
        return (self.low + self.high) / 2


def investment(
    programme: Programme, evidence: str, own: npt.NDArray[Any], reinvested: npt.NDArray[Any] | None = None
) -> Investment:
    """The flows of what one area spends per plan year (cents): its own money (t), and reinvested by segment (k, t)."""
    n = len(own)
    again = np.zeros((len(programme.segment_cents), n)) if reinvested is None else reinvested
    saved = np.zeros(n + programme.lag + programme.duration)
    for t in range(n):
        first = t + programme.lag
        bought = sum(savings_bought(programme, float(own[t]), again[:, t]))
        saved[first : first + programme.duration] += bought / programme.duration
    return Investment(evidence, (own + again.sum(axis=0)).astype(np.float64), saved)


def savings_bought(programme: Programme, own: float, reinvested: npt.NDArray[Any]) -> tuple[float, float]:
    """What one year's money saves over its whole duration: own money fills what the other leaves, in order."""
    by_own = by_again = 0.0
    for k, (length, per_euro) in enumerate(
        zip(programme.segment_cents, programme.saving_per_euro, strict=True)
    ):
        part = min(own, length - float(reinvested[k]))
        by_own += part * per_euro
        by_again += float(reinvested[k]) * per_euro
        own -= part
    return by_own, by_again


def together(investments: Iterable[Investment]) -> Investment | None:
    """Investments in one programme (one factor) as one; None without any."""
    found = list(investments)
    if not found:
        return None
    return Investment(
        found[0].evidence,
        np.sum([part.spent for part in found], axis=0),
        np.sum([part.saved for part in found], axis=0),
    )


def payback(investments: Iterable[Investment]) -> Payback:
    """Of one programme, or of several with a factor each, independent of each other."""
    found = list(investments)
    cost = sum(part.cost for part in found)
    whole = _balance([(part.evidence, part.savings()) for part in found], cost)
    within = _balance([(part.evidence, part.savings(within_plan=True)) for part in found], cost)
    return Payback(
        after=_caught_up(found, cost),
        chance=_chance_above_zero(*whole),
        chance_within_plan=_chance_above_zero(*within),
        low=whole[0] - _TENTH * whole[1],
        high=whole[0] + _TENTH * whole[1],
    )


def _balance(savings: list[tuple[str, float]], cost: float) -> tuple[float, float]:
    """Mean and spread of savings less cost."""
    mean, variance = -cost, 0.0
    for evidence, stated in savings:
        centre, spread = EVIDENCE[evidence]
        mean += (centre if stated > 0 else 1.0) * stated
        variance += (spread * stated) ** 2
    return mean, sqrt(variance)


def _chance_above_zero(mean: float, spread: float) -> float:
    if spread == 0:
        return float(mean >= 0)
    return 0.5 * (1 + erf(mean / spread / sqrt(2)))


def _caught_up(investments: list[Investment], cost: float) -> int | None:
    length = max((len(part.saved) for part in investments), default=0)
    saved = np.zeros(length)
    for part in investments:
        saved[: len(part.saved)] += part.saved
    caught_up = np.cumsum(saved * DISCOUNT ** np.arange(length)) >= (cost if cost > 0 else inf)
    return int(caught_up.argmax()) if caught_up.any() else None


def _present(flows: FloatArray) -> float:
    return float((flows * DISCOUNT ** np.arange(len(flows))).sum())


def assumptions(inputs: Inputs) -> tuple[str, ...]:
    """What is taken for granted about the effect of prevention, in Dutch; nothing without prevention."""
    if not inputs.prevention:
        return ()
    grades = tuple(
        _GRADE(grade=grade, mean=mean, spread=spread) for grade, (mean, spread) in EVIDENCE.items()
    )
    return _CHANCE(grades=grades), _LATER_YEARS(share=1 - DISCOUNT)
