"""HiGHS, reached through PuLP: one bulk transfer, one thread, and nothing accepted but a proven optimum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from pulp import HiGHS, LpAffineExpression, LpConstraintGE, LpConstraintLE
from pulp.constants import LpSolutionInfeasible, LpSolutionOptimal, LpStatusInfeasible, LpStatusOptimal
from scipy.sparse import csr_matrix

from optimiser.allocation import Solver
from optimiser.model import Column, Model

SEED = 0
FloatVector = npt.NDArray[np.float64]
Bounds = tuple[FloatVector, FloatVector, FloatVector, FloatVector]


class NotSolved(Exception):
    """The solver stopped without a proven optimum; nothing it holds may be read."""


class Infeasible(NotSolved):
    """No point satisfies every row."""


class BulkHiGHS(HiGHS):  # type: ignore[misc]
    """PuLP's HiGHS with the model passed at once, columns in the order of their making (as in PuLP 4).

    PuLP 3 sorts columns by name, so that renaming a district could change which of two equal optima comes out.
    """

    def __init__(self, columns: Sequence[Column], basis: Any = None, **options: Any) -> None:
        super().__init__(msg=False, threads=1, random_seed=SEED, **options)
        self.columns = columns
        self.basis = basis

    def actualSolve(self, lp: Any) -> int:  # noqa: N802 (PuLP's name)
        """As in PuLP, without sorting all columns by name afterwards."""
        self.createAndConfigureSolver(lp)
        self.buildSolverModel(lp)
        self.callSolver(lp)
        status, solution_status = self.findSolutionValues(lp)
        lp.assignStatus(status, solution_status)
        return status

    def buildSolverModel(self, lp: Any) -> None:  # noqa: N802 (PuLP's name)
        """Pass the whole model in one call."""
        costs = np.zeros(len(self.columns))
        for column, weight in (lp.objective or {}).items():
            costs[column.index] = weight
        constraints = lp.constraints() if callable(lp.constraints) else list(lp.constraints.values())
        _pass_model(lp.solverModel, self.columns, constraints, costs)
        if self.basis is not None:
            lp.solverModel.setBasis(self.basis)
        for index, constraint in enumerate(constraints):
            constraint.index = index

    def findSolutionValues(self, lp: Any) -> tuple[int, int]:  # noqa: N802 (PuLP's name)
        """Read values only from a proven optimum."""
        status = lp.solverModel.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            return LpStatusInfeasible, LpSolutionInfeasible
        values = lp.solverModel.getSolution().col_value
        for column in self.columns:
            column.varValue = values[column.index]
        return LpStatusOptimal, LpSolutionOptimal


class LiveModel:
    """A solved programme that stays in the solver: change costs, fix what is optimal, solve again from there."""

    def __init__(self, highs: Any) -> None:
        self.highs = highs
        self._handed_over = self.bounds()

    @classmethod
    def without_margins(cls, model: Model) -> LiveModel:
        """The model that `of` found infeasible, solved without the cents that rules keep for the rounding."""
        highs = model.lp.solverModel
        for index, row in enumerate(model.rows):
            if row.margin:
                _, low, high, _ = highs.getRow(index)
                side = row.side()
                highs.changeRowBounds(index, low if np.isinf(low) else side, high if np.isinf(high) else side)
        live = cls(highs)
        live.run()
        return live

    def bounds(self) -> Bounds:
        """All bounds as they are now, for `release`."""
        lp = self.highs.getLp()
        ends = (lp.col_lower_, lp.col_upper_, lp.row_lower_, lp.row_upper_)
        low, high, row_low, row_high = (np.array(end) for end in ends)
        return low, high, row_low, row_high

    @classmethod
    def of(cls, model: Model, costs: FloatVector, like: LiveModel | None = None) -> LiveModel:
        """Hand the model to HiGHS through PuLP and solve it. Raises Infeasible or NotSolved.

        `like`: nearly the same model, solved before: where it started is a good place to start.
        """
        priced = [(column, float(costs[column.index])) for column in model.columns if costs[column.index]]
        model.lp.setObjective(LpAffineExpression(priced))
        same = like is not None and like.shape == (len(model.columns), len(model.rows))
        solver = BulkHiGHS(model.columns, like.basis if like is not None and same else None)
        model.lp.solve(solver)
        live = cls(model.lp.solverModel)
        live.check()
        return live

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

        Raises unless the end is a proven optimum.
        """
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self.highs.clearSolver()
            self.highs.run()
        self.check()

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


def _pass_model(
    highs: Any, columns: Sequence[Column], constraints: Sequence[Any], costs: FloatVector
) -> None:
    starts, indices, coefficients = [0], [], []
    for constraint in constraints:
        indices += [column.index for column in constraint]
        coefficients += constraint.values()
        starts.append(len(indices))
    none = highspy.kHighsInf
    sides = np.array([-constraint.constant for constraint in constraints])
    senses = np.array([constraint.sense for constraint in constraints])
    highs.passModel(
        len(columns),
        len(constraints),
        len(indices),
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        costs,
        np.zeros(len(columns)),
        np.array([none if column.upBound is None else column.upBound for column in columns]),
        np.where(senses == LpConstraintLE, -none, sides),
        np.where(senses == LpConstraintGE, none, sides),
        np.array(starts, dtype=np.int32),
        np.array(indices, dtype=np.int32),
        np.array(coefficients, dtype=np.float64),
        np.zeros(len(columns), dtype=np.int32),
    )


def set_matrix(lp: Any, matrix: Any) -> None:
    """Give a HiGHS model its coefficients."""
    columns = matrix.tocsc()
    columns.sort_indices()
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = columns.indptr.tolist(), columns.indices.tolist()
    lp.a_matrix_.value_ = columns.data.astype(np.float64)
