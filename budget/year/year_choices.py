"""What the local choices (`Regels`), the buffer and the reserves hold for the year that is settled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from budget.inputs import CITY, FREE, Inputs
from budget.money import to_cents
from budget.rules import for_areas, rule_at
from budget.year.settlement import Settlement, settle_surplus
from wording.sentence import Sentence, Template

_BUFFER_GIVEN = Template("Centrale buffer {year}: {held:euros}, uit Vorig budget.")
_NO_BUFFER_RULE = Template(
    "Centrale buffer {year} is onbekend (er is geen regel buffer_centraal); voor de dekking is niets gerekend."
)
_NO_MONEY = Template(
    "Centrale buffer {year} is onbekend (de middelen van {year} zijn niet gegeven); voor de dekking is niets gerekend."
)
_BUFFER = Template("Centrale buffer {year}: {held:euros}, buffer_centraal over de middelen van {year}.")
_ROOM = Template("Ruimte in de reserves {year}: {room:euros} (onttrekking per jaar, boven het minimum).")
_NOTHING_TO_PREVENTION = Template("niets gaat naar preventie")
_NOTHING_TO_GENERAL = Template("niets gaat naar de algemene middelen, behalve wat niet mag worden meegenomen")
_NO_RULE = Template("Regels: geen {rule} in {year}; {effect}.")
_NO_RULE_FOR = Template("Regels: geen {rule} in {year} voor {areas}; {effect}.")


def settle_area(inputs: Inputs, place: str, year: int, surplus: int) -> Settlement:
    """By the area's own choices; what the city-wide part has left returns to the general means."""
    if place == CITY:
        return settle_surplus(surplus, general_share=1.0)
    return settle_surplus(
        surplus,
        retained_share=_choice(inputs, "herinvesteren_aandeel", place, year) or 0.0,
        general_share=_choice(inputs, "algemene_middelen_aandeel", place, year) or 0.0,
        reinvest_cap=_cap(inputs, "herinvesteren_max", place, year),
        carry_cap=_cap(inputs, "meenemen_max", place, year),
    )


def _choice(inputs: Inputs, name: str, place: str, year: int) -> float | None:
    rule = rule_at(for_areas(inputs.rules), name, year=year, district=place)
    return None if rule is None else float(rule.value)


def _cap(inputs: Inputs, name: str, place: str, year: int) -> int | None:
    rule = rule_at(for_areas(inputs.rules), name, year=year, district=place)
    return None if rule is None else to_cents(rule.value)


def central_buffer(inputs: Inputs, year: int) -> tuple[int, Sentence]:
    """The money that was held back centrally in the year, and where that figure comes from."""
    given = inputs.last_budget.get((CITY, FREE))
    if given is not None:
        return given, _BUFFER_GIVEN(year=year, held=given)
    rule = rule_at(inputs.rules, "buffer_centraal", year=year)
    money = sum(funding.cents for funding in inputs.funding if funding.year == year)
    if rule is None or not money:
        return 0, (_NO_BUFFER_RULE if rule is None else _NO_MONEY)(year=year)
    held = to_cents(rule.value * money / 100)
    return held, _BUFFER(year=year, held=held)


def reserve_room(inputs: Inputs, year: int) -> tuple[int, Sentence]:
    """What the reserves could pay in the year: not more than the yearly limit, not below their minimum."""
    room = sum(
        max(0, min(reserve.draw_limit_cents, reserve.balance_cents - reserve.minimum_cents))
        for reserve in inputs.reserves
        if reserve.end is None or reserve.end >= date(year, 12, 31)
    )
    return room, _ROOM(year=year, room=room)


def choice_notes(inputs: Inputs, year: int) -> Iterator[str]:
    """The local choices that were not made for this year."""
    for name, effect in (
        ("herinvesteren_aandeel", _NOTHING_TO_PREVENTION()),
        ("algemene_middelen_aandeel", _NOTHING_TO_GENERAL()),
    ):
        without = [
            code
            for code in inputs.area_codes
            if rule_at(for_areas(inputs.rules), name, year=year, district=code) is None
        ]
        if without:
            told = _NO_RULE if len(without) == len(inputs.districts) else _NO_RULE_FOR
            yield told(rule=name, year=year, areas=tuple(without), effect=effect)
