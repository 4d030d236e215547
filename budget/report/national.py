"""The summary of a national run: every municipality, every year, every fault, and how to make it again."""

from __future__ import annotations

from collections.abc import Sequence

from budget.national.run import Result, YearTotals
from budget.report.cells import letter
from budget.report.provenance import software_version
from budget.tables import Cell, Column, Formula, Kind, Table

_MUNICIPALITIES = (
    Column("Gemeentecode", Kind.TEXT),
    Column("Gemeente", Kind.TEXT),
    Column("Bestand", Kind.TEXT, "Plaats in de map met invoer"),
    Column(
        "Uitkomst",
        Kind.TEXT,
        "plan, fouten (zie blad Fouten), strijdige regels, of mislukt",
        attention='<>"plan"',
    ),
    Column("Wijken", Kind.NUMBER, digits=0),
    Column("Middelen", Kind.CENTS, "Alle planjaren samen"),
    Column("Gebieden", Kind.CENTS, "Gebiedsbudgetten, alle planjaren samen"),
    Column("Tekort", Kind.CENTS, "Basispakket dat niet is gedekt", attention=">0"),
    Column("Niet gedekte lasten", Kind.CENTS, "Verwachte lasten die niet zijn gedekt, gebieden en stad"),
    Column("Controles fout", Kind.NUMBER, "Zie blad Controles in de werkmap", digits=0, attention=">0"),
    Column("Melding", Kind.TEXT, width=90),
    Column("Werkmap", Kind.TEXT, "Plaats in de map met plannen; leeg: in deze berekening niet gemaakt"),
    Column("SHA-256", Kind.TEXT, "Vingerafdruk van de invoer", width=20),
)
_IN = {"Middelen": "funding", "Reserve eraf": "reserve_out"}
_OUT = {
    "Gebieden": "areas",
    "Stadsbreed": "city",
    "Buffer": "buffer",
    "Reserve erbij": "reserve_in",
    "Niet besteed": "unspent",
}
_WITHIN = {
    "Preventie": "prevention",
    "Vrij": "free",
    "Tekort": "shortfall",
    "Niet gedekte lasten": "gap",
}
_NOTES = {
    "Preventie": "Binnen Gebieden",
    "Vrij": "Binnen Gebieden: nog niet toegewezen",
    "Tekort": "Basispakket dat niet is gedekt",
    "Niet gedekte lasten": "Verwachte lasten die niet zijn gedekt, gebieden en stad",
}
_YEARS = (
    Column("Gemeentecode", Kind.TEXT),
    Column("Gemeente", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    *(Column(name, Kind.CENTS) for name in (*_IN, *_OUT)),
    Column(
        "Verschil",
        Kind.CENTS,
        "Middelen en reserve min alles waar het geld blijft: altijd nul",
        attention="<>0",
    ),
    *(Column(name, Kind.CENTS, _NOTES[name]) for name in _WITHIN),
    Column("Bestand", Kind.TEXT),
)
_FAULTS = tuple(Column(name, Kind.TEXT) for name in ("Bestand", "Blad", "Cel", "Verwacht", "Gevonden"))


def national_tables(
    results: Sequence[Result], *, n_draws: int, seed: int, strategy: str = ""
) -> tuple[Table, ...]:
    """The sheets Gemeenten, Jaren, Fouten and Herkomst."""
    return (
        _municipalities_table(results),
        _years_table(results),
        _faults_table(results),
        _provenance_table(len(results), n_draws, seed, strategy),
    )


def _municipalities_table(results: Sequence[Result]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            result.code,
            result.municipality,
            result.name,
            result.outcome,
            result.n_districts or None,
            *(_total(result, field) for field in ("funding", "areas", "shortfall", "gap")),
            result.failed_checks if result.years else None,
            _message(result, results),
            result.workbook,
            result.sha256,
        )
        for result in results
    ]
    planned = sum(result.outcome == "plan" for result in results)
    return Table("Gemeenten", f"{planned} van {len(results)} gemeenten gepland", _MUNICIPALITIES, rows)


def _total(result: Result, field: str) -> int | None:
    return sum(getattr(year, field) for year in result.years) if result.years else None


def _message(result: Result, results: Sequence[Result]) -> str:
    """What went wrong; and that another file is about the same municipality, which would then count twice."""
    twins = [other.name for other in results if other.code == result.code != "" and other.name != result.name]
    again = f"gemeentecode {result.code} staat ook in {', '.join(twins)}" if twins else ""
    return "; ".join(filter(None, (result.message, again)))


def _years_table(results: Sequence[Result]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            result.code,
            result.municipality,
            totals.year,
            *(getattr(totals, field) for field in (*_IN.values(), *_OUT.values())),
            _difference(row, totals),
            *(getattr(totals, field) for field in _WITHIN.values()),
            result.name,
        )
        for row, (result, totals) in enumerate(
            ((result, totals) for result in results for totals in result.years), start=2
        )
    ]
    return Table("Jaren", "Elke gemeente per jaar", _YEARS, rows, frozen_columns=3)


def _difference(row: int, totals: YearTotals) -> Formula:
    coming, going = ("+".join(f"{letter(_YEARS, name)}{row}" for name in names) for names in (_IN, _OUT))
    value = sum(getattr(totals, field) for field in _IN.values()) - sum(
        getattr(totals, field) for field in _OUT.values()
    )
    return Formula(f"=ROUND({coming}-({going}),2)", value)


def _faults_table(results: Sequence[Result]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (result.name, fault.sheet, fault.cell, fault.wanted, fault.found)
        for result in results
        for fault in result.faults
    ]
    return Table("Fouten", "Fouten in de invoer", _FAULTS, rows)


def _provenance_table(n_files: int, n_draws: int, seed: int, strategy: str) -> Table:
    rows: list[tuple[Cell, ...]] = [
        ("Programmaversie", software_version()),
        ("Gemeenten", str(n_files)),
        ("Trekkingen", str(n_draws)),
        ("Startgetal", str(seed)),
        ("Strategie", strategy or "zoals in elke invoer"),
        ("Afwegingen", "niet berekend: een plan van één gemeente zet andere strategieën ernaast"),
    ]
    columns = (Column("Gegeven", Kind.TEXT), Column("Waarde", Kind.TEXT))
    return Table("Herkomst", "Waarvan dit is gemaakt", columns, rows)
