"""What the reader is told about a forecast, in Dutch."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasts.events import AppliedEvent
from forecasts.history import History
from forecasts.level_shifts import LevelShift
from forecasts.members import NAMES
from forecasts.panel import Panel
from forecasts.point_forecast import PointForecast
from forecasts.track_record import NOTABLE, TrackRecord

_NORMAL_80 = 1.28
"""Standard errors on either side that hold 80 %."""


def methods_of(panel: Panel, point: PointForecast) -> tuple[str, ...]:
    """Per district: what made its forecast."""
    per_head = ", per hoofd van de leeftijdsgroep" if panel.persons_until else ""
    return tuple(
        "geen waarnemingen: niet geraamd" if silent else _method(members, point.alone) + per_head
        for members, silent in zip(point.members, panel.silent, strict=True)
    )


def notes_of(panel: Panel, point: PointForecast, history: History) -> list[str]:
    """What could not be forecast well, what was imputed and what was found, each a sentence."""
    sentences = [
        *_unseen(panel, history),
        *_incomplete(panel, history),
        _end_of_population(panel),
        *[_event_in_words(applied) for applied in panel.events if applied.estimated],
        *[_shift_in_words(shift) for shift in panel.shifts],
        _accuracy_in_words(point.record),
        *_record_in_words(point.record, len(panel.periods), panel.periods_per_year),
    ]
    return [f"{panel.stream}: {sentence}" for sentence in sentences if sentence]


def _method(members: tuple[str, ...], alone: bool) -> str:
    names = ", ".join(NAMES[member] for member in members)
    if alone:
        return names
    return (
        f"gewogen mediaan van {names}, aandeel in de stad" if members else "eigen niveau, verloop van de stad"
    )


def _unseen(panel: Panel, history: History) -> list[str]:
    unseen = np.asarray(panel.first == len(panel.periods))
    hidden = np.asarray(np.isfinite(panel.ceiling).any(axis=1))
    silent = _codes(history, panel.silent)
    guessed = _codes(history, unseen & ~hidden & ~panel.silent)
    return [
        f"geen waarnemingen voor {silent}; niet geraamd." if silent else "",
        "geen enkele bekende waarneming; de prognose is niet meer dan een gok." if unseen.all() else "",
        f"geen waarnemingen in {guessed}; geschat uit de andere wijken, met ruime marge."
        if guessed and not unseen.all()
        else "",
    ]


def _incomplete(panel: Panel, history: History) -> list[str]:
    hidden = _codes(history, np.asarray(np.isfinite(panel.ceiling).any(axis=1)))
    n_raised = int((panel.completion_doubt > 0).sum())
    return [
        f"onderdrukte aantallen in {hidden}; per trekking aangevuld onder de drempel{_totals(panel)}."
        if hidden
        else "",
        f"{n_raised} voorlopige perioden opgehoogd, met de onzekerheid daarvan." if n_raised else "",
    ]


def _totals(panel: Panel) -> str:
    """How far the suppressed counts could be made to agree with published totals."""
    under_total = np.isfinite(panel.ceiling) & np.isfinite(panel.remainder)
    n_totals = int(under_total.any(axis=0).sum())
    if not n_totals:
        return ""
    room = np.where(under_total, panel.ceiling, 0.0).sum(axis=0)
    n_beyond = int((panel.remainder > room + 1e-6).sum())
    beyond = f", behalve in {n_beyond} waar het totaal meer is dan de drempel toelaat" if n_beyond else ""
    return f", zo dat de wijken optellen tot het gepubliceerde totaal (van {n_totals} perioden{beyond})"


def _end_of_population(panel: Panel) -> str:
    until = panel.persons_until
    if until is None or not len(panel.ahead) or until >= panel.ahead[-1].year:
        return ""
    return f"de bevolkingscijfers lopen tot en met {until}; daarna is de groep gelijk gehouden."


def _event_in_words(applied: AppliedEvent) -> str:
    event = applied.event
    if event.effect is None:
        return f"het effect van '{event.name}' is niet bekend en niet te schatten."
    low, high = (100 * (event.effect + side * _NORMAL_80 * applied.doubt) for side in (-1, 1))
    return f"effect van '{event.name}' geschat op {100 * event.effect:+.0f} % (80 %-band {low:+.0f} tot {high:+.0f} %)."


def _shift_in_words(shift: LevelShift) -> str:
    sentence = (
        f"niveausprong in {shift.district} vanaf {_in_dutch(shift.period)} ({shift.clients:+.0f} cliënten)"
    )
    if shift.moved_with is None:
        return sentence + "; noem de oorzaak op het blad Gebeurtenissen als die bekend is."
    return (
        sentence
        + f", vermoedelijk een verschuiving met {shift.moved_with}: het totaal van de stad verandert niet."
    )


def _in_dutch(period: pd.Period) -> str:
    """2025-K3 for a quarter, as in the workbook; 2025-07 for a month, 2025 for a year."""
    return str(period).replace("Q", "-K")


def _record_in_words(record: TrackRecord, n_periods: int, periods_per_year: int) -> list[str]:
    sentences = []
    if n_periods < 2 * periods_per_year or not record.leans:
        sentences.append(f"de reeks is kort ({n_periods} perioden); de marges zijn een vuistregel.")
    if record.worse_than_naive:
        worse = 100 * (record.skill - 1)
        sentences.append(
            f"in de terugblik {worse:.0f} % slechter dan vorig jaar herhalen; overweeg de naïeve prognose."
        )
    if record.one_sided:
        side, lean = ("laag" if record.leans[0] > 0 else "hoog"), 100 * abs(float(np.mean(record.leans)))
        sentences.append(
            f"de terugblik zat steeds te {side}, gemiddeld {lean:.0f} %; de marges zijn dan te smal."
        )
    return sentences


def _accuracy_in_words(record: TrackRecord) -> str:
    """How good the forecast of a stream was from earlier moments.

    >>> _accuracy_in_words(TrackRecord(0.8, (0.01, -0.02, 0.01), 0.061, 0.080))  # doctest: +NORMALIZE_WHITESPACE
    'vanaf 3 eerdere momenten zat deze prognose per wijk en jaar gemiddeld 6,1 % naast de werkelijkheid, tegen 8,0 %
    voor vorig jaar herhalen: 24 % beter.'
    >>> _accuracy_in_words(TrackRecord(0.9, (0.01, -0.02, 0.01)))
    'vanaf 3 eerdere momenten zat deze prognose 10 % dichter bij de werkelijkheid dan vorig jaar herhalen.'
    """
    if not record.leans or not np.isfinite(record.skill):
        return ""
    one = len(record.leans) == 1
    moments = "1 eerder moment" if one else f"{len(record.leans)} eerdere momenten"
    start = f"vanaf {moments} zat deze prognose"
    if record.naive_missed > 0:
        missed, naive = (_percentage(share) for share in (record.missed, record.naive_missed))
        off = f"per wijk en jaar gemiddeld {missed} naast de werkelijkheid, tegen {naive} voor vorig jaar herhalen"
        return f"{start} {off}: {_compared(record.missed / record.naive_missed)}."
    if abs(record.skill - 1) < NOTABLE:
        return f"{start} even ver van de werkelijkheid als vorig jaar herhalen."
    nearer = "dichter bij" if record.skill < 1 else "verder van"
    return f"{start} {100 * abs(record.skill - 1):.0f} % {nearer} de werkelijkheid dan vorig jaar herhalen."


def _compared(ratio: float) -> str:
    if abs(ratio - 1) < NOTABLE:
        return "even goed"
    return f"{100 * abs(ratio - 1):.0f} % {'beter' if ratio < 1 else 'slechter'}"


def _percentage(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")


def _codes(history: History, chosen: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> str:
    codes = [code for code, is_chosen in zip(history.districts, chosen, strict=True) if is_chosen]
    more = len(codes) - 5
    others = "" if more <= 0 else " en 1 andere wijk" if more == 1 else f" en {more} andere wijken"
    return ", ".join(codes[:5]) + others
