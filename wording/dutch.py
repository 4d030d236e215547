"""Dutch words for amounts and rows of things."""

from __future__ import annotations

from collections.abc import Sequence


def euros(cents: float, *, sign: bool = False) -> str:
    """Whole euros as a Dutch reader writes them; `sign`: with the plus of a change.

    >>> euros(123456789), euros(-49), euros(-50), euros(150, sign=True)
    ('€ 1.234.568', '€ 0', '-€ 1', '+€ 2')
    """
    whole = (abs(round(cents)) + 50) // 100
    return _before(cents if whole else 0, sign) + _grouped(whole)


def exact_euros(cents: int, *, full: bool = False, sign: bool = False) -> str:
    """To the cent where there are cents (`full`: everywhere), so that an amount can be applied as it is printed.

    >>> exact_euros(3000000), exact_euros(3000040), exact_euros(-5), exact_euros(100, full=True)
    ('€ 30.000', '€ 30.000,40', '-€ 0,05', '€ 1,00')
    """
    whole, rest = divmod(abs(cents), 100)
    return _before(cents, sign) + _grouped(whole) + (f",{rest:02d}" if rest or full else "")


def enumerated(parts: Sequence[str], last: str = "en") -> str:
    """
    >>> enumerated(["a", "b", "c"]), enumerated(["a"]), enumerated(["a", "b"], "and")
    ('a, b en c', 'a', 'a and b')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def _before(cents: float, sign: bool) -> str:
    return "-" if cents < 0 else "+" if sign and cents > 0 else ""


def _grouped(whole: int) -> str:
    return f"€ {whole:,}".replace(",", ".")
