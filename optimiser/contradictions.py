"""When rules contradict each other: the smallest set that does, and the cheapest ways out.

A phase-one programme (see `elastic`) gives every rule a price per euro of violation. The rows that keep its optimum
above zero (those with a dual) cannot hold together; what they state is grouped by rule, year and area, and groups
that the rest does not need are dropped one by one. What is left is a clash: drop any one of its rules and the rest
can hold. It is looked for where few rules can meet first: one area in one year, one area, all areas without the
money, then with it. How to end it is in `repairs`. What still clashes with the cheapest repair applied is looked for
in the same way, until all rules hold, so that what is needed together is told at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from optimiser.allocation import Contradiction, Place, Repair, RuleInConflict
from optimiser.elastic import Group, System
from optimiser.model import CENTS_PER_UNIT, Model
from optimiser.problem import Problem
from optimiser.repairs import MANY, Way, applied, away, ways_out
from optimiser.rules import rule
from optimiser.rules.rule import area_name
from wording.sentence import PARAGRAPH, Sentence, Template

_LOOKED_AT = 12
"""Areas that are looked at one by one."""
_ROUNDS = 4
"""Times that is looked for what still clashes after the repairs so far."""
_EPS = 1e-7
_TOGETHER = Template("Samen heffen deze wijzigingen alle botsingen op.")
_MORE_TO_COME = Template("Daarna kan er nog een botsing overblijven.")
_AFTER = Template("Ook daarna is er een botsing: {clash:small}")
_CLASH = Template("{rules:capital} kunnen niet samen.")
_RULES = Template("{titles:and}")
_SMALLEST = Template("Kleinste oplossing: {repair}")
_HAVE_AND_NEED = Template("{rule} (beschikbaar {have:cents}, nodig {need:cents})")
_OTHERS = Template("Ook de regels van {areas:and} sluiten elkaar uit.")
_OTHERS_REPAIRED = Template("Ook de regels van {areas:and} sluiten elkaar uit: {repairs: ;}.")
_MORE_AREAS = Template("misschien nog {n} gebieden")


def contradiction(
    model: Model, *, money: bool = True, elastic_contracts: bool = True
) -> Contradiction | None:
    """The clash in an infeasible model, margins left out, or None when its rules can hold together.

    `money` False: as if there were money for everything. `elastic_contracts` False: the minimum of a contract
    must be met in full.
    """
    system = System(model, money=money, elastic_contracts=elastic_contracts)
    told: list[_Told] = []
    sentences: list[Sentence] = []
    for _ in range(_ROUNDS):
        if _all_hold(system):
            break
        found = _smallest(model, system)
        parts = [_told(model, system, clash, last=clash is found.clashes[-1]) for clash in found.clashes]
        sentences += _in_words(model.problem, parts, found, after=bool(told))
        told += parts
        if not all(part.ways for part in parts):
            break
    if not told:
        return None
    if len(told) > 1 and _all_hold(system):
        sentences.append(_TOGETHER())
    elif not _all_hold(system):
        sentences.append(_MORE_TO_COME())
    return Contradiction(
        tuple(replace(rule, clash=number) for number, part in enumerate(told) for rule in part.rules),
        tuple(replace(way.repair, clash=number) for number, part in enumerate(told) for way in part.ways),
        PARAGRAPH(sentences=tuple(sentences)),
    )


def followed_by(first: Contradiction, rest: Contradiction | None) -> Contradiction:
    """Both: `rest` is what still clashes without the rules that `first` is about."""
    if rest is None:
        return first
    number = 1 + max(rule.clash for rule in first.clash)
    return Contradiction(
        first.clash + tuple(replace(rule, clash=rule.clash + number) for rule in rest.clash),
        first.repairs + tuple(replace(repair, clash=repair.clash + number) for repair in rest.repairs),
        PARAGRAPH(sentences=(first.sentence, _AFTER(clash=rest.sentence))),
    )


@dataclass(frozen=True)
class _Clash:
    """Rules that cannot hold together, and the rows of everything that has to do with them."""

    groups: list[Group]
    scope: set[int]
    area: str | None = None
    """The area that clashes on its own."""


@dataclass(frozen=True)
class _Found:
    """Clashes that have nothing to do with each other."""

    clashes: list[_Clash]
    n_more: int = 0
    """Areas that seem to clash on their own, and were not looked at one by one."""


@dataclass(frozen=True)
class _Told:
    """A clash as it is told: its rules, and the ways out."""

    area: str | None
    rules: tuple[RuleInConflict, ...]
    ways: list[Way]


def _all_hold(system: System) -> bool:
    relaxed = system.relax(system.named.tolist(), system.active)
    return relaxed is None or relaxed.total <= _EPS


def _told(model: Model, system: System, clash: _Clash, *, last: bool) -> _Told:
    """The clash with its ways out; from here on the cheapest is taken. `last`: nothing else is known to clash.

    Changing two of its rules to end other clashes too is no way out: those are told by themselves.
    """
    rows = system.structure | {i for group in clash.groups for i in group.rows}
    everything = [(1, system.active)] if last else []
    attempts = [*everything, (1, clash.scope), (2, clash.scope), (1, rows), (2, rows)]
    ways = ways_out(model, system, clash.groups, attempts)
    rules = tuple(_in_conflict(system, group, rows) for group in clash.groups)
    if ways:
        system.lower(ways[0].moves)
    return _Told(clash.area, rules, ways)


def _in_words(problem: Problem, parts: list[_Told], found: _Found, *, after: bool) -> list[Sentence]:
    """The first clash in full, and the other areas whose rules exclude each other, each with its cheapest way out."""
    first, *others = parts
    clash = clash_sentence(problem, first.rules, [way.repair for way in first.ways])
    sentences = [_AFTER(clash=clash) if after else clash]
    if not others:
        return sentences
    areas = [area_name(problem, part.area) for part in others]
    if found.n_more:
        areas.append(_MORE_AREAS(n=found.n_more))
    repairs = tuple(part.ways[0].changes for part in others if part.ways)
    told = _OTHERS_REPAIRED if repairs else _OTHERS
    return [*sentences, told(areas=tuple(areas), repairs=repairs)]


def _smallest(model: Model, system: System) -> _Found:
    """The clash with the fewest rules in the narrowest scope that has one, then the other areas that clash alone."""
    places = [row.place for row in model.rows]
    named = system.named.tolist()
    own = [i for i in named if places[i].rule not in ("middelen", "buffer_centraal")]
    within = _priced(system, own)
    areas = list(dict.fromkeys(str(places[i].area) for i in within if places[i].area is not None))
    alone: list[_Clash] = []
    for area in areas[:_LOOKED_AT]:
        rows = [i for i in own if places[i].area == area]
        found = _clashes_by_year(model, system, rows, _priced(system, rows))
        if found:
            alone.append(_Clash(min(found, key=len), system.structure | set(rows), area))
    if alone:
        first = min(alone, key=lambda clash: len(clash.groups))
        others = [clash for clash in alone if clash is not first]
        return _Found([first, *others], n_more=len(areas[_LOOKED_AT:]))
    scope = own if within else named
    groups = min(_clashes_by_year(model, system, scope, _priced(system, scope)), key=len)
    return _Found([_Clash(groups, system.structure | set(scope))])


def _clashes_by_year(model: Model, system: System, rows: list[int], priced: list[int]) -> list[list[Group]]:
    """Irreducible clashes within one year; where there is none, over the years. Nothing when `priced` is empty."""
    if not priced:
        return []
    years = dict.fromkeys(model.rows[i].t for i in priced)
    scopes = ([i for i in rows if model.rows[i].t == t] for t in years)
    found = [
        _needed(system, _grouped(model, hot)) for hot in (_priced(system, part) for part in scopes) if hot
    ]
    return found or [_needed(system, _grouped(model, priced))]


def _priced(system: System, rows: list[int]) -> list[int]:
    """Those of the named rows that keep the violation of them together above zero."""
    relaxed = system.relax(rows, system.structure | set(rows))
    if relaxed is None or relaxed.total <= _EPS:
        return []
    return [i for i in rows if abs(relaxed.prices[i]) > _EPS]


def _grouped(model: Model, rows: list[int]) -> list[Group]:
    by_rule: dict[tuple[str, int | None], list[int]] = {}
    for i in rows:
        place = model.rows[i].place
        by_rule.setdefault((place.rule, place.year), []).append(i)
    groups = []
    for (name, year), found in by_rule.items():
        areas = {model.rows[i].place.area for i in found}
        if len(areas) > MANY:
            groups.append(Group(Place(name, year), tuple(found)))
        else:
            places: dict[Place, list[int]] = {}
            for i in found:
                places.setdefault(model.rows[i].place, []).append(i)
            groups += [Group(place, tuple(part)) for place, part in places.items()]
    return groups


def _needed(system: System, groups: list[Group]) -> list[Group]:
    """Drop groups one by one while the rest still clashes; what remains is irreducible. The fewer of two orders."""
    in_order = sorted(groups, key=lambda group: group.place.rule == "middelen")
    return min((_without_spare(system, groups, order) for order in (in_order, in_order[::-1])), key=len)


def _without_spare(system: System, groups: list[Group], order: list[Group]) -> list[Group]:
    kept = list(groups)
    for group in order:
        rest = [other for other in kept if other is not group]
        if system.relax((), system.structure | {i for other in rest for i in other.rows}) is None:
            kept = rest
    return kept


def _in_conflict(system: System, group: Group, clash_rows: set[int]) -> RuleInConflict:
    """Of a rule that asks too much: what the others leave, and what it asks. Else what it allows, and what they ask."""
    relaxed = system.relax(group.rows, system.active) or system.relax(group.rows, clash_rows)
    if relaxed is None:
        stated = sum(round(system.side[i] * CENTS_PER_UNIT) for i in group.rows)
        return RuleInConflict(group.place, stated, stated)
    moves = applied(system.model, relaxed, group.rows)
    rows = group.rows
    if group.place.rule == "reserve":
        rows = (max(group.rows, key=lambda i: abs(moves[i])),)
    stated = sum(system.stated(i, relaxed) for i in rows)
    in_input = group.place.rule in ("middelen", "reserve")
    moved = sum(moves[i] for i in rows) if in_input else away(sum(float(relaxed.moved[i]) for i in rows))
    other = stated - moved
    return RuleInConflict(group.place, min(stated, other), max(stated, other))


def clash_sentence(problem: Problem, clash: tuple[RuleInConflict, ...], repairs: list[Repair]) -> Sentence:
    """The clash in one Dutch sentence with its amounts, and the cheapest way out in another."""
    named = [(rule(part.place.rule).title(problem, part.place), part) for part in clash]
    told = (_HAVE_AND_NEED(rule=title, have=part.have, need=part.need) for title, part in named)
    text = _CLASH(rules=_RULES(titles=tuple(dict.fromkeys(told))))
    if not repairs:
        return text
    return PARAGRAPH(sentences=(text, _SMALLEST(repair=repairs[0].sentence)))
