"""Opbouw prognose: what the expected demand of every district, stream and year is made of, in parts that add up.

    part of a year = sum of the part over the forecast periods of that year / periods of that year
    already seen   = expected - sum of the parts, in a year that had begun

Parts are rounded to thousandths of a client by largest remainder, so that their sum is Verwacht of sheet Prognose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from budget.inputs import Inputs
from budget.report.cells import letter
from budget.tables import Cell, Column, Formula, Kind, RowStyle, Table
from forecasts.decomposition import (
    COMPLETION,
    EVENTS,
    GROWTH,
    LEVEL,
    NEVER_NEGATIVE,
    RECONCILIATION,
    SEASON,
    TODAY,
    TREND,
)
from forecasts.demand import Demand, StreamDemand
from forecasts.history import StreamHistory
from forecasts.second_opinion import SECOND_OPINION

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_DIGITS = 3
_UNIT = 10**_DIGITS
"""Whole numbers here are thousandths of a client, as in sheet Prognose."""
_SEEN = "al waargenomen"

PLACE_COLUMNS = (
    Column("Wijkcode", Kind.TEXT, "Wijkcode of gemeentecode; STAD is zonder wijk."),
    Column("Wijknaam", Kind.TEXT),
    Column("Stroom", Kind.TEXT),
    Column("Jaar", Kind.YEAR, "Alle getallen zijn cliëntjaren in dit kalenderjaar."),
)
_PARTS = {
    _SEEN: ("Al waargenomen", "Wat de maanden die al bekend zijn bijdragen aan een jaar dat is begonnen."),
    LEVEL: ("Niveau", "Het gemiddelde van het laatste waargenomen jaar, zoals aangeleverd."),
    COMPLETION: ("Aanvulling", "Wat bij voorlopige aantallen nog binnenkomt."),
    TODAY: (
        "Herleiding tot vandaag",
        "Het laatste jaar omgerekend naar de bevolking van nu, zonder gebeurtenissen en breuken die al"
        " doorwerkten.",
    ),
    TREND: ("Trend", "Wat de modellen aan blijvende groei of daling zien, los van de bevolking."),
    SEASON: ("Seizoen", "Drukke en rustige maanden; over een heel jaar vrijwel nul."),
    GROWTH: ("Groei leeftijdsgroep", "Wat de groei of krimp van de leeftijdsgroep verklaart."),
    EVENTS: ("Gebeurtenissen", "Het effect van het blad Gebeurtenissen."),
    RECONCILIATION: ("Optelling", "Zodat de wijken samen op de prognose van de stad uitkomen."),
    NEVER_NEGATIVE: (
        "Nooit onder nul",
        "Trekkingen onder nul tellen als nul; ook wat het gemiddelde van de trekkingen afwijkt.",
    ),
    SECOND_OPINION: ("Tweede mening", "Wat een prognose van buiten eraan verandert."),
}
"""Column and note of every part, in the order of the sheet."""

EXPECTED, CHECK = "Verwacht", "Controle"


def forecast_parts_tables(inputs: Inputs, demand: Demand, forecast: Table) -> tuple[Table, ...]:
    """The sheet: a row per district, stream and calendar year, and one for the city under its districts.

    `forecast` is the sheet Prognose, whose expected values the parts add up to. Nothing where no forecast tells its
    parts.
    """
    told = [stream for stream in demand.streams if stream.parts]
    if not told:
        return ()
    names = [name for name in _PARTS if name == _SEEN or any(name in stream.parts for stream in told)]
    columns = (
        *PLACE_COLUMNS,
        *(
            Column(heading, Kind.NUMBER, note, digits=_DIGITS)
            for heading, note in (_PARTS[name] for name in names)
        ),
        Column(EXPECTED, Kind.NUMBER, "De som van de delen.", digits=_DIGITS),
        Column(
            CHECK,
            Kind.NUMBER,
            "De som van de delen min Verwacht op blad Prognose; hoort nul te zijn.",
            digits=_DIGITS,
            attention="<>0",
        ),
    )
    places = _places(inputs, demand)
    histories = {history.stream: history for history in inputs.history.streams}
    cells = _cells_of_years(forecast)
    rows: list[tuple[Cell, ...]] = []
    styles: dict[int, RowStyle] = {}
    for stream in told:
        expected = [[cells[stream.stream, code, str(year)] for year in stream.years] for code, _ in places]
        yearly, begun = _of_years(stream, histories[stream.stream], names)
        parts = _with_city(_rounded(yearly, begun, _values(expected)))
        for place, own, at in zip(places, parts.tolist(), expected, strict=True):
            for year, amounts, (prognose, value) in zip(stream.years, own, at, strict=True):
                if place is places[-1]:
                    styles[len(rows)] = RowStyle.TOTAL
                rows.append(
                    (*place, stream.stream, year, *_sums(columns, len(rows) + 2, amounts, prognose, value))
                )
    title = "Waar de prognose vandaan komt: delen die samen Verwacht zijn"
    return (Table("Opbouw prognose", title, columns, rows, styles, frozen_columns=len(PLACE_COLUMNS)),)


def _places(inputs: Inputs, demand: Demand) -> list[tuple[str, str]]:
    """Code and name of every district, then of the city."""
    names = {district.code: district.name for district in inputs.districts}
    districts = [(code, names.get(code, "Stadsbreed")) for code in demand.districts]
    return [*districts, (inputs.municipality.code, inputs.municipality.name)]


def _cells_of_years(forecast: Table) -> Mapping[tuple[Cell, Cell, Cell], tuple[str, int]]:
    """Stream, place and year -> the cell of sheet Prognose and what is expected there, in thousandths.

    Parts of town are left out: their names are not codes.
    """
    level, stream, code, period, expected = (
        forecast.column_index(name) for name in ("Niveau", "Stroom", "Wijkcode", "Periode", EXPECTED)
    )
    at = letter(forecast.columns, EXPECTED)
    return {
        (row[stream], row[code], row[period]): (
            f"{forecast.sheet}!${at}${line}",
            round(float(str(row[expected])) * _UNIT),
        )
        for line, row in enumerate(forecast.rows, start=2)
        if len(str(row[period])) == 4 and row[level] != "stadsdeel"
    }


def _values(expected: Sequence[Sequence[tuple[str, int]]]) -> IntArray:
    """What is expected of the districts (districts, years); the city, which comes last, is their sum."""
    return np.array([[value for _, value in own] for own in expected[:-1]], dtype=np.int64)


def _of_years(
    stream: StreamDemand, history: StreamHistory, names: Sequence[str]
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """The parts per calendar year (districts, years, parts), in client-years, and which years had begun (years,).

    What was seen already, the first part, is left at zero.
    """
    ahead = _in_year(stream.periods, stream.years)
    n_seen = _in_year(history.periods, stream.years).sum(axis=1)
    shares = (ahead / (ahead.sum(axis=1) + n_seen)[:, None]).T
    none = np.zeros(stream.draws.shape[:2])
    return np.stack([stream.parts.get(name, none) @ shares for name in names], axis=-1), n_seen > 0


def _in_year(periods: pd.PeriodIndex, years: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Which periods (columns) belong to which years (rows)."""
    belongs: npt.NDArray[np.bool_] = np.array(years)[:, None] == np.asarray(periods.year)
    return belongs


def _rounded(parts: FloatArray, begun: npt.NDArray[np.bool_], expected: IntArray) -> IntArray:
    """The parts in whole thousandths that add up to `expected` (districts, years).

    Where a year had begun, the first part takes what the others leave.
    """
    exact = np.round(parts * _UNIT, 6)
    exact[..., 0] = np.where(begun, expected - exact.sum(axis=-1), 0.0)
    whole = np.floor(exact)
    short = expected - whole.sum(axis=-1)
    rank = np.argsort(np.argsort(whole - exact, axis=-1, kind="stable"), axis=-1)
    raised: IntArray = (whole + (rank < short[..., None])).astype(np.int64)
    return raised


def _with_city(parts: IntArray) -> IntArray:
    """The districts' parts with those of the city, their sum, as a last row."""
    return np.concatenate([parts, parts.sum(axis=0, keepdims=True)])


def _sums(
    columns: Sequence[Column], row: int, amounts: Sequence[int], prognose: str, expected: int
) -> Iterator[Cell]:
    """The parts of one row, their sum as a formula, and how far that is from a cell of sheet Prognose."""
    first, last = letter(columns, columns[len(PLACE_COLUMNS)].name), letter(columns, columns[-3].name)
    yield from (amount / _UNIT for amount in amounts)
    total = sum(amounts)
    yield Formula(f"=ROUND(SUM({first}{row}:{last}{row}),3)", total / _UNIT)
    yield Formula(f"=ROUND({letter(columns, EXPECTED)}{row}-{prognose},3)", (total - expected) / _UNIT)
