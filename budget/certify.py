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

from budget.certified_sheets import Found, Sheet, as_found, deviations, read_sheets
from budget.inputs import CITY, FREE, PREVENTION
from budget.money import format_cents, group_thousands
from optimiser.check_certificate import cents_from_the_best

SHEET = "Certificaat"
PROOF, CELLS = "Bewijs", "Bladen"
PART, DATA = "Onderdeel", "Gegevens"
_LARGEST = 2**29
"""Bytes that a packed text may unpack to."""

Key = tuple[str, ...]


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
    found = read_sheets(path)
    if found is None:
        raise NotCertified("dit bestand is niet te lezen als werkmap of JSON van een plan.")
    proof, sheets = _unpacked(found, PROOF), _unpacked(found, CELLS)
    try:
        original = {name: Sheet.of(content) for name, content in sheets.items()}
        changed = tuple(text for name, sheet in original.items() for text in deviations(name, sheet, found))
        amounts = _amounts(proof)
        unproven = tuple(_unproven(proof, amounts, original))
        on_sheets = amounts | _on_sheets(proof, found, original["Gebiedsbudgetten"])
        broken = tuple(_broken(proof, on_sheets))
        return Verdict(
            changed=changed,
            unproven=unproven,
            broken=broken,
            cents=cents_from_the_best(proof),
            n_sheets=len(original),
            n_cells=sum(len(row) for sheet in original.values() for row in sheet.rows),
            n_rules=sum(1 for _ in _checked_rules(proof, amounts)),
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


def _amounts(proof: Mapping[str, Any]) -> dict[int, int]:
    """Column -> its cents in the proof."""
    return {i: int(cents) for i, cents in enumerate(proof["amounts"]) if cents is not None}


def _cells(sheet: Sheet, amount: str, *key: str) -> dict[Key, int]:
    """The cents of one column of a sheet, by the text of others."""
    at, places = sheet.column(amount), [sheet.column(name) for name in key]
    return {tuple(str(row[place]) for place in places): int(row[at] or 0) for row in sheet.rows}


def _unproven(
    proof: Mapping[str, Any], amounts: Mapping[int, int], sheets: Mapping[str, Sheet]
) -> Iterator[str]:
    """Amounts on the sheets as they were made that are not those of the proof."""
    for where, cents, wanted in _pairs(proof, amounts, sheets):
        if cents != wanted:
            yield f"{where}: {format_cents(cents)} op het blad, {format_cents(wanted)} in het bewijs"
    yield from _untrue_shortfall(proof, amounts)
    weighted = sum((Fraction(proof["columns"][i][0]) * cents for i, cents in amounts.items()), Fraction(0))
    if weighted != Fraction(proof["value"]):
        stated = float(Fraction(proof["value"]))
        yield f"het gewogen tekort is {float(weighted):.2f} cent op de bladen, {stated:.2f} in het bewijs"


def _pairs(
    proof: Mapping[str, Any], amounts: Mapping[int, int], sheets: Mapping[str, Sheet]
) -> Iterator[tuple[str, int, int]]:
    """(where, cents on the sheet, cents in the proof) of everything that both state."""
    of: dict[Key, int] = {}
    for i, cents in amounts.items():
        kind, *place = (str(part) for part in proof["names"][i])
        place = [*place[:3], place[4]] if kind == "prevention" else place
        key = (kind, place[-1]) if kind in ("reserve_in", "reserve_out") else (kind, *place)
        of[key] = of.get(key, 0) + cents
    budgets = _cells(sheets["Gebiedsbudgetten"], "Bedrag", "Wijkcode", "Stroom", "Jaar")
    short = _cells(sheets["Gebiedsbudgetten"], "Tekort", "Wijkcode", "Stroom", "Jaar")
    for (area, stream, year), cents in budgets.items():
        where = f"Gebiedsbudgetten, {area} {stream} {year}"
        if stream == PREVENTION:
            spent = sum(
                amount
                for key, amount in of.items()
                if (key[0], key[1], key[-1]) == ("prevention", area, year)
            )
            yield where, cents, spent - _reinvested(proof, area, year)
        elif (area, stream) == (CITY, FREE):
            yield where, cents, of["unspent", year] + _ring_fenced_left(proof, amounts, year)
        elif stream == FREE:
            yield where, cents, of["free", area, year]
        else:
            paid_for: Key = ("city", stream, year) if area == CITY else ("budget", area, stream, year)
            yield where, cents, of[paid_for]
            lack: Key = ("city_short", stream, year) if area == CITY else ("short", area, stream, year)
            yield where + " (Tekort)", short[area, stream, year], of[lack]
    for (area, year), cents in _cells(sheets["Plafonds"], "Plafond", "Wijkcode", "Jaar").items():
        yield f"Plafonds, {area} {year}", cents, of["ceiling", area, year]
    for column, kind_ in (
        ("Buffer", "buffer"),
        ("Reserve erbij", "reserve_in"),
        ("Reserve eraf", "reserve_out"),
    ):
        for (year,), cents in _cells(sheets["Budgetsluitend"], column, "Jaar").items():
            yield f"Budgetsluitend, {column} {year}", cents, of.get((kind_, year), 0)
    for key, wanted in of.items():
        if key[0] == "pays":
            _, code, streams, payee, year = key
            paid = _cells(sheets["Bronnen"], f"Aan {payee}", "Bron", "Soort", "Jaar", "Stromen")
            yield f"Bronnen, {code} aan {payee} {year}", paid[code, "bron", year, streams], wanted


def _rules(proof: Mapping[str, Any]) -> Iterator[tuple[list[Any], list[Any]]]:
    yield from zip(proof["rules"], proof["rows"], strict=True)


def _reinvested(proof: Mapping[str, Any], area: str, year: str) -> int:
    """What an area spends on prevention on top of its budget: the side of the row that adds the budget up."""
    return sum(
        int(low)
        for (rule, when, where, *_), (low, _, _) in _rules(proof)
        if (rule, str(when), where) == ("gebiedsbudget", year, area)
    )


def _ring_fenced_left(proof: Mapping[str, Any], amounts: Mapping[int, int], year: str) -> int:
    """What ring-fenced sources could not pay in a year."""
    left = 0
    for (rule, when, _, stream, _), (_, high, terms) in _rules(proof):
        if rule == "geoormerkt" and stream is None and str(when) == year:
            left += int(high) - sum(amounts[i] for i, _ in terms)
    return left


def _untrue_shortfall(proof: Mapping[str, Any], amounts: Mapping[int, int]) -> Iterator[str]:
    """Shortfalls that are not what the row of their claim says, but for the rounding of savings and packages."""
    names, columns, rows = proof["names"], proof["columns"], list(_rules(proof))
    limit = {
        tuple(rule[1:4]): (high, terms)
        for rule, (low, high, terms) in rows
        if rule[0] == "verwachte_lasten" and low is None
    }
    for rule, (low, _, terms) in rows:
        if rule[0] != "verwachte_lasten" or low is None:
            continue
        kinds = {names[i][0]: i for i, _ in terms if names[i] is not None}
        short, paid = kinds.get("short", kinds.get("city_short")), kinds.get("budget", kinds.get("city"))
        saved = [
            (i, factor) for i, factor in terms if i not in (short, paid, kinds["gap"], kinds.get("extra"))
        ]
        if short is None or paid is None or any(i not in amounts for i, _ in saved):
            continue
        left = Fraction(low) - _total(saved, amounts)
        above = Fraction(columns[kinds["gap"]][2])
        if (place := tuple(rule[1:4])) in limit:
            high, parts = limit[place]
            above = Fraction(high) - _total([part for part in parts if part[0] in amounts], amounts)
        if abs(max(Fraction(0), left - above - amounts[paid]) - amounts[short]) > 1 + len(saved):
            yield f"Tekort {' '.join(map(str, place))}: niet wat het bewijs eronder verstaat"


def _total(terms: list[list[Any]] | list[tuple[int, str]], amounts: Mapping[int, int]) -> Fraction:
    return sum((Fraction(factor) * amounts[i] for i, factor in terms), start=Fraction(0))


def _on_sheets(proof: Mapping[str, Any], found: Mapping[str, Found], sheet: Sheet) -> dict[int, int]:
    """Column -> its cents as the file has them now, of the amounts that stand on Gebiedsbudgetten."""
    if "Gebiedsbudgetten" not in found:
        return {}
    rows = tuple(values for _, values in as_found(sheet, found["Gebiedsbudgetten"]))
    area, stream, year, amount = (sheet.column(name) for name in ("Wijkcode", "Stroom", "Jaar", "Bedrag"))
    now = {
        (str(row[area]), str(row[stream]), str(row[year])): row[amount]
        for row in rows
        if isinstance(row[amount], int)
    }
    amounts = {}
    for i, name in enumerate(proof["names"]):
        kind, *place = (str(part) for part in name or ("",))
        key = {"city": (CITY, *place), "free": (place[0], FREE, place[-1]) if place else ()}.get(
            kind, tuple(place)
        )
        if kind in ("budget", "city", "free") and key in now:
            amounts[i] = int(now[key] or 0)
    return amounts


def _checked_rules(
    proof: Mapping[str, Any], amounts: Mapping[int, int]
) -> Iterator[tuple[list[Any], list[Any]]]:
    """The rules of which every amount is decided in whole cents."""
    for rule, row in _rules(proof):
        if rule[4] and all(i in amounts for i, _ in row[2]):
            yield rule, row


def _broken(proof: Mapping[str, Any], amounts: Mapping[int, int]) -> Iterator[str]:
    """The rules that these amounts break, by how much and where."""
    for i, cents in amounts.items():
        if cents < 0:
            yield f"{' '.join(map(str, proof['names'][i]))}: {format_cents(cents)} is negatief"
    for rule, (low, high, terms) in _checked_rules(proof, amounts):
        total = _total(terms, amounts)
        short = max(
            Fraction(low) - total if low is not None else 0, total - Fraction(high) if high is not None else 0
        )
        if short > 0:
            place = " ".join(str(part) for part in rule[1:4] if part is not None)
            yield f"regel {rule[0]} {place}: gemist met {format_cents(-(-short.numerator // short.denominator))}"


def sentences(verdict: Verdict, most: int = 40) -> Iterator[str]:
    """The verdict in Dutch, at most so many places of each kind."""
    cells = f"{_count(verdict.n_cells)} cellen op {verdict.n_sheets} bladen"
    unchanged = f"Bladen: {cells} zijn zoals het plan ze maakte."
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
