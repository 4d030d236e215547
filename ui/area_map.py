"""The map of changes: less is orange, more is purple, and every district says its figure as well."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise

import streamlit as st

from budget.tables import Cell, Table
from ui.district_map import Mark, district_map
from ui.language import euros, share, text
from ui.look import Palette, palette
from ui.remembered import remembered
from ui.view import Record, View, amount, records

_SCALES = ((0.005, 0.02, 0.05), (0.01, 0.03, 0.06), (0.02, 0.05, 0.1), (0.05, 0.1, 0.2), (0.1, 0.25, 0.5))
"""Edges of the classes on either side of zero; the finest that leaves few districts beyond its last edge."""


def change_map(view: View, year: int, *, chosen: str, on_pick: Callable[[str], None], key: str) -> None:
    """Each area's ceiling against the year before."""
    if view.drawing is None:
        return
    marks, legend = _coloured(view.table("Plafonds", Jaar=year))
    district_map(
        view.drawing,
        marks,
        label=text("map.label", year=year, before=year - 1),
        legend=legend,
        chosen=chosen or None,
        on_pick=on_pick,
        key=key,
    )


def scenario_map(view: View, table: Table, first: str, other: str, *, on_pick: Callable[[str], None]) -> None:
    """Each area's ceiling in one scenario against another."""
    if view.drawing is None:
        return
    marks, legend = _coloured(table)
    district_map(
        view.drawing,
        marks,
        label=text("map.label_scenarios", first=first, other=other),
        legend=legend,
        chosen=st.session_state.wijk or None,
        on_pick=on_pick,
        key="scenario_map",
    )


@remembered
def _coloured(table: Table) -> tuple[dict[str, Mark], list[tuple[str, str]]]:
    """Every area's mark by its change, and the legend."""
    rows, colours = records(table), palette()
    edges = fitting_edges([row["Verschil %"] for row in rows])
    marks = {str(row["Wijkcode"]): _mark(row, edges, colours) for row in rows}
    return marks, _legend(edges, colours)


def fitting_edges(changes: Sequence[Cell]) -> tuple[float, ...]:
    """Six edges of seven classes around zero.

    >>> fitting_edges([0.01, -0.03, 0.02])
    (-0.05, -0.02, -0.005, 0.005, 0.02, 0.05)
    """
    sizes = sorted(abs(change) for change in changes if isinstance(change, (int, float)))
    for scale in _SCALES:
        if bisect_right(sizes, scale[-1]) >= 0.8 * len(sizes):
            break
    return (*(-edge for edge in reversed(scale)), *scale)


def class_of(change: float, edges: Sequence[float]) -> int:
    """Which of the seven classes a change falls in; 3 is about the same.

    >>> [class_of(change, (-0.05, -0.02, -0.005, 0.005, 0.02, 0.05)) for change in (-0.2, -0.01, 0, 0.02, 0.021)]
    [0, 2, 3, 4, 5]
    """
    return bisect_left(edges, change)


def _mark(row: Record, edges: Sequence[float], colours: Palette) -> Mark:
    name, change = str(row["Wijknaam"]), row["Verschil %"]
    ceiling = euros(amount(row, "Plafond"))
    facts = [(text("map.ceiling"), ceiling)]
    if not isinstance(change, (int, float)):
        spoken = text("map.spoken_unknown", name=name, ceiling=ceiling)
        return Mark(name, colours.unknown, colours.ink, "?", spoken, facts)
    difference = euros(amount(row, "Verschil"), sign=True)
    relative = share(change, sign=True)
    facts += [(text("map.change"), difference), (text("map.relative"), relative)]
    if row["Tekort"]:
        facts.append((text("map.shortfall"), euros(amount(row, "Tekort"))))
    place = class_of(change, edges)
    short = share(change, sign=True).removesuffix("\u00a0%")
    return Mark(
        name,
        colours.diverging[place],
        colours.diverging_ink[place],
        short if short.strip("+−0,.") else "0",
        text("map.spoken", name=name, ceiling=ceiling, change=relative),
        facts,
    )


def _legend(edges: Sequence[float], colours: Palette) -> list[tuple[str, str]]:
    """Colour and range of every class."""

    def edge(value: float) -> str:
        return share(value).removesuffix("\u00a0%").removesuffix(",0").removesuffix(".0")

    between = [text("map.between", low=edge(low), high=edge(high)) for low, high in pairwise(edges)]
    between[2] = f"± {edge(edges[3])}"
    words = [f"< {edge(edges[0])}", *between, f"> {edge(edges[-1])} %"]
    return list(zip(colours.diverging, words, strict=True))
