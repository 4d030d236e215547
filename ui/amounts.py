"""Money comes in as text: a numeric box reads `1.234,56` as 1.23. What was understood is said back at once."""

from __future__ import annotations

from html import escape

import streamlit as st

from budget.money import parse_amount
from ui.language import cents, text


def amount_input(label: str, *, key: str, help_text: str = "") -> int | None:
    """An amount in cents as typed, with an echo of what it was read as; None while there is none."""
    typed = st.text_input(label, key=key, placeholder=text("amounts.example"), help=help_text or None)
    if not typed.strip():
        return None
    try:
        amount = parse_amount(typed)
        if amount < 0:
            raise ValueError(typed)
    except ValueError:
        st.html(f'<p class="gb-echo wrong" role="alert">{escape(text("amounts.wrong", typed=typed))}</p>')
        return None
    st.html(f'<p class="gb-echo" role="status">{escape(text("amounts.read_as", amount=cents(amount)))}</p>')
    return amount
