"""What Voorbeeldstad's registration would show: clients per month and the cost booked for them.

The observed clients of a month are

    clients = need * habit * season * breaks * (1 + lingering noise)

Every stream draws from its own seeded random numbers, so that a change in one leaves the others as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from random import Random

from budget.inputs import CITY
from sample_data.city import CODES, DISTRICTS, HISTORY_END, District, Stream, need, price

SEED = 2027
MONTHS = [f"{year}-{month:02d}" for year in range(2020, 2027) for month in range(1, 13)][8:80]
COMPLETENESS = {MONTHS[-2]: 0.98, MONTHS[-1]: 0.95}
"""Of the last months part is not registered yet: they are provisional."""
POSTAL_ADDRESSES = 70
"""Welfare clients whose postal address moved with a desk from one district to the other in March 2024."""
TEAM_EFFECT = 0.06
PEAK_EFFECT = 0.25


@cache
def observed(stream: Stream) -> dict[str, list[float]]:
    """Clients per month, complete and unrounded, per district code and for those without a district."""
    random = Random(f"{SEED} vraag {stream.code}")
    found = {
        CODES[district.name]: _with_noise([_clients(district, stream, month) for month in MONTHS], random)
        for district in DISTRICTS
    }
    found[CITY] = _with_noise([stream.unplaced * _season(stream, month) for month in MONTHS], random)
    return found


def booked(stream: Stream, random: Random) -> Iterator[tuple[str, str, float]]:
    """Euros per place and month; the city carries those without a district and its part of everybody else."""
    monthly = price(stream, HISTORY_END) / 12
    clients = observed(stream)
    for position, month in enumerate(MONTHS):
        if month < f"{HISTORY_END}-01":
            continue
        in_districts = sum(series[position] for code, series in clients.items() if code != CITY)
        for code, series in clients.items():
            carried = stream.area_share * series[position]
            if code == CITY:
                carried = series[position] + (1 - stream.area_share) * in_districts
            yield code, month, carried * monthly * COMPLETENESS.get(month, 1.0) * random.uniform(0.97, 1.03)


def habit(district: District, stream: Stream) -> float:
    """What a district uses more or less than its age and deprivation explain."""
    return math.exp(Random(f"{SEED} gewoonte {stream.code} {district.name}").gauss(0, 0.06))


def _clients(district: District, stream: Stream, month: str) -> float:
    expected = _need_in(district, stream, month) * habit(district, stream) * _season(stream, month)
    if stream.code == "WMO-BEG" and district.quarter == "Noord" and month >= "2023-01":
        expected *= 1 + TEAM_EFFECT
    if stream.code == "BIJZBIJSTAND" and "2022-10" <= month <= "2023-06":
        expected *= 1 + PEAK_EFFECT
    if stream.code == "PARTICIPATIE" and district.name in ("Waagplaats", "Nieuw Waard"):
        expected += POSTAL_ADDRESSES * ((district.name == "Nieuw Waard") == (month >= "2024-03"))
    return expected


def _need_in(district: District, stream: Stream, month: str) -> float:
    """The need of a month: from one mid-year to the next in a straight line."""
    year, number = int(month[:4]), int(month[5:])
    part = (number - 6.5) / 12
    other = year + 1 if part >= 0 else year - 1
    return (1 - abs(part)) * need(district, stream, year) + abs(part) * need(district, stream, other)


def _season(stream: Stream, month: str) -> float:
    return 1 + stream.swing * math.cos(2 * math.pi * (int(month[5:]) - stream.peak) / 12)


def _with_noise(expected: list[float], random: Random) -> list[float]:
    """Deviations that fade by 15 % a month; their spread is 1 % and a third of chance's own."""
    lingering = 0.85
    deviation = 0.0
    noisy = []
    for level in expected:
        spread = 0.01 + 0.33 / math.sqrt(level)
        deviation = lingering * deviation + math.sqrt(1 - lingering**2) * random.gauss(0, spread)
        noisy.append(level * (1 + deviation))
    return noisy
