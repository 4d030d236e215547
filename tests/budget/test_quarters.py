"""A stream that is counted by quarter, all the way from the workbook to the plan."""

from __future__ import annotations

import pytest

from budget.plan import Plan, make_plan
from budget.report import plan_tables
from budget.report.cells import value_of
from budget.workbook.reading import read_inputs
from budget.workbook.template import write_input_workbook
from tests.budget.input_rows import proefstad, table

QUARTERS = [f"{year}-K{quarter}" for year in (2022, 2023, 2024, 2025) for quarter in (1, 2, 3, 4)]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Proefstad with begeleiding by quarter up to and including the second of 2025."""
    rows = proefstad()
    for sheet in ("Tweede mening", "Regels", "Wijkwijzigingen"):
        del rows[sheet]
    rows["Vraag"] = [row for row in rows["Vraag"] if row["Stroom"] == "JEUGD"] + table(
        ("Wijkcode", "Stroom", "Periode", "Clienten"),
        *((code, "6.71", period, 100) for code in ("01", "02") for period in QUARTERS[:14]),
    )
    path = tmp_path_factory.mktemp("kwartalen") / "in.xlsx"
    write_input_workbook(path, rows)
    return make_plan(read_inputs(path), n_draws=40)


def test_the_forecast_has_a_row_per_quarter_and_a_row_per_year(plan: Plan) -> None:
    sheet = next(table for table in plan_tables(plan) if table.sheet == "Prognose")
    names = [column.name for column in sheet.columns]
    rows = [dict(zip(names, map(value_of, row), strict=True)) for row in sheet.rows]
    own = [row for row in rows if (row["Wijkcode"], row["Stroom"]) == ("01", "6.71")]
    quarters = ["2025-K3", "2025-K4", *(f"{year}-K{k}" for year in (2026, 2027) for k in (1, 2, 3, 4))]
    assert [row["Periode"] for row in own] == [*quarters, "2025", "2026", "2027"]
    year = [float(str(row["Verwacht"])) for row in own]
    assert year[quarters.index("2026-K1") + 9] == pytest.approx(sum(year[2:6]) / 4, rel=1e-3)


def test_its_clients_are_priced_per_year_of_four_quarters(plan: Plan) -> None:
    s = plan.claims.streams.index("6.71")
    assert plan.claims.clients[0, s, 0] == pytest.approx(100, rel=0.02)
    assert plan.claims.clients[0, s, 1:] == pytest.approx([100, 100], rel=0.1)
