"""The linear programme of one municipality: its columns, its rows, and the rule that each row belongs to.

Amounts inside the programme are thousands of euros (good numbers for a simplex method); every right-hand
side is a whole number of cents, so that the exact rounding afterwards can read the rules back from the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from math import inf
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from optimiser.allocation import Place
from optimiser.arithmetic import room_in_segment, saving_years
from optimiser.problem import FloatArray, Problem, Programme

CENTS_PER_UNIT = 100_000
"""The programme counts in thousands of euros."""
MARGIN = 4
"""Cents of room that rules between two years keep for the rounding."""
DISCOUNT = 0.97
"""A euro of shortfall a year later weighs this much."""


class Column:
    """One amount that the programme decides or measures: at least 0, at most `most` (thousands of euros)."""

    __slots__ = ("index", "kind", "most", "place")

    def __init__(self, index: int, kind: str, place: tuple[int, ...], most: float) -> None:
        self.index = index
        self.kind = kind
        self.place = place
        self.most = most


Terms: TypeAlias = Iterable[tuple[Column, float]]


def units(cents: float) -> float:
    """Cents as the programme counts them."""
    return float(cents) / CENTS_PER_UNIT


def members(areas: tuple[str, ...], problem: Problem) -> list[int]:
    """Positions of the named areas; none named means all."""
    return [d for d, area in enumerate(problem.areas) if not areas or area in areas]


_SENSES = {"<=": -1, "==": 0, ">=": 1}


class Relation(NamedTuple):
    """sum of factor * column <= (sense -1), = (0) or >= (1) side; every column once."""

    terms: list[tuple[Column, float]]
    sense: int
    side: float


def relation(terms: Terms, sense: Literal["<=", "==", ">="], side: float = 0.0) -> Relation:
    """sum of factor * column <= side, every column once."""
    return Relation(list(terms), _SENSES[sense], side)


class Row(NamedTuple):
    """One constraint, the place of the rule that it states, and how it is treated in whole cents.

    `terms`, `sense`, `bound`: as in `Relation`. `margin`: cents by which the programme is stricter than the rule, room
    for rounding two years that interact. `whole`: the rule holds in whole cents of decisions; else the row only
    measures something. `outward`: its bound is a share of an amount, rounded outward to a whole cent. `label` tells
    rows of one place apart.
    """

    terms: list[tuple[Column, float]]
    sense: int
    bound: float
    place: Place
    t: int
    margin: int
    whole: bool
    outward: bool
    label: str

    def side(self) -> float:
        """The right side as the rule has it, without the margin, as the programme counts."""
        return self.bound - self.sense * units(self.margin)


class Model:
    """Columns by name, rows by rule. Rules add to it; solvers and the rounding read it.

    x[d, s, t] budget, free[d, t], ceiling[d, t], city[s, t], prevention[d, p, k, t] by segment, all >= 0.
    Of every claim: paid (x) + gap (above the basic package) + short (of the basic package) - extra = claim
    after savings; extra only where a lock or a contract may ask for more than the claim.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.columns: list[Column] = []
        self.column_year: list[int] = []
        self.column_whole: list[bool] = []
        self.rows: list[Row] = []
        n_areas, n_streams, n_years = problem.shape
        cells = [(d, s, t) for d in range(n_areas) for s in range(n_streams) for t in range(n_years)]
        self.x = {cell: self.column("x", *cell) for cell in cells}
        self.city = {(s, t): self.column("city", s, t) for s in range(n_streams) for t in range(n_years)}
        self.free = {(d, t): self.column("free", d, t) for d in range(n_areas) for t in range(n_years)}
        self.ceiling = {(d, t): self.column("ceiling", d, t) for d in range(n_areas) for t in range(n_years)}
        longest = max((len(programme.segment_cents) for programme in problem.programmes), default=0)
        rooms = [room_in_segment(problem, k).tolist() for k in range(longest)]
        self.prevention = {
            (d, p, k, t): self.column("prevention", d, p, k, t, upper=rooms[k][d][p][t])
            for p, programme in enumerate(problem.programmes)
            for d in members(programme.areas, problem)
            for k in range(len(programme.segment_cents))
            for t in range(n_years)
        }
        self.gap: dict[tuple[int, int, int], Column] = {}
        self.short: dict[tuple[int, int, int], Column] = {}
        self.extra: dict[tuple[int, int, int], Column] = {}
        self.city_gap: dict[tuple[int, int], Column] = {}
        self.city_short: dict[tuple[int, int], Column] = {}
        self.wasted: dict[tuple[int, int, int], Column] = {}
        self.city_extra: dict[tuple[int, int], Column] = {}
        self.ring_fenced: dict[tuple[int, int, int], Column] = {}
        self.unspent: dict[int, Column] = {}
        self.buffer: dict[int, Column] = {}
        self.reserve_in: dict[tuple[int, int], Column] = {}
        self.reserve_out: dict[tuple[int, int], Column] = {}
        self.reserve: dict[tuple[int, int], Column] = {}
        self.silo_rest: dict[tuple[int, int, int], Column] = {}
        self.contract_short: dict[int, Column] = {}
        self.area_money: dict[int, Column] = {}
        self.off_target: list[tuple[int, Column]] = []
        self.unequal: list[tuple[int, float, Column]] = []
        self._savings = self._savings_by_cell()
        self._prevented = self._prevention_by_area()

    def column(self, kind: str, *index: int, upper: float | None = None, whole: bool = True) -> Column:
        """A new column >= 0 (upper bound in cents); its last index is the year. `whole`: decided in whole cents."""
        column = Column(len(self.columns), kind, index, inf if upper is None else units(upper))
        self.columns.append(column)
        self.column_year.append(index[-1])
        self.column_whole.append(whole)
        return column

    def require(
        self,
        rule: str,
        relation: Relation,
        t: int,
        *,
        area: int | None = None,
        stream: int | None = None,
        label: str = "",
        margin: int = 0,
        whole: bool = True,
        outward: bool = False,
    ) -> None:
        """Add one row of a rule. `area` -1 is the city."""
        problem = self.problem
        code = None if area is None else "STAD" if area < 0 else problem.areas[area]
        place = Place(rule, problem.years[t], code, None if stream is None else problem.streams[stream])
        self.rows.append(Row(*relation, place, t, margin, whole, outward, label))

    def area_years(self, values: FloatArray) -> Iterator[tuple[int, int, float]]:
        """(d, t, value) wherever a rule (d, t) has a value."""
        for d, t in np.argwhere(~np.isnan(values)).tolist():
            yield d, t, float(values[d, t])

    def cells(self, values: FloatArray) -> Iterator[tuple[int, int, int, float]]:
        """(d, s, t, value) wherever a rule (d, s, t) has a value."""
        for d, s, t in np.argwhere(~np.isnan(values)).tolist():
            yield d, s, t, float(values[d, s, t])

    def spent_on_prevention(self, d: int, t: int) -> list[Column]:
        """Prevention of an area in a year out of its budget, all programmes and segments."""
        return self._prevented.get((d, t), [])

    def savings(self, d: int, s: int, t: int) -> list[tuple[Column, float]]:
        """What prevention saves in a cell: (column, cost avoided per unit spent)."""
        return self._savings.get((d, s, t), [])

    def costs(self, weights: Terms) -> npt.NDArray[np.float64]:
        """An objective as a vector over the columns."""
        vector = np.zeros(len(self.columns))
        for column, weight in weights:
            vector[column.index] += weight
        return vector

    @cached_property
    def matrix(self) -> csr_matrix:
        """The coefficients (rows, columns), once every rule has added its rows."""
        indices = [column.index for row in self.rows for column, _ in row.terms]
        factors = [factor for row in self.rows for _, factor in row.terms]
        starts = np.cumsum([0, *(len(row.terms) for row in self.rows)])
        shape = (len(self.rows), len(self.columns))
        return csr_matrix((np.array(factors, dtype=np.float64), indices, starts), shape=shape)

    @cached_property
    def most(self) -> npt.NDArray[np.float64]:
        """The upper bound of every column; infinite where it has none."""
        return np.array([column.most for column in self.columns])

    def _savings_by_cell(self) -> dict[tuple[int, int, int], list[tuple[Column, float]]]:
        found: dict[tuple[int, int, int], list[tuple[Column, float]]] = {}
        n_years = len(self.problem.years)
        within = {
            (p, t): [year for year in saving_years(programme, t) if year < n_years]
            for p, programme in enumerate(self.problem.programmes)
            for t in range(n_years)
        }
        for (d, p, k, t), column in self.prevention.items():
            programme: Programme = self.problem.programmes[p]
            s = self.problem.streams.index(programme.stream)
            slope = programme.saving_per_euro[k] / programme.duration
            for year in within[p, t]:
                found.setdefault((d, s, year), []).append((column, slope))
        return found

    def _prevention_by_area(self) -> dict[tuple[int, int], list[Column]]:
        found: dict[tuple[int, int], list[Column]] = {}
        for (d, _, _, t), column in self.prevention.items():
            found.setdefault((d, t), []).append(column)
        return found
