"""What the norm of every stream rests on, in Dutch sentences, where that is not what the sheets suggest."""

from __future__ import annotations

from collections.abc import Iterator

from budget.workbook.row_models import StreamRow
from budget.workbook.typed_tables import TypedTables
from wording.sentence import Template

_NO_SHEET = Template("Blad Norm is niet ingevuld: {how: ;}.")
_NOT_USED = Template("Blad Norm wordt niet gebruikt: geen stroom met gewichten heeft Verdeelsleutel norm.")
_UNUSED = Template("Norm: de gewichten worden niet gebruikt voor {streams}.")
_OTHER_KEY = Template("{stream} (Verdeelsleutel {key:word})")
_NO_WEIGHTS = Template("Norm: geen gewichten voor {streams}: {how: ;}.")
_CITY_RATE = Template(
    "de norm van {streams} is het stedelijke gebruik per leeftijdsgroep x bevolking x prijs"
)
_OWN_USE = Template("de norm van {streams} volgt het eigen gebruik, want de bevolking is niet bekend")
_ALL_BY_USE = Template("de norm volgt het eigen gebruik")
_BY_KEY = Template("de norm volgt de Verdeelsleutel van elke stroom, en die is nergens norm")


def norm_readings(tables: TypedTables, today: TypedTables) -> Iterator[str]:
    """Sentences on a sheet Norm that is absent, or has rows for streams that do not use it.

    `today` are the same tables with population in today's districts.
    """
    by_norm = [row for row in tables.streams.rows if row.key == "norm"]
    if not tables.norm.rows:
        yield _NO_SHEET(how=tuple(_without_norm(by_norm, today)) or (_other_keys(tables),))
        return
    given = {row.stream for row in tables.norm.rows}
    unused = [row for row in tables.streams.rows if row.code in given and row.key != "norm"]
    if not given.intersection(row.code for row in by_norm):
        yield _NOT_USED()
    elif unused:
        yield _UNUSED(streams=tuple(_OTHER_KEY(stream=row.code, key=row.key) for row in unused))
    lacking = [row for row in by_norm if row.code not in given]
    if lacking:
        yield _NO_WEIGHTS(streams=_codes(lacking), how=tuple(_without_norm(lacking, today)))


def _without_norm(by_norm: list[StreamRow], today: TypedTables) -> Iterator[str]:
    """What the norm of streams with Verdeelsleutel norm is without weights."""
    counted = [row for row in by_norm if _has_population(today, row.age_group)]
    own_use = [row for row in by_norm if row not in counted]
    if counted:
        yield _CITY_RATE(streams=_codes(counted))
    if own_use:
        yield _OWN_USE(streams=_codes(own_use))


def _other_keys(tables: TypedTables) -> str:
    if all(row.key == "gebruik" for row in tables.streams.rows):
        return _ALL_BY_USE()
    return _BY_KEY()


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


def _codes(streams: list[StreamRow]) -> tuple[str, ...]:
    return tuple(row.code for row in streams)
