"""What the demand costs: volumes times prices, split between the areas and the city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from budget.inputs import Inputs
from budget.prices import tariff_prices
from budget.rules import for_areas, resolve
from forecasts.demand import Demand
from forecasts.history import StreamHistory

Cents = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

CLIENT_DECIMALS = 3
"""Decimals of an expected number of client-years; finer than that is noise of the draws."""


@dataclass(frozen=True)
class Claims:
    """Expected cost per area, stream and year, with the volumes and prices it is made of.

    Axes: d districts (without STAD), s streams, y the year before the plan and the plan years, k draws.
    `expected[d, s, y]` (cents) is the part that area budgets carry, `city[s, y]` (cents) the city-wide rest and
    all demand without a district; together they are the whole expected cost. `draws[d, s, y, k]` (euros) are
    the same futures as the demand's; their mean is `expected` but for rounding.
    """

    areas: tuple[str, ...]
    streams: tuple[str, ...]
    years: tuple[int, ...]
    """The year before the plan, then the plan years."""
    clients: FloatArray
    """(d, s, y) expected client-years, whole district (area part and city-wide part)."""
    prices: FloatArray
    """(s, y) euros per client-year."""
    area_share: FloatArray
    """(d, s, y) the part of the cost that the area carries."""
    expected: Cents
    city: Cents
    draws: npt.NDArray[np.float32]
    city_draws: npt.NDArray[np.float32]
    """(s, y, k) euros."""
    notes: tuple[str, ...] = ()
    """Dutch sentences: what was assumed on the way."""

    @property
    def plan_years(self) -> slice:
        """The plan years on axis y: everything after the year before the plan."""
        return slice(1, None)


def price(demand: Demand, inputs: Inputs) -> Claims:
    """Turn clients into euros: for district d, stream s, year y and draw k

        cost[d, s, y, k] = clients[d, s, y, k] * price[s, y]
        area part        = cost * area_share[d, s, y],  city part = cost - area part

    where `area_share` is the stream's Aandeel brede stroom, 0 where rule `stadsbreed` holds, and 0 for demand
    without a district. Expected amounts are the mean number of clients, in thousandths, times the price, in cents.
    """
    years = (inputs.years[0] - 1, *inputs.years)
    prices = tariff_prices(inputs.tariffs, inputs.indices, inputs.stream_codes, years)
    clients = client_years(inputs, demand, years)
    areas = [demand.districts.index(code) for code in inputs.area_codes]
    share = _area_share(inputs, years)

    mean = np.round(clients.mean(axis=-1), CLIENT_DECIMALS)
    cost = clients * prices.euros[None, :, :, None]
    area_cost = cost[areas] * share[..., None]
    total = _cents(mean * prices.euros)
    expected = _cents(mean[areas] * prices.euros * share)
    return Claims(
        areas=inputs.area_codes,
        streams=inputs.stream_codes,
        years=years,
        clients=mean[areas],
        prices=prices.euros,
        area_share=share,
        expected=expected,
        city=total.sum(axis=0) - expected.sum(axis=0),
        draws=area_cost.astype(np.float32),
        city_draws=(cost.sum(axis=0) - area_cost.sum(axis=0)).astype(np.float32),
        notes=prices.notes,
    )


def client_years(inputs: Inputs, demand: Demand, years: Sequence[int]) -> FloatArray:
    """Client-years with axes (district, stream, year, draw), the districts as in the demand.

    A year before the forecast is the mean of what was observed in it, the same in every draw; where nothing was
    observed it is taken from the first year of the forecast.
    """
    shape = (len(demand.districts), len(inputs.streams), len(years), demand.n_draws)
    clients = np.zeros(shape)
    histories = {history.stream: history for history in inputs.history.streams}
    for s, stream in enumerate(inputs.stream_codes):
        if stream not in histories:
            continue
        forecast = demand.stream(stream)
        for y, year in enumerate(years):
            if year in forecast.years:
                clients[:, s, y] = forecast.yearly[:, forecast.years.index(year)]
            else:
                observed = _observed(histories[stream], year)[:, None]
                clients[:, s, y] = np.where(np.isnan(observed), forecast.yearly[:, 0], observed)
    return clients


def _observed(history: StreamHistory, year: int) -> FloatArray:
    """Mean of the known counts of a calendar year per district; NaN where there is none."""
    counts = history.clients[:, np.asarray(history.periods.year == year)]
    known = ~np.isnan(counts)
    number = known.sum(axis=1)
    total = np.where(known, counts, 0.0).sum(axis=1)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def _area_share(inputs: Inputs, years: Sequence[int]) -> FloatArray:
    shares = np.array([stream.area_share for stream in inputs.streams])
    city_wide = resolve(
        for_areas(inputs.rules), "stadsbreed", inputs.area_codes, inputs.stream_codes, years, default=0.0
    )
    city_wide[:, :, 0] = city_wide[:, :, 1]
    return np.where(city_wide > 0, 0.0, shares[None, :, None])


def _cents(euros: FloatArray) -> Cents:
    cents: Cents = np.floor(euros * 100 + 0.5).astype(np.int64)
    return cents
