"""Who pays what: ring-fenced money as far as it goes, sources in code order, to the cent."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.payments import payments
from optimiser.problem import Problem, Source

Town = Callable[..., Problem]
NOTHING = np.zeros(1, dtype=np.int64)


def pay(
    town: Town, totals: list[int], other: int, drawn: int, free: int, *ring_fenced: Source
) -> tuple[list, list]:
    problem = town(np.ones((1, len(totals), 1)), 0, sources=ring_fenced)
    first = problem.sources[0]
    sources = (Source(first.code, (), np.array([free])), *ring_fenced)
    problem = type(problem)(**{**problem.__dict__, "sources": sources})
    use, unspent = payments(problem, np.array(totals)[:, None], np.array([other]), np.array([drawn]))
    return use[:, :, 0].tolist(), unspent[:, 0].tolist()


def source(code: str, streams: str, amount: int) -> Source:
    return Source(code, tuple(streams.split()), np.array([amount]))


def test_ring_fenced_money_goes_first_and_free_money_pays_the_rest(town: Town) -> None:
    use, unspent = pay(town, [50, 30], 5, 0, 60, source("A", "S1", 40))
    assert use == [[50 - 40, 30], [40, 0]]
    assert unspent == [60 - 10 - 30 - 5, 0]


def test_a_flexible_source_makes_room_for_a_strict_one(town: Town) -> None:
    use, unspent = pay(town, [50, 50], 0, 0, 0, source("A", "S1 S2", 50), source("B", "S1", 50))
    assert use == [[0, 0], [0, 50], [50, 0]]
    assert unspent == [0, 0, 0]


def test_of_two_sources_for_one_stream_the_first_in_code_order_is_spent(town: Town) -> None:
    use, unspent = pay(town, [50], 0, 0, 0, source("B", "S1", 40), source("A", "S1", 40))
    assert use == [[0], [10], [40]]
    assert unspent == [0, 30, 0]


def test_what_is_drawn_from_reserves_pays_what_belongs_to_no_stream_and_then_the_last_stream(
    town: Town,
) -> None:
    use, unspent = pay(town, [50, 30], 5, 15, 70)
    assert use == [[50, 30 - 10]]
    assert unspent == [0]


def test_spending_more_than_there_is_is_an_error(town: Town) -> None:
    with pytest.raises(ValueError, match="2027"):
        pay(town, [50], 0, 0, 40)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    amounts=st.tuples(*[st.integers(0, 4)] * 3),
    totals=st.tuples(*[st.integers(0, 4)] * 3),
    fences=st.lists(st.sampled_from(["S1", "S2", "S1 S2", "S2 S3", "S1 S3"]), min_size=3, max_size=3),
)
def test_ring_fenced_money_pays_as_much_as_any_way_of_paying_could(
    town: Town, amounts: tuple[int, ...], totals: tuple[int, ...], fences: list[str]
) -> None:
    sources = [
        source(code, fence, amount) for code, fence, amount in zip("ABC", fences, amounts, strict=True)
    ]
    use, _ = pay(town, list(totals), 0, 0, sum(totals), *sources)
    paid = sum(sum(row) for row in use[1:])
    assert paid == most_that_can_be_paid(amounts, totals, fences)


def most_that_can_be_paid(amounts: tuple[int, ...], totals: tuple[int, ...], fences: list[str]) -> int:
    """The smallest cut: choose the streams that are full; other sources pay all they have."""
    best = sum(amounts)
    for full in product([False, True], repeat=3):
        cut = sum(total for total, chosen in zip(totals, full, strict=True) if chosen)
        for amount, fence in zip(amounts, fences, strict=True):
            if any(not full[int(stream[1]) - 1] for stream in fence.split()):
                cut += amount
        best = min(best, cut)
    return best
