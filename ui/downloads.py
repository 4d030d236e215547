"""The plan as a file to take along; it is made when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from budget.export import workbook_bytes
from budget.inputs import Municipality
from budget.tables import Table
from ui.language import text
from ui.view import View, YearView

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def year_button(year: YearView, town: Municipality) -> None:
    """A button for the year that ends as a workbook."""
    st.download_button(
        text("downloads.year"),
        data=lambda: workbook_bytes(year.tables),
        file_name=f"afrekening_{town.code}_{year.year.year}.xlsx",
        mime=EXCEL,
        type="primary",
        key="year_workbook",
    )


def workbook_button(view: View, *, key: str = "workbook") -> None:
    """A button for the whole plan as a workbook."""
    town = view.plan.inputs.municipality
    st.download_button(
        text("downloads.workbook"),
        data=lambda: workbook_bytes(view.tables),
        file_name=f"gebiedsbudget_{town.code}_{town.first_year}.xlsx",
        mime=EXCEL,
        type="primary",
        key=key,
    )


def tables_button(
    label: str, tables: Callable[[], Sequence[Table]], *, name: str, key: str, town: Municipality
) -> None:
    """A button for some tables as a workbook, made when somebody asks for it."""
    st.download_button(
        label,
        data=lambda: workbook_bytes(tables()),
        file_name=f"{name}_{town.code}_{town.first_year}.xlsx",
        mime=EXCEL,
        key=key,
    )
