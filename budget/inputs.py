"""The checked inputs of one municipality: what `budget` and everything after it may rely on.

Every value here has passed the border (`budget/workbook/reading.py`): codes are text, amounts are whole
euro cents, shares lie in 0-1, unknown is None or NaN, and there is nothing left to validate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from forecasts.demand import OutsideForecast
from forecasts.history import History, Population
from optimiser.problem import BALANCE, Strategy

CITY = "STAD"
"""The district code of what is city-wide, not assignable to a district, or of unknown district."""
PREVENTION = "PREVENTIE"
"""The stream code of an area's money for prevention."""
FREE = "VRIJ"
"""The stream code of money inside a ceiling that is not assigned yet."""

Domain = Literal["Wmo", "Jeugd", "Participatie", "Schuldhulp"]
StreamKind = Literal["open einde", "planbaar", "geoormerkt"]
DistributionKey = Literal["gebruik", "bevolking", "norm", "gemiddelde3"]
PreventionStatus = Literal["geboekt", "pm", "uitgesloten"]


@dataclass(frozen=True)
class Municipality:
    code: str
    name: str
    first_year: int
    n_years: int
    price_level: int
    reference_date: date | None
    version: str

    @property
    def years(self) -> tuple[int, ...]:
        """The plan years."""
        return tuple(range(self.first_year, self.first_year + self.n_years))


@dataclass(frozen=True)
class District:
    code: str
    name: str
    quarter: str
    """Stadsdeel; "" when it is not given."""
    inhabitants: float | None


@dataclass(frozen=True)
class Stream:
    code: str
    name: str
    domain: Domain
    kind: StreamKind
    area_share: float
    """Aandeel brede stroom: the part of the cost that area budgets carry; the rest is city-wide."""
    age_group: str
    basic_package: float
    """Share of expected cost that must be funded in every district."""
    task_field: str
    priority: float
    key: DistributionKey


@dataclass(frozen=True)
class Tariff:
    stream: str
    year: int
    euros_per_client_year: Decimal
    source: str


@dataclass(frozen=True)
class Index:
    """Price index of a year: wage_share * ova + (1 - wage_share) * ppc, both as a rate (0.04 is 4 %)."""

    year: int
    ova: Decimal
    ppc: Decimal
    wage_share: Decimal
    definitive: bool


@dataclass(frozen=True)
class Funding:
    """One source of money in one year; `streams` empty means free to spend."""

    source: str
    year: int
    cents: int
    streams: tuple[str, ...]
    structural: bool
    version: str


@dataclass(frozen=True)
class NormWeight:
    district: str
    stream: str
    year: int | None
    weight: float


@dataclass(frozen=True)
class PreventionSegment:
    """One segment of a programme's curve: from where the one before ends to `up_to_cents` per district and year."""

    programme: str
    name: str
    districts: tuple[str, ...]
    """Empty means all."""
    stream: str
    """The stream in which the saving falls."""
    up_to_cents: int
    saving_per_euro: float
    """Euros of cost avoided over the whole duration, per euro spent; may be negative."""
    lag: int
    duration: int
    cashable: float
    municipal_share: float
    evidence: Literal["A", "B", "C", "D", "E"]
    status: PreventionStatus
    source: str


@dataclass(frozen=True)
class Rule:
    """One local choice; None means all. Amounts in euros, shares as a fraction."""

    name: str
    year: int | None
    district: str | None
    stream: str | None
    value: Decimal
    source: str


@dataclass(frozen=True)
class Reserve:
    name: str
    balance_cents: int
    minimum_cents: int
    maximum_cents: int | None
    draw_limit_cents: int
    end: date | None


@dataclass(frozen=True)
class Contract:
    provider: str
    lot: str
    stream: str
    districts: tuple[str, ...]
    """Empty means all."""
    year: int
    minimum_cents: int | None
    maximum_cents: int | None
    variant: Literal["inspanning", "output", "taak"]
    end: date | None


@dataclass(frozen=True)
class Actual:
    district: str
    stream: str
    period: str
    cost_cents: int | None
    granted_cents: int | None
    status: Literal["definitief", "voorlopig"]


@dataclass(frozen=True)
class Provenance:
    """Where the inputs came from, and every default that was used for what they left out."""

    file_name: str
    sha256: str
    defaults: tuple[str, ...]
    """Dutch sentences, the warnings among them."""
    warnings: tuple[str, ...] = ()
    """What was read as it stands and was perhaps meant otherwise."""


@dataclass(frozen=True)
class Inputs:
    """One municipality, checked and complete enough to plan.

    `districts` and `streams` are in ascending code order; `districts` does not hold `STAD`, but
    `history` may (city-wide demand). `last_budget` has (district or STAD, stream) keys, a pair that is
    absent is unknown. `boundaries` is the GeoJSON as read, or None.
    """

    municipality: Municipality
    districts: tuple[District, ...]
    streams: tuple[Stream, ...]
    population: Population
    history: History
    tariffs: tuple[Tariff, ...]
    funding: tuple[Funding, ...]
    last_budget: Mapping[tuple[str, str], int]
    provenance: Provenance
    indices: tuple[Index, ...] = ()
    norm: tuple[NormWeight, ...] = ()
    prevention: tuple[PreventionSegment, ...] = ()
    rules: tuple[Rule, ...] = ()
    reserves: tuple[Reserve, ...] = ()
    contracts: tuple[Contract, ...] = ()
    actuals: tuple[Actual, ...] = ()
    outside: tuple[OutsideForecast, ...] = ()
    """Second opinions per district, or for the whole city under its own code."""
    strategy: Strategy = BALANCE
    """What comes first when the rules leave a choice."""
    boundaries: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def years(self) -> tuple[int, ...]:
        """The plan years."""
        return self.municipality.years

    @property
    def last_year(self) -> int:
        """The last plan year."""
        return self.years[-1]

    @property
    def area_codes(self) -> tuple[str, ...]:
        """District codes in ascending order, without STAD."""
        return tuple(district.code for district in self.districts)

    @property
    def stream_codes(self) -> tuple[str, ...]:
        """Stream codes in ascending order."""
        return tuple(stream.code for stream in self.streams)
