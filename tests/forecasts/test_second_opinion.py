from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.demand import Demand, OutsideForecast, StreamDemand
from forecasts.second_opinion import blend


def demand_of(yearly: np.ndarray) -> Demand:
    """Two districts, one monthly stream over 2027 and 2028, every month equal to its year."""
    samples = yearly.astype(np.float32)
    monthly = np.repeat(samples, 12, axis=1)
    periods = pd.period_range("2027-01", "2028-12", freq="M")
    stream = StreamDemand("w", periods, monthly, (2027, 2028), samples, ("vlak", "vlak"))
    return Demand(("A", "B"), ("", ""), (stream,), samples.shape[2], 1)


def flat() -> Demand:
    return demand_of(np.array([[[90.0, 110.0]] * 2, [[45.0, 55.0]] * 2]))


def opinion(clients: float, weight: float, district: str = "A", year: int = 2027) -> OutsideForecast:
    return OutsideForecast(district, "w", year, clients, weight, "landelijk model")


def test_comparing_changes_nothing_and_says_what_is_surprising() -> None:
    own = flat()
    blended, (compared,) = blend(own, [opinion(150, 0)])
    assert np.array_equal(blended.streams[0].yearly, own.streams[0].yearly)
    assert (compared.expected, compared.used, compared.surprising) == (100, 100, True)


def test_blending_moves_the_mean_by_the_weight_and_keeps_the_relative_spread() -> None:
    blended, (compared,) = blend(flat(), [opinion(150, 0.4)])
    assert compared.used == pytest.approx(0.6 * 100 + 0.4 * 150)
    assert blended.streams[0].yearly[0, 0].tolist() == pytest.approx([90 * 1.2, 110 * 1.2])
    assert blended.streams[0].draws[0, :12].mean() == pytest.approx(120)
    assert blended.streams[0].yearly[0, 1].tolist() == [90, 110]
    assert blended.streams[0].yearly[1, 0].tolist() == [45, 55]


def test_where_we_expect_nobody_the_outside_number_is_taken_as_it_is() -> None:
    blended, _ = blend(demand_of(np.zeros((2, 2, 2))), [opinion(12, 0.5)])
    assert blended.streams[0].yearly[0, 0].tolist() == [6, 6]


def test_a_number_for_an_unknown_district_or_year_is_left_out() -> None:
    _, compared = blend(flat(), [opinion(1, 1, "Z"), opinion(1, 1, year=2040)])
    assert compared == ()


def test_a_year_that_has_begun_is_compared_only() -> None:
    own = flat()
    (stream,) = own.streams
    begun = replace(own, streams=(replace(stream, periods=stream.periods[3:], draws=stream.draws[:, 3:]),))
    blended, (compared,) = blend(begun, [opinion(150, 1)])
    assert compared.used == 100
    assert np.array_equal(blended.streams[0].yearly, stream.yearly)


@pytest.mark.parametrize(("clients", "weight"), [(-1, 0.5), (1, 1.5), (1, -0.1)])
def test_nonsense_is_refused(clients: float, weight: float) -> None:
    with pytest.raises(ValueError, match="weight"):
        blend(flat(), [opinion(clients, weight)])


@given(st.floats(0, 1e5), st.floats(0, 1), st.lists(st.floats(0, 1e4), min_size=8, max_size=8))
def test_draws_are_never_negative_and_the_mean_is_always_what_was_asked(
    clients: float, weight: float, values: list[float]
) -> None:
    own = demand_of(np.array(values).reshape(2, 2, 2))
    blended, (compared,) = blend(own, [opinion(clients, weight)])
    assert (blended.streams[0].yearly >= 0).all()
    assert blended.streams[0].yearly[0, 0].mean() == pytest.approx(compared.used, rel=1e-5, abs=1e-4)


def test_a_number_for_the_city_moves_all_districts_by_one_factor() -> None:
    blended, (compared,) = blend(flat(), [opinion(180, 0.5, "GM")], whole="GM")
    assert (compared.expected, compared.p10) == (150, pytest.approx(135 + 0.1 * (165 - 135)))
    assert compared.used == pytest.approx(0.5 * 150 + 0.5 * 180)
    factor = (0.5 * 150 + 0.5 * 180) / 150
    assert blended.streams[0].yearly[:, 0].ravel().tolist() == pytest.approx(
        [factor * 90, factor * 110, factor * 45, factor * 55]
    )


def test_where_nobody_is_expected_the_districts_share_a_number_for_the_city_evenly() -> None:
    blended, _ = blend(demand_of(np.zeros((2, 2, 2))), [opinion(12, 1, "GM")], whole="GM")
    assert blended.streams[0].yearly[:, 0].mean(axis=-1).tolist() == [6, 6]


def test_the_parts_of_a_forecast_still_add_up_to_it() -> None:
    own = flat()
    (stream,) = own.streams
    told = replace(own, streams=(replace(stream, parts={"niveau": stream.draws.mean(axis=2, dtype=float)}),))
    (moved,) = blend(told, [opinion(150, 0.4)])[0].streams
    assert sum(moved.parts.values()) == pytest.approx(moved.draws.mean(axis=2, dtype=float))
    assert moved.parts["tweede mening"][0, 0] == pytest.approx(0.4 * (150 - 100))


def test_the_only_year_ahead_has_begun_when_part_of_it_is_observed() -> None:
    own = flat()
    (stream,) = own.streams
    rest = replace(
        stream,
        periods=stream.periods[3:12],
        draws=stream.draws[:, 3:12],
        years=(2027,),
        yearly=stream.yearly[:, :1],
    )
    _, (compared,) = blend(replace(own, streams=(rest,)), [opinion(150, 1)])
    assert (compared.begun, compared.weight, compared.used) == (True, 0, 100)
