"""What € 10.000 more does, as Dutch sentences, every one checked by solving again.

The duals of the programme mislead in one case out of four (they hold in one direction, from one basis), so they
only rank what to ask. The money of each year is always asked, then the rules whose price is highest. A question
without a proven answer gets no sentence.
"""

from __future__ import annotations

from optimiser.allocation import ShadowPrice
from optimiser.model import Row
from optimiser.rules import rule
from optimiser.sentences import euros
from optimiser.solver import NotSolved
from optimiser.whatif import Answer, WhatIf

STEP = 10_000 * 100
"""Cents."""
MOST = 40
"""Questions asked at most, beside the money of every year."""
_PRICED = 1e-6


def shadow_prices(what_if: WhatIf) -> tuple[ShadowPrice, ...]:
    """The binding rules that matter most, in the order of their rows; `value` as in `ShadowPrice`."""
    rows, prices = what_if.model.rows, what_if.prices
    can_be_eased = [i for i, row in enumerate(rows) if rule(row.place.rule).easing is not None]
    money = [i for i in can_be_eased if rows[i].place.rule == "middelen"]
    binding = [i for i in can_be_eased if abs(prices[i]) > _PRICED and i not in money]
    asked = money + sorted(binding, key=lambda i: -abs(prices[i]))[:MOST]
    found = (_asked(what_if, i, rows[i], float(prices[i])) for i in sorted(asked))
    return tuple(price for price in found if price is not None)


def _asked(what_if: WhatIf, index: int, row: Row, price: float) -> ShadowPrice | None:
    up = row.constraint.sense < 0 or (row.constraint.sense == 0 and price <= 0)
    try:
        answer = what_if.shifted(index, STEP if up else -STEP)
    except NotSolved:
        return None
    effect = _effect(what_if.now, answer)
    easing = rule(row.place.rule).easing
    if effect is None or easing is None:
        return None
    subject = easing(what_if.model.problem, row.place).replace("{meer}", "meer" if up else "minder")
    return ShadowPrice(row.place, _per_euro(what_if.now, answer), f"{subject} {effect}")


def _per_euro(before: Answer, after: Answer) -> float:
    """Euros less shortfall per euro of room, to four decimals; 0 where the sentence says that nothing changes."""
    less = before.shortfall - after.shortfall
    return round(less / STEP, 4) if less >= 100 else 0.0


def _effect(before: Answer, after: Answer) -> str | None:
    """What went down, in words; None where less than a euro moved."""
    if before.shortfall - after.shortfall >= 100:
        return f"verlaagt het tekort met {euros(before.shortfall - after.shortfall)}."
    if before.lack - after.lack >= 100:
        return (
            "verandert niets aan het tekort, maar brengt de budgetten "
            f"{euros(before.lack - after.lack)} dichter bij de verwachte lasten."
        )
    return None
