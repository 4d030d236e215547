"""Published totals of a stream: rows of sheet Vraag with the code of the municipality."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from budget.faults import FaultyInput
from budget.inputs import Inputs
from budget.workbook.reading import read_inputs
from tests.budget.input_rows import MONTHS, Rows, proefstad, table, write_csv_folder

COLUMNS = ("Wijkcode", "Stroom", "Periode", "Clienten", "Status")


def with_totals(*rows: tuple[str, str, float | None, str]) -> Rows:
    """Proefstad with rows (stream, period, clients, status) of the whole municipality."""
    city = proefstad()
    city["Vraag"] = [*city["Vraag"], *table(COLUMNS, *(("GM9997", *row) for row in rows))]
    return city


def read(folder: Path, rows: Rows) -> Inputs:
    return read_inputs(write_csv_folder(folder / "csv", rows))


def faults(folder: Path, rows: Rows) -> list[str]:
    with pytest.raises(FaultyInput) as faulty:
        read(folder, rows)
    return [str(fault) for fault in faulty.value.faults]


def test_a_published_total_is_read_beside_the_districts(tmp_path: Path) -> None:
    rows = with_totals(("6.71", "2023", 307, "definitief"), ("6.71", "2025", 309, "voorlopig"))
    history = read(tmp_path, rows).history
    assert history.districts == ("01", "02", "STAD")
    of_code = {stream.stream: stream for stream in history.streams}
    assert of_code["6.71"].totals == pytest.approx([307, np.nan, 309], nan_ok=True)
    assert of_code["6.71"].clients.shape == (3, 3)
    assert of_code["JEUGD"].totals is None


def test_a_total_outside_the_periods_of_the_districts_says_nothing(tmp_path: Path) -> None:
    rows = with_totals(("6.71", "2021", 280, "definitief"), ("6.71", "2024", None, "definitief"))
    history = read(tmp_path, rows).history
    totals = next(stream.totals for stream in history.streams if stream.stream == "6.71")
    assert np.isnan(totals).all()


def test_a_total_below_the_known_districts_is_a_fault_of_its_cell(tmp_path: Path) -> None:
    line = 2 + len(proefstad()["Vraag"])
    found = faults(tmp_path, with_totals(("JEUGD", MONTHS[0], 160, "definitief")))
    assert found == [
        f'Vraag!D{line}: verwacht ten minste 160,5, de som van de bekende wijken, gevonden "160"'
    ]
    exact = with_totals(("JEUGD", MONTHS[0], 160.5, "definitief"))
    assert read(tmp_path / "exact", exact).history.streams[1].totals is not None


def test_a_total_is_a_count_and_not_hidden_itself(tmp_path: Path) -> None:
    found = faults(tmp_path, with_totals(("6.71", "2023", None, "onderdrukt")))
    wanted = "verwacht definitief of voorlopig: GM9997 is het gepubliceerde totaal van de gemeente"
    assert len(found) == 1
    assert wanted in found[0]


def test_totals_alone_are_no_demand_of_districts(tmp_path: Path) -> None:
    rows = with_totals(("6.71", "2023", 307, "definitief"))
    rows["Vraag"] = [row for row in rows["Vraag"] if row["Stroom"] != "6.71" or row["Wijkcode"] == "GM9997"]
    assert any("rijen in blad Vraag voor deze stroom" in fault for fault in faults(tmp_path, rows))
