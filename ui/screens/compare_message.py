"""What one plan does beside another, in two sentences."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from budget.report.comparison import areas_table, scenarios_table
from budget.tables import Table
from ui.language import euros, term, text
from ui.view import Record, View, amount, records

_ONE_EURO = 100
_TOLD = ("Niet gedekte lasten", "Tekort op het basispakket")
_AMOUNT = "Bedrag"


def pair(names: list[str]) -> tuple[str, str]:
    """The two plans whose difference is told: what the reader set, else the first and the last."""
    state = st.session_state
    first = state.get("compare_from") if state.get("compare_from") in names else names[0]
    others = [name for name in names if name != first]
    return str(first), str(state.compare_to if state.get("compare_to") in others else others[-1])


def message(views: Mapping[str, View], year: int) -> str:
    """What the one plan does to shortage and to the areas beside the other."""
    first, other = pair(list(views))
    before, after = (
        {str(row["Post"]): row for row in records(_posts(views[name], year))} for name in (first, other)
    )
    changes = [_change(post, amount(after[post], _AMOUNT) - amount(before[post], _AMOUNT)) for post in _TOLD]
    moved = moved_areas(areas_table(views[first].plan, views[other].plan, year))
    told = text("compare.message", first=first, other=other, year=year, changes=", ".join(changes))
    years = views[first].years
    if len(years) > 1:
        gap = sum(views[other].amount(_TOLD[0], one) - views[first].amount(_TOLD[0], one) for one in years)
        whole = text("compare.all_years", begin=years[0], end=years[-1], change=_change(_TOLD[0], gap))
        told = f"{told} {whole}"
    if not moved:
        return f"{told} {text('compare.same')}"
    most = max(moved, key=lambda row: abs(amount(row, "Verschil")))
    areas = text(
        "compare.areas",
        up=sum(amount(row, "Verschil") > 0 for row in moved),
        down=sum(amount(row, "Verschil") < 0 for row in moved),
        most=most["Wijknaam"],
        amount=euros(amount(most, "Verschil"), sign=True),
    )
    return f"{told} {areas}"


def _change(post: str, change: int) -> str:
    """What becomes of one post, in cents."""
    name = term(post).lower()
    if abs(change) < _ONE_EURO:
        return text("compare.equal", post=name)
    key = "compare.more" if change > 0 else "compare.less"
    return text(key, post=name, amount=euros(abs(change)))


def _posts(view: View, year: int) -> Table:
    return scenarios_table({_AMOUNT: view.plan}, year)


def moved_areas(table: Table) -> list[Record]:
    """The areas whose ceiling is not the same in both plans, to the euro."""
    return [row for row in records(table) if abs(amount(row, "Verschil")) >= _ONE_EURO / 2]
