"""Jaarbeeld and Maanden: the year that ends, against its budget, with what is still to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from budget.inputs import CITY, FREE, Inputs
from budget.report.cells import letter
from budget.report.forecast import ALL_STREAMS
from budget.tables import Cell, Column, Formula, Kind, RowStyle, Table
from budget.year.months_to_come import Origin
from budget.year.year_end import Tally, YearSoFar

ORIGIN_WORDS: dict[Origin, str] = {
    Origin.DEFINITIVE: "definitief",
    Origin.PROVISIONAL: "voorlopig",
    Origin.FORECAST: "prognose",
    Origin.RUN_RATE: "doorgetrokken",
    Origin.UNKNOWN: "onbekend",
    Origin.ABSENT: "geen lasten",
}
_LATE_NOTE = "Nog te boeken op voorlopige maanden: facturen komen na."
_AHEAD_NOTE = (
    "Maanden zonder boeking, geschat: prognose × tarief, of het gemiddelde van de laatste twaalf maanden."
)

YEAR_COLUMNS = (
    Column("Wijkcode", Kind.TEXT, "Wijkcode, STAD voor stadsbreed, of de gemeentecode voor alles samen."),
    Column("Wijknaam", Kind.TEXT),
    Column("Stroom", Kind.TEXT, "TOTAAL is alle stromen samen."),
    Column("Jaar", Kind.YEAR),
    Column("Budget", Kind.CENTS, "Uit Vorig budget. Leeg is onbekend."),
    Column("Geboekt definitief", Kind.CENTS),
    Column("Geboekt voorlopig", Kind.CENTS),
    Column("Nakomende facturen", Kind.CENTS, _LATE_NOTE),
    Column("Nog niet geboekt", Kind.CENTS, _AHEAD_NOTE),
    Column("Verwachte jaarlast", Kind.CENTS, "De vier kolommen hiervoor samen."),
    Column(
        "Overschot",
        Kind.CENTS,
        "Budget min verwachte jaarlast; onder nul is een overschrijding.",
        attention="<0",
    ),
    Column("P10", Kind.CENTS, "Van het overschot: kans van 10 % dat het lager uitvalt."),
    Column("P50", Kind.CENTS, "Van het overschot: even waarschijnlijk hoger als lager."),
    Column("P90", Kind.CENTS, "Van het overschot: kans van 10 % dat het hoger uitvalt."),
    Column("Kans op overschrijding", Kind.SHARE, digits=0),
    Column("Waar het op rust", Kind.TEXT, "Hoe de twaalf maanden tot stand kwamen.", width=44),
)

MONTH_COLUMNS = (
    *YEAR_COLUMNS[:3],
    Column("Periode", Kind.TEXT),
    Column("Budget", Kind.CENTS, "Het jaarbudget in twaalf gelijke delen."),
    Column("Geboekt", Kind.CENTS),
    Column("Nakomende facturen", Kind.CENTS, _LATE_NOTE),
    Column("Nog niet geboekt", Kind.CENTS, _AHEAD_NOTE),
    Column("Verwacht", Kind.CENTS, "De drie kolommen hiervoor samen."),
    Column("P10", Kind.CENTS, "Van de maandlast: kans van 10 % dat zij lager uitvalt."),
    Column("P50", Kind.CENTS),
    Column("P90", Kind.CENTS, "Van de maandlast: kans van 10 % dat zij hoger uitvalt."),
    Column("Budget t/m maand", Kind.CENTS),
    Column("Verwacht t/m maand", Kind.CENTS),
    Column("P10 t/m maand", Kind.CENTS),
    Column("P90 t/m maand", Kind.CENTS),
    Column("Herkomst", Kind.TEXT, "Wat de maand is; bij een som de minst zekere van haar delen."),
)


def year_table(year: YearSoFar, inputs: Inputs) -> Table:
    """The city per stream and in all, then every area (and STAD) per stream and in all; totals are live sums."""
    n_streams = len(year.streams)
    first_area = 2 + n_streams + 1
    last = first_area + len(year.places) * (n_streams + 1) - 1
    rows: list[tuple[Cell, ...]] = []
    styles: dict[int, RowStyle] = {}
    for s in range(n_streams):
        row = len(rows) + 2
        rows.append(_sum_row(year, inputs, None, s, row, _per_stream(first_area, last, row)))
    for p in (None, *range(len(year.places))):
        if p is not None:
            rows += [_cell_row(year, inputs, p, s, len(rows) + 2 + s) for s in range(n_streams)]
        styles[len(rows)] = RowStyle.TOTAL
        row = len(rows) + 2
        rows.append(_sum_row(year, inputs, p, None, row, f"SUM({{0}}{row - n_streams}:{{0}}{row - 1})"))
    title = f"Jaarbeeld {year.year}: budget, lasten en wat nog komt"
    return Table("Jaarbeeld", title, YEAR_COLUMNS, rows, styles, frozen_columns=3)


def months_table(year: YearSoFar, inputs: Inputs) -> Table:
    """Twelve rows for the city and every place, in all and per stream."""
    rows: list[tuple[Cell, ...]] = []
    everything = list(range(len(year.streams)))
    for p in (None, *range(len(year.places))):
        places = list(range(len(year.places))) if p is None else [p]
        for s in (None, *everything):
            label = ALL_STREAMS if s is None else year.streams[s]
            streams = everything if s is None else [s]
            if year.budget[np.ix_(places, streams)].any() or _spends(year, places, streams):
                rows.extend(
                    _months(year, (*place_labels(year, inputs, p), label), places, streams, len(rows) + 2)
                )
    title = f"Maanden {year.year}: lasten tegenover budget"
    return Table("Maanden", title, MONTH_COLUMNS, rows, frozen_columns=4)


def rests_on(year: YearSoFar, places: Sequence[int], streams: Sequence[int]) -> str:
    """How twelve months came about: `maanden: 6 definitief, 2 voorlopig, 4 prognose`."""
    counts = Counter(_month_origins(year, places, streams))
    if counts[Origin.ABSENT] == len(year.months):
        return ORIGIN_WORDS[Origin.ABSENT]
    parts = [f"{counts[kind]} {word}" for kind, word in ORIGIN_WORDS.items() if counts[kind]]
    return "maanden: " + ", ".join(parts)


def _month_origins(year: YearSoFar, places: Sequence[int], streams: Sequence[int]) -> list[Origin]:
    """The least certain origin of each month among the cells that spend."""
    origin = year.origin[np.ix_(places, streams)].reshape(-1, len(year.months))
    spending = np.where(origin == Origin.ABSENT, -1, origin).max(axis=0)
    return [Origin.ABSENT if kind < 0 else Origin(kind) for kind in spending.tolist()]


def _spends(year: YearSoFar, places: Sequence[int], streams: Sequence[int]) -> bool:
    return bool((year.origin[np.ix_(places, streams)] != Origin.ABSENT).any())


def place_labels(year: YearSoFar, inputs: Inputs, p: int | None) -> tuple[str, str]:
    """Code and name of a place; None is the municipality."""
    if p is None:
        return inputs.municipality.code, inputs.municipality.name
    code = year.places[p]
    names = {district.code: district.name for district in inputs.districts} | {CITY: "Stadsbreed"}
    return code, names[code]


def _cell_row(year: YearSoFar, inputs: Inputs, p: int, s: int, row: int) -> tuple[Cell, ...]:
    tally = year.tally([p], [s])
    known = bool(year.budget_known[p, s])
    amounts: list[Cell] = [tally.budget if known else None, *_parts(year, tally, [p], [s])]
    why = "vrije ruimte in het budget" if year.streams[s] == FREE else rests_on(year, [p], [s])
    return (
        *place_labels(year, inputs, p),
        year.streams[s],
        year.year,
        *amounts,
        *_outcome(tally, row, known),
        why,
    )


def _sum_row(
    year: YearSoFar, inputs: Inputs, p: int | None, s: int | None, row: int, formula: str
) -> tuple[Cell, ...]:
    """A row of sums (p or s None: all of them); `formula` has {0} for the letter of the column that it sums."""
    places = list(range(len(year.places))) if p is None else [p]
    streams = list(range(len(year.streams))) if s is None else [s]
    tally = year.tally(places, streams)
    parts = (tally.budget, *_parts(year, tally, places, streams))
    amounts = [
        None if cents is None else Formula("=" + formula.format(letter(YEAR_COLUMNS, column.name)), cents)
        for column, cents in zip(YEAR_COLUMNS[4:9], parts, strict=True)
    ]
    stream = ALL_STREAMS if s is None else year.streams[s]
    why = rests_on(year, places, streams)
    return (
        *(*place_labels(year, inputs, p), stream, year.year),
        *(*amounts, *_outcome(tally, row, tally.budget is not None), why),
    )


def _parts(
    year: YearSoFar, tally: Tally, places: Sequence[int], streams: Sequence[int]
) -> tuple[int | None, ...]:
    """Booked and still to be booked; blank what no month speaks of."""
    origin = year.origin[np.ix_(places, streams)]
    provisional = bool((origin == Origin.PROVISIONAL).any())
    estimated = bool(((origin == Origin.FORECAST) | (origin == Origin.RUN_RATE)).any())
    return (
        tally.definitive if (origin == Origin.DEFINITIVE).any() else None,
        tally.provisional if provisional else None,
        tally.late if provisional else None,
        tally.ahead if estimated else None,
    )


def _per_stream(first: int, last: int, row: int) -> str:
    """The sum over the areas of the stream that this row names, for any column."""
    streams = letter(YEAR_COLUMNS, "Stroom")
    return f"SUMIFS({{0}}${first}:{{0}}${last},${streams}${first}:${streams}${last},${streams}{row})"


def _outcome(tally: Tally, row: int, budget_known: bool) -> tuple[Cell, ...]:
    """Expected outturn, surplus, its band and the chance of an overrun; blank where a part is unknown."""
    at = {column.name: letter(YEAR_COLUMNS, column.name) for column in YEAR_COLUMNS}
    expected: Cell = None
    if tally.expected is not None:
        parts = f"{at['Geboekt definitief']}{row}:{at['Nog niet geboekt']}{row}"
        expected = Formula(f"=SUM({parts})", tally.expected)
    if tally.surplus is None or tally.band is None or not budget_known:
        return (expected, None, None, None, None, None)
    difference = f"=ROUND({at['Budget']}{row}-{at['Verwachte jaarlast']}{row},2)"
    return (expected, Formula(difference, tally.surplus), *tally.band, tally.overrun_chance)


def _months(
    year: YearSoFar, labels: tuple[str, ...], places: list[int], streams: list[int], row: int
) -> Iterator[tuple[Cell, ...]]:
    cells = np.ix_(places, streams)
    booked, late, ahead = (part[cells].sum(axis=(0, 1)) for part in (year.booked, year.late, year.ahead))
    origins = _month_origins(year, places, streams)
    spends = (year.origin[cells] != Origin.ABSENT).any(axis=2)
    budget_known = bool((year.budget_known[cells] | ~spends).all())
    budget = year.month_budget()[cells].sum(axis=(0, 1))
    draws = year.monthly_draws(places, streams)
    band, grown = (
        np.rint(np.quantile(part, (0.1, 0.5, 0.9), axis=1)).astype(np.int64)
        for part in (draws, draws.cumsum(axis=0))
    )
    known = np.asarray((year.origin[cells] <= Origin.PROVISIONAL).any(axis=(0, 1)))
    expected, unknown = booked + late + ahead, False
    first, last = letter(MONTH_COLUMNS, "Geboekt"), letter(MONTH_COLUMNS, "Nog niet geboekt")
    for m, month in enumerate(year.months):
        unknown |= origins[m] is Origin.UNKNOWN
        blank = origins[m] is Origin.UNKNOWN
        yield (
            *(*labels, month, int(budget[m]) if budget_known else None),
            *(int(cents[m]) if known[m] else None for cents in (booked, late)),
            int(ahead[m]) if origins[m] >= Origin.FORECAST and not blank else None,
            None if blank else Formula(f"=SUM({first}{row + m}:{last}{row + m})", int(expected[m])),
            *(None if blank else int(cents) for cents in band[:, m]),
            int(budget[: m + 1].sum()) if budget_known else None,
            None if unknown else int(expected[: m + 1].sum()),
            *(None if unknown else int(cents) for cents in grown[[0, 2], m]),
            ORIGIN_WORDS[origins[m]],
        )
