"""The plan as a file to take along; it is made when somebody asks for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from unicodedata import normalize

import streamlit as st

from budget.export import values_only, workbook_bytes
from budget.inputs import Municipality
from budget.report.provenance import imprint
from budget.tables import Table
from ui import session
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


def page_button(
    view: View,
    tables: Callable[[], Sequence[Table]],
    *,
    label: str,
    name: str,
    key: str,
    year: int | None = None,
) -> None:
    """A button for what a page shows of a plan, called after town, year, page and variant."""
    inputs = view.plan.inputs
    variant = "" if view.basis is None else variant_name()

    def content() -> bytes:
        return workbook_bytes([replace(values_only(table), imprint=imprint(inputs)) for table in tables()])

    town = inputs.municipality
    st.download_button(
        label,
        data=content,
        file_name=file_name(town.name, str(year or town.first_year), name, variant),
        mime=EXCEL,
        type="primary",
        key=key,
    )


def variant_name() -> str:
    """What the scenario at hand was saved as, or that it is the reader's own."""
    return session.saved_as() or "mijn variant"


def file_name(*parts: str) -> str:
    """The parts as one name that every system takes.

    >>> file_name("Voorbeeldstad (verzonnen)", "2027", "waarom Reeënveld", "")
    'voorbeeldstad-verzonnen_2027_waarom-reeenveld.xlsx'
    """
    plain = (normalize("NFKD", part).encode("ascii", "ignore").decode().lower() for part in parts)
    slugs = ("-".join(re.findall("[a-z0-9]+", part)) for part in plain)
    return "_".join(filter(None, slugs)) + ".xlsx"


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
