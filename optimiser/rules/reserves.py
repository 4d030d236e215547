"""An egalisation reserve stays in its band and gives no more than may be drawn.

    reserve[r,t] = reserve[r,t-1] + in[r,t] - out[r,t]
    minimum[r] <= reserve[r,t] <= maximum[r],   out[r,t] <= draw_limit[r,t]                       (reserve)

Drawn only against shortfall: a stage of its own (see `stages`) makes the draw as small as the smallest
shortfall of the basic package allows.
"""

from __future__ import annotations

from optimiser.model import Model, relation, units
from optimiser.rules.rule import Rule, more_and_less
from wording.sentence import Template

_TITLE = Template("de reserves in {year}")
_EASING = Template("€ 10.000 {way:word} uit de reserve in {year}")


def add(model: Model) -> None:
    """Balance, floor and roof per reserve and year; the draw limit is a bound on its column."""
    for r, reserve in enumerate(model.problem.reserves):
        for t in range(len(model.problem.years)):
            stock = model.reserve[r, t] = model.column("reserve", r, t)
            paid_in = model.reserve_in[r, t] = model.column("reserve_in", r, t)
            drawn = model.reserve_out[r, t] = model.column("reserve_out", r, t)
            change = [(stock, 1.0), (paid_in, -1.0), (drawn, 1.0)]
            if t == 0:
                balance = relation(change, "==", units(reserve.balance))
            else:
                balance = relation([*change, (model.reserve[r, t - 1], -1.0)], "==")
            least = relation([(stock, 1.0)], ">=", units(reserve.minimum))
            number = f"{r + 1}"
            model.require("reserve", balance, t, label=f"stand_{number}")
            model.require("reserve", least, t, label=f"minimum_{number}")
            if reserve.maximum is not None:
                most = relation([(stock, 1.0)], "<=", units(reserve.maximum))
                model.require("reserve", most, t, label=f"maximum_{number}")
            limit = relation([(drawn, 1.0)], "<=", units(int(reserve.draw_limit[t])))
            model.require("reserve", limit, t, label=f"onttrekking_{number}")


RESERVES = Rule(
    "reserve",
    add,
    title=lambda problem, place: _TITLE(year=place.year),
    easing=lambda problem, place: more_and_less(_EASING, year=place.year),
)
