"""The invented municipality: what it promises to show, and that the files are what the generator makes."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

import sample_data
from budget.workbook.reading import read_inputs
from forecasts.history import Status
from sample_data import voorbeeldstad
from sample_data.boundaries import cells, outline
from sample_data.city import CODES, DISTRICTS, RINGS
from sample_data.generate import generate, voorbeeldstad_map
from sample_data.observed import SEED
from sample_data.voorbeeldstad import Rows

FOLDER = Path(sample_data.__file__).parent
Corner = tuple[float, float]
Border = frozenset[Corner]


@pytest.fixture(scope="module")
def rows() -> Rows:
    return voorbeeldstad.rows()


@pytest.fixture(scope="module")
def borders() -> dict[str, list[Border]]:
    return {
        feature["properties"]["wijkcode"]: [
            frozenset({tuple(here), tuple(there)})
            for here, there in pairwise(feature["geometry"]["coordinates"][0])
        ]
        for feature in voorbeeldstad_map()["features"]
    }


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    generate(folder)
    return folder


@pytest.mark.parametrize("name", ["voorbeeldstad.xlsx", "driehoek.xlsx"])
def test_the_workbooks_hold_what_the_generator_makes(name: str, generated: Path) -> None:
    assert _cells(FOLDER / name) == _cells(generated / name)


def test_the_map_is_what_the_generator_makes(generated: Path) -> None:
    ours, theirs = (
        json.loads((place / "voorbeeldstad.geojson").read_text("utf-8")) for place in (FOLDER, generated)
    )
    assert ours == theirs


def test_the_reader_takes_it_without_a_fault() -> None:
    inputs = read_inputs(FOLDER / "voorbeeldstad.xlsx")
    assert inputs.area_codes == tuple(CODES.values())
    assert len(inputs.streams) == 7
    assert inputs.years == (2027, 2028, 2029, 2030)
    assert all(len(stream.periods) == 72 for stream in inputs.history.streams)
    assert inputs.boundaries is not None
    debt_help = next(stream for stream in inputs.history.streams if stream.stream == "SCHULDHULP")
    assert (debt_help.status == Status.SUPPRESSED).any()
    assert (debt_help.status[:, -2:] != Status.FINAL).all()


def test_everybody_says_that_it_is_invented(rows: Rows) -> None:
    assert rows["Gemeente"][0]["Waarde"] == "GM9999"
    assert "verzonnen" in str(rows["Gemeente"][1]["Waarde"])
    assert all(code.startswith("WK9999") for code in CODES.values())


def test_150_000_people_live_in_districts_of_2_500_to_15_000() -> None:
    sizes = [district.persons for district in DISTRICTS]
    assert (sum(sizes), min(sizes), max(sizes)) == (150_000, 2_500, 15_000)


def test_small_numbers_are_withheld_and_no_others(rows: Rows) -> None:
    known = [row["Clienten"] for row in rows["Vraag"] if row["Status"] != "onderdrukt"]
    assert min(float(str(clients)) for clients in known) >= voorbeeldstad.DISCLOSURE_LIMIT
    withheld = Counter(row["Wijkcode"] for row in rows["Vraag"] if row["Status"] == "onderdrukt")
    assert set(withheld) <= {CODES["Beukenrode"], CODES["Reeënveld"]}
    assert all(row["Clienten"] is None for row in rows["Vraag"] if row["Status"] == "onderdrukt")


def test_the_desk_moves_clients_without_changing_their_number(rows: Rows) -> None:
    def clients(name: str, month: str) -> float:
        place = (CODES[name], "PARTICIPATIE", month)
        return next(
            float(str(row["Clienten"]))
            for row in rows["Vraag"]
            if (row["Wijkcode"], row["Stroom"], row["Periode"]) == place
        )

    left = clients("Waagplaats", "2024-02") - clients("Waagplaats", "2024-03")
    arrived = clients("Nieuw Waard", "2024-03") - clients("Nieuw Waard", "2024-02")
    assert left == pytest.approx(70, abs=10)
    assert arrived == pytest.approx(70, abs=10)


def test_every_border_has_one_district_on_either_side_or_is_the_city_limit(
    borders: dict[str, list[Border]],
) -> None:
    sides = Counter(border for ring in borders.values() for border in ring)
    assert set(sides.values()) == {1, 2}
    limit = Counter(corner for border, count in sides.items() if count == 1 for corner in border)
    assert set(limit.values()) == {2}, "the city limit is one closed line"


def test_the_districts_fill_the_city_without_overlap() -> None:
    parts = cells(RINGS, Random(SEED))
    assert sum(_area(part) for part in parts) == pytest.approx(_area(outline()), rel=1e-9)


def test_every_part_of_town_hangs_together(borders: dict[str, list[Border]]) -> None:
    for quarter in {district.quarter for district in DISTRICTS}:
        members = {CODES[district.name] for district in DISTRICTS if district.quarter == quarter}
        reached: set[str] = set()
        grown = {min(members)}
        while grown != reached:
            reached = grown
            touched = {border for code in reached for border in borders[code]}
            grown = reached | {code for code in members if touched.intersection(borders[code])}
        assert reached == members


def _cells(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    workbook = openpyxl.load_workbook(path, read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in workbook.worksheets}


def _area(polygon: list[Corner]) -> float:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise([*polygon, polygon[0]])) / 2
