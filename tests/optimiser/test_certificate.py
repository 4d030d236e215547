"""The proof: a bound that needs no solver, on every plan."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from optimiser import check_certificate
from optimiser.allocate import allocate
from optimiser.allocation import Contradiction
from optimiser.check_certificate import cents_from_the_best, least_cost
from optimiser.problem import Problem

Town = Callable[..., Problem]


def test_the_bound_on_paper(town: Town) -> None:
    proof = allocate(town([[[100]], [[100]]], 120, last_budget=[[100], [100]])).certificate
    assert proof is not None
    assert Fraction(proof.content["value"]) == (160 - 120) * 100
    assert least_cost(proof.content) == pytest.approx((160 - 120) * 100, abs=0.01)


@pytest.mark.parametrize("seed", range(24))
def test_no_plan_is_more_than_a_few_cents_better_in_any_town(random_town: Town, seed: int) -> None:
    problem = replace(random_town(seed), programmes=())
    none = np.full_like(problem.choices.prevention_min_dt, np.nan)
    problem = replace(problem, choices=replace(problem.choices, prevention_min_dt=none))
    try:
        proof = allocate(problem).certificate
    except Contradiction:
        return
    assert proof is not None
    assert -1 < proof.cents < 100


def test_a_certificate_with_other_prices_still_proves_something_true(town: Town) -> None:
    proof = allocate(town([[[100]], [[100]]], 120, last_budget=[[100], [100]])).certificate
    assert proof is not None
    content = {**proof.content, "prices": ["0"] * len(proof.content["prices"])}
    assert cents_from_the_best(content) >= cents_from_the_best(proof.content)


def test_a_plan_that_is_worse_than_it_says_is_found_out(town: Town) -> None:
    proof = allocate(town([[[100]], [[100]]], 120, last_budget=[[100], [100]])).certificate
    assert proof is not None
    worse = {**proof.content, "value": str(Fraction(proof.content["value"]) + 500)}
    assert cents_from_the_best(worse) == pytest.approx(500, abs=0.01)


def test_the_checker_is_short_and_plain_and_reads_a_file(town: Town, tmp_path: Path) -> None:
    source = Path(check_certificate.__file__).read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 60
    assert all(name not in source for name in ("numpy", "highspy", "pulp", "optimiser."))
    proof = allocate(town([[[100]]], 70, last_budget=[[100]])).certificate
    assert proof is not None
    file = tmp_path / "bewijs.json"
    file.write_text(json.dumps(proof.content))
    said = subprocess.run(
        [sys.executable, check_certificate.__file__, str(file)], capture_output=True, text=True, check=True
    )
    assert said.stdout.startswith("geen plan is meer dan 0.00")
