"""Questions that change several amounts at once, answered by a warm solve that leaves no trace.

What the solver holds is the whole problem in merit order (see `whatif`); an answer is compared with the one where
nothing is changed. Bounds are asked in cents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

from optimiser.allocation import Effect, Place
from optimiser.model import CENTS_PER_UNIT, Model, units
from optimiser.sentences import euros
from optimiser.solver import Infeasible, LiveModel
from optimiser.stages import gap, shortfall
from optimiser.whatif import WhatIf

STEP = 10_000 * 100
"""Cents that a question moves."""
EURO = 100
"""Cents: less than this is the rounding of cells, and no effect."""
Bounds = tuple[float, float]
ANYTHING: Bounds = (-inf, inf)
WORDS = {
    "no_room": "past niet binnen de andere regels",
    "nothing": "verandert niets aan het tekort en niets aan de afstand tot de verwachte lasten",
    "lowers": "verlaagt het tekort met {amount}",
    "raises": "verhoogt het tekort met {amount}",
    "lowers_at_a_price": "verlaagt het tekort met {amount}, maar bij dringender stromen of jaren",
    "raises_for_urgent": "verhoogt het tekort met {amount}, maar bij minder dringende stromen of jaren",
    "to_less_urgent": (
        "laat het tekort even groot, maar verschuift het naar minder dringende stromen of jaren"
    ),
    "to_more_urgent": "laat het tekort even groot, maar verschuift het naar dringender stromen of jaren",
    "closer": ("verandert niets aan het tekort, maar brengt de budgetten dichter bij de verwachte lasten"),
    "further": ("verandert niets aan het tekort, maar brengt de budgetten verder van de verwachte lasten"),
    "urgent": "verandert niets aan het tekort, maar gaat naar dringender stromen of jaren",
    "urgent_further": (
        "verandert niets aan het tekort, maar gaat naar dringender stromen of jaren "
        "(en verder van de verwachte lasten)"
    ),
    "not_urgent": "verandert niets aan het tekort, maar gaat naar minder dringende stromen of jaren",
    "not_urgent_closer": (
        "verandert niets aan het tekort, maar gaat naar minder dringende stromen of jaren "
        "(en dichter bij de verwachte lasten)"
    ),
    "spares_reserves": "verandert niets aan het tekort, maar spaart de reserves {amount}",
    "costs_reserves": "verandert niets aan het tekort, maar kost de reserves {amount}",
}
"""What a change can do, as the rest of a Dutch sentence. Shortfalls have an amount; distances to the expected cost only
a direction, because there the stages of a strategy (norm, equal cover) may weigh otherwise than merit order."""
NO_ROOM, NOTHING = WORDS["no_room"], WORDS["nothing"]


@dataclass(frozen=True)
class Totals:
    """All areas and the city, all years, in cents."""

    shortfall: int
    """Basic package that is not funded."""
    lack: int
    """Expected cost that is not funded, the basic package included."""
    weighted: float
    """Shortfall by priority, later years discounted."""
    weighted_lack: float
    """Likewise of all expected cost."""
    drawn: int
    """Out of reserves."""


class Questions:
    """A solved problem to ask. `now` is the answer when nothing is changed."""

    def __init__(self, model: Model, live: LiveModel) -> None:
        """`live` stands at its optimum for merit order and is this object's to change and change back."""
        self.model, self.live = model, live
        self._short = [column.index for column in (*model.short.values(), *model.city_short.values())]
        self._gap = [column.index for column in (*model.gap.values(), *model.city_gap.values())]
        self._drawn = [column.index for column in model.reserve_out.values()]
        self._weights, self._lack_weights = model.costs(shortfall(model)), model.costs(gap(model))
        self._basis = live.highs.getBasis()
        self.now = self._totals()

    @classmethod
    def of(cls, what_if: WhatIf) -> Questions:
        """On the programme of a what-if, at its own optimum."""
        what_if.live.run()
        return cls(what_if.model, what_if.live)

    def ask(
        self, rows: Mapping[int, Bounds] | None = None, columns: Mapping[int, Bounds] | None = None
    ) -> Totals | None:
        """The answer with other bounds (cents) on some rows and columns; None where the rules leave none.

        Raises NotSolved where neither is proven.
        """
        highs, rows, columns = self.live.highs, rows or {}, columns or {}
        row_was = {index: highs.getRow(index)[1:3] for index in rows}
        column_was = {index: highs.getCol(index)[2:4] for index in columns}
        for index, (low, high) in rows.items():
            highs.changeRowBounds(index, units(low), units(high))
        for index, (low, high) in columns.items():
            highs.changeColBounds(index, units(low), units(high))
        try:
            self.live.run()
            return self._totals()
        except Infeasible:
            return None
        finally:
            for index, was in row_was.items():
                highs.changeRowBounds(index, *was)
            for index, was in column_was.items():
                highs.changeColBounds(index, *was)
            highs.setBasis(self._basis)

    def moved(self, shifts: Mapping[int, float]) -> dict[int, Bounds]:
        """The bounds of rows whose right side moves by so many cents."""
        found = {}
        for index, cents in shifts.items():
            _, low, high, _ = self.live.highs.getRow(index)
            found[index] = (low * CENTS_PER_UNIT + cents, high * CENTS_PER_UNIT + cents)
        return found

    def rows(self, place: Place) -> list[int]:
        """The rows of a rule in a year that speak of this area and stream, or of all of them."""
        return [
            index
            for index, row in enumerate(self.model.rows)
            if row.place.rule == place.rule
            and row.place.year in (None, place.year)
            and row.place.area in (None, place.area)
            and row.place.stream in (None, place.stream)
        ]

    def _totals(self) -> Totals:
        values = self.live.values()
        values = values[: len(self._weights)]
        short = float(values[self._short].sum()) * CENTS_PER_UNIT
        return Totals(
            shortfall=round(short),
            lack=round(short + float(values[self._gap].sum()) * CENTS_PER_UNIT),
            weighted=float(self._weights @ values) * CENTS_PER_UNIT,
            weighted_lack=float(self._lack_weights @ values) * CENTS_PER_UNIT,
            drawn=round(float(values[self._drawn].sum()) * CENTS_PER_UNIT),
        )


def eased(model: Model, rows: Iterable[int], cents: int) -> dict[int, float]:
    """Per row how its right side moves when it gives so much room: a roof up, a floor down, an amount up."""
    return {i: -float(cents) if model.rows[i].constraint.sense > 0 else float(cents) for i in rows}


def effect(before: Totals, after: Totals) -> str | None:
    """What an answer changes, as the rest of a Dutch sentence; None where less than a euro moves."""
    found = effect_of(before, after)
    return None if found.outcome == "nothing" else in_words(found)


def in_words(found: Effect) -> str:
    """
    >>> in_words(Effect("lowers", 10_000_00))
    'verlaagt het tekort met € 10.000'
    """
    return WORDS[found.outcome].format(amount=euros(found.cents))


def effect_of(before: Totals, after: Totals | None) -> Effect:
    """The first thing that an answer changes by a euro or more: shortfall, distance to the expected cost, reserves."""
    if after is None:
        return Effect("no_room")
    less, lighter = before.shortfall - after.shortfall, before.weighted - after.weighted
    if abs(less) >= EURO:
        against = abs(lighter) >= EURO and (less > 0) != (lighter > 0)
        lower, higher = ("lowers_at_a_price", "raises_for_urgent") if against else ("lowers", "raises")
        return Effect(lower if less > 0 else higher, abs(less))
    if abs(lighter) >= EURO:
        return Effect("to_less_urgent" if lighter > 0 else "to_more_urgent")
    return _effect_beside_shortfall(before, after)


def _effect_beside_shortfall(before: Totals, after: Totals) -> Effect:
    """The distance to the expected cost, then what is urgent in it, then the reserves."""
    closer, better = before.lack - after.lack, before.weighted_lack - after.weighted_lack
    if abs(closer) >= EURO and (closer > 0) == (better > 0):
        return Effect("closer" if closer > 0 else "further", abs(closer))
    if max(abs(closer), abs(better)) >= EURO:
        plain, beside = ("urgent", "urgent_further") if better > 0 else ("not_urgent", "not_urgent_closer")
        return Effect(beside, abs(closer)) if abs(closer) >= EURO else Effect(plain)
    saved = before.drawn - after.drawn
    if abs(saved) >= EURO:
        return Effect("spares_reserves" if saved > 0 else "costs_reserves", abs(saved))
    return Effect()
