"""The checks on the local choices: their values, their places, and shares that leave something to share."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budget.faults import Fault
from budget.inputs import CITY, Rule
from budget.rules import first_year_city_wide
from budget.workbook.rule_names import RULE_BY_NAME
from budget.workbook.typed_tables import TypedTables
from wording.sentence import Template

_VALUE = Template("Waarde {wanted:word}")
_BLANK = Template("een lege cel: {rule} maakt geen onderscheid naar {column}")
_A_DISTRICT = Template("een wijk: {rule} geldt niet voor {city}")
_TOGETHER = Template("samen {share:f} voor {district} in {year}")
_AT_MOST_ALL = Template("{rules:and} samen hooguit 1 (rij {rows:and})")
_CITY_WIDE = Template("geen vast bedrag: {stream} is hier in {year} stadsbreed (zet het vast bij {city})")

_RETAINED, _RETURNED = "herinvesteren_aandeel", "algemene_middelen_aandeel"


def check_rules(tables: TypedTables) -> Iterator[Fault]:
    """Every fault in sheet Regels."""
    rules = tables.rules
    for number, row in rules.sound("Regel"):
        rule = RULE_BY_NAME[row.name]
        unread = rules.unread.get(number, frozenset())
        if "Waarde" not in unread and not rule.allows(row.value):
            yield rules.fault(number, "Waarde", _VALUE(wanted=rule.wanted))
        given = (("Jaar", row.year), ("Wijkcode", row.district), ("Stroom", row.stream))
        for column, value in given:
            if value is not None and column not in unread and column not in rule.places:
                yield rules.fault(number, column, _BLANK(rule=rule.name, column=column))
        if row.district == CITY and "Wijkcode" in rule.places and not rule.city:
            yield rules.fault(number, "Wijkcode", _A_DISTRICT(rule=rule.name, city=CITY))
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
                found = _TOGETHER(share=kept[1] + returned[1], district=district, year=year)
                lines = (str(rules.line(first)), str(rules.line(last)))
                wanted = _AT_MOST_ALL(rules=(_RETAINED, _RETURNED), rows=lines)
                yield rules.fault(last, "Waarde", wanted, found)


def _check_locks_of_city_wide_streams(tables: TypedTables) -> Iterator[Fault]:
    """A stream that is not divided over areas leaves nothing to lock there."""
    rows = [
        (number, Rule(row.name, row.year, row.district, row.stream, row.value, ""))
        for number, row in tables.rules.sound("Regel", "Waarde", "Wijkcode", "Stroom", "Jaar")
    ]
    rules, years = [rule for _, rule in rows], _years(tables)
    for number, rule in rows:
        year = first_year_city_wide(rules, rule, years) if rule.name == "vast" else None
        if year is not None:
            wanted = _CITY_WIDE(stream=rule.stream, year=year, city=CITY)
            yield tables.rules.fault(number, "Waarde", wanted)


def _years(tables: TypedTables) -> list[int]:
    """The plan years, and the years that a rule names."""
    named = {row.year for _, row in tables.rules.sound("Jaar") if row.year is not None}
    if tables.last_year is not None:
        named.update(range(tables.municipality.rows[0].first_year, tables.last_year + 1))
    return sorted(named)
