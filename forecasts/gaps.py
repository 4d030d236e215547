"""Counts that are not known, filled with what they may be, and how far that may be off.

suppressed              an equal part of what the published total leaves, else half the disclosure limit;
                        anywhere below that limit
between known counts    the straight line between them; before the first and after the last, level
a district never seen   the rate of the city times its persons, or the median district
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecasts.history import FloatArray, Status, StreamHistory

USUAL_LIMIT = 10.0
"""Counts below this are usually not published."""
HIGHEST_LIMIT = 15.0
DOUBT_OF_GAP = 0.3
"""A gap between two known counts may be this share off."""


def without_gaps(
    counts: FloatArray, suppressed: npt.NDArray[np.bool_], persons: FloatArray, remainder: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Counts without gaps, the doubt about each, and the ceiling of each; all (districts, periods).

    Doubt is 0 for a known count, 1 for one that may be anything between nothing and twice the value. The
    ceiling is the disclosure limit for a suppressed count, infinite otherwise. `persons` (districts,) may be NaN.
    `remainder` (periods,) is what the suppressed counts amount to together, NaN where that is unknown.
    """
    limit = _disclosure_limit(counts)
    hidden = suppressed & ~np.isfinite(counts)
    equal_part = np.minimum(remainder / np.maximum(hidden.sum(axis=0), 1), limit)
    seeded = np.where(hidden, np.where(np.isfinite(remainder), equal_part, limit / 2), counts)
    filled = pd.DataFrame(seeded.T).interpolate(limit_direction="both").to_numpy(dtype=float).T
    unseen = ~np.isfinite(seeded).any(axis=1)
    filled[unseen] = _typical(filled[~unseen], persons[~unseen], persons[unseen], limit)
    doubt = np.where(np.isfinite(counts), 0.0, np.where(suppressed, 1.0, DOUBT_OF_GAP))
    doubt[unseen] = 1.0
    ceiling = np.where(suppressed, limit, np.inf)
    return filled, doubt, ceiling


def hidden_remainder(stream: StreamHistory, silent: npt.NDArray[np.bool_]) -> FloatArray:
    """(periods,) what the suppressed counts amount to together: published total less known counts.

    NaN where there is no total, nothing suppressed, or a district unknown for another reason. `silent` districts
    (districts,) count as nothing.
    """
    if stream.totals is None:
        return np.full(len(stream.periods), np.nan)
    known = np.isfinite(stream.clients)
    hidden = (stream.status == Status.SUPPRESSED) & ~known
    unknown = ~known & ~hidden & ~silent[:, None]
    remainder = np.maximum(stream.totals - np.where(known, stream.clients, 0.0).sum(axis=0), 0.0)
    return np.where(hidden.any(axis=0) & ~unknown.any(axis=0), remainder, np.nan)


def _disclosure_limit(counts: FloatArray) -> float:
    """The smallest published count when it is small enough to be the limit, else the usual one."""
    published = counts[np.isfinite(counts) & (counts > 0)]
    smallest = float(published.min()) if len(published) else USUAL_LIMIT
    return smallest if smallest <= HIGHEST_LIMIT else USUAL_LIMIT


def _typical(
    seen: FloatArray, persons_seen: FloatArray, persons_unseen: FloatArray, limit: float
) -> FloatArray:
    """What a district that was never seen may have: the city's rate times its persons, else the median district."""
    if not len(seen):
        return np.full((len(persons_unseen), 1), limit / 2)
    counted = np.isfinite(persons_seen) & (persons_seen > 0)
    median = np.median(seen, axis=0)
    if not counted.any():
        return np.tile(median, (len(persons_unseen), 1))
    rate = seen[counted].sum(axis=0) / persons_seen[counted].sum()
    by_rate = persons_unseen[:, None] * rate
    return np.where(np.isfinite(by_rate), by_rate, median)
