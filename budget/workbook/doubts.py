"""What is no fault and was probably not meant: a share of 1 or more where it is nearly always a percentage."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from budget.workbook.rule_names import RULE_BY_NAME
from budget.workbook.typed_tables import TypedTable, TypedTables
from wording.sentence import Sentence, Template

_AS_PERCENTAGE = Template(
    "{cell}: {name} {value:,.{digits}f} is gelezen als {read:,.{digits}f} %. Was {value:,.{digits}f} % bedoeld, schrijf"
    " dan {written:,.{more_digits}f}."
)


def doubts(tables: TypedTables) -> Iterator[Sentence]:
    """A Dutch sentence for every share that was probably meant as a percentage, with its cell."""
    for number, row in enumerate(tables.rules.rows):
        rule = RULE_BY_NAME[row.name]
        if rule.unit == "aandeel" and rule.high > 1 and row.value >= 1:
            yield _doubt(tables.rules, number, "Waarde", row.name, row.value)
    for number, event in enumerate(tables.events.rows):
        if event.effect is not None and event.effect > 1:
            yield _doubt(tables.events, number, "Effect", "Effect", Decimal(str(event.effect)))


def _doubt(table: TypedTable[Any], number: int, column: str, name: str, value: Decimal) -> Sentence:
    digits = max(0, -int(value.normalize().as_tuple().exponent))
    return _AS_PERCENTAGE(
        cell=table.fault(number, column, "").place,
        name=name,
        value=value,
        read=value * 100,
        written=value / 100,
        digits=digits,
        more_digits=digits + 2,
    )
