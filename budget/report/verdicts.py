"""How the forecast of every stream did in the back-test, in numbers and in Dutch.

    missed     = sum of |actual - forecast| / sum of actual, over districts and moments (WAPE)
    nearer     = 1 - missed by our forecast / missed by the other

A difference in `missed` under `EQUAL` (of the clients) or `SIMILAR` (of the other's) is called none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from budget.inputs import Inputs
from budget.money import format_share
from forecasts.backtest import DISTRICT_LEVEL, PERIOD_SPAN, YEAR_SPAN, summary

EQUAL, SIMILAR = 0.0005, 0.01
ENOUGH = 20
"""Outcomes under which coverage is no more than a hint."""
TOO_NARROW, TOO_WIDE = 0.7, 0.92
"""Coverage of the 80 % interval at which its margins are called too narrow or wide."""

OURS, NAIVE, PROPHET = "ensemble", "naive", "prophet"
PERIOD_NAMES = {12: "maand", 4: "kwartaal", 1: "jaar"}


@dataclass(frozen=True)
class Verdict:
    """How the forecast of one stream did. Keys of the mappings are level, span and method."""

    code: str
    name: str
    period: str
    """`maand`, `kwartaal` or `jaar`: what the stream is counted by."""
    missed: Mapping[tuple[str, str, str], float]
    inside80: Mapping[tuple[str, str, str], tuple[float, int]]
    """Share of outcomes inside the 80 % interval, and of how many."""

    @property
    def worse(self) -> bool:
        """Whether last year would have served better for years of districts, which budgets are made of."""
        gain = self.nearer(DISTRICT_LEVEL, YEAR_SPAN, NAIVE)
        return gain is not None and gain < 0

    def nearer(self, level: str, span: str, other: str) -> float | None:
        """Which part of the other method's error we did not make; 0 for no difference, None where not tested."""
        ours, theirs = self.missed.get((level, span, OURS)), self.missed.get((level, span, other))
        if ours is None or theirs is None:
            return None
        return 0.0 if abs(ours - theirs) < max(EQUAL, SIMILAR * theirs) else 1 - ours / theirs


def verdicts_of(inputs: Inputs, outcomes: pd.DataFrame) -> tuple[Verdict, ...]:
    """The verdict on every stream, in code order; without errors where a stream could not be tested."""
    scores = summary(outcomes, by=["stream"])
    histories = {history.stream: history for history in inputs.history.streams}
    verdicts = []
    for stream in inputs.streams:
        own = scores[(scores["stream"] == stream.code) & np.isfinite(scores["wape"])]
        keys = list(zip(own["level"], own["span"], own["method"], strict=True))
        verdicts.append(
            Verdict(
                code=stream.code,
                name=stream.name,
                period=PERIOD_NAMES[histories[stream.code].periods_per_year],
                missed=dict(zip(keys, own["wape"].round(6).tolist(), strict=True)),
                inside80={
                    key: (float(share), int(n))
                    for key, share, n in zip(keys, own["cover80"], own["n"], strict=True)
                },
            )
        )
    return tuple(verdicts)


def sentences_of(verdict: Verdict) -> Iterator[str]:
    """The verdict in Dutch, for somebody who has to count on the forecast."""
    if not verdict.missed:
        yield f"{verdict.name} is niet te toetsen: de reeks is te kort of te onvolledig."
        return
    yield f"De prognose van {verdict.name} zat in de terugtoets {_nearer_in_words(verdict)}."
    yield from _coverage_in_words(verdict)
    if verdict.worse:
        yield (
            f"Advies: reken voor {verdict.name} met vorig jaar. Op blad Tweede mening staan de getallen klaar om in"
            " de invoerwerkmap te plakken."
        )


def _nearer_in_words(verdict: Verdict) -> str:
    """How near to what happened it was, for districts: by period, and over a whole year."""
    of_year = verdict.nearer(DISTRICT_LEVEL, YEAR_SPAN, NAIVE)
    if verdict.period == "jaar":
        return _nearness(of_year, _AT_FIRST, "'vorig jaar'")
    of_period = verdict.nearer(DISTRICT_LEVEL, PERIOD_SPAN, NAIVE)
    by_period = _nearness(of_period, _AT_FIRST, f"'zelfde {verdict.period} vorig jaar'")
    by_year = _nearness(of_year, _AFTER_THAT, "'vorig jaar'")
    return by_period if of_year is None else f"{by_period}, en over een heel jaar {by_year}"


_AT_FIRST = (
    "dichter bij de werkelijkheid dan",
    "verder van de werkelijkheid dan",
    "even dicht bij de werkelijkheid als",
)
_AFTER_THAT = "dichterbij dan", "verder weg dan", "even dichtbij als"


def _nearness(gain: float | None, words: tuple[str, str, str], other: str) -> str:
    """
    >>> _nearness(0.14, _AT_FIRST, "'vorig jaar'"), _nearness(-0.2, _AFTER_THAT, "'vorig jaar'")
    ("14 % dichter bij de werkelijkheid dan 'vorig jaar'", "20 % verder weg dan 'vorig jaar'")
    """
    nearer, further, same = words
    if not gain:
        return f"{same} {other}"
    return f"{format_share(abs(gain), digits=0)} {nearer if gain > 0 else further} {other}"


def _coverage_in_words(verdict: Verdict) -> Iterator[str]:
    share, n = verdict.inside80.get((DISTRICT_LEVEL, YEAR_SPAN, OURS), (0.0, 0))
    if n < ENOUGH:
        yield f"Er zijn {n} jaren in een wijk vergeleken: te weinig om de marges aan te toetsen."
        return
    meaning = "de marges kloppen"
    if share < TOO_NARROW:
        meaning = "de marges zijn te smal, reken met meer onzekerheid"
    elif share > TOO_WIDE:
        meaning = "de marges zijn aan de ruime kant"
    yield f"Van {n} jaren in een wijk viel {format_share(share, digits=0)} binnen de band van 80 %: {meaning}."
