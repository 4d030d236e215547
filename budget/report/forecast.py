"""Prognose: the demand forecast with its uncertainty, at every level, from one set of joint samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from budget.inputs import Inputs
from budget.tables import Cell, Column, Kind, Table
from budget.workbook.periods import period_label
from forecasts.demand import Demand, StreamDemand

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

ALL_STREAMS = "TOTAAL"
SUMMED = "som van dezelfde steekproeven"

_QUANTILES = (0.1, 0.5, 0.9)
_DIGITS = 3
"""Decimals of a client; expected values are whole numbers of this unit, so that they add up exactly."""

COLUMNS = (
    Column("Niveau", Kind.TEXT, "wijk, stadsdeel of gemeente."),
    Column("Wijkcode", Kind.TEXT, "Wijkcode, naam van het stadsdeel of gemeentecode; STAD is zonder wijk."),
    Column("Wijknaam", Kind.TEXT),
    Column(
        "Stroom",
        Kind.TEXT,
        f"{ALL_STREAMS} telt cliënten van alle stromen op: wie in twee stromen zit, telt dan twee keer.",
    ),
    Column("Periode", Kind.TEXT, "Maand (2027-03), kwartaal (2027-K1) of kalenderjaar (2027)."),
    Column("P10", Kind.NUMBER, "Kans van 10 % dat het lager uitvalt."),
    Column("P50", Kind.NUMBER, "Even waarschijnlijk hoger als lager."),
    Column("P90", Kind.NUMBER, "Kans van 10 % dat het hoger uitvalt."),
    Column("Verwacht", Kind.NUMBER, "Gemiddelde; telt op elk niveau op. Per kalenderjaar in cliëntjaren."),
    Column("Methode", Kind.TEXT),
)


@dataclass(frozen=True)
class _Series:
    """Every place of one stream and level: shapes (places, periods), the draws along the last axis of `draws`."""

    draws: FloatArray
    expected: IntArray
    """In units of 10 ** -_DIGITS client."""


def forecast_table(inputs: Inputs, demand: Demand) -> Table:
    """Districts, parts of town and the city per stream, and the city over all streams.

    The quantiles of a sum are those of the sums of the same draws; expected values add up exactly.
    """
    rows: list[tuple[Cell, ...]] = []
    cities: list[tuple[tuple[str, ...], _Series]] = []
    for stream in demand.streams:
        labels, districts = _series(stream)
        names = {district.code: district.name for district in inputs.districts}
        places = [("wijk", code, names.get(code, "Stadsbreed")) for code in demand.districts]
        rows.extend(_rows(stream.stream, labels, places, stream.methods, districts))
        quarters = sorted({quarter for quarter in demand.quarters if quarter})
        if quarters:
            members = np.array(
                [[own == quarter for own in demand.quarters] for quarter in quarters], dtype=float
            )
            places = [("stadsdeel", quarter, quarter) for quarter in quarters]
            rows.extend(
                _rows(stream.stream, labels, places, [SUMMED] * len(quarters), _summed(districts, members))
            )
        city = _summed(districts, np.ones((1, len(demand.districts))))
        rows.extend(_rows(stream.stream, labels, [_city(inputs)], [SUMMED], city))
        cities.append((labels, city))
    if cities:
        labels, everything = _over_streams(cities)
        rows.extend(_rows(ALL_STREAMS, labels, [_city(inputs)], [SUMMED], everything))
    title = "Prognose van cliënten per gebied en stroom, met onzekerheid"
    return Table("Prognose", title, COLUMNS, rows, frozen_columns=5)


def _city(inputs: Inputs) -> tuple[str, str, str]:
    return "gemeente", inputs.municipality.code, inputs.municipality.name


def _series(stream: StreamDemand) -> tuple[tuple[str, ...], _Series]:
    """Labels of the periods, months or quarters first, then calendar years, and the districts' series."""
    yearly = stream.yearly.astype(np.float64)
    labels = tuple(str(year) for year in stream.years)
    draws = yearly
    if stream.periods.freqstr[0] != "Y":
        labels = (*(period_label(period) for period in stream.periods), *labels)
        draws = np.concatenate([stream.draws.astype(np.float64), yearly], axis=1)
    expected = np.rint(draws.mean(axis=-1) * 10**_DIGITS).astype(np.int64)
    return labels, _Series(draws, expected)


def _summed(series: _Series, members: FloatArray) -> _Series:
    """Sums over places; `members` (sums, places) holds 1 where a place belongs to a sum."""
    draws = np.tensordot(members, series.draws, axes=(1, 0))
    return _Series(draws, members.astype(np.int64) @ series.expected)


def _over_streams(cities: list[tuple[tuple[str, ...], _Series]]) -> tuple[tuple[str, ...], _Series]:
    """The sum over streams, for the periods that all of them have."""
    common = [label for label in cities[0][0] if all(label in labels for labels, _ in cities)]
    columns = [[labels.index(label) for label in common] for labels, _ in cities]
    draws = sum(city.draws[:, at] for (_, city), at in zip(cities, columns, strict=True))
    expected = sum(city.expected[:, at] for (_, city), at in zip(cities, columns, strict=True))
    return tuple(common), _Series(np.asarray(draws), np.asarray(expected))


def _rows(
    stream: str,
    labels: Iterable[str],
    places: Iterable[tuple[str, str, str]],
    methods: Iterable[str],
    series: _Series,
) -> Iterator[tuple[Cell, ...]]:
    quantiles = np.round(np.quantile(series.draws, _QUANTILES, axis=-1), _DIGITS)
    numbers = np.stack([*quantiles, series.expected / 10**_DIGITS], axis=-1).tolist()
    periods = list(labels)
    for place, method, cells in zip(places, methods, numbers, strict=True):
        for period, values in zip(periods, cells, strict=True):
            yield (*place[:3], stream, period, *values, method)
