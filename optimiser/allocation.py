"""The answer of the allocator, in whole cents, with its proof and its reasons."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from optimiser.problem import Cents


class Place(NamedTuple):
    """Where a rule holds; None: it does not distinguish. Codes as in the problem, `STAD` for the city."""

    rule: str
    year: int | None = None
    area: str | None = None
    stream: str | None = None


@dataclass(frozen=True)
class Effect:
    """What a change does, as a fact to be told in any language: a key of `effects.WORDS`, and its amount in cents."""

    outcome: str = "nothing"
    cents: int = 0

    @property
    def fits(self) -> bool:
        """Whether the rules leave an answer at all."""
        return self.outcome != "no_room"


@dataclass(frozen=True)
class ShadowPrice:
    """What one extra euro of room at a binding rule does, and the same for € 10.000 as a Dutch sentence.

    `value`: euros less shortfall of the basic package per extra euro, all areas, the city and all years together,
    neither weighted nor discounted, to four decimals: 1.0 where € 10.000 more lowers the shortfall by € 10.000.
    0.0 where only money above the basic package changes. `less`, `less_sentence`: what € 10.000 less room does, `less`
    in euros more shortfall per euro; often not the same. `effect`, `less_effect`: the facts that the sentences tell.
    """

    place: Place
    value: float
    sentence: str
    less: float = 0.0
    less_sentence: str = ""
    effect: Effect = Effect()
    less_effect: Effect = Effect()


@dataclass(frozen=True)
class Reason:
    """Why an area budget (stream None) or a cell did not rise: the rule that binds, as a Dutch sentence.

    `checked`: the sentence was checked by solving again; else it rests on the rule alone.
    """

    place: Place
    sentence: str
    checked: bool


@dataclass(frozen=True)
class LockCost:
    """What a lock or a given ceiling costs: the answer with it less the one without it, in cents.

    `shortfall`: basic package that is not funded; `lack`: expected cost that is not funded, the basic package included.
    """

    place: Place
    cents: int
    """The amount that is fixed."""
    shortfall: int
    lack: int
    sentence: str


@dataclass(frozen=True)
class Stage:
    """One solved stage: what was minimised, its value, and how much of it later stages may give up."""

    name: str
    value: float
    tolerance: float


@dataclass(frozen=True)
class Certificate:
    """The proof, without a solver, of how far any plan could be better; `check_certificate` rechecks `content`."""

    cents: float
    """No plan has a priority-weighted shortfall of the basic package that is more than this many cents less."""
    packed: bytes = field(repr=False)
    """The content as compressed JSON: a certificate is kept with every plan, and read by few."""

    @property
    def content(self) -> dict[str, Any]:
        """What `check_certificate` reads, ready for JSON."""
        unpacked: dict[str, Any] = json.loads(zlib.decompress(self.packed))
        return unpacked


@dataclass(frozen=True)
class Solver:
    name: str
    version: str
    status: str
    seed: int


@dataclass(frozen=True)
class Allocation:
    """Who gets what. Axes as in the problem; every amount in whole cents.

    Money: for every year, sources + reserve_out = areas (budgets + prevention + free) + city + unspent
    + buffer + reserve_in, to the cent.
    """

    budgets: Cents
    """(d, s, t) money for support."""
    prevention: Cents
    """(d, p, t) money for prevention, p as in the problem's programmes."""
    reinvested: Cents
    """(d, p, k, t) prevention on top of that, by segment, paid with earlier surplus: in no ceiling of year t."""
    free: Cents
    """(d, t) inside the ceiling, not assigned yet."""
    city: Cents
    """(s, t) city-wide."""
    unspent: Cents
    """(g, t) per source, what could not be spent; shown as STAD / VRIJ."""
    buffer: Cents
    """(t)"""
    reserve_in: Cents
    """(r, t)"""
    reserve_out: Cents
    """(r, t)"""
    source_use: Cents
    """(g, s, t) what source g pays for stream s, areas and city together."""
    savings: Cents
    """(d, p, t) cost avoided in year t by all earlier spending on programme p, reinvested money included."""
    claims_after: Cents
    """(d, s, t) expected cost after savings."""
    basic: Cents
    """(d, s, t) basic package: the part of claims_after that must be funded."""
    shortfall: Cents
    """(d, s, t) basic package that is not funded."""
    city_basic: Cents
    """(s, t)"""
    city_shortfall: Cents
    """(s, t)"""
    causes: dict[Place, str]
    """For every cell with a shortfall: Place("tekort", year, area, stream) -> the rule that caused it (a contract
    name, or `Middelen`)."""
    shadow_prices: tuple[ShadowPrice, ...]
    stages: tuple[Stage, ...]
    solver: Solver
    certificate: Certificate | None = None
    alternatives: tuple[ShadowPrice, ...] = ()
    """What € 10.000 more or less does for a ceiling as this plan sets it (`gebiedsbudget`) or a stream (`stroom`)."""
    reasons: tuple[Reason, ...] = ()
    """Why cells with a shortfall or at last year's amount did not rise."""
    locks: tuple[LockCost, ...] = ()
    """What the locks and the given ceilings cost, the dearest first."""

    @property
    def ceilings(self) -> Cents:
        """(d, t) the fixed area budgets: support, prevention and what is free."""
        total: Cents = self.budgets.sum(axis=1) + self.prevention.sum(axis=1) + self.free
        return total


@dataclass(frozen=True)
class RuleInConflict:
    """One rule of a clash, in cents. Of a rule that limits: what it allows (have), and what the others ask (need). Of a
    rule that asks (a floor, a lock, a buffer): what the others leave it (have), and what it asks (need)."""

    place: Place
    have: int
    need: int
    clash: int = 0
    """Which clash it is part of, from 0. A later one is what is left after the first repair of each before it."""


class NewValue(NamedTuple):
    """What a rule becomes in one place, as the input has it: a share, or euros."""

    place: Place
    value: Decimal


@dataclass(frozen=True)
class Repair:
    """The smallest change of one rule (or a pair) that ends the clash, in cents, with a Dutch sentence."""

    places: tuple[Place, ...]
    cents: int
    sentence: str
    clash: int = 0
    """Which clash it ends, numbered as in RuleInConflict."""
    values: tuple[NewValue, ...] = ()
    """All that it changes, where that is rules of which the new value is known; else nothing."""


class Contradiction(Exception):
    """No amount of shortfall reconciles these rules: the smallest set in conflict, and the cheapest ways out."""

    def __init__(self, clash: tuple[RuleInConflict, ...], repairs: tuple[Repair, ...], sentence: str) -> None:
        self.clash = clash
        self.repairs = repairs
        self.sentence = sentence
        super().__init__(sentence)
