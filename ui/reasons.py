"""Why an amount is not higher, in the reader's language."""

from __future__ import annotations

from optimiser.allocation import Reason, ShadowPrice
from ui.language import said
from ui.view import View


def price_in_words(price: ShadowPrice) -> str:
    """What € 10.000 more and less does at a rule that binds."""
    return " ".join(said(sentence) for sentence in (price.sentence, price.less_sentence) if sentence)


def reason_in_words(reason: Reason, view: View) -> str:
    """Which rule holds an amount where it is; of a stream, with its name."""
    stream = reason.place.stream
    if stream is None:
        return said(reason.sentence)
    return f"{view.stream_names.get(stream, stream)}: {said(reason.sentence)}"
