"""Gegevens: what was wrong with a file, said in words; what was read, and what was assumed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from budget.faults import Fault
from budget.plan import Plan
from ui.language import said
from ui.screens.data import fault_rows
from ui.work import Upload, plans

Open = Callable[..., AppTest]


def _after(faults: tuple[Fault, ...], upload: Upload) -> AppTest:
    """The page when an upload was found to be faulty."""
    app = AppTest.from_string("from ui.main import main\nmain()", default_timeout=30)
    app.run()
    app.session_state["faults"], app.session_state["upload"] = faults, upload
    return app.run()


def _words(app: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in app.get("html")).replace("\u00a0", " ")


def _kinds(app: AppTest) -> set[str]:
    return {str(element.key) for element in app.get("download_button")}


@pytest.mark.parametrize("name", ["leeg.xlsx", "oud.xls", "lijst.pdf", "oud.XLSX"])
def test_a_file_that_is_no_csv_and_no_map_is_read_as_a_workbook(name: str) -> None:
    upload = Upload({name: b"", "stad.geojson": b"{}"})
    assert (upload.name, upload.books) == (name, [name])


def test_a_map_alone_is_nothing_to_read() -> None:
    alone = Upload({"stad.geojson": b"{}"})
    assert (alone.books, alone.tables) == ([], [])
    assert Upload({"Vraag.csv": b"", "stad.geojson": b"{}"}).tables == ["Vraag.csv"]


def test_a_file_that_could_not_be_opened_is_told_in_one_sentence_without_a_marked_copy() -> None:
    found = "een oud Excel-bestand (.xls); bewaar het als Excel-werkmap (.xlsx)"
    fault = Fault(
        "oud.xls", "", "een Excel-werkmap (.xlsx) of een map met csv-bestanden", found, unopened=True
    )
    app = _after((fault,), Upload({"oud.xls": b""}))
    assert [error.value for error in app.error] == [f"oud.xls is niet te openen. Het is {found}."]
    assert "<table" not in _words(app)
    assert "marked" not in _kinds(app)


def test_faults_come_with_a_marked_copy_and_what_follows_from_them() -> None:
    followers = tuple(
        Fault("Vraag", f"A{row}", "Wijkcode uit blad Wijken", '"02"') for row in range(2, 1_202)
    )
    fault = Fault("Wijken", "A3", "Wijkcode 02", "01, ook in rij 2", followers)
    app = _after((fault,), Upload({"stad.xlsx": b""}))
    assert "Fouten in de werkmap: 1. Daaruit volgen er nog 1.200; die verdwijnen vanzelf" in _words(app)
    assert "01, ook in rij 2; hieruit volgen 1.200 andere fouten, op blad Vraag" in _words(app)
    assert "marked" in _kinds(app)


def test_five_thousand_faults_are_a_short_table() -> None:
    alike = [
        Fault("Vraag", f"D{row}", "Clienten als getal van 0 of meer", f'"{row}x"') for row in range(2, 5_002)
    ]
    rows = fault_rows([Fault("Gemeente", "B2", "Naam als tekst", "leeg"), *alike])
    assert len(rows) == 1 + 5 + 1
    assert rows[-1][1:4] == ("D7–D5001", "Clienten als getal van 0 of meer", "hetzelfde, nog 4.995 keer")
    different = [Fault("Vraag", f"D{row}", f"voor wijk {row}", "geen") for row in range(2, 5_002)]
    assert fault_rows(different)[-1][2] == "nog 4.600; de gemarkeerde werkmap noemt ze alle"


def test_what_may_be_meant_otherwise_is_a_warning_and_no_assumption(city_plan: Plan) -> None:
    warning = "Regels!E3: groei_max 5 is gelezen als 500 %. Was 5 % bedoeld, schrijf dan 0,05."
    told = replace(city_plan.inputs.provenance, defaults=(warning, "Blad X."), warnings=(warning,))
    plans.put("doubtful", replace(city_plan, inputs=replace(city_plan.inputs, provenance=told)))
    app = AppTest.from_string("from ui.main import main\nmain()", default_timeout=30)
    app.query_params["gegevens"] = "doubtful"
    app.run()
    assert [said(entry.value).replace("\u00a0", " ") for entry in app.warning] == [warning]
    assert "Blad X." in _words(app)
    assert warning not in _words(app)


@pytest.mark.parametrize("page", ["data", "account"])
def test_every_assumption_is_told_once_and_the_track_record_is_none(open_page: Open, page: str) -> None:
    app = open_page(page)
    words = _words(app)
    assert words.count("de prognose van een wijk") <= 1
    assert "eerdere momenten zat deze prognose" not in words
    assert words.count("Blad Preventie is niet ingevuld") <= 1
    assert "Aanname 1" not in words
