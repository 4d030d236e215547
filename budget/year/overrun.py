"""Who pays an overrun, in the order that the council expects.

For place p with gap[p] = cost above the budgets of its streams:

    own     = min(gap, free room of the area)
    central = min(what is left, central buffer)
    reserve = min(what is left, room in the reserves)
    council = what is left then

The buffer and the reserves serve every place in proportion to what it still lacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from budget.money import apportion


@dataclass(frozen=True)
class Cover:
    """The four payers of one overrun, in whole cents and none negative; together they are the gap."""

    own: int
    """The free room (VRIJ) in the area's own budget."""
    central: int
    reserve: int
    council: int

    @property
    def gap(self) -> int:
        """What there was to pay."""
        return self.own + self.central + self.reserve + self.council


def cover_overruns(
    gaps: Sequence[int], free: Sequence[int], central_buffer: int, reserve_room: int
) -> tuple[Cover, ...]:
    """Cover every gap (cents, 0 or more); parts add up to the gaps and no payer gives more than it has.

    >>> cover_overruns([300, 100], [100, 0], 60, 90)
    (Cover(own=100, central=40, reserve=60, council=100), Cover(own=0, central=20, reserve=30, council=50))
    """
    own = [min(gap, room) for gap, room in zip(gaps, free, strict=True)]
    left = [gap - paid for gap, paid in zip(gaps, own, strict=True)]
    central = _shared(central_buffer, left)
    left = [gap - paid for gap, paid in zip(left, central, strict=True)]
    reserve = _shared(reserve_room, left)
    left = [gap - paid for gap, paid in zip(left, reserve, strict=True)]
    return tuple(Cover(*parts) for parts in zip(own, central, reserve, left, strict=True))


def _shared(money: int, wanted: Sequence[int]) -> list[int]:
    """`money`, as far as it is wanted, in proportion to what everybody wants; nobody gets more than that."""
    if money >= sum(wanted):
        return list(wanted)
    return [int(part) for part in apportion(money, np.array(wanted, dtype=np.float64))]
