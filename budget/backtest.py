"""The back-test of one municipality: its forecast made again from earlier moments, beside what then happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from budget.inputs import Inputs

if TYPE_CHECKING:
    import pandas as pd

N_MOMENTS = 3
N_DRAWS = 200
SEED = 2027


class TooShort(Exception):
    """No moment in the history has enough before it to forecast from, and a year after it to compare with."""


def run_backtest(
    inputs: Inputs,
    *,
    n_moments: int = N_MOMENTS,
    years_ahead: int = 1,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    progress: Callable[[str, float], None] | None = None,
) -> pd.DataFrame:
    """The outcomes, as `forecasts.backtest.backtest` gives them. Raises `TooShort`."""
    from forecasts.backtest import backtest, until_final

    history = until_final(inputs.history)
    if any(len(stream.periods) <= 2 * stream.periods_per_year for stream in history.streams):
        raise TooShort
    try:
        outcomes = backtest(
            history,
            inputs.population,
            n_origins=n_moments,
            years_ahead=years_ahead,
            n_draws=n_draws,
            seed=seed,
            progress=progress,
        )
    except ValueError as error:
        raise TooShort from error
    if outcomes.empty:
        raise TooShort
    return outcomes
