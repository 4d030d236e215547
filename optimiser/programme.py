"""The programme written out in PuLP: every row under the name of its rule, for `.lp` files and for any other solver."""

from __future__ import annotations

from math import inf
from pathlib import Path

from pulp import LpAffineExpression, LpConstraint, LpMinimize, LpProblem

from optimiser.allocate import build
from optimiser.model import Column, Model, Row
from optimiser.problem import Problem
from optimiser.solver import FloatVector
from optimiser.stages import shortfall


def written_in_pulp(model: Model, costs: FloatVector, rule: str | None = None) -> LpProblem:
    """min costs . columns under every rule, or one; amounts in thousands of euros, without margins for the rounding.

    Columns are called by kind, area, stream or programme (counted from 1) and year, rows by rule and place.
    """
    lp = LpProblem("gebiedsbudget" if rule is None else rule, LpMinimize)
    variables = [
        lp.add_variable(column_name(model, column), 0, None if column.most == inf else column.most)
        for column in model.columns
    ]
    lp.setObjective(LpAffineExpression([(variables[i], float(cost)) for i, cost in enumerate(costs) if cost]))
    for row in model.rows:
        if rule in (None, row.place.rule):
            terms = LpAffineExpression([(variables[column.index], factor) for column, factor in row.terms])
            lp.addConstraint(LpConstraint(terms, row.sense, rhs=row.side()), _row_name(model, row))
    return lp


def save_as_lp(problem: Problem, path: Path) -> None:
    """Write the programme of a problem with its first goal, the least shortfall, to a file that every solver reads."""
    model = build(problem)
    written_in_pulp(model, model.costs(shortfall(model))).writeLP(str(path))


def column_name(model: Model, column: Column) -> str:
    """Kind, positions from 1, year: `x_1_3_2027`."""
    *positions, t = column.place
    return "_".join([column.kind, *(str(i + 1) for i in positions), str(model.problem.years[t])])


def _row_name(model: Model, row: Row) -> str:
    """Rule, label, positions from 1 (0 for the city), year: `groei_max_4_2028`."""
    problem, place = model.problem, row.place
    positions = [
        *([] if place.area is None else [_position(problem.areas, place.area)]),
        *([] if place.stream is None else [_position(problem.streams, place.stream)]),
    ]
    label = [row.label] if row.label else []
    return "_".join([place.rule, *label, *map(str, positions), str(problem.years[row.t])])


def _position(codes: tuple[str, ...], code: str) -> int:
    return codes.index(code) + 1 if code in codes else 0
