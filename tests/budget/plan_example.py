"""A plan of three districts and two streams that fits on paper; every amount of the allocation is set by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd

from budget.audit import Finding
from budget.claims import price
from budget.explanation import explain
from budget.inputs import (
    Contract,
    District,
    Funding,
    Inputs,
    Municipality,
    PreventionSegment,
    PreventionStatus,
    Provenance,
    Reserve,
    Rule,
    Stream,
    Tariff,
)
from budget.plan import Plan
from budget.problem import allocation_problem
from forecasts.demand import Demand, StreamDemand
from forecasts.history import History, Population, StreamHistory
from optimiser.allocation import Allocation, LockCost, Place, Reason, ShadowPrice, Solver, Stage

YEARS = (2027, 2028)
AREAS = ("WK999901", "WK999902", "WK999903")
PLACES = ("STAD", *AREAS)
QUARTERS = ("", "Noord", "Noord", "Zuid")
FACTORS = np.array([0.875, 0.9375, 1.0625, 1.125])
"""Four imagined futures; their mean is 1."""
CLIENTS = {"BEG": np.array([10.0, 100.0, 50.0, 25.0]), "SCH": np.array([0.0, 40.0, 30.0, 20.0])}
GROWTH = {2026: 1.0, 2027: 1.0, 2028: 1.125}


def example_inputs() -> Inputs:
    return Inputs(
        municipality=Municipality("GM9999", "Voorbeeldstad", 2027, 2, 2027, date(2026, 9, 1), "concept 1"),
        districts=(
            District("WK999901", "Centrum", "Noord", 12_000.0),
            District("WK999902", "Oost & West", "Noord", 8_000.0),
            District("WK999903", "=Haven", "Zuid", None),
        ),
        streams=(
            Stream(
                "BEG", "Wmo begeleiding", "Wmo", "open einde", 0.8, "totaal", 0.95, "6.712", 1.0, "gebruik"
            ),
            Stream("SCH", "Schuldhulp", "Schuldhulp", "planbaar", 1.0, "totaal", 0.0, "6.3", 1.0, "gebruik"),
        ),
        population=Population(
            PLACES, ("totaal",), YEARS, np.array([[[np.nan] * 2], [[12e3] * 2], [[8e3] * 2], [[np.nan] * 2]])
        ),
        history=_history(),
        tariffs=tuple(
            Tariff(stream, year, Decimal(euros), "inkoop")
            for stream, euros in (("BEG", 8000), ("SCH", 2000))
            for year in (2026, *YEARS)
        ),
        funding=(
            Funding("Brede stroom", 2027, 1_700_000_00, (), True, "begroting"),
            Funding("Brede stroom", 2028, 1_600_000_00, (), True, "begroting"),
            Funding("SPUK schulden", 2027, 200_000_00, ("SCH",), False, "beschikking"),
            Funding("SPUK schulden", 2028, 200_000_00, ("SCH",), False, "beschikking"),
        ),
        last_budget={
            ("WK999901", "BEG"): 600_000_00,
            ("WK999901", "SCH"): 80_000_00,
            ("WK999902", "BEG"): 330_000_00,
            ("WK999902", "SCH"): 70_000_00,
            ("WK999903", "BEG"): 140_000_00,
            ("STAD", "BEG"): 350_000_00,
        },
        provenance=Provenance(
            "voorbeeld.xlsx", "ab" * 32, ("Geen blad Indexen: tarieven zijn niet geïndexeerd.",)
        ),
        prevention=(
            _segment("BUURT", "Buurtcirkels", 50_000_00, 0.5, "geboekt"),
            _segment("BUURT", "Buurtcirkels", 80_000_00, 0.2, "geboekt"),
            _segment("VALLEN", "Valpreventie", 10_000_00, 0.1, "pm"),
        ),
        rules=(
            Rule("herinvesteren_aandeel", None, None, None, Decimal("0.5"), "raadsbesluit 12"),
            Rule("algemene_middelen_aandeel", None, None, None, Decimal("0.25"), "raadsbesluit 12"),
            Rule("herinvesteren_max", 2027, None, None, Decimal("30000"), "raadsbesluit 12"),
            Rule("buffer_centraal", None, None, None, Decimal("0.02"), "kadernota"),
        ),
        reserves=(Reserve("Egalisatiereserve", 200_000_00, 100_000_00, None, 60_000_00, None),),
        contracts=(
            Contract(
                "De Brug",
                "P1",
                "BEG",
                ("WK999901", "WK999902"),
                2027,
                400_000_00,
                900_000_00,
                "output",
                date(2028, 12, 31),
            ),
            Contract("De Brug", "P2", "SCH", (), 2027, None, 400_000_00, "taak", None),
        ),
    )


def example_demand() -> Demand:
    return Demand(
        districts=PLACES,
        quarters=QUARTERS,
        streams=(
            _demand("BEG", pd.period_range("2026-07", "2028-12", freq="M")),
            _demand("SCH", pd.period_range("2026", "2028", freq="Y")),
        ),
        n_draws=len(FACTORS),
        seed=7,
        notes=("Schuldhulp in =Haven: te weinig cliënten voor een eigen trend.",),
    )


def example_plan() -> Plan:
    """In 2027 there is money to spare but not in Haven; in 2028 there is too little."""
    inputs, demand = example_inputs(), example_demand()
    claims = price(demand, inputs)
    problem = allocation_problem(inputs, claims)
    allocation = _allocation(problem.claims)
    steps = explain(inputs, claims, allocation)
    findings = (Finding("Middelen zijn precies verdeeld", 0), Finding("Vergrendelde cellen", 0))
    return Plan(inputs, demand, claims, problem, allocation, steps, findings)


def _allocation(claims: np.ndarray) -> Allocation:
    savings = _euros([[[0, 10_000]], [[0, 5_000]], [[0, 0]]])
    after = claims.copy()
    after[:, 0] -= savings[:, 0]
    budgets = _euros(
        [
            [[640_000, 675_000], [80_000, 80_000]],
            [[320_000, 337_000], [60_000, 60_000]],
            [[150_000, 167_000], [40_000, 40_000]],
        ]
    )
    basic = np.zeros_like(budgets)
    basic[:, 0] = after[:, 0] * 95 // 100
    return Allocation(
        budgets=budgets,
        prevention=_euros([[[40_000, 30_000]], [[20_000, 0]], [[0, 0]]]),
        reinvested=_euros(np.zeros((3, 1, 2, 2))),
        free=_euros([[82_000, 0], [50_000, 0], [0, 0]]),
        city=_euros([[360_000, 405_000], [0, 0]]),
        unspent=_euros([[0, 0], [20_000, 20_000]]),
        buffer=_euros([38_000, 36_000]),
        reserve_in=_euros([[0, 0]]),
        reserve_out=_euros([[0, 50_000]]),
        source_use=_euros([[[1_470_000, 1_534_000], [0, 0]], [[0, 0], [180_000, 180_000]]]),
        savings=savings,
        claims_after=after,
        basic=basic,
        shortfall=np.maximum(basic - budgets, 0),
        city_basic=_euros([[342_000, 384_750], [0, 0]]),
        city_shortfall=_euros([[0, 0], [0, 0]]),
        causes={
            Place("tekort", 2027, "WK999903", "BEG"): "groei_max",
            Place("tekort", 2028, "WK999902", "BEG"): "Middelen",
            Place("tekort", 2028, "WK999903", "BEG"): "Middelen",
        },
        shadow_prices=(
            ShadowPrice(
                Place("Middelen", 2028), 0.8, "Eén euro meer middelen in 2028 dekt € 0,80 aan lasten."
            ),
            ShadowPrice(
                Place("groei_max", 2027, "WK999903"),
                1.0,
                "Mag =Haven in 2027 € 1 meer groeien, dan daalt het tekort met € 1,00.",
                1.2,
                "Mag =Haven in 2027 € 1 minder groeien, dan stijgt het tekort met € 1,20.",
            ),
        ),
        alternatives=(
            ShadowPrice(
                Place("stroom", 2028, None, "BEG"), 0.0, "Meer verandert niets.", 0.5, "Minder kost de helft."
            ),
        ),
        reasons=(
            Reason(Place("groei_max", 2027, "WK999903", "BEG"), "=Haven zit aan zijn grootste groei.", True),
            Reason(Place("vorig_jaar", 2028, "WK999901"), "Gelijk aan vorig jaar.", False),
        ),
        locks=(
            LockCost(Place("vast", 2027, "STAD", "BEG"), 360_000_00, 10_000_00, 0, "Een slot kost geld."),
        ),
        stages=(Stage("tekort", 2000.0, 0.01), Stage("onder verwachte lasten", 39000.0, 0.01)),
        solver=Solver("HiGHS", "1.15", "optimaal", 7),
    )


def _demand(stream: str, periods: pd.PeriodIndex) -> StreamDemand:
    def drawn(years: list[int]) -> np.ndarray:
        growth = np.array([GROWTH[year] for year in years])
        return (CLIENTS[stream][:, None, None] * growth[:, None] * FACTORS).astype(np.float32)

    years = (2026, *YEARS)
    return StreamDemand(
        stream, periods, drawn(list(periods.year)), years, drawn(list(years)), ("Prophet",) * 4
    )


def _history() -> History:
    def observed(stream: str, periods: pd.PeriodIndex) -> StreamHistory:
        clients = np.tile(CLIENTS[stream][:, None], len(periods))
        return StreamHistory(stream, "totaal", periods, clients, np.zeros(clients.shape, dtype=np.int8))

    months, years = pd.period_range("2025-01", "2026-06", freq="M"), pd.period_range("2020", "2025", freq="Y")
    return History(PLACES, QUARTERS, (observed("BEG", months), observed("SCH", years)))


def _segment(code: str, name: str, up_to: int, saving: float, status: PreventionStatus) -> PreventionSegment:
    return PreventionSegment(
        code, name, (), "BEG", up_to, saving, 1, 2, 1.0, 1.0, "C", status, "evaluatie 2024"
    )


def _euros(amounts: object) -> np.ndarray:
    """Cents."""
    cents: np.ndarray = np.array(amounts, dtype=np.int64) * 100
    return cents
