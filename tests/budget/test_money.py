from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.money import TooLarge, apportion, format_cents, parse_amount, parse_number


@given(st.integers(-(10**12), 10**12), st.sampled_from(["nl", "en"]))
def test_an_amount_that_is_shown_reads_back_as_the_same_cents(cents: int, language: str) -> None:
    assert parse_amount(format_cents(cents, language)) == cents  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "euros"),
    [
        ("€1.250.000,-", "1250000"),
        ("1.250.000,--", "1250000"),
        ("€ 1.000,–", "1000"),
        ("€ 1,25 mln", "1250000"),
        ("1,25 miljoen", "1250000"),
        ("1,25 mln. euro", "1250000"),
        ("€ 3 mrd", "3000000000"),
        ("12,5k", "12500"),
        ("1.250", "1250"),
        ("1250000,50", "1250000.5"),
        ("1\u00a0250\u202f000 euro", "1250000"),
        ("EUR 1 250", "1250"),
        ("1.25", "1.25"),
        ("100 mld", "100000000000"),
    ],
)
def test_an_amount_is_read_as_people_in_a_town_hall_type_it(typed: str, euros: str) -> None:
    assert parse_amount(typed) == Decimal(euros) * 100


@pytest.mark.parametrize("typed", ["abc", "1,2,3", "1.250.00", "€", "mln", "euro", "1e30", "12,50-"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        parse_amount(typed)


@pytest.mark.parametrize(
    "typed", ["999999999999999999", "-999999999999999999", "101 mld", "100.000.000.000,01"]
)
def test_an_amount_that_no_municipality_has_is_refused_as_that(typed: str) -> None:
    with pytest.raises(TooLarge):
        parse_amount(typed)


@pytest.mark.parametrize("text", ["", "veel", "1.2.3", "1,2,3", "12 appels", "€", "1.23,4.5", "--3"])
def test_a_text_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        parse_number(text)


@given(st.integers(0, 10**12), st.lists(st.floats(0, 1e9), min_size=1, max_size=30))
def test_the_parts_of_an_apportioned_amount_always_add_up(total: int, weights: list[float]) -> None:
    parts = apportion(total, np.array(weights))
    assert parts.sum() == total
    assert (parts >= 0).all()


@given(st.integers(0, 10**9), st.lists(st.integers(1, 1000), min_size=1, max_size=10))
def test_no_part_is_a_cent_or_more_off_its_exact_share(total: int, weights: list[int]) -> None:
    parts = apportion(total, np.array(weights, dtype=float))
    exact = total * np.array(weights) / sum(weights)
    assert (np.abs(parts - exact) < 1 + 1e-6).all()
