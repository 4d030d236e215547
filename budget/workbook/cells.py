"""One cell of the input: what may stand in it, how it is read, and how a fault in it is put into words."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal

from pydantic_core import PydanticCustomError, core_schema

from budget.money import LARGEST_AMOUNT, parse_number, without_currency
from wording.sentence import Template

_ERROR_CODE = Template("de foutcode {code}")
_DATE_SHOWN = Template("de datum {date:day}")
PERHAPS = Template(" (misschien {code})")
_WITH_ADVICE = Template("{wanted:word}{advice}")
_BEYOND = Template("{wanted:word}; {most:,f} is de bovengrens en die is overschreden")
_POWER = Template("{digits:.2f} × 10^{power}")
_ONE_OF = Template("als {codes:or}")


@dataclass(frozen=True)
class Trouble:
    """A cell that has no value to read, whatever was wanted: an error, or a formula without its outcome."""

    wanted: str
    found: str


CellValue = str | int | float | bool | datetime | date | time | timedelta | Trouble | None

_UNKNOWN = frozenset(("", ".", "-99998", "-99995", "-99997"))
_UNKNOWN_NUMBERS = frozenset((-99998, -99995, -99997))
_ERROR = re.compile(r"#(N/A|N/B|[A-Z]{3,9}/?0?[!?])", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]+")
_POINT_DECIMAL = re.compile(r"[+-]?(\d+\.(\d{1,2}|\d{4,})|\d{4,}\.\d+|0?\.\d+)%?")
_OPEN_POINT = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}%?")
_GROUPING = re.compile(r"[+-]?(\d+|[1-9]\d{0,2}(\.\d{3})+),\d+%?|[+-]?[1-9]\d{0,2}(\.\d{3}){2,}%?")
_AROUND_NUMBER = re.compile(r"[\s€']|euro?", re.IGNORECASE)
_PERIOD = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?")
_QUARTER = re.compile(r"(\d{4})[- ]?[KQ]([1-4])", re.IGNORECASE)
_DATE_SHAPES = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")
_LONGEST_NUMBER = 40
_OPEN_ENDED = re.compile(r"of meer|(groter dan 0|als bedrag|als getal|per euro\))$")
"""Words for a kind that name no upper limit, where there is one against slips of the pen."""
_LONGEST_CODE = 64
_LONGEST_SHOWN = 60


PointUse = Literal["decimal", "thousands", "either"]
"""What a single point with three digits after it means in a column, when nothing else in the column says so."""


class Unreadable(ValueError):
    """This value is not of the kind that was wanted; its text may say better than the kind what was."""


@dataclass(frozen=True)
class Kind:
    """What may stand in a column. `read` gives the value that the code works with, or raises `Unreadable`."""

    wanted: str
    """Dutch, to be read after the name of the column: `als getal van 0 of meer`."""
    read: Callable[[Any], object]
    number_format: str = "@"
    choices: tuple[str, ...] = ()
    codes_of: str = ""
    """The sheet whose first column holds the codes that may be used here."""
    several: bool = False
    """More codes in one cell, separated by `;`."""
    also: tuple[str, ...] = ()
    """What may be used besides the codes of that sheet, or besides the choices."""
    numeric: bool = False
    points: PointUse = "decimal"

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self._validate)

    def _validate(self, value: CellValue) -> object:
        if isinstance(value, Trouble):
            raise PydanticCustomError("trouble", "{wanted}", {"wanted": value.wanted, "found": value.found})
        try:
            return self.read(value)
        except Unreadable as error:
            wanted = error.args[0] if error.args else self.wanted
            raise PydanticCustomError("cell", "{wanted}", {"wanted": wanted}) from None


def known_value(value: CellValue) -> CellValue:
    """The value of a cell without its surrounding spaces; None where it is unknown.

    >>> known_value("  WK01\u00a0"), known_value("."), known_value(-99998), known_value(0)
    ('WK01', None, None, 0)
    >>> known_value("#REF!")
    Trouble(wanted='een waarde', found='de foutcode #REF!')
    """
    if isinstance(value, str):
        text = value.strip()
        if text in _UNKNOWN:
            return None
        if text[0] == "#" and _ERROR.fullmatch(text):
            return Trouble("een waarde", _ERROR_CODE(code=text))
        return text
    if isinstance(value, (int, float)) and value in _UNKNOWN_NUMBERS:
        return None
    return value


def shown(value: CellValue) -> str:
    """A value as a fault names it.

    >>> shown(None), shown("veel"), shown(12.5), shown(True), shown(datetime(2019, 3, 1))
    ('leeg', '"veel"', '12,5', 'WAAR', 'de datum 01-03-2019')
    """
    match value:
        case None:
            return "leeg"
        case Trouble():
            return value.found
        case bool():
            return "WAAR" if value else "ONWAAR"
        case int() | float():
            return _number_shown(value)
        case date():
            return _DATE_SHOWN(date=value)
        case str():
            text = _CONTROL.sub(" ", value)
            if not text.strip():
                return "leeg"
            return f'"{text}"' if len(text) <= _LONGEST_SHOWN else f'"{text[:_LONGEST_SHOWN]}…"'
        case _:
            return f'"{value}"'


def _number_shown(value: float) -> str:
    """A number as a fault names it; a very large one in powers of ten.

    >>> _number_shown(12.5), _number_shown(990000000000000), _number_shown(1e30), _number_shown(float("inf"))
    ('12,5', '990000000000000', '1,00 × 10^30', 'een te groot getal')
    """
    if abs(value) < 1e15:
        return str(value).removesuffix(".0").replace(".", ",")
    if not abs(value) <= 1e300:
        return "een te groot getal"
    power = len(str(abs(int(value)))) - 1
    return _POWER(digits=value / 10**power, power=power)


def has_decimal_point(text: str) -> bool:
    """Whether the point in a number can only be a decimal point.

    >>> has_decimal_point("712.5"), has_decimal_point("0.125"), has_decimal_point("1.234"), has_decimal_point("7,5")
    (True, True, False, False)
    """
    return _POINT_DECIMAL.fullmatch(_bare(text)) is not None


def has_open_point(text: str) -> bool:
    """Whether the point in a number may be a decimal point as well as one that groups thousands.

    >>> has_open_point("1.234"), has_open_point("€ 1.234"), has_open_point("0.125"), has_open_point("1.234,5")
    (True, True, False, False)
    """
    return _OPEN_POINT.fullmatch(_bare(text)) is not None


def has_grouping(text: str) -> bool:
    """Whether a number shows that its points, if any, group thousands: by more of them, or by a decimal comma.

    >>> has_grouping("1.234.567"), has_grouping("1.234,5"), has_grouping("7,5"), has_grouping("1.234")
    (True, True, True, False)
    """
    return _GROUPING.fullmatch(_bare(text)) is not None


def _bare(text: str) -> str:
    """A number without spaces and euro signs."""
    return _AROUND_NUMBER.sub("", text)


def whole(value: float) -> str:
    """A number as text, without a decimal part that is nil."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _decimal(value: CellValue, *, percent: bool = False) -> Decimal:
    if isinstance(value, bool):
        raise Unreadable
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise Unreadable
        return Decimal(str(value))
    if not isinstance(value, str) or len(value) > _LONGEST_NUMBER:
        raise Unreadable
    text = value
    hundredth = percent and text.endswith("%")
    text = text.removesuffix("%") if hundredth else text
    try:
        number = parse_number(text)
    except ValueError:
        raise Unreadable from None
    return number / 100 if hundredth else number


def _between(wanted: str, number: Decimal, low: float | None, high: float | None) -> Decimal:
    """The number; beyond the upper limit the reader is told that limit, which the words for the kind may not name."""
    if low is not None and number < Decimal(str(low)):
        raise Unreadable
    if high is not None and number > Decimal(str(high)):
        named = _OPEN_ENDED.search(wanted) is None
        raise Unreadable(wanted if named else _BEYOND(wanted=wanted, most=Decimal(str(high))))
    return number


def number(
    wanted: str,
    low: float | None,
    high: float | None,
    number_format: str,
    *,
    percent: bool = False,
    above: bool = False,
    exact: bool = False,
    points: PointUse = "decimal",
) -> Kind:
    """A number from `low` (not itself, with `above`) to `high`; a float, or with `exact` a Decimal."""

    def read(value: CellValue) -> float | Decimal:
        found = _between(wanted, _decimal(value, percent=percent), low, high)
        if above and low is not None and found == Decimal(str(low)):
            raise Unreadable
        return found if exact else float(found)

    return Kind(wanted, read, number_format, numeric=True, points=points)


def whole_number(wanted: str, low: int, high: int) -> Kind:
    """A whole number from `low` to `high`."""

    def read(value: CellValue) -> int:
        found = _between(wanted, _decimal(value), low, high)
        if found != found.to_integral_value():
            raise Unreadable
        return int(found)

    return Kind(wanted, read, "0")


def nearest(text: str, codes: Iterable[str], cutoff: float = 0.6) -> str:
    """The code that was probably meant, as words to put after what was wanted; "" where none is near.

    >>> nearest("groei_maks", ["groei_min", "groei_max", "vast"]), nearest("x", ["vast"])
    (' (misschien groei_max)', '')
    """
    by_folded = {code.casefold(): code for code in codes}
    near = difflib.get_close_matches(text.casefold()[:_LONGEST_CODE], by_folded, n=1, cutoff=cutoff)
    return PERHAPS(code=by_folded[near[0]]) if near else ""


def choice(codes: Sequence[str], wanted: str = "") -> Kind:
    """One of a fixed list; capitals do not matter."""
    by_folded = {code.casefold(): code for code in codes}

    def read(value: CellValue) -> str:
        found = by_folded.get(_text(value).casefold())
        if found is None:
            raise Unreadable(_WITH_ADVICE(wanted=asked, advice=nearest(_text(value), codes)))
        return found

    asked = wanted or _ONE_OF(codes=tuple(codes))
    return Kind(asked, read, choices=tuple(codes))


def code(wanted: str, codes_of: str = "", also: tuple[str, ...] = ()) -> Kind:
    """One code. Whether it exists is checked against the other sheets."""

    def read(value: CellValue) -> str:
        found = _text(value)
        if ";" in found or len(found) > _LONGEST_CODE or _CONTROL.search(found):
            raise Unreadable
        return found

    return Kind(wanted, read, codes_of=codes_of, also=also)


def codes(wanted: str, codes_of: str) -> Kind:
    """Codes separated by `;`, in ascending order, each once."""

    def read(value: CellValue) -> tuple[str, ...]:
        found = {part.strip() for part in _text(value).split(";")} - {""}
        if not found or any(len(part) > _LONGEST_CODE or _CONTROL.search(part) for part in found):
            raise Unreadable
        return tuple(sorted(found))

    return Kind(wanted, read, codes_of=codes_of, several=True)


def _text(value: CellValue) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15:
        return whole(value)
    raise Unreadable


def _read_typed_text(value: CellValue) -> str:
    """A code that a number would spoil: 6.710 is another than 6.71."""
    if not isinstance(value, str):
        raise Unreadable
    return _read_text(value)


def _read_text(value: CellValue) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return _CONTROL.sub(" ", _text(value)).strip()


def _read_period(value: CellValue) -> str:
    if isinstance(value, datetime) and value.day == 1 and value.time() == time():
        return f"{value:%Y-%m}"
    found = _PERIOD.fullmatch(_text(value))
    if found is None or not 1990 <= int(found[1]) <= 2100:
        raise Unreadable
    return found[0]


def _read_period_or_quarter(value: CellValue) -> str:
    found = _QUARTER.fullmatch(value) if isinstance(value, str) else None
    return _read_period(value) if found is None else f"{_read_period(found[1])}-K{found[2]}"


def _read_date(value: CellValue) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        for shape in _DATE_SHAPES:
            try:
                return datetime.strptime(value, shape).date()
            except ValueError:
                continue
    raise Unreadable


_YES = {"ja": True, "waar": True, "true": True, "nee": False, "onwaar": False, "false": False}


def _read_yes_no(value: CellValue) -> bool:
    if isinstance(value, bool):
        return value
    found = _YES.get(_text(value).casefold())
    if found is None:
        raise Unreadable
    return found


_MOST = LARGEST_AMOUNT

TEXT = Kind("als tekst", _read_text)
TYPED_TEXT = Kind("als tekst (6.711), niet als getal: codes zijn tekst", _read_typed_text)
PERIOD = Kind("als jaar (2019) of maand (2019-03)", _read_period)
PERIOD_OR_QUARTER = Kind("als jaar (2019), kwartaal (2019-K1) of maand (2019-03)", _read_period_or_quarter)
DATE = Kind("als datum (31-12-2026)", _read_date, "dd-mm-yyyy")
YES_NO = Kind("als ja of nee", _read_yes_no, choices=("ja", "nee"))
YEAR = whole_number("als jaartal (2026)", 1990, 2100)
COUNT = number("als getal van 0 of meer", 0, 1_000_000_000, "#,##0.##")
PEOPLE = number(COUNT.wanted, 0, 1_000_000_000, "#,##0.##", points="either")
POSITIVE = number("als getal groter dan 0", 0, 1_000_000, "0.##", above=True)
WEIGHT = number("als gewicht van 0 of meer", 0, _MOST, "#,##0.####")
RATIO = number("als getal (euro's per euro)", -1_000, 1_000, "0.00##")
SHARE = number("als aandeel van 0 tot en met 1 (80 % is 0,8)", 0, 1, "0.00##", percent=True)
POSITIVE_SHARE = number(
    "als aandeel groter dan 0 en hooguit 1 (80 % is 0,8)", 0, 1, "0.00##", percent=True, above=True
)
EXACT_SHARE = number(SHARE.wanted, 0, 1, "0.00##", percent=True, exact=True)
RATE = number("als verhouding (4,94 % is 0,0494)", -0.5, 0.5, "0.0000", percent=True, exact=True)
EFFECT = number("als verhouding van -1 of meer (10 % meer is 0,1)", -1, 100, "0.00##", percent=True)
VALUE = number("als getal", -_MOST, _MOST, "General", percent=True, exact=True)
_EURO = "#,##0.00"


def amount(*, negative: bool = False) -> Kind:
    """An amount of money in euros (or thousands), as a Decimal; a euro sign may stand before or after it."""
    wanted = "als bedrag" if negative else "als bedrag van 0 of meer"

    def read(value: CellValue) -> Decimal:
        if isinstance(value, str):
            value = without_currency(value)
        return _between(wanted, _decimal(value), -_MOST if negative else 0, _MOST)

    return Kind(wanted, read, _EURO, numeric=True, points="thousands")


AMOUNT = amount()
SIGNED_AMOUNT = amount(negative=True)
