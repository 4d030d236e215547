"""Tweede mening: what others expect beside our own forecast, and what the plan goes on with."""

from __future__ import annotations

from budget.inputs import CITY, Inputs
from budget.tables import Cell, Column, Kind, Table
from forecasts.demand import Comparison, Demand

_DIGITS = 3

COLUMNS = (
    Column("Wijkcode", Kind.TEXT, "Wijkcode, STAD (zonder wijk) of de gemeentecode."),
    Column("Wijknaam", Kind.TEXT),
    Column("Stroom", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    Column("P10", Kind.NUMBER, "Eigen prognose: kans van 10 % dat het lager uitvalt."),
    Column("Verwacht", Kind.NUMBER, "Eigen prognose in cliëntjaren, zonder de tweede mening."),
    Column("P90", Kind.NUMBER, "Eigen prognose: kans van 10 % dat het hoger uitvalt."),
    Column("Tweede mening", Kind.NUMBER, "Cliëntjaren volgens de bron."),
    Column("Verschil", Kind.NUMBER, "Tweede mening min Verwacht."),
    Column("Verschil %", Kind.SHARE, "Verschil als deel van Verwacht."),
    Column(
        "Buiten 80 %-band",
        Kind.TEXT,
        "ja: lager dan P10 of hoger dan P90, dus verrassend.",
        attention='="ja"',
    ),
    Column("Gebruik", Kind.TEXT, "vergelijken, mengen of gebruiken; een begonnen jaar is alleen vergeleken."),
    Column("Gewicht", Kind.NUMBER, "Gewicht van de tweede mening, 0 tot en met 1.", digits=2),
    Column("Gerekend met", Kind.NUMBER, "Waar het plan mee verder gaat."),
    Column("Bron", Kind.TEXT, width=40),
)


def second_opinion_tables(inputs: Inputs, demand: Demand) -> tuple[Table, ...]:
    """The sheet, in the order of stream, place and year; nothing where nobody else was heard."""
    if not demand.second_opinion:
        return ()
    names = {district.code: district.name for district in inputs.districts}
    names |= {inputs.municipality.code: inputs.municipality.name, CITY: "Stadsbreed"}
    rows = [_row(comparison, names[comparison.outside.district]) for comparison in demand.second_opinion]
    title = "Tweede mening: een andere prognose naast de eigen"
    return (Table("Tweede mening", title, COLUMNS, rows, frozen_columns=4),)


def _row(comparison: Comparison, name: str) -> tuple[Cell, ...]:
    outside, expected = comparison.outside, round(comparison.expected, _DIGITS)
    difference = round(outside.clients - expected, _DIGITS)
    return (
        outside.district,
        name,
        outside.stream,
        outside.year,
        round(comparison.p10, _DIGITS),
        expected,
        round(comparison.p90, _DIGITS),
        outside.clients,
        difference,
        difference / expected if expected else None,
        "ja" if comparison.surprising else "nee",
        _use(comparison),
        comparison.weight,
        round(comparison.used, _DIGITS),
        outside.source or None,
    )


def _use(comparison: Comparison) -> str:
    if comparison.begun and comparison.outside.weight > 0:
        return "vergelijken (jaar begonnen)"
    return {0.0: "vergelijken", 1.0: "gebruiken"}.get(comparison.weight, "mengen")
