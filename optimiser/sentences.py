"""Dutch words for amounts."""

from __future__ import annotations


def euros(cents: float) -> str:
    """Whole euros as a Dutch reader writes them.

    >>> euros(123456789), euros(-49), euros(-50)
    ('€ 1.234.568', '€ 0', '-€ 1')
    """
    whole = (abs(round(cents)) + 50) // 100
    return ("-" if cents < 0 and whole else "") + f"€ {whole:,}".replace(",", ".")


def exact_euros(cents: int) -> str:
    """To the cent where there are cents, so that an amount can be applied as it is printed.

    >>> exact_euros(3000000), exact_euros(3000040), exact_euros(-5)
    ('€ 30.000', '€ 30.000,40', '-€ 0,05')
    """
    whole, rest = divmod(abs(cents), 100)
    text = f"€ {whole:,}".replace(",", ".") + (f",{rest:02d}" if rest else "")
    return ("-" if cents < 0 else "") + text


def enumerated(parts: list[str]) -> str:
    """
    >>> enumerated(["a", "b", "c"])
    'a, b en c'
    """
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " en " + parts[-1]


def capitalised(text: str) -> str:
    """The first letter as a capital, the rest untouched."""
    return text[:1].upper() + text[1:]
