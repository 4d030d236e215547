"""What the reader is told about a forecast: sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from forecasts.events import AppliedEvent
from forecasts.history import History
from forecasts.level_shifts import LevelShift
from forecasts.members import NAMES
from forecasts.panel import Panel
from forecasts.point_forecast import PointForecast
from forecasts.track_record import NOTABLE, TrackRecord
from wording.sentence import Sentence, Template

_NORMAL_80 = 1.28
"""Standard errors on either side that hold 80 %."""
_MOST_NAMED = 5
_OF_STREAM = Template("{stream}: {told}")
_NOTHING_SEEN = Template("geen waarnemingen: niet geraamd")
_BY_HEAD = Template("{method}, per hoofd van de leeftijdsgroep")
_ALONE = Template("{members:word}")
_WEIGHED = Template("gewogen mediaan van {members:word}, aandeel in de stad")
_OWN_LEVEL = Template("eigen niveau, verloop van de stad")
_SILENT = Template("geen waarnemingen voor {districts}; niet geraamd.")
_A_GUESS = Template("geen enkele bekende waarneming; de prognose is niet meer dan een gok.")
_GUESSED = Template("geen waarnemingen in {districts}; geschat uit de andere wijken, met ruime marge.")
_HIDDEN = Template("onderdrukte aantallen in {districts}; per trekking aangevuld onder de drempel.")
_HIDDEN_IN_TOTAL = Template(
    "onderdrukte aantallen in {districts}; per trekking aangevuld onder de drempel, zo dat de wijken optellen tot het "
    "gepubliceerde totaal (van {n} perioden)."
)
_HIDDEN_BEYOND_TOTAL = Template(
    "onderdrukte aantallen in {districts}; per trekking aangevuld onder de drempel, zo dat de wijken optellen tot het "
    "gepubliceerde totaal (van {n} perioden, behalve in {beyond} waar het totaal meer is dan de drempel toelaat)."
)
_RAISED = Template("{n} voorlopige perioden opgehoogd, met de onzekerheid daarvan.")
_POPULATION_ENDS = Template(
    "de bevolkingscijfers lopen tot en met {year}; daarna is de groep gelijk gehouden."
)
_EVENT_UNKNOWN = Template("het effect van '{event}' is niet bekend en niet te schatten.")
_EVENT = Template("effect van '{event}' geschat op {effect:+.0%} (80 %-band {low:+.0f} tot {high:+.0%}).")
_SHIFT = Template(
    "niveausprong in {district} vanaf {period:period} ({clients:+.0f} cliënten); noem de oorzaak op het blad "
    "Gebeurtenissen als die bekend is."
)
_SHIFT_AND_BACK = Template(
    "niveausprong in {district} vanaf {period:period} ({clients:+.0f} cliënten), vermoedelijk een verschuiving met "
    "{other}: het totaal van de stad verandert niet."
)
_SHORT = Template("de reeks is kort ({n} perioden); de marges zijn een vuistregel.")
_WORSE = Template(
    "in de terugblik {worse:.0%} slechter dan vorig jaar herhalen; overweeg de naïeve prognose."
)
_TOO_LOW = Template("de terugblik zat steeds te laag, gemiddeld {lean:.0%}; de marges zijn dan te smal.")
_TOO_HIGH = Template("de terugblik zat steeds te hoog, gemiddeld {lean:.0%}; de marges zijn dan te smal.")
_MISSED = Template(
    "vanaf {n} {n:eerder moment|eerdere momenten} zat deze prognose per wijk en jaar gemiddeld {missed:.1%} naast de "
    "werkelijkheid, tegen {naive:.1%} voor vorig jaar herhalen: {compared}."
)
_AS_GOOD = Template("even goed")
_BETTER = Template("{share:.0%} beter")
_LESS_GOOD = Template("{share:.0%} slechter")
_AS_NEAR = Template(
    "vanaf {n} {n:eerder moment|eerdere momenten} zat deze prognose even ver van de werkelijkheid als vorig jaar "
    "herhalen."
)
_NEARER = Template(
    "vanaf {n} {n:eerder moment|eerdere momenten} zat deze prognose {share:.0%} dichter bij de werkelijkheid dan vorig "
    "jaar herhalen."
)
_FURTHER = Template(
    "vanaf {n} {n:eerder moment|eerdere momenten} zat deze prognose {share:.0%} verder van de werkelijkheid dan vorig "
    "jaar herhalen."
)
TRACK_RECORD = frozenset(map(str, (_MISSED, _AS_NEAR, _NEARER, _FURTHER)))
"""The templates that tell how good a forecast was before: a finding, where the other notes are assumptions."""
_AND_OTHERS = Template("{districts} en {n} andere {n:wijk|wijken}")


def methods_of(panel: Panel, point: PointForecast) -> tuple[str, ...]:
    """Per district: what made its forecast."""
    return tuple(
        _method(panel, members, point.alone, silent=bool(silent))
        for members, silent in zip(point.members, panel.silent, strict=True)
    )


def notes_of(panel: Panel, point: PointForecast, history: History) -> list[str]:
    """What could not be forecast well, what was imputed and what was found, each a sentence."""
    told = [
        *_unseen(panel, history),
        *_incomplete(panel, history),
        *_end_of_population(panel),
        *[_event_in_words(applied) for applied in panel.events if applied.estimated],
        *[_shift_in_words(shift) for shift in panel.shifts],
        *_accuracy_in_words(point.record),
        *_record_in_words(point.record, len(panel.periods), panel.periods_per_year),
    ]
    return [_OF_STREAM(stream=panel.stream, told=sentence) for sentence in told]


def _method(panel: Panel, members: tuple[str, ...], alone: bool, *, silent: bool) -> Sentence:
    names = tuple(NAMES[member] for member in members)
    if silent:
        method = _NOTHING_SEEN()
    elif alone:
        method = _ALONE(members=names)
    else:
        method = _WEIGHED(members=names) if names else _OWN_LEVEL()
    return _BY_HEAD(method=method) if panel.persons_until else method


def _unseen(panel: Panel, history: History) -> Iterator[Sentence]:
    unseen = np.asarray(panel.first == len(panel.periods))
    hidden = np.asarray(np.isfinite(panel.ceiling).any(axis=1))
    guessed = unseen & ~hidden & ~panel.silent
    if panel.silent.any():
        yield _SILENT(districts=_codes(history, panel.silent))
    if unseen.all():
        yield _A_GUESS()
    elif guessed.any():
        yield _GUESSED(districts=_codes(history, guessed))


def _incomplete(panel: Panel, history: History) -> Iterator[Sentence]:
    hidden = np.asarray(np.isfinite(panel.ceiling).any(axis=1))
    if hidden.any():
        yield _hidden(panel, _codes(history, hidden))
    n_raised = int((panel.completion_doubt > 0).sum())
    if n_raised:
        yield _RAISED(n=n_raised)


def _hidden(panel: Panel, districts: str | tuple[str, ...]) -> Sentence:
    """How far the suppressed counts could be made to agree with published totals."""
    under_total = np.isfinite(panel.ceiling) & np.isfinite(panel.remainder)
    n_totals = int(under_total.any(axis=0).sum())
    if not n_totals:
        return _HIDDEN(districts=districts)
    room = np.where(under_total, panel.ceiling, 0.0).sum(axis=0)
    n_beyond = int((panel.remainder > room + 1e-6).sum())
    told = _HIDDEN_BEYOND_TOTAL if n_beyond else _HIDDEN_IN_TOTAL
    return told(districts=districts, n=n_totals, beyond=n_beyond)


def _end_of_population(panel: Panel) -> Iterator[Sentence]:
    until = panel.persons_until
    if until is not None and len(panel.ahead) and until < panel.ahead[-1].year:
        yield _POPULATION_ENDS(year=until)


def _event_in_words(applied: AppliedEvent) -> Sentence:
    event = applied.event
    if event.effect is None:
        return _EVENT_UNKNOWN(event=event.name)
    low, high = (event.effect + side * _NORMAL_80 * applied.doubt for side in (-1, 1))
    return _EVENT(event=event.name, effect=event.effect, low=100 * low, high=high)


def _shift_in_words(shift: LevelShift) -> Sentence:
    told = _SHIFT if shift.moved_with is None else _SHIFT_AND_BACK
    return told(
        district=shift.district,
        period=_of_workbook(shift.period),
        clients=shift.clients,
        other=shift.moved_with,
    )


def _of_workbook(period: pd.Period) -> str:
    """2025-K3 for a quarter, as in the workbook; 2025-07 for a month, 2025 for a year."""
    return str(period).replace("Q", "-K")


def _record_in_words(record: TrackRecord, n_periods: int, periods_per_year: int) -> Iterator[Sentence]:
    if n_periods < 2 * periods_per_year or not record.leans:
        yield _SHORT(n=n_periods)
    if record.worse_than_naive:
        yield _WORSE(worse=record.skill - 1)
    if record.one_sided:
        told = _TOO_LOW if record.leans[0] > 0 else _TOO_HIGH
        yield told(lean=abs(float(np.mean(record.leans))))


def _accuracy_in_words(record: TrackRecord) -> Iterator[Sentence]:
    """How good the forecast of a stream was from earlier moments.

    >>> next(_accuracy_in_words(TrackRecord(0.8, (0.01, -0.02, 0.01), 0.061, 0.080)))
    ... # doctest: +NORMALIZE_WHITESPACE
    'vanaf 3 eerdere momenten zat deze prognose per wijk en jaar gemiddeld 6,1 % naast de werkelijkheid, tegen 8,0 %
    voor vorig jaar herhalen: 24 % beter.'
    >>> next(_accuracy_in_words(TrackRecord(0.9, (0.01, -0.02, 0.01))))
    'vanaf 3 eerdere momenten zat deze prognose 10 % dichter bij de werkelijkheid dan vorig jaar herhalen.'
    """
    n, skill = len(record.leans), record.skill
    if not n or not np.isfinite(skill):
        return
    if record.naive_missed > 0:
        compared = _compared(record.missed / record.naive_missed)
        yield _MISSED(n=n, missed=record.missed, naive=record.naive_missed, compared=compared)
    elif abs(skill - 1) < NOTABLE:
        yield _AS_NEAR(n=n)
    else:
        yield (_NEARER if skill < 1 else _FURTHER)(n=n, share=abs(skill - 1))


def _compared(ratio: float) -> Sentence:
    if abs(ratio - 1) < NOTABLE:
        return _AS_GOOD()
    return (_BETTER if ratio < 1 else _LESS_GOOD)(share=abs(ratio - 1))


def _codes(
    history: History, chosen: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> tuple[str, ...] | Sentence:
    codes = tuple(code for code, is_chosen in zip(history.districts, chosen, strict=True) if is_chosen)
    more = len(codes) - _MOST_NAMED
    return codes if more <= 0 else _AND_OTHERS(districts=codes[:_MOST_NAMED], n=more)
