"""The checks on codes: every code stands in the sheet that lists such codes, as text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from budget.faults import Fault
from budget.workbook.cells import PERHAPS, nearest
from budget.workbook.checking_changes import former_codes
from budget.workbook.missing_codes import missing_codes, used_codes
from budget.workbook.sheets import Column
from budget.workbook.typed_tables import TypedTable, TypedTables, field_of
from wording.sentence import Template

_AS_TEXT = Template("{column} als tekst, zoals op andere bladen ({codes})")
_WANTED = Template("{column} {wanted:word}{advice}")
_A_NUMBER = Template("{found} (een getal; codes zijn tekst en houden hun nullen)")

_SLIPS = 5
"""Times that an unknown code may be a slip of the pen where it stands; more often, it is missing from the list."""
_MOST_ADVICE = 200
"""Different unknown codes per column for which the nearest code is looked up."""


def check_codes(tables: TypedTables) -> Iterator[Fault]:
    """Every code stands in the sheet that lists such codes.

    A code that several sheets use often is no slip of the pen there: it is missing from the list, and that is one
    fault. One that is used often on a single sheet is one fault of that sheet.
    """
    spoiled = {"Wijken": _spoiled(tables, "Wijken"), "Stromen": _spoiled(tables, "Stromen")}
    known = {sheet: _listed(tables, sheet).union(*spoiled[sheet].values()) for sheet in spoiled}
    for sheet, variants in spoiled.items():
        yield from _check_spoiled(_listing(tables, sheet), variants)
    former, municipality = former_codes(tables), {row.code for row in tables.municipality.rows if row.code}
    also = {
        **dict.fromkeys(("Bevolking", "Vorig budget", "Wijkwijzigingen"), former),
        "Vraag": former | municipality,
        "Tweede mening": municipality,
    }
    for sheet, listed in known.items():
        listing, unknown = _listing(tables, sheet), defaultdict[str, list[Fault]](list)
        names = {row.name.casefold(): row.code for _, row in listing.sound(listing.sheet.key[0]) if row.name}
        for table in tables.all if listed else ():
            more = also.get(table.sheet.name, set()) if sheet == "Wijken" else set()
            for column in table.sheet.columns:
                if (
                    column.kind.codes_of == sheet
                    and table.raw is not None
                    and column.name in table.raw.places
                ):
                    allowed = listed.union(column.kind.also, more)
                    for code, fault in _check_code_column(table, column, allowed, names):
                        unknown[code].append(fault)
        often = {code: faults for code, faults in sorted(unknown.items()) if len(faults) > _SLIPS}
        missing = {
            code: faults for code, faults in often.items() if len({fault.sheet for fault in faults}) > 1
        }
        yield from missing_codes(tables, listing, missing)
        for code, (first, *others) in unknown.items():
            if code in often and code not in missing:
                yield replace(first, follows=tuple(others))
            elif code not in often:
                yield from (first, *others)


def _listing(tables: TypedTables, sheet: str) -> TypedTable[Any]:
    return tables.districts if sheet == "Wijken" else tables.streams


def _listed(tables: TypedTables, sheet: str) -> set[str]:
    table = _listing(tables, sheet)
    return {row.code for _, row in table.sound(table.sheet.key[0])}


def _spoiled(tables: TypedTables, sheet: str) -> dict[int, set[str]]:
    """Rows of a listing whose code is a number, with the texts that other sheets use for it: 0901 for 901."""
    table, listed = _listing(tables, sheet), _listed(tables, sheet)
    numbers = {
        row.code: number
        for number, row in table.sound(table.sheet.key[0])
        if _is_number(table, number, table.sheet.key[0])
    }
    found: dict[int, set[str]] = defaultdict(set)
    for used in used_codes(tables, sheet) - listed if numbers else ():
        plain = re.sub(r"^[A-Za-z]*0*", "", used)
        if plain in numbers:
            found[numbers[plain]].add(used)
    return found


def _check_spoiled(table: TypedTable[Any], spoiled: Mapping[int, set[str]]) -> Iterator[Fault]:
    column = table.sheet.key[0]
    for number, variants in spoiled.items():
        wanted = _AS_TEXT(column=column, codes=tuple(sorted(variants)))
        yield table.fault(number, column, wanted, _as_number(table, number, column))


def _check_code_column(
    table: TypedTable[Any], column: Column, allowed: set[str], names: Mapping[str, str]
) -> Iterator[tuple[str, Fault]]:
    """Every code in the column that is not allowed, with the fault that it is."""
    name = field_of(table.sheet.row, column.name)
    advice: dict[str, str] = {}
    for number, row in table.sound(column.name):
        value = getattr(row, name)
        used = value if isinstance(value, tuple) else (value,)
        for unknown in (code for code in used if code is not None and code not in allowed):
            if unknown not in advice:
                advice[unknown] = _advice(unknown, allowed, names) if len(advice) < _MOST_ADVICE else ""
            found = None
            if _is_number(table, number, column.name):
                found = _as_number(table, number, column.name)
            elif column.kind.several:
                found = f'"{unknown}"'
            wanted = _WANTED(column=column.name, wanted=column.kind.wanted, advice=advice[unknown])
            yield unknown, table.fault(number, column.name, wanted, found)


def _advice(unknown: str, allowed: set[str], names: Mapping[str, str]) -> str:
    """The code that was probably meant: that of the name that was given, or the nearest."""
    named = names.get(unknown.casefold())
    return PERHAPS(code=named) if named else nearest(unknown, sorted(allowed))


def _is_number(table: TypedTable[Any], number: int, column: str) -> bool:
    return not table.fault(number, column, "").found.startswith('"')


def _as_number(table: TypedTable[Any], number: int, column: str) -> str:
    return _A_NUMBER(found=table.fault(number, column, "").found)
