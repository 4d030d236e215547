"""An outside forecast, from the workbook's sheet to the plan and its report."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from budget.claims import price
from budget.plan import plan_demand
from budget.report import forecast_tables, plan_tables
from budget.report.cells import value_of
from budget.tables import Table
from forecasts.demand import OutsideForecast
from forecasts.second_opinion import blend
from tests.budget.small_city import flat_demand, small_inputs

MODEL = "landelijk model"


def opinion(
    district: str, clients: float, weight: float, year: int = 2027, stream: str = "j"
) -> OutsideForecast:
    return OutsideForecast(district, stream, year, clients, weight, MODEL)


def heard(*outside: OutsideForecast) -> tuple[Table, ...]:
    inputs = small_inputs(outside=outside)
    demand, _ = blend(flat_demand(inputs, spread=0.1), inputs.outside, inputs.municipality.code)
    return plan_tables(plan_demand(inputs, demand))


def rows_of(tables: tuple[Table, ...]) -> list[dict[str, object]]:
    sheet = next(table for table in tables if table.sheet == "Tweede mening")
    names = [column.name for column in sheet.columns]
    return [dict(zip(names, map(value_of, row), strict=True)) for row in sheet.rows]


def test_the_sheet_is_there_only_when_somebody_else_was_heard() -> None:
    assert "Tweede mening" not in [table.sheet for table in heard()]
    inputs = small_inputs()
    assert [table.sheet for table in forecast_tables(inputs, flat_demand(inputs))] == ["Prognose", "Herkomst"]


def test_a_row_shows_both_numbers_their_difference_and_what_is_used() -> None:
    (row,) = rows_of(heard(opinion("A", 12, 0.25)))
    assert (row["Wijkcode"], row["Wijknaam"], row["Stroom"], row["Jaar"]) == ("A", "Noord", "j", 2027)
    assert row["Verwacht"] == pytest.approx(10)
    assert row["Tweede mening"] == 12
    assert row["Verschil"] == pytest.approx(12 - 10)
    assert row["Verschil %"] == pytest.approx((12 - 10) / 10)
    assert row["Buiten 80 %-band"] == "ja"
    assert (row["Gebruik"], row["Gewicht"], row["Bron"]) == ("mengen", 0.25, MODEL)
    assert row["Gerekend met"] == pytest.approx(0.75 * 10 + 0.25 * 12)


def test_a_number_for_the_city_is_shared_by_the_districts_as_their_own_forecasts_are() -> None:
    inputs = small_inputs(outside=(opinion("GM9998", 60, 1),))
    own = flat_demand(inputs)
    own.streams[0].yearly[1] *= 2
    demand, (compared,) = blend(own, inputs.outside, inputs.municipality.code)
    assert demand.stream("j").yearly[:, 1].mean(axis=-1).tolist() == pytest.approx(
        [60 * 10 / 30, 60 * 20 / 30]
    )
    assert demand.stream("j").yearly[:, 2].mean(axis=-1).tolist() == pytest.approx([11, 22])
    assert (compared.expected, compared.used) == (pytest.approx(30), 60)


def test_the_plan_counts_with_what_was_worked_in_and_a_comparison_changes_nothing() -> None:
    inputs = small_inputs()
    own = flat_demand(inputs)
    used, _ = blend(own, [opinion("A", 15, 1)])
    compared, _ = blend(own, [opinion("A", 15, 0)])
    change = price(used, inputs).expected - price(own, inputs).expected
    assert change[0, 0].tolist() == [0, pytest.approx((15 - 10) * 0.8 * 10_000_00, rel=1e-6), 0]
    assert not change[1].any()
    assert not change[:, 1].any()
    assert np.array_equal(price(compared, inputs).expected, price(own, inputs).expected)


def test_planning_again_from_a_plan_does_not_blend_twice() -> None:
    inputs = small_inputs(outside=(opinion("A", 20, 0.5),))
    demand, _ = blend(flat_demand(inputs), inputs.outside, inputs.municipality.code)
    plan = plan_demand(inputs, demand)
    again = plan_demand(replace(plan.inputs, rules=()), plan.demand)
    assert again.demand.stream("j").yearly[0, 1].mean() == pytest.approx((10 + 20) / 2)
    assert again.second_opinion == plan.second_opinion


def test_the_assumptions_say_what_was_done_with_it() -> None:
    inputs = small_inputs()
    outside = [
        opinion("A", 15, 1),
        opinion("B", 10, 0),
        opinion("B", 11.5, 0.5, year=2028),
        opinion("B", 9, 1, 2040),
    ]
    demand, _ = blend(flat_demand(inputs, spread=0.1), outside)
    assert plan_demand(inputs, demand).assumptions[:2] == (
        "j: tweede mening van landelijk model over 3 getallen; 1 buiten de eigen 80 %-band,"
        " 1 gebruikt, 1 gemengd, 1 alleen vergeleken.",
        "Tweede mening: 1 getal buiten de prognose, niet gebruikt.",
    )
    assert demand.stream("j").methods == (
        "vlak; tweede mening gebruikt (landelijk model)",
        "vlak; tweede mening gemengd (landelijk model)",
    )
