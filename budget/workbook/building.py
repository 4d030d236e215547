"""From checked rows to the inputs: whole cents, arrays, codes in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import pandas as pd

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
from budget.workbook.crosswalk import in_todays_districts
from budget.workbook.doubts import doubts
from budget.workbook.periods import as_period, frequency_of, number_of
from budget.workbook.row_models import DEFAULT_WEIGHT, DemandRow, MunicipalityRow, Shape
from budget.workbook.rule_names import RULE_BY_NAME
from budget.workbook.typed_tables import TypedTables
from budget.workbook.used_defaults import default_basic_package, used_defaults
from forecasts.demand import OutsideForecast
from forecasts.history import Event, FloatArray, History, Population, Status, StreamHistory
from optimiser.problem import Strategy, strategy_named

_STATUS = {
    "definitief": Status.FINAL,
    "voorlopig": Status.PROVISIONAL,
    "onderdrukt": Status.SUPPRESSED,
    "afgeleid": Status.DERIVED,
}
_SHAPE: dict[Shape, Literal["step", "ramp", "pulse"]] = {"stap": "step", "helling": "ramp", "puls": "pulse"}


def build_inputs(tables: TypedTables, provenance: Provenance, boundaries: Mapping[str, Any] | None) -> Inputs:
    """The inputs of tables without faults; `provenance.defaults` is completed with what is decided here."""
    today, notes = in_todays_districts(tables)
    building = _Building(today)
    warnings = tuple(doubts(tables))
    defaults = (*warnings, *provenance.defaults, *used_defaults(tables, today), *notes)
    return Inputs(
        municipality=building.municipality(),
        districts=building.districts,
        streams=building.streams(),
        population=building.population(),
        history=building.history(),
        tariffs=building.tariffs(),
        funding=building.funding(),
        last_budget=building.last_budget(),
        provenance=Provenance(provenance.file_name, provenance.sha256, defaults, warnings),
        indices=building.indices(),
        norm=building.norm(),
        prevention=building.prevention(),
        rules=building.rules(),
        reserves=building.reserves(),
        contracts=building.contracts(),
        actuals=building.actuals(),
        outside=building.outside(),
        strategy=building.strategy(),
        boundaries=boundaries,
    )


class _Building:
    def __init__(self, tables: TypedTables) -> None:
        self._tables = tables
        self._fields: MunicipalityRow = tables.municipality.rows[0]
        self._factor = tables.factor
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

    def strategy(self) -> Strategy:
        fields, named = self._fields, strategy_named(self._fields.strategy)
        return replace(
            named,
            risk_weight=named.risk_weight if fields.risk_weight is None else fields.risk_weight,
            confidence=named.confidence if fields.confidence is None else fields.confidence,
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
                basic_package=default_basic_package(row.kind)
                if row.basic_package is None
                else row.basic_package,
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
        totals: dict[str, list[DemandRow]] = defaultdict(list)
        whole = self._tables.whole
        for row in demand:
            (totals if row.district in whole else per_stream)[row.stream].append(row)
        streams = sorted(self._tables.streams.rows, key=lambda row: row.code)
        return History(
            districts=codes,
            quarters=tuple(quarters[code] for code in codes),
            streams=tuple(
                _stream_history(row.code, row.age_group, codes, per_stream[row.code], totals[row.code])
                for row in streams
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

    def outside(self) -> tuple[OutsideForecast, ...]:
        weights = {"vergelijken": 0.0, "gebruiken": 1.0}
        return tuple(
            OutsideForecast(
                district=row.district,
                stream=row.stream,
                year=row.year,
                clients=row.clients,
                weight=weights.get(row.use, DEFAULT_WEIGHT if row.weight is None else row.weight),
                source=row.source or "",
            )
            for row in self._tables.second_opinion.rows
        )


class _Places(dict[Any, int]):
    """The place of every label on its axis."""

    def __init__(self, labels: Sequence[object]) -> None:
        super().__init__((label, place) for place, label in enumerate(labels))


def _stream_history(
    stream: str,
    age_group: str,
    districts: Sequence[str],
    rows: Sequence[DemandRow],
    totals: Sequence[DemandRow],
) -> StreamHistory:
    """The series of every district from the first to the last period of any; NaN where unknown or suppressed.

    `totals` are the published counts of the whole municipality; outside the periods of the districts they say nothing.
    """
    first = min((row.period for row in rows), key=number_of)
    last = max((row.period for row in rows), key=number_of)
    periods = pd.period_range(as_period(first), as_period(last), freq=frequency_of(first))
    start = number_of(first)
    place = _Places(districts)
    clients = np.full((len(districts), len(periods)), np.nan)
    status = np.zeros(clients.shape, dtype=np.int8)
    for row in rows:
        cell = place[row.district], number_of(row.period) - start
        status[cell] = _STATUS[row.status]
        if row.clients is not None and row.status != "onderdrukt":
            clients[cell] = row.clients
    return StreamHistory(stream, age_group, periods, clients, status, _totals(totals, start, len(periods)))


def _totals(rows: Sequence[DemandRow], start: int, n_periods: int) -> FloatArray | None:
    """(periods,) the published totals from period number `start` on; None where there are none."""
    if not rows:
        return None
    totals = np.full(n_periods, np.nan)
    for row in rows:
        at = number_of(row.period) - start
        if row.clients is not None and 0 <= at < n_periods:
            totals[at] = row.clients
    return totals
