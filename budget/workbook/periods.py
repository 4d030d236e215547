"""Periods as a workbook writes them: a year (2019), a quarter (2019-K1) or a month (2019-03)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Frequency = Literal["Y", "Q", "M"]

_PER_YEAR: dict[Frequency, int] = {"Y": 1, "Q": 4, "M": 12}


def frequency_of(period: str) -> Frequency:
    """What kind of period it is.

    >>> frequency_of("2019"), frequency_of("2019-K1"), frequency_of("2019-03")
    ('Y', 'Q', 'M')
    """
    return "Y" if len(period) == 4 else "Q" if period[5] == "K" else "M"


def number_of(period: str) -> int:
    """Its place in time; the periods of a series count up by one.

    >>> number_of("2020-01") - number_of("2019-12"), number_of("2020-K1") - number_of("2019-K4")
    (1, 1)
    """
    per_year = _PER_YEAR[frequency_of(period)]
    return int(period[:4]) * per_year + (int(period[5:].lstrip("K")) - 1 if per_year > 1 else 0)


def period_after(period: str) -> str:
    """The next one.

    >>> period_after("2019"), period_after("2019-K4"), period_after("2019-11")
    ('2020', '2020-K1', '2019-12')
    """
    frequency = frequency_of(period)
    year, place = divmod(number_of(period) + 1, _PER_YEAR[frequency])
    return {"Y": f"{year}", "Q": f"{year}-K{place + 1}", "M": f"{year}-{place + 1:02}"}[frequency]


def as_period(period: str) -> pd.Period:
    """The period of pandas.

    >>> as_period("2019-K2")
    Period('2019Q2', 'Q-DEC')
    """
    import pandas as pd

    return pd.Period(period.replace("K", "Q"), freq=frequency_of(period))


def period_label(period: pd.Period) -> str:
    """A period of pandas as a workbook writes it.

    >>> period_label(as_period("2019-K2")), period_label(as_period("2019-03"))
    ('2019-K2', '2019-03')
    """
    return str(period).replace("Q", "-K")
