"""What a change says against what the workbook says: of all years or one, of all districts or one of its own."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from budget.inputs import Inputs, Rule
from budget.plan import Plan, plan_demand
from budget.rules import rule_at
from ui.scenarios import AS_GIVEN, Change, Scenario, everywhere, own_places
from ui.screens.compare_offers import asked_for

YEARS = (2027, 2028, 2029)
NAMES = ("groei_max", "groei_min")
_years = st.none() | st.sampled_from(YEARS)
_districts = st.none() | st.sampled_from(["A", "B"])
_values = st.sampled_from([Decimal("0.01"), Decimal("0.02"), Decimal("0.03")])
_rules = st.lists(
    st.builds(Rule, st.sampled_from(NAMES), _years, _districts, st.none(), _values, st.just("raad")),
    max_size=5,
    unique_by=lambda rule: (rule.name, rule.year, rule.district),
)
_changes = st.builds(Change, st.sampled_from(NAMES), _years, _districts, st.none(), st.none() | _values)


class _Workbook:
    """As much of the inputs as a scenario asks for."""

    def __init__(self, rules: list[Rule]) -> None:
        self.rules, self.years = tuple(rules), YEARS


def _workbook(rules: list[Rule]) -> Inputs:
    return _Workbook(rules)  # type: ignore[return-value]


def _everywhere(rules: tuple[Rule, ...]) -> list[Decimal | None]:
    found = [
        rule_at(rules, name, year=year, district=district)
        for name in NAMES
        for year in YEARS
        for district in (None, "A", "B")
    ]
    return [None if rule is None else rule.value for rule in found]


@given(_rules, st.lists(_changes, max_size=4))
def test_stating_a_change_says_the_same_as_making_it(rules: list[Rule], changes: list[Change]) -> None:
    inputs = _workbook(rules)
    made = AS_GIVEN
    for change in changes:
        stated = made.stating(inputs, change)
        assert _everywhere(stated.rules(inputs)) == _everywhere(made.changed(change).rules(inputs))
        made = stated


@given(_rules, _changes, _values)
def test_a_value_set_and_set_back_leaves_no_trace(rules: list[Rule], change: Change, value: Decimal) -> None:
    inputs = _workbook(rules)
    said = set(change.stated_by(rules, YEARS))
    moved = AS_GIVEN.stating(inputs, replace(change, value=value))
    if len(said) == 1:
        assert moved.stating(inputs, replace(change, value=said.pop())) == AS_GIVEN
    assert moved.clear_of(change) == AS_GIVEN


@given(_rules, _changes)
def test_a_change_of_one_year_leaves_the_rule_in_the_others(rules: list[Rule], change: Change) -> None:
    after = change.made_in(rules, YEARS)
    for year in YEARS:
        here = replace(change, year=year)
        if change.year in (None, year):
            assert here.stated_by(after, YEARS) == (change.value,)
        else:
            assert here.stated_by(after, YEARS) == here.stated_by(rules, YEARS)


@given(_rules, st.none() | _values)
def test_a_rule_that_holds_everywhere_has_no_value_of_its_own_left(
    rules: list[Rule], value: Decimal | None
) -> None:
    after = AS_GIVEN.changed(*everywhere(_workbook(rules), "groei_max", value)).rules(_workbook(rules))
    assert own_places(after, "groei_max", YEARS) == ()
    assert set(Change("groei_max", None, None, None, None).stated_by(after, YEARS)) == {value}
    assert [rule for rule in after if rule.name == "groei_min"] == [r for r in rules if r.name == "groei_min"]


def test_without_limits_on_growth_no_district_keeps_one(city_plan: Plan) -> None:
    first, second, *_ = city_plan.inputs.area_codes
    given = (
        *(
            Rule("groei_max", None, None, None, Decimal("0.05"), ""),
            Rule("groei_max", 2028, first, None, Decimal(0), ""),
        ),
        *(
            Rule("groei_min", 2027, None, None, Decimal("0.03"), ""),
            Rule("groei_max_per_inwoner", None, second, None, Decimal(1), ""),
        ),
    )
    inputs = replace(city_plan.inputs, rules=(*city_plan.inputs.rules, *given))
    free: Scenario = asked_for("free_pace", inputs)
    plan = plan_demand(free.applied_to(inputs), city_plan.demand, explained=False)
    assert not [rule for rule in plan.inputs.rules if rule.name.startswith("groei_")]
    assert {"groei_min", "groei_max", "groei_max_per_inwoner"}.isdisjoint(plan.allocation.causes.values())
