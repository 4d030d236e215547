from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budget.report import forecast_tables
from budget.report.cells import value_of
from budget.report.forecast import ALL_STREAMS, forecast_table
from budget.tables import Table
from forecasts.demand import Demand
from tests.budget.plan_example import CLIENTS, FACTORS, PLACES, example_demand, example_inputs

Row = Mapping[str, str | int | float | None]


def rows_of(table: Table, **wanted: str) -> list[Row]:
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, map(value_of, row), strict=True)) for row in table.rows]
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def thousandths(rows: list[Row]) -> int:
    """Expected clients in whole thousandths."""
    return sum(round(float(row["Verwacht"] or 0) * 1000) for row in rows)


def shaken(seed: int) -> Demand:
    """The example with unrelated random draws everywhere."""
    random = np.random.default_rng(seed)
    demand = example_demand()
    streams = tuple(
        replace(
            stream,
            draws=random.gamma(2.0, 9.0, (*stream.draws.shape[:2], 25)).astype(np.float32),
            yearly=random.gamma(2.0, 9.0, (*stream.yearly.shape[:2], 25)).astype(np.float32),
        )
        for stream in demand.streams
    )
    return replace(demand, streams=streams)


def test_a_monthly_stream_has_a_row_per_month_and_per_year_a_yearly_stream_per_year_only() -> None:
    table = forecast_table(example_inputs(), example_demand())
    months = [f"{year}-{month:02}" for year in (2026, 2027, 2028) for month in range(1, 13)][6:]
    years = ["2026", "2027", "2028"]
    assert [row["Periode"] for row in rows_of(table, Wijkcode="WK999901", Stroom="BEG")] == months + years
    assert [row["Periode"] for row in rows_of(table, Wijkcode="WK999901", Stroom="SCH")] == years


@given(st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_expected_clients_add_up_exactly_at_every_level(seed: int) -> None:
    table = forecast_table(example_inputs(), shaken(seed))
    for period in ("2027-03", "2028"):
        of_streams = 0
        for stream in ("BEG", "SCH"):
            rows = rows_of(table, Stroom=stream, Periode=period)
            city = thousandths([row for row in rows if row["Niveau"] == "gemeente"])
            of_streams += city
            assert city == thousandths([row for row in rows if row["Niveau"] == "wijk"])
            for quarter in ("Noord", "Zuid"):
                members = [
                    place
                    for place, own in zip(PLACES, ("", "Noord", "Noord", "Zuid"), strict=True)
                    if own == quarter
                ]
                assert thousandths([row for row in rows if row["Wijkcode"] == quarter]) == thousandths(
                    [row for row in rows if row["Wijkcode"] in members]
                )
        if period == "2028":
            assert thousandths(rows_of(table, Stroom=ALL_STREAMS, Periode=period)) == of_streams


def test_quantiles_of_a_sum_are_those_of_the_sums_of_the_same_draws() -> None:
    demand = shaken(3)
    (row,) = rows_of(forecast_table(example_inputs(), demand), Stroom=ALL_STREAMS, Periode="2028")
    city = sum(stream.yearly[:, 2].astype(np.float64).sum(axis=0) for stream in demand.streams)
    wanted = np.quantile(np.asarray(city), (0.1, 0.5, 0.9))
    assert [row["P10"], row["P50"], row["P90"]] == pytest.approx(wanted, abs=0.001)


def test_the_band_of_the_example_is_that_of_its_four_futures() -> None:
    (row,) = rows_of(
        forecast_table(example_inputs(), example_demand()), Wijkcode="GM9999", Stroom="SCH", Periode="2027"
    )
    clients = CLIENTS["SCH"].sum()
    assert row["P90"] == pytest.approx(clients * np.quantile(FACTORS, 0.9), abs=0.001)
    assert row["Verwacht"] == clients


def test_without_parts_of_town_there_are_districts_and_a_city() -> None:
    demand = replace(example_demand(), quarters=("",) * 4)
    table = forecast_table(example_inputs(), demand)
    assert {row["Niveau"] for row in rows_of(table)} == {"wijk", "gemeente"}


def test_the_forecast_alone_comes_with_its_provenance() -> None:
    tables = forecast_tables(example_inputs(), example_demand())
    assert [table.sheet for table in tables] == ["Prognose", "Herkomst"]
    notes = {row["Toelichting"] for row in rows_of(tables[1], Onderdeel="Aanname")}
    assert set(example_demand().notes) <= notes
