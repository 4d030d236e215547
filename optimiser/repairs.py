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

from optimiser.allocation import Repair
from optimiser.arithmetic import exact, half_up, total_money
from optimiser.elastic import Group, Relaxed, System, is_structure
from optimiser.model import CENTS_PER_UNIT, Model, Row
from optimiser.rule_values import value_in_words
from optimiser.rules import rule
from optimiser.rules.rule import area_name
from optimiser.sentences import capitalised, enumerated, exact_euros

MANY = 3
"""From this many areas on, a rule is named once for all of them."""


@dataclass(frozen=True)
class Way:
    """A repair, and row -> cents by which its right side goes down."""

    repair: Repair
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
    words = [
        _loosen(model, group, part) + value_in_words(system, group.place.rule, part, moves)
        for group, part in zip(chosen, asked, strict=True)
    ]
    cents = sum(abs(move) for part in asked for move in part.values())
    places = tuple(dict.fromkeys(group.place for group in chosen))
    return Way(Repair(places, cents, capitalised(enumerated(words)) + "."), moves)


def _same_amount(model: Model, rows: Iterable[int]) -> list[int]:
    """Rows of other years that state the same amount of the input: the band of a reserve."""
    wanted = {_band(model.rows[i]) for i in rows if model.rows[i].place.rule == "reserve"}
    return [
        i
        for i, row in enumerate(model.rows)
        if wanted and row.place.rule == "reserve" and not is_structure(row) and _band(row) in wanted
    ]


def _band(row: Row) -> tuple[str, int]:
    return next(iter(row.constraint)).name.rsplit("_", 1)[0], row.constraint.sense


def _bands(model: Model, group: Group) -> list[Group]:
    """A group by what the input calls one amount: of the rows of reserves, each minimum, maximum and draw limit."""
    if group.place.rule != "reserve":
        return [group]
    bands: dict[tuple[str, int], list[int]] = {}
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


def _loosen(model: Model, group: Group, moves: Mapping[int, int]) -> str:
    amount = exact_euros(sum(abs(move) for move in moves.values()))
    areas = [model.rows[i].place.area for i in moves]
    if group.place.area is None and 1 < len(set(areas)) <= 2 * MANY:
        amount = enumerated(
            [
                f"{exact_euros(abs(moves[i]))} voor {area_name(model.problem, model.rows[i].place.area)}"
                for i in moves
            ]
        )
    elif len(set(areas)) > 1:
        amount = f"samen {amount}"
    if group.place.rule == "reserve":
        rows = [model.rows[i] for i in moves]
        return f"{enumerated(list(dict.fromkeys(map(_reserve_verb, rows))))} met {amount}"
    title = rule(group.place.rule).title(model.problem, group.place)
    return f"{_verb(group.place.rule, sum(moves.values()))} {title} met {amount}"


def _reserve_verb(row: Row) -> str:
    if row.constraint.sense > 0:
        return "verlaag het minimum van de reserve"
    drawn = _band(row)[0].startswith("reserve_out")
    return f"verhoog {'de onttrekking per jaar uit' if drawn else 'het maximum van'} de reserve"


def _verb(name: str, change: float) -> str:
    """A right side that goes down was too high."""
    if name in ("groei_min", "groei_max", "groei_max_per_inwoner", "schuifruimte"):
        return "verruim"
    return "verlaag" if change > 0 else "verhoog"
