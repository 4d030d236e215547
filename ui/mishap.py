"""What a reader sees when a screen fails: a sentence and a number to quote, never a traceback."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from ui.language import text

_LOG = logging.getLogger("gebiedsbudget")


def show_mishap(error: BaseException) -> bool:
    """Log the failure under a fresh number and show that number; True: nothing else has to be shown."""
    number = note_mishap(error)
    st.error(text("mishap.sentence", number=number))
    return True


def note_mishap(error: BaseException) -> str:
    """Log a failure with its traceback; the number under which it can be found."""
    number = secrets.token_hex(3).upper()
    _LOG.error("mishap %s", number, exc_info=error)
    return number
