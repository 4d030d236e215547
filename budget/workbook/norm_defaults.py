"""What the norm of every stream rests on, in Dutch sentences, where that is not what the sheets suggest."""

from __future__ import annotations

from collections.abc import Iterator

from budget.workbook.row_models import StreamRow
from budget.workbook.typed_tables import TypedTables

_CITY_RATE = "het stedelijke gebruik per leeftijdsgroep x bevolking x prijs"


def norm_readings(tables: TypedTables, today: TypedTables) -> Iterator[str]:
    """Sentences on a sheet Norm that is absent, or has rows for streams that do not use it.

    `today` are the same tables with population in today's districts.
    """
    by_norm = [row for row in tables.streams.rows if row.key == "norm"]
    if not tables.norm.rows:
        yield f"Blad Norm is niet ingevuld: {'; '.join(_without_norm(by_norm, today)) or _other_keys(tables)}."
        return
    given = {row.stream for row in tables.norm.rows}
    unused = [row for row in tables.streams.rows if row.code in given and row.key != "norm"]
    if not given.intersection(row.code for row in by_norm):
        yield "Blad Norm wordt niet gebruikt: geen stroom met gewichten heeft Verdeelsleutel norm."
    elif unused:
        named = ", ".join(f"{row.code} (Verdeelsleutel {row.key})" for row in unused)
        yield f"Norm: de gewichten worden niet gebruikt voor {named}."
    lacking = [row for row in by_norm if row.code not in given]
    if lacking:
        yield f"Norm: geen gewichten voor {_codes(lacking)}: {'; '.join(_without_norm(lacking, today))}."


def _without_norm(by_norm: list[StreamRow], today: TypedTables) -> Iterator[str]:
    """What the norm of streams with Verdeelsleutel norm is without weights."""
    counted = [row for row in by_norm if _has_population(today, row.age_group)]
    own_use = [row for row in by_norm if row not in counted]
    if counted:
        yield f"de norm van {_codes(counted)} is {_CITY_RATE}"
    if own_use:
        yield f"de norm van {_codes(own_use)} volgt het eigen gebruik, want de bevolking is niet bekend"


def _other_keys(tables: TypedTables) -> str:
    if all(row.key == "gebruik" for row in tables.streams.rows):
        return "de norm volgt het eigen gebruik"
    return "de norm volgt de Verdeelsleutel van elke stroom, en die is nergens norm"


def _has_population(today: TypedTables, age_group: str) -> bool:
    """Whether the inhabitants of an age group are known in every district."""
    counted = {
        row.district
        for row in today.population.rows
        if row.age_group == age_group and row.persons is not None
    }
    return all(
        row.code in counted or (age_group == "totaal" and row.inhabitants is not None)
        for row in today.districts.rows
    )


def _codes(streams: list[StreamRow]) -> str:
    return ", ".join(row.code for row in streams)
