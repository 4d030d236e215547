"""Prevention: at least and at most a share of the area budget, and never a saving on cost that is not there.

    floor(preventie_min[d,t] ceiling[d,t]) <= sum_p q[d,p,t] <= floor(preventie_max[d,t] ceiling[d,t])   in cents
    0 <= savings[d,s,t] - wasted[d,s,t] <= claim[d,s,t],   wasted >= 0                           (besparing)

Both bounds are rounded down to whole cents, so that a minimum equal to the maximum always has one answer. Where
they differ the programme keeps a margin of a few cents, and the minimum is then reached without the rounding.

What an area can spend per programme and segment is a bound on its column. Money spent in year t saves in
years t+lag ... t+lag+duration-1, so with a lag of 1 or more nothing in the year of spending.
"""

from __future__ import annotations

from optimiser.model import MARGIN, Column, Model, relation, units
from optimiser.rules.rule import Rule, area_name, less_and_more, more_and_less, where
from wording.sentence import Template

_MINIMUM = Template("het minimum voor preventie van {area} in {year}")
_LESS_REQUIRED = Template("€ 10.000 {way:word} verplichte preventie voor {area} in {year}")
_MAXIMUM = Template("het maximum voor preventie van {area} in {year}")
_MORE_ROOM = Template("€ 10.000 {way:word} ruimte voor preventie in {area} in {year}")
_SAVINGS = Template("wat er te besparen valt in {where}")
_CAPACITY = Template("de ruimte in de programma's van {area} in {year}")


def add_minimum(model: Model) -> None:
    """preventie_min: at least this share of the area budget."""
    for d, t, share in model.area_years(model.problem.choices.prevention_min_dt):
        if share > 0:
            margin = 0 if _is_fixed(model, d, t) else MARGIN
            row = relation(_beyond_a_share(model, d, t, share), ">=", units(margin))
            model.require("preventie_min", row, t, area=d, margin=margin, outward=True)


def add_maximum(model: Model) -> None:
    """preventie_max: at most this share of the area budget."""
    for d, t, share in model.area_years(model.problem.choices.prevention_max_dt):
        margin = MARGIN if share > 0 and not _is_fixed(model, d, t) else 0
        row = relation(_beyond_a_share(model, d, t, share), "<=", -units(margin))
        if model.spent_on_prevention(d, t):
            model.require("preventie_max", row, t, area=d, margin=margin)


def _beyond_a_share(model: Model, d: int, t: int, share: float) -> list[tuple[Column, float]]:
    """sum_p q[d,p,t] - share ceiling[d,t]."""
    return [*((column, 1.0) for column in model.spent_on_prevention(d, t)), (model.ceiling[d, t], -share)]


def _is_fixed(model: Model, d: int, t: int) -> bool:
    choices = model.problem.choices
    return float(choices.prevention_min_dt[d, t]) == float(choices.prevention_max_dt[d, t])


def add_savings(model: Model) -> None:
    """Only stated where the programmes could save more than the claim; what is too much is wasted."""
    for (d, s, t), claim in {cell: int(model.problem.claims[cell]) for cell in model.x}.items():
        saves = model.savings(d, s, t)
        most = sum(max(0.0, slope) * column.most for column, slope in saves)
        if most > units(claim):
            wasted = model.wasted[d, s, t] = model.column("wasted", d, s, t, whole=False)
            saved = [(column, slope) for column, slope in saves if slope > 0]
            row = relation([*saved, (wasted, -1.0)], ">=")
            model.require("besparing", row, t, area=d, stream=s, label="verspild", whole=False)
            saves.append((wasted, -1.0))
            row = relation(saves, "<=", units(claim))
            model.require("besparing", row, t, area=d, stream=s, whole=False)


MINIMUM = Rule(
    "preventie_min",
    add_minimum,
    title=lambda problem, place: _MINIMUM(area=area_name(problem, place.area), year=place.year),
    easing=lambda problem, place: less_and_more(
        _LESS_REQUIRED, area=area_name(problem, place.area), year=place.year
    ),
)
MAXIMUM = Rule(
    "preventie_max",
    add_maximum,
    title=lambda problem, place: _MAXIMUM(area=area_name(problem, place.area), year=place.year),
    easing=lambda problem, place: more_and_less(
        _MORE_ROOM, area=area_name(problem, place.area), year=place.year
    ),
)
SAVINGS = Rule(
    "besparing",
    add_savings,
    title=lambda problem, place: _SAVINGS(where=where(problem, place)),
)
CAPACITY = Rule(
    "preventie_ruimte",
    lambda model: None,
    title=lambda problem, place: _CAPACITY(area=area_name(problem, place.area), year=place.year),
)
