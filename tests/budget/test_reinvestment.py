"""Reinvestment: what is left over in one year pays for prevention in the next, and no euro counts twice."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budget.audit import audit
from budget.inputs import Funding, Inputs, Municipality, PreventionSegment, Rule
from budget.money import format_euros
from budget.outcome import outcome
from budget.plan import Plan, plan_demand, plan_in_rounds
from budget.reinvestment import Pots, pots
from budget.report import plan_tables
from budget.report.provenance import plan_provenance_table
from budget.report.reinvestment import reinvestment_tables
from budget.trade_offs import points
from forecasts.demand import Demand, StreamDemand
from forecasts.history import Population
from optimiser.allocate import decide
from optimiser.measures import measured
from optimiser.problem import BALANCE, EQUAL_COVER, PREVENTION, Strategy
from tests.budget.small_city import rule, small_inputs
from tests.budget.test_report_tables import amounts, rows_of

YEARS = (2027, 2028, 2029, 2030)
CLAIM = 10 * 2_000_00
"""Per district and year for social support (w): ten clients; youth care costs four times as much."""
CLAIMS = 2 * 5 * CLAIM + 40_000_00
"""Of both districts, and the city-wide part of youth care."""
KEEP_HALF = rule("herinvesteren_aandeel", "0.5")
NO_OWN = rule("preventie_max", "0")


def four_years(*rules: Rule, left_over: tuple[int, ...], room: int = 5_000_00, saving: float = 3.0) -> Inputs:
    """Money for every claim of every year, and what is left over (cents; less than nothing: too little)."""
    programme = PreventionSegment(
        "P1", "Vroeg erbij", (), "w", room, saving, 1, 1, 1.0, 1.0, "B", "geboekt", "studie"
    )
    people = np.full((2, 1, 5), 1000.0)
    return small_inputs(
        *rules,
        municipality=Municipality("GM9998", "Kleinstad", 2027, 4, 2026, None, "test"),
        population=Population(("A", "B"), ("totaal",), (2026, *YEARS), people),
        funding=tuple(
            Funding("Algemeen", year, CLAIMS + extra, (), True, "begroting")
            for year, extra in zip(YEARS, left_over, strict=True)
        ),
        prevention=(programme,),
    )


def planned(inputs: Inputs) -> Plan:
    return plan_demand(inputs, ten_clients_each(inputs), explained=False)


def ten_clients_each(inputs: Inputs) -> Demand:
    years = (2026, *YEARS)
    yearly = np.full((2, 5, 4), 10.0, dtype=np.float32)
    periods = pd.period_range("2026", "2030", freq="Y")
    streams = tuple(
        StreamDemand(code, periods, yearly, years, yearly, ("vlak", "vlak")) for code in ("j", "w")
    )
    return Demand(inputs.area_codes, ("Stad", "Stad"), streams, n_draws=4, seed=1)


def followed(plan: Plan) -> Pots:
    return pots(plan.problem, plan.allocation)


@cache
def plenty() -> Plan:
    return planned(four_years(KEEP_HALF, NO_OWN, left_over=(8_000_00,) * 4))


def test_a_plan_comes_in_rounds_of_which_the_first_reinvests_nothing_and_the_last_is_settled() -> None:
    inputs = four_years(KEEP_HALF, NO_OWN, left_over=(8_000_00,) * 4)
    in_rounds = [plan for plan, _ in plan_in_rounds(inputs, ten_clients_each(inputs))]
    assert [plan.settled for plan in in_rounds] == [False] * (len(in_rounds) - 1) + [True]
    assert not in_rounds[0].allocation.reinvested.any()
    assert all(finding.holds for finding in in_rounds[0].findings)
    np.testing.assert_array_equal(in_rounds[-1].allocation.budgets, plenty().allocation.budgets)
    np.testing.assert_array_equal(in_rounds[-1].allocation.reinvested, plenty().allocation.reinvested)


@pytest.mark.parametrize("other", [BALANCE, EQUAL_COVER, PREVENTION])
def test_a_point_beside_a_plan_that_reinvests_is_what_planning_again_gives(other: Strategy) -> None:
    rules = KEEP_HALF, rule("preventie_max", "0.02")
    town = four_years(*rules, left_over=(12_000_00, -3_000_00, -20_000_00, 0))
    inputs = replace(town, strategy=EQUAL_COVER)
    plan, again = planned(inputs), planned(replace(inputs, strategy=other))
    assert plan.problem.reinvestment is not None
    (point,) = points(plan.problem, [other])
    np.testing.assert_array_equal(point.allocation.budgets, again.allocation.budgets)
    np.testing.assert_array_equal(point.allocation.reinvested, again.allocation.reinvested)
    assert point.measures == measured(again.problem, again.allocation)


def test_where_nothing_is_left_over_the_first_round_is_the_plan() -> None:
    inputs = four_years(KEEP_HALF, left_over=(0,) * 4)
    ((only, _),) = plan_in_rounds(inputs, ten_clients_each(inputs))
    assert only.settled


@settings(max_examples=20, derandomize=True)
@given(ahead=st.integers(-3, 9), left_over=st.integers(-3, 9))
def test_the_plan_that_was_decided_before_moves_no_cent(ahead: int, left_over: int) -> None:
    before, inputs = (
        four_years(KEEP_HALF, rule("groei_max", "0.05"), left_over=(thousands * 1_000_00, 0, 2_000_00, 0))
        for thousands in (ahead, left_over)
    )
    *_, (_, live) = plan_in_rounds(before, ten_clients_each(before))
    *_, (found, _) = plan_in_rounds(inputs, ten_clients_each(inputs), live)
    for field in ("budgets", "prevention", "reinvested", "free", "city", "unspent"):
        np.testing.assert_array_equal(
            getattr(found.allocation, field), getattr(planned(inputs).allocation, field)
        )


def test_half_of_what_is_left_over_pays_for_prevention_in_the_next_year() -> None:
    plan = plenty()
    assert plan.allocation.free[:, 0].sum() == 8_000_00
    spent = plan.allocation.reinvested.sum(axis=(1, 2))
    np.testing.assert_array_equal(spent[:, 0], [0, 0])
    np.testing.assert_array_equal(spent[:, 1], np.minimum(plan.allocation.free[:, 0] // 2, 5_000_00))
    assert not plan.allocation.prevention.any()


def test_what_reinvestment_saves_lowers_the_claims_of_later_years_and_leaves_more_over() -> None:
    given = plenty().allocation
    np.testing.assert_array_equal(given.claims_after[:, 1, 2], CLAIM - 3 * given.reinvested[:, 0, 0, 1])
    assert given.free[:, 2].sum() == 8_000_00 + 3 * given.reinvested[:, 0, 0, 1].sum()


def test_what_saves_after_the_plan_only_leaves_the_best_plan_as_it_is() -> None:
    plan = plenty()
    assert plan.allocation.reinvested[..., -1].any()
    again = decide(plan.problem)
    for field in ("budgets", "prevention", "reinvested", "free", "savings", "claims_after", "unspent"):
        np.testing.assert_array_equal(getattr(plan.allocation, field), getattr(again, field))


def test_a_reinvested_euro_is_in_no_ceiling_of_its_own_year_and_in_the_ceiling_of_the_year_before() -> None:
    plan = plenty()
    np.testing.assert_array_equal(plan.allocation.ceilings.sum(axis=0), [CLAIMS + 8_000_00 - 40_000_00] * 4)
    assert all(finding.holds for finding in plan.findings)


def test_reinvestment_makes_a_later_shortfall_smaller() -> None:
    left_over = (8_000_00, 0, -50_000_00, 0)
    without = planned(four_years(NO_OWN, left_over=left_over))
    plan = planned(four_years(KEEP_HALF, NO_OWN, left_over=left_over))
    saved = 3 * plan.allocation.reinvested[:, 0, 0, 1].sum()
    assert saved == 3 * 4_000_00
    assert outcome(without).gap[2] == 50_000_00
    assert outcome(plan).gap[2] == 50_000_00 - saved


@pytest.mark.parametrize("left_over", [(0, 0, 0, 0), (-10_000_00, 0, -1, -1), (0, 0, 0, 9_000_00)])
def test_without_a_surplus_that_a_plan_year_can_spend_the_rule_changes_no_cent(
    left_over: tuple[int, ...],
) -> None:
    plain = planned(four_years(left_over=left_over))
    plan = planned(four_years(KEEP_HALF, left_over=left_over))
    assert plan.problem.reinvestment is None
    for name in ("budgets", "prevention", "free", "city", "unspent", "savings", "shortfall", "reinvested"):
        np.testing.assert_array_equal(getattr(plan.allocation, name), getattr(plain.allocation, name))


def test_it_comes_on_top_of_what_areas_spend_themselves() -> None:
    own_share = rule("preventie_max", "0.01")
    plain = planned(four_years(own_share, left_over=(20_000_00,) * 4))
    plan = planned(four_years(own_share, KEEP_HALF, left_over=(20_000_00,) * 4))
    own = plan.allocation.prevention[:, :, 1].sum(axis=1)
    assert (own >= plain.allocation.prevention[:, :, 1].sum(axis=1) - 8).all()
    assert plan.allocation.reinvested[:, 0, 0, 1].min() > 0
    assert (plan.allocation.prevention + plan.allocation.reinvested.sum(axis=2)).max() <= 5_000_00


@pytest.mark.parametrize("saving", [0.0, -1.0])
def test_nothing_goes_to_a_programme_that_saves_nothing(saving: float) -> None:
    plan = planned(four_years(KEEP_HALF, NO_OWN, left_over=(8_000_00,) * 4, saving=saving))
    assert not plan.allocation.reinvested.any()
    assert followed(plan).rest[:, 1].sum() == 8_000_00 // 2


def test_the_cap_holds_for_what_goes_to_prevention_and_for_what_is_spent_in_a_year() -> None:
    cap = rule("herinvesteren_max", "1000")
    plan = planned(four_years(KEEP_HALF, NO_OWN, cap, left_over=(8_000_00,) * 4))
    assert followed(plan).to_prevention.max() == plan.allocation.reinvested.max() == 1_000_00


def test_what_programmes_cannot_take_stays_to_be_spent_up_to_the_limit_of_carry_over_and_lapses_above() -> (
    None
):
    limit = rule("meenemen_max", "300")
    returned = rule("algemene_middelen_aandeel", "0.5")
    plan = planned(four_years(KEEP_HALF, returned, NO_OWN, limit, left_over=(8_000_00,) * 4, room=100_00))
    pot = followed(plan)
    np.testing.assert_array_equal(pot.spent[:, 1:], 100_00)
    np.testing.assert_array_equal(pot.rest[:, 1:], 300_00)
    np.testing.assert_array_equal(pot.lapsed[:, 1], plan.allocation.free[:, 0] // 2 - 100_00 - 300_00)


def test_every_pot_adds_up_and_the_sheets_say_so() -> None:
    plan = plenty()
    pot = followed(plan)
    np.testing.assert_array_equal(pot.available, pot.spent + pot.rest + pot.lapsed)
    np.testing.assert_array_equal(pot.available[:, 1:], pot.to_prevention[:, :-1] + pot.rest[:, :-1])
    np.testing.assert_array_equal(pot.surplus, pot.to_prevention + pot.general + pot.carried)
    sheets = {table.sheet: table for table in plan_tables(plan)}
    assert sum(amounts(sheets["Herinvesteringsuitgaven"], "Bedrag")) == pot.spent.sum()
    assert sum(amounts(sheets["Herinvestering"], "Besteed aan preventie")) == pot.spent.sum()
    saved = sum(amounts(sheets["Herinvesteringsuitgaven"], "Besparing 2029"))
    assert saved == plan.allocation.savings[:, :, 2].sum()
    assert sheets["Preventie"].rows[0][5] == 0
    (line,) = rows_of(sheets["Samenvatting"], Post="Herinvestering")
    assert [line[str(year)] for year in YEARS] == pot.spent.sum(axis=0).tolist()


def test_the_export_says_what_is_saved_after_the_last_plan_year() -> None:
    plan = plenty()
    (row,) = [
        row for row in rows_of(plan_provenance_table(plan)) if str(row["Gegeven"]).startswith("Besparing na")
    ]
    assert row["Gegeven"] == "Besparing na 2030"
    assert row["Waarde"] == format_euros(3 * int(plan.allocation.reinvested[..., 3].sum()))
    assert "eindwaarde" in str(row["Toelichting"])
    strategy = replace(plan.problem.strategy, later_savings=False)
    other = replace(plan, problem=replace(plan.problem, strategy=strategy))
    assert "eindwaarde" not in str(rows_of(plan_provenance_table(other), Gegeven="Besparing na 2030"))


def test_a_plan_that_reinvests_nothing_has_no_sheet_of_reinvested_spending() -> None:
    plan = planned(four_years(left_over=(0,) * 4))
    assert [table.sheet for table in reinvestment_tables(plan)] == ["Herinvestering"]


@pytest.mark.parametrize(("year", "cents"), [(0, 1), (1, 1), (3, 10**9)])
def test_the_audit_sees_more_reinvested_than_was_left_over(year: int, cents: int) -> None:
    plan = plenty()
    spoiled = plan.allocation.reinvested.copy()
    spoiled[0, 0, 0, year] += cents
    findings = audit(plan.inputs, plan.claims, replace(plan.allocation, reinvested=spoiled), plan.steps)
    name = "Herinvestering komt uit het overschot van eerdere jaren, binnen haar grenzen"
    assert name in {finding.name for finding in findings if not finding.holds}


@given(
    surplus=st.lists(st.integers(0, 10**9), min_size=8, max_size=8),
    share=st.integers(0, 100),
    caps=st.tuples(*[st.none() | st.integers(0, 10**7)] * 2),
)
def test_no_pot_is_ever_negative_and_nothing_is_lost(
    surplus: list[int], share: int, caps: tuple[int | None, int | None]
) -> None:
    plan = plenty()
    shape = plan.allocation.free.shape
    reinvest, carry = (np.full(shape, np.nan if cap is None else float(cap)) for cap in caps)
    choices = replace(
        plan.problem.choices,
        retained_share_dt=np.full(shape, share / 100),
        reinvest_cap_dt=reinvest,
        carry_cap_dt=carry,
    )
    nothing = replace(
        plan.allocation,
        free=np.array(surplus).reshape(shape),
        reinvested=np.zeros_like(plan.allocation.reinvested),
    )
    pot = pots(replace(plan.problem, choices=choices), nothing)
    assert all(np.min(amount) >= 0 for amount in vars(pot).values())
    np.testing.assert_array_equal(pot.available, pot.rest + pot.lapsed)
    if caps[1] is not None:
        assert np.max(pot.rest + pot.carried) <= caps[1]
