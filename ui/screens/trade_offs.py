"""The trade-off between shortage risk, equal cover and prevention: choose a point, and it is a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from budget.tables import Kind
from optimiser.measures import Measures, measured
from optimiser.plain_formula import formula_in_pace
from optimiser.problem import STRATEGIES, Strategy
from optimiser.trade_offs import Point, frontier, presets
from ui import panels, session
from ui.chart_style import show_chart
from ui.language import text
from ui.remembered import remembered
from ui.rule_words import strategy_name
from ui.scenarios import encode
from ui.screens.measures import MEASURES, PREVENTION, Measure, measures_table
from ui.trade_off_chart import PICK, Dot, Goal, dots_chart
from ui.trade_off_points import points_under
from ui.view import View
from ui.work import Kept

_FORMULA, _WORKBOOK, _HERE = "formula", "workbook", "here"
_NAMED = frozenset(strategy.name for strategy in STRATEGIES)
_AT_ONCE = 4
"""Points that are worked out in one go, so that the first are on the screen while the others are made."""
_X, _Y = "trade_x", "trade_y"

_measured, _in_pace = remembered(measured), remembered(formula_in_pace)
_found: Kept[tuple[Point, ...]] = Kept(8)
"""The points by data and changed rules; what comes first makes no difference to them."""


def show(view: View) -> None:
    """The section: a button, then the points of the scenario at hand, as they come."""
    st.header(text("compare.trade"), anchor=False)
    panels.note(text("compare.trade_note"))
    key = f"{st.session_state.digest}/{encode(session.scenario().following(None))}"
    points = _found.get(key)
    if points is None:
        state = st.session_state
        if state.get("trade_asked") != key and not st.button(text("compare.trade_do"), key="trade_do"):
            return
        state.trade_asked = key
        _found.put(key, _as_they_come(view, key))
        st.rerun()
    _choose(view, {point.strategy.name: point for point in distinct(points)})


def _as_they_come(view: View, key: str) -> tuple[Point, ...]:
    """All points, the named strategies first; those that are there stand in the chart while the others are made."""
    problem = view.plan.problem
    strategies = [*presets(problem), *frontier(problem)]
    progress, slot = st.empty(), st.empty()
    found: list[Point] = []
    for done in range(0, len(strategies), _AT_ONCE):
        progress.progress(done / len(strategies), text=text("compare.trade_busy", n=done, of=len(strategies)))
        some = tuple(strategies[done : done + _AT_ONCE])
        found += session.elsewhere(f"{key}/points/{done}", points_under, view.plan, some)
        measures = _telling(found)
        if len(measures) >= 2:
            x, y = measures[:2]
            dots = _dots(view, {point.strategy.name: point for point in distinct(found)}, x, y)
            with slot.container():
                show_chart(dots_chart(dots, _as_goal(x), _as_goal(y)), alternative=_message(found, x, y))
    return tuple(found)


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
    measures = _telling(list(points.values()))
    if len(measures) < 2:
        panels.note(text("compare.trade_none"))
        return
    names = [one.field for one in measures]
    by_name = {one.field: one for one in measures}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        x = by_name[_goal(text("compare.trade_x"), names, _X, by_name)]
        others = [name for name in names if name != x.field]
        y = by_name[_goal(text("compare.trade_y"), others, _Y, by_name)]
    dots = _dots(view, points, x, y)
    kinds = {dot.kind for dot in dots}
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
            *([("here", text("compare.mine"))] if _HERE in kinds else []),
            *([("frame", text("compare.trade_workbook"))] if _WORKBOOK in kinds else []),
            *([("cross", text("compare.trade_formula"))] if _FORMULA in kinds else []),
        ]
    )
    panels.note(" ".join([text("compare.trade_size"), *_outside(view, kinds, x, y)]))
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


def _telling(points: Sequence[Point]) -> list[Measure]:
    """The figures that tell the points apart as they are written."""
    return [one for one in MEASURES if len({one.written(point.measures) for point in points}) > 1]


def _dots(view: View, points: Mapping[str, Point], x: Measure, y: Measure) -> list[Dot]:
    """The points, larger where there is more prevention, and beside them the plans that are no point of choice."""
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
        dots.append(dot)
    dots.sort(key=lambda dot: (dot.kind == "named", -dot.weight))
    beside = (_dot(*one, x, y, dots) for one in _beside(view))
    return [*dots, *(dot for dot in beside if dot is not None)]


def _beside(view: View) -> list[tuple[str, str, Measures]]:
    """Code, name and figures of what stands beside the points: the reader's own plan, the workbook's, the formula."""
    basis, problem = session.basis(), view.plan.problem
    mine = [(_HERE, text("compare.mine"), _measured(problem, view.plan.allocation))]
    return [
        *(mine if session.scenario() else []),
        (_WORKBOOK, text("compare.workbook"), _measured(basis.plan.problem, basis.plan.allocation)),
        (_FORMULA, text("compare.formula_in_pace"), _measured(problem, _in_pace(problem))),
    ]


def _dot(code: str, name: str, measures: Measures, x: Measure, y: Measure, dots: Sequence[Dot]) -> Dot | None:
    """A plan beside the points; None where it lies so far off that the others would be one dot."""
    at = x.of(measures), y.of(measures)
    if at[0] is None or at[1] is None:
        return None
    across, down = _scaled(x, at[0]), _scaled(y, at[1])
    reach = 1.0 if code == _FORMULA else 2.0
    if not (_near(across, [dot.x for dot in dots], reach) and _near(down, [dot.y for dot in dots], reach)):
        return None
    weight = next((dot.weight for dot in dots if (dot.x, dot.y) == (across, down)), 0.5)
    return Dot(code, name, across, down, _told(measures, x, y), code, weight)


def _outside(view: View, kinds: set[str], x: Measure, y: Measure) -> list[str]:
    """The workbook's plan in words where it lies too far off to be drawn."""
    return [
        text("compare.trade_outside", name=name, told=_told(measures, x, y))
        for code, name, measures in _beside(view)
        if code in (_WORKBOOK, _HERE) and code not in kinds
    ]


def _near(value: float, others: Sequence[float], reach: float) -> bool:
    """Whether it lies within the range of the others, or not further from it than `reach` times its width."""
    low, high = min(others), max(others)
    room = reach * (high - low)
    return low - room <= value <= high + room


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
