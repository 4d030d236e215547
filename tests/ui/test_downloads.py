"""What a page shows goes along as a workbook: the same numbers, under a name that says what it is."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
import streamlit as st
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from budget.plan import Plan
from ui.view import View

Open = Callable[..., AppTest]
CODE = "WK999802"


@pytest.mark.parametrize(
    ("page", "name", "sheets"),
    [
        ("contracts", "2027_contracten", ["Inkoopkalender", "Contracten"]),
        ("prevention", "2027_preventie", ["Investeringen", "Terugverdienen", "Preventie"]),
        ("why", "2027_waarom-brug", ["Verklaring", "Plafonds", "Gebiedsbudgetten"]),
    ],
)
def test_a_page_ends_in_a_workbook_of_its_own(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, page: str, name: str, sheets: list[str]
) -> None:
    made: dict[str, Callable[[], bytes]] = {}

    def button(label: str, *, file_name: str, data: Callable[[], bytes], **_: object) -> None:
        made[file_name] = data

    monkeypatch.setattr(st, "download_button", button)
    open_page(page, wijk=CODE)
    ((file_name, content),) = made.items()
    assert file_name.endswith(f"_{name}.xlsx")
    book = load_workbook(BytesIO(content()))
    assert book.sheetnames[: len(sheets)] == sheets
    formulas = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas == []


def test_the_workbook_of_a_district_holds_the_steps_to_the_cent(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, city_plan: Plan
) -> None:
    made = []
    monkeypatch.setattr(st, "download_button", lambda label, **wanted: made.append(wanted["data"]))
    open_page("why", wijk=CODE)
    sheet = load_workbook(BytesIO(made[0]()))["Verklaring"]
    written = [row[4] for row in sheet.iter_rows(min_row=2, values_only=True)]
    steps = [row["Bedrag"] for row in View(city_plan).records("Verklaring", Wijkcode=CODE)]
    assert written == [pytest.approx(int(str(step)) / 100) for step in steps]


def test_a_changed_plan_says_so_in_its_file_name(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(st, "download_button", lambda label, **wanted: made.append(wanted["file_name"]))
    rules = "buffer_centraal~~~~0.04"
    open_page("why", wijk=CODE, regels=rules)
    open_page("why", wijk=CODE, regels=rules, bewaard=f"Zuinig%20%26%20snel*{rules}")
    assert [name.rpartition("_")[2] for name in made] == ["mijn-variant.xlsx", "zuinig-snel.xlsx"]


def test_a_plan_can_be_saved_where_it_is_shown(open_page: Open) -> None:
    app = open_page("why", regels="buffer_centraal~~~~0.04")
    app.text_input(key="scenario_name").set_value("Zuinig").run()
    app.button(key="save_scenario").click().run()
    assert list(app.session_state.saved) == ["Zuinig"]
    assert "save_scenario" not in [button.key for button in app.button]
