"""What `streamlit run ui/app.py` serves: the screens behind a border that lets nothing out."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from ui.border import Border
from ui.mishap import show_mishap
from ui.solving import start_solvers, stop_solvers
from ui.work import cancel_all

_SELDOM = 50_000, 20, 50
"""Between garbage collections: one goes through all open workbooks, in the middle of somebody's page."""


@asynccontextmanager
async def _lifetime(_app: Any) -> AsyncIterator[None]:
    """Everything imported is kept out of later garbage collections; no forecast or solver outlives the server."""
    import altair  # noqa: F401
    import pandas  # noqa: F401

    start_solvers()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    yield
    cancel_all()
    stop_solvers()


app = st.App(
    Path(__file__).with_name("main.py"),
    middleware=[Middleware(Border)],
    lifespan=_lifetime,
    on_script_error=show_mishap,
)
