"""Rules, their values and changes of them in a few words, as a reader knows them from the controls."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from budget.inputs import CITY
from budget.rules import rule_at
from budget.workbook.rule_names import RULE_BY_NAME
from optimiser.problem import LEXIMIN, STRATEGIES, Strategy
from ui.language import Notation, catalogue, cents, euros, language, notation, share, term, text
from ui.scenarios import LOCK, Change, Scenario
from ui.view import View


def describe_all(scenario: Scenario, basis: View) -> str:
    """A scenario in a few words per difference."""
    said = [describe(change, basis) for change in scenario.changes]
    if scenario.strategy is not None:
        said.append(describe_strategy(scenario.strategy))
    return "; ".join(said)


def describe(change: Change, basis: View) -> str:
    """A change in a few words: the new value, where it holds, and what the workbook has there."""
    rules, years = basis.plan.inputs.rules, basis.years if change.year is None else (change.year,)
    place = {"district": change.district, "stream": change.stream}
    before = [rule_at(rules, change.rule, year=year, **place) for year in years]
    was = [None if rule is None else rule.value for rule in before]
    if RULE_BY_NAME[change.rule].is_amount and not known(was):
        return in_short(change, basis)
    return in_short(change, basis, text("rules.was", value=values_written(change.rule, was)))


def in_short(change: Change, basis: View, *beside: str) -> str:
    """The new value and where it holds; and what else is to be told."""
    if change.value is not None:
        value = value_written(change.rule, change.value)
    else:
        whose = change.rule != LOCK and (change.district or change.stream)
        value = text("rules.own_gone" if whose else "rules.off")
    told = [
        str(change.year) if change.year else "",
        place_and_stream(change.district, change.stream, basis),
    ]
    told = list(filter(None, (", ".join(filter(None, told)), *beside)))
    return f"{rule_name(change.rule)} {value}" + (f" ({'; '.join(told)})" if told else "")


def rule_name(rule: str) -> str:
    """A rule by the name of its control."""
    return catalogue(language()).get(f"rules.{rule}", rule)


def values_written(rule: str, values: Sequence[Decimal | None]) -> str:
    """The values of a rule over the years in a few words."""
    some = sorted({*known(values)})
    if not some:
        return text("rules.off")
    if len(some) == 1:
        told = value_written(rule, some[0])
    elif RULE_BY_NAME[rule].is_amount:
        told = "–".join(value_written(rule, value) for value in (some[0], some[-1]))
    else:
        digits = max(0, *(-2 - int(value.normalize().as_tuple().exponent) for value in some))
        low = notation().number(float(some[0] * 100), digits=digits)
        told = f"{low}–{notation().share(float(some[-1]), digits=digits)}"
    return text("rules.some_off", values=told) if None in values else told


def value_written(rule: str, value: Decimal) -> str:
    """A value as a reader knows it: euros, a share, or yes and no."""
    if RULE_BY_NAME[rule].is_amount:
        amount = int(value * 100)
        return cents(amount) if amount % 100 else euros(amount)
    if RULE_BY_NAME[rule].unit == "0/1":
        return text("rules.on" if value else "rules.off")
    return share_written(value, notation())


@lru_cache(maxsize=1024)
def share_written(value: Decimal, reader: Notation) -> str:
    """A share as the slider says it; Streamlit asks for all of them at every rerun."""
    return reader.share(float(value), digits=2 if value % Decimal("0.005") else 1)


def known(values: Sequence[Decimal | None]) -> list[Decimal]:
    """The values of the years in which the rule holds."""
    return [value for value in values if value is not None]


def place_and_stream(district: str | None, stream: str | None, basis: View) -> str:
    """Where a rule holds, by name; "" for everywhere."""
    return ", ".join(filter(None, (place_name(district, basis), basis.stream_names.get(stream or "", ""))))


def place_name(code: str | None, basis: View) -> str:
    """A district or the city-wide part by name; "" for all."""
    return term("Stadsbreed") if code == CITY else basis.area_names.get(code or "", "")


def what_comes_first(strategy: Strategy) -> str:
    """A strategy in a sentence; one of somebody's own by its stages in order."""
    if "afweging" in strategy.order:
        return text("strategy.weighed")
    if any((known.name, known.order) == (strategy.name, strategy.order) for known in (*STRATEGIES, LEXIMIN)):
        return catalogue(language())[f"strategy.first.{strategy.name}"]
    return text("strategy.others", stages=", ".join(term(stage) for stage in strategy.order))


def describe_strategy(strategy: Strategy) -> str:
    """A strategy in a few words."""
    return text("strategy.chosen", name=strategy_name(strategy))


def strategy_name(strategy: Strategy) -> str:
    """A strategy in the session's language: by its name, by its weights, or as somebody named their own."""
    known = catalogue(language()).get(f"strategy.names.{strategy.name}")
    if known is None and "afweging" in strategy.order:
        risk, cover, prevention = (share(weight, digits=0) for weight in strategy.weights)
        return text("strategy.mix", risk=risk, cover=cover, prevention=prevention)
    return known or strategy.name
