"""The main job on a real municipality: The Hague, from public data to an explained plan."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest

from budget.inputs import Inputs
from budget.plan import Plan, make_plan
from budget.workbook.reading import read_inputs
from forecasts.history import Status

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not (DATA / "den_haag").is_dir(), reason="the public data are not beside the project"
)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    workbook = tmp_path_factory.mktemp("den_haag") / "den_haag.xlsx"
    adapter = runpy.run_path(str(Path(__file__).with_name("den_haag.py")))
    adapter["write_workbook"](DATA, workbook)
    return read_inputs(workbook)


@pytest.fixture(scope="module")
def plan(inputs: Inputs) -> Plan:
    return make_plan(inputs, n_draws=100)


def test_all_districts_and_their_boundaries_are_read(inputs: Inputs) -> None:
    assert len(inputs.area_codes) == 42
    assert len({district.quarter for district in inputs.districts}) == 8
    assert inputs.boundaries is not None
    drawn = {feature["properties"]["wijkcode"] for feature in inputs.boundaries["features"]}
    assert drawn == set(inputs.area_codes)


def test_suppressed_counts_stay_unknown(inputs: Inputs) -> None:
    for stream in inputs.history.streams:
        np.testing.assert_array_equal(np.isnan(stream.clients), stream.status == Status.SUPPRESSED)
    assert sum(int(np.isnan(stream.clients).sum()) for stream in inputs.history.streams) == 123


def test_the_derived_budgets_add_up_to_the_accounts(inputs: Inputs) -> None:
    wmo, youth, participation = 163_031, 190_094, 563_866 + 61_854 + 49_424
    assert sum(inputs.last_budget.values()) == pytest.approx((wmo + youth + participation) * 100_000, abs=200)


def test_every_euro_of_every_year_has_one_place(plan: Plan) -> None:
    allocation = plan.allocation
    money = sum(source.amounts for source in plan.problem.sources)
    spent = allocation.ceilings.sum(axis=0) + allocation.city.sum(axis=0) + allocation.buffer
    np.testing.assert_array_equal(spent + allocation.unspent.sum(axis=0), money)


def test_every_district_has_a_budget_in_every_year(plan: Plan) -> None:
    assert plan.problem.areas == plan.inputs.area_codes
    assert (plan.allocation.ceilings > 0).all()


def test_the_audit_finds_nothing(plan: Plan) -> None:
    assert plan.findings
    assert [finding.name for finding in plan.findings if not finding.holds] == []


def test_the_steps_of_every_ceiling_add_up_to_the_cent(plan: Plan) -> None:
    explained = np.zeros_like(plan.allocation.ceilings)
    for step in plan.steps:
        if step.area in plan.problem.areas:
            place = plan.problem.areas.index(step.area), plan.problem.years.index(step.year)
            explained[place] += step.cents
    np.testing.assert_array_equal(explained, plan.allocation.ceilings)
