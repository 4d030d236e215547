"""The trade-off between shortage risk, equal cover and prevention: choose a point, and it is a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from budget.tables import Kind
from optimiser.measures import Measures, measured
from optimiser.plain_formula import formula_in_pace
from optimiser.problem import STRATEGIES, Strategy
from optimiser.trade_offs import Point
from ui import panels, session
from ui.chart_style import show_chart
from ui.language import text
from ui.rule_controls import strategy_name
from ui.scenarios import encode
from ui.screens.measures import MEASURES, PREVENTION, Measure, measures_table
from ui.solver import points_of
from ui.trade_off_chart import PICK, Dot, Goal, dots_chart
from ui.view import View
from ui.work import Kept

_FORMULA = "formula"
_NAMED = frozenset(strategy.name for strategy in STRATEGIES)
_X, _Y = "trade_x", "trade_y"

_found: Kept[tuple[Point, ...]] = Kept(8)
"""The points by data and changed rules; what comes first makes no difference to them."""


def show(view: View) -> None:
    """The section: a button, then the points of the scenario at hand."""
    st.header(text("compare.trade"), anchor=False)
    panels.note(text("compare.trade_note"))
    key = f"{st.session_state.digest}/{encode(session.scenario().following(None))}"
    points = _found.get(key)
    if points is None:
        if not st.button(text("compare.trade_do"), key="trade_do"):
            return
        with st.spinner(text("compare.trade_busy")):
            _found.put(key, session.elsewhere(f"{key}/points", points_of, view.plan))
        st.rerun()
    _choose(view, {point.strategy.name: point for point in distinct(points)})


def distinct(points: Sequence[Point]) -> list[Point]:
    """The points without the mixes that come to the same as one before them; named strategies stay."""
    kept: list[Point] = []
    seen = set()
    for point in points:
        figures = tuple(one.written(point.measures) for one in MEASURES)
        if figures not in seen or point.strategy.name in _NAMED:
            kept.append(point)
        seen.add(figures)
    return kept


def _choose(view: View, points: Mapping[str, Point]) -> None:
    """The goals to set against each other, the dots, and the same dots as a list."""
    measures = [one for one in MEASURES if _differs(one, list(points.values()))]
    if len(measures) < 2:
        panels.note(text("compare.trade_none"))
        return
    names = [one.field for one in measures]
    by_name = {one.field: one for one in measures}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        x = by_name[_goal(text("compare.trade_x"), names, _X, by_name)]
        others = [name for name in names if name != x.field]
        y = by_name[_goal(text("compare.trade_y"), others, _Y, by_name)]
    here = (session.scenario().strategy or view.plan.inputs.strategy).name
    dots = _dots(points, x, y, here)
    formula = _formula_dot(view, x, y, dots)
    dots += [formula] if formula else []
    show_chart(
        dots_chart(dots, _as_goal(x), _as_goal(y)),
        alternative=_message(list(points.values()), x, y),
        key="trade_chart",
        on_select=lambda: _clicked(points),
        selection=PICK,
    )
    panels.legend(
        [
            ("dot", text("compare.trade_named")),
            ("faint_dot", text("compare.trade_mixed")),
            ("here", text("compare.trade_here")),
            *([("cross", text("compare.trade_formula"))] if formula else []),
        ]
    )
    panels.note(text("compare.trade_size"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            text("compare.trade_choose"),
            list(points),
            format_func=lambda name: _line(points[name], x, y),
            key="trade_point",
            width=620,
        )
        if st.button(text("compare.trade_take"), key="trade_take"):
            _take(points[chosen].strategy)
            st.rerun()
    box = panels.fold(text("compare.trade_table"), key="fold_trade")
    if box.open:
        with box:
            named = {strategy_name(point.strategy): point.measures for point in points.values()}
            panels.show_table(measures_table(named), label=text("compare.trade_table"))


def _goal(label: str, names: list[str], key: str, by_name: Mapping[str, Measure]) -> str:
    return str(st.selectbox(label, names, format_func=lambda name: by_name[name].name, key=key, width=280))


def _clicked(points: Mapping[str, Point]) -> None:
    """A dot that is clicked is the scenario from now on."""
    picked = st.session_state["trade_chart"]["selection"].get(PICK) or []
    for one in picked:
        if one.get("code") in points:
            st.session_state.trade_point = one["code"]
            _take(points[one["code"]].strategy)


def _take(strategy: Strategy) -> None:
    """Look at the scenario at hand under this strategy, beside the workbook."""
    own = session.basis().plan.inputs.strategy
    session.take_up(session.scenario().following(None if strategy == own else strategy))
    st.session_state.pop("seen_mine", None)


def _differs(measure: Measure, points: Sequence[Point]) -> bool:
    """Whether this figure tells the points apart as it is written."""
    return len({measure.written(point.measures) for point in points}) > 1


def _dots(points: Mapping[str, Point], x: Measure, y: Measure, here: str) -> list[Dot]:
    """The points, larger where there is more prevention; the plan at hand once more for its ring."""
    dots = []
    spent = {code: _place(PREVENTION, point) for code, point in points.items()}
    least, most = min(spent.values()), max(spent.values())
    for code, point in points.items():
        dot = Dot(
            code=code,
            name=strategy_name(point.strategy),
            x=_place(x, point),
            y=_place(y, point),
            told=_told(point.measures, x, y),
            kind="named" if code in _NAMED else "mixed",
            weight=(spent[code] - least) / (most - least) if most > least else 0.5,
        )
        dots += [dot, *([replace(dot, kind="here")] if code == here else [])]
    return sorted(dots, key=lambda dot: (dot.kind == "named", -dot.weight))


def _formula_dot(view: View, x: Measure, y: Measure, dots: Sequence[Dot]) -> Dot | None:
    """The formula at the pace of the rules; None where it lies so far off that the others would be one dot."""
    measures = measured(view.plan.problem, formula_in_pace(view.plan.problem))
    at = x.of(measures), y.of(measures)
    if at[0] is None or at[1] is None:
        return None
    place = _scaled(x, at[0]), _scaled(y, at[1])
    if not all(
        _near(value, [getattr(dot, axis) for dot in dots]) for value, axis in zip(place, "xy", strict=True)
    ):
        return None
    return Dot(_FORMULA, text("compare.formula_in_pace"), *place, _told(measures, x, y), _FORMULA)


def _near(value: float, others: Sequence[float]) -> bool:
    """Whether it lies within the range of the others, or not further from it than it is wide."""
    low, high = min(others), max(others)
    return 2 * low - high <= value <= 2 * high - low


def _place(measure: Measure, point: Point) -> float:
    value = measure.of(point.measures)
    return 0.0 if value is None else _scaled(measure, value)


def _scaled(measure: Measure, value: float) -> float:
    """Cents as euros."""
    return value / 100 if measure.column.kind is Kind.CENTS else value


def _as_goal(measure: Measure) -> Goal:
    unit = f" ({text('chart.euros')})" if measure.column.kind is Kind.CENTS else ""
    return Goal(measure.name + unit, measure.column.kind)


def _told(measures: Measures, x: Measure, y: Measure) -> str:
    return f"{x.name} {x.written(measures)}, {y.name.lower()} {y.written(measures)}"


def _line(point: Point, x: Measure, y: Measure) -> str:
    return f"{strategy_name(point.strategy)}: {_told(point.measures, x, y)}"


def _message(points: Sequence[Point], x: Measure, y: Measure) -> str:
    """The ends of the curve in words."""
    ends = [
        (
            one,
            min(points, key=lambda point: _place(one, point)),
            max(points, key=lambda point: _place(one, point)),
        )
        for one in (x, y)
    ]
    return " ".join(
        text(
            "compare.trade_alt",
            goal=one.name,
            low=one.written(least.measures),
            least=strategy_name(least.strategy),
            high=one.written(most.measures),
            most=strategy_name(most.strategy),
        )
        for one, least, most in ends
    )
