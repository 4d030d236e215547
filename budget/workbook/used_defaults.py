"""What was left out of the input and what was used instead, in Dutch sentences for the reader of the plan."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from budget.inputs import StreamKind
from budget.workbook.last_budget_defaults import unknown_last_budgets
from budget.workbook.norm_defaults import norm_readings
from budget.workbook.row_models import DEFAULT_WEIGHT, PREVENTION_NUMBERS
from budget.workbook.typed_tables import TypedTable, TypedTables
from optimiser.problem import strategy_named

_BASIC_PACKAGE_OPEN_ENDED = 1.0
_BASIC_PACKAGE_ELSE = 0.8
_MOST_NAMED = 12


def used_defaults(tables: TypedTables, today: TypedTables) -> Iterator[str]:
    """A Dutch sentence for everything that was left out and was filled in.

    `today` are the same tables with demand and population in today's districts.
    """
    for table in tables.all:
        yield from table.notes
        if table.sheet.without and not table.rows:
            yield f"Blad {table.sheet.name} is niet ingevuld: {table.sheet.without}."
        for column, numbers in table.defaulted.items():
            shown = str(table.sheet.column(column).blank).replace(".", ",")
            where = "" if table.sheet.fields_in_rows else f" van {_named(table, numbers)}"
            yield f"{table.sheet.name}: {column}{where} ontbreekt, {shown} gebruikt."
    yield from _municipality_defaults(tables)
    yield from _name_defaults(tables)
    yield from norm_readings(tables, today)
    yield from _stream_defaults(tables)
    yield from _unknown_values(today)
    yield from _unused_rows(today)
    yield from _prevention_defaults(tables)
    yield from _rule_readings(tables)
    yield from _second_opinion_defaults(tables)


def _named(table: TypedTable[Any], numbers: Sequence[int]) -> str:
    """The rows by their code or key, or how many there are."""
    if len(numbers) > _MOST_NAMED:
        return f"{len(numbers)} van de {len(table.rows)} rijen"
    keys = table.sheet.key or (table.sheet.headings[0],)
    fields = [name for name, info in table.sheet.row.model_fields.items() if info.alias in keys]
    named = [" ".join(str(getattr(table.rows[number], name)) for name in fields) for number in numbers]
    return ", ".join(named)


def _municipality_defaults(tables: TypedTables) -> Iterator[str]:
    fields = tables.municipality.rows[0]
    if fields.price_level is None:
        yield f"Gemeente: Prijspeil ontbreekt, het eerste planjaar {fields.first_year} gebruikt."
    if fields.risk_weight is not None and not strategy_named(fields.strategy).weighs_risk:
        yield f"Gemeente: Risicogewicht is gegeven, maar telt niet bij de strategie {fields.strategy}."


def _name_defaults(tables: TypedTables) -> Iterator[str]:
    named: tuple[tuple[TypedTable[Any], str], ...] = (
        (tables.districts, "Wijknaam"),
        (tables.streams, "Naam"),
        (tables.prevention, "Naam"),
    )
    for table, column in named:
        nameless = [number for number, row in enumerate(table.rows) if row.name is None]
        if nameless:
            yield f"{table.sheet.name}: {column} van {_named(table, nameless)} ontbreekt, de code gebruikt."


def _stream_defaults(tables: TypedTables) -> Iterator[str]:
    for row in tables.streams.rows:
        if row.basic_package is None:
            share = str(default_basic_package(row.kind)).removesuffix(".0").replace(".", ",")
            yield f"Stromen: Basispakket van {row.code} ontbreekt, {share} gebruikt (soort {row.kind})."
    lacking = [number for number, row in enumerate(tables.streams.rows) if row.task_field is None]
    if lacking:
        yield f"Stromen: Taakveld van {_named(tables.streams, lacking)} ontbreekt."
    groups = {row.age_group for row in tables.population.rows}
    if groups and "totaal" not in groups and any(row.age_group == "totaal" for row in tables.streams.rows):
        yield "Bevolking: de groep totaal ontbreekt; gebruik per inwoner is voor die stromen niet te berekenen."


def _counts(number: int, what: str) -> str:
    return f"1 {what} aantal" if number == 1 else f"{number} {what}e aantallen"


def _unknown_values(tables: TypedTables) -> Iterator[str]:
    suppressed = sum(row.status == "onderdrukt" for row in tables.demand.rows)
    if suppressed:
        yield f"Vraag: {_counts(suppressed, 'onderdrukt')}; gelezen als onbekend klein aantal."
    unknown = sum(row.clients is None and row.status != "onderdrukt" for row in tables.demand.rows)
    if unknown:
        yield f"Vraag: {_counts(unknown, 'onbekend')}; niet als nul gelezen."
    present = {(row.district, row.stream) for row in tables.demand.rows}
    absent = Counter(
        stream.code
        for stream in tables.streams.rows
        for district in tables.districts.rows
        if (district.code, stream.code) not in present
    )
    for stream, count in sorted(absent.items()):
        yield f"Vraag: stroom {stream} heeft in {count} van de {len(tables.districts.rows)} wijken geen reeks."
    yield from unknown_last_budgets(tables)


def _unused_rows(tables: TypedTables) -> Iterator[str]:
    fields = tables.municipality.rows[0]
    years = (None, *range(fields.first_year, fields.first_year + fields.n_years))
    dated: tuple[TypedTable[Any], ...] = (tables.funding, tables.rules, tables.contracts, tables.norm)
    for table in dated:
        lines = [str(table.line(number)) for number, row in enumerate(table.rows) if row.year not in years]
        if lines:
            named = ", ".join(lines) if len(lines) <= _MOST_NAMED else f"{len(lines)} rijen"
            yield f"{table.sheet.name}: buiten de planjaren en dus niet gebruikt: rij {named}."
    counted = {row.district for row in tables.population.rows}
    uncounted = sorted({row.code for row in tables.districts.rows} - counted)
    if counted and uncounted:
        yield f"Bevolking: geen inwoners bekend van wijk {', '.join(uncounted)}."


def _rule_readings(tables: TypedTables) -> Iterator[str]:
    """How rules are read that could be read in two ways."""
    shapes: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for number, row in enumerate(tables.rules.rows):
        given = (("wijk", row.district), ("stroom", row.stream), ("jaar", row.year))
        shapes[row.name].add(tuple(name for name, value in given if value is not None))
        if row.name == "groei_min" and row.value < 0:
            shown = str(row.value).replace(".", ",")
            yield (
                f"Regels: groei_min {shown} in rij {tables.rules.line(number)} is gelezen als een daling van hooguit"
                f" {shown.removeprefix('-')}."
            )
    for name, found in shapes.items():
        rivals = [
            " en ".join(shape)
            for shape in sorted(found)
            if sum(len(other) == len(shape) for other in found) > 1
        ]
        if rivals:
            yield (
                f"Regels: {name} is gegeven per {', per '.join(rivals)}; waar twee even precieze rijen gelden gaat wijk"
                " voor stroom en stroom voor jaar."
            )


def _prevention_defaults(tables: TypedTables) -> Iterator[str]:
    for column, name in PREVENTION_NUMBERS.items():
        unknown = [number for number, row in enumerate(tables.prevention.rows) if getattr(row, name) is None]
        if unknown:
            yield (
                f"Preventie: {column} van {_named(tables.prevention, unknown)} is onbekend en met 0 getoond;"
                " het programma telt niet mee."
            )


def _second_opinion_defaults(tables: TypedTables) -> Iterator[str]:
    opinions = tables.second_opinion
    weightless = [
        number for number, row in enumerate(opinions.rows) if row.use == "mengen" and row.weight is None
    ]
    if weightless:
        shown = str(DEFAULT_WEIGHT).replace(".", ",")
        yield f"Tweede mening: Gewicht van {_named(opinions, weightless)} ontbreekt, {shown} gebruikt."


def default_basic_package(kind: StreamKind) -> float:
    """The basic package of a stream that gives none: all of a statutory claim, most of the rest."""
    return _BASIC_PACKAGE_OPEN_ENDED if kind == "open einde" else _BASIC_PACKAGE_ELSE
