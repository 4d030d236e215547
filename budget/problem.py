"""From checked inputs and claims to the question that the allocator answers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

import optimiser.problem as question
from budget.claims import Claims
from budget.inputs import CITY, Inputs, PreventionSegment
from budget.last_year import last_ceilings, last_cells
from budget.norm import inhabitants, norm_amounts
from budget.rules import for_areas, for_city, resolve
from optimiser.problem import Choices, Problem, Programme, Source

FloatArray = npt.NDArray[np.float64]
Cents = npt.NDArray[np.int64]


def allocation_problem(inputs: Inputs, claims: Claims) -> Problem:
    """The claims, the money and the local choices of one municipality, in cents and resolved to places."""
    norm, _ = norm_amounts(inputs, claims)
    last_budget = last_cells(inputs, claims)
    return Problem(
        areas=inputs.area_codes,
        area_names=tuple(district.name for district in inputs.districts),
        streams=inputs.stream_codes,
        stream_names=tuple(stream.name for stream in inputs.streams),
        years=inputs.years,
        claims=claims.expected[:, :, claims.plan_years],
        city_claims=claims.city[:, claims.plan_years],
        basic_share=_basic_share(inputs),
        city_basic_share=_city_basic_share(inputs),
        priority=np.array([stream.priority for stream in inputs.streams]),
        norm=norm,
        inhabitants=np.column_stack([inhabitants(inputs, "totaal", year) for year in inputs.years]),
        last_budget=last_budget,
        last_ceiling=last_ceilings(inputs, claims),
        sources=_sources(inputs),
        choices=_choices(inputs, norm, last_budget),
        programmes=_programmes(inputs),
        reserves=_reserves(inputs),
        contracts=_contracts(inputs),
        scenarios=_futures(claims.draws),
        city_scenarios=_futures(claims.city_draws),
        strategy=inputs.strategy,
    )


def _futures(draws: npt.NDArray[np.float32]) -> FloatArray:
    """The joint draws (..., y, k) of the plan years, euros to cents: one equally likely future per draw."""
    return draws[..., 1:, :].astype(np.float64) * 100


def _basic_share(inputs: Inputs) -> FloatArray:
    own = np.array([stream.basic_package for stream in inputs.streams])[None, :, None]
    ruled = resolve(
        for_areas(inputs.rules), "basispakket", inputs.area_codes, inputs.stream_codes, inputs.years
    )
    return np.where(np.isnan(ruled), own, ruled)


def _city_basic_share(inputs: Inputs) -> FloatArray:
    own = np.array([stream.basic_package for stream in inputs.streams])[:, None]
    ruled = resolve(for_city(inputs.rules), "basispakket", (CITY,), inputs.stream_codes, inputs.years)[0]
    return np.where(np.isnan(ruled), own, ruled)


def _sources(inputs: Inputs) -> tuple[Source, ...]:
    """One source per name and set of streams, in code order."""
    amounts: dict[tuple[str, tuple[str, ...]], Cents] = {}
    for funding in inputs.funding:
        if funding.year in inputs.years:
            key = (funding.source, tuple(sorted(funding.streams)))
            per_year = amounts.setdefault(key, np.zeros(len(inputs.years), dtype=np.int64))
            per_year[inputs.years.index(funding.year)] += funding.cents
    return tuple(Source(code, streams, amounts[code, streams]) for code, streams in sorted(amounts))


def _choices(inputs: Inputs, norm: Cents, last_budget: FloatArray) -> Choices:
    return Choices(
        max_fall_dt=np.abs(_per_area(inputs, "groei_min")),
        max_growth_dt=_per_area(inputs, "groei_max"),
        max_growth_per_head_dt=_cents(_per_area(inputs, "groei_max_per_inwoner")),
        target_share_dt=_target_share(inputs, norm, last_budget),
        buffer_share_t=resolve(inputs.rules, "buffer_centraal", (CITY,), ("",), inputs.years, 0.0)[0, 0],
        prevention_min_dt=_per_area(inputs, "preventie_min"),
        prevention_max_dt=_per_area(inputs, "preventie_max"),
        shift_room_dst=_per_cell(inputs, "schuifruimte"),
        locked_dst=_cents(_per_cell(inputs, "vast")),
        city_locked_st=_cents(
            resolve(
                for_city(inputs.rules, only_named=True), "vast", (CITY,), inputs.stream_codes, inputs.years
            )
        )[0],
        ceiling_dt=_cents(_per_area(inputs, "plafond")),
        retained_share_dt=_per_area(inputs, "herinvesteren_aandeel"),
        general_share_dt=_per_area(inputs, "algemene_middelen_aandeel"),
        reinvest_cap_dt=_cents(_per_area(inputs, "herinvesteren_max")),
        carry_cap_dt=_cents(_per_area(inputs, "meenemen_max")),
    )


def _per_cell(inputs: Inputs, rule: str) -> FloatArray:
    return resolve(for_areas(inputs.rules), rule, inputs.area_codes, inputs.stream_codes, inputs.years)


def _per_area(inputs: Inputs, rule: str) -> FloatArray:
    whole_area = [choice for choice in for_areas(inputs.rules) if choice.stream is None]
    return resolve(whole_area, rule, inputs.area_codes, ("",), inputs.years)[:, 0]


def _cents(euros: FloatArray) -> FloatArray:
    """Whole cents; NaN stays NaN."""
    cents: FloatArray = np.round(euros * 100)
    return cents


def _target_share(inputs: Inputs, norm: Cents, last_budget: FloatArray) -> FloatArray:
    """Phase-in: with lambda the rule `norm_aandeel` of a cell (0 where only other cells have one),

        target[d, t] = sum over s of lambda * norm[d, s, t] + (1 - lambda) * historical[d, s]
        historical   = last year's budget, scaled to the total of the norm
        share[d, t]  = target[d, t] / sum over d of target[d, t]

    An area whose last budget is unknown follows the norm. NaN for a year without the rule.
    """
    share = np.full(norm[:, 0].shape, np.nan)
    phase_in = _per_cell(inputs, "norm_aandeel")
    for t in range(len(inputs.years)):
        own = phase_in[:, :, t]
        if np.isnan(own).all() or norm[:, :, t].sum() == 0:
            continue
        normative = norm[:, :, t].astype(np.float64)
        known = np.nan_to_num(last_budget)
        without = known.sum(axis=1, keepdims=True) == 0
        scale = normative[~without[:, 0]].sum() / max(known.sum(), 1.0)
        historical = np.where(without, normative, known * scale)
        weight = np.nan_to_num(own)
        target = (weight * normative + (1 - weight) * historical).sum(axis=1)
        share[:, t] = target / target.sum()
    return share


def _programmes(inputs: Inputs) -> tuple[Programme, ...]:
    """The booked programmes. Of a saving only the cashable, municipal part counts:

    saving per euro = Besparing per euro * Verzilverbaar * Aandeel gemeente
    """
    curves: dict[tuple[str, str], list[PreventionSegment]] = {}
    for segment in inputs.prevention:
        if segment.status == "geboekt":
            curves.setdefault((segment.programme, segment.stream), []).append(segment)
    return tuple(_programme(inputs, curves[key]) for key in sorted(curves))


def _programme(inputs: Inputs, segments: list[PreventionSegment]) -> Programme:
    first = segments[0]
    bounds = [0, *(segment.up_to_cents for segment in segments)]
    return Programme(
        code=first.programme,
        stream=first.stream,
        areas=first.districts or inputs.area_codes,
        segment_cents=tuple(max(0, upper - max(bounds[: k + 1])) for k, upper in enumerate(bounds[1:])),
        saving_per_euro=tuple(s.saving_per_euro * s.cashable * s.municipal_share for s in segments),
        lag=first.lag,
        duration=first.duration,
    )


def _reserves(inputs: Inputs) -> tuple[question.Reserve, ...]:
    """Reserves in code order; after its end date nothing is drawn from a reserve."""
    return tuple(
        question.Reserve(
            code=reserve.name,
            balance=reserve.balance_cents,
            minimum=reserve.minimum_cents,
            maximum=reserve.maximum_cents,
            draw_limit=np.array(
                [
                    0 if reserve.end and reserve.end.year < year else reserve.draw_limit_cents
                    for year in inputs.years
                ],
                dtype=np.int64,
            ),
        )
        for reserve in sorted(inputs.reserves, key=lambda reserve: reserve.name)
    )


def _contracts(inputs: Inputs) -> tuple[question.Contract, ...]:
    return tuple(
        question.Contract(
            code=f"{contract.provider} / {contract.lot}",
            stream=contract.stream,
            areas=contract.districts or inputs.area_codes,
            year=contract.year,
            minimum=contract.minimum_cents,
            maximum=contract.maximum_cents,
        )
        for contract in inputs.contracts
        if contract.year in inputs.years
    )
