"""Whatever stands in a cell, the border answers with inputs or with faults, and never with anything else."""

from __future__ import annotations

import contextlib
import math
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from budget.faults import FaultyInput
from budget.workbook.cells import Trouble, Unreadable, known_value, shown
from budget.workbook.reading import read_inputs
from budget.workbook.sheets import SHEETS, Sheet
from budget.workbook.template import write_input_workbook
from tests.budget.input_rows import proefstad, write_csv_folder

CELLS = [(sheet.name, heading) for sheet in SHEETS for heading in sheet.headings]
COLUMNS = [(sheet, column.name) for sheet in SHEETS for column in sheet.columns]

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.datetimes(datetime(1900, 3, 1), datetime(9999, 1, 1)),
    st.text(max_size=40),
    st.sampled_from(
        [
            "=1+1",
            "#REF!",
            "STAD",
            "VRIJ",
            "ja",
            "2019",
            "2019-13",
            "1.234,5",
            "-99998",
            ".",
            ";",
            "01;02",
            "€ 5",
            "5%",
        ]
    ),
)


@settings(max_examples=400, deadline=None)
@given(place=st.sampled_from(COLUMNS), value=values)
@example(place=COLUMNS[0], value="0" * 10_000)
@example(place=COLUMNS[0], value=10**5_000)
def test_reading_one_cell_gives_a_value_or_says_that_it_cannot(
    place: tuple[Sheet, str], value: object
) -> None:
    sheet, name = place
    known = known_value(value)  # type: ignore[arg-type]
    assert shown(known)
    if not isinstance(known, Trouble):
        with contextlib.suppress(Unreadable):
            read = sheet.column(name).kind.read(known)
            if isinstance(read, float | Decimal):
                assert math.isfinite(read)


@settings(max_examples=120, deadline=None)
@given(place=st.sampled_from(CELLS), row=st.integers(0, 3), value=values)
def test_any_text_in_any_csv_cell_is_read_or_refused(
    place: tuple[str, str], row: int, value: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = proefstad()
    sheet, heading = place
    rows[sheet][row % len(rows[sheet])][heading] = None if value is None else str(value)
    folder = write_csv_folder(tmp_path_factory.mktemp("csv"), rows)
    with contextlib.suppress(FaultyInput):
        read_inputs(folder)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("base") / "proefstad.xlsx"
    write_input_workbook(path, proefstad())
    return path


@settings(max_examples=30, deadline=None)
@given(place=st.sampled_from(CELLS), rows=st.sets(st.integers(1, 4), min_size=1), value=values)
def test_any_value_in_any_workbook_cell_is_read_or_refused(
    place: tuple[str, str],
    rows: set[int],
    value: object,
    base: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    workbook = load_workbook(base)
    sheet = workbook[place[0]]
    column = [cell.value for cell in sheet[1]].index(place[1]) + 1
    for row in rows:
        sheet.cell(row, column).value = (
            ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
        )
    path = tmp_path_factory.mktemp("xlsx") / "invoer.xlsx"
    workbook.save(path)
    with contextlib.suppress(FaultyInput):
        read_inputs(path)


amounts = st.decimals(0, 10**9, places=2)


@settings(max_examples=25, deadline=None)
@given(
    clients=st.lists(st.none() | st.integers(0, 10**6) | amounts, min_size=12, max_size=12),
    budget=amounts,
    name=st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20),
)
def test_csv_and_workbook_give_the_same_inputs(
    clients: list[object], budget: Decimal, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = proefstad()
    for place, count in enumerate(clients):
        rows["Vraag"][place]["Clienten"] = count
    rows["Vorig budget"][0]["Bedrag"] = budget
    rows["Wijken"][0]["Wijknaam"] = f"Wijk {name}"
    folder = tmp_path_factory.mktemp("both")
    write_input_workbook(folder / "invoer.xlsx", rows)
    book = read_inputs(folder / "invoer.xlsx")
    text = read_inputs(write_csv_folder(folder / "csv", rows))
    assert book.last_budget == text.last_budget
    assert book.last_budget["01", "JEUGD"] == int(budget * 100)
    assert book.districts == text.districts
    assert repr(book.history.streams[1].clients.tolist()) == repr(text.history.streams[1].clients.tolist())
