"""The city that can be allocated on paper: the allocator must give the answer of `sample_data/README.md`."""

from __future__ import annotations

import doctest
from pathlib import Path

import numpy as np
import pytest

import sample_data
from budget.claims import Claims
from budget.inputs import Inputs
from budget.plan import make_plan
from budget.problem import allocation_problem
from budget.workbook.reading import read_inputs
from optimiser.allocate import allocate
from optimiser.allocation import Allocation, Place
from sample_data import driehoek

FOLDER = Path(sample_data.__file__).parent
AANLEG, BRUG, COUPURE = range(3)
HULP, SCHULD = range(2)


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return read_inputs(FOLDER / "driehoek.xlsx")


@pytest.fixture(scope="module")
def allocation(inputs: Inputs) -> Allocation:
    return allocate(allocation_problem(inputs, claims_on_paper()))


def claims_on_paper() -> Claims:
    """Clients x tariff, the same in the year before the plan and in both plan years."""
    clients = np.array([[100.0, 40.0], [40.0, 90.0], [60.0, 10.0]])[:, :, None].repeat(3, axis=2)
    prices = np.array([3000.0, 2000.0])[:, None].repeat(3, axis=1)
    euros = clients * prices
    return Claims(
        areas=tuple(driehoek.DISTRICTS),
        streams=("HULP", "SCHULD"),
        years=(2026, 2027, 2028),
        clients=clients,
        prices=prices,
        area_share=np.ones(clients.shape),
        expected=np.rint(euros * 100).astype(np.int64),
        city=np.zeros((2, 3), dtype=np.int64),
        draws=euros[..., None].astype(np.float32),
        city_draws=np.zeros((2, 3, 1), dtype=np.float32),
    )


def cents(*thousands: float) -> list[int]:
    return [round(amount * 100_000) for amount in thousands]


def test_the_ceilings_of_2027_follow_from_the_pace_of_change(allocation: Allocation) -> None:
    assert allocation.ceilings[:, 0].tolist() == cents(420 * 0.95, 862.4 - 399 - 184.8, 176 * 1.05)


def test_the_ceilings_of_2028_follow_from_equal_coverage(allocation: Allocation) -> None:
    assert allocation.ceilings[:, 1].tolist() == cents(380 * 0.91, 300 * 0.91, 184.8)


def test_hulp_is_whole_and_schuld_takes_the_lack(allocation: Allocation) -> None:
    assert allocation.budgets[:, HULP, :].tolist() == [cents(300, 300), cents(120, 120), cents(180, 180)]
    assert allocation.budgets[:, SCHULD, :].tolist() == [cents(80, 45.8), cents(158.6, 153), cents(4.8, 4.8)]


def test_what_the_floor_gives_beyond_the_claim_stays_free(allocation: Allocation) -> None:
    assert allocation.free.tolist() == [cents(399 - 380, 0), cents(0, 0), cents(0, 0)]


def test_only_coupure_is_short_of_its_basic_package_and_growth_is_the_cause(allocation: Allocation) -> None:
    expected = np.zeros((3, 2, 2), dtype=np.int64)
    expected[COUPURE, SCHULD] = cents(190 - 184.8, 190 - 184.8)
    np.testing.assert_array_equal(allocation.shortfall, expected)
    assert allocation.causes[Place("tekort", 2027, "WK999803", "SCHULD")] == "groei_max"


def test_every_euro_has_one_place(allocation: Allocation) -> None:
    assert allocation.buffer.tolist() == cents(880 * 0.02, 820 * 0.02)
    assert allocation.unspent.sum() == 0
    assert (allocation.ceilings.sum(axis=0) + allocation.buffer).tolist() == cents(880, 820)


def test_the_ring_fenced_money_pays_for_its_stream_alone(inputs: Inputs, allocation: Allocation) -> None:
    sources = allocation_problem(inputs, claims_on_paper()).sources
    ring_fenced = next(g for g, source in enumerate(sources) if source.streams)
    assert allocation.source_use[ring_fenced].tolist() == [cents(0, 0), cents(150, 200)]


def test_the_whole_main_job_comes_close_to_paper(inputs: Inputs, allocation: Allocation) -> None:
    plan = make_plan(inputs, n_draws=50)
    np.testing.assert_allclose(plan.claims.expected, claims_on_paper().expected, rtol=0.01)
    np.testing.assert_allclose(plan.allocation.ceilings, allocation.ceilings, rtol=0.02)
    assert [finding.name for finding in plan.findings if not finding.holds] == []


def test_the_sums_on_paper_are_right() -> None:
    assert doctest.testfile(str(FOLDER / "README.md"), module_relative=False).failed == 0
