"""Waarom niet meer, Sloten and Schaduwprijzen of a small city that has too little money."""

from __future__ import annotations

from functools import cache

from budget.plan import Plan, plan_demand
from budget.report import plan_tables
from budget.report.cells import value_of
from budget.tables import Table
from tests.budget.small_city import flat_demand, rule, small_inputs


@cache
def poor() -> Plan:
    """Youth care in Noord locked at € 100,000 where € 80,000 is needed, and Zuid given € 85,000."""
    inputs = small_inputs(
        rule("vast", "100000", district="A", stream="j"), rule("plafond", "85000", district="B")
    )
    return plan_demand(inputs, flat_demand(inputs))


def sheet(plan: Plan, name: str) -> tuple[Table, list[dict[str, object]]]:
    (table,) = [table for table in plan_tables(plan) if table.sheet == name]
    names = [column.name for column in table.columns]
    return table, [dict(zip(names, map(value_of, row), strict=True)) for row in table.rows]


def test_every_shortfall_has_a_reason_with_its_amounts() -> None:
    plan = poor()
    _, rows = sheet(plan, "Waarom niet meer")
    _, budgets = sheet(plan, "Gebiedsbudgetten")
    short = {
        (row["Wijkcode"], row["Jaar"], row["Stroom"]): (row["Bedrag"], row["Tekort"])
        for row in budgets
        if row["Tekort"]
    }
    assert short
    told = {
        (row["Wijkcode"], row["Jaar"], row["Stroom"]): (row["Bedrag"], row["Tekort"])
        for row in rows
        if row["Tekort"] and row["Stroom"]
    }
    assert told == short
    assert {row["Regel"] for row in rows if row["Wijkcode"] == "B" and row["Tekort"]} == {"plafond"}
    assert {row["Nagerekend"] for row in rows if row["Tekort"] and row["Stroom"]} == {"ja"}


def test_a_given_ceiling_that_stays_the_same_is_a_reason_of_its_own() -> None:
    _, rows = sheet(poor(), "Waarom niet meer")
    (same,) = [row for row in rows if (row["Wijkcode"], row["Jaar"], row["Stroom"]) == ("B", 2028, None)]
    assert (same["Bedrag"], same["Regel"]) == (85_000_00, "plafond")
    assert same["Zin"] == "Het plafond is gegeven, op het bedrag van vorig jaar (plafond)."
    assert same["Nagerekend"] == "nee"


def test_every_lock_and_given_ceiling_has_its_cost() -> None:
    table, rows = sheet(poor(), "Sloten")
    assert {(row["Regel"], row["Wijkcode"], row["Jaar"], row["Bedrag"]) for row in rows} == {
        (*place, year, cents)
        for place, cents in ((("vast", "A"), 100_000_00), (("plafond", "B"), 85_000_00))
        for year in (2027, 2028)
    }
    short = [row["Tekort door slot"] for row in rows]
    assert short == sorted(short, key=lambda cents: -int(str(cents)))
    assert table.title == "Wat vaste bedragen en gegeven plafonds kosten"


def test_shadow_prices_have_a_sentence_both_ways_and_the_rules_come_first() -> None:
    plan = poor()
    _, rows = sheet(plan, "Schaduwprijzen")
    n_rules = len(plan.allocation.shadow_prices)
    assert {row["Regel"] for row in rows[n_rules:]} <= {"gebiedsbudget", "stroom"}
    assert len(rows) == n_rules + len(plan.allocation.alternatives)
    assert all(str(row[name]).endswith(".") for row in rows for name in ("Zin", "Zin bij minder"))
