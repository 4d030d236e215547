"""Plans under scenarios: the same from a solver as from a thread, and made once for all who ask."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from decimal import Decimal

import pytest

from budget.plan import Plan, explained, plan_demand
from budget.report import plan_tables
from budget.report.forecast import forecast_table
from optimiser.allocation import Contradiction
from optimiser.problem import Strategy
from ui import solving
from ui.scenarios import AS_GIVEN, Change, Scenario

_BUFFER = Scenario((Change("buffer_centraal", None, None, None, Decimal("0.05")),))


@pytest.fixture(params=["threads", "processes"])
def digest(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Asked within the process, and of a solver of its own."""
    monkeypatch.setattr(solving, "SOLVERS", 1)
    if request.param == "processes":
        solving.start_solvers()
    yield f"city by {request.param}"
    solving.stop_solvers()


def _patiently(waited: float) -> None:
    assert waited < 120


def test_a_plan_is_what_the_engine_makes_of_it_and_its_reasons_follow(digest: str, city_plan: Plan) -> None:
    made = plan_demand(_BUFFER.applied_to(city_plan.inputs), city_plan.demand, explained=False)
    decided = solving.wait(solving.decision(digest, city_plan, _BUFFER).last, _patiently)
    assert (decided.allocation.ceilings == made.allocation.ceilings).all()
    assert decided.allocation.certificate is None
    assert decided.demand is city_plan.demand
    whole = solving.wait(solving.reasons(digest, city_plan, _BUFFER, decided), _patiently)
    assert whole.allocation.shadow_prices == explained(made).allocation.shadow_prices
    assert whole.problem is decided.problem
    assert solving.decision(digest, city_plan, _BUFFER).last.result() is whole


def test_claims_that_no_rule_changed_are_held_once(digest: str, city_plan: Plan) -> None:
    decided = solving.wait(solving.decision(digest, city_plan, _BUFFER).last, _patiently)
    assert decided.claims is city_plan.claims
    assert decided.problem.scenarios is city_plan.problem.scenarios
    city_wide = Scenario((Change("stadsbreed", None, None, city_plan.inputs.stream_codes[0], Decimal(1)),))
    other = solving.wait(solving.decision(digest, city_plan, city_wide).last, _patiently)
    made = plan_demand(city_wide.applied_to(city_plan.inputs), city_plan.demand, explained=False)
    assert (other.claims.expected == made.claims.expected).all()
    assert other.claims.expected.sum() < city_plan.claims.expected.sum()


def test_the_sheets_of_a_scenario_are_made_around_the_forecast_at_hand(digest: str, city_plan: Plan) -> None:
    decided = solving.wait(solving.decision(digest, city_plan, _BUFFER).last, _patiently)
    plan = solving.wait(solving.reasons(digest, city_plan, _BUFFER, decided), _patiently)
    forecast = forecast_table(plan.inputs, plan.demand)
    asked = solving.ask(f"{digest}/sheets", digest, city_plan, plan_tables, plan, forecast)
    sheets = {table.sheet: table for table in solving.wait(asked, _patiently)}
    assert sheets["Prognose"].rows is forecast.rows
    assert [(table.sheet, table.rows) for table in plan_tables(plan, forecast)] == [
        (sheet, table.rows) for sheet, table in sheets.items()
    ]


def test_rules_that_exclude_each_other_are_told_with_the_ways_out(digest: str, city_plan: Plan) -> None:
    scenario = AS_GIVEN.changed(Change("plafond", 2027, city_plan.inputs.area_codes[0], None, Decimal(1)))
    with pytest.raises(Contradiction) as told:
        solving.wait(solving.decision(digest, city_plan, scenario).last, _patiently)
    assert told.value.clash
    assert told.value.repairs


def test_two_readers_share_one_answer(digest: str, city_plan: Plan) -> None:
    answers = [solving.decision(digest, city_plan, _BUFFER) for _ in range(2)]
    assert answers[0] is answers[1]


def test_a_reader_who_went_away_waits_no_longer_and_the_answer_still_comes(city_plan: Plan) -> None:
    class Away(Exception):
        pass

    def leave(waited: float) -> None:
        raise Away

    answer: Future[Plan] = Future()
    with pytest.raises(Away):
        solving.wait(answer, leave)
    answer.set_result(city_plan)
    assert solving.wait(answer, _patiently) is city_plan


def test_a_failure_is_told_and_tried_again(digest: str, city_plan: Plan) -> None:
    scenario = Scenario(strategy=Strategy("eigen", ("geluk",)))
    tried = solving.decision(digest, city_plan, scenario)
    for answer in (tried.first, tried.last):
        with pytest.raises(Exception, match=r".+"):
            solving.wait(answer, _patiently)
    assert solving.decision(digest, city_plan, scenario) is not tried
