from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from budget.claims import price
from budget.inputs import Contract, Inputs, NormWeight, PreventionSegment, Reserve
from budget.norm import norm_amounts
from budget.problem import allocation_problem
from optimiser.problem import Problem
from tests.budget.small_city import flat_demand, rule, small_inputs


def problem_of(inputs: Inputs) -> Problem:
    return allocation_problem(inputs, price(flat_demand(inputs), inputs))


def segment(up_to: int, saving: float, **changes: object) -> PreventionSegment:
    base = PreventionSegment(
        "P1", "Vroeg erbij", (), "j", up_to, saving, 1, 2, 0.5, 0.8, "B", "geboekt", "effectstudie"
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def test_a_stream_divided_by_population_gives_each_area_its_share_of_the_inhabitants() -> None:
    inputs = small_inputs()
    claims = price(flat_demand(inputs), inputs)
    norm, notes = norm_amounts(inputs, claims)
    wmo = 1
    assert norm[:, wmo, 0].tolist() == [2 * 10 * 2_000_00 // 4, 2 * 10 * 2_000_00 * 3 // 4]
    assert notes == ()


def test_the_norm_adds_up_to_what_the_areas_claim() -> None:
    inputs = small_inputs()
    claims = price(flat_demand(inputs), inputs)
    norm, _ = norm_amounts(inputs, claims)
    assert (norm.sum(axis=0) == claims.expected[:, :, 1:].sum(axis=0)).all()


def test_weights_of_the_sheet_norm_go_before_inhabitants() -> None:
    base = small_inputs()
    streams = (base.streams[0], replace(base.streams[1], key="norm"))
    weights = (
        NormWeight("A", "w", None, 1.0),
        NormWeight("B", "w", None, 1.0),
        NormWeight("B", "w", 2028, 3.0),
    )
    inputs = small_inputs(streams=streams, norm=weights)
    norm, _ = norm_amounts(inputs, price(flat_demand(inputs), inputs))
    assert norm[:, 1, 0].tolist() == [2_000_000, 2_000_000]
    assert norm[:, 1, 1].tolist() == [2 * 11 * 2_000_00 // 4, 2 * 11 * 2_000_00 * 3 // 4]


def test_a_key_that_is_unknown_falls_back_on_use_and_says_so() -> None:
    base = small_inputs()
    streams = (base.streams[0], replace(base.streams[1], key="norm"))
    inputs = small_inputs(streams=streams, norm=(NormWeight("A", "w", None, 1.0),))
    norm, notes = norm_amounts(inputs, price(flat_demand(inputs), inputs))
    assert norm[:, 1, 0].tolist() == [2_000_000, 2_000_000]
    assert notes == ("Verdeelsleutel norm van Wmo onbekend: naar gebruik verdeeld.",)


def test_phase_in_moves_the_share_of_the_gap_that_the_rule_says() -> None:
    inputs = small_inputs(rule("norm_aandeel", "0.25", year=2028))
    problem = problem_of(inputs)
    assert np.isnan(problem.choices.target_share_dt[:, 0]).all()
    norm = problem.norm[:, :, 1].sum(axis=1)
    historical = np.array([130_000_00, 130_000_00]) * norm.sum() / 260_000_00
    wanted = (0.25 * norm + 0.75 * historical) / norm.sum()
    assert problem.choices.target_share_dt[:, 1] == pytest.approx(wanted)
    assert problem.choices.target_share_dt[:, 1].sum() == pytest.approx(1)


def test_the_ceiling_of_last_year_is_everything_that_an_area_had_for_what_it_still_carries() -> None:
    budget = {("A", "j"): 90_000_00, ("A", "w"): 40_000_00, ("A", "PREVENTIE"): 5_000_00, ("STAD", "j"): 1}
    assert problem_of(small_inputs(last_budget=budget)).last_ceiling[0] == 135_000_00
    assert np.isnan(problem_of(small_inputs(last_budget=budget)).last_ceiling[1])
    city_wide = small_inputs(rule("stadsbreed", "1", stream="j"), last_budget=budget)
    assert problem_of(city_wide).last_ceiling[0] == 45_000_00


def test_segments_run_up_to_their_amount_and_count_only_cashable_municipal_money() -> None:
    inputs = small_inputs(prevention=(segment(20_000_00, 2.0), segment(50_000_00, 1.0)))
    (programme,) = problem_of(inputs).programmes
    assert programme.segment_cents == (20_000_00, 30_000_00)
    assert programme.saving_per_euro == pytest.approx((2.0 * 0.5 * 0.8, 1.0 * 0.5 * 0.8))
    assert programme.areas == ("A", "B")


@pytest.mark.parametrize("status", ["pm", "uitgesloten"])
def test_prevention_that_is_not_booked_stays_out_of_the_plan(status: str) -> None:
    assert problem_of(small_inputs(prevention=(segment(1, 1.0, status=status),))).programmes == ()


def test_nothing_is_drawn_from_a_reserve_after_its_end() -> None:
    reserve = Reserve("Egalisatie", 100, 0, None, 40, date(2027, 12, 31))
    (found,) = problem_of(small_inputs(reserves=(reserve,))).reserves
    assert found.draw_limit.tolist() == [40, 0]


def test_a_contract_without_districts_covers_all_and_only_plan_years_count() -> None:
    contracts = tuple(Contract("Zorggroep", "1", "j", (), year, 1, 2, "taak", None) for year in (2026, 2027))
    (found,) = problem_of(small_inputs(contracts=contracts)).contracts
    assert (found.year, found.areas) == (2027, ("A", "B"))


def test_sources_are_one_per_name_and_purpose_in_code_order() -> None:
    problem = problem_of(small_inputs())
    assert [(s.code, s.streams, s.amounts.tolist()) for s in problem.sources] == [
        ("Algemeen", (), [300_000_00, 300_000_00]),
        ("Rijk jeugd", ("j",), [100_000_00, 100_000_00]),
    ]


def test_amount_rules_are_whole_cents_and_the_city_is_locked_only_by_name() -> None:
    problem = problem_of(
        small_inputs(rule("vast", "1234.56", stream="w"), rule("vast", "10", district="STAD", stream="j"))
    )
    assert (problem.choices.locked_dst[:, 1] == 1_234_56).all()
    assert np.isnan(problem.choices.city_locked_st[1]).all()
    assert (problem.choices.city_locked_st[0] == 10_00).all()
