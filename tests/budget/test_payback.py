"""Will prevention pay for itself: the year as stated, the chance by its evidence."""

from __future__ import annotations

from dataclasses import replace
from math import erf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.payback import EVIDENCE, Investment, assumptions, investment, payback, together
from budget.report.ledger import area_ledger_table, ledger_table
from optimiser.model import DISCOUNT
from optimiser.problem import Programme
from tests.budget.plan_example import AREAS, example_inputs, example_plan
from tests.budget.small_city import small_inputs
from tests.budget.test_report_tables import amounts, rows_of


def chance(share: float, mean: float, spread: float) -> float:
    """That a normal factor is at least `share`."""
    return 0.5 * (1 + erf((mean - share) / spread / sqrt(2)))


def invested(evidence: str, *, spent: float = 100.0, per_euro: float = 2.0, lag: int = 1) -> Investment:
    """One amount in the first of three plan years, on a programme of one segment that saves over four years."""
    programme = Programme("P", "S", (), (10**9,), (per_euro,), lag, 4)
    return investment(programme, evidence, np.array([spent, 0.0, 0.0]))


def test_savings_come_after_the_lag_and_over_the_duration() -> None:
    assert invested("A").saved[:6].tolist() == [0, 50, 50, 50, 50, 0]


def test_the_year_is_the_one_in_which_discounted_savings_have_caught_up() -> None:
    assert 50 * (DISCOUNT + DISCOUNT**2) < 100 < 50 * (DISCOUNT + DISCOUNT**2 + DISCOUNT**3)
    assert payback([invested("A")]).after == 3
    assert payback([invested("A", per_euro=1.0)]).after is None


@pytest.mark.parametrize("grade", EVIDENCE)
def test_the_chance_is_that_the_factor_reaches_cost_over_savings(grade: str) -> None:
    present = 50 * sum(DISCOUNT**year for year in (1, 2, 3, 4))
    within = 50 * (DISCOUNT + DISCOUNT**2)
    found = payback([invested(grade)])
    assert found.chance == pytest.approx(chance(100 / present, *EVIDENCE[grade]))
    assert found.chance_within_plan == pytest.approx(chance(100 / within, *EVIDENCE[grade]))


def test_weaker_evidence_gives_less_hope_and_a_wider_band() -> None:
    found = [payback([invested(grade)]) for grade in "ABCDE"]
    assert sorted(found, key=lambda payback: -payback.chance) == found
    assert sorted(found, key=lambda payback: payback.high - payback.low) == found


def test_a_programme_that_is_expected_to_cost_money_gets_no_discount_on_that() -> None:
    found = payback([invested("D", per_euro=-1.0)])
    present = 25 * sum(DISCOUNT**year for year in (1, 2, 3, 4))
    assert (found.low + found.high) / 2 == pytest.approx(-100 - present)
    assert found.chance < 0.01


def test_programmes_together_spread_the_risk() -> None:
    one, other = invested("C", per_euro=2.2), invested("C", per_euro=2.2)
    same = together([one, other])
    assert same is not None
    assert payback([same]).chance == pytest.approx(payback([one]).chance)
    apart, alone = payback([one, other]), payback([same])
    assert apart.high - apart.low == pytest.approx((alone.high - alone.low) / sqrt(2))


@given(
    grades=st.lists(st.sampled_from("ABCDE"), max_size=4),
    spent=st.floats(0, 1e9),
    per_euro=st.floats(-2, 9),
    lag=st.integers(0, 4),
)
def test_a_chance_is_a_chance_and_a_band_is_a_band(
    grades: list[str], spent: float, per_euro: float, lag: int
) -> None:
    found = payback([invested(grade, spent=spent, per_euro=per_euro, lag=lag) for grade in grades])
    assert 0 <= found.chance <= 1
    assert found.low <= found.high


def test_the_ledgers_say_it_per_programme_and_per_area() -> None:
    plan = example_plan()
    (programme,) = rows_of(ledger_table(plan), Status="geboekt")
    assert programme["Uitgave"] == (40_000 + 30_000 + 20_000) * 100
    assert 0 < float(programme["Kans in looptijd"] or 0) < 0.5
    areas = area_ledger_table(plan)
    own = rows_of(areas, Wijkcode=AREAS[0], Programma="BUURT")
    both = rows_of(areas, Wijkcode=AREAS[0], Programma=None)
    assert [row["Uitgave"] for row in (*own, *both)] == [(40_000 + 30_000) * 100] * 2
    assert amounts(areas, "Uitgave", Wijkcode=AREAS[2]) == []
    (pm,) = rows_of(ledger_table(plan), Status="pm")
    assert (pm["Uitgave"], pm["Saldo P10"]) == (0, None)


def test_the_ledgers_per_programme_and_per_area_are_the_same_money_to_the_cent() -> None:
    plan = example_plan()
    programmes, areas = ledger_table(plan), area_ledger_table(plan)
    of_areas = {
        name: sum(amounts(areas, name, Programma="BUURT")) for name in ("Uitgave", "Besparing", "Saldo")
    }
    (own,) = rows_of(programmes, Programma="BUURT")
    saved = int(str(own["Besparing in het plan"])) + int(str(own["Besparing later"]))
    assert of_areas == {"Uitgave": own["Uitgave"], "Besparing": saved, "Saldo": own["Saldo"]}


def test_benefits_are_split_between_others_what_is_no_money_and_what_counts() -> None:
    plan = example_plan()
    shared = tuple(
        replace(
            segment, saving_per_euro=segment.saving_per_euro / (0.5 * 0.8), municipal_share=0.5, cashable=0.8
        )
        for segment in plan.inputs.prevention
    )
    table = ledger_table(replace(plan, inputs=replace(plan.inputs, prevention=shared)))
    (row,) = rows_of(table, Status="geboekt")
    counted = 40_000_00 * 0.5 + 30_000_00 * 0.5 + 20_000_00 * 0.5
    gross = counted / (0.5 * 0.8)
    assert row["Baten elders"] == round(gross * 0.5)
    assert row["Baten zonder geld"] == round(gross * 0.5 * 0.2)


def test_the_assumption_is_stated_where_there_is_prevention() -> None:
    assert "B 90 % ± 30 %" in assumptions(example_inputs())[0]
    assert assumptions(small_inputs()) == ()
