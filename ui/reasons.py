"""Why an amount is not higher, in the reader's language.

The engine writes Dutch and gives the facts beside it. English is made from the facts: of a price all of them, of a
lock what the shortfall does.
"""

from __future__ import annotations

from optimiser.allocation import Contradiction, Effect, LockCost, Place, Reason, Repair, ShadowPrice
from optimiser.questions import WORDS
from ui.language import cents, euros, language, term, text
from ui.view import View

_STEP = 10_000_00
"""Cents that a sentence moves."""
_ONE_EURO = 100


def price_in_words(price: ShadowPrice, view: View) -> str:
    """What € 10.000 more and less does at a rule that binds."""
    if language() == "nl":
        return " ".join(filter(None, (price.sentence, price.less_sentence)))
    where, step = _where(price.place, view), euros(_STEP)
    more, less = text("reasons.more", step=step, where=where), text("reasons.less", step=step, where=where)
    return f"{more} {_done(price.effect)}. {less} {_done(price.less_effect)}."


def _done(effect: Effect) -> str:
    """What a change does, as the rest of a sentence."""
    return term(WORDS[effect.outcome]).format(amount=euros(effect.cents))


def reason_in_words(reason: Reason, view: View) -> str:
    """Which rule holds an amount where it is."""
    stream = reason.place.stream
    what = text("reasons.ceiling") if stream is None else view.stream_names.get(stream, stream)
    if language() == "nl":
        return reason.sentence if stream is None else f"{what}: {reason.sentence}"
    return text("reasons.held", what=what, year=reason.place.year, rule=term(reason.place.rule))


def lock_in_words(lock: LockCost, view: View) -> str:
    """What an amount that somebody fixed costs."""
    if language() == "nl":
        return lock.sentence
    values = {"where": _where(lock.place, view), "fixed": euros(lock.cents)}
    if abs(lock.shortfall) < _ONE_EURO:
        return text("reasons.lock_free", **values)
    key = "reasons.lock_costs" if lock.shortfall > 0 else "reasons.lock_saves"
    return text(key, amount=euros(abs(lock.shortfall)), **values)


def clash_in_words(contradiction: Contradiction) -> str:
    """That rules exclude each other, and which."""
    if language() == "nl":
        return contradiction.sentence
    rules = dict.fromkeys(term(rule.place.rule) for rule in contradiction.clash)
    return text("reasons.clash", rules=", ".join(rules))


def repair_in_words(repair: Repair, view: View | None) -> str:
    """The smallest change that ends a clash."""
    if language() == "nl":
        return repair.sentence
    where = "; ".join(_where(place, view) for place in repair.places)
    return text("reasons.repair", where=where, amount=cents(repair.cents))


def _where(place: Place, view: View | None) -> str:
    rule, year, area, stream = place
    if view is None:
        places = [area or "", stream or "", str(year or "")]
    else:
        places = [
            view.area_names.get(area or "", text("choices.city_wide") if area else ""),
            view.stream_names.get(stream or "", ""),
            str(year or ""),
        ]
    return ", ".join([term(rule), *filter(None, places)])
