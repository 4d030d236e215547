"""What a reader of one forecast should know, in sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from budget.workbook.periods import period_label
from forecasts.track_record import NOTABLE, TrackRecord
from ui.breaks import Break
from ui.fans import Fan
from ui.language import number, period, share, text
from ui.time_charts import letters_of

_FEW = 10
"""Clients under which a share of them says little."""


def facts_of(fan: Fan, names: Mapping[str, str]) -> list[str]:
    """What stands out in the series: breaks, then counts that are hidden, provisional or missing."""
    return [
        *(f"{letter}: {break_in_words(change, names)}" for letter, change in letters_of(fan.breaks)),
        *_doubts(fan, names),
    ]


def break_in_words(change: Break, names: Mapping[str, str]) -> str:
    """One break: what, since when, how much, and where that is known from."""
    if change.kind == "event":
        when = since(change)
        if change.effect is None:
            return text("forecast.event_unknown", name=change.name, when=when)
        key = "forecast.event_estimated" if change.estimated else "forecast.event_given"
        return text(key, name=change.name, when=when, effect=share(change.effect, digits=0, sign=True))
    effect = share(change.effect or 0.0, digits=0, sign=True)
    place = names.get(change.district, change.district)
    if change.kind == "jump":
        return text("forecast.jump_found", place=place, when=since(change), effect=effect)
    other = names.get(change.other, change.other)
    return text("forecast.move_found", place=place, when=since(change), effect=effect, other=other)


def since(change: Break) -> str:
    """From when, and until when if it ends."""
    first = period(period_label(change.start))
    if change.end is None:
        return text("forecast.since", first=first)
    return text("forecast.between", first=first, last=period(period_label(change.end)))


def naive_in_words(fan: Fan, year: int, expected: float) -> str:
    """What the rule of thumb says of a year beside the forecast, and how it takes provisional periods."""
    naive = fan.naive_years().get(year)
    if naive is None:
        unknown = bool(fan.observed[fan.last_year].isna().any())
        return text("forecast.naive_unknown" if unknown else "forecast.naive_short")
    said = _naive_beside(naive, year, expected)
    return said + " " + text("forecast.naive_completed") if fan.naive_completes else said


def _naive_beside(naive: float, year: int, expected: float) -> str:
    values = {"year": year, "naive": number(naive, digits=1)}
    if expected < _FEW:
        return text("forecast.naive_few", expected=number(expected, digits=1), **values)
    difference = naive / expected - 1
    if abs(difference) < 0.005:
        return text("forecast.naive_same", **values)
    key = "forecast.naive_more" if difference > 0 else "forecast.naive_less"
    return text(key, share=share(abs(difference), digits=0), **values)


def record_in_words(record: TrackRecord | None) -> str:
    """How good forecasts made in this way were from earlier moments."""
    if record is None or not record.leans or not np.isfinite(record.skill):
        return text("forecast.record_short")
    n = len(record.leans)
    if record.naive_missed > 0:
        gain = 1 - record.missed / record.naive_missed
        said = text(
            "forecast.record_years",
            n=n,
            missed=share(record.missed),
            naive=share(record.naive_missed),
            compared=_compared(gain),
        )
    else:
        said = text("forecast.record", n=n, compared=_compared(1 - record.skill))
    if record.one_sided:
        lean = share(abs(float(np.mean(record.leans))), digits=0)
        key = "forecast.record_low" if record.leans[0] > 0 else "forecast.record_high"
        said += " " + text(key, lean=lean)
    return said


def _compared(gain: float) -> str:
    if abs(gain) < NOTABLE:
        return text("forecast.as_near")
    key = "forecast.nearer" if gain > 0 else "forecast.further"
    return text(key, share=share(abs(gain), digits=0))


def _doubts(fan: Fan, names: Mapping[str, str]) -> Iterator[str]:
    hidden, provisional = fan.doubtful.hidden, fan.doubtful.provisional
    if len(hidden):
        labels = fan.labels(hidden.index)
        yield text(
            "forecast.hidden",
            n=len(hidden),
            first=period(labels[0]),
            last=period(labels[-1]),
            room=number(float((hidden["high"] - hidden["low"]).max())),
        )
    if len(fan.missing):
        first, *_, last = (*fan.labels(fan.missing), *fan.labels(fan.missing)[-1:])
        key = "forecast.missing_one" if first == last else "forecast.missing"
        yield text(key, n=len(fan.missing), first=period(first), last=period(last))
    if fan.was_seen and not fan.observed.dropna().any():
        yield text("forecast.always_zero")
    if len(provisional):
        labels = fan.labels(provisional.index)
        raised = float(provisional["completed"].sum() / provisional["seen"].sum() - 1)
        yield text(
            "forecast.incomplete",
            first=period(labels[0]),
            last=period(labels[-1]),
            raised=share(raised),
        )
    if fan.doubtful.unseen:
        places = ", ".join(names.get(code, code) for code in fan.doubtful.unseen)
        yield text("forecast.unseen_in_sum" if fan.was_seen else "forecast.unseen", places=places)
    if fan.doubtful.persons_until is not None:
        yield text("forecast.persons_until", year=fan.doubtful.persons_until)
