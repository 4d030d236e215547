"""What an unknown budget of last year means for the plan, in Dutch sentences."""

from __future__ import annotations

from collections.abc import Iterator

from budget.inputs import Rule
from budget.rules import rule_at
from budget.workbook.typed_tables import TypedTables
from wording.sentence import Template

_MOST_NAMED = 12
_NEW_STREAM = Template(
    "Vorig budget van stroom {stream} is in geen enkele wijk bekend: de stroom geldt als nieuw."
)
_MANY_UNKNOWN = Template(
    "Vorig budget is {n} keer per wijk en stroom onbekend: de groeibegrenzing geldt niet voor {n_areas} "
    "{n_areas:wijk|wijken} in het eerste jaar."
)
_UNKNOWN = Template(
    "Vorig budget van {district}, stroom {stream} is onbekend: de groeibegrenzing geldt niet voor {district} in het "
    "eerste jaar."
)


def unknown_last_budgets(tables: TypedTables) -> Iterator[str]:
    """Sentences on every stream that an area carries and whose budget of last year is unknown."""
    budgets = {(row.district, row.stream) for row in tables.last_budget.rows if row.amount is not None}
    new = _new_streams(tables)
    for stream in new:
        yield _NEW_STREAM(stream=stream)
    missing = [pair for pair in _carried(tables) if pair not in budgets and pair[1] not in new]
    if len(missing) > _MOST_NAMED:
        areas = len({district for district, _ in missing})
        yield _MANY_UNKNOWN(n=len(missing), n_areas=areas)
        return
    for district, stream in missing:
        yield _UNKNOWN(district=district, stream=stream)


def _new_streams(tables: TypedTables) -> list[str]:
    districts = {row.code for row in tables.districts.rows}
    known = {
        row.stream for row in tables.last_budget.rows if row.amount is not None and row.district in districts
    }
    return [row.code for row in tables.streams.rows if row.code not in known]


def _carried(tables: TypedTables) -> Iterator[tuple[str, str]]:
    """The areas and streams that are not city-wide in the first plan year."""
    year = tables.municipality.rows[0].first_year
    city_wide = [
        Rule(row.name, row.year, row.district, row.stream, row.value, "")
        for row in tables.rules.rows
        if row.name == "stadsbreed"
    ]
    for district in tables.districts.rows:
        for stream in tables.streams.rows:
            rule = rule_at(city_wide, "stadsbreed", year=year, district=district.code, stream=stream.code)
            if stream.area_share > 0 and not (rule and rule.value):
                yield district.code, stream.code
