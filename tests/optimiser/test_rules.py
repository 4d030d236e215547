"""Every rule as the rows that it adds, reviewed in `golden/<rule>.lp` (UPDATE_GOLDEN=1 writes them anew)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pulp
import pytest

from optimiser.allocate import build
from optimiser.allocation import Place
from optimiser.model import Model
from optimiser.problem import Contract, Problem, Programme, Reinvestment, Reserve, Source
from optimiser.programme import save_as_lp, written_in_pulp
from optimiser.rules import RULES, rule
from optimiser.solver import LiveModel, new_highs
from optimiser.stages import goals

BUNDLED_CBC = {"linux": "linux/i64", "darwin": "osx/i64", "win32": "win/i64"}.get(sys.platform, "linux/i64")
GOLDEN = Path(__file__).parent / "golden"
MEASURES = {"preventie_ruimte"}
"""Rules that are seen before the run and add no rows."""


@pytest.fixture(scope="module")
def model(town: Callable[..., Problem]) -> Model:
    cents = 100
    problem = town(
        [[[400_000, 410_000], [200_000, 210_000]], [[300_000, 310_000], [100_000, 110_000]]],
        [900_000, 920_000],
        city_claims=[[50_000, 51_000], [0, 0]],
        last_budget=[[390_000, 190_000], [290_000, 90_000]],
        inhabitants=[[9000, 9100], [5000, 5100]],
        sources=(Source("OORMERK", ("S2",), np.array([100_000 * cents, 110_000 * cents])),),
        programmes=(
            Programme("P", "S1", ("WK01",), (20_000 * cents, 400_000 * cents), (2.0, 1.1), lag=1, duration=1),
        ),
        reserves=(
            Reserve("R", 50_000 * cents, 10_000 * cents, 80_000 * cents, np.array([20_000 * cents, 0])),
        ),
        contracts=(Contract("C", "S2", ("WK01", "WK02"), 2028, 250_000 * cents, 300_000 * cents),),
        max_fall_dt=0.05,
        max_growth_dt=0.1,
        max_growth_per_head_dt=30,
        target_share_dt=[[0.6, 0.6], [0.4, 0.4]],
        buffer_share_t=0.02,
        prevention_min_dt=[[0.01, 0.01], [np.nan, np.nan]],
        prevention_max_dt=0.03,
        shift_room_dst=[[[0.5, 0.5], [0.5, 0.5]], [[1, 1], [1, 1]]],
        locked_dst=[[[np.nan] * 2] * 2, [[np.nan] * 2, [95_000, np.nan]]],
        city_locked_st=[[np.nan, 40_000], [np.nan, np.nan]],
        ceiling_dt=[[np.nan, np.nan], [380_000, np.nan]],
    )
    reinvestment = Reinvestment(
        spent=np.array([[[[0, 1_000 * cents], [0, 0]]], [[[0, 0], [0, 0]]]]),
        saved=np.array([[[0, 0]], [[0, 0]]]),
        kept=np.array([[2_000 * cents, 0], [0, 0]]),
    )
    return build(replace(problem, reinvestment=reinvestment))


@pytest.mark.parametrize("name", [r.name for r in RULES if r.name not in MEASURES])
def test_a_rule_adds_the_rows_that_were_reviewed(model: Model, name: str, tmp_path: Path) -> None:
    written = tmp_path / "rule.lp"
    first = next(row for row in model.rows if row.place.rule == name)
    costs = model.costs((column, 1.0) for column, _ in first.terms)
    written_in_pulp(model, costs, name).writeLP(str(written))
    golden = GOLDEN / f"{name}.lp"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(written.read_text())
    assert written.read_text() == golden.read_text()


def test_no_rule_lacks_reviewed_rows_and_no_rows_lack_a_rule(model: Model) -> None:
    names = {r.name for r in RULES}
    assert {path.stem for path in GOLDEN.glob("*.lp")} == names - MEASURES
    assert {row.place.rule for row in model.rows} == names - MEASURES


@pytest.mark.parametrize("name", [r.name for r in RULES])
def test_every_rule_has_a_title_in_dutch_for_one_place_and_for_all(model: Model, name: str) -> None:
    for place in (Place(name, 2027, "WK01", "S1"), Place(name, 2027)):
        title = rule(name).title(model.problem, place)
        assert "None" not in title
        assert title[0].islower()


def test_an_unknown_rule_is_no_rule() -> None:
    with pytest.raises(KeyError):
        rule("groei_maximaal")


def test_a_solver_that_reads_the_written_programme_finds_the_same_least_shortfall(
    random_town: Callable[..., Problem], tmp_path: Path
) -> None:
    problem = random_town(9)
    save_as_lp(problem, tmp_path / "programme.lp")
    reader = new_highs()
    reader.readModel(str(tmp_path / "programme.lp"))
    reader.run()
    model = build(problem)
    goal = next(goals(model))
    assert goal.name == "tekort"
    least = float(goal.costs @ LiveModel.of(model, goal.costs, margins=False).values())
    assert reader.getObjectiveValue() == pytest.approx(least, rel=1e-6, abs=1e-5)
    assert least > 0


def test_the_written_programme_keeps_no_cents_back_for_the_rounding(
    town: Callable[..., Problem], tmp_path: Path
) -> None:
    at_its_limit = town([[[100, 110]]], 130, last_budget=[[100]], max_growth_dt=0.1, ceiling_dt=[[110, 121]])
    save_as_lp(at_its_limit, tmp_path / "programme.lp")
    reader = new_highs()
    reader.readModel(str(tmp_path / "programme.lp"))
    reader.run()
    assert reader.modelStatusToString(reader.getModelStatus()) == "Optimal"


@pytest.mark.parametrize("seed", range(6))
def test_highs_and_cbc_find_the_same_least_shortfall(random_town: Callable[..., Problem], seed: int) -> None:
    problem = random_town(seed * 7 + 2)
    goal = next(goals(build(problem)))
    model = build(problem)
    least = float(goal.costs @ LiveModel.of(model, goal.costs, margins=False).values())
    bundled = next((Path(pulp.__file__).parent / "solverdir").rglob(f"{BUNDLED_CBC}/cbc*"), None)
    if bundled is None:
        pytest.skip("no CBC for this machine in PuLP")
    theirs = written_in_pulp(model, goal.costs)
    theirs.solve(pulp.COIN_CMD(path=str(bundled), msg=False))
    assert pulp.value(theirs.objective) == pytest.approx(least, rel=1e-6, abs=1e-5)
