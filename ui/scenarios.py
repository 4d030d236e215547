"""Changed rules: how a scenario differs from the workbook, in a form that fits in an address bar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from budget.inputs import Inputs, Rule

CHANGED_BY = "Gewijzigd op het scherm"
"""The source that a changed rule carries into the workbook."""

_FIELDS = 5


@dataclass(frozen=True)
class Change:
    """One rule set to a value, or taken away (`value` None), in one place; None means all."""

    rule: str
    year: int | None
    district: str | None
    stream: str | None
    value: Decimal | None

    @property
    def place(self) -> tuple[str, int | None, str | None, str | None]:
        """What the change is about; a later change of the same place replaces an earlier one."""
        return self.rule, self.year, self.district, self.stream

    def covers(self, rule: Rule) -> bool:
        """Whether a rule of the workbook gives way: the same district and stream, in the years meant."""
        same_place = (rule.district, rule.stream) == (self.district, self.stream)
        return rule.name == self.rule and same_place and self.year in (None, rule.year)


def merge(changes: Sequence[Change], change: Change) -> tuple[Change, ...]:
    """The changes with one more; what it replaces disappears, a change for all years replaces those of single years."""

    def replaced(old: Change) -> bool:
        same = (old.rule, old.district, old.stream) == (change.rule, change.district, change.stream)
        return same and change.year in (None, old.year)

    return (*(old for old in changes if not replaced(old)), change)


def apply_changes(inputs: Inputs, changes: Iterable[Change]) -> Inputs:
    """The inputs with the changes in their rules; the workbook's other rules stay."""
    rules = inputs.rules
    for change in changes:
        rules = tuple(rule for rule in rules if not change.covers(rule))
        if change.value is not None:
            rules += (
                Rule(change.rule, change.year, change.district, change.stream, change.value, CHANGED_BY),
            )
    return replace(inputs, rules=rules)


def encode(changes: Iterable[Change]) -> str:
    """Changes as text for the address bar.

    >>> encode([Change("groei_max", 2027, None, None, Decimal("0.05")), Change("vast", None, "WK01", "WMO", None)])
    'groei_max~2027~~~0.05!vast~~WK01~WMO~'
    """
    return "!".join(
        "~".join("" if part is None else str(part) for part in (*change.place, change.value))
        for change in changes
    )


def decode(written: str) -> tuple[Change, ...]:
    """The changes that `encode` wrote; ValueError when the text is not of its making.

    >>> decode("groei_max~2027~~~0.05")
    (Change(rule='groei_max', year=2027, district=None, stream=None, value=Decimal('0.05')),)
    """
    changes: tuple[Change, ...] = ()
    for part in filter(None, written.split("!")):
        fields = part.split("~")
        if len(fields) != _FIELDS:
            raise ValueError(f"not a change of a rule: {part!r}")
        name, year, district, stream, value = fields
        try:
            amount = Decimal(value) if value else None
        except InvalidOperation as error:
            raise ValueError(f"not a value: {value!r}") from error
        changes = merge(
            changes, Change(name, int(year) if year else None, district or None, stream or None, amount)
        )
    return changes
