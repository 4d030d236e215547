"""The allocation problem: who claims what, how much money there is, and which local choices hold.

Every amount is in whole euro cents. Array axes are named in this order everywhere:
d areas (districts, without the city), s streams, t plan years. NaN (float arrays) means "no rule".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Cents = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Source:
    """A source of money. `streams` empty: free to spend; else ring-fenced: it pays for these streams only."""

    code: str
    streams: tuple[str, ...]
    amounts: Cents
    """Shape (t)."""


@dataclass(frozen=True)
class Programme:
    """Prevention in one stream, with diminishing returns.

    Of every euro that an area spends in year t, segment k saves `saving_per_euro[k]` of municipal, cashable
    cost in stream `stream`, spread evenly over the years t+lag ... t+lag+duration-1. Segment k takes at most
    `segment_cents[k]` per area and year; `saving_per_euro` does not rise. Only programmes that count in the
    plan are here.
    """

    code: str
    stream: str
    areas: tuple[str, ...]
    segment_cents: tuple[int, ...]
    saving_per_euro: tuple[float, ...]
    lag: int
    duration: int


@dataclass(frozen=True)
class Reserve:
    """An egalisation reserve: what it holds, the band it stays in, what may be drawn per year (shape t)."""

    code: str
    balance: int
    minimum: int
    maximum: int | None
    draw_limit: Cents


@dataclass(frozen=True)
class Contract:
    """A commitment: the areas' budgets for one stream lie between `minimum` and `maximum` in year `year`."""

    code: str
    stream: str
    areas: tuple[str, ...]
    year: int
    minimum: int | None
    maximum: int | None


@dataclass(frozen=True)
class Choices:
    """The local choices, resolved to one value per place (see the contract's sheet `Regels`).

    Shapes: `_dt` (d, t), `_dst` (d, s, t), `_st` (s, t), `_t` (t). NaN: no such rule there.
    """

    max_fall_dt: FloatArray
    """groei_min: a ceiling may fall by at most this share of the year before."""
    max_growth_dt: FloatArray
    """groei_max: a ceiling may grow by at most this share of the year before."""
    max_growth_per_head_dt: FloatArray
    """groei_max_per_inwoner: a ceiling may grow by at most this many cents per inhabitant."""
    target_share_dt: FloatArray
    """Phase-in (norm_aandeel): the share of all area money that area d should have; sums to 1 over d, or NaN for
    the whole year."""
    buffer_share_t: FloatArray
    """buffer_centraal: share of all money of the year that is held back centrally; 0 without a rule."""
    prevention_min_dt: FloatArray
    prevention_max_dt: FloatArray
    shift_room_dst: FloatArray
    """schuifruimte: share of a stream's own money that the area may move to other streams."""
    locked_dst: FloatArray
    """vast: the budget of this cell, in cents."""
    city_locked_st: FloatArray
    ceiling_dt: FloatArray
    """plafond: the ceiling of this area, in cents."""
    retained_share_dt: FloatArray
    """herinvesteren_aandeel."""
    general_share_dt: FloatArray
    """algemene_middelen_aandeel."""
    reinvest_cap_dt: FloatArray
    """herinvesteren_max, in cents."""
    carry_cap_dt: FloatArray
    """meenemen_max, in cents."""


@dataclass(frozen=True)
class Reinvestment:
    """Prevention on top of the area budgets, paid with what areas had left over the year before: money of that year.

    Given, not decided: a surplus is known before it is spent, and stays free.
    """

    spent: Cents
    """(d, p, k, t) by segment: what the area's own spending leaves of a curve; 0 beyond a programme's last segment."""
    saved: Cents
    """(d, p, t) what that saves, as `arithmetic.saved_by` has it."""
    kept: Cents
    """(d, t) the free room of year t that must stay to pay for it; 0 where it stays by itself."""
    in_claims: bool = False
    """Claims and scenarios are lower by `saved` already: so they are once the problem is set up to be solved."""


@dataclass(frozen=True)
class Strategy:
    """What comes first, by the names of the stages (see `stages`), and how much the worst futures weigh.

    `risk_weight`: weighted euros that a euro of CVaR (the mean loss of the worst `1 - confidence` of the scenarios)
    counts for in the stages `risico` and `afweging`. `later_savings`: stage `lasten` counts what prevention saves
    after the last year, so that it does not fade as the last year comes near. `weights`: what (risico, dekking,
    preventie) weigh in stage `afweging`.
    """

    name: str
    order: tuple[str, ...]
    risk_weight: float = 1.0
    confidence: float = 0.9
    later_savings: bool = True
    weights: tuple[float, float, float] = (1.0, 0.0, 0.0)

    @property
    def weighs_risk(self) -> bool:
        """Whether `risk_weight` and `confidence` make a difference."""
        return "risico" in self.order or ("afweging" in self.order and self.weights[0] > 0)


BALANCE = Strategy("evenwicht", ("tekort", "reserve", "norm", "lasten", "dekking", "preventie", "over"))
CERTAINTY = Strategy("zekerheid", ("tekort", "reserve", "norm", "risico", "dekking", "preventie", "over"))
EQUAL_COVER = Strategy(
    "gelijke dekking", ("tekort", "reserve", "norm", "dekking", "lasten", "preventie", "over")
)
PREVENTION = Strategy("voorkomen", ("tekort", "reserve", "norm", "preventie", "lasten", "dekking", "over"))
STRATEGIES = (BALANCE, CERTAINTY, EQUAL_COVER, PREVENTION)
LEXIMIN = Strategy("leximin", ("tekort", "reserve", "norm", "leximin", "lasten", "preventie", "over"))
"""Equal cover to the end: the worst off first, then the next, and so on, instead of a weighted average."""

_MIXED = "gewichten "


def mixed(risk: int, cover: int, prevention: int) -> Strategy:
    """Free weights in percent, for shortage risk, equal cover and prevention that pays; together 100.

    >>> mixed(50, 30, 20).name, mixed(50, 30, 20).weights
    ('gewichten 50-30-20', (0.5, 0.3, 0.2))
    """
    weights = (risk, cover, prevention)
    if sum(weights) != 100 or min(weights) < 0:
        raise ValueError(f"weights are 0 or more and add up to 100, not {weights}")
    order = ("tekort", "reserve", "norm", "afweging", "lasten", "dekking", "preventie", "over")
    parts = (risk / 100, cover / 100, prevention / 100)
    return Strategy(_MIXED + "-".join(map(str, weights)), order, weights=parts)


def strategy_named(name: str) -> Strategy:
    """The strategy that a reader calls by this name. Raises ValueError for a name that is no strategy.

    >>> strategy_named("Gelijke dekking") is EQUAL_COVER, strategy_named("gewichten 50-30-20") == mixed(50, 30, 20)
    (True, True)
    """
    wanted = " ".join(name.lower().split())
    for strategy in (*STRATEGIES, LEXIMIN):
        if strategy.name == wanted:
            return strategy
    parts = wanted.removeprefix(_MIXED).split("-")
    if wanted.startswith(_MIXED) and len(parts) == 3:
        risk, cover, prevention = (int(part) for part in parts)
        return mixed(risk, cover, prevention)
    raise ValueError(f"no strategy: {name!r}")


@dataclass(frozen=True)
class Problem:
    """Everything the allocator needs, and nothing else.

    `claims` is the expected cost that area budgets carry; `city_claims` what is city-wide (`STAD`). The basic
    package of a cell is `basic_share` times the claim that is left after the savings of prevention.
    `last_budget` (d, s) is the year before the first plan year, NaN where unknown; `last_ceiling` (d) is its total.
    """

    areas: tuple[str, ...]
    area_names: tuple[str, ...]
    streams: tuple[str, ...]
    stream_names: tuple[str, ...]
    years: tuple[int, ...]
    claims: Cents
    city_claims: Cents
    basic_share: FloatArray
    city_basic_share: FloatArray
    priority: FloatArray
    """Shape (s): weight of a euro short, greater than 0."""
    norm: Cents
    """Shape (d, s, t): the area's budget by the objective key, for distance from the norm."""
    inhabitants: FloatArray
    """Shape (d, t); NaN where unknown."""
    last_budget: FloatArray
    last_ceiling: FloatArray
    sources: tuple[Source, ...]
    choices: Choices
    programmes: tuple[Programme, ...] = ()
    reserves: tuple[Reserve, ...] = ()
    contracts: tuple[Contract, ...] = ()
    scenarios: FloatArray | None = None
    """(d, s, t, k) the claims in k equally likely futures, cents; None: only the expected claims are known."""
    city_scenarios: FloatArray | None = None
    """(s, t, k) the city-wide claims in the same futures, cents."""
    strategy: Strategy = BALANCE
    reinvestment: Reinvestment | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """(d, s, t)."""
        return len(self.areas), len(self.streams), len(self.years)
