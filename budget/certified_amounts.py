"""The amounts of a proof against the sheets, and against the rules of its own programme, in whole cents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from budget.certified_sheets import Found, Sheet, as_found
from budget.inputs import CITY, FREE, PREVENTION
from budget.money import format_cents

Key = tuple[str, ...]
"""A kind of amount, and its place."""
Pair = tuple[str, int, int]
"""Where, cents on the sheet, cents in the proof."""
_BALANCE = {"Buffer": "buffer", "Reserve erbij": "reserve_in", "Reserve eraf": "reserve_out"}
"""Columns of Budgetsluitend, and what the proof calls them."""


def proven_amounts(proof: Mapping[str, Any]) -> dict[int, int]:
    """Column -> its cents in the proof."""
    return {i: int(cents) for i, cents in enumerate(proof["amounts"]) if cents is not None}


def amounts_on_sheets(proof: Mapping[str, Any], found: Mapping[str, Found], sheet: Sheet) -> dict[int, int]:
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


def unproven(
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
) -> Iterator[Pair]:
    """Everything that both the sheets and the proof state."""
    proven = _totals(proof, amounts)
    yield from _budget_pairs(proof, amounts, proven, sheets["Gebiedsbudgetten"])
    for (area, year), cents in _cells(sheets["Plafonds"], "Plafond", "Wijkcode", "Jaar").items():
        yield f"Plafonds, {area} {year}", cents, proven["ceiling", area, year]
    balance = sheets["Budgetsluitend"]
    for column, kind in _BALANCE.items():
        for (year,), cents in _cells(balance, column, "Jaar").items():
            yield f"Budgetsluitend, {column} {year}", cents, proven.get((kind, year), 0)
    for key, wanted in proven.items():
        if key[0] == "pays":
            _, code, streams, payee, year = key
            paid = _cells(sheets["Bronnen"], f"Aan {payee}", "Bron", "Soort", "Jaar", "Stromen")
            yield f"Bronnen, {code} aan {payee} {year}", paid[code, "bron", year, streams], wanted


def _totals(proof: Mapping[str, Any], amounts: Mapping[int, int]) -> dict[Key, int]:
    """The cents of the proof by kind and place: segments of one programme together, and all reserves."""
    totals: dict[Key, int] = {}
    for i, cents in amounts.items():
        kind, *place = (str(part) for part in proof["names"][i])
        place = [*place[:3], place[4]] if kind == "prevention" else place
        key = (kind, place[-1]) if kind in ("reserve_in", "reserve_out") else (kind, *place)
        totals[key] = totals.get(key, 0) + cents
    return totals


def _budget_pairs(
    proof: Mapping[str, Any], amounts: Mapping[int, int], proven: Mapping[Key, int], sheet: Sheet
) -> Iterator[Pair]:
    """The rows of Gebiedsbudgetten, and the shortfall of those that have one."""
    short = _cells(sheet, "Tekort", "Wijkcode", "Stroom", "Jaar")
    for (area, stream, year), cents in _cells(sheet, "Bedrag", "Wijkcode", "Stroom", "Jaar").items():
        where = f"Gebiedsbudgetten, {area} {stream} {year}"
        if stream == PREVENTION:
            of_area = ("prevention", area, year)
            spent = sum(amount for key, amount in proven.items() if (*key[:2], key[-1]) == of_area)
            yield where, cents, spent - _reinvested(proof, area, year)
        elif (area, stream) == (CITY, FREE):
            yield where, cents, proven["unspent", year] + _ring_fenced_left(proof, amounts, year)
        elif stream == FREE:
            yield where, cents, proven["free", area, year]
        else:
            paid_for: Key = ("city", stream, year) if area == CITY else ("budget", area, stream, year)
            yield where, cents, proven[paid_for]
            lack: Key = ("city_short", stream, year) if area == CITY else ("short", area, stream, year)
            yield where + " (Tekort)", short[area, stream, year], proven[lack]


def _cells(sheet: Sheet, amount: str, *key: str) -> dict[Key, int]:
    """The cents of one column of a sheet, by the text of others."""
    at, places = sheet.column(amount), [sheet.column(name) for name in key]
    return {tuple(str(row[place]) for place in places): int(row[at] or 0) for row in sheet.rows}


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


def broken_rules(proof: Mapping[str, Any], amounts: Mapping[int, int]) -> Iterator[str]:
    """The rules that these amounts break, by how much and where."""
    for i, cents in amounts.items():
        if cents < 0:
            yield f"{' '.join(map(str, proof['names'][i]))}: {format_cents(cents)} is negatief"
    for rule, (low, high, terms) in checked_rules(proof, amounts):
        total = _total(terms, amounts)
        short = max(
            Fraction(low) - total if low is not None else 0, total - Fraction(high) if high is not None else 0
        )
        if short > 0:
            place = " ".join(str(part) for part in rule[1:4] if part is not None)
            yield f"regel {rule[0]} {place}: gemist met {format_cents(-(-short.numerator // short.denominator))}"


def checked_rules(
    proof: Mapping[str, Any], amounts: Mapping[int, int]
) -> Iterator[tuple[list[Any], list[Any]]]:
    """The rules of which every amount is decided in whole cents."""
    for rule, row in _rules(proof):
        if rule[4] and all(i in amounts for i, _ in row[2]):
            yield rule, row


def _rules(proof: Mapping[str, Any]) -> Iterator[tuple[list[Any], list[Any]]]:
    yield from zip(proof["rules"], proof["rows"], strict=True)


def _total(terms: list[list[Any]] | list[tuple[int, str]], amounts: Mapping[int, int]) -> Fraction:
    return sum((Fraction(factor) * amounts[i] for i, factor in terms), start=Fraction(0))
