"""What the reader is told about a forecast, in Dutch."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from forecasts.history import History
from forecasts.level_shifts import LevelShift
from forecasts.members import NAMES
from forecasts.panel import Panel
from forecasts.point_forecast import PointForecast


def methods_of(panel: Panel, point: PointForecast) -> tuple[str, ...]:
    """Per district: what made its forecast."""
    per_head = ", per hoofd van de leeftijdsgroep" if panel.by_head else ""
    methods = []
    for district, members in enumerate(point.members):
        if panel.silent[district]:
            methods.append("geen waarnemingen: niet geraamd")
        elif not members:
            methods.append(f"eigen niveau, verloop van de stad{per_head}")
        elif len(members) == 1:
            methods.append(f"{NAMES[members[0]]}{per_head}")
        else:
            methods.append(f"gemiddelde van {', '.join(NAMES[member] for member in members)}{per_head}")
    return tuple(methods)


def notes_of(panel: Panel, point: PointForecast, history: History) -> list[str]:
    """What could not be forecast well, and what was imputed."""
    notes = []
    unseen = np.asarray(panel.first == len(panel.periods))
    hidden = np.asarray(np.isfinite(panel.ceiling).any(axis=1))
    if unseen.all():
        notes.append(f"{panel.stream}: geen enkele bekende waarneming; de prognose is niet meer dan een gok.")
    for district, code in enumerate(history.districts):
        if panel.silent[district]:
            notes.append(f"{panel.stream}: geen waarnemingen voor {code}; niet geraamd.")
        elif unseen[district] and not hidden[district] and not unseen.all():
            notes.append(
                f"{panel.stream}: geen waarnemingen in {code}; geschat uit de andere wijken, met ruime marge."
            )
    if hidden.any():
        notes.append(
            f"{panel.stream}: onderdrukte aantallen in {_codes(history, hidden)};"
            " per trekking aangevuld onder de drempel."
        )
    if panel.completion_doubt.any():
        n_periods = int((panel.completion_doubt > 0).sum())
        notes.append(
            f"{panel.stream}: {n_periods} voorlopige perioden opgehoogd, met de onzekerheid daarvan."
        )
    for applied in panel.events:
        effect = applied.event.effect
        if effect is None:
            notes.append(
                f"{panel.stream}: het effect van '{applied.event.name}' is niet bekend en niet te schatten."
            )
        elif applied.estimated:
            notes.append(
                f"{panel.stream}: effect van '{applied.event.name}' geschat op {100 * effect:+.0f} %."
            )
    notes += [_shift_in_words(shift) for shift in panel.shifts]
    if len(panel.periods) < 2 * panel.periods_per_year or len(panel.periods) < 4:
        notes.append(
            f"{panel.stream}: de reeks is kort ({len(panel.periods)} perioden); de marges zijn een vuistregel."
        )
    return notes


def _codes(history: History, chosen: npt.NDArray[np.bool_]) -> str:
    codes = [code for code, is_chosen in zip(history.districts, chosen, strict=True) if is_chosen]
    return ", ".join(codes[:5]) + (f" en {len(codes) - 5} andere wijken" if len(codes) > 5 else "")


def _shift_in_words(shift: LevelShift) -> str:
    sentence = f"{shift.stream}: niveausprong in {shift.district} vanaf {shift.period} ({shift.clients:+.0f} cliënten)"
    if shift.moved_with is None:
        return sentence + "; noem de oorzaak op het blad Gebeurtenissen als die bekend is."
    return (
        sentence
        + f", vermoedelijk een verschuiving met {shift.moved_with}: het totaal van de stad verandert niet."
    )
