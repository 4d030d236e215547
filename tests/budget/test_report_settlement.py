from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.year.settlement import settle_surplus

SHARES = st.integers(0, 100).map(lambda percent: percent / 100)
CAPS = st.none() | st.integers(0, 10**9)


@given(st.integers(0, 10**12), SHARES, SHARES, CAPS, CAPS)
def test_the_parts_are_the_surplus_to_the_cent_and_no_part_is_negative(
    surplus: int, retained: float, general: float, reinvest_cap: int | None, carry_cap: int | None
) -> None:
    parts = settle_surplus(
        surplus,
        retained_share=retained,
        general_share=general,
        reinvest_cap=reinvest_cap,
        carry_cap=carry_cap,
    )
    assert parts.prevention + parts.general + parts.carried == surplus == parts.surplus
    assert min(parts.prevention, parts.general, parts.carried) >= 0


@given(st.integers(0, 10**12), SHARES, SHARES, st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_caps_are_kept(surplus: int, retained: float, general: float, reinvest: int, carry: int) -> None:
    parts = settle_surplus(
        surplus, retained_share=retained, general_share=general, reinvest_cap=reinvest, carry_cap=carry
    )
    assert parts.prevention <= reinvest
    assert parts.carried <= carry


def test_without_local_choices_everything_is_carried_over() -> None:
    assert settle_surplus(500_00).carried == 500_00


def test_what_the_cap_on_reinvestment_leaves_is_carried_over() -> None:
    parts = settle_surplus(100_00, retained_share=0.5, general_share=0.25, reinvest_cap=40_00)
    assert (parts.prevention, parts.general, parts.carried) == (40_00, 25_00, 100_00 - 40_00 - 25_00)


def test_what_may_not_be_carried_over_lapses_to_the_general_means() -> None:
    parts = settle_surplus(100_00, retained_share=0.5, general_share=0.25, carry_cap=10_00)
    assert (parts.prevention, parts.general, parts.carried) == (50_00, 25_00 + 15_00, 10_00)


def test_half_a_cent_goes_to_prevention_first() -> None:
    parts = settle_surplus(1, retained_share=0.5, general_share=0.5)
    assert (parts.prevention, parts.general, parts.carried) == (1, 0, 0)


def test_a_deficit_is_not_a_surplus() -> None:
    with pytest.raises(ValueError, match="not negative"):
        settle_surplus(-1)


def test_a_share_above_one_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        settle_surplus(100, retained_share=1.5)
