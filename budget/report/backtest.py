"""The back-test for people: a verdict per stream, the scores behind it, and every year's actual beside its forecast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from budget.inputs import CITY, Inputs
from budget.report.cells import cells_of, known
from budget.report.provenance import imprint, year_provenance_table
from budget.report.verdicts import (
    EQUAL,
    NAIVE,
    OURS,
    PERIOD_NAMES,
    PROPHET,
    Verdict,
    sentences_of,
    verdicts_of,
)
from budget.tables import Cell, Chart, Column, Kind, RowStyle, Table
from budget.workbook.periods import period_label
from forecasts.backtest import CITY_LEVEL, DISTRICT_LEVEL, PERIOD_SPAN, YEAR_SPAN, summary
from forecasts.completion import completion_factors
from forecasts.history import Status, StreamHistory

_LEVELS = {DISTRICT_LEVEL: "wijk", CITY_LEVEL: "gemeente"}
_Row = tuple[Cell, ...]

SCORE_COLUMNS = (
    Column("Stroom", Kind.TEXT),
    Column("Niveau", Kind.TEXT, "wijk: elke wijk apart; gemeente: de wijken samen."),
    Column("Per", Kind.TEXT, "De tijd waarover is vergeleken: een maand (of kwartaal), of een heel jaar."),
    Column("Wijkgrootte", Kind.TEXT, "Cliënten per periode in het jaar vóór het moment van de prognose."),
    Column("Jaren vooruit", Kind.TEXT),
    Column("Methode", Kind.TEXT),
    Column("Uitkomsten", Kind.NUMBER, "Aantal vergelijkingen.", digits=0),
    Column("WAPE", Kind.SHARE, "Gemiddelde afwijking als deel van de cliënten; lager is beter."),
    Column(
        "MASE",
        Kind.NUMBER,
        "Gemiddelde afwijking, gedeeld door die van 'een jaar eerder' in het verleden.",
        digits=3,
    ),
    Column("RMSSE", Kind.NUMBER, "Als MASE, maar grote missers tellen zwaarder.", digits=3),
    Column("CRPS", Kind.NUMBER, "Afwijking van de hele kansverdeling, in de maat van MASE.", digits=3),
    Column("MASE t.o.v. vorig jaar", Kind.NUMBER, "Onder 1 is beter dan 'een jaar eerder'.", digits=3),
    Column("CRPS t.o.v. vorig jaar", Kind.NUMBER, "Onder 1 is beter dan 'een jaar eerder'.", digits=3),
    Column("Binnen 80 %-band", Kind.SHARE, "Hoort rond 80 % te liggen."),
    Column("Binnen 95 %-band", Kind.SHARE, "Hoort rond 95 % te liggen."),
)

YEAR_COLUMNS = (
    Column("Wijkcode", Kind.TEXT, "Wijkcode, of de gemeentecode: de wijken samen."),
    Column("Wijknaam", Kind.TEXT),
    Column("Stroom", Kind.TEXT),
    Column("Prognose na", Kind.TEXT, "De laatste maand die bij het maken van de prognose bekend was."),
    Column("Over", Kind.TEXT, "Het jaar dat is voorspeld."),
    Column("Werkelijk", Kind.NUMBER, "Cliëntjaren."),
    Column("Prognose", Kind.NUMBER, "Cliëntjaren, zoals ze toen zouden zijn verwacht."),
    Column("Verschil", Kind.NUMBER, "Werkelijk min Prognose."),
    Column("Verschil %", Kind.SHARE, "Verschil als deel van Prognose."),
    Column("Binnen 80 %-band", Kind.TEXT, attention='="nee"'),
    Column("Vorig jaar", Kind.NUMBER, "Als het jaar ervoor was aangehouden."),
    Column("Alleen Prophet", Kind.NUMBER),
)

STREAM_COLUMNS = (
    Column("Stroom", Kind.TEXT),
    Column("Naam", Kind.TEXT),
    Column(
        "Prognose", Kind.SHARE, "Gemiddelde afwijking van een jaar in een wijk, als deel van de cliënten."
    ),
    Column("Vorig jaar", Kind.SHARE, "Dezelfde afwijking als het jaar ervoor was aangehouden."),
    Column("Alleen Prophet", Kind.SHARE),
    Column(
        "Dichterbij dan vorig jaar", Kind.SHARE, "Hoeveel kleiner de afwijking is dan die van vorig jaar."
    ),
    Column("Dichterbij dan Prophet", Kind.SHARE),
    Column("Jaren", Kind.NUMBER, "Jaren in een wijk die zijn vergeleken.", digits=0),
    Column("Binnen 80 %-band", Kind.SHARE, "Hoort rond 80 % te liggen.", digits=0),
    Column("Marges", Kind.TEXT, "Of de band van 80 % past bij wat er gebeurde.", attention='="te smal"'),
    Column("Oordeel", Kind.TEXT, attention='="slechter dan vorig jaar"'),
)
_FITS = {"smal": "te smal", "ruim": "ruimer dan nodig", "passend": "passend", "onbekend": "te weinig jaren"}

OFFER_COLUMNS = (
    Column("Wijkcode", Kind.TEXT),
    Column("Stroom", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    Column(
        "Clienten",
        Kind.NUMBER,
        "Gemiddelde van het laatste waargenomen jaar, voorlopige aantallen aangevuld.",
    ),
    Column("Gebruik", Kind.TEXT),
    Column("Gewicht", Kind.NUMBER),
    Column("Bron", Kind.TEXT),
)


def backtest_tables(inputs: Inputs, outcomes: pd.DataFrame) -> tuple[Table, ...]:
    """Every sheet of a back-test. `outcomes` as `run_backtest` gives them."""
    verdicts = verdicts_of(inputs, outcomes)
    streams = _streams_table(verdicts)
    tables = (
        _verdict_table(inputs, verdicts, streams),
        streams,
        _scores_table(inputs, outcomes),
        _years_table(inputs, outcomes),
        *_offer(inputs, verdicts),
        year_provenance_table(inputs, None, tuple(_method_notes(outcomes))),
    )
    return tuple(replace(table, imprint=imprint(inputs)) for table in tables)


def _verdict_table(inputs: Inputs, verdicts: Sequence[Verdict], streams: Table) -> Table:
    columns = (
        Column("Stroom", Kind.TEXT, width=36),
        Column("Vergelijking", Kind.TEXT, width=36),
        Column("Prognose", Kind.SHARE, width=16),
        Column("Vorig jaar", Kind.SHARE, width=16),
        Column("Alleen Prophet", Kind.SHARE, width=16),
        Column("Binnen 80 %-band", Kind.SHARE, digits=0, width=18),
    )
    rows: list[_Row] = []
    styles: dict[int, RowStyle] = {}
    for verdict in verdicts:
        for sentence in sentences_of(verdict):
            styles[len(rows)] = RowStyle.SENTENCE
            rows.append((verdict.name, sentence, None, None, None, None))
        rows.extend(_numbers(verdict))
    title = f"Terugtoets: hoe goed was de prognose van {inputs.municipality.name}?"
    chart = Chart(
        "Hoeveel dichter bij de werkelijkheid dan 'vorig jaar', per stroom (jaren per wijk)",
        cells_of(streams, "Naam"),
        cells_of(streams, "Dichterbij dan vorig jaar"),
    )
    return Table("Oordeel", title, columns, rows, styles, page=True, chart=chart)


def _numbers(verdict: Verdict) -> Iterator[_Row]:
    """How far off, as a share of the clients, on average."""
    compared = {
        (DISTRICT_LEVEL, PERIOD_SPAN): f"Afwijking per wijk en {verdict.period}",
        (DISTRICT_LEVEL, YEAR_SPAN): "Afwijking per wijk en jaar",
        (CITY_LEVEL, YEAR_SPAN): "Afwijking wijken samen, per jaar",
    }
    if verdict.period == "jaar":
        del compared[DISTRICT_LEVEL, PERIOD_SPAN]
    for (level, span), name in compared.items():
        if (level, span, OURS) in verdict.missed:
            missed = (verdict.missed.get((level, span, method)) for method in (OURS, NAIVE, PROPHET))
            yield verdict.name, name, *missed, verdict.inside80[level, span, OURS][0]


def _streams_table(verdicts: Sequence[Verdict]) -> Table:
    rows: list[_Row] = []
    for verdict in verdicts:
        missed = [
            verdict.missed.get((DISTRICT_LEVEL, YEAR_SPAN, method)) for method in (OURS, NAIVE, PROPHET)
        ]
        gain = verdict.nearer(DISTRICT_LEVEL, YEAR_SPAN, NAIVE)
        prophet = verdict.nearer(DISTRICT_LEVEL, YEAR_SPAN, PROPHET)
        found = verdict.margins
        inside = found.inside / found.n if found.n else None
        fit = _FITS[found.fit] if found.n else "niet getoetst"
        rows.append((verdict.code, verdict.name, *missed, gain, prophet, found.n, inside, fit, _grade(gain)))
    title = "De prognose per stroom: jaren per wijk"
    return Table("Stromen", title, STREAM_COLUMNS, rows, frozen_columns=2)


def _grade(gain: float | None) -> str:
    if gain is None:
        return "niet getoetst"
    if gain == 0:
        return "gelijk aan vorig jaar"
    return "beter dan vorig jaar" if gain > 0 else "slechter dan vorig jaar"


def _scores_table(inputs: Inputs, outcomes: pd.DataFrame) -> Table:
    """All streams together, then every stream: as a whole, by size of the district, and by years ahead."""
    yearly = [history.stream for history in inputs.history.streams if history.periods_per_year == 1]
    outcomes = outcomes[(outcomes["span"] == YEAR_SPAN) | ~outcomes["stream"].isin(yearly)]
    rows: list[_Row] = []
    for by in ([], ["size"], ["ahead"], ["stream"], ["stream", "size"], ["stream", "ahead"]):
        if "ahead" in by and outcomes["ahead"].nunique() == 1:
            continue
        tested = outcomes[outcomes["level"] == DISTRICT_LEVEL] if "size" in by else outcomes
        rows.extend(_score_row(score, inputs) for score in summary(tested, by=by).to_dict("records"))
    rows.sort(key=lambda row: (row[0] != "alle", row[0], row[1] != "wijk", *row[2:5]))
    title = "Scores van de terugtoets, per stroom, wijkgrootte en horizon"
    return Table("Scores", title, SCORE_COLUMNS, rows, frozen_columns=6)


def _score_row(score: Mapping[object, object], inputs: Inputs) -> _Row:
    stream = str(score.get("stream", "alle"))
    periods = {history.stream: PERIOD_NAMES[history.periods_per_year] for history in inputs.history.streams}
    usual = "/".join(dict.fromkeys(period for period in periods.values() if period != "jaar"))
    measures = ("wape", "mase", "rmsse", "crps", "mase_relative", "crps_relative", "cover80", "cover95")
    exact = {measure: float(str(score[measure])) for measure in measures}
    if exact["mase_relative"] and exact["mase"] / exact["mase_relative"] < EQUAL:
        exact |= {"mase_relative": np.nan, "crps_relative": np.nan}
    return (
        stream,
        _LEVELS[str(score["level"])],
        "jaar" if score["span"] == YEAR_SPAN else periods.get(stream, usual),
        str(score.get("size", "alle")),
        str(score.get("ahead", "alle")),
        {OURS: "prognose", NAIVE: "een jaar eerder", PROPHET: "alleen Prophet"}[str(score["method"])],
        int(str(score["n"])),
        *(_finite(value) for value in exact.values()),
    )


def _finite(value: float) -> float | None:
    return None if np.isinf(value) else known(round(value, 6))


def _years_table(inputs: Inputs, outcomes: pd.DataFrame) -> Table:
    """Actual against forecast, a row per stream, place, moment and year."""
    names = {district.code: district.name for district in inputs.districts} | {CITY: "Stadsbreed"}
    histories = {history.stream: history for history in inputs.history.streams}
    keys = ["stream", "level", "district", "origin", "ahead"]
    years = outcomes[outcomes["span"] == YEAR_SPAN]
    forecasts = years.pivot_table(index=keys, columns="method", values="forecast").to_dict("index")
    ours = years[years["method"] == OURS].set_index(keys)
    town = inputs.municipality
    rows: list[_Row] = []
    for (stream, level, district, origin, ahead), actual, inside in zip(
        ours.index, ours["actual"], ours["inside80"], strict=True
    ):
        of_town = level == CITY_LEVEL
        by_method = forecasts[stream, level, district, origin, ahead]
        expected = round(float(by_method[OURS]), 3)
        difference = round(float(actual) - expected, 3)
        rows.append(
            (
                town.code if of_town else district,
                town.name if of_town else names[district],
                stream,
                origin,
                _span_ahead(histories[stream], origin, int(ahead)),
                round(float(actual), 3),
                expected,
                difference,
                difference / expected if expected else None,
                "ja" if inside else "nee",
                *(known(round(float(by_method.get(method, np.nan)), 3)) for method in (NAIVE, PROPHET)),
            )
        )
    rows.sort(key=lambda row: (row[2], row[0] != town.code, row[0], row[3], row[4]))
    title = "Werkelijk tegenover prognose, per jaar en wijk"
    return Table("Werkelijk en prognose", title, YEAR_COLUMNS, rows, frozen_columns=5)


def _span_ahead(history: StreamHistory, origin: str, ahead: int) -> str:
    """The year of periods that lies `ahead` years after a moment: `2025`, or from month to month."""
    season, moment = history.periods_per_year, pd.Period(origin, freq="M").end_time
    start = int((history.periods.end_time <= moment).sum()) + (ahead - 1) * season
    first, last = history.periods[start], history.periods[start + season - 1]
    if first.start_time.month == 1:
        return str(first.year)
    return f"{period_label(first)} t/m {period_label(last)}"


def _offer(inputs: Inputs, verdicts: Sequence[Verdict]) -> Iterator[Table]:
    """Last year as a second opinion, in the columns of the input, for the streams that it serves better."""
    worse = {verdict.code for verdict in verdicts if verdict.worse}
    rows: list[_Row] = []
    for history in inputs.history.streams:
        if history.stream not in worse:
            continue
        factor, _ = completion_factors(history)
        raised = np.where(history.status == Status.PROVISIONAL, history.clients * factor, history.clients)
        last_year = raised[:, -history.periods_per_year :]
        for district, counts in zip(inputs.history.districts, last_year, strict=True):
            if np.isfinite(counts).any():
                clients = round(float(np.nanmean(counts)), 3)
                rows += [
                    (district, history.stream, year, clients, "gebruiken", None, "vorig jaar (terugtoets)")
                    for year in inputs.years
                ]
    if rows:
        title = "Vorig jaar als tweede mening, om in de invoer te plakken"
        yield Table("Tweede mening", title, OFFER_COLUMNS, rows, frozen_columns=3)


def _method_notes(outcomes: pd.DataFrame) -> Iterator[str]:
    moments = ", ".join(sorted(outcomes["origin"].unique()))
    yield f"De prognose is opnieuw gemaakt met wat bekend was na {moments}, en vergeleken met wat volgde."
    yield "Bevolkingsaantallen zijn genomen zoals ze nu in de invoer staan, ook waar dat toen een prognose was."
    yield "Onderdrukte en voorlopige aantallen zijn geen uitkomst om mee te vergelijken; afgeleide wel."
    yield (
        "Een jaar eerder: elke maand (of elk kwartaal) zoals een jaar ervoor; over een heel jaar is dat vorig jaar."
        " Alleen Prophet: zonder bevolking, andere modellen en samenhang."
    )
    yield "De wijken samen zijn die waarvan elke periode bekend is."
