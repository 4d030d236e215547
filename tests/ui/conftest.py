"""A small plan to look at: the hand-checkable city of three districts, with a map, prevention and contracts added."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from budget.inputs import Actual, Contract, Inputs, PreventionSegment
from budget.plan import Plan, make_plan
from budget.workbook.reading import read_inputs
from ui.work import plans

ROOT = Path(__file__).parents[2]
MARK = "driehoek"
"""The mark of the plan in the address bar."""


def _square(code: str, east: float) -> dict[str, Any]:
    ring = [[east, 52.0], [east + 0.1, 52.0], [east + 0.1, 52.1], [east, 52.1], [east, 52.0]]
    return {
        "type": "Feature",
        "properties": {"wijkcode": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def furnished(inputs: Inputs) -> Inputs:
    """The city with three squares in a row as its map, one prevention programme, one contract, eight months booked."""
    stream = inputs.stream_codes[0]
    programme = PreventionSegment(
        *("P1", "Vroeg erbij", (), stream, 100_00, 2.0, 1, 2, 1.0, 1.0, "B", "geboekt", "Verzonnen")
    )
    contract = Contract(
        *("De Linde", "Perceel 1", stream, (), inputs.years[0], 1_000_00, 900_000_00, "output", None)
    )
    actuals = tuple(
        Actual(area, code, f"2026-{month:02d}", 900_000, None, "definitief" if month < 5 else "voorlopig")
        for area in inputs.area_codes
        for code in inputs.stream_codes
        for month in range(1, 9)
    )
    shapes = [_square(code, 4.0 + 0.1 * place) for place, code in enumerate(inputs.area_codes)]
    return replace(
        inputs,
        prevention=(programme,),
        contracts=(contract,),
        actuals=actuals,
        boundaries={"features": shapes},
    )


@pytest.fixture(scope="session")
def city_plan() -> Plan:
    return make_plan(furnished(read_inputs(ROOT / "sample_data" / "driehoek.xlsx")))


@pytest.fixture
def open_page(city_plan: Plan) -> Callable[..., AppTest]:
    """Opens a page of the app on the small plan, as a shared link does."""
    plans.put(MARK, city_plan)

    def open_it(page: str = "data", **address: str) -> AppTest:
        script = f"from ui.main import main\nmain(start={page!r})"
        app = AppTest.from_string(script, default_timeout=30)
        for name, value in {"gegevens": MARK, **address}.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, app.exception
        return app

    return open_it
