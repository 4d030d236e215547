"""The area budget is a ceiling over everything in the area, and a given ceiling is kept.

ceiling[d,t] = sum_s x[d,s,t] + sum_p q[d,p,t] + free[d,t]                             (gebiedsbudget)
ceiling[d,t] = given[d,t]                                                              (plafond)

q is prevention out of the area budget: what is reinvested from an earlier surplus comes on top of it.
"""

from __future__ import annotations

from optimiser.model import Model, relation, units
from optimiser.rules.rule import Rule, area_name, more_and_less
from wording.sentence import Template

_TITLE = Template("het gebiedsbudget van {area}")
_GIVEN = Template("het gegeven plafond van {area} in {year}")
_EASING = Template("€ 10.000 {way:word} voor {area} in {year}")


def add_area_budget(model: Model) -> None:
    """Support, prevention and what is free are the area budget."""
    streams = range(len(model.problem.streams))
    for (d, t), ceiling in model.ceiling.items():
        spent = [*(model.x[d, s, t] for s in streams), *model.spent_on_prevention(d, t), model.free[d, t]]
        parts = [*((column, 1.0) for column in spent), (ceiling, -1.0)]
        model.require("gebiedsbudget", relation(parts, "==", 0), t, area=d)


def add_given(model: Model) -> None:
    """The total of this area is given; only its division is free."""
    for d, t, given in model.area_years(model.problem.choices.ceiling_dt):
        model.require("plafond", relation([(model.ceiling[d, t], 1.0)], "==", units(round(given))), t, area=d)


AREA_BUDGET = Rule(
    "gebiedsbudget",
    add_area_budget,
    title=lambda problem, place: _TITLE(area=area_name(problem, place.area)),
)
GIVEN = Rule(
    "plafond",
    add_given,
    title=lambda problem, place: _GIVEN(area=area_name(problem, place.area), year=place.year),
    easing=lambda problem, place: more_and_less(
        _EASING, area=area_name(problem, place.area), year=place.year
    ),
    either=True,
)
