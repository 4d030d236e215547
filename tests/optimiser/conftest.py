"""Municipalities to allocate for, and a check of every rule that knows nothing of solvers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor, isnan
from typing import Any

import numpy as np
import pytest

from optimiser.allocation import Allocation
from optimiser.problem import Choices, Contract, Problem, Programme, Reserve, Source


def _decimal(value: float) -> Fraction:
    return Fraction(repr(float(value)))


def _choices(n_areas: int, n_streams: int, n_years: int, **given: Any) -> Choices:
    d_t, d_s_t = (n_areas, n_years), (n_areas, n_streams, n_years)
    unset = {
        **{
            name: np.full(d_t, np.nan)
            for name in (
                "max_fall_dt", "max_growth_dt", "max_growth_per_head_dt", "target_share_dt", "prevention_min_dt",
                "prevention_max_dt", "ceiling_dt", "retained_share_dt", "general_share_dt", "reinvest_cap_dt",
                "carry_cap_dt",
            )
        },
        "buffer_share_t": np.zeros(n_years),
        "shift_room_dst": np.full(d_s_t, np.nan),
        "locked_dst": np.full(d_s_t, np.nan),
        "city_locked_st": np.full((n_streams, n_years), np.nan),
    }  # fmt: skip
    shaped = {
        name: np.broadcast_to(np.asarray(value, dtype=float), unset[name].shape).copy()
        for name, value in given.items()
    }
    return Choices(**{**unset, **shaped})


def _town(
    claims: Any,
    money: Any,
    *,
    city_claims: Any = 0,
    basic_share: Any = 0.8,
    priority: Any = 1.0,
    last_budget: Any = None,
    inhabitants: Any = np.nan,
    sources: tuple[Source, ...] = (),
    programmes: tuple[Programme, ...] = (),
    reserves: tuple[Reserve, ...] = (),
    contracts: tuple[Contract, ...] = (),
    **choices: Any,
) -> Problem:
    """A problem in whole euros: claims (d, s, t), free money (t), sources with amounts in cents."""
    claims_c = np.asarray(claims, dtype=np.int64) * 100
    n_areas, n_streams, n_years = claims_c.shape
    last = (
        np.full((n_areas, n_streams), np.nan) if last_budget is None else np.asarray(last_budget, float) * 100
    )
    free = Source("VRIJ", (), np.broadcast_to(np.asarray(money, dtype=np.int64) * 100, (n_years,)).copy())
    in_cents = {
        name: np.asarray(value, float) * 100
        if name in ("locked_dst", "city_locked_st", "ceiling_dt", "max_growth_per_head_dt")
        else value
        for name, value in choices.items()
    }
    return Problem(
        areas=tuple(f"WK{d + 1:02d}" for d in range(n_areas)),
        area_names=tuple(
            ["Noord", "Zuid", "Oost", "West"][d] if d < 4 else f"Wijk {d + 1}" for d in range(n_areas)
        ),
        streams=tuple(f"S{s + 1}" for s in range(n_streams)),
        stream_names=tuple(
            ["Jeugdhulp", "Begeleiding"][s] if s < 2 else f"Stroom {s + 1}" for s in range(n_streams)
        ),
        years=tuple(range(2027, 2027 + n_years)),
        claims=claims_c,
        city_claims=np.broadcast_to(
            np.asarray(city_claims, dtype=np.int64) * 100, (n_streams, n_years)
        ).copy(),
        basic_share=np.broadcast_to(np.asarray(basic_share, float), claims_c.shape).copy(),
        city_basic_share=np.full((n_streams, n_years), float(np.asarray(basic_share).flat[0])),
        priority=np.broadcast_to(np.asarray(priority, float), (n_streams,)).copy(),
        norm=claims_c,
        inhabitants=np.broadcast_to(np.asarray(inhabitants, float), (n_areas, n_years)).copy(),
        last_budget=last,
        last_ceiling=last.sum(axis=1),
        sources=(free, *sources),
        choices=_choices(n_areas, n_streams, n_years, **in_cents),
        programmes=programmes,
        reserves=reserves,
        contracts=contracts,
    )


def _random_town(seed: int, n_areas: int = 4, n_streams: int = 3, n_years: int = 3) -> Problem:
    """Any mix of rules, with money from a third of the claims to twice as much."""
    r = np.random.default_rng(seed)
    d_t, d_s_t = (n_areas, n_years), (n_areas, n_streams, n_years)
    claims = np.rint(r.lognormal(11, 1.2, d_s_t) * (r.random(d_s_t) > 0.05)).astype(np.int64)
    city = np.rint(r.lognormal(11, 1, (n_streams, n_years)) * r.integers(0, 2)).astype(np.int64)
    last = np.rint(claims[:, :, 0] * r.uniform(0.7, 1.3, (n_areas, n_streams)))
    last[r.random(last.shape) < 0.05] = np.nan
    need = claims.sum(axis=(0, 1)) + city.sum(axis=0)
    money = np.rint(need * r.uniform(0.3, 2.0) * r.uniform(0.9, 1.1, n_years)).astype(np.int64)
    streams = tuple(f"S{s + 1}" for s in range(n_streams))
    areas = tuple(f"WK{d + 1:02d}" for d in range(n_areas))
    sources = [
        Source("A", (), money - money // 3),
        Source("B", (streams[0],), money // 6),
        Source("Z", (), money // 12),
    ]
    sources.append(Source("C", streams[:2], money // 12))

    def sometimes(chance: float, values: Any, shape: tuple[int, ...]) -> Any:
        return np.where(r.random(shape) < chance, values, np.nan)

    given: dict[str, Any] = {}
    if r.random() < 0.6:
        given["max_growth_dt"] = sometimes(0.8, np.round(r.uniform(0, 0.3), 3), d_t)
    if r.random() < 0.4:
        given["max_fall_dt"] = sometimes(0.8, np.round(r.uniform(0.2, 0.9), 3), d_t)
    if r.random() < 0.4:
        given["max_growth_per_head_dt"] = sometimes(0.7, np.rint(r.uniform(0, 5000)), d_t)
    if r.random() < 0.4:
        weights = r.random((n_areas, 1)) + np.zeros(d_t)
        given["target_share_dt"] = weights / weights.sum(axis=0)
    if r.random() < 0.5:
        given["buffer_share_t"] = np.round(r.uniform(0, 0.05), 3)
    if r.random() < 0.4:
        given["locked_dst"] = sometimes(0.15, np.rint(claims * r.uniform(0.2, 1.3, d_s_t)), d_s_t)
    if r.random() < 0.3:
        given["shift_room_dst"] = sometimes(0.6, np.round(r.random(d_s_t), 2), d_s_t)
    programmes: tuple[Programme, ...] = ()
    if r.random() < 0.6:
        widths = (int(claims.mean() * 0.1) + 1, int(claims.mean() * 0.2) + 1)
        slopes = (round(float(r.uniform(0.5, 3)), 2), round(float(r.uniform(0, 0.5)), 2))
        programmes = (
            Programme("P1", streams[0], areas, widths, slopes, 1, 3),
            Programme("P2", streams[-1], areas[:2], widths[:1], slopes[:1], int(r.integers(0, 3)), 2),
        )
        if r.random() < 0.5:
            given["prevention_min_dt"], given["prevention_max_dt"] = 0.002, 0.05
    reserves: tuple[Reserve, ...] = ()
    if r.random() < 0.5:
        size = int(need[0] // 10)
        reserves = (Reserve("R", size, size // 3, 2 * size, np.full(n_years, size // 2)),)
    contracts: tuple[Contract, ...] = ()
    if r.random() < 0.4:
        total = int(claims[:, 1, 0].sum())
        contracts = (Contract("C", streams[1], areas, 2027, int(total * 0.7), int(total * 1.4) + 1000),)
    return Problem(
        areas=areas,
        area_names=areas,
        streams=streams,
        stream_names=streams,
        years=tuple(range(2027, 2027 + n_years)),
        claims=claims,
        city_claims=city,
        basic_share=np.round(r.uniform(0.5, 1, d_s_t), 2),
        city_basic_share=np.round(r.uniform(0.5, 1, (n_streams, n_years)), 2),
        priority=np.round(r.uniform(0.5, 2, n_streams), 2),
        norm=claims,
        inhabitants=np.rint(r.uniform(100, 9000, d_t)),
        last_budget=last,
        last_ceiling=np.where(r.random(n_areas) < 0.1, np.nan, np.nansum(last, axis=1)),
        sources=tuple(sources),
        choices=_choices(n_areas, n_streams, n_years, **given),
        programmes=programmes,
        reserves=reserves,
        contracts=contracts,
    )


def _broken_rules(problem: Problem, plan: Allocation) -> list[str]:
    """Every rule recomputed in whole numbers; empty when all hold."""
    c, broken = problem.choices, []
    n_areas, n_streams, n_years = problem.shape

    def check(holds: bool, what: str) -> None:
        if not holds:
            broken.append(what)

    ceilings = plan.ceilings
    amounts = np.array([source.amounts for source in problem.sources])
    for array in (
        plan.budgets,
        plan.prevention,
        plan.free,
        plan.city,
        plan.unspent,
        plan.buffer,
        plan.source_use,
    ):
        check(bool((array >= 0).all()), "nothing is negative")
    for t in range(n_years):
        have = int(amounts[:, t].sum() + plan.reserve_out[:, t].sum())
        used = ceilings[:, t].sum() + plan.city[:, t].sum() + plan.unspent[:, t].sum() + plan.buffer[t]
        check(have == int(used + plan.reserve_in[:, t].sum()), f"money {t}")
        check(
            int(plan.buffer[t])
            == floor(_decimal(c.buffer_share_t[t]) * int(amounts[:, t].sum()) + Fraction(1, 2)),
            "buffer",
        )
        spent = plan.budgets[:, :, t].sum(axis=0) + plan.city[:, t]
        paid = plan.source_use[:, :, t].sum(axis=0)
        check(
            bool((paid <= spent).all()) and int((spent - paid).sum()) <= int(plan.reserve_out[:, t].sum()),
            "payers",
        )
        for g, source in enumerate(problem.sources):
            check(
                int(plan.source_use[g, :, t].sum() + plan.unspent[g, t]) <= int(source.amounts[t]),
                f"source {g}",
            )
            if source.streams:
                outside = [s for s, code in enumerate(problem.streams) if code not in source.streams]
                check(not plan.source_use[g, outside, t].any(), f"ring-fence {g}")
                check(
                    int(plan.source_use[g, :, t].sum() + plan.unspent[g, t]) == int(source.amounts[t]),
                    f"ring {g}",
                )
                if plan.unspent[g, t]:
                    inside = [s for s, code in enumerate(problem.streams) if code in source.streams]
                    others = [h for h, other in enumerate(problem.sources) if not other.streams]
                    check(not plan.source_use[np.ix_(others, inside, [t])].any(), "ring-fenced first")
        for s in range(n_streams):
            lock = c.city_locked_st[s, t]
            most = int(problem.city_claims[s, t])
            check(
                int(plan.city[s, t]) == round(lock) if not isnan(lock) else int(plan.city[s, t]) <= most,
                "city",
            )
    for d in range(n_areas):
        for t in range(n_years):
            now = int(ceilings[d, t])
            last = float(problem.last_ceiling[d]) if t == 0 else float(ceilings[d, t - 1])
            if not isnan(c.ceiling_dt[d, t]):
                check(now == round(c.ceiling_dt[d, t]), "plafond")
            if not isnan(last):
                if not isnan(c.max_fall_dt[d, t]):
                    check(now >= (1 - abs(_decimal(c.max_fall_dt[d, t]))) * round(last), f"groei_min {d} {t}")
                if not isnan(c.max_growth_dt[d, t]):
                    check(now <= (1 + _decimal(c.max_growth_dt[d, t])) * round(last), f"groei_max {d} {t}")
                per_head = c.max_growth_per_head_dt[d, t] * problem.inhabitants[d, t]
                if not isnan(per_head):
                    check(now <= round(last) + floor(per_head), f"groei_max_per_inwoner {d} {t}")
            spent = int(plan.prevention[d, :, t].sum())
            if not isnan(c.prevention_min_dt[d, t]):
                check(spent >= floor(_decimal(c.prevention_min_dt[d, t]) * now), f"preventie_min {d} {t}")
            if not isnan(c.prevention_max_dt[d, t]):
                check(spent <= _decimal(c.prevention_max_dt[d, t]) * now, f"preventie_max {d} {t}")
            known = [0 if isnan(amount) else round(amount) for amount in problem.last_budget[d]]
            kept = 0
            for s in range(n_streams):
                room = c.shift_room_dst[d, s, t]
                if not isnan(room) and sum(known):
                    own = Fraction(now * known[s], sum(known))
                    kept += max(0, floor((1 - _decimal(room)) * own) - int(plan.budgets[d, s, t]))
            check(kept <= int(plan.free[d, t]) + spent, f"schuifruimte {d} {t}")
            for s in range(n_streams):
                x, lock = int(plan.budgets[d, s, t]), c.locked_dst[d, s, t]
                guaranteed = any(b.minimum and b.stream == problem.streams[s] for b in problem.contracts)
                if not isnan(lock):
                    check(x == round(lock), f"vast {d} {s} {t}")
                elif not guaranteed and not _must_be_spent(problem, plan, d, s, t):
                    check(x <= int(plan.claims_after[d, s, t]), f"claim {d} {s} {t}")
    for p, programme in enumerate(problem.programmes):
        spent = plan.prevention[:, p] + plan.reinvested[:, p].sum(axis=1)
        check(bool((spent <= sum(programme.segment_cents)).all()), "programme capacity")
        outside = [d for d, area in enumerate(problem.areas) if area not in programme.areas]
        check(not plan.prevention[outside, p].any(), "programme area")
    check(bool((_savings(problem, plan) == plan.savings).all()), "savings")
    check(bool((plan.claims_after >= 0).all()), "savings above the claim")
    for s in range(n_streams):
        of_stream = [
            p for p, programme in enumerate(problem.programmes) if programme.stream == problem.streams[s]
        ]
        left = problem.claims[:, s] - plan.savings[:, of_stream].sum(axis=1)
        check(bool((left == plan.claims_after[:, s]).all()), "claims after savings")
    for r, reserve in enumerate(problem.reserves):
        stand = reserve.balance
        for t in range(n_years):
            stand += int(plan.reserve_in[r, t] - plan.reserve_out[r, t])
            check(reserve.minimum <= stand, "reserve minimum")
            check(reserve.maximum is None or stand <= reserve.maximum, "reserve maximum")
            check(int(plan.reserve_out[r, t]) <= int(reserve.draw_limit[t]), "draw limit")
    for contract in problem.contracts:
        if contract.maximum is not None:
            s, t = problem.streams.index(contract.stream), problem.years.index(contract.year)
            inside = [d for d, area in enumerate(problem.areas) if area in contract.areas]
            check(int(plan.budgets[inside, s, t].sum()) <= contract.maximum, "contract maximum")
    for d, s, t in np.ndindex(*problem.shape):
        basic = floor(
            _decimal(problem.basic_share[d, s, t]) * int(plan.claims_after[d, s, t]) + Fraction(1, 2)
        )
        check(basic == int(plan.basic[d, s, t]), "basic package")
        check(int(plan.shortfall[d, s, t]) == max(0, basic - int(plan.budgets[d, s, t])), "shortfall")
    n_short = int((plan.shortfall > 0).sum() + (plan.city_shortfall > 0).sum())
    check(len(plan.causes) == n_short, "a cause for every shortfall")
    return broken


def _must_be_spent(problem: Problem, plan: Allocation, d: int, s: int, t: int) -> bool:
    """The only excuse above a claim: prevention saved part of it, and ring-fenced money has no other place."""
    ring_fenced = any(problem.streams[s] in source.streams for source in problem.sources)
    saved = int(problem.claims[d, s, t] - plan.claims_after[d, s, t])
    return ring_fenced and saved > 0 and int(plan.budgets[d, s, t]) <= int(problem.claims[d, s, t])


def _savings(problem: Problem, plan: Allocation) -> Any:
    """Reinvested money saves first, in its own segments; own money fills what it leaves. Halves up, each apart."""
    left, total = problem.claims.copy(), np.zeros_like(plan.savings)
    for own in (False, True):
        exact: dict[tuple[int, int, int], Fraction] = {}
        for d, p, t in np.ndindex(*plan.prevention.shape):
            programme, unspent, saved = problem.programmes[p], int(plan.prevention[d, p, t]), Fraction(0)
            segments = zip(programme.segment_cents, programme.saving_per_euro, strict=True)
            for k, (width, slope) in enumerate(segments):
                again = int(plan.reinvested[d, p, k, t])
                part = min(unspent, width - again)
                saved += (part if own else again) * _decimal(slope)
                unspent -= part
            for later in range(t + programme.lag, t + programme.lag + programme.duration):
                exact[d, p, later] = exact.get((d, p, later), Fraction(0)) + saved / programme.duration
        savings = np.zeros_like(plan.savings)
        for (d, p, t), amount in exact.items():
            if t < savings.shape[2]:
                savings[d, p, t] = floor(amount + Fraction(1, 2))
        for p, programme in enumerate(problem.programmes):
            s = problem.streams.index(programme.stream)
            savings[:, p] = np.minimum(savings[:, p], left[:, s])
            left[:, s] -= savings[:, p]
        total += savings
    return total


@pytest.fixture(scope="session")
def town() -> Callable[..., Problem]:
    """A problem from a few numbers in whole euros."""
    return _town


@pytest.fixture(scope="session")
def random_town() -> Callable[..., Problem]:
    """A problem with any mix of rules."""
    return _random_town


@pytest.fixture(scope="session")
def broken_rules() -> Callable[[Problem, Allocation], list[str]]:
    """The independent check."""
    return _broken_rules
