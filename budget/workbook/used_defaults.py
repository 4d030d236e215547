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
from wording.sentence import Template

_BASIC_PACKAGE_OPEN_ENDED = 1.0
_BASIC_PACKAGE_ELSE = 0.8
_MOST_NAMED = 12
_NO_SHEET = Template("Blad {sheet} is niet ingevuld: {without:word}.")
_NO_FIELD = Template("{sheet}: {column} ontbreekt, {used} gebruikt.")
_NO_CELLS = Template("{sheet}: {column} van {rows} ontbreekt, {used} gebruikt.")
_SOME_ROWS = Template("{n} van de {of} rijen")
_NO_PRICE_LEVEL = Template("Gemeente: Prijspeil ontbreekt, het eerste planjaar {year} gebruikt.")
_IDLE_RISK = Template("Gemeente: Risicogewicht is gegeven, maar telt niet bij de strategie {strategy:word}.")
_NO_NAME = Template("{sheet}: {column} van {rows} ontbreekt, de code gebruikt.")
_NO_PACKAGE = Template("Stromen: Basispakket van {stream} ontbreekt, {share} gebruikt (soort {kind:word}).")
_NO_TASK_FIELD = Template("Stromen: Taakveld van {rows} ontbreekt.")
_NO_TOTAL = Template(
    "Bevolking: de groep totaal ontbreekt; gebruik per inwoner is voor die stromen niet te berekenen."
)
_SUPPRESSED = Template(
    "Vraag: {n} {n:onderdrukt aantal|onderdrukte aantallen}; gelezen als onbekend klein aantal."
)
_NOT_KNOWN = Template("Vraag: {n} {n:onbekend aantal|onbekende aantallen}; niet als nul gelezen.")
_NO_SERIES = Template("Vraag: stroom {stream} heeft in {n} van de {of} wijken geen reeks.")
_OUTSIDE_PLAN = Template("{sheet}: buiten de planjaren en dus niet gebruikt: rij {rows}.")
_MANY_ROWS = Template("{n} rijen")
_NO_INHABITANTS = Template("Bevolking: geen inwoners bekend van wijk {districts}.")
_READ_AS_FALL = Template(
    "Regels: groei_min {value} in rij {row} is gelezen als een daling van hooguit {fall}."
)
_RIVALS = Template(
    "Regels: {rule} is gegeven {ways}; waar twee even precieze rijen gelden gaat wijk voor stroom en stroom voor jaar."
)
_WAY = Template("per {axes:word and}")
_NOT_COUNTED = Template(
    "Preventie: {column} van {rows} is onbekend en met 0 getoond; het programma telt niet mee."
)
_NO_WEIGHT = Template("Tweede mening: Gewicht van {rows} ontbreekt, {used} gebruikt.")


def used_defaults(tables: TypedTables, today: TypedTables) -> Iterator[str]:
    """A Dutch sentence for everything that was left out and was filled in.

    `today` are the same tables with demand and population in today's districts.
    """
    for table in tables.all:
        yield from table.notes
        if table.sheet.without and not table.rows:
            yield _NO_SHEET(sheet=table.sheet.name, without=table.sheet.without)
        for column, numbers in table.defaulted.items():
            shown = str(table.sheet.column(column).blank).replace(".", ",")
            if table.sheet.fields_in_rows:
                yield _NO_FIELD(sheet=table.sheet.name, column=column, used=shown)
            else:
                yield _NO_CELLS(
                    sheet=table.sheet.name, column=column, rows=_named(table, numbers), used=shown
                )
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
        return _SOME_ROWS(n=len(numbers), of=len(table.rows))
    keys = table.sheet.key or (table.sheet.headings[0],)
    fields = [name for name, info in table.sheet.row.model_fields.items() if info.alias in keys]
    named = [" ".join(str(getattr(table.rows[number], name)) for name in fields) for number in numbers]
    return ", ".join(named)


def _municipality_defaults(tables: TypedTables) -> Iterator[str]:
    fields = tables.municipality.rows[0]
    if fields.price_level is None:
        yield _NO_PRICE_LEVEL(year=fields.first_year)
    if fields.risk_weight is not None and not strategy_named(fields.strategy).weighs_risk:
        yield _IDLE_RISK(strategy=fields.strategy)


def _name_defaults(tables: TypedTables) -> Iterator[str]:
    named: tuple[tuple[TypedTable[Any], str], ...] = (
        (tables.districts, "Wijknaam"),
        (tables.streams, "Naam"),
        (tables.prevention, "Naam"),
    )
    for table, column in named:
        nameless = [number for number, row in enumerate(table.rows) if row.name is None]
        if nameless:
            yield _NO_NAME(sheet=table.sheet.name, column=column, rows=_named(table, nameless))


def _stream_defaults(tables: TypedTables) -> Iterator[str]:
    for row in tables.streams.rows:
        if row.basic_package is None:
            share = str(default_basic_package(row.kind)).removesuffix(".0").replace(".", ",")
            yield _NO_PACKAGE(stream=row.code, share=share, kind=row.kind)
    lacking = [number for number, row in enumerate(tables.streams.rows) if row.task_field is None]
    if lacking:
        yield _NO_TASK_FIELD(rows=_named(tables.streams, lacking))
    groups = {row.age_group for row in tables.population.rows}
    if groups and "totaal" not in groups and any(row.age_group == "totaal" for row in tables.streams.rows):
        yield _NO_TOTAL()


def _unknown_values(tables: TypedTables) -> Iterator[str]:
    suppressed = sum(row.status == "onderdrukt" for row in tables.demand.rows)
    if suppressed:
        yield _SUPPRESSED(n=suppressed)
    unknown = sum(row.clients is None and row.status != "onderdrukt" for row in tables.demand.rows)
    if unknown:
        yield _NOT_KNOWN(n=unknown)
    present = {(row.district, row.stream) for row in tables.demand.rows}
    absent = Counter(
        stream.code
        for stream in tables.streams.rows
        for district in tables.districts.rows
        if (district.code, stream.code) not in present
    )
    for stream, count in sorted(absent.items()):
        yield _NO_SERIES(stream=stream, n=count, of=len(tables.districts.rows))
    yield from unknown_last_budgets(tables)


def _unused_rows(tables: TypedTables) -> Iterator[str]:
    fields = tables.municipality.rows[0]
    years = (None, *range(fields.first_year, fields.first_year + fields.n_years))
    dated: tuple[TypedTable[Any], ...] = (tables.funding, tables.rules, tables.contracts, tables.norm)
    for table in dated:
        lines = [str(table.line(number)) for number, row in enumerate(table.rows) if row.year not in years]
        if lines:
            named = tuple(lines) if len(lines) <= _MOST_NAMED else _MANY_ROWS(n=len(lines))
            yield _OUTSIDE_PLAN(sheet=table.sheet.name, rows=named)
    counted = {row.district for row in tables.population.rows}
    uncounted = sorted({row.code for row in tables.districts.rows} - counted)
    if counted and uncounted:
        yield _NO_INHABITANTS(districts=tuple(uncounted))


def _rule_readings(tables: TypedTables) -> Iterator[str]:
    """How rules are read that could be read in two ways."""
    shapes: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for number, row in enumerate(tables.rules.rows):
        given = (("wijk", row.district), ("stroom", row.stream), ("jaar", row.year))
        shapes[row.name].add(tuple(name for name, value in given if value is not None))
        if row.name == "groei_min" and row.value < 0:
            shown = str(row.value).replace(".", ",")
            line = tables.rules.line(number)
            yield _READ_AS_FALL(value=shown, row=line, fall=shown.removeprefix("-"))
    for name, found in shapes.items():
        rivals = [
            _WAY(axes=shape)
            for shape in sorted(found)
            if sum(len(other) == len(shape) for other in found) > 1
        ]
        if rivals:
            yield _RIVALS(rule=name, ways=tuple(rivals))


def _prevention_defaults(tables: TypedTables) -> Iterator[str]:
    for column, name in PREVENTION_NUMBERS.items():
        unknown = [number for number, row in enumerate(tables.prevention.rows) if getattr(row, name) is None]
        if unknown:
            yield _NOT_COUNTED(column=column, rows=_named(tables.prevention, unknown))


def _second_opinion_defaults(tables: TypedTables) -> Iterator[str]:
    opinions = tables.second_opinion
    weightless = [
        number for number, row in enumerate(opinions.rows) if row.use == "mengen" and row.weight is None
    ]
    if weightless:
        shown = str(DEFAULT_WEIGHT).replace(".", ",")
        yield _NO_WEIGHT(rows=_named(opinions, weightless), used=shown)


def default_basic_package(kind: StreamKind) -> float:
    """The basic package of a stream that gives none: all of a statutory claim, most of the rest."""
    return _BASIC_PACKAGE_OPEN_ENDED if kind == "open einde" else _BASIC_PACKAGE_ELSE
