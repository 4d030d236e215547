"""What happens to an area's surplus: part stays for prevention, part returns, the rest is carried over."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Settlement:
    """The three destinations of one surplus, in whole cents; together they are the surplus."""

    prevention: int
    general: int
    carried: int

    @property
    def surplus(self) -> int:
        """What there was to divide."""
        return self.prevention + self.general + self.carried


def settle_surplus(
    surplus: int,
    *,
    retained_share: float = 0.0,
    general_share: float = 0.0,
    reinvest_cap: int | None = None,
    carry_cap: int | None = None,
) -> Settlement:
    """Divide a surplus (cents, not negative) by the local choices; the parts add up to it.

        prevention = min(retained_share * surplus, reinvest_cap)
        carried    = min(surplus - prevention - general_share * surplus, carry_cap)
        general    = surplus - prevention - carried

    So what may not be carried over lapses to the general means. A product is rounded to cents, halves up;
    general means never take more than prevention leaves. Raises ValueError for a surplus below zero, or a share
    outside 0-1.

    >>> settle_surplus(100_00, retained_share=0.5, general_share=0.25, reinvest_cap=40_00, carry_cap=30_00)
    Settlement(prevention=4000, general=3000, carried=3000)
    """
    if surplus < 0:
        raise ValueError(f"a surplus is not negative: {surplus}")
    prevention = _at_most(_part(surplus, retained_share), reinvest_cap)
    returned = min(_part(surplus, general_share), surplus - prevention)
    carried = _at_most(surplus - prevention - returned, carry_cap)
    return Settlement(prevention, surplus - prevention - carried, carried)


def _part(surplus: int, share: float) -> int:
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1: {share}")
    return int((Decimal(surplus) * Decimal(str(share))).quantize(Decimal(1), ROUND_HALF_UP))


def _at_most(cents: int, cap: int | None) -> int:
    return cents if cap is None else min(cents, cap)
