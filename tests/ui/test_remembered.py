"""What is remembered is what would be made again."""

from __future__ import annotations

import numpy as np

from ui.remembered import remembered


def test_equal_arguments_are_answered_once_and_others_anew() -> None:
    made = []

    @remembered
    def squares(numbers: list[int], *, plus: int = 0) -> list[int]:
        made.append(numbers)
        return [number**2 + plus for number in numbers]

    assert squares([1, 2]) is squares([1, 2])
    assert squares([1, 2], plus=1) == [1**2 + 1, 2**2 + 1]
    assert squares([2, 1]) == [2**2, 1**2]
    assert len(made) == 3


def test_an_array_is_the_same_only_when_it_is_the_same_object() -> None:
    @remembered
    def total(amounts: np.ndarray) -> float:
        return float(amounts.sum())

    amounts = [np.array([1.0, 2.0]), np.array([3.0, 4.0])]
    assert [total(one) for one in amounts] == [1.0 + 2.0, 3.0 + 4.0]
    assert total(amounts[0]) == 1.0 + 2.0
