"""What the months that are not booked will cost: the forecast at the price that reality showed, else the run rate.

With a forecast, for place p, stream s, month m and draw k:

    model[p, s, m, k] = clients * price / 12 * share of the place
    fit[p, s]         = sum of completed cost / sum of model, over the months that are booked
    cost[p, s, m, k]  = model * fit * (1 + sigma * (e[m, k] + e'[k] / sqrt(n)))

so `fit` carries what the price list misses (hours per client, late starts). Without one, the mean of the completed
months among the last twelve, n of them with standard deviation sigma:

    cost[p, s, m, k]  = mean * (1 + level[s] * z[s, k]) + sigma * (e[m, k] + e'[k] / sqrt(n))

All of e, e' and z are standard normal; they are drawn from the seed and the amounts, so that names and order of the
districts do not matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pandas as pd

from budget.claims import client_years
from budget.inputs import CITY, Inputs
from budget.prices import tariff_prices
from budget.rules import for_areas, resolve
from budget.year.bookings import N_MONTHS, OWN_YEAR, Bookings, Cents, FloatArray, Mask
from budget.year.late_invoices import LateInvoices
from forecasts.completion import completion_factors
from forecasts.demand import Demand
from forecasts.history import StreamHistory
from wording.sentence import Template

_FITTED = Template(
    "{stream}: geboekte lasten zijn {share:.1%} van cliënten × tarief; de prognose volgt dat per wijk."
)

N_DRAWS = 500
"""Draws when there is no forecast to follow."""
SEED = 2027
LEVEL_DOUBT = 0.02
"""Lowest standard error of a run rate, shared by all places of a stream."""
UNKNOWN_SPREAD = 0.1
"""Relative standard deviation of a month of which too few are booked to see it."""

Draws = npt.NDArray[np.float32]


class Origin(IntEnum):
    """Where the amount of one place, stream and month comes from."""

    DEFINITIVE = 0
    PROVISIONAL = 1
    FORECAST = 2
    RUN_RATE = 3
    UNKNOWN = 4
    ABSENT = 5
    """The place does not spend on this stream."""


@dataclass(frozen=True)
class Outlook:
    """The rest of the year: m its twelve months.

    `draws[p, s, m, k]` (cents) is all that is not booked yet, late invoices and months to come, in k futures; its
    mean is near `late` + `ahead`.
    """

    ahead: Cents
    origin: npt.NDArray[np.int8]
    draws: Draws
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Estimate:
    """Months as one method sees them: `mean[p, s, m]` cents (NaN where it cannot say), `draws[p, s, m, k]`."""

    mean: FloatArray
    draws: FloatArray


def months_to_come(
    bookings: Bookings,
    late: LateInvoices,
    inputs: Inputs,
    demand: Demand | None = None,
    *,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
) -> Outlook:
    """Estimate every month of the year that is not booked, and draw what is not certain yet.

    With a forecast its own number of draws and its seed hold.
    """
    noise = _Noise(bookings, *((demand.n_draws, demand.seed) if demand else (n_draws, seed)))
    completed = bookings.cents + late.cents
    known = bookings.known[:, :, OWN_YEAR]
    to_come = bookings.in_play[:, :, None] & ~known
    run_rate = _run_rate(bookings, completed, noise)
    estimate, notes = run_rate, list[str]()
    used: Mask = np.zeros(bookings.in_play.shape, dtype=bool)
    if demand is not None:
        forecast, notes = _forecast(bookings, completed, inputs, demand, noise)
        used = np.asarray((np.isfinite(forecast.mean) | ~to_come).all(axis=2))
        estimate = _Estimate(
            np.where(used[:, :, None], forecast.mean, run_rate.mean),
            np.where(used[:, :, None, None], forecast.draws, run_rate.draws),
        )
    estimated = to_come & np.isfinite(estimate.mean)
    ahead = np.rint(np.where(estimated, estimate.mean, 0.0)).astype(np.int64)
    late_own, doubt = late.cents[:, :, OWN_YEAR], late.doubt[:, OWN_YEAR]
    open_ = known & ~bookings.definitive[:, :, OWN_YEAR]
    spread = np.where(open_, doubt * np.abs(completed[:, :, OWN_YEAR]), 0.0)
    draws = late_own[..., None] + spread[..., None] * noise.shared()[None, :, None, :]
    drawn: Draws = np.where(estimated[..., None], estimate.draws, draws).astype(np.float32)
    return Outlook(ahead, _origins(bookings, estimated, used), drawn, tuple(notes))


def _origins(bookings: Bookings, estimated: Mask, forecast: Mask) -> npt.NDArray[np.int8]:
    known, definitive = bookings.known[:, :, OWN_YEAR], bookings.definitive[:, :, OWN_YEAR]
    method = np.where(forecast[:, :, None], Origin.FORECAST, Origin.RUN_RATE)
    unbooked = np.where(estimated, method, Origin.UNKNOWN)
    unbooked = np.where(bookings.in_play[:, :, None], unbooked, Origin.ABSENT)
    booked = np.where(definitive, Origin.DEFINITIVE, Origin.PROVISIONAL)
    return np.where(known, booked, unbooked).astype(np.int8)


class _Noise:
    """Standard normal draws: per place from its own amounts, per stream from the sum of the amounts."""

    def __init__(self, bookings: Bookings, n_draws: int, seed: int) -> None:
        self.n_draws = n_draws
        self._seed = seed
        self._cents = bookings.cents

    def shared(self) -> FloatArray:
        """(s, k), the same for every place."""
        return self._normal(self._cents.sum(axis=0), (self.n_draws,))

    def of_months(self) -> FloatArray:
        """(p, s, m, k), every month on its own."""
        n_streams = self._cents.shape[1]
        return self._normal(self._cents, (n_streams, N_MONTHS, self.n_draws))

    def of_levels(self) -> FloatArray:
        """(p, s, k), one for all months."""
        return self._normal(self._cents + 1, (self._cents.shape[1], self.n_draws))

    def _normal(self, content: Cents, shape: tuple[int, ...]) -> FloatArray:
        found = [
            np.random.default_rng([self._seed, crc32(np.ascontiguousarray(part).tobytes())])
            for part in content
        ]
        return np.array([rng.standard_normal(shape) for rng in found])


def _run_rate(bookings: Bookings, completed: Cents, noise: _Noise) -> _Estimate:
    """The mean of the known months among the twelve that end at the last known one; NaN where none is known.

    Corrections below zero do not go on: such a mean is zero.
    """
    months = np.arange(2 * N_MONTHS)
    last = np.where(bookings.known, months, -1).max(axis=2, keepdims=True)
    window = bookings.known & (months > last - N_MONTHS)
    mean, sigma, n = _moments(completed, window)
    mean = np.maximum(mean, 0.0)
    total, spread, _ = _moments(np.where(window, completed, 0).sum(axis=0), window.any(axis=0))
    level = np.maximum(np.nan_to_num(_over(spread, total)), LEVEL_DOUBT)
    sigma = np.where(n > 1, sigma, UNKNOWN_SPREAD * np.abs(mean))
    draws = (mean[..., None] * (1 + level[None, :, None] * noise.shared()[None]))[:, :, None, :]
    draws = draws + sigma[..., None, None] * _wobble(noise, n)
    return _Estimate(np.repeat(mean[..., None], N_MONTHS, axis=2), draws)


def _wobble(noise: _Noise, n: FloatArray) -> FloatArray:
    """e[m, k] + e'[k] / sqrt(n), shape (p, s, m, k)."""
    levels = noise.of_levels() / np.sqrt(np.maximum(n, 1))[..., None]
    return noise.of_months() + levels[:, :, None, :]


def _moments(cents: Cents, chosen: Mask) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean (NaN for none), standard deviation (0 for fewer than two) and number of the chosen, over the last axis."""
    n = chosen.sum(axis=-1).astype(np.float64)
    mean = np.where(n > 0, np.where(chosen, cents, 0).sum(axis=-1) / np.maximum(n, 1), np.nan)
    off = np.where(chosen, cents - np.nan_to_num(mean)[..., None], 0.0)
    return mean, np.sqrt((off**2).sum(axis=-1) / np.maximum(n - 1, 1)), n


def _forecast(
    bookings: Bookings, completed: Cents, inputs: Inputs, demand: Demand, noise: _Noise
) -> tuple[_Estimate, list[str]]:
    """The priced forecast, fitted to what is booked; NaN for a place and stream that it does not fit."""
    model = np.full((*bookings.in_play.shape, N_MONTHS, noise.n_draws), np.nan)
    priced, notes = _priced(bookings, inputs, demand)
    model[:, : len(inputs.streams)] = priced
    expected = model.mean(axis=3)
    own = completed[:, :, OWN_YEAR]
    usable = bookings.known[:, :, OWN_YEAR] & np.isfinite(expected)
    cost, modelled = (np.where(usable, part, 0.0).sum(axis=2) for part in (own, expected))
    of_stream = _over(cost.sum(axis=0), modelled.sum(axis=0))
    fit = np.where(usable.any(axis=2), _over(cost, modelled), np.nan_to_num(of_stream, nan=1.0)[None])
    fit = np.where(fit > 0, fit, np.nan)
    for stream, share in zip(bookings.streams, of_stream, strict=True):
        if np.isfinite(share):
            notes.append(_FITTED(stream=stream, share=float(share)))
    n = usable.sum(axis=2).astype(np.float64)
    off = np.where(usable, _over(own, expected * fit[..., None]) - 1, 0.0)
    sigma = np.where(n > 1, np.sqrt((off**2).sum(axis=2) / np.maximum(n - 1, 1)), UNKNOWN_SPREAD)
    draws = model * fit[..., None, None] * (1 + sigma[..., None, None] * _wobble(noise, n))
    return _Estimate(expected * fit[..., None], draws), notes


def _over(part: npt.NDArray[np.number], whole: FloatArray) -> FloatArray:
    """part / whole; NaN where there is nothing to divide by."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)


def _priced(bookings: Bookings, inputs: Inputs, demand: Demand) -> tuple[FloatArray, list[str]]:
    """Cost by the price list, cents with shape (places, streams, months, draws), and what was assumed for it."""
    year, streams = bookings.year, inputs.stream_codes
    prices = tariff_prices(inputs.tariffs, inputs.indices, streams, (year,))
    clients = _clients(inputs, demand, year)
    cost = clients * (prices.euros[:, 0] * 100 / N_MONTHS)[None, :, None, None]
    share = _shares(inputs, demand.districts)[:, :, None, None]
    at = {code: place for place, code in enumerate(demand.districts)}
    area, city = cost * share, np.nansum(cost * (1 - share), axis=0)
    city = np.where(np.isnan(cost).all(axis=0), np.nan, city)
    blank = np.full(cost.shape[1:], np.nan)
    placed = [city if code == CITY else area[at[code]] if code in at else blank for code in bookings.places]
    return np.array(placed), list(prices.notes)


def _shares(inputs: Inputs, districts: Iterable[str]) -> FloatArray:
    """(districts, streams): the part of the cost that an area carries, as in the first plan year."""
    codes = tuple(districts)
    given = np.array([stream.area_share for stream in inputs.streams])
    city_wide = resolve(
        for_areas(inputs.rules), "stadsbreed", codes, inputs.stream_codes, inputs.years[:1], 0.0
    )[:, :, 0]
    own = np.array([code != CITY for code in codes])[:, None]
    return np.where((city_wide > 0) | ~own, 0.0, given[None])


def _clients(inputs: Inputs, demand: Demand, year: int) -> FloatArray:
    """Clients (districts, streams, months, draws): observed and completed, then forecast; NaN where withheld."""
    months = pd.period_range(f"{year}-01", f"{year}-12", freq="M")
    clients = np.repeat(client_years(inputs, demand, (year,)), N_MONTHS, axis=2)
    for history in inputs.history.streams:
        if history.periods_per_year == N_MONTHS:
            s = inputs.stream_codes.index(history.stream)
            clients[:, s] = _by_month(history, demand, months)
    return clients


def _by_month(history: StreamHistory, demand: Demand, months: pd.PeriodIndex) -> FloatArray:
    factors, _ = completion_factors(history)
    forecast = demand.stream(history.stream)
    found = np.full((len(history.clients), len(months), demand.n_draws), np.nan)
    for m, month in enumerate(months):
        if month in history.periods:
            at = history.periods.get_loc(month)
            found[:, m] = (history.clients[:, at] * factors[at])[:, None]
        elif month in forecast.periods:
            found[:, m] = forecast.draws[:, forecast.periods.get_loc(month)]
    return found
