"""Dutch words for amounts."""

from __future__ import annotations

from wording.dutch import enumerated, euros, exact_euros

__all__ = ["capitalised", "enumerated", "euros", "exact_euros"]


def capitalised(text: str) -> str:
    """The first letter as a capital, the rest untouched."""
    return text[:1].upper() + text[1:]
