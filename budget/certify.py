"""Recheck a plan from its output alone, without a solver: sheets against certificate, rules, and the bound.

The sheet `Certificaat` carries two packed texts: the programme with its amounts and prices (see
`optimiser.certificate`), and every cell of the sheets that the plan decides. What is checked, in whole numbers:

    the cells of the sheets are what they were when the plan was made
    the amounts on them are the amounts in the programme
    every rule of the programme holds for these amounts, in cents
    the shortfall on the sheets is what the programme calls shortfall, and no plan has less (see check_certificate)
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

from budget.certified_amounts import amounts_on_sheets, broken_rules, checked_rules, proven_amounts, unproven
from budget.certified_sheets import Found, Sheet, deviations, read_sheets
from budget.faults import FaultyInput
from budget.money import group_thousands
from optimiser.check_certificate import cents_from_the_best

SHEET = "Certificaat"
PROOF, CELLS = "Bewijs", "Bladen"
PART, DATA = "Onderdeel", "Gegevens"
_UNREADABLE = "dit bestand is niet te lezen als werkmap of JSON van een plan"
_LARGEST = 2**29
"""Bytes that a packed text may unpack to."""


class NotCertified(Exception):
    """There is no certificate to check, or it cannot be read; the message is a Dutch sentence."""


@dataclass(frozen=True)
class Verdict:
    """What rechecking found; the texts are Dutch, and empty when all is well."""

    changed: tuple[str, ...]
    """Cells that are not what they were, with their address."""
    unproven: tuple[str, ...]
    """Amounts that are not those of the proof."""
    broken: tuple[str, ...]
    """Rules that the amounts on the sheets break."""
    cents: Fraction
    """No plan has a weighted shortfall that is more than this many cents less."""
    n_sheets: int
    n_cells: int
    n_rules: int

    @property
    def holds(self) -> bool:
        """Whether this is the plan that was proven."""
        return not (self.changed or self.unproven or self.broken)


def certify(path: Path) -> Verdict:
    """Recheck the output of a plan (`.xlsx`, or `.json` of `--json`). Raises NotCertified, OSError."""
    try:
        found = read_sheets(path)
    except FaultyInput as refused:
        raise NotCertified(f"{_UNREADABLE}: {refused.faults[0].found}.") from refused
    if found is None:
        raise NotCertified(f"{_UNREADABLE}.")
    proof, sheets = _unpacked(found, PROOF), _unpacked(found, CELLS)
    try:
        original = {name: Sheet.of(content) for name, content in sheets.items()}
        changed = tuple(text for name, sheet in original.items() for text in deviations(name, sheet, found))
        amounts = proven_amounts(proof)
        untrue = tuple(unproven(proof, amounts, original))
        on_sheets = amounts | amounts_on_sheets(proof, found, original["Gebiedsbudgetten"])
        broken = tuple(broken_rules(proof, on_sheets))
        return Verdict(
            changed=changed,
            unproven=untrue,
            broken=broken,
            cents=cents_from_the_best(proof),
            n_sheets=len(original),
            n_cells=sum(len(row) for sheet in original.values() for row in sheet.rows),
            n_rules=sum(1 for _ in checked_rules(proof, amounts)),
        )
    except (KeyError, IndexError, TypeError, ValueError, ZeroDivisionError) as error:
        raise NotCertified("het certificaat is beschadigd.") from error


def _unpacked(found: Mapping[str, Found], part: str) -> dict[str, Any]:
    """One of the packed texts of the certificate."""
    if SHEET not in found:
        raise NotCertified(f"er is geen blad {SHEET}, dus er valt niets na te rekenen.")
    sheet = found[SHEET]
    parts, data = sheet.column(PART), sheet.column(DATA)
    text = "".join(
        str(row[data]) for row in sheet.rows if data is not None and parts is not None and row[parts] == part
    )
    try:
        stream = zlib.decompressobj()
        content = stream.decompress(base64.b64decode(text, validate=True), _LARGEST)
        unpacked = json.loads(content)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise NotCertified(f"het onderdeel {part} van blad {SHEET} ontbreekt of is beschadigd.") from error
    if not isinstance(unpacked, dict):
        raise NotCertified(f"het onderdeel {part} van blad {SHEET} is beschadigd.")
    return unpacked


def sentences(verdict: Verdict, most: int = 40) -> Iterator[str]:
    """The verdict in Dutch, at most so many places of each kind."""
    cells = f"{_count(verdict.n_cells)} cellen op {verdict.n_sheets} bladen"
    unchanged = f"Bladen: {cells} zijn zoals het plan ze maakte (prognoses vallen erbuiten)."
    yield from _part(unchanged, "Bladen: met de hand gewijzigd", verdict.changed, most)
    same = "Bewijs: de bedragen op de bladen zijn die van het bewijs."
    yield from _part(same, "Bewijs: past niet bij de bladen", verdict.unproven, most)
    rules = f"{_count(verdict.n_rules)} regels nagerekend in hele centen"
    yield from _part(
        f"Regels: {rules}, alle gehouden.", f"Regels: {rules}, niet gehouden", verdict.broken, most
    )
    if verdict.holds:
        better = group_thousands(f"{max(0, ceil(verdict.cents * 100)) / 100:,.2f}")
        yield f"Beste: geen plan heeft een gewogen tekort dat meer dan {better} cent lager is."
    else:
        yield "Dit is niet het plan dat bewezen is."


def _part(well: str, wrong: str, places: tuple[str, ...], most: int) -> Iterator[str]:
    if not places:
        yield well
        return
    yield f"{wrong}, {_count(len(places))}:"
    yield from (f"  {place}" for place in places[:most])
    if len(places) > most:
        yield f"  ... en nog {_count(len(places) - most)}"


def _count(number: int) -> str:
    return group_thousands(f"{number:,}")
