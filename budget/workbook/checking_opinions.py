"""The checks on second opinions."""

from __future__ import annotations

from collections.abc import Iterator

from budget.faults import Fault
from budget.workbook.typed_tables import TypedTables
from wording.sentence import Template

_BLANK = Template("een lege cel: Gewicht hoort bij mengen, niet bij {use}")
_ONE_LEVEL = Template("de gemeente of haar wijken: {stream} in {year} is in rij {row} al gegeven")


def check_second_opinion(tables: TypedTables) -> Iterator[Fault]:
    """A weight with what is blended alone, and one level that is worked in: the city or its districts."""
    opinions = tables.second_opinion
    whole = {row.code for _, row in tables.municipality.sound("Gemeentecode")}
    worked_in: dict[tuple[str, int], tuple[bool, int]] = {}
    for number, row in opinions.sound("Wijkcode", "Stroom", "Jaar", "Gebruik"):
        if row.weight is not None and row.use != "mengen":
            yield opinions.fault(number, "Gewicht", _BLANK(use=row.use))
        if row.use == "vergelijken":
            continue
        is_whole = row.district in whole
        first, line = worked_in.setdefault((row.stream, row.year), (is_whole, opinions.line(number)))
        if first != is_whole:
            wanted = _ONE_LEVEL(stream=row.stream, year=row.year, row=line)
            yield opinions.fault(number, "Wijkcode", wanted)
