"""The page Jaar says what the year will end with, and what to know before believing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from streamlit.testing.v1 import AppTest

from budget.inputs import Actual
from budget.plan import Plan
from ui import work

Open = Callable[..., AppTest]


def _words(open_page: Open, plan: Plan, actuals: Iterable[Actual], **address: str) -> str:
    """What the page says of these actuals."""
    rows = tuple(actuals)
    mark = f"jaar-{hash(rows)}"
    work.plans.put(mark, replace(plan, inputs=replace(plan.inputs, actuals=rows)))
    app = open_page("year", gegevens=mark, **address)
    return "\n".join(element.proto.body for element in app.get("html"))


def test_a_year_that_is_over_closes_and_expects_nothing(open_page: Open, city_plan: Plan) -> None:
    first = [row for row in city_plan.inputs.actuals if row.period == "2026-01"]
    whole = [
        replace(row, period=f"2026-{month:02d}", status="definitief")
        for row in first
        for month in range(1, 13)
    ]
    words = _words(open_page, city_plan, whole)
    assert "2026 sluit met" in words
    assert "alles geboekt en definitief" in words
    assert "Naar verwachting" not in words
    assert "Kans op overschrijding</dt>" not in words


def test_provisional_bookings_stand_beside_the_definitive_ones(open_page: Open, city_plan: Plan) -> None:
    assert "definitief; voorlopig nog €" in _words(open_page, city_plan, city_plan.inputs.actuals)


def test_bookings_of_half_of_the_districts_are_told_where_the_rest_is_missing(
    open_page: Open, city_plan: Plan
) -> None:
    one, *others = city_plan.inputs.area_codes
    rows = [row for row in city_plan.inputs.actuals if row.district == one]
    assert "Hier is dit jaar nog niets geboekt" in _words(open_page, city_plan, rows, wijk=others[0])
    assert "niets geboekt" not in _words(open_page, city_plan, rows, wijk=one)
    assert f"In {len(others)} gebieden is dit jaar nog niets geboekt" in _words(open_page, city_plan, rows)


def test_a_missing_month_is_named_where_the_reader_looks(open_page: Open, city_plan: Plan) -> None:
    code, stream = city_plan.inputs.area_codes[0], city_plan.inputs.stream_codes[0]
    rows = [
        row
        for row in city_plan.inputs.actuals
        if (row.district, row.stream, row.period) != (code, stream, "2026-03")
    ]
    assert f"Nog niet af te rekenen: {stream}: maart ontbreekt." in _words(
        open_page, city_plan, rows, wijk=code
    )


def test_a_whole_year_in_the_first_months_is_doubted(open_page: Open, city_plan: Plan) -> None:
    rows = [
        replace(row, cost_cents=60 * (row.cost_cents or 0), status="definitief")
        for row in city_plan.inputs.actuals
        if row.period <= "2026-02"
    ]
    words = _words(open_page, city_plan, rows)
    assert "was al meer geboekt dan het budget voor het hele jaar" in words
    assert "Kijk na of Realisatie" in words
