"""Why an amount is not higher, in the reader's language.

The engine writes Dutch and gives the facts beside it. English is made from the facts: it says what the shortfall does
and leaves out how near the rest of the cost comes, which only the Dutch sentence tells.
"""

from __future__ import annotations

from optimiser.allocation import Contradiction, LockCost, Place, Reason, Repair, ShadowPrice
from ui.language import cents, euros, language, term, text
from ui.view import View

_STEP = 10_000_00
"""Cents that a sentence moves."""
_ONE_EURO = 100


def price_in_words(price: ShadowPrice, view: View) -> str:
    """What € 10.000 more and less does at a rule that binds."""
    if language() == "nl":
        return " ".join(filter(None, (price.sentence, price.less_sentence)))
    where = _where(price.place, view)
    said = []
    if price.value:
        key = "reasons.more_lowers" if price.value > 0 else "reasons.more_raises"
        said.append(text(key, where=where, step=euros(_STEP), amount=euros(round(abs(price.value) * _STEP))))
    if price.less:
        key = "reasons.less_raises" if price.less > 0 else "reasons.less_lowers"
        said.append(text(key, where=where, step=euros(_STEP), amount=euros(round(abs(price.less) * _STEP))))
    return " ".join(said) or text("reasons.no_shortfall", where=where, step=euros(_STEP))


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
