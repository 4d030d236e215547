"""The checks on the local choices: their values, their places, and shares that leave something to share."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budget.faults import Fault
from budget.inputs import CITY, Rule
from budget.rules import rule_at
from budget.workbook.rule_names import RULE_BY_NAME
from budget.workbook.typed_tables import TypedTables

_RETAINED, _RETURNED = "herinvesteren_aandeel", "algemene_middelen_aandeel"
_CITY_WIDE = "stadsbreed"


def check_rules(tables: TypedTables) -> Iterator[Fault]:
    """Every fault in sheet Regels."""
    rules = tables.rules
    for number, row in rules.sound("Regel"):
        rule = RULE_BY_NAME[row.name]
        unread = rules.unread.get(number, frozenset())
        if "Waarde" not in unread and not rule.allows(row.value):
            yield rules.fault(number, "Waarde", f"Waarde {rule.wanted}")
        given = (("Jaar", row.year), ("Wijkcode", row.district), ("Stroom", row.stream))
        for column, value in given:
            if value is not None and column not in unread and column not in rule.places:
                yield rules.fault(
                    number, column, f"een lege cel: {rule.name} maakt geen onderscheid naar {column}"
                )
        if row.district == CITY and "Wijkcode" in rule.places and not rule.city:
            yield rules.fault(number, "Wijkcode", f"een wijk: {rule.name} geldt niet voor {CITY}")
    yield from _check_shares_of_surplus(tables)
    yield from _check_locks_of_city_wide_streams(tables)


def _check_shares_of_surplus(tables: TypedTables) -> Iterator[Fault]:
    """In no area and year are more than all of a surplus kept and returned; the lower of two rows is at fault."""
    rules, at_fault = tables.rules, set[tuple[int, int]]()
    shares: dict[str, dict[tuple[str | None, int | None], tuple[int, Decimal]]] = {
        _RETAINED: {},
        _RETURNED: {},
    }
    for number, row in rules.sound("Regel", "Waarde", "Wijkcode", "Jaar"):
        if row.name in shares and RULE_BY_NAME[row.name].allows(row.value):
            shares[row.name].setdefault((row.district, row.year), (number, row.value))
    if not all(shares.values()):
        return
    for district in sorted({row.code for _, row in tables.districts.sound("Wijkcode")}):
        for year in _years(tables):
            places = ((district, year), (district, None), (None, year), (None, None))
            kept, returned = (
                next((given[place] for place in places if place in given), (-1, Decimal(0)))
                for given in shares.values()
            )
            first, last = sorted((kept[0], returned[0]))
            if kept[1] + returned[1] > 1 and (first, last) not in at_fault:
                at_fault.add((first, last))
                found = f"{kept[1] + returned[1]}".replace(".", ",")
                where = f"{district} in {year}"
                wanted = f"{_RETAINED} en {_RETURNED} samen hooguit 1 (rij {rules.line(first)} en {rules.line(last)})"
                yield rules.fault(last, "Waarde", wanted, f"samen {found} voor {where}")


def _check_locks_of_city_wide_streams(tables: TypedTables) -> Iterator[Fault]:
    """A stream that is not divided over areas leaves nothing to lock there."""
    rows = list(tables.rules.sound("Regel", "Waarde", "Wijkcode", "Stroom", "Jaar"))
    city_wide = [
        Rule(row.name, row.year, row.district, row.stream, row.value, "")
        for _, row in rows
        if row.name == _CITY_WIDE
    ]
    locks = [
        (number, row) for number, row in rows if row.name == "vast" and row.value and row.district != CITY
    ]
    for number, row in locks if city_wide else ():
        for year in [row.year] if row.year is not None else _years(tables):
            rule = rule_at(city_wide, _CITY_WIDE, year=year, district=row.district, stream=row.stream)
            if rule is not None and rule.value > 0:
                wanted = (
                    f"geen vast bedrag: {row.stream} is hier in {year} stadsbreed (zet het vast bij {CITY})"
                )
                yield tables.rules.fault(number, "Waarde", wanted)
                break


def _years(tables: TypedTables) -> list[int]:
    """The plan years, and the years that a rule names."""
    named = {row.year for _, row in tables.rules.sound("Jaar") if row.year is not None}
    if tables.last_year is not None:
        named.update(range(tables.municipality.rows[0].first_year, tables.last_year + 1))
    return sorted(named)
