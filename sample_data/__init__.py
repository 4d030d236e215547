"""An invented municipality that runs on a fresh machine, and a city small enough to check by hand."""

from pathlib import Path

WORKBOOK = Path(__file__).parent / "voorbeeldstad.xlsx"
BOUNDARIES = WORKBOOK.with_suffix(".geojson")
