"""A city of two districts and two streams, small enough to compute by head."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd

from budget.inputs import (
    District,
    Funding,
    Inputs,
    Municipality,
    Provenance,
    Rule,
    Stream,
    Tariff,
)
from forecasts.demand import Demand, StreamDemand
from forecasts.history import History, Population, StreamHistory

YEARS = (2025, 2026)


def small_inputs(*rules: Rule, **changes: object) -> Inputs:
    """Noord and Zuid, youth care (j) and social support (w), plan years 2027 and 2028."""
    codes = ("A", "B")
    inputs = Inputs(
        municipality=Municipality("GM9998", "Kleinstad", 2027, 2, 2026, None, "test"),
        districts=(District("A", "Noord", "Stad", 1000), District("B", "Zuid", "Stad", 3000)),
        streams=(
            Stream("j", "Jeugdhulp", "Jeugd", "open einde", 0.8, "totaal", 1.0, "6.751", 1.0, "gebruik"),
            Stream("w", "Wmo", "Wmo", "planbaar", 1.0, "totaal", 0.5, "6.712", 1.0, "bevolking"),
        ),
        population=Population(
            codes, ("totaal",), (2026, 2027, 2028), np.array([[[1000.0] * 3], [[3000.0] * 3]])
        ),
        history=History(
            codes,
            ("Stad", "Stad"),
            tuple(_flat_history(stream, codes) for stream in ("j", "w")),
        ),
        tariffs=(
            Tariff("j", 2026, Decimal("10000"), "contract"),
            Tariff("w", 2026, Decimal("2000"), "contract"),
        ),
        funding=tuple(
            Funding(source, year, cents, streams, True, "begroting")
            for source, cents, streams in (("Algemeen", 300_000_00, ()), ("Rijk jeugd", 100_000_00, ("j",)))
            for year in (2027, 2028)
        ),
        last_budget={
            ("A", "j"): 90_000_00,
            ("A", "w"): 40_000_00,
            ("B", "j"): 70_000_00,
            ("B", "w"): 60_000_00,
        },
        provenance=Provenance("kleinstad.xlsx", "0" * 64, ()),
        rules=rules,
    )
    return replace(inputs, **changes)  # type: ignore[arg-type]


def flat_demand(inputs: Inputs, spread: float = 0.0, n_draws: int = 8) -> Demand:
    """Ten clients in every district and stream, 10 % more in the second plan year; draws at both sides of it."""
    steps = 1 + spread * np.linspace(-1, 1, n_draws)
    growth = np.array([1.0, 1.0, 1.1])
    yearly = np.tile(10 * growth[None, :, None] * steps, (2, 1, 1)).astype(np.float32)
    years = (2026, 2027, 2028)
    return Demand(
        districts=inputs.area_codes,
        quarters=("Stad", "Stad"),
        streams=tuple(
            StreamDemand(
                code, pd.period_range("2026", "2028", freq="Y"), yearly, years, yearly, ("vlak", "vlak")
            )
            for code in inputs.stream_codes
        ),
        n_draws=n_draws,
        seed=1,
    )


def rule(
    name: str, value: str, year: int | None = None, district: str | None = None, stream: str | None = None
) -> Rule:
    """One local choice."""
    return Rule(name, year, district, stream, Decimal(value), "raadsbesluit")


def _flat_history(stream: str, codes: tuple[str, ...]) -> StreamHistory:
    periods = pd.period_range(str(YEARS[0]), str(YEARS[1]), freq="Y")
    shape = (len(codes), len(periods))
    return StreamHistory(stream, "totaal", periods, np.full(shape, 10.0), np.zeros(shape, dtype=np.int8))
