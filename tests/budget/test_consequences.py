"""What follows from another fault is not told one by one: the cause is, with how many follow from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from budget.faults import Fault, FaultyInput
from budget.workbook.marking import mark_faults
from budget.workbook.reading import read_inputs
from sample_data import WORKBOOK

_RING = [[4.0, 52.0], [4.1, 52.0], [4.1, 52.1], [4.0, 52.0]]
_SHAPE = {
    "type": "Feature",
    "properties": {"wijkcode": "WK999803"},
    "geometry": {"type": "Polygon", "coordinates": [_RING]},
}
Edit = Callable[[Workbook], None]


def _put(sheet: str, cell: str, value: Any) -> Edit:
    return lambda workbook: workbook[sheet].__setitem__(cell, value)


def _emptied(sheet: str) -> Edit:
    return lambda workbook: workbook[sheet].delete_rows(2, workbook[sheet].max_row)


def _edited(folder: Path, *edits: Edit) -> Path:
    workbook = load_workbook(WORKBOOK.with_name("driehoek.xlsx"))
    for edit in edits:
        edit(workbook)
    path = folder / "stad.xlsx"
    workbook.save(path)
    return path


def _faults(path: Path) -> tuple[Fault, ...]:
    with pytest.raises(FaultyInput) as raised:
        read_inputs(path)
    return raised.value.faults


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (
            _put("Wijken", "A4", "WK999802"),
            "Wijken!A4: verwacht Wijkcode WK999803, die andere bladen gebruiken en die hier niet staat,"
            " gevonden WK999802, ook in rij 3",
        ),
        (_put("Wijken", "A4", "WK99983"), "gevonden WK99983, die geen ander blad gebruikt"),
        (_put("Wijken", "A4", None), "gevonden leeg"),
        (
            lambda workbook: workbook["Wijken"].delete_rows(4),
            "Wijken: verwacht een rij met Wijkcode WK999803, die andere bladen gebruiken, gevonden geen",
        ),
        (_put("Stromen", "A2", "HULPX"), "Stromen!A2: verwacht Stroom HULP, die andere bladen gebruiken"),
        (
            _put("Gemeente", "B4", 2017),
            "Gemeente!B4: verwacht een later Eerste planjaar, of meer planjaren: de vraag loopt tot en met 2026",
        ),
    ],
    ids=["twice", "misspelled", "blank", "row gone", "stream misspelled", "first year"],
)
def test_one_mistake_in_a_list_is_one_fault_however_often_its_code_is_used(
    tmp_path: Path, edit: Edit, told: str
) -> None:
    path = _edited(tmp_path, edit)
    path.with_suffix(".geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [_SHAPE]}))
    (fault,) = _faults(path)
    assert told in str(fault)
    assert len(fault.follows) > 15
    assert f"hieruit volgen {len(fault.follows)} andere fouten" in str(fault)


def test_prices_that_are_not_in_thousands_are_one_fault_in_the_unit(tmp_path: Path) -> None:
    (fault,) = _faults(_edited(tmp_path, _put("Gemeente", "B9", "x1000")))
    assert fault.place == "Gemeente!B9"
    assert {follower.sheet for follower in fault.follows} == {"Tarieven"}


def test_names_for_codes_on_one_sheet_are_one_fault_there_each_with_the_code_of_that_name(
    tmp_path: Path,
) -> None:
    def named(workbook: Workbook) -> None:
        for (cell,) in workbook["Vraag"].iter_rows(min_row=2, max_col=1):
            cell.value = "coupure" if cell.value == "WK999803" else cell.value

    (fault,) = _faults(_edited(tmp_path, named))
    assert fault.sheet == "Vraag"
    assert fault.wanted == "Wijkcode uit blad Wijken (of STAD) (misschien WK999803)"
    assert len(fault.follows) == 15


def test_a_sheet_without_its_headings_is_one_fault(tmp_path: Path) -> None:
    (fault,) = _faults(_edited(tmp_path, lambda workbook: workbook["Vraag"].delete_rows(1)))
    assert (fault.place, fault.found) == ("Vraag!A1", "geen van deze kolomkoppen")


def test_periods_that_cannot_be_read_are_not_streams_without_demand(tmp_path: Path) -> None:
    def spoilt(workbook: Workbook) -> None:
        for (cell,) in workbook["Vraag"].iter_rows(min_row=2, min_col=3, max_col=3):
            cell.value = f"jaar {cell.value}"

    assert {fault.sheet for fault in _faults(_edited(tmp_path, spoilt))} == {"Vraag"}


def test_a_period_that_is_missing_in_many_series_is_one_fault(tmp_path: Path) -> None:
    def without_2022(workbook: Workbook) -> None:
        sheet = workbook["Vraag"]
        for row in range(sheet.max_row, 1, -1):
            if sheet.cell(row, 3).value == "2022":
                sheet.delete_rows(row)

    (fault,) = _faults(_edited(tmp_path, without_2022))
    assert fault.wanted == "2022 in 6 reeksen van wijk en stroom: een reeks heeft geen gaten"
    assert (fault.found, len(fault.follows)) == ("2023 na 2021", 5)


@pytest.mark.parametrize("sheet", ["Vraag", "Tarieven", "Middelen", "Wijken", "Stromen", "Vorig budget"])
def test_a_sheet_without_rows_is_one_fault(tmp_path: Path, sheet: str) -> None:
    assert [fault.place for fault in _faults(_edited(tmp_path, _emptied(sheet)))] == [sheet]


def test_a_code_that_is_used_a_few_times_is_a_slip_where_it_stands(tmp_path: Path) -> None:
    edits = [_put("Vraag", f"A{row}", "WK999999") for row in (2, 10)]
    faults = _faults(_edited(tmp_path, *edits))
    assert {"Vraag!A2", "Vraag!A10"} <= {fault.place for fault in faults}
    assert not any(fault.follows for fault in faults)


def test_causes_come_before_faults_that_stand_alone(tmp_path: Path) -> None:
    path = _edited(tmp_path, _put("Gemeente", "B2", None), _put("Wijken", "A4", "WK999802"))
    assert [fault.place for fault in _faults(path)] == ["Wijken!A4", "Gemeente!B2"]


def test_a_marked_copy_marks_what_follows_more_lightly_and_names_the_cause(tmp_path: Path) -> None:
    path = _edited(tmp_path, _put("Wijken", "A4", "WK999802"))
    (fault,) = _faults(path)
    mark_faults(path, (fault,), tmp_path / "fouten.xlsx")
    marked = load_workbook(tmp_path / "fouten.xlsx")
    follower = marked[fault.follows[0].sheet][fault.follows[0].cell]
    assert follower.comment.text == "Volgt uit Wijken!A4."
    assert follower.fill.fgColor.rgb != marked["Wijken"]["A4"].fill.fgColor.rgb
    assert marked["Fouten"].max_row == 2
    assert "18 andere fouten" in marked["Fouten"]["E2"].value
