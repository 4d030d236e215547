"""What is still to be booked on months that are provisional: late invoices, before anything counts as surplus.

Per stream and month, over the places p whose month is provisional:

    ratio    = sum of booked / sum of granted, over the definitive months
    expected = max(ratio * granted, (1 + experience) * booked)
    late     = expected - booked

So the higher of two is taken: what was granted tells what is to be booked, and grants themselves come in late
too. `experience` is the raise by which provisional figures tend to end higher, the one that the forecast uses
for counts. Without three definitive months with granted amounts it stands alone. The late amount of a month is
divided over the places by what each seems to lack.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from budget.money import apportion
from budget.year.bookings import N_MONTHS, Bookings, Cents, FloatArray, Mask
from forecasts.completion import FADING, PRIOR_RAISE
from wording.sentence import Sentence, Template

_WHERE = Template("{stream} {period:period}")
_SHARE = Template("{share:.1%}")
_NOT_BOOKED = Template("een bedrag zonder boeking")
_UNKNOWN = Template(
    "{where}: voorlopige lasten met {raised} verhoogd naar ervaring; toegewezen is te weinig bekend."
)
_PROVEN = Template(
    "{where}: voorlopige lasten met {raised} verhoogd; van toegewezen wordt {share:.1%} geboekt."
)
_NOT_MORE = Template(
    "{where}: voorlopige lasten met {raised} verhoogd naar ervaring; toegewezen, waarvan {share:.1%} wordt geboekt, "
    "wijst niet op meer."
)
FEWEST_MONTHS = 3
"""Definitive months with granted amounts that a ratio needs."""
GRANT_DOUBT = 0.01
"""How far the ratio is off at least, as a share of what is booked."""


@dataclass(frozen=True)
class LateInvoices:
    """`cents[p, s, m]` still to be booked, never negative, and `doubt[s, m]`: its standard error as a share of cost."""

    cents: Cents
    doubt: FloatArray
    notes: tuple[str, ...]
    """Dutch, per stream and provisional month of the year: by how much it is raised and on what ground."""


@dataclass(frozen=True)
class _Ratio:
    """Booked per granted euro in definitive months, and its relative standard error; NaN where unknown."""

    value: float
    error: float

    @property
    def known(self) -> bool:
        return bool(np.isfinite(self.value))


def late_invoices(bookings: Bookings) -> LateInvoices:
    """Complete every provisional month of both years."""
    late = np.zeros_like(bookings.cents)
    doubt = np.zeros(bookings.cents.shape[1:])
    notes: dict[str, None] = {}
    provisional = bookings.known & ~bookings.definitive
    for s, stream in enumerate(bookings.streams):
        ratio = _ratio(bookings, s)
        for m in np.flatnonzero(provisional[:, s].any(axis=0)).tolist():
            open_ = provisional[:, s, m]
            experience = _experience(bookings, s, m)
            booked = np.where(open_, bookings.cents[:, s, m], 0)
            granted = np.where(open_, bookings.granted[:, s, m], np.nan)
            by_experience = experience * np.maximum(booked, 0)
            lacking = _lacking(booked, granted, ratio, by_experience)
            by_grants = float(lacking.sum())
            proven = ratio.known and by_grants > by_experience.sum()
            weights = np.maximum(lacking, 0) if proven else by_experience
            total = round(by_grants if proven else float(by_experience.sum()))
            if total > 0:
                late[:, s, m] = apportion(total, weights)
            doubt[s, m] = max(experience, ratio.error if ratio.known else 0.0)
            if m >= N_MONTHS:
                when = str(bookings.year) if bookings.by_year[:, s].any() else bookings.months[m]
                where = _WHERE(stream=stream, period=when)
                notes[_note(where, total, booked, ratio, proven)] = None
    return LateInvoices(late, doubt, tuple(notes))


def _ratio(bookings: Bookings, s: int) -> _Ratio:
    granted = bookings.granted[:, s]
    usable: Mask = bookings.definitive[:, s] & (np.nan_to_num(granted) > 0)
    months = usable.any(axis=0)
    if months.sum() < FEWEST_MONTHS:
        return _Ratio(np.nan, np.nan)
    booked_m = np.where(usable, bookings.cents[:, s], 0).sum(axis=0)[months]
    granted_m = np.where(usable, granted, 0.0).sum(axis=0)[months]
    value = float(booked_m.sum() / granted_m.sum())
    if value <= 0:
        return _Ratio(np.nan, np.nan)
    spread = float(np.std(booked_m / granted_m / value, ddof=1))
    return _Ratio(value, float(np.hypot(GRANT_DOUBT, spread * np.sqrt(1 + 1 / months.sum()))))


def _experience(bookings: Bookings, s: int, m: int) -> float:
    """The raise of a provisional month: less for one that is older; an amount per year counts as the newest."""
    if bookings.by_year[:, s].any():
        return PRIOR_RAISE[1] * FADING[1] ** (1 - m // N_MONTHS)
    newest = int(np.flatnonzero(bookings.known[:, s].any(axis=0)).max())
    return PRIOR_RAISE[12] * FADING[12] ** (newest - m)


def _lacking(booked: Cents, granted: FloatArray, ratio: _Ratio, by_experience: FloatArray) -> FloatArray:
    """Per place what the grants say is still to come; what experience says where nothing is known to be granted."""
    return np.where(np.isfinite(granted) & ratio.known, ratio.value * granted - booked, by_experience)


def _note(where: Sentence, total: int, booked: Cents, ratio: _Ratio, proven: bool) -> Sentence:
    base = int(booked.sum())
    raised = _SHARE(share=total / base) if base > 0 else _NOT_BOOKED()
    told = _PROVEN if proven else _NOT_MORE if ratio.known else _UNKNOWN
    return told(where=where, raised=raised, share=ratio.value)
