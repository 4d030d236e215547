"""The price of a client-year, per stream and year: the tariff, indexed where no tariff is given.

The rate of year t (VNG, standard youth contract), with w the wage share:

    index(t) = w * OVA(t) + (1 - w) * PPC(t)
    rate(t)  = provisional(t) + definitive(t - 1) - provisional(t - 1)

The correction applies where year t - 1 has both a provisional and a definitive index. A year without an
index takes that of the latest year before it; without any index prices stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt

from budget.inputs import Index, Tariff
from wording.sentence import Template

_CENT = Decimal("0.01")
_NO_INDEX = Template("Geen index voor {year}: prijzen niet geïndexeerd.")
_EARLIER_INDEX = Template("Geen index voor {year}: die van {used} gebruikt.")
_FIRST_TARIFF = Template("Geen tarief van {stream} voor {year}: dat van {used} gebruikt.")


@dataclass(frozen=True)
class Prices:
    """`euros[s, y]` per client-year in whole cents, and Dutch sentences on what was assumed."""

    euros: npt.NDArray[np.float64]
    notes: tuple[str, ...]


def tariff_prices(
    tariffs: Iterable[Tariff], indices: Iterable[Index], streams: Sequence[str], years: Sequence[int]
) -> Prices:
    """Prices of every stream and year.

    A year before the first tariff of a stream takes that first tariff, not indexed back.
    """
    rates = _Rates(indices)
    notes: dict[str, None] = {}
    euros = np.empty((len(streams), len(years)))
    for s, stream in enumerate(streams):
        known = {tariff.year: tariff.euros_per_client_year for tariff in tariffs if tariff.stream == stream}
        for y, year in enumerate(years):
            euros[s, y] = float(_price(known, year, rates, notes, stream))
    return Prices(euros, tuple(notes))


def index_rate(year: int, indices: Iterable[Index]) -> Decimal | None:
    """The rate of one year with the correction of the year before; None where the year has no index.

    >>> wages = Decimal("0.9")
    >>> given = [Index(2024, Decimal("0.0494"), Decimal("0.0251"), wages, False),
    ...          Index(2024, Decimal("0.0600"), Decimal("0.0310"), wages, True),
    ...          Index(2025, Decimal("0.0418"), Decimal("0.0182"), wages, False)]
    >>> index_rate(2025, given)
    Decimal('0.04957')
    """
    found = {(index.year, index.definitive): _index(index) for index in indices}
    own = found.get((year, False), found.get((year, True)))
    if own is None:
        return None
    before = found.get((year - 1, False)), found.get((year - 1, True))
    correction = before[1] - before[0] if before[0] is not None and before[1] is not None else Decimal(0)
    return own + correction


class _Rates:
    def __init__(self, indices: Iterable[Index]) -> None:
        self._indices = tuple(indices)
        self._years = sorted({index.year for index in self._indices})

    def rate(self, year: int, notes: dict[str, None]) -> Decimal:
        known = [candidate for candidate in self._years if candidate <= year]
        if not known:
            notes[_NO_INDEX(year=year)] = None
            return Decimal(0)
        if known[-1] != year:
            notes[_EARLIER_INDEX(year=year, used=known[-1])] = None
            return _index(max((i for i in self._indices if i.year == known[-1]), key=lambda i: i.definitive))
        rate = index_rate(year, self._indices)
        assert rate is not None
        return rate


def _index(index: Index) -> Decimal:
    return index.wage_share * index.ova + (1 - index.wage_share) * index.ppc


def _price(
    known: dict[int, Decimal], year: int, rates: _Rates, notes: dict[str, None], stream: str
) -> Decimal:
    earlier = [tariff_year for tariff_year in known if tariff_year <= year]
    if not earlier:
        first = min(known)
        notes[_FIRST_TARIFF(stream=stream, year=year, used=first)] = None
        return known[first].quantize(_CENT, ROUND_HALF_UP)
    base = max(earlier)
    price = known[base]
    for later in range(base + 1, year + 1):
        price = (price * (1 + rates.rate(later, notes))).quantize(_CENT, ROUND_HALF_UP)
    return price.quantize(_CENT, ROUND_HALF_UP)
