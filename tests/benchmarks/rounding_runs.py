"""Hundreds of towns: does every rule hold in whole cents, and how near is each plan to the proven bound?

    python tests/benchmarks/rounding_runs.py [first] [last]

Every town of `tests/optimiser` twice: as it is, and with silos and one fixed share of prevention everywhere, so that
no cent can move without another.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from optimiser.allocate import allocate
from optimiser.allocation import Contradiction
from optimiser.problem import Problem

SHARES = (0.0, 0.01, 0.02, 0.033, 0.05, 0.0777)


def towns() -> Any:
    """The fixtures of the optimiser's tests as a module."""
    path = Path(__file__).parents[1] / "optimiser" / "conftest.py"
    spec = importlib.util.spec_from_file_location("towns", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tightened(problem: Problem, seed: int) -> Problem:
    """Silos, and one share of prevention for every area and year."""
    share = float(np.random.default_rng(seed).choice(SHARES))
    fixed = np.full_like(problem.choices.prevention_min_dt, share)
    silos = np.zeros_like(problem.choices.shift_room_dst)
    choices = replace(problem.choices, shift_room_dst=silos, prevention_min_dt=fixed, prevention_max_dt=fixed)
    return replace(problem, choices=choices)


def main(first: int, last: int) -> None:
    """Print what was missed, and the distances from the bound."""
    made = towns()
    for kind in ("as they are", "tightened"):
        gaps, clashes, missed = [], 0, []
        for seed in range(first, last):
            problem = made._random_town(seed)
            problem = problem if kind == "as they are" else tightened(problem, seed)
            try:
                plan = allocate(problem)
            except Contradiction:
                clashes += 1
                continue
            if broken := made._broken_rules(problem, plan):
                missed.append((seed, broken))
            assert plan.certificate is not None
            gaps.append(plan.certificate.cents)
        half, most_of_them, all_of_them = np.quantile(gaps, [0.5, 0.9, 1.0]).round(2).tolist()
        within = float(np.mean(np.array(gaps) <= 1))
        print(f"{kind}: {len(gaps)} plans, {clashes} contradictions, rules missed: {missed or 'none'}")
        print(
            f"    cents from the bound: {within:.0%} within 1; half {half}, 90 % {most_of_them}, all {all_of_them}"
        )


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (0, 400))
