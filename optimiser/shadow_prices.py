"""What € 10.000 more and € 10.000 less does, as Dutch sentences, every one checked by solving again.

The duals of the programme mislead in one case out of four (they hold in one direction, from one basis), so they
only rank what to ask, and both directions are asked apart. The money of each year is always asked, then the rules
whose price is highest; then the ceilings as this plan sets them, and the totals of the streams. A question without
a proven answer gets no sentence; one that the rules leave no answer to says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from math import isinf

import numpy as np

from optimiser.allocation import Allocation, Place, ShadowPrice
from optimiser.effects import EURO, effect_of, in_words, over_years
from optimiser.model import Row, units
from optimiser.rules import rule
from optimiser.rules.rule import area_name, more_and_less
from optimiser.solver import NotSolved
from optimiser.whatif import STEP, Answer, WhatIf
from wording.sentence import Sentence, Template

MOST = 40
"""Rules asked at most, beside the money of every year; and as many ceilings."""
CEILING = "gebiedsbudget"
STREAM = "stroom"
_PRICED = 1e-6
_TOLD = Template("{subject} {effect}.")
_OF_AREA = Template("€ 10.000 {way:word} geld, alleen voor {area} in {year},")
_TAKEN = Template("€ 10.000 {way:word} voor {stream} in {year}, uit de andere stromen,")
_GIVEN = Template("€ 10.000 {way:word} voor {stream} in {year}, naar de andere stromen,")


def shadow_prices(what_if: WhatIf) -> tuple[ShadowPrice, ...]:
    """The binding rules that matter most, each row by itself, in the order of the rows."""
    return tuple(_rules(what_if))


def alternatives(what_if: WhatIf, allocation: Allocation) -> tuple[ShadowPrice, ...]:
    """The same for the ceilings as this plan sets them, and for the streams; `allocation` in the order of the model."""
    return (*_ceilings(what_if, allocation), *_streams(what_if, allocation))


def _rules(what_if: WhatIf) -> Iterator[ShadowPrice]:
    rows, prices = what_if.model.rows, what_if.prices
    can_be_eased = [i for i, row in enumerate(rows) if rule(row.place.rule).easing is not None]
    money = [i for i in can_be_eased if rows[i].place.rule == "middelen"]
    binding = [i for i in can_be_eased if abs(prices[i]) > _PRICED and i not in money]
    asked = money + sorted(binding, key=lambda i: -abs(prices[i]))[:MOST]
    for i in sorted(asked):
        named = rule(rows[i].place.rule)
        if named.easing is not None:
            up = _helps(rows[i], float(prices[i]))
            side = STEP if up else -STEP
            subject, opposite = named.easing(what_if.model.problem, rows[i].place)
            if named.either and not up:
                subject, opposite = opposite, subject
            with suppress(NotSolved):
                more, less = (what_if.ask(what_if.moved({i: cents})) for cents in (side, -side))
                answers = (subject, more), (opposite, less)
                yield from _price(rows[i].place, what_if.now, *answers, yearly=named.yearly)


def _helps(row: Row, price: float) -> bool:
    """Whether room at this row is a higher right side."""
    return row.sense < 0 or (row.sense == 0 and price <= 0)


def _ceilings(what_if: WhatIf, allocation: Allocation) -> Iterator[ShadowPrice]:
    """With every ceiling as in this plan: the ceiling of one area and the money of that year, both up or down."""
    model, problem = what_if.model, what_if.model.problem
    given = {column.index: int(allocation.ceilings[place]) for place, column in model.ceiling.items()}
    fixed = _at_these_ceilings(what_if, given)
    if fixed is None:
        return
    costs = np.abs(np.array(fixed.live.highs.getSolution().col_dual))
    places = sorted(model.ceiling, key=lambda place: -costs[model.ceiling[place].index])[:MOST]
    money = {row.t: i for i, row in enumerate(model.rows) if row.place.rule == "middelen"}
    for d, t in sorted(places):
        column, place = model.ceiling[d, t].index, Place(CEILING, problem.years[t], problem.areas[d])
        subject, opposite = more_and_less(_OF_AREA, area=area_name(problem, place.area), year=place.year)
        with suppress(NotSolved):
            more, less = (
                fixed.ask(fixed.moved({money[t]: cents}), {column: (given[column] + cents,) * 2})
                for cents in (STEP, -STEP)
            )
            yield from _price(place, fixed.now, (subject, more), (opposite, less))


def _at_these_ceilings(what_if: WhatIf, given: dict[int, int]) -> WhatIf | None:
    """A twin with these ceilings (column -> cents), without margins; None where the rules leave no answer there."""
    twin = what_if.live.copy()
    for index, row in enumerate(what_if.model.rows):
        if row.margin:
            _, low, high, _ = twin.highs.getRow(index)
            side = row.side()
            twin.highs.changeRowBounds(index, low if isinf(low) else side, high if isinf(high) else side)
    for column, cents in given.items():
        twin.fix_column(what_if.model.columns[column], units(cents))
    try:
        twin.run()
    except NotSolved:
        return None
    return WhatIf(what_if.model, twin)


def _streams(what_if: WhatIf, allocation: Allocation) -> Iterator[ShadowPrice]:
    """A stream more or less than in this plan in its first year, out of the others or in their favour."""
    model, problem = what_if.model, what_if.model.problem
    totals = allocation.budgets.sum(axis=0) + allocation.city
    cells = [(s, 0) for s in range(len(problem.streams)) if totals[s, 0]]
    twin = what_if.live.copy()
    first = twin.size()[1]
    areas = range(len(problem.areas))
    everything = [
        [(model.city[s, t].index, 1.0), *((model.x[d, s, t].index, 1.0) for d in areas)] for s, t in cells
    ]
    twin.add_rows(np.full(len(cells), -np.inf), np.full(len(cells), np.inf), everything)
    twin.run()
    totalled = WhatIf(model, twin)
    for row, (s, t) in enumerate(cells, start=first):
        place = Place(STREAM, problem.years[t], stream=problem.streams[s])
        taken = _TAKEN(way="meer", stream=problem.stream_names[s], year=place.year)
        given = _GIVEN(way="minder", stream=problem.stream_names[s], year=place.year)
        with suppress(NotSolved):
            now, more, less = (
                totalled.ask({row: (int(totals[s, t]) + cents,) * 2}) for cents in (0, STEP, -STEP)
            )
            if now is not None:
                yield from _price(place, now, (taken, more), (given, less))


def _price(
    place: Place,
    now: Answer,
    more: tuple[Sentence, Answer | None],
    less: tuple[Sentence, Answer | None],
    *,
    yearly: bool = False,
) -> Iterator[ShadowPrice]:
    """One price from the two answers; none where neither way does anything or has an answer."""
    effect, less_effect = effect_of(now, more[1]), effect_of(now, less[1])
    if {effect.outcome, less_effect.outcome} <= {"no_room", "nothing"}:
        return
    if yearly:
        effect, less_effect = over_years(effect, STEP), over_years(less_effect, STEP)
    sentence, less_sentence = (
        _TOLD(subject=subject, effect=in_words(found))
        for (subject, _), found in ((more, effect), (less, less_effect))
    )
    gain, loss = _per_euro(now, more[1]), _per_euro(now, less[1])
    yield ShadowPrice(place, gain, sentence, -loss if loss else 0.0, less_sentence, effect, less_effect)


def _per_euro(before: Answer, after: Answer | None) -> float:
    """Euros less shortfall per euro, to four decimals; 0 where the sentence says that nothing changes."""
    less = 0 if after is None else before.shortfall - after.shortfall
    return round(less / STEP, 4) if abs(less) >= EURO else 0.0
