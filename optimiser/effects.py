"""What a change does, from the answer before it and the answer with it, as the rest of a Dutch sentence."""

from __future__ import annotations

from optimiser.allocation import Effect
from optimiser.whatif import Answer
from wording.sentence import Sentence, Template

EURO = 100
"""Cents: less than this is the rounding of cells, and no effect."""
WORDS = {
    "no_room": Template("past niet binnen de andere regels"),
    "nothing": Template("verandert niets aan het tekort en niets aan de afstand tot de verwachte lasten"),
    "lowers": Template("verlaagt het tekort met {amount:euros}"),
    "raises": Template("verhoogt het tekort met {amount:euros}"),
    "lowers_over_years": Template(
        "verlaagt het tekort met {amount:euros}, want de jaren bouwen op elkaar voort"
    ),
    "raises_over_years": Template(
        "verhoogt het tekort met {amount:euros}, want de jaren bouwen op elkaar voort"
    ),
    "lowers_at_a_price": Template(
        "verlaagt het tekort met {amount:euros}, maar bij dringender stromen of jaren"
    ),
    "raises_for_urgent": Template(
        "verhoogt het tekort met {amount:euros}, maar bij minder dringende stromen of jaren"
    ),
    "to_less_urgent": Template(
        "laat het tekort even groot, maar verschuift het naar minder dringende stromen of jaren"
    ),
    "to_more_urgent": Template(
        "laat het tekort even groot, maar verschuift het naar dringender stromen of jaren"
    ),
    "closer": Template(
        "verandert niets aan het tekort, maar brengt de budgetten dichter bij de verwachte lasten"
    ),
    "further": Template(
        "verandert niets aan het tekort, maar brengt de budgetten verder van de verwachte lasten"
    ),
    "urgent": Template("verandert niets aan het tekort, maar gaat naar dringender stromen of jaren"),
    "urgent_further": Template(
        "verandert niets aan het tekort, maar gaat naar dringender stromen of jaren "
        "(en verder van de verwachte lasten)"
    ),
    "not_urgent": Template(
        "verandert niets aan het tekort, maar gaat naar minder dringende stromen of jaren"
    ),
    "not_urgent_closer": Template(
        "verandert niets aan het tekort, maar gaat naar minder dringende stromen of jaren "
        "(en dichter bij de verwachte lasten)"
    ),
    "spares_reserves": Template("verandert niets aan het tekort, maar spaart de reserves {amount:euros}"),
    "costs_reserves": Template("verandert niets aan het tekort, maar kost de reserves {amount:euros}"),
}
"""What a change can do, as the rest of a Dutch sentence. Shortfalls have an amount; distances to the expected cost only
a direction, because there the stages of a strategy (norm, equal cover) may weigh otherwise than merit order."""
NO_ROOM, NOTHING = WORDS["no_room"](), WORDS["nothing"]()


def effect(before: Answer, after: Answer) -> Sentence | None:
    """What an answer changes, as the rest of a Dutch sentence; None where less than a euro moves."""
    found = effect_of(before, after)
    return None if found.outcome == "nothing" else in_words(found)


def in_words(found: Effect) -> Sentence:
    """
    >>> in_words(Effect("lowers", 10_000_00))
    'verlaagt het tekort met € 10.000'
    """
    return WORDS[found.outcome](amount=found.cents)


def effect_of(before: Answer, after: Answer | None) -> Effect:
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


def over_years(found: Effect, moved: int) -> Effect:
    """The effect of cents moved in one year where the years build on each other: told so if it is more than they are.

    >>> over_years(Effect("lowers", 43_101_00), 10_000_00).outcome, over_years(Effect("lowers", 900), 900).outcome
    ('lowers_over_years', 'lowers')
    """
    more = found.outcome in ("lowers", "raises") and found.cents >= moved + EURO
    return Effect(f"{found.outcome}_over_years", found.cents) if more else found


def _effect_beside_shortfall(before: Answer, after: Answer) -> Effect:
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
