"""HiGHS and the programmes it holds: handed over at once, one thread, and nothing accepted but a proven optimum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from optimiser.allocation import Solver
from optimiser.model import Column, Model

SEED = 0
_MOST_MISSING = 50
"""Rows that may turn out to be missing in one run, see `LiveModel.watch`."""
FloatVector = npt.NDArray[np.float64]
Bounds = tuple[FloatVector, FloatVector, FloatVector, FloatVector]


class NotSolved(Exception):
    """The solver stopped without a proven optimum; nothing it holds may be read."""


class Infeasible(NotSolved):
    """No point satisfies every row."""


class LiveModel:
    """A solved programme that stays in the solver: change costs, fix what is optimal, solve again from there."""

    def __init__(self, highs: Any, like: LiveModel | None = None) -> None:
        self.highs = highs
        self._handed_over = self.bounds()
        self.watch: Callable[[FloatVector], bool] | None = None
        """Sees every optimum, and may add a row that it breaks; True where it did (see `risk`)."""
        self._bases = {"": highs.getBasis()}
        """Where it stood, by name; "" is where it started."""
        self._good_starts = {} if like is None else like._bases_for(*self.size())

    def bounds(self) -> Bounds:
        """All bounds as they are now, for `release`."""
        lp = self.highs.getLp()
        ends = (lp.col_lower_, lp.col_upper_, lp.row_lower_, lp.row_upper_)
        low, high, row_low, row_high = (np.array(end) for end in ends)
        return low, high, row_low, row_high

    @classmethod
    def of(
        cls, model: Model, costs: FloatVector, like: LiveModel | None = None, *, margins: bool = True
    ) -> LiveModel:
        """The model in a solver, solved. Raises Infeasible or NotSolved.

        `like`: nearly the same model, solved before: where it started is a good place to start. `margins` False:
        without the cents that rules keep for the rounding.
        """
        highs = new_highs()
        sides = np.array([row.bound if margins else row.side() for row in model.rows])
        _pass_model(highs, model, costs, sides)
        start = {} if like is None else like._bases_for(len(model.columns), len(model.rows))
        if start:
            highs.setBasis(start[""])
        highs.run()
        if start and highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            highs.clearSolver()
            highs.run()
        live = cls(highs, like)
        live.check()
        return live

    def minimise_as_before(self, name: str, costs: FloatVector) -> float:
        """The least cost, from where a nearly equal model found it under that name (see `of`)."""
        if name in self._good_starts:
            self.highs.setBasis(self._good_starts[name])
        value = self.minimise(costs)
        self._bases[name] = self.highs.getBasis()
        return value

    def _bases_for(self, n_columns: int, n_rows: int) -> dict[str, Any]:
        """Where it stood, by name; nothing for a model of another size."""
        low, _, row_low, _ = self._handed_over
        return self._bases if (len(low), len(row_low)) == (n_columns, n_rows) else {}

    def copy(self) -> LiveModel:
        """The same programme in a solver of its own, standing at the same optimum."""
        highs = new_highs()
        highs.passModel(self.highs.getLp())
        highs.setBasis(self.highs.getBasis())
        highs.run()
        twin = LiveModel(highs)
        twin.check()
        return twin

    def check(self) -> None:
        """Raise unless the last run ended in a proven optimum."""
        status = self.highs.getModelStatus()
        if status in (
            highspy.HighsModelStatus.kInfeasible,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        ):
            raise Infeasible(self.highs.modelStatusToString(status))
        if status != highspy.HighsModelStatus.kOptimal:
            raise NotSolved(self.highs.modelStatusToString(status))

    def minimise(self, costs: FloatVector, keep: Sequence[tuple[int, float]] = ()) -> float:
        """The least cost from where the model stands; columns added later cost nothing, but for those in `keep`."""
        every = np.zeros(self.size()[0])
        every[: len(costs)] = costs
        for column, cost in keep:
            every[column] = cost
        self.highs.changeColsCost(len(every), np.arange(len(every), dtype=np.int32), every)
        self.run()
        return float(self.highs.getObjectiveValue())

    def run(self) -> None:
        """Solve from where the model stands, once more from nothing where that ends without a proof.

        Again with every row that is missing. Raises unless the end is a proven optimum.
        """
        for _ in range(_MOST_MISSING):
            self.highs.run()
            if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                self.highs.clearSolver()
                self.highs.run()
            self.check()
            if self.watch is None or not self.watch(self.values()):
                return
        raise NotSolved("row after row is missing")

    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self.highs.getNumCol(), self.highs.getNumRow()

    def add_column(self, cost: float) -> int:
        """A new column >= 0; its position."""
        self.highs.addCol(cost, 0.0, highspy.kHighsInf, 0, np.zeros(0, dtype=np.int32), np.zeros(0))
        return int(self.highs.getNumCol()) - 1

    def add_columns(self, most: FloatVector) -> int:
        """New columns between 0 and `most`, without cost; the position of the first."""
        n, first, none = len(most), int(self.highs.getNumCol()), np.zeros(0)
        starts = np.zeros(n, dtype=np.int32)
        self.highs.addCols(n, np.zeros(n), np.zeros(n), most, 0, starts, none.astype(np.int32), none)
        return first

    def add_rows(
        self, low: FloatVector, high: FloatVector, rows: Sequence[Sequence[tuple[int, float]]]
    ) -> None:
        """New rows of (column, coefficient)."""
        starts = np.cumsum([0, *map(len, rows)])
        columns = [column for row in rows for column, _ in row]
        factors = [factor for row in rows for _, factor in row]
        shape = (len(rows), self.size()[0])
        self.add_matrix(low, high, csr_matrix((factors, columns, starts), shape=shape))

    def add_matrix(self, low: FloatVector, high: FloatVector, matrix: csr_matrix) -> None:
        """New rows, as a matrix over the columns."""
        starts, columns = matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32)
        n, factors = len(columns), matrix.data.astype(np.float64)
        self.highs.addRows(matrix.shape[0], low, high, n, starts, columns, factors)

    def shrink(self, size: tuple[int, int]) -> None:
        """Drop the columns and rows added since the model had this size."""
        for drop, now, then in (
            (self.highs.deleteRows, self.highs.getNumRow(), size[1]),
            (self.highs.deleteCols, self.highs.getNumCol(), size[0]),
        ):
            if now > then:
                drop(now - then, np.arange(then, now, dtype=np.int32))

    def values(self) -> FloatVector:
        """The columns of the last optimum."""
        return np.array(self.highs.getSolution().col_value)

    def prices(self) -> FloatVector:
        """The dual of every row at the last optimum: what one unit more on its right side costs."""
        return np.array(self.highs.getSolution().row_dual)

    def fix_optimal_face(self, tolerance: float = 1e-7) -> None:
        """Keep every later solution optimal for the costs just minimised.

        Any dual optimum is complementary to every primal optimum: a column whose reduced cost is not zero stays
        at its bound, a row whose dual is not zero stays active. Nothing else is needed, and no row is added.
        """
        solution = self.highs.getSolution()
        for duals, values, bounds, change in (
            (solution.col_dual, solution.col_value, self.highs.getCols, self.highs.changeColsBounds),
            (solution.row_dual, solution.row_value, self.highs.getRows, self.highs.changeRowsBounds),
        ):
            priced = np.flatnonzero(np.abs(duals) > tolerance).astype(np.int32)
            if len(priced):
                low, high = bounds(len(priced), priced)[-3:-1]
                value = np.array(values)[priced]
                side = np.where(value - low <= high - value, low, high)
                change(len(priced), priced, side, side)

    def release(self, bounds: Bounds | None = None) -> None:
        """Undo every fixing since `bounds` were taken; without them, all."""
        low, high, row_low, row_high = bounds or self._handed_over
        self.shrink((len(low), len(row_low)))
        self.watch = None
        self.highs.changeColsBounds(len(low), np.arange(len(low), dtype=np.int32), low, high)
        self.highs.changeRowsBounds(len(row_low), np.arange(len(row_low), dtype=np.int32), row_low, row_high)

    def fix_column(self, column: Column, value: float) -> None:
        """Give one column its value for good."""
        self.highs.changeColBounds(column.index, value, value)


def used_solver() -> Solver:
    """What solved it, for the record."""
    return Solver("HiGHS", new_highs().version(), "optimaal", SEED)


def new_highs() -> Any:
    """A quiet, single-threaded solver."""
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", SEED)):
        highs.setOptionValue(option, value)
    return highs


def _pass_model(highs: Any, model: Model, costs: FloatVector, sides: FloatVector) -> None:
    matrix, senses = model.matrix, np.array([row.sense for row in model.rows])
    highs.passModel(
        len(model.columns),
        len(model.rows),
        matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        costs,
        np.zeros(len(model.columns)),
        model.most,
        np.where(senses < 0, -np.inf, sides),
        np.where(senses > 0, np.inf, sides),
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data,
        np.zeros(len(model.columns), dtype=np.int32),
    )


def set_matrix(lp: Any, matrix: Any) -> None:
    """Give a HiGHS model its coefficients."""
    columns = matrix.tocsc()
    columns.sort_indices()
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = columns.indptr.tolist(), columns.indices.tolist()
    lp.a_matrix_.value_ = columns.data.astype(np.float64)
