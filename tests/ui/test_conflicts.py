"""Rules that exclude each other: every way out can be taken up where it is told, and says what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from budget.inputs import Rule
from budget.plan import Plan, plan_demand
from optimiser.allocation import Contradiction, NewValue, Place, Repair
from ui import session
from ui.scenarios import AS_GIVEN, Change, Scenario, decode
from ui.view import View
from ui.ways_out import as_changes, sheets, to_fill_in

Open = Callable[..., AppTest]
CEILING = "plafond~2027~WK999802~~1"


def _words(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def _clash(plan: Plan, scenario: Scenario) -> Contradiction:
    with pytest.raises(Contradiction) as caught:
        plan_demand(scenario.applied_to(plan.inputs), plan.demand, explained=False)
    return caught.value


def test_a_way_out_is_taken_up_with_a_button_and_undone_in_the_list_of_changes(open_page: Open) -> None:
    app = open_page("distribution", regels=CEILING)
    assert app.warning
    (first, *_) = [button for button in app.button if str(button.key).startswith("repair")]
    assert first.label == "Neem over: Gegeven plafond €\xa0266.000 (2027, Brug)"
    first.click().run()
    assert not app.warning
    assert app.session_state.scenario.changes == (
        Change("plafond", 2027, "WK999802", None, Decimal(266_000)),
    )
    app.button(key="undo_0").click().run()
    assert app.session_state.scenario == AS_GIVEN


def test_a_way_out_says_what_is_left_when_solved_again(open_page: Open) -> None:
    words = _words(open_page("distribution", regels=CEILING))
    assert "Nagerekend: dan is er weer een verdeling" in words
    assert "Wordt nagerekend." not in words


def test_a_way_out_that_cannot_be_solved_again_leaves_out_only_its_own_words(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    solved = session.view_with

    def broken(scenario: Scenario, *, explained: bool = True) -> View:
        if scenario == decode(CEILING):
            return solved(scenario, explained=explained)
        raise RuntimeError("the solver broke")

    monkeypatch.setattr(session, "view_with", broken)
    app = open_page("distribution", regels=CEILING)
    assert "agerekend" not in _words(app)
    assert "Beschikbaar" in _words(app)
    assert any(str(button.key).startswith("repair") for button in app.button)


def test_the_last_change_can_be_undone_in_a_meeting_too(open_page: Open) -> None:
    app = open_page("distribution", stand="vergadering", regels=CEILING)
    assert app.warning
    app.button(key="way_back").click().run()
    assert not app.warning


@pytest.mark.parametrize(
    "written",
    [CEILING, "vast~2028~WK999802~{stream}~90000000", "plafond~2027~WK999802~~1!plafond~2027~WK999803~~1"],
)
def test_the_first_way_out_of_every_clash_ends_them_all(city_plan: Plan, written: str) -> None:
    inputs = city_plan.inputs
    scenario = decode(written.format(stream=inputs.stream_codes[0]))
    found = _clash(city_plan, scenario)
    repaired = scenario
    for number in {rule.clash for rule in found.clash}:
        repair = next(repair for repair in found.repairs if repair.clash == number)
        changes = as_changes(repair, repaired, inputs)
        assert changes
        repaired = repaired.stating(inputs, *changes)
    assert plan_demand(repaired.applied_to(inputs), city_plan.demand, explained=False)


def test_money_and_contracts_are_for_the_workbook(city_plan: Plan) -> None:
    money = Repair((Place("middelen", 2027),), 1, "A.")
    contract = Repair((Place("contract_minimum", 2027, None, "W"), Place("vast", 2027, "A", "W")), 1, "B.")
    assert as_changes(money, AS_GIVEN, city_plan.inputs) == ()
    assert sheets(money) == ("Middelen",)
    assert sheets(contract) == ("Contracten", "Regels")


def test_many_districts_share_the_value_that_leaves_most_room(city_plan: Plan) -> None:
    first, *others = city_plan.inputs.area_codes
    inputs = replace(city_plan.inputs, rules=(Rule("groei_max", None, first, None, Decimal("0.01"), "raad"),))
    shares = [Decimal(percent) / 100 for percent in range(2, 2 + len(inputs.area_codes))]
    values = [
        NewValue(Place("groei_max", 2027, area), share)
        for area, share in zip(inputs.area_codes, shares, strict=True)
    ]
    assert as_changes(Repair((Place("groei_max", 2027),), 1, "A.", 0, tuple(values)), AS_GIVEN, inputs) == (
        Change("groei_max", 2027, None, None, max(shares[1:])),
        Change("groei_max", 2027, first, None, shares[0]),
    )
    assert others


def test_what_holds_in_every_year_is_one_change(city_plan: Plan) -> None:
    inputs = city_plan.inputs
    values = [
        NewValue(Place("preventie_min", year, area), Decimal("0.02"))
        for year in inputs.years
        for area in inputs.area_codes
    ]
    repair = Repair((Place("preventie_min"),), 1, "A.", 0, tuple(values))
    assert as_changes(repair, AS_GIVEN, inputs) == (
        Change("preventie_min", None, None, None, Decimal("0.02")),
    )


def test_a_workbook_is_told_what_to_fill_in() -> None:
    value = NewValue(Place("groei_max", 2027, "WK01"), Decimal("0.0301"))
    assert to_fill_in(Repair((value.place,), 1, "A.", 0, (value,))) == ("groei_max 2027 WK01 = 0,0301",)
