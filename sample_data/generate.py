"""Writes the sample municipalities beside this file: `python -m sample_data.generate [FOLDER]`.

The same code gives the same cells; a test compares them with the files in the repository.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random
from typing import Any

from budget.workbook.template import write_input_workbook
from sample_data import driehoek, voorbeeldstad
from sample_data.boundaries import cells, feature_collection
from sample_data.city import CODES, DISTRICTS, RINGS
from sample_data.observed import SEED


def generate(folder: Path) -> None:
    """Two workbooks and the map of the first."""
    write_input_workbook(folder / "voorbeeldstad.xlsx", voorbeeldstad.rows())
    boundaries = json.dumps(voorbeeldstad_map(), ensure_ascii=False, separators=(",", ":"))
    (folder / "voorbeeldstad.geojson").write_text(boundaries + "\n", encoding="utf-8")
    write_input_workbook(folder / "driehoek.xlsx", driehoek.rows())


def voorbeeldstad_map() -> dict[str, Any]:
    """The invented boundaries, one feature per district."""
    properties = [
        {"wijkcode": CODES[district.name], "wijknaam": district.name, "stadsdeel": district.quarter}
        for district in DISTRICTS
    ]
    return feature_collection(properties, cells(RINGS, Random(SEED)))


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
