"""The independent check of every plan: each rule recomputed from inputs and result, without the solver.

Nothing here reads the allocation problem: rules, money and programmes are taken from the inputs once more, place
by place, so that a mistake on the way to the solver shows as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from budget.auditing import basic_package, ceilings, money, prevention
from budget.auditing.case import Case, Miss
from budget.claims import Claims
from budget.explanation import Step
from budget.inputs import Inputs
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


def audit(
    inputs: Inputs, claims: Claims, allocation: Allocation, steps: tuple[Step, ...]
) -> tuple[Finding, ...]:
    """Every rule of the contract checked on every place where it speaks; one finding per rule."""
    case = Case(inputs, claims, allocation)
    checks: tuple[tuple[str, Callable[[Case], Iterator[Miss]]], ...] = (
        ("Middelen en bestemming zijn elk jaar gelijk", money.balance),
        ("Geen bedrag is negatief", money.no_negatives),
        ("Geoormerkt geld betaalt alleen zijn eigen stromen", money.ring_fence),
        ("Elke stroom is precies uit bronnen en reserves betaald", money.paid),
        ("Centrale buffer volgt buffer_centraal", money.buffer),
        ("Plafonds dalen niet meer dan groei_min", ceilings.fall),
        ("Plafonds groeien niet meer dan groei_max", ceilings.growth),
        ("Plafonds groeien niet meer dan groei_max_per_inwoner", ceilings.growth_per_head),
        ("Vastgezette cellen zijn precies het vaste bedrag", ceilings.locks),
        ("Gegeven plafonds zijn precies gevolgd", ceilings.given_ceilings),
        ("Preventie ligt binnen preventie_min en preventie_max", prevention.prevention_share),
        ("Preventie past binnen de segmenten van geboekte programma's", prevention.prevention_room),
        ("Besparing volgt uit eerdere preventie", prevention.savings),
        (
            "Herinvestering komt uit het overschot van eerdere jaren, binnen haar grenzen",
            prevention.reinvestment,
        ),
        ("Tekort is het niet gedekte deel van het basispakket", basic_package.shortfall),
        (
            "Geen stroom krijgt meer dan zijn verwachte lasten, tenzij vastgezet of gecontracteerd",
            basic_package.no_excess,
        ),
        ("Reserves blijven tussen minimum en maximum", money.reserves),
        ("De verklaring telt op tot elk plafond", lambda case: ceilings.explained(case, steps)),
    )
    return tuple(_finding(name, check(case)) for name, check in checks)


def _finding(name: str, misses: Iterator[Miss]) -> Finding:
    worst, place = max(misses, default=(0, ""))
    return Finding(name, worst, place) if worst > 0 else Finding(name, 0)
