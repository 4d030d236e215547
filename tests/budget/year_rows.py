"""Rows of Realisatie for the small city, whose year 2026 ends before its first plan year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from budget.inputs import Actual, Inputs, Rule
from tests.budget.small_city import rule, small_inputs

YEAR = 2026
MONTHLY = {("A", "j"): 7_000, ("A", "w"): 3_000, ("B", "j"): 6_500, ("B", "w"): 5_000}
"""Euros per month: over twelve months A keeps 10,000 of its 130,000, and B spends 8,000 more than that."""
CHOICES = (
    rule("herinvesteren_aandeel", "0.5"),
    rule("algemene_middelen_aandeel", "0.3"),
)


def booked(
    place: str,
    stream: str,
    euros: float | None,
    months: Iterable[int] = range(1, 13),
    *,
    granted: float | None = None,
    status: str = "definitief",
    year: int = YEAR,
) -> tuple[Actual, ...]:
    """The same amount in some months of a year."""
    return tuple(
        Actual(place, stream, f"{year}-{month:02d}", _cents(euros), _cents(granted), status)  # type: ignore[arg-type]
        for month in months
    )


def whole_year(amounts: Mapping[tuple[str, str], float] = MONTHLY) -> tuple[Actual, ...]:
    """Twelve definitive months of every cell."""
    return tuple(row for (place, stream), euros in amounts.items() for row in booked(place, stream, euros))


def city(actuals: Iterable[Actual], *rules: Rule, **changes: object) -> Inputs:
    """The small city with these actuals and rules."""
    return replace(small_inputs(*rules), actuals=tuple(actuals), **changes)  # type: ignore[arg-type]


def _cents(euros: float | None) -> int | None:
    return None if euros is None else round(euros * 100)
