"""Scenarios: how a plan differs from its workbook, in a form that fits in an address bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from urllib.parse import quote, unquote

from budget.inputs import CITY, Inputs, Rule
from budget.money import LARGEST_AMOUNT
from budget.rules import first_year_city_wide, rule_at
from budget.workbook.rule_names import RULE_BY_NAME
from optimiser.problem import STRATEGIES, Strategy, strategy_named

CHANGED_BY = "Gewijzigd op het scherm"
"""The source that a changed rule carries into the workbook."""

LINK_LENGTH = 1_500
"""Saved scenarios travel in a link as long as their text stays below this many characters."""

LOCK = "vast"
"""The rule that fixes one amount."""

_DECIMALS = 50
_FIELDS = 5
_STRATEGY = "strategie"
"""Stands where a change has the name of its rule."""


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

    @property
    def as_rule(self) -> Rule:
        """The change as a rule of the workbook; only for one that has a value."""
        assert self.value is not None
        return Rule(*self.place, self.value, CHANGED_BY)

    def fits(self, inputs: Inputs) -> bool:
        """Whether a workbook may say this: a rule, place and value that exist there."""
        rule = RULE_BY_NAME.get(self.rule)
        if rule is None or (self.value is not None and not rule.allows(self.value)):
            return False
        districts = (*inputs.area_codes, *((CITY,) if rule.city else ()))
        named = (
            ("Jaar", self.year, inputs.years),
            ("Wijkcode", self.district, districts),
            ("Stroom", self.stream, inputs.stream_codes),
        )
        return all(
            value is None or (column in rule.places and value in known) for column, value, known in named
        )

    def replaces(self, other: Change) -> bool:
        """Whether nothing is left of an earlier change: the same district and stream, in the years meant."""
        return self.place in (other.place, (other.rule, None, other.district, other.stream))

    def made_in(self, rules: Sequence[Rule], years: Sequence[int]) -> tuple[Rule, ...]:
        """The rules of a workbook for these years, with this change: those of the same place and years give way.

        A rule for all years, taken away in a single one, stays in those that have no rule of their own.
        """
        here = [rule for rule in rules if self._speaks_of(rule)]
        own = {rule.year for rule in here} | {self.year}
        kept: list[Rule] = []
        for rule in rules:
            if rule not in here:
                kept.append(rule)
            elif self.year is not None and rule.year is None and self.value is None:
                kept += (replace(rule, year=year) for year in years if year not in own)
            elif self.year not in (None, rule.year):
                kept.append(rule)
        return tuple(kept) if self.value is None else (*kept, self.as_rule)

    def _speaks_of(self, rule: Rule) -> bool:
        return (rule.name, rule.district, rule.stream) == (self.rule, self.district, self.stream)

    def stated_by(self, rules: Sequence[Rule], years: Sequence[int]) -> tuple[Decimal | None, ...]:
        """What rules say of exactly this district and stream in the years meant; None where they say nothing."""
        here = [rule for rule in rules if self._speaks_of(rule)]
        found = (
            rule_at(here, self.rule, year=year, district=self.district, stream=self.stream)
            for year in (years if self.year is None else (self.year,))
        )
        return tuple(None if rule is None else rule.value for rule in found)


@dataclass(frozen=True)
class Scenario:
    """What a plan has that its workbook has not: changed rules, and what comes first where that is another strategy."""

    changes: tuple[Change, ...] = ()
    strategy: Strategy | None = None
    """None: the strategy of the workbook."""

    def __bool__(self) -> bool:
        """Whether there is any difference."""
        return self != AS_GIVEN

    def __len__(self) -> int:
        """The number of differences."""
        return len(self.changes) + (self.strategy is not None)

    def changed(self, *changes: Change) -> Scenario:
        """The scenario with these changes made in it, in this order."""
        merged = self.changes
        for change in changes:
            merged = merge(merged, change)
        return replace(self, changes=merged)

    def without(self, *changes: Change) -> Scenario:
        """The scenario without some of its changes."""
        return replace(self, changes=tuple(change for change in self.changes if change not in changes))

    def clear_of(self, *changes: Change) -> Scenario:
        """The scenario without what these changes would replace."""
        kept = (old for old in self.changes if not any(change.replaces(old) for change in changes))
        return replace(self, changes=tuple(kept))

    def stating(self, inputs: Inputs, *changes: Change) -> Scenario:
        """The scenario with these changes made in it; one that says what is said without it leaves no trace."""
        found = self
        for change in changes:
            found = found.clear_of(change)
            said = change.stated_by(found.rules(inputs), inputs.years)
            if any(value != change.value for value in said):
                found = found.changed(change)
        return found

    def rules(self, inputs: Inputs) -> tuple[Rule, ...]:
        """The rules of a workbook with the changes in them."""
        rules = inputs.rules
        for change in self.changes:
            rules = change.made_in(rules, inputs.years)
        return rules

    def following(self, strategy: Strategy | None) -> Scenario:
        """The scenario under another strategy; None is that of the workbook."""
        return replace(self, strategy=strategy)

    def applied_to(self, inputs: Inputs) -> Inputs:
        """The inputs with the changes in their rules and the strategy; the workbook's other rules stay."""
        return replace(inputs, rules=self.rules(inputs), strategy=self.strategy or inputs.strategy)

    def fits(self, inputs: Inputs) -> bool:
        """Whether a workbook may say all of it, and the screens offer its strategy."""
        offered = self.strategy is None or _is_offered(self.strategy, inputs.strategy)
        return offered and all(change.fits(inputs) for change in self.changes)

    def city_wide_locks(self, inputs: Inputs) -> dict[Change, int]:
        """The locks that there is nothing to lock with, as a workbook would be told: each with the first such year."""
        if not any(change.rule == LOCK for change in self.changes):
            return {}
        rules = self.rules(inputs)
        found = {
            change: first_year_city_wide(rules, change.as_rule, inputs.years)
            for change in self.changes
            if change.rule == LOCK and change.value is not None
        }
        return {change: year for change, year in found.items() if year is not None}


AS_GIVEN = Scenario()
"""The workbook as it is."""


def merge(changes: Sequence[Change], change: Change) -> tuple[Change, ...]:
    """The changes with one more; what it replaces disappears, a change for all years replaces those of single years."""
    return (*(old for old in changes if not change.replaces(old)), change)


def everywhere(inputs: Inputs, rule: str, value: Decimal | None) -> tuple[Change, ...]:
    """What gives a rule one value in all places and years (None: takes it away): what it says of some of them goes."""
    own = own_places(inputs.rules, rule, inputs.years)
    general = Change(rule, None, None, None, value)
    gone = tuple(Change(rule, None, district, stream, None) for district, stream in own)
    stated = general.stated_by(inputs.rules, inputs.years)
    return gone if all(said == value for said in stated) else (general, *gone)


def own_places(
    rules: Sequence[Rule], rule: str, years: Sequence[int]
) -> tuple[tuple[str | None, str | None], ...]:
    """The districts and streams of which a rule says something of their own in one of these years."""
    found = ((own.district, own.stream) for own in rules if own.name == rule and own.year in (None, *years))
    return tuple(place for place in dict.fromkeys(found) if place != (None, None))


def encode(scenario: Scenario) -> str:
    """A scenario as text for the address bar.

    >>> growth = Change("groei_max", 2027, None, None, Decimal("0.05"))
    >>> encode(Scenario((growth, Change("vast", None, "WK01", "WMO", None)), STRATEGIES[1]))
    'groei_max~2027~~~0.05!vast~~WK01~WMO~!strategie~zekerheid'
    """
    parts = [(*change.place, change.value) for change in scenario.changes]
    written = ["~".join("" if value is None else str(value) for value in part) for part in parts]
    if scenario.strategy is not None:
        written.append("~".join((_STRATEGY, *_written_strategy(scenario.strategy))))
    return "!".join(written)


def decode(written: str) -> Scenario:
    """The scenario that `encode` wrote; ValueError when the text is not of its making.

    >>> decode("groei_max~2027~~~0.05").changes
    (Change(rule='groei_max', year=2027, district=None, stream=None, value=Decimal('0.05')),)
    """
    scenario = AS_GIVEN
    for part in filter(None, written.split("!")):
        name, *fields = part.split("~")
        if name == _STRATEGY:
            scenario = scenario.following(_read_strategy(fields))
        else:
            scenario = scenario.changed(_read_change(name, fields))
    return scenario


def encode_saved(saved: Mapping[str, Scenario]) -> str:
    """Named scenarios as text for the address bar: the first ones, as far as they fit.

    >>> encode_saved({"Zuinig plan": Scenario(strategy=STRATEGIES[1])})
    'Zuinig%20plan*strategie~zekerheid'
    """
    fitting: list[str] = []
    for name, scenario in saved.items():
        fitting.append(f"{quote(name, safe='')}*{encode(scenario)}")
        if len(";".join(fitting)) > LINK_LENGTH:
            return ";".join(fitting[:-1])
    return ";".join(fitting)


def decode_saved(written: str) -> dict[str, Scenario]:
    """The named scenarios that `encode_saved` wrote; ValueError when the text is not of its making."""
    saved = {}
    for part in filter(None, written.split(";")):
        name, star, scenario = part.partition("*")
        if not (name and star):
            raise ValueError(f"not a named scenario: {part!r}")
        saved[unquote(name)] = decode(scenario)
    return saved


def _read_change(name: str, fields: Sequence[str]) -> Change:
    if len(fields) != _FIELDS - 1:
        raise ValueError(f"not a change of a rule: {name!r} {fields!r}")
    year, district, stream, value = fields
    try:
        amount = Decimal(value) if value else None
    except InvalidOperation as error:
        raise ValueError(f"not a value: {value!r}") from error
    if amount is not None and not _is_sensible(amount):
        raise ValueError(f"not a value: {value!r}")
    return Change(name, int(year) if year else None, district or None, stream or None, amount)


def _is_sensible(amount: Decimal) -> bool:
    """Whether a value can be calculated with and written out in full."""
    if not (amount.is_finite() and abs(amount) <= LARGEST_AMOUNT):
        return False
    return int(amount.as_tuple().exponent) >= -_DECIMALS


def _written_strategy(strategy: Strategy) -> tuple[str, ...]:
    """A strategy on offer by its name; one of somebody's own in full."""
    if strategy in STRATEGIES:
        return (strategy.name,)
    choices = (strategy.risk_weight, strategy.confidence, int(strategy.later_savings), *strategy.weights)
    return (strategy.name, ".".join(strategy.order), *map(str, choices))


def _read_strategy(fields: Sequence[str]) -> Strategy:
    match fields:
        case [name]:
            for strategy in STRATEGIES:
                if strategy.name == name:
                    return strategy
        case [name, order, weight, confidence, later, risk, cover, prevention]:
            weights = float(risk), float(cover), float(prevention)
            stages = tuple(order.split("."))
            return Strategy(name, stages, float(weight), float(confidence), later == "1", weights)
    raise ValueError(f"not a strategy: {fields!r}")


def _is_offered(strategy: Strategy, own: Strategy) -> bool:
    """Whether the screens offer a strategy: that of the workbook, or one that is known by its name.

    The others weigh the worst futures as that of the workbook does, or as they do by themselves.
    """
    if strategy == own:
        return True
    try:
        named = strategy_named(strategy.name)
    except ValueError:
        return False
    return strategy in (named, replace(named, risk_weight=own.risk_weight, confidence=own.confidence))
