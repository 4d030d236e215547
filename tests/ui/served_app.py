"""The app as `ui/app.py` serves it, with a plan at hand that was made before (PLAN names its file)."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from ui.border import Border
from ui.mishap import show_mishap
from ui.work import plans

plans.put("driehoek", pickle.loads(Path(os.environ["PLAN"]).read_bytes()))

app = st.App(
    Path(__file__).parents[2] / "ui" / "main.py", middleware=[Middleware(Border)], on_script_error=show_mishap
)
