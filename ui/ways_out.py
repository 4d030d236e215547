"""A repair of a contradiction as changes of the scenario at hand: what a reader can take up with one press."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from budget.inputs import Inputs
from optimiser.allocation import NewValue, Repair
from ui.scenarios import Change, Scenario, own_places

_FEW = 3
"""Up to this many districts get a value of their own; more of them share the one that leaves most room."""
_LOWERED = ("preventie_min", "buffer_centraal")
"""Shares that give way by a lower value; the others give way by a higher one."""
_BY_PLACE = ("vast", "plafond")
"""Amounts: they belong to one place."""
_SHEETS = {
    "middelen": "Middelen",
    "geoormerkt": "Middelen",
    "reserve": "Reserves",
    "contract_minimum": "Contracten",
    "contract_maximum": "Contracten",
    "preventie_ruimte": "Preventie",
}


def as_changes(repair: Repair, scenario: Scenario, inputs: Inputs) -> tuple[Change, ...]:
    """What the repair changes in the scenario; () where that is more than rules, or no workbook can say it."""
    per_year = defaultdict[tuple[str, int | None, str | None], list[NewValue]](list)
    for known in repair.values:
        per_year[known.place.rule, known.place.year, known.place.stream].append(known)
    rules = scenario.rules(inputs)
    changes = []
    for (rule, year, _), values in per_year.items():
        own = {district for district, _ in own_places(rules, rule, inputs.years if year is None else (year,))}
        changes += _of_a_year(values, own, inputs)
    told = _for_all_years(changes, inputs)
    return told if all(change.fits(inputs) for change in told) else ()


def sheets(repair: Repair) -> tuple[str, ...]:
    """The sheets of the workbook that say what the repair changes."""
    return tuple(dict.fromkeys(_SHEETS.get(place.rule, "Regels") for place in repair.places))


def to_fill_in(repair: Repair) -> tuple[str, ...]:
    """`groei_max 2027 WK01 = 0,0301`: rules as a workbook has them; () where the values are not known, or many."""
    if len(repair.values) > _FEW:
        return ()
    places = (" ".join(str(part) for part in known.place if part is not None) for known in repair.values)
    values = (f"{known.value:f}".replace(".", ",") for known in repair.values)
    return tuple(f"{place} = {value}" for place, value in zip(places, values, strict=True))


def _of_a_year(values: Sequence[NewValue], own: set[str | None], inputs: Inputs) -> list[Change]:
    """A value per district, or one for all of them beside those that have their own already."""
    rule, year, _, stream = values[0].place
    shared = [known for known in values if known.place.area is not None and known.place.area not in own]
    everyone = {known.place.area for known in shared} >= {*inputs.area_codes} - own
    if rule in _BY_PLACE or not shared or not (everyone or len(shared) > _FEW):
        return [Change(*known.place, known.value) for known in values]
    loosest = min if rule in _LOWERED else max
    general = Change(rule, year, None, stream, loosest(known.value for known in shared))
    return [general, *(Change(*known.place, known.value) for known in values if known.place.area in own)]


def _for_all_years(changes: Sequence[Change], inputs: Inputs) -> tuple[Change, ...]:
    """One change for all years where they say the same."""
    years = defaultdict[tuple[str, str | None, str | None, Decimal | None], set[int | None]](set)
    for change in changes:
        years[change.rule, change.district, change.stream, change.value].add(change.year)
    found = []
    for (rule, district, stream, value), meant in years.items():
        every = len(inputs.years) > 1 and meant == {*inputs.years}
        found += [
            Change(rule, year, district, stream, value)
            for year in ((None,) if every else sorted(meant, key=str))
        ]
    return tuple(found)
