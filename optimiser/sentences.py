"""Dutch words for amounts."""

from __future__ import annotations


def euros(cents: float) -> str:
    """Whole euros as a Dutch reader writes them.

    >>> euros(123456789), euros(-49), euros(-50)
    ('€ 1.234.568', '€ 0', '-€ 1')
    """
    whole = (abs(round(cents)) + 50) // 100
    return ("-" if cents < 0 and whole else "") + f"€ {whole:,}".replace(",", ".")


def enumerated(parts: list[str]) -> str:
    """
    >>> enumerated(["a", "b", "c"])
    'a, b en c'
    """
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " en " + parts[-1]


def capitalised(text: str) -> str:
    """The first letter as a capital, the rest untouched."""
    return text[:1].upper() + text[1:]
