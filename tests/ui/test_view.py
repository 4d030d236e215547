"""A plan as the screens see it: rows by name, formulas by their value."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from budget.plan import Plan
from budget.report import plan_tables
from budget.tables import Column, Kind, RowStyle, Table
from ui.view import _ALONE, Prepared, View, amount, quantity, records, value_of


def test_rows_are_found_by_the_values_of_their_columns(city_plan: Plan) -> None:
    view, code = View(city_plan), city_plan.inputs.area_codes[1]
    (row,) = view.records("Plafonds", Wijkcode=code, Jaar=2028)
    assert amount(row, "Plafond") == city_plan.allocation.ceilings[1, 1]


def test_a_part_of_a_table_keeps_the_styles_of_its_rows(city_plan: Plan) -> None:
    code = city_plan.inputs.area_codes[0]
    steps = View(city_plan).table("Verklaring", Wijkcode=code, Jaar=2027)
    assert list(steps.styles.values()) == [RowStyle.TOTAL]


def test_a_post_of_the_summary_is_found_by_its_name(city_plan: Plan) -> None:
    view = View(city_plan)
    assert view.amount("Centrale buffer", 2027) == city_plan.allocation.buffer[0]
    with pytest.raises(KeyError):
        view.amount("Bestaat niet", 2027)


def test_tables_are_made_once(city_plan: Plan) -> None:
    view = View(city_plan)
    assert view.tables is view.tables
    assert View(city_plan, view).table("Prognose").rows is view.table("Prognose").rows


def test_sheets_that_could_not_be_made_elsewhere_are_made_here(city_plan: Plan) -> None:
    broken: Future[Prepared] = Future()
    broken.set_exception(EOFError())
    assert View(city_plan, prepared=broken).table("Plafonds").rows == View(city_plan).table("Plafonds").rows
    assert View(city_plan, prepared=broken).tables[0].sheet == plan_tables(city_plan)[0].sheet


def test_a_sheet_made_alone_is_the_sheet_of_the_workbook(city_plan: Plan) -> None:
    whole = {table.sheet: table for table in plan_tables(city_plan)}
    for sheet in _ALONE:
        alone = View(city_plan).table(sheet)
        assert (alone.rows, alone.columns, alone.styles) == (
            whole[sheet].rows,
            whole[sheet].columns,
            whole[sheet].styles,
        )


def test_the_key_figures_are_those_of_the_summary(city_plan: Plan) -> None:
    view = View(city_plan)
    for post in ("Middelen", "Gebiedsbudgetten", "Stadsbreed", "Centrale buffer", "Niet gedekte lasten"):
        (row,) = [row for row in view.records("Samenvatting") if str(row["Post"]) == post]
        for year in view.years:
            assert view.amount(post, year) == row[str(year)]


def test_unknown_money_is_no_money_but_an_unknown_number_is_no_number() -> None:
    table = Table("", "", (Column("Bedrag", Kind.CENTS), Column("Aandeel", Kind.SHARE)), [(None, None)])
    (row,) = records(table)
    assert amount(row, "Bedrag") == 0
    assert value_of(None) is None
    with pytest.raises(TypeError):
        quantity(row, "Aandeel")
