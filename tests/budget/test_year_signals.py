"""What is unknown, gone or not plausible in a year is seen before anybody believes its end."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st

from budget.year.signals import (
    PLAUSIBLE,
    implausible,
    month_of_exhaustion,
    nothing_booked,
    unknown_places,
)
from budget.year.year_end import year_so_far
from tests.budget.year_rows import MONTHLY, booked, city, whole_year

BUDGET = {("A", "j"): 90_000, ("A", "w"): 40_000}


def test_a_year_that_keeps_within_its_budget_gives_no_signals() -> None:
    year = year_so_far(city(whole_year()))
    assert month_of_exhaustion(year, [year.places.index("A")]) is None
    assert implausible(year) is None
    assert unknown_places(year) == ()
    assert not nothing_booked(year, "A")


def test_a_budget_that_is_gone_in_february_is_said_to_be_gone_in_february() -> None:
    rows = [*booked("A", "j", 70_000, range(1, 3)), *booked("A", "w", 1_000, range(1, 3))]
    year = year_so_far(city(rows))
    assert month_of_exhaustion(year, [year.places.index("A")]) == "2026-02"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 40_000), min_size=12, max_size=12))
def test_a_budget_is_gone_in_the_first_month_whose_bookings_add_up_to_more(euros: list[int]) -> None:
    rows = [
        *(row for month, amount in enumerate(euros, 1) for row in booked("A", "j", amount, [month])),
        *booked("A", "w", 0),
    ]
    year = year_so_far(city(rows))
    gone = [month for month, sum_ in enumerate(accumulate(euros), 1) if sum_ > sum(BUDGET.values())]
    found = month_of_exhaustion(year, [year.places.index("A")])
    assert found == (f"2026-{gone[0]:02d}" if gone else None)


def test_a_whole_year_in_one_month_is_not_plausible() -> None:
    rows = [row for (area, stream), euros in MONTHLY.items() for row in booked(area, stream, 12 * euros, [1])]
    year = year_so_far(city(rows))
    ratio = implausible(year)
    assert ratio is not None
    assert ratio > PLAUSIBLE[1]


def test_amounts_in_thousands_are_not_plausible() -> None:
    rows = whole_year({cell: euros / 1_000 for cell, euros in MONTHLY.items()})
    ratio = implausible(year_so_far(city(rows)))
    assert ratio is not None
    assert ratio < PLAUSIBLE[0]


def test_a_place_without_bookings_or_forecast_is_unknown_and_nothing_was_booked_there() -> None:
    rows = [row for cell in (("A", "j"), ("A", "w")) for row in booked(*cell, MONTHLY[cell])]
    year = year_so_far(city(rows))
    assert unknown_places(year) == ("B",)
    assert nothing_booked(year, "B")
    assert implausible(year) is None
    assert implausible(year, [year.places.index("A")]) is None
