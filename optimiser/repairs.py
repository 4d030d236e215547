"""The cheapest ways out of a clash: rules loosened as little as possible, to the cent, and solved again as printed.

Each rule of the clash is relaxed alone, then in pairs where no single one helps. What is offered is in the amounts
that the input knows: of more money a share goes to the central buffer, and a reserve has one minimum for all years.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil

import numpy as np

from optimiser.allocation import NewValue, Repair
from optimiser.arithmetic import exact, half_up, total_money
from optimiser.elastic import Group, Relaxed, System, is_structure
from optimiser.model import CENTS_PER_UNIT, Model, Row
from optimiser.rule_values import AMOUNTS, new_values
from optimiser.rules import rule
from optimiser.rules.rule import area_name
from wording.sentence import Sentence, Template

MANY = 3
"""From this many areas on, a rule is named once for all of them."""
_REPAIR = Template("{changes:capital}.")
_SEVERAL = Template("{each:and}")
_TO_VALUE = Template("{change}, naar {values:and}")
_SHARE = Template("{percent:.10g} %")
_RESERVE = Template("{what:and} met {amount}")
_TITLES = {
    "verruim": Template("verruim {rule} met {amount}"),
    "verlaag": Template("verlaag {rule} met {amount}"),
    "verhoog": Template("verhoog {rule} met {amount}"),
}
_AMOUNT = Template("{cents:cents}")
_TOGETHER = Template("samen {cents:cents}")
_FOR_AREA = Template("{cents:cents} voor {area}")
_LOWER_MINIMUM = Template("verlaag het minimum van de reserve")
_RAISE_DRAW = Template("verhoog de onttrekking per jaar uit de reserve")
_RAISE_MAXIMUM = Template("verhoog het maximum van de reserve")


@dataclass(frozen=True)
class Way:
    """A repair, its changes within a sentence, and row -> cents by which its right side goes down."""

    repair: Repair
    changes: Sentence
    moves: dict[int, int]


def ways_out(
    model: Model, system: System, groups: list[Group], attempts: Sequence[tuple[int, set[int]]]
) -> list[Way]:
    """The least relaxation of so many rules that ends the clash, cheapest first, each solved again.

    Of the first of the attempts that succeeds: how many rules may change, and the rows that must hold.
    """
    choices = [part for group in groups for part in _bands(model, group)]
    for size, scope in attempts:
        tried = (_way_out(model, system, chosen, scope) for chosen in combinations(choices, size))
        found = {way.repair.sentence: way for way in tried if way is not None}
        if found:
            return sorted(found.values(), key=lambda way: way.repair.cents)
    return []


def _way_out(model: Model, system: System, chosen: tuple[Group, ...], scope: set[int]) -> Way | None:
    """These rules loosened to the cent; None where that does not end the clash."""
    rows = {i: group for group in chosen for i in group.rows}
    relaxed = system.relax([*rows, *_same_amount(model, rows)], scope)
    if relaxed is None:
        return None
    moves = applied(model, relaxed, rows)
    asked = [{i: moves[i] for i in group.rows if moves.get(i)} for group in chosen]
    if not all(asked) or not system.holds(moves, scope):
        return None
    values = [new_values(system, part, moves, relaxed.columns) for part in asked]
    each = (_change(model, *one) for one in zip(chosen, asked, values, strict=True))
    changes = _SEVERAL(each=tuple(each))
    cents = sum(abs(move) for part in asked for move in part.values())
    places = tuple(dict.fromkeys(group.place for group in chosen))
    known = tuple(value for found in values for value in found) if all(values) else ()
    return Way(Repair(places, cents, _REPAIR(changes=changes), values=known), changes, moves)


def _same_amount(model: Model, rows: Iterable[int]) -> list[int]:
    """Rows of other years that state the same amount of the input: the band of a reserve."""
    wanted = {_band(model.rows[i]) for i in rows if model.rows[i].place.rule == "reserve"}
    return [
        i
        for i, row in enumerate(model.rows)
        if wanted and row.place.rule == "reserve" and not is_structure(row) and _band(row) in wanted
    ]


def _band(row: Row) -> tuple[str, tuple[int, ...], int]:
    first, _ = row.terms[0]
    return first.kind, first.place[:-1], row.sense


def _bands(model: Model, group: Group) -> list[Group]:
    """A group by what the input calls one amount: of the rows of reserves, each minimum, maximum and draw limit."""
    if group.place.rule != "reserve":
        return [group]
    bands: dict[tuple[str, tuple[int, ...], int], list[int]] = {}
    for i in group.rows:
        bands.setdefault(_band(model.rows[i]), []).append(i)
    return [Group(group.place, tuple(rows)) for rows in bands.values()]


def applied(model: Model, relaxed: Relaxed, rows: Iterable[int]) -> dict[int, int]:
    """Row -> cents by which its right side goes down, rounded away from nothing, as the input would have it.

    Of more money a share goes to the central buffer; the amount of a reserve is the same in every year.
    """
    moves = {i: away(relaxed.moved[i]) for i in rows}
    for i in rows:
        if model.rows[i].place.rule == "reserve":
            same = [j for j in _same_amount(model, [i]) if _band(model.rows[j]) == _band(model.rows[i])]
            most = max((away(relaxed.moved[j]) for j in same), key=abs)
            moves.update(dict.fromkeys(same, most))
    for i in [i for i in rows if model.rows[i].place.rule == "middelen" and moves[i] < 0]:
        t = model.rows[i].t
        moves[i] = -_before_buffer(model, t, -moves[i])
        extra = _buffer_of(model, t, -moves[i]) - _buffer_of(model, t, 0)
        for j, row in enumerate(model.rows):
            if row.place.rule == "buffer_centraal" and row.t == t and j not in moves:
                moves[j] = -extra
    return moves


def away(units_moved: float) -> int:
    """Whole cents, away from nothing but for solver noise."""
    cents = ceil(abs(float(units_moved)) * CENTS_PER_UNIT - 0.01)
    return cents if units_moved > 0 else -cents


def _buffer_of(model: Model, t: int, extra: int) -> int:
    """The central buffer of a year with that much more money."""
    share = float(np.nan_to_num(model.problem.choices.buffer_share_t)[t])
    return half_up(exact(share) * (int(total_money(model.problem)[t]) + extra))


def _before_buffer(model: Model, t: int, cents: int) -> int:
    """The money that leaves that much after the central buffer took its share."""
    share = exact(float(np.nan_to_num(model.problem.choices.buffer_share_t)[t]))
    if share >= 1:
        return cents
    money = max(cents, ceil(cents / (1 - share)) - 2)
    while money - _buffer_of(model, t, money) + _buffer_of(model, t, 0) < cents:
        money += 1
    return money


def _change(model: Model, group: Group, part: Mapping[int, int], values: Sequence[NewValue]) -> Sentence:
    """What changes of one rule, with the values that it becomes where they are known and few."""
    change = _loosen(model, group, part)
    if not values or len(values) > 2 * MANY:
        return change
    return _TO_VALUE(change=change, values=tuple(_in_words(known) for known in values))


def _in_words(known: NewValue) -> Sentence:
    if known.place.rule in AMOUNTS:
        return _AMOUNT(cents=int(known.value * 100))
    return _SHARE(percent=float(known.value * 100))


def _loosen(model: Model, group: Group, moves: Mapping[int, int]) -> Sentence:
    amount = _amount(model, group, moves)
    if group.place.rule == "reserve":
        what = tuple(dict.fromkeys(_reserve_verb(model.rows[i]) for i in moves))
        return _RESERVE(what=what, amount=amount)
    title = rule(group.place.rule).title(model.problem, group.place)
    return _TITLES[_verb(group.place.rule, sum(moves.values()))](rule=title, amount=amount)


def _amount(model: Model, group: Group, moves: Mapping[int, int]) -> Sentence:
    areas = {model.rows[i].place.area for i in moves}
    if group.place.area is None and 1 < len(areas) <= 2 * MANY:
        each = (
            _FOR_AREA(cents=abs(moves[i]), area=area_name(model.problem, model.rows[i].place.area))
            for i in moves
        )
        return _SEVERAL(each=tuple(each))
    return (_TOGETHER if len(areas) > 1 else _AMOUNT)(cents=sum(abs(move) for move in moves.values()))


def _reserve_verb(row: Row) -> Sentence:
    if row.sense > 0:
        return _LOWER_MINIMUM()
    return _RAISE_DRAW() if _band(row)[0].startswith("reserve_out") else _RAISE_MAXIMUM()


def _verb(name: str, change: float) -> str:
    """A right side that goes down was too high."""
    if name in ("groei_min", "groei_max", "groei_max_per_inwoner", "schuifruimte"):
        return "verruim"
    return "verlaag" if change > 0 else "verhoog"
