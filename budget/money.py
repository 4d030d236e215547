"""Money is whole cents; parts sum to the whole; amounts read and look as the reader writes them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Literal

import numpy as np
import numpy.typing as npt

from wording import dutch

Language = Literal["nl", "en"]

_DUTCH = re.compile(r"[+-]?([1-9]\d{0,2}(\.\d{3})+|\d+)(,\d+)?")
_POINT = re.compile(r"[+-]?\d*\.\d+")
_ENGLISH = re.compile(r"[+-]?([1-9]\d{0,2}(,\d{3})+)(\.\d+)?")
_SWAP = str.maketrans(",.", ".,")
_SPACES = dict.fromkeys(map(ord, " \t\u00a0\u202f\u2009\u2007'\u2019"), None)
_MINUSES = {ord("\u2212"): "-", ord("\u2013"): "-", ord("\u2014"): "-"}
_EURO_BEFORE = re.compile(r"^([+-]?)\s*(?:€|eur(?:os?)?)\s*", re.IGNORECASE)
_EURO_BEHIND = re.compile(r"\s*(?:€|eur(?:os?)?)\.?$", re.IGNORECASE)
_NO_CENTS = re.compile(r"(?<=\d),(?:[-\u2013\u2014=]{1,2})$")
_UNITS = {
    "k": 1_000,
    "duizend": 1_000,
    "m": 1_000_000,
    "mln": 1_000_000,
    "miljoen": 1_000_000,
    "million": 1_000_000,
    "mld": 1_000_000_000,
    "mrd": 1_000_000_000,
    "miljard": 1_000_000_000,
    "billion": 1_000_000_000,
}
_UNIT = re.compile(rf"(?<=\d)({'|'.join(_UNITS)})\.?$")

LARGEST_AMOUNT = 100_000_000_000
"""In euros, a few times all that municipalities spend together; cents up to here are exact in every step."""


def parse_number(text: str) -> Decimal:
    """The number that a Dutch reader means by a text; ValueError where it could mean two things or none.

    A comma is the decimal sign and points group by thousands; without a comma one point is a decimal point,
    unless it groups exactly three digits: `1.234` is one thousand two hundred and thirty-four. No number starts
    with a group of zeros: `0.125` is an eighth.

    >>> parse_number("1.234.567,89")
    Decimal('1234567.89')
    >>> parse_number("1,234.50"), parse_number("0.5"), parse_number("1.234"), parse_number("−3")
    (Decimal('1234.50'), Decimal('0.5'), Decimal('1234'), Decimal('-3'))
    >>> parse_number("0.125"), parse_number("0,125"), parse_number(".5")
    (Decimal('0.125'), Decimal('0.125'), Decimal('0.5'))
    """
    plain = text.translate(_SPACES).translate(_MINUSES)
    if _DUTCH.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif _ENGLISH.fullmatch(plain):
        plain = plain.replace(",", "")
    elif not _POINT.fullmatch(plain):
        raise ValueError(f"not a number: {text!r}")
    return Decimal(plain)


class TooLarge(ValueError):
    """An amount that no municipality has."""


def parse_amount(text: str, language: Language = "nl") -> int:
    """An amount as people type it, in cents; ValueError where it is not one, TooLarge beyond `LARGEST_AMOUNT`.

    Points group by thousands and the comma is the decimal sign, as in `parse_number`: a point with any other number of
    digits behind it than three is a decimal point. An English reader may group by commas.

    >>> parse_amount("€ 1.234.567,89"), parse_amount("1234,5"), parse_amount("-€ 12"), parse_amount("2,5 mln")
    (123456789, 123450, -1200, 250000000)
    >>> parse_amount("€1.250.000,-"), parse_amount("1.250 euro"), parse_amount("1.25"), parse_amount("1,250", "en")
    (125000000, 125000, 125, 125000)
    """
    plain, factor = without_currency(text.translate(_SPACES).translate(_MINUSES).lower()), 1
    unit = _UNIT.search(plain)
    if unit is not None:
        plain, factor = plain[: unit.start()], _UNITS[unit[1]]
    if language == "en" and _ENGLISH.fullmatch(plain):
        plain = plain.replace(",", "")
    euros = parse_number(plain) * factor
    if abs(euros) > LARGEST_AMOUNT:
        raise TooLarge(text)
    return to_cents(euros)


def without_currency(text: str) -> str:
    """An amount without its euro sign, and without the dash for no cents.

    >>> without_currency("€ 1.250.000,-"), without_currency("12,-- euro"), without_currency("-€ 5")
    ('1.250.000', '12', '-5')
    """
    plain = _EURO_BEFORE.sub(r"\1", _EURO_BEHIND.sub("", text.strip()))
    return _NO_CENTS.sub("", plain)


def to_cents(euros: Decimal | float | int | str) -> int:
    """Whole cents, halves up (away from zero), without the surprises of binary fractions.

    >>> to_cents(0.285), to_cents("1234.565"), to_cents(-0.005)
    (29, 123457, -1)
    """
    try:
        cents = Decimal(str(euros)) * 100
        return int(cents.quantize(Decimal(1), ROUND_HALF_UP))
    except InvalidOperation as error:
        raise ValueError(f"not an amount: {euros!r}") from error


def apportion(total: int, weights: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Divide `total` cents by `weights` (shape n, not negative) so that the parts add up: largest remainders first.

    Equal remainders go in order. All weights zero: equal parts.

    >>> apportion(100, np.array([1.0, 1.0, 1.0])).tolist()
    [34, 33, 33]
    """
    if len(weights) == 0:
        if total:
            raise ValueError("nobody to give the money to")
        return np.zeros(0, dtype=np.int64)
    known = np.nan_to_num(np.asarray(weights, dtype=np.float64))
    shares = known / known.sum() if known.sum() > 0 else np.full(len(known), 1 / len(known))
    exact = total * shares
    parts: npt.NDArray[np.int64] = np.floor(exact).astype(np.int64)
    first = np.argsort(-(exact - parts), kind="stable")[: total - int(parts.sum())]
    parts[first] += 1
    return parts


def group_thousands(number: str, language: Language = "nl") -> str:
    """An English-style number text (`1,234.5`) in the reader's notation."""
    return number if language == "en" else number.translate(_SWAP)


def format_cents(cents: int, language: Language = "nl", *, sign: bool = False) -> str:
    """An amount with its cents.

    >>> format_cents(-123456789), format_cents(5, "en"), format_cents(150, sign=True)
    ('-€ 1.234.567,89', '€ 0.05', '+€ 1,50')
    """
    return _noted(dutch.exact_euros(cents, full=True, sign=sign), language)


def format_euros(cents: int, language: Language = "nl", *, sign: bool = False) -> str:
    """An amount in whole euros, for sentences and screens.

    >>> format_euros(123456789), format_euros(-49), format_euros(-50)
    ('€ 1.234.568', '€ 0', '-€ 1')
    """
    return _noted(dutch.euros(cents, sign=sign), language)


def format_share(share: float, language: Language = "nl", *, digits: int = 1) -> str:
    """A fraction as a percentage.

    >>> format_share(0.0345), format_share(-0.5, digits=0)
    ('3,5 %', '-50 %')
    """
    quantum = Decimal(1).scaleb(-digits)
    percent = (Decimal(str(share)) * 100).quantize(quantum, ROUND_HALF_UP)
    return group_thousands(f"{percent:,}", language) + " %"


def _noted(amount: str, language: Language) -> str:
    """An amount in Dutch in the reader's notation."""
    return amount if language == "nl" else amount.translate(_SWAP)
