"""What was observed: clients per district, stream and period, and the people they come from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]
StatusArray = npt.NDArray[np.int8]


class Status(IntEnum):
    """How far one observed count can be trusted."""

    FINAL = 0
    PROVISIONAL = 1
    """Still to be completed: late invoices and registrations will raise it."""
    SUPPRESSED = 2
    """Below the disclosure limit: an unknown small number, its count is NaN."""
    DERIVED = 3
    """Computed by the municipality from something else."""


@dataclass(frozen=True)
class StreamHistory:
    """The observed clients of one stream in every district.

    `clients` and `status` have shape (districts, periods), the districts in the order of the
    `History` that holds them. `periods` has no gaps and frequency M, Q or Y. NaN is unknown, never zero.
    """

    stream: str
    age_group: str
    """The group in the population that the stream serves; `totaal` for everybody."""
    periods: pd.PeriodIndex
    clients: FloatArray
    status: StatusArray
    totals: FloatArray | None = None
    """(periods,) the published count of the whole municipality; NaN where unknown. As delivered, like `clients`."""

    def first_periods(self, n_periods: int) -> StreamHistory:
        """The same stream with its first `n_periods` only."""
        return replace(
            self,
            periods=self.periods[:n_periods],
            clients=self.clients[:, :n_periods],
            status=self.status[:, :n_periods],
            totals=None if self.totals is None else self.totals[:n_periods],
        )

    @property
    def periods_per_year(self) -> int:
        """12, 4 or 1."""
        return {"M": 12, "Q": 4, "Y": 1}[self.periods.freqstr[0]]


@dataclass(frozen=True)
class Event:
    """A known break in demand: a change of law or policy, a move of a desk, an epidemic."""

    name: str
    streams: tuple[str, ...]
    """Empty means every stream."""
    districts: tuple[str, ...]
    """Empty means every district."""
    start: pd.Period
    end: pd.Period | None
    shape: Literal["step", "ramp", "pulse"]
    effect: float | None
    """Share of the level before (0.1 is 10 % more clients); None: to be estimated."""
    source: str


@dataclass(frozen=True)
class History:
    """Everything observed of demand in one municipality.

    `districts` are in ascending code order (`STAD`, if present, holds clients without a district);
    `quarters` names the part of town of each, with "" where it is unknown.
    """

    districts: tuple[str, ...]
    quarters: tuple[str, ...]
    streams: tuple[StreamHistory, ...]
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Population:
    """Inhabitants, `persons[district, age_group, year]`; NaN where unknown. Counts first, projections after."""

    districts: tuple[str, ...]
    age_groups: tuple[str, ...]
    years: tuple[int, ...]
    persons: FloatArray

    def of(self, age_group: str) -> FloatArray | None:
        """Persons of one age group, shape (districts, years); None where the group is not in the table."""
        if age_group not in self.age_groups:
            return None
        group: FloatArray = self.persons[:, self.age_groups.index(age_group), :]
        return group
