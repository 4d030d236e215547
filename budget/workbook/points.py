"""What a point in a number means: decided per column, told where it was a guess, a fault where it cannot be decided.

A text such as `60.125` may be a decimal number or a whole number grouped by thousands. In a csv file separated by
commas it is a decimal; elsewhere the kind of the column decides: amounts are grouped, measures have decimals, and
numbers of people may be either. A column that shows both notations is not decided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from budget.faults import Fault
from budget.workbook.cells import CellValue, PointUse, has_decimal_point, has_grouping, has_open_point, shown
from budget.workbook.raw_tables import RawTable
from budget.workbook.rule_names import RULE_BY_NAME
from budget.workbook.sheets import Column
from wording.sentence import Template

_NO_GROUPING = Template(
    "{column} zonder punt voor duizendtallen (elders in de kolom is de punt decimaal: {text})"
)
_COMMA = Template(
    "{column} met een komma als decimaalteken, of zonder punt (elders in de kolom staat {text})"
)
_NO_POINT = Template("{column} zonder punt, of met een komma als decimaalteken")
_TWO_WAYS = Template("{text} (niet eenduidig)")

_Values = Sequence[dict[str, CellValue]]
_READ_AS = Template("{sheet}: {column} {text} in {cell} is gelezen als {read}.")
_READ_SO_OFTEN_AS = Template("{sheet}: {column} {text} in {cell} is gelezen als {read} ({n} keer).")


@dataclass(frozen=True)
class _Texts:
    """The texts of one column whose points are used alike, with the number of their row."""

    use: PointUse
    open: list[tuple[int, str]]
    """Those that may mean two things."""
    decimal: str | None
    """One that can only be a decimal number with a point."""
    grouped: str | None
    """One that can only be grouped by thousands, or has a decimal comma."""


def settle_points(raw: RawTable, values: _Values) -> tuple[list[Fault], list[str]]:
    """Rewrite open texts in `values` that are decimal with a comma; the faults, and what was assumed (Dutch)."""
    faults: list[Fault] = []
    notes: list[str] = []
    for column in raw.sheet.columns:
        if column.kind.numeric and column.name in raw.places:
            for texts in _texts_of(raw, column, values):
                _settle(raw, column.name, texts, values, faults, notes)
    return faults, notes


def _settle(
    raw: RawTable, name: str, texts: _Texts, values: _Values, faults: list[Fault], notes: list[str]
) -> None:
    if raw.decimal_points:
        _make_decimal(name, texts, values)
    elif texts.use == "decimal" and texts.grouped is None:
        _make_decimal(name, texts, values)
        if texts.decimal is None:
            notes.append(_told(raw, name, texts, as_decimal=True))
    elif texts.use != "decimal" and texts.decimal is None and (texts.use == "thousands" or texts.grouped):
        notes.append(_told(raw, name, texts, as_decimal=False))
    else:
        faults.extend(_unclear(raw, name, texts))


def _texts_of(raw: RawTable, column: Column, values: _Values) -> Iterator[_Texts]:
    per_use: dict[PointUse, list[tuple[int, str]]] = defaultdict(list)
    for number, row in enumerate(values):
        text = row[column.name]
        if isinstance(text, str) and ("." in text or "," in text):
            per_use[_use(column, row)].append((number, text))
    for use, texts in per_use.items():
        unsettled = [(number, text) for number, text in texts if has_open_point(text)]
        if unsettled:
            decimal = next((text for _, text in texts if has_decimal_point(text)), None)
            grouped = next((text for _, text in texts if has_grouping(text)), None)
            yield _Texts(use, unsettled, decimal, grouped)


def _use(column: Column, row: dict[str, CellValue]) -> PointUse:
    """How a column uses points; the value of a rule as the unit of the rule does."""
    if "Regel" not in row:
        return column.kind.points
    rule = RULE_BY_NAME.get(str(row["Regel"]).casefold())
    return "thousands" if rule is not None and rule.is_amount else "decimal"


def _make_decimal(name: str, texts: _Texts, values: _Values) -> None:
    for number, text in texts.open:
        values[number][name] = text.replace(".", ",")


def _told(raw: RawTable, name: str, texts: _Texts, *, as_decimal: bool) -> str:
    number, text = texts.open[0]
    read = text.replace(".", "," if as_decimal else "")
    told = _READ_AS if len(texts.open) == 1 else _READ_SO_OFTEN_AS
    where = {"sheet": raw.sheet.name, "column": name, "cell": raw.cell(number, name)}
    return told(**where, text=text, read=read, n=len(texts.open))


def _unclear(raw: RawTable, name: str, texts: _Texts) -> Iterator[Fault]:
    if texts.decimal is not None:
        wanted = _NO_GROUPING(column=name, text=texts.decimal)
    elif texts.grouped is not None:
        wanted = _COMMA(column=name, text=texts.grouped)
    else:
        wanted = _NO_POINT(column=name)
    for number, text in texts.open:
        yield Fault(raw.sheet.name, raw.cell(number, name), wanted, _TWO_WAYS(text=shown(text)))
