"""Why a ceiling is what it is: steps from last year's budget to this year's, adding up to the cent.

For area d and plan year t, with n clients, p price, a area share, x budget, q prevention, v free money, and
w the saving of prevention (all in cents, sums over streams):

    demand        (n[t] - n[t-1]) p[t-1] a[t-1]
    price         n[t] (p[t] - p[t-1]) a[t-1]
    area share    n[t] p[t] (a[t] - a[t-1])
    saving        -(w[t] - w[t-1])
    catching up   -(x[t-1] - claims after savings [t-1])    what last year's budget was off from its cost
    unknown       the same, where last year's budget is not known and counts as nothing
    not funded    x[t] - claims after savings [t]           what this year's budget is off from its cost
    prevention    q[t] - q[t-1]
    free          v[t] - v[t-1]

These add up to x[t] + q[t] + v[t] - (x[t-1] + q[t-1] + v[t-1]), whatever the rounding, because every product
is rounded to cents before differences are taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from budget.claims import Claims
from budget.inputs import FREE, PREVENTION, Inputs
from budget.last_year import last_cells
from optimiser.allocation import Allocation

Cents = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Step:
    """One step of one area and year. The first step of a year is the ceiling of the year before."""

    area: str
    year: int
    name: str
    """Dutch, as shown."""
    cents: int


LAST_YEAR = "Vorig jaar"
DEMAND = "Vraag"
PRICE = "Prijs"
AREA_SHARE = "Aandeel gebied"
SAVING = "Besparing door preventie"
CATCHING_UP = "Inhalen verschil vorig jaar"
UNKNOWN = "Vorig jaar onbekend"
NOT_FUNDED = "Afwijking van verwachte lasten"
PREVENTION_SPENDING = "Preventie"
FREE_ROOM = "Vrije ruimte"

STEP_MEANING = {
    LAST_YEAR: "het plafond van het jaar ervoor",
    DEMAND: "meer of minder cliëntjaren, tegen de prijs van vorig jaar",
    PRICE: "tarief en index",
    AREA_SHARE: "verandering van het deel dat het gebied draagt",
    SAVING: "wat eerdere preventie aan lasten scheelt",
    CATCHING_UP: "vorig jaar lag het budget boven (min) of onder (plus) de verwachte lasten",
    UNKNOWN: "lasten van stromen waarvan het budget van vorig jaar niet bekend is",
    NOT_FUNDED: "dit jaar ligt het budget onder (min) of boven (plus) de verwachte lasten",
    PREVENTION_SPENDING: "meer of minder geld voor preventie",
    FREE_ROOM: "meer of minder ruimte binnen het plafond die nog niet is toegewezen",
}
"""What each step means, in Dutch, in the order in which they are shown."""


def explain(inputs: Inputs, claims: Claims, allocation: Allocation) -> tuple[Step, ...]:
    """The steps of every area and plan year; those of a year add up to its ceiling. Steps of zero are left out."""
    changes = _changes(inputs, claims, allocation)
    return steps_of({name: changes[name] for name in STEP_MEANING}, inputs.area_codes, inputs.years)


def steps_of(changes: Mapping[str, Cents], areas: Sequence[str], years: Sequence[int]) -> tuple[Step, ...]:
    """One by one: per area and year the `changes` (areas, years) in their order, but for those of zero."""
    return tuple(
        Step(area, year, name, int(cents[d, t]))
        for d, area in enumerate(areas)
        for t, year in enumerate(years)
        for name, cents in changes.items()
        if name == LAST_YEAR or cents[d, t]
    )


def _changes(inputs: Inputs, claims: Claims, allocation: Allocation) -> dict[str, Cents]:
    """Every step as an array (areas, plan years)."""
    supported, prevented, free = _with_last_year(inputs, claims, allocation)
    savings = _stream_savings(claims, allocation)
    cost = claims.expected
    at_old_price = _product(claims, n=1, p=0, a=0)
    at_new_price = _product(claims, n=1, p=1, a=0)
    off = supported - (cost - savings)
    unknown = np.zeros(off[..., :-1].shape, dtype=bool)
    unknown[..., 0] = np.isnan(last_cells(inputs, claims))
    steps = {
        DEMAND: at_old_price - cost[..., :-1],
        PRICE: at_new_price - at_old_price,
        AREA_SHARE: cost[..., 1:] - at_new_price,
        SAVING: -np.diff(savings),
        CATCHING_UP: np.where(unknown, 0, -off[..., :-1]),
        UNKNOWN: np.where(unknown, -off[..., :-1], 0),
        NOT_FUNDED: off[..., 1:],
    }
    summed = {name: step.sum(axis=1) for name, step in steps.items()}
    ceilings = supported.sum(axis=1) + prevented + free
    return summed | {
        LAST_YEAR: ceilings[:, :-1],
        PREVENTION_SPENDING: np.diff(prevented),
        FREE_ROOM: np.diff(free),
    }


def _product(claims: Claims, *, n: int, p: int, a: int) -> Cents:
    """Clients x price x area share in cents (d, s, t), each taken from this year (1) or the year before (0)."""
    last = len(claims.years) - 1
    clients, prices, share = (
        factor[..., when : last + when]
        for factor, when in ((claims.clients, n), (claims.prices[None], p), (claims.area_share, a))
    )
    cents: Cents = np.floor(clients * prices * share * 100 + 0.5).astype(np.int64)
    return cents


def _with_last_year(inputs: Inputs, claims: Claims, allocation: Allocation) -> tuple[Cents, Cents, Cents]:
    """Support (d, s, y), prevention (d, y) and free money (d, y), the year before the plan in front.

    A budget that is unknown counts as nothing here; what it hides is a step of its own.
    """

    def before(area: str, kind: str) -> int:
        return inputs.last_budget.get((area, kind), 0)

    support = np.nan_to_num(last_cells(inputs, claims)).astype(np.int64)
    prevented = np.array([before(area, PREVENTION) for area in inputs.area_codes], dtype=np.int64)
    free = np.array([before(area, FREE) for area in inputs.area_codes], dtype=np.int64)
    return (
        np.concatenate([support[..., None], allocation.budgets], axis=-1),
        np.concatenate([prevented[:, None], allocation.prevention.sum(axis=1)], axis=-1),
        np.concatenate([free[:, None], allocation.free], axis=-1),
    )


def _stream_savings(claims: Claims, allocation: Allocation) -> Cents:
    """Cost avoided by prevention (d, s, y); nothing in the year before the plan."""
    planned = claims.expected[:, :, claims.plan_years] - allocation.claims_after
    nothing_yet = np.zeros((*planned.shape[:2], 1), dtype=np.int64)
    return np.concatenate([nothing_yet, planned], axis=-1)
