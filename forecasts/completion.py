"""Provisional counts, completed: late registrations and invoices will raise them.

The factor of a provisional period is what experience says (a few per cent, less for older figures), weighed with
what the stream's own final periods lead one to expect:

    factor = (prior / v_prior + evidence / v_evidence) / (1 / v_prior + 1 / v_evidence)

where evidence is expected over observed, and v_evidence how far such expectations were off in the past.
"""

from __future__ import annotations

import numpy as np

from forecasts.history import FloatArray, Status, StreamHistory

PRIOR_RAISE = {12: 0.03, 4: 0.03, 1: 0.03}
"""Raise still to come of the newest period."""
FADING = {12: 0.6, 4: 0.4, 1: 0.3}
"""What is left of it for a figure one period older."""
HIGHEST = 1.25


def completion_factors(stream: StreamHistory) -> tuple[FloatArray, FloatArray]:
    """Factor and its standard error per period, each (periods,); 1 and 0 where every count is final."""
    n_periods, season = stream.clients.shape[1], stream.periods_per_year
    factor, doubt = np.ones(n_periods), np.zeros(n_periods)
    provisional = (stream.status == Status.PROVISIONAL).any(axis=0)
    if not provisional.any():
        return factor, doubt
    first = int(np.argmax(provisional))
    totals = _totals_of_complete_districts(stream)
    for at in np.flatnonzero(provisional).tolist():
        age = n_periods - 1 - at
        raise_ = PRIOR_RAISE[season] * FADING[season] ** age
        prior, prior_variance = 1 + raise_, raise_**2
        evidence, variance = _evidence(totals, first, at, season)
        weight = prior_variance / (prior_variance + variance)
        factor[at] = np.clip(prior + weight * (evidence - prior), 1.0, HIGHEST)
        doubt[at] = np.sqrt(prior_variance * (1 - weight))
    return factor, doubt


def _totals_of_complete_districts(stream: StreamHistory) -> FloatArray:
    complete = np.isfinite(stream.clients).all(axis=1)
    totals: FloatArray = stream.clients[complete].sum(axis=0)
    return totals


def _evidence(totals: FloatArray, first: int, at: int, season: int) -> tuple[float, float]:
    """Expected over observed at period `at` from the periods before `first`, and the variance of such a ratio."""
    lead = at - first + 1
    past = [t for t in range(2 * season + lead, first) if totals[t] > 0]
    if totals[at] <= 0 or len(past) < 3:
        return 1.0, np.inf
    misses = np.array([_expected(totals, t - lead + 1, t, season) / totals[t] - 1 for t in past])
    return _expected(totals, first, at, season) / float(totals[at]), max(float(np.mean(misses**2)), 1e-6)


def _expected(totals: FloatArray, known: int, at: int, season: int) -> float:
    """The same season before, at the growth of the last season: only periods before `known` are used."""
    if season == 1:
        return float(totals[known - 1])
    recent, before = totals[known - 3 : known].sum(), totals[known - 3 - season : known - season].sum()
    return float(totals[at - season] * recent / before) if before > 0 else float(totals[at - season])
