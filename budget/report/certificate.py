"""Certificaat: the proof of a plan, in words and packed, so that its workbook can be rechecked without a solver."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from math import ceil

from budget.certified_sheets import Sheet, Value
from budget.certify import CELLS, DATA, PART, PROOF, SHEET
from budget.money import format_share, group_thousands
from budget.plan import Plan
from budget.report.cells import value_of
from budget.report.sheet_layout import as_text
from budget.tables import Cell, Column, Formula, Kind, Table
from optimiser.allocation import Certificate
from optimiser.model import DISCOUNT

COLUMNS = (
    Column(PART, Kind.TEXT),
    Column("Deel", Kind.NUMBER, digits=0),
    Column("Uitleg", Kind.TEXT, width=110),
    Column(DATA, Kind.TEXT, "Het bewijs zelf, ingepakt; alleen voor het narekenen."),
)
_FOR_PEOPLE = 3
"""Columns in words; the packed proof is not printed."""
_CHUNK = 8_000
"""Characters of packed text in a cell; a cell holds 32,767."""
_ESTIMATES = ("Prognose", "Opbouw prognose", "Tweede mening")
"""Sheets that the plan starts from; it decides none of their numbers."""


def certificate_table(plan: Plan, tables: Sequence[Table]) -> Table:
    """What is proven of these tables, and the proof itself; a plan without a proof says so."""
    proof = plan.allocation.certificate
    words: list[tuple[Cell, ...]] = [("Certificaat", None, "Dit plan heeft geen certificaat.", None)]
    rows = words
    if proof is not None:
        covered = {table.sheet: _sheet(table) for table in tables if table.sheet not in _ESTIMATES}
        text = json.dumps({name: sheet.packed() for name, sheet in covered.items()}, ensure_ascii=False)
        cells = zlib.compress(text.encode(), 6)
        words = [(part, None, text, None) for part, text in _in_words(plan, proof, covered, cells)]
        rows = [*words, *_packed(PROOF, proof.packed), *_packed(CELLS, cells)]
    title = "Certificaat: wat van dit plan bewezen is"
    return Table(SHEET, title, COLUMNS, rows, on_paper=(len(words), _FOR_PEOPLE))


def at_most(cents: float) -> str:
    """The proven distance from the best plan, rounded up to a hundredth of a cent.

    >>> at_most(0.0012), at_most(-0.5), at_most(12.341)
    ('0,01 cent', '0,00 cent', '12,35 cent')
    """
    return group_thousands(f"{max(0, ceil(cents * 100 - 1e-9)) / 100:,.2f}") + " cent"


def _in_words(
    plan: Plan, proof: Certificate, covered: dict[str, Sheet], cells: bytes
) -> Iterator[tuple[str, str | None]]:
    """What is proven and what is not, how to check it, and of what."""
    content, passed = proof.content, sum(finding.holds for finding in plan.findings)
    n_cells = sum(len(row) for sheet in covered.values() for row in sheet.rows)
    yield (
        "Bewezen",
        f"Geen enkel plan dat zich aan deze regels houdt, heeft een gewogen tekort op het basispakket dat meer dan "
        f"{at_most(proof.cents)} lager is dan dat van dit plan.",
    )
    yield (
        "Narekenen",
        "gebiedsbudget certify met de naam van deze werkmap: vergelijkt elke cel van de bladen hieronder, rekent elke "
        "regel na in hele centen, en rekent de ondergrens na. Zonder oplosser: alleen met optellen en "
        "vermenigvuldigen van gehele getallen en breuken.",
    )
    yield (
        "Bewijst",
        "dat de bedragen zijn zoals het plan ze maakte, dat zij elke regel van het programma houden, en dat geen "
        f"verdeling een kleiner tekort geeft, gewogen met de prioriteit van de stroom en "
        f"{format_share(1 - DISCOUNT, digits=0)} minder per later jaar, en gerekend met besparingen en basispakketten "
        "voordat die op hele centen zijn afgerond.",
    )
    yield (
        "Bewijst niet",
        "dat de invoer en de prognose kloppen, dat de regels zijn wat de raad besloot, of wie deze werkmap opstelde: "
        "het is een narekening, geen handtekening. Blad Controles rekent de regels na vanuit de invoer; blad Herkomst "
        "noemt de vingerafdruk van de invoer.",
    )
    yield "Controles", f"{passed} van {len(plan.findings)} narekeningen op blad Controles zijn goed."
    yield (
        "Omvang",
        f"{len(content['columns'])} kolommen en {len(content['rows'])} regels in het programma; {n_cells} cellen op "
        f"{len(covered)} bladen: {', '.join(covered)}. De bladen met prognoses vallen erbuiten.",
    )
    yield "SHA-256 bewijs", hashlib.sha256(proof.packed).hexdigest()
    yield "SHA-256 bladen", hashlib.sha256(cells).hexdigest()
    yield "SHA-256 invoer", plan.inputs.provenance.sha256


def _packed(part: str, content: bytes) -> Iterator[tuple[Cell, ...]]:
    text = base64.b64encode(content).decode()
    for number, start in enumerate(range(0, len(text), _CHUNK), start=1):
        yield part, number, None, text[start : start + _CHUNK]


def _sheet(table: Table) -> Sheet:
    """A table as a reader will find it."""
    formulas = {
        (row, at): cell.text
        for row, cells in enumerate(table.rows)
        for at, cell in enumerate(cells)
        if isinstance(cell, Formula)
    }
    rows = tuple(tuple(map(_kept, cells)) for cells in table.rows)
    columns = tuple((column.name, column.kind) for column in table.columns)
    return Sheet(columns, rows, table.page, formulas)


def _kept(cell: Cell) -> Value:
    value = value_of(cell)
    return (as_text(value) or None) if isinstance(value, str) else value
