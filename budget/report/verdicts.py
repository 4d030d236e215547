"""How the forecast of every stream did in the back-test, in numbers and in Dutch.

    missed     = sum of |actual - forecast| / sum of actual, over districts and moments (WAPE)
    nearer     = 1 - missed by our forecast / missed by the other

A difference in `missed` under `EQUAL` (of the clients) or `SIMILAR` (of the other's) is called none.

The margins are judged by `margins`: of n years k fell inside the band that should hold 80 %, and [low, high] is where
the share lies that would show in the long run (Wilson's interval of 95 %).

    high < 80 %                              the margins are too narrow
    low > 80 %                               the margins are wider than needed
    OFF below 80 % <= low, high <= OFF above  they fit: a share that matters is excluded on both sides
    otherwise                                too little to tell

The interval takes the years as independent. Districts of one moment share part of their luck, so the truth may lie
somewhat further off than it says: it errs towards a verdict, not towards silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from budget.inputs import Inputs
from budget.money import format_share
from forecasts.backtest import DISTRICT_LEVEL, PERIOD_SPAN, YEAR_SPAN, summary

EQUAL, SIMILAR = 0.0005, 0.01
BAND = 0.8
"""The share of outcomes that the band of 80 % should hold."""
OFF = 0.15
"""How far from that a share must be excluded before the margins are said to fit."""
_NORMAL_95 = 1.96
"""Standard errors on either side that hold 95 %."""

Fit = Literal["smal", "ruim", "passend", "onbekend"]

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

    @property
    def margins(self) -> Margins:
        """What the years of districts say about the band of 80 %."""
        share, n = self.inside80.get((DISTRICT_LEVEL, YEAR_SPAN, OURS), (0.0, 0))
        return margins(round(share * n), n)

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


@dataclass(frozen=True)
class Margins:
    """What so many outcomes say about the band of 80 %."""

    inside: int
    """Outcomes inside the band."""
    n: int
    low: float
    """The share that would show in the long run lies between `low` and `high`; 0 and 1 without outcomes."""
    high: float

    @property
    def fit(self) -> Fit:
        """The verdict by the rule at the top of this file."""
        if self.high < BAND:
            return "smal"
        if self.low > BAND:
            return "ruim"
        fits = self.low >= BAND - OFF and self.high <= BAND + OFF
        return "passend" if fits else "onbekend"


def margins(inside: int, n: int) -> Margins:
    """What `inside` of `n` outcomes say about the band, by Wilson's interval for a share. Raises ValueError.

        centre = (k + z^2 / 2) / (n + z^2)
        reach  = z / (n + z^2) * sqrt(k (n - k) / n + z^2 / 4)

    >>> [margins(k, 60).fit for k in (36, 42, 48, 60)], margins(600, 1000).fit, margins(800, 1000).fit
    (['smal', 'onbekend', 'passend', 'ruim'], 'smal', 'passend')
    """
    if not 0 <= inside <= n:
        raise ValueError(f"{inside} of {n} outcomes")
    if n == 0:
        return Margins(0, 0, 0.0, 1.0)
    weight = n + _NORMAL_95**2
    centre = (inside + _NORMAL_95**2 / 2) / weight
    reach = _NORMAL_95 / weight * float(np.sqrt(inside * (n - inside) / n + _NORMAL_95**2 / 4))
    return Margins(inside, n, 0.0 if inside == 0 else centre - reach, 1.0 if inside == n else centre + reach)


_MARGINS: Mapping[Fit, str] = {
    "smal": "de marges zijn te smal, reken met meer onzekerheid",
    "ruim": "de marges zijn ruimer dan nodig",
    "passend": "de marges kloppen",
    "onbekend": "dat zijn er te weinig om te zeggen of de marges kloppen",
}


def _coverage_in_words(verdict: Verdict) -> Iterator[str]:
    found = verdict.margins
    if not found.n:
        yield "Er zijn geen jaren in een wijk om de marges aan te toetsen."
        return
    share, low, high = (
        format_share(part, digits=0) for part in (found.inside / found.n, found.low, found.high)
    )
    yield (
        f"Van {found.n} jaren in een wijk vielen er {found.inside} ({share}) binnen de band van 80 %; op den duur ligt"
        f" het aandeel tussen {low} en {high}: {_MARGINS[found.fit]}."
    )
