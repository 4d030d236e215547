"""Questions to a solved town: right by the sum on paper, and without a trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf

import numpy as np
import pytest

from optimiser.allocate import allocate, solvable
from optimiser.allocation import Place
from optimiser.problem import Problem
from optimiser.whatif import Answer, WhatIf

Town = Callable[..., Problem]


def solved(problem: Problem) -> WhatIf:
    return WhatIf(*solvable(problem))


def more_money(question: WhatIf, cents: int) -> Answer | None:
    money = question.rows(Place("middelen", 2027))
    return question.ask(question.moved(dict.fromkeys(money, cents)))


def given_ceiling(question: WhatIf, d: int, cents: int) -> Answer | None:
    return question.ask(columns={question.model.ceiling[d, 0].index: (cents, cents)})


def locked(question: WhatIf, d: int, claim: int, cents: int) -> Answer | None:
    """A budget may lie above its claim only where it is locked."""
    (need,) = question.rows(Place("verwachte_lasten", 2027, question.model.problem.areas[d], "S1"))
    return question.ask({need: (claim, inf)}, {question.model.x[d, 0, 0].index: (cents, cents)})


def shortfall(answer: Answer | None) -> int:
    assert answer is not None
    return answer.shortfall


def test_more_money_and_a_given_ceiling_and_a_lock_move_the_shortfall_by_the_sum_on_paper(town: Town) -> None:
    question = solved(town([[[100]], [[100]]], 120, last_budget=[[100], [100]]))
    assert question.now.shortfall == (160 - 120) * 100
    assert shortfall(more_money(question, 10 * 100)) == (160 - 130) * 100
    assert shortfall(given_ceiling(question, 0, 100 * 100)) == (160 - 80 - 20) * 100
    assert shortfall(locked(question, 0, claim=100 * 100, cents=110 * 100)) == (80 - 10) * 100


def test_a_question_leaves_the_problem_as_it_was(town: Town) -> None:
    question = solved(town([[[100]], [[100]]], 120, last_budget=[[100], [100]]))
    given_ceiling(question, 0, 0)
    locked(question, 1, claim=100 * 100, cents=120 * 100)
    assert question.ask() == question.now


def test_a_question_against_the_rules_has_no_answer(town: Town) -> None:
    question = solved(town([[[100]]], 120, last_budget=[[100]], max_growth_dt=0.1))
    assert given_ceiling(question, 0, 115 * 100) is None
    assert shortfall(question.ask()) == 0


@pytest.mark.parametrize("seed", [1, 4, 8, 19])
def test_a_what_if_says_what_a_whole_new_plan_would(random_town: Town, seed: int) -> None:
    problem = replace(random_town(seed), contracts=(), reserves=())
    first, *others = problem.sources
    buffer = np.zeros(len(problem.years))
    plain = replace(problem, choices=replace(problem.choices, buffer_share_t=buffer))
    more = first.amounts.copy()
    more[0] += 100_000
    plan = allocate(replace(plain, sources=(replace(first, amounts=more), *others)))
    answer = more_money(solved(plain), 100_000)
    assert answer is not None
    assert answer.weighted == pytest.approx(plan.stages[0].value * 1000 * 100, rel=1e-2, abs=100)
