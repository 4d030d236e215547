from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.claims import price
from budget.inputs import Index
from tests.budget.small_city import flat_demand, rule, small_inputs


def test_clients_times_price_is_split_between_area_and_city() -> None:
    inputs = small_inputs()
    claims = price(flat_demand(inputs), inputs)
    youth, wmo = 0, 1
    assert claims.expected[0, youth].tolist() == [
        10 * 10_000_00 * 8 // 10,
        10 * 10_000_00 * 8 // 10,
        11 * 10_000_00 * 8 // 10,
    ]
    assert claims.expected[1, wmo].tolist() == [10 * 2_000_00, 10 * 2_000_00, 11 * 2_000_00]
    assert claims.city[youth].tolist() == [
        2 * 10 * 10_000_00 // 5,
        2 * 10 * 10_000_00 // 5,
        2 * 11 * 10_000_00 // 5,
    ]
    assert claims.city[wmo].tolist() == [0, 0, 0]


def test_a_stream_that_is_made_city_wide_leaves_the_areas() -> None:
    inputs = small_inputs(rule("stadsbreed", "1", stream="j"))
    claims = price(flat_demand(inputs), inputs)
    assert claims.expected[:, 0].sum() == 0
    assert claims.city[0, 1] == 2 * 10 * 10_000_00


def test_a_price_without_a_tariff_of_its_own_follows_the_index() -> None:
    inputs = small_inputs(indices=(Index(2027, Decimal("0.04"), Decimal("0.02"), Decimal("0.9"), False),))
    claims = price(flat_demand(inputs), inputs)
    rate = 0.9 * 0.04 + 0.1 * 0.02
    assert claims.prices[0].tolist() == [10_000, round(10_000 * (1 + rate), 2), round(10_380 * (1 + rate), 2)]
    assert claims.notes == ("Geen index voor 2028: die van 2027 gebruikt.",)


def test_without_any_index_prices_stay_and_it_is_said() -> None:
    inputs = small_inputs()
    claims = price(flat_demand(inputs), inputs)
    assert claims.notes == (
        "Geen index voor 2027: prijzen niet geïndexeerd.",
        "Geen index voor 2028: prijzen niet geïndexeerd.",
    )


@given(spread=st.floats(0, 0.9), share=st.floats(0, 1))
def test_areas_and_city_together_always_carry_the_whole_cost(spread: float, share: float) -> None:
    base = small_inputs()
    streams = tuple(type(s)(**{**s.__dict__, "area_share": share}) for s in base.streams)
    inputs = small_inputs(streams=streams)
    demand = flat_demand(inputs, spread)
    claims = price(demand, inputs)
    for s, stream in enumerate(demand.streams):
        mean = stream.yearly.astype(np.float64).mean(axis=-1)
        whole = np.floor(mean * claims.prices[s] * 100 + 0.5).sum(axis=0)
        assert (claims.expected[:, s].sum(axis=0) + claims.city[s]).tolist() == pytest.approx(
            whole.tolist(), abs=0
        )
        assert (claims.city[s] >= 0).all()
