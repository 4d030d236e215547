"""The sheet Opbouw prognose: parts that add up to the expected demand, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budget.report import forecast_tables, plan_tables
from budget.report.cells import value_of
from budget.report.forecast import forecast_table
from budget.report.forecast_parts import PLACE_COLUMNS, forecast_parts_tables
from budget.tables import RowStyle, Table
from forecasts.demand import Demand, StreamDemand
from tests.budget.plan_example import CLIENTS, GROWTH, PLACES, example_demand, example_inputs, example_plan

Row = Mapping[str, str | int | float | None]


def sheet_of(demand: Demand) -> Table:
    inputs = example_inputs()
    (table,) = forecast_parts_tables(inputs, demand, forecast_table(inputs, demand))
    return table


def rows_of(table: Table, **wanted: str | int) -> list[Row]:
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, map(value_of, row), strict=True)) for row in table.rows]
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def part_names(table: Table) -> list[str]:
    return [column.name for column in table.columns[len(PLACE_COLUMNS) : -2]]


def thousandths(value: str | int | float | None) -> int:
    return round(float(value or 0) * 1000)


def told() -> Demand:
    """The example, its forecast told as the level of today and a trend."""

    def tell(stream: StreamDemand) -> StreamDemand:
        level = np.repeat(CLIENTS[stream.stream][:, None], len(stream.periods), axis=1)
        growth = np.array([GROWTH[year] - 1 for year in stream.periods.year])
        return replace(stream, parts={"niveau": level, "trend": level * growth})

    demand = example_demand()
    return replace(demand, streams=tuple(map(tell, demand.streams)))


def shaken(seed: int) -> Demand:
    """The example with random draws, and random parts that add up to their mean."""
    random = np.random.default_rng(seed)

    def shake(stream: StreamDemand) -> StreamDemand:
        draws = random.gamma(2.0, 9.0, (*stream.draws.shape[:2], 25)).astype(np.float32)
        names = ("trend", "seizoen", "groei van de groep", "gebeurtenissen")
        parts = {name: random.normal(0, 3, draws.shape[:2]) for name in names}
        parts["niveau"] = draws.mean(axis=-1, dtype=float) - np.sum(list(parts.values()), axis=0)
        of_year = [draws[:, stream.periods.year == year] for year in stream.years]
        yearly = np.stack([months.mean(axis=1, dtype=float) for months in of_year], axis=1)
        return replace(stream, draws=draws, yearly=yearly.astype(np.float32), parts=parts)

    demand = example_demand()
    return replace(demand, streams=tuple(map(shake, demand.streams)))


@given(st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_the_parts_as_shown_add_up_exactly_to_what_the_forecast_shows(seed: int) -> None:
    demand = shaken(seed)
    table, forecast = sheet_of(demand), forecast_table(example_inputs(), demand)
    expected = {
        (row["Wijkcode"], row["Stroom"], row["Periode"]): row["Verwacht"] for row in rows_of(forecast)
    }
    for row in rows_of(table):
        shown = sum(thousandths(row[name]) for name in part_names(table))
        assert shown == thousandths(row["Verwacht"])
        assert row["Verwacht"] == expected[row["Wijkcode"], row["Stroom"], str(row["Jaar"])]
        assert row["Controle"] == 0


@given(st.integers(0, 2**32))
@settings(max_examples=10, deadline=None)
def test_no_part_moves_by_more_than_a_thousandth_and_the_city_is_the_sum_of_its_districts(seed: int) -> None:
    demand = shaken(seed)
    table = sheet_of(demand)
    (school,) = [stream for stream in demand.streams if stream.stream == "SCH"]
    for at, place in enumerate(PLACES):
        (row,) = rows_of(table, Wijkcode=place, Stroom="SCH", Jaar=2028)
        assert float(row["Trend"] or 0) == pytest.approx(school.parts["trend"][at, 2], abs=0.001)
    for name in part_names(table):
        (city,) = rows_of(table, Wijkcode="GM9999", Stroom="BEG", Jaar=2027)
        districts = rows_of(table, Stroom="BEG", Jaar=2027)[:-1]
        assert thousandths(city[name]) == sum(thousandths(row[name]) for row in districts)


def test_a_district_has_a_row_per_stream_and_year_and_the_city_stands_out_under_them() -> None:
    table = sheet_of(told())
    rows = rows_of(table, Stroom="BEG")
    assert [row["Wijkcode"] for row in rows] == [
        place for place in (*PLACES, "GM9999") for _ in (2026, 2027, 2028)
    ]
    assert [rows_of(table)[at]["Wijkcode"] for at in table.styles] == ["GM9999"] * 6
    assert set(table.styles.values()) == {RowStyle.TOTAL}


def test_a_year_that_had_begun_shows_what_was_seen_already() -> None:
    (begun,) = rows_of(sheet_of(told()), Wijkcode="WK999901", Stroom="BEG", Jaar=2026)
    assert (begun["Al waargenomen"], begun["Niveau"], begun["Verwacht"]) == (100 / 2, 100 / 2, 100)
    (whole,) = rows_of(sheet_of(told()), Wijkcode="WK999901", Stroom="BEG", Jaar=2028)
    assert (whole["Al waargenomen"], whole["Niveau"], whole["Trend"]) == (0, 100, 100 * 0.125)


def test_parts_that_do_not_add_up_fail_their_check() -> None:
    demand = told()
    wrong = replace(demand.streams[1], parts={"niveau": demand.streams[1].parts["niveau"] - 5})
    table = sheet_of(replace(demand, streams=(demand.streams[0], wrong)))
    (row,) = rows_of(table, Wijkcode="WK999901", Stroom="SCH", Jaar=2027)
    assert row["Controle"] == pytest.approx(-5, abs=0.004)


def test_only_parts_that_exist_have_a_column() -> None:
    assert part_names(sheet_of(told())) == ["Al waargenomen", "Niveau", "Trend"]


def test_the_sheet_follows_the_forecast_and_is_absent_where_no_parts_are_told() -> None:
    inputs = example_inputs()
    with_parts = [table.sheet for table in forecast_tables(inputs, told())]
    assert with_parts == ["Prognose", "Opbouw prognose", "Herkomst"]
    assert forecast_parts_tables(inputs, example_demand(), forecast_table(inputs, example_demand())) == ()


def test_the_checks_of_a_plan_tell_that_the_parts_are_the_forecast() -> None:
    sheets = {table.sheet: table for table in plan_tables(replace(example_plan(), demand=told()))}
    (row,) = [row for row in rows_of(sheets["Controles"]) if str(row["Controle"]).startswith("Opbouw")]
    assert (row["Uitkomst"], row["Verschil"]) == ("goed", 0)
    assert not any(str(row["Controle"]).startswith("Opbouw") for row in rows_of(_checks_without_parts()))


def _checks_without_parts() -> Table:
    return next(table for table in plan_tables(example_plan()) if table.sheet == "Controles")
