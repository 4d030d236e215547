"""Money comes in as text: a numeric box reads `1.234,56` as 1.23. What was understood is said back at once."""

from __future__ import annotations

import re
from html import escape

import streamlit as st

from budget.money import LARGEST_AMOUNT, TooLarge, parse_amount
from ui.language import cents, euros, language, text

_LONGEST_SHOWN = 40
_DECIMAL_POINT = re.compile(r"^\D*\d+\.(\d{1,2}|\d{4,})(\D|$)")
"""One point that groups no thousands."""


def amount_input(label: str, *, key: str, help_text: str = "") -> int | None:
    """An amount in cents as typed, with an echo of what it was read as; None while there is none."""
    typed = st.text_input(label, key=key, placeholder=text("amounts.example"), help=help_text or None)
    if not typed.strip():
        return None
    amount, refusal = _read(typed)
    if refusal:
        st.html(f'<p class="gb-echo wrong" role="alert">{escape(refusal)}</p>')
        return None
    told = text("amounts.read_as", amount=cents(amount))
    if _DECIMAL_POINT.search(typed) and "," not in typed:
        told = ". ".join((told, text("amounts.decimal_point")))
    st.html(f'<p class="gb-echo" role="status">{escape(told)}</p>')
    return amount


def _read(typed: str) -> tuple[int, str]:
    """The amount in cents, or why it is none."""
    try:
        amount = parse_amount(typed, language())
    except TooLarge:
        return 0, text("amounts.too_large", most=euros(LARGEST_AMOUNT * 100))
    except ValueError:
        return 0, text("amounts.wrong", typed=typed.strip()[:_LONGEST_SHOWN])
    return amount, text("amounts.negative", amount=cents(amount)) if amount < 0 else ""
