"""Why an area budget changes: the order-free share of every cause, adding up to the cent (sheet Oorzaken).

The drivers, each with its value of the plan or that of the year before (see `optimiser.drivers` for the game):

    need         client-years                         of the year before the plan
    price        tariff and index                     likewise
    money        sources and reserves                 before: what last year's budgets add up to, free to spend
    rules        local choices, contracts, and which streams areas carry      before: none
    prevention   programmes, with their minimum and maximum                   before: none

v(all) is the plan. v(none) is what last year's money and need give without rules; what that differs from last
year's real budget is a step of its own (Inhalen). A share phi is for the whole plan; the step of year t is
phi[t] - phi[t-1]. The share of need is split once more: the own need of an area is its share in the change of its
own claims n * p * a (the same order-free mean over need, price and area share), the rest is what the need of the
other areas and the city takes or gives (Buren). So with money for everybody Buren is 0, and without any it is what
keeps a growing area from its claim. What reinvested surplus changes is a step of its own as well (Herinvestering),
after all the others: a surplus is known only when everything else is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from budget.claims import Claims
from budget.explanation import LAST_YEAR, Step, steps_of
from budget.inputs import CITY, FREE, PREVENTION, Inputs
from budget.last_year import last_budget_as_now, last_cells
from budget.problem import allocation_problem
from optimiser.allocation import Allocation, Contradiction
from optimiser.drivers import Coalition, active, area_budgets, coalitions, play, shapley
from optimiser.problem import Choices, Problem, Source
from optimiser.solver import NotSolved

Cents = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

MOST_AREAS = 50
"""Above this number of areas the 32 allocations of five drivers take too long (so twice as many have four); the sheet
says so."""

NEED = "Vraag"
NEIGHBOURS = "Buren"
PRICE = "Prijs"
MONEY = "Middelen"
RULES = "Regels"
PREVENTIVE = "Preventie"
REINVESTMENT = "Herinvestering"
CATCHING_UP = "Inhalen"
ROUNDING = "Afronding"

_DRIVERS = (NEED, PRICE, MONEY, RULES, PREVENTIVE)
_GIVING_WAY = (RULES, PREVENTIVE)
_OF_PREVENTION = (
    "prevention_min_dt", "prevention_max_dt", "retained_share_dt", "general_share_dt", "reinvest_cap_dt",
    "carry_cap_dt",
)  # fmt: skip

CAUSE_MEANING = {
    LAST_YEAR: "het plafond van het jaar ervoor",
    NEED: "meer of minder cliëntjaren van het gebied zelf",
    NEIGHBOURS: "wat de vraag van de andere gebieden en de stad binnen hetzelfde geld wegneemt of vrijlaat",
    PRICE: "tarief en index, hier en elders: duurder zonder meer geld verhoogt geen plafond",
    MONEY: "meer of minder geld, geoormerkt geld en reserves, tegenover de budgetten van vorig jaar samen",
    RULES: "de lokale keuzes (blad Regels) en contracten, tegenover geen",
    PREVENTIVE: "preventie en wat zij bespaart, tegenover geen",
    REINVESTMENT: "wat overschotten die naar preventie gingen daarna nog veranderen",
    CATCHING_UP: "vorig jaar was anders verdeeld dan geld en vraag van toen nu zouden geven",
    ROUNDING: "hele centen, en de marge die regels tussen twee jaren daarvoor houden",
}
"""What each cause means, in Dutch, in the order in which they are shown."""


@dataclass(frozen=True)
class Change:
    """The causes of every area and plan year; those of a year, the ceiling of the year before included, add up to
    its ceiling."""

    steps: tuple[Step, ...]
    n_allocations: int
    n_replaced: int
    """Coalitions without an answer of their own, where rules or prevention do not count yet."""


def causes_of_change(
    inputs: Inputs, claims: Claims, problem: Problem, allocation: Allocation
) -> Change | None:
    """The shares of all causes, those of zero left out; None where there are too many areas (see MOST_AREAS), or where
    the year before has no answer."""
    before = _year_before(inputs, claims)
    volumes = _Volumes(claims)

    def problem_of(present: Coalition) -> Problem:
        return _problem(problem, before, volumes, present)

    drivers = active(problem_of, _DRIVERS)
    if len(problem.areas) * 2 ** len(drivers) > MOST_AREAS * 2 ** len(_DRIVERS):
        return None
    try:
        game = play(problem_of, drivers, _GIVING_WAY)
        reached = game.end if problem.reinvestment is None else area_budgets(problem)
    except (Contradiction, NotSolved):
        return None
    shares = dict.fromkeys(_DRIVERS, np.zeros_like(game.start)) | game.shares()
    claims_of = {present: volumes.areas(present).sum(axis=1) for present in coalitions(volumes.drivers)}
    own = shapley(volumes.drivers, claims_of)[NEED]
    last = _last_ceilings(inputs, claims)
    levels = {
        NEED: own,
        NEIGHBOURS: shares[NEED] - own,
        **{driver: shares[driver] for driver in (PRICE, MONEY, RULES, PREVENTIVE)},
        REINVESTMENT: reached - game.end,
        CATCHING_UP: game.start - last[:, None],
    }
    steps = {name: np.rint(np.diff(level, prepend=0.0)).astype(np.int64) for name, level in levels.items()}
    steps[LAST_YEAR] = np.concatenate([last[:, None], allocation.ceilings[:, :-1]], axis=1)
    steps[ROUNDING] = allocation.ceilings - sum(steps.values())
    named = steps_of({name: steps[name] for name in CAUSE_MEANING}, problem.areas, problem.years)
    return Change(named, len(game.values) - len(game.replaced), len(game.replaced))


class _Volumes:
    """Claims as volumes times prices times area share, each of the plan year or the year before."""

    drivers = (NEED, PRICE, RULES)

    def __init__(self, claims: Claims) -> None:
        self.clients, self.prices, self.share = claims.clients, claims.prices, claims.area_share
        carried_by_city = (self.clients * self.prices * (1 - self.share)).sum(axis=0) * 100
        with np.errstate(divide="ignore", invalid="ignore"):
            elsewhere = (claims.city - carried_by_city) / (self.prices * 100)
        self.elsewhere = np.where(self.prices > 0, elsewhere, 0.0)

    def areas(self, present: Coalition) -> FloatArray:
        """(d, s, t) cents, not rounded."""
        clients, prices, share = self._at(present)
        return clients * prices * share * 100

    def city(self, present: Coalition) -> FloatArray:
        """(s, t) cents, not rounded: what areas do not carry, and demand without a district."""
        clients, prices, share = self._at(present)
        elsewhere = _chosen(self.elsewhere, NEED in present)
        cents: FloatArray = ((clients * (1 - share)).sum(axis=0) + elsewhere) * prices * 100
        return cents

    def _at(self, present: Coalition) -> Iterator[FloatArray]:
        factors = (self.clients, self.prices, self.share)
        return (_chosen(factor, name in present) for factor, name in zip(factors, self.drivers, strict=True))


def _chosen(values: FloatArray, of_plan: bool) -> FloatArray:
    """The plan years of the last axis, or the year before in the place of each of them."""
    return values[..., 1:] if of_plan else np.repeat(values[..., :1], values.shape[-1] - 1, axis=-1)


def _year_before(inputs: Inputs, claims: Claims) -> Problem:
    """The problem without local choices, contracts, prevention and reserves, and with last year's money."""
    plain = replace(inputs, rules=(), contracts=(), prevention=(), reserves=())
    money = np.full(len(inputs.years), _last_money(inputs, claims), dtype=np.int64)
    return replace(allocation_problem(plain, claims), sources=(Source("vorig jaar", (), money),))


def _last_money(inputs: Inputs, claims: Claims) -> int:
    """Last year's budgets together; a budget that is unknown counts for its expected cost of that year."""
    as_now = last_budget_as_now(inputs, claims)
    known = {stream for _, stream in as_now}
    in_use = np.array([stream in known for stream in claims.streams], dtype=bool)
    cells = np.where(np.isnan(last_cells(inputs, claims)) & in_use, claims.expected[..., 0], 0)
    without_city = np.array([(CITY, stream) not in as_now for stream in claims.streams]) & in_use
    return sum(as_now.values()) + int(cells.sum()) + int(claims.city[without_city, 0].sum())


def _last_ceilings(inputs: Inputs, claims: Claims) -> Cents:
    """(d) last year's ceilings in cents; what is unknown counts as nothing, as in Verklaring."""
    cells = np.nan_to_num(last_cells(inputs, claims)).sum(axis=1)
    others = [
        sum(inputs.last_budget.get((area, kind), 0) for kind in (PREVENTION, FREE)) for area in claims.areas
    ]
    cents: Cents = (cells + np.array(others)).astype(np.int64)
    return cents


def _problem(plan: Problem, before: Problem, volumes: _Volumes, present: Coalition) -> Problem:
    """The problem of the plan with every driver that is not present as the year before."""
    claims, city_claims = plan.claims, plan.city_claims
    if not present.issuperset(volumes.drivers):
        claims = np.rint(volumes.areas(present)).astype(np.int64)
        city_claims = np.rint(volumes.city(present)).astype(np.int64)
    money = plan if MONEY in present else before
    rules = plan if RULES in present else before
    prevention = plan if PREVENTIVE in present else before
    return replace(
        plan,
        claims=claims,
        city_claims=city_claims,
        scenarios=_scaled(plan.scenarios, plan.claims, claims),
        city_scenarios=_scaled(plan.city_scenarios, plan.city_claims, city_claims),
        sources=money.sources,
        reserves=money.reserves,
        basic_share=rules.basic_share,
        city_basic_share=rules.city_basic_share,
        contracts=rules.contracts,
        choices=_choices(rules.choices, prevention.choices),
        programmes=prevention.programmes,
        reinvestment=None,
    )


def _choices(rules: Choices, prevention: Choices) -> Choices:
    return replace(rules, **{name: getattr(prevention, name) for name in _OF_PREVENTION})


def _scaled(scenarios: FloatArray | None, of: Cents, to: Cents) -> FloatArray | None:
    """The futures around other expected claims, at the same distance in proportion."""
    if scenarios is None:
        return None
    factor = np.where(of > 0, to / np.maximum(of, 1), 1.0)
    return scenarios * factor[..., None]
