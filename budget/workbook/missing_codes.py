"""Codes that other sheets use and the list lacks: where in the list they were probably meant to stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from budget.faults import Fault
from budget.inputs import CITY, FREE, PREVENTION
from budget.workbook.typed_tables import TypedTable, TypedTables, field_of
from wording.sentence import Template

_MEANT = Template("{column} {code}, die andere bladen gebruiken en die hier niet staat")
_ALSO_IN = Template("{code}, ook in rij {row}")
_USED_NOWHERE = Template("{code}, die geen ander blad gebruikt")
_A_ROW = Template("een rij met {column} {code}, die andere bladen gebruiken")

_RESERVED = (CITY, PREVENTION, FREE)
"""Codes with a meaning of their own: a fault in a list, and told as that."""


def missing_codes(
    tables: TypedTables, listing: TypedTable[Any], missing: Mapping[str, Sequence[Fault]]
) -> Iterator[Fault]:
    """One fault per missing code, from which all of its own `missing` faults follow.

    It stands at the row of the list that has no code of its own: unreadable, listed twice, or used nowhere. Only
    where there are as many such rows as missing codes is it clear which is which.
    """
    column = listing.sheet.key[0]
    suspects = list(_suspects(tables, listing)) if missing else []
    told: list[tuple[int, str | None] | None] = [None] * len(missing)
    if len(suspects) == len(missing):
        told = [*suspects]
    for (code, faults), suspect in zip(missing.items(), told, strict=True):
        cause = (
            Fault(listing.sheet.name, "", _A_ROW(column=column, code=code), "geen")
            if suspect is None
            else listing.fault(suspect[0], column, _MEANT(column=column, code=code), suspect[1])
        )
        yield replace(cause, follows=tuple(faults))


def _suspects(tables: TypedTables, listing: TypedTable[Any]) -> Iterator[tuple[int, str | None]]:
    """The rows of a list without a code of their own, with what stands there; None: as it is in the file."""
    column = listing.sheet.key[0]
    used = used_codes(tables, listing.sheet.name)
    times = Counter(row.code for _, row in listing.sound(column))
    first: dict[str, int] = {}
    for number, row in enumerate(listing.rows):
        if column in listing.unread.get(number, ()):
            yield number, None
        elif first.setdefault(row.code, number) != number:
            yield number, _ALSO_IN(code=row.code, row=listing.line(first[row.code]))
        elif row.code not in used and times[row.code] == 1 and row.code not in _RESERVED:
            yield number, _USED_NOWHERE(code=row.code)


def used_codes(tables: TypedTables, sheet: str) -> set[str]:
    """Every code that another sheet uses for a row of this sheet."""
    used: set[str] = set()
    for table in tables.all:
        for column in table.sheet.columns:
            if column.kind.codes_of == sheet:
                name = field_of(table.sheet.row, column.name)
                for _, row in table.sound(column.name):
                    value = getattr(row, name)
                    used.update(value if isinstance(value, tuple) else () if value is None else (value,))
    return used
