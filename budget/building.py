"""From checked rows to the inputs: whole cents, arrays, codes in order, and the defaults that were used."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import pandas as pd

from budget.checking import month_number
from budget.inputs import (
    CITY,
    Actual,
    Contract,
    District,
    Funding,
    Index,
    Inputs,
    Municipality,
    NormWeight,
    PreventionSegment,
    Provenance,
    Reserve,
    Rule,
    Stream,
    Tariff,
)
from budget.money import to_cents
from budget.rule_names import RULE_BY_NAME
from budget.sheets import DemandRow, MunicipalityRow, Shape
from budget.typed_tables import TypedTable, TypedTables
from forecasts.history import Event, History, Population, Status, StreamHistory

_STATUS = {
    "definitief": Status.FINAL,
    "voorlopig": Status.PROVISIONAL,
    "onderdrukt": Status.SUPPRESSED,
    "afgeleid": Status.DERIVED,
}
_SHAPE: dict[Shape, Literal["step", "ramp", "pulse"]] = {"stap": "step", "helling": "ramp", "puls": "pulse"}
_BASIC_PACKAGE_OPEN_ENDED = 1.0
_BASIC_PACKAGE_ELSE = 0.8
_MOST_NAMED = 12


def build_inputs(tables: TypedTables, provenance: Provenance, boundaries: Mapping[str, Any] | None) -> Inputs:
    """The inputs of tables without faults; `provenance.defaults` is completed with what is decided here."""
    building = _Building(tables)
    defaults = (*provenance.defaults, *used_defaults(tables))
    return Inputs(
        municipality=building.municipality(),
        districts=building.districts,
        streams=building.streams(),
        population=building.population(),
        history=building.history(),
        tariffs=building.tariffs(),
        funding=building.funding(),
        last_budget=building.last_budget(),
        provenance=Provenance(provenance.file_name, provenance.sha256, defaults),
        indices=building.indices(),
        norm=building.norm(),
        prevention=building.prevention(),
        rules=building.rules(),
        reserves=building.reserves(),
        contracts=building.contracts(),
        actuals=building.actuals(),
        boundaries=boundaries,
    )


class _Building:
    def __init__(self, tables: TypedTables) -> None:
        self._tables = tables
        self._fields: MunicipalityRow = tables.municipality.rows[0]
        self._factor = 1000 if self._fields.amounts_in == "x1000" else 1
        rows = sorted(tables.districts.rows, key=lambda row: row.code)
        self.districts = tuple(
            District(row.code, row.name or row.code, row.quarter or "", row.inhabitants) for row in rows
        )

    def _cents(self, amount: Decimal) -> int:
        return to_cents(amount * self._factor)

    def _cents_or_none(self, amount: Decimal | None) -> int | None:
        return None if amount is None else self._cents(amount)

    def municipality(self) -> Municipality:
        fields = self._fields
        return Municipality(
            code=fields.code,
            name=fields.name,
            first_year=fields.first_year,
            n_years=fields.n_years,
            price_level=fields.price_level or fields.first_year,
            reference_date=fields.reference_date,
            version=fields.version,
        )

    def streams(self) -> tuple[Stream, ...]:
        return tuple(
            Stream(
                code=row.code,
                name=row.name or row.code,
                domain=row.domain,
                kind=row.kind,
                area_share=row.area_share,
                age_group=row.age_group,
                basic_package=_basic_package(row.basic_package, row.kind),
                task_field=row.task_field or "",
                priority=row.priority,
                key=row.key,
            )
            for row in sorted(self._tables.streams.rows, key=lambda row: row.code)
        )

    def population(self) -> Population:
        rows = self._tables.population.rows
        codes = tuple(district.code for district in self.districts)
        groups = tuple(sorted({row.age_group for row in rows}))
        years = tuple(sorted({row.year for row in rows}))
        persons = np.full((len(codes), len(groups), len(years)), np.nan)
        places = _Places(codes), _Places(groups), _Places(years)
        for row in rows:
            if row.persons is not None:
                place = places[0][row.district], places[1][row.age_group], places[2][row.year]
                persons[place] = row.persons
        return Population(codes, groups, years, persons)

    def history(self) -> History:
        demand = self._tables.demand.rows
        quarters = {district.code: district.quarter for district in self.districts}
        if any(row.district == CITY for row in demand):
            quarters[CITY] = ""
        codes = tuple(sorted(quarters))
        per_stream: dict[str, list[DemandRow]] = defaultdict(list)
        for row in demand:
            per_stream[row.stream].append(row)
        streams = sorted(self._tables.streams.rows, key=lambda row: row.code)
        return History(
            districts=codes,
            quarters=tuple(quarters[code] for code in codes),
            streams=tuple(
                _stream_history(row.code, row.age_group, codes, per_stream[row.code]) for row in streams
            ),
            events=tuple(self._events()),
        )

    def _events(self) -> Iterator[Event]:
        for row in self._tables.events.rows:
            start, end = row.start, row.end
            if end is not None and len(end) != len(start):
                start = start if len(start) > 4 else f"{start}-01"
                end = end if len(end) > 4 else f"{end}-12"
            frequency = "Y" if len(start) == 4 else "M"
            yield Event(
                name=row.name,
                streams=row.streams or (),
                districts=row.districts or (),
                start=pd.Period(start, freq=frequency),
                end=None if end is None else pd.Period(end, freq=frequency),
                shape=_SHAPE[row.shape],
                effect=row.effect,
                source=row.source or "",
            )

    def tariffs(self) -> tuple[Tariff, ...]:
        return tuple(
            Tariff(row.stream, row.year, row.cost * self._factor, row.source or "")
            for row in sorted(self._tables.tariffs.rows, key=lambda row: (row.stream, row.year))
        )

    def indices(self) -> tuple[Index, ...]:
        return tuple(
            Index(row.year, row.ova, row.ppc, row.wage_share, row.status == "definitief")
            for row in self._tables.indices.rows
        )

    def funding(self) -> tuple[Funding, ...]:
        return tuple(
            Funding(
                row.source, row.year, self._cents(row.amount), row.streams or (), row.structural, row.version
            )
            for row in self._tables.funding.rows
        )

    def last_budget(self) -> dict[tuple[str, str], int]:
        return {
            (row.district, row.stream): self._cents(row.amount)
            for row in self._tables.last_budget.rows
            if row.amount is not None
        }

    def norm(self) -> tuple[NormWeight, ...]:
        return tuple(
            NormWeight(row.district, row.stream, row.year, row.weight) for row in self._tables.norm.rows
        )

    def prevention(self) -> tuple[PreventionSegment, ...]:
        return tuple(
            PreventionSegment(
                programme=row.programme,
                name=row.name or row.programme,
                districts=row.districts or (),
                stream=row.stream,
                up_to_cents=self._cents(row.up_to or Decimal(0)),
                saving_per_euro=row.saving or 0.0,
                lag=row.lag,
                duration=row.duration,
                cashable=row.cashable or 0.0,
                municipal_share=row.municipal_share or 0.0,
                evidence=row.evidence,
                status=row.status,
                source=row.source or "",
            )
            for row in self._tables.prevention.rows
        )

    def rules(self) -> tuple[Rule, ...]:
        return tuple(
            Rule(
                row.name,
                row.year,
                row.district,
                row.stream,
                self._rule_value(row.name, row.value),
                row.source or "",
            )
            for row in self._tables.rules.rows
        )

    def _rule_value(self, name: str, value: Decimal) -> Decimal:
        if RULE_BY_NAME[name].is_amount:
            return value * self._factor
        return abs(value) if name == "groei_min" else value

    def reserves(self) -> tuple[Reserve, ...]:
        return tuple(
            Reserve(
                name=row.name,
                balance_cents=self._cents(row.balance),
                minimum_cents=self._cents(row.minimum),
                maximum_cents=self._cents_or_none(row.maximum),
                draw_limit_cents=self._cents(row.draw_limit),
                end=row.end,
            )
            for row in self._tables.reserves.rows
        )

    def contracts(self) -> tuple[Contract, ...]:
        return tuple(
            Contract(
                provider=row.provider,
                lot=row.lot or "",
                stream=row.stream,
                districts=row.districts or (),
                year=row.year,
                minimum_cents=self._cents_or_none(row.minimum),
                maximum_cents=self._cents_or_none(row.maximum),
                variant=row.variant,
                end=row.end,
            )
            for row in self._tables.contracts.rows
        )

    def actuals(self) -> tuple[Actual, ...]:
        return tuple(
            Actual(
                district=row.district,
                stream=row.stream,
                period=row.period,
                cost_cents=self._cents_or_none(row.cost),
                granted_cents=self._cents_or_none(row.granted),
                status=row.status,
            )
            for row in self._tables.actuals.rows
        )


class _Places(dict[Any, int]):
    """The place of every label on its axis."""

    def __init__(self, labels: Sequence[object]) -> None:
        super().__init__((label, place) for place, label in enumerate(labels))


def _stream_history(
    stream: str, age_group: str, districts: Sequence[str], rows: Sequence[DemandRow]
) -> StreamHistory:
    """The series of every district from the first to the last period of any; NaN where unknown or suppressed."""
    first = min((row.period for row in rows), key=month_number)
    last = max((row.period for row in rows), key=month_number)
    periods = pd.period_range(first, last, freq="Y" if len(first) == 4 else "M")
    start = month_number(first)
    place = _Places(districts)
    clients = np.full((len(districts), len(periods)), np.nan)
    status = np.zeros(clients.shape, dtype=np.int8)
    for row in rows:
        cell = place[row.district], month_number(row.period) - start
        status[cell] = _STATUS[row.status]
        if row.clients is not None and row.status != "onderdrukt":
            clients[cell] = row.clients
    return StreamHistory(stream, age_group, periods, clients, status)


def _basic_package(given: float | None, kind: str) -> float:
    if given is not None:
        return given
    return _BASIC_PACKAGE_OPEN_ENDED if kind == "open einde" else _BASIC_PACKAGE_ELSE


def used_defaults(tables: TypedTables) -> Iterator[str]:
    """A Dutch sentence for everything that was left out and was filled in."""
    for table in tables.all:
        yield from table.notes
        if not table.sheet.needed and not table.rows:
            yield f"Blad {table.sheet.name} is niet ingevuld: {table.sheet.without}."
        for column, numbers in table.defaulted.items():
            shown = str(table.sheet.column(column).blank).replace(".", ",")
            where = "" if table.sheet.fields_in_rows else f" van {_named(table, numbers)}"
            yield f"{table.sheet.name}: {column}{where} ontbreekt, {shown} gebruikt."
    yield from _municipality_defaults(tables)
    yield from _name_defaults(tables)
    yield from _stream_defaults(tables)
    yield from _unknown_values(tables)
    yield from _unused_rows(tables)
    yield from _prevention_defaults(tables)
    yield from _rule_readings(tables)


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
            share = str(_basic_package(None, row.kind)).removesuffix(".0").replace(".", ",")
            yield f"Stromen: Basispakket van {row.code} ontbreekt, {share} gebruikt (soort {row.kind})."
    lacking = [number for number, row in enumerate(tables.streams.rows) if row.task_field is None]
    if lacking:
        yield f"Stromen: Taakveld van {_named(tables.streams, lacking)} ontbreekt."
    groups = {row.age_group for row in tables.population.rows}
    if groups and "totaal" not in groups and any(row.age_group == "totaal" for row in tables.streams.rows):
        yield "Bevolking: de groep totaal ontbreekt; gebruik per inwoner is voor die stromen niet te berekenen."


def _unknown_values(tables: TypedTables) -> Iterator[str]:
    suppressed = sum(row.status == "onderdrukt" for row in tables.demand.rows)
    if suppressed:
        yield f"Vraag: onderdrukt en als onbekend klein aantal behandeld: {suppressed} keer."
    unknown = sum(row.clients is None and row.status != "onderdrukt" for row in tables.demand.rows)
    if unknown:
        yield f"Vraag: onbekend en niet als nul gelezen: {unknown} keer."
    present = {(row.district, row.stream) for row in tables.demand.rows}
    absent = Counter(
        stream.code
        for stream in tables.streams.rows
        for district in tables.districts.rows
        if (district.code, stream.code) not in present
    )
    for stream, count in sorted(absent.items()):
        yield f"Vraag: stroom {stream} heeft in {count} van de {len(tables.districts.rows)} wijken geen reeks."
    budgets = {(row.district, row.stream) for row in tables.last_budget.rows if row.amount is not None}
    missing = [
        f"{district.code} {stream.code}"
        for district in tables.districts.rows
        for stream in tables.streams.rows
        if (district.code, stream.code) not in budgets
    ]
    if missing:
        named = ", ".join(missing) if len(missing) <= _MOST_NAMED else f"{len(missing)} keer wijk en stroom"
        yield f"Vorig budget: onbekend en niet als nul gelezen: {named}."


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
    columns = (
        ("Tot bedrag", "up_to"),
        ("Besparing per euro", "saving"),
        ("Verzilverbaar", "cashable"),
        ("Aandeel gemeente", "municipal_share"),
    )
    for column, name in columns:
        unknown = [number for number, row in enumerate(tables.prevention.rows) if getattr(row, name) is None]
        if unknown:
            yield (
                f"Preventie: {column} van {_named(tables.prevention, unknown)} is onbekend en met 0 getoond;"
                " het programma telt niet mee."
            )
