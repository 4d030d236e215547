"""The rules of the allocator, each in one place. This list is the table of contents of the model."""

from __future__ import annotations

from optimiser.rules import ceilings, claims, contracts, fairness, locks, money, pace, phase_in, prevention
from optimiser.rules import reinvestment as reinvestment_rules
from optimiser.rules import reserves as reserve_rules
from optimiser.rules import streams as stream_rules
from optimiser.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    prevention.SAVINGS,
    claims.CLAIMS,
    ceilings.AREA_BUDGET,
    ceilings.GIVEN,
    locks.LOCKS,
    pace.MAX_FALL,
    pace.MAX_GROWTH,
    pace.MAX_GROWTH_PER_HEAD,
    prevention.MINIMUM,
    prevention.MAXIMUM,
    prevention.CAPACITY,
    reinvestment_rules.REINVESTMENT,
    stream_rules.SHIFT_ROOM,
    contracts.MAXIMUM,
    contracts.MINIMUM,
    reserve_rules.RESERVES,
    money.RING_FENCED,
    money.BUFFER,
    money.TOTAL,
    phase_in.PHASE_IN,
    fairness.EQUAL_COVER,
)


def rule(name: str) -> Rule:
    """The rule with this name; KeyError when there is none."""
    for candidate in RULES:
        if candidate.name == name:
            return candidate
    raise KeyError(name)
