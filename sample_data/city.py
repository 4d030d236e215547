"""Voorbeeldstad, the invented city itself: its districts, its streams, its prices, and what they would need.

Nothing here was observed. Volumes and prices start from published national orders of magnitude, which
`SOURCES` names; districts are made up, varied in size, age and deprivation, two of them with nearly one name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from budget.inputs import Index
from budget.prices import index_rate

MUNICIPALITY = "GM9999"
HISTORY_END = 2026
"""Year of the last observation; shares and rates below are those of this year."""
PLAN = range(2027, 2031)
TARIFF_YEAR = 2024
WAGE_SHARE = Decimal("0.9")


@dataclass(frozen=True)
class District:
    name: str
    quarter: str
    persons: int
    young: float
    """Share of the inhabitants under 18."""
    old: float
    """Share of the inhabitants of 65 and over."""
    deprivation: float
    """0 is average, 1 is poor."""
    growth: float
    """Growth of the population per year."""
    misfit: float
    """Last year's budget as a share of last year's need."""


DISTRICTS = (
    District("Oude Markt", "Centrum", 6100, 0.13, 0.15, 0.4, 0.004, 1.02),
    District("Sint-Jansvest", "Centrum", 4300, 0.12, 0.18, 0.0, 0.002, 1.07),
    District("Singelkwartier", "Centrum", 5200, 0.15, 0.21, -0.3, 0.001, 1.05),
    District("Spoorhaven", "Centrum", 7900, 0.14, 0.09, 0.6, 0.030, 0.88),
    District("Pannenschuur", "Centrum", 6900, 0.20, 0.14, 0.9, 0.003, 0.94),
    District("Waagplaats", "Centrum", 4700, 0.16, 0.17, 0.3, 0.002, 1.00),
    District("Oosterlicht", "Centrum", 6800, 0.18, 0.16, 0.5, 0.004, 0.97),
    District("Noorderhout", "Noord", 9400, 0.19, 0.25, 0.1, 0.001, 1.04),
    District("Reeënveld", "Noord", 3100, 0.21, 0.23, -0.9, 0.000, 1.08),
    District("De Kreken", "Noord", 8300, 0.26, 0.10, -0.5, 0.020, 0.91),
    District("Molenveen", "Noord", 11200, 0.22, 0.17, 0.7, 0.003, 0.96),
    District("Nieuw-Waard", "West", 12900, 0.25, 0.11, 1.1, 0.005, 0.90),
    District("Nieuw Waard", "West", 5300, 0.24, 0.13, 0.2, 0.008, 0.99),
    District("Rietlanden", "West", 9300, 0.27, 0.09, -0.4, 0.015, 0.93),
    District("Lepelaarshof", "West", 4600, 0.20, 0.24, -0.2, 0.000, 1.06),
    District("Bloemendries", "Zuid", 15000, 0.21, 0.19, 0.5, 0.002, 0.98),
    District("'s-Gravenkamp", "Zuid", 8700, 0.22, 0.20, -0.6, 0.003, 1.05),
    District("Beukenrode", "Zuid", 2500, 0.20, 0.29, -1.2, 0.000, 1.08),
    District("Elzenbroek", "Zuid", 7700, 0.21, 0.20, 0.3, 0.002, 1.01),
    District("Hertenkwartier", "Zuid", 10100, 0.20, 0.18, 0.8, 0.002, 0.95),
)
CODES = {district.name: f"WK9999{number:02d}" for number, district in enumerate(DISTRICTS, 1)}
RINGS = (1, 6, 13)
"""How the districts lie on the map, in this order: the old market, the ring around it, the outskirts."""


@dataclass(frozen=True)
class Stream:
    """How many people use a stream in an average month, how that differs and moves, and what it costs."""

    code: str
    age_group: str
    area_share: float
    per_1000: float
    """Clients per 1,000 persons of the age group."""
    steepness: float
    """One point of deprivation multiplies clients by exp(steepness)."""
    growth: float
    """Growth of the rate per year."""
    swing: float
    peak: int
    """The season: plus `swing` in month `peak`, minus `swing` half a year later."""
    unplaced: int
    """Clients of the whole city who belong to no district."""
    price: float
    """Euros per client-year in the prices of TARIFF_YEAR."""


# fmt: off
STREAMS = (  #                   part  p. 1000 steep  growth  swing peak STAD  price
    Stream("WMO-BEG",      "18-64",  0.9,  19.5, 0.45,  0.020, 0.006, 11,  34,  7_400),
    Stream("WMO-HO",       "65+",    1.0, 170.0, 0.22,  0.008, 0.004,  2,  16,  3_100),
    Stream("JEUGD",        "0-17",   0.6, 132.0, 0.30,  0.012, 0.030,  4,  40, 17_000),
    Stream("PARTICIPATIE", "18-64",  1.0,  37.0, 0.75, -0.010, 0.010,  2,  95,  3_300),
    Stream("BIJZBIJSTAND", "totaal", 1.0,  14.0, 0.80,  0.010, 0.040, 12,  60,  1_600),
    Stream("SCHULDHULP",   "18-64",  1.0,  11.0, 0.45,  0.020, 0.020,  3,  18,  3_000),
    Stream("ARMOEDE",      "totaal", 1.0,  40.0, 0.80,  0.010, 0.020, 12,  80,    520),
)
# fmt: on
SOURCES = {
    "WMO-BEG": "Afgeleid: € 6.000 à 9.000 per cliëntjaar (€ 56 à 85 per uur); volume CBS 86050NED, 12 per 1.000",
    "WMO-HO": "Afgeleid: circa € 3.000 per cliëntjaar (€ 32 per uur, 2023); volume CBS 86050NED, 31 per 1.000",
    "JEUGD": "CBS: 474.000 jongeren (2023) en € 8,1 mld (2024), circa € 17.000 per jeugdjaar",
    "PARTICIPATIE": "Volume CBS: 410.000 mensen in de bijstand; prijs per traject aangenomen, zonder uitkeringen",
    "BIJZBIJSTAND": "Aanname voor deze voorbeeldstad",
    "SCHULDHULP": "Nijmegen: circa € 2.400 per start (prijzen 2015), opgehoogd; CBS: 7,6 % met schulden (2020)",
    "ARMOEDE": "Aanname voor deze voorbeeldstad",
}
"""Where volume and price of a stream come from."""


def _index(year: int, ova: str, ppc: str, *, definitive: bool = False) -> Index:
    return Index(year, Decimal(ova), Decimal(ppc), WAGE_SHARE, definitive)


INDICES = (
    _index(2024, "0.0494", "0.0251"),
    _index(2024, "0.0600", "0.0310", definitive=True),
    _index(2025, "0.0418", "0.0182"),
    _index(2026, "0.0400", "0.0200"),
    _index(2027, "0.0360", "0.0200"),
    _index(2028, "0.0320", "0.0200"),
    _index(2029, "0.0300", "0.0200"),
    _index(2030, "0.0300", "0.0200"),
)
"""2024 and 2025 as VNG published them for the standard youth contract; from 2026 on assumptions."""


def persons(district: District, year: int) -> dict[str, int]:
    """Inhabitants per age group: each year 0.3 percentage point more people over 65, 0.1 fewer children."""
    since = year - HISTORY_END
    everybody = district.persons * (1 + district.growth) ** since
    young = round(everybody * (district.young - 0.001 * since))
    old = round(everybody * (district.old + 0.003 * since))
    return {"0-17": young, "18-64": round(everybody) - young - old, "65+": old, "totaal": round(everybody)}


def need(district: District, stream: Stream, year: int) -> float:
    """Clients in an average month by age, deprivation and growth alone:

    persons * per_1000 / 1000 * exp(steepness * deprivation) / its city average * (1 + growth) ^ years
    """
    rate = stream.per_1000 / 1000 * _effect(district, stream) / _average_effect(stream)
    since = year - HISTORY_END
    return persons(district, year)[stream.age_group] * rate * (1 + stream.growth) ** since


@cache
def price(stream: Stream, year: int) -> float:
    """Euros per client-year in the prices of `year`."""
    indexed = stream.price
    for later in range(TARIFF_YEAR + 1, year + 1):
        indexed *= 1 + float(index_rate(later, INDICES) or 0)
    return indexed


def expected_cost(year: int) -> float:
    """Euros for the whole city, districts and unplaced clients together."""
    return sum(
        price(stream, year) * (stream.unplaced + sum(need(district, stream, year) for district in DISTRICTS))
        for stream in STREAMS
    )


def _effect(district: District, stream: Stream) -> float:
    return math.exp(stream.steepness * district.deprivation)


@cache
def _average_effect(stream: Stream) -> float:
    groups = [persons(district, HISTORY_END)[stream.age_group] for district in DISTRICTS]
    effects = [_effect(district, stream) for district in DISTRICTS]
    return sum(group * effect for group, effect in zip(groups, effects, strict=True)) / sum(groups)
