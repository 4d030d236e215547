"""Gegevens: bring in a workbook or the sample; every fault with its address; what was read and what was assumed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from budget.faults import Fault
from budget.inputs import Inputs
from budget.tables import Column, Kind, Table
from ui import panels, session
from ui.conflicts import show_contradiction
from ui.language import number, said, text
from ui.work import Run, Upload, plans, start

_PROMISES = {
    "nav.distribution": "data.promise_distribution",
    "nav.why": "data.promise_why",
    "nav.compare": "data.promise_compare",
}
"""What the pages hold for somebody who has no plan yet."""
_SAMPLE = Path(__file__).parents[2] / "sample_data"


def show() -> None:
    """The page."""
    run: Run | None = st.session_state.get("run")
    faults: tuple[Fault, ...] = st.session_state.get("faults", ()) if run is None else ()
    panels.heading(_title(faults), _lead(faults))
    if st.session_state.message:
        st.info(st.session_state.message)
    _choose(busy=run is not None)
    if run is not None:
        _follow()
        return
    if faults:
        _show_faults(faults)
    contradiction, number_to_quote = st.session_state.get("contradiction"), st.session_state.get("mishap")
    if contradiction:
        show_contradiction(contradiction)
    if number_to_quote:
        st.error(text("mishap.sentence", number=number_to_quote))
    if session.has_plan():
        _show_read(st.session_state.basis.inputs)
    elif not (faults or contradiction or number_to_quote):
        panels.promises([(text(page), text(promise)) for page, promise in _PROMISES.items()])


def _title(faults: tuple[Fault, ...]) -> str:
    return text("data.title" if faults or session.has_plan() else "data.welcome")


def _lead(faults: tuple[Fault, ...]) -> str:
    """What stands in the way, or what to do here."""
    if not faults:
        return text("data.lead")
    return ". ".join((text("data.faults", n=len(faults)), text("data.faults_note")))


def _choose(*, busy: bool) -> None:
    """Two ways in: the reader's own workbook, or the sample municipality."""
    own, sample = st.columns([3, 2], gap="large")
    with own:
        st.header(text("data.own"), anchor=False)
        files = st.file_uploader(
            text("data.upload"),
            type=["xlsx", "csv", "geojson", "json"],
            accept_multiple_files=True,
            key=f"upload_{st.session_state.get('uploads', 0)}",
            disabled=busy,
        )
        pressed = st.button(
            text("data.calculate"), type="primary", disabled=busy or not files, key="calculate"
        )
        if pressed and files:
            _begin(Upload({file.name: file.getvalue() for file in files}))
    with sample:
        st.header(text("data.sample"), anchor=False)
        panels.note(text("data.sample_note"))
        if st.button(text("data.open_sample"), disabled=busy, key="open_sample"):
            names = ("voorbeeldstad.xlsx", "voorbeeldstad.geojson")
            _begin(Upload({name: (_SAMPLE / name).read_bytes() for name in names}))
        st.download_button(
            text("data.template"),
            data=_template,
            file_name="invoer_leeg.xlsx",
            type="tertiary",
            key="template",
        )


def _begin(upload: Upload) -> None:
    """Start on these files, or open at once what was made of them before."""
    state = st.session_state
    state.upload, state.faults, state.contradiction, state.mishap, state.message = upload, (), None, "", ""
    known = plans.get(upload.digest)
    if known is not None:
        session.open_plan(upload.digest, known)
    else:
        state.run = start(upload)
    st.rerun()


@st.fragment(run_every=0.4)
def _follow() -> None:
    """How far the run is; the page around it stays as it is."""
    run: Run | None = st.session_state.get("run")
    if run is None or run.finished.is_set():
        st.rerun()
    st.progress(min(1.0, run.done), text=said(run.stage) or text("data.waiting"))
    if st.button(text("data.cancel"), key="cancel"):
        run.cancel()
    panels.note(text("data.meanwhile"))


def _show_faults(faults: tuple[Fault, ...]) -> None:
    """Every fault with its place, and the workbook with the faults marked."""
    st.header(text("data.faults", n=len(faults)), anchor=False)
    upload: Upload = st.session_state.upload
    if upload.name.lower().endswith(".xlsx"):
        st.download_button(
            text("data.marked"),
            data=lambda: _marked(upload, faults),
            file_name=f"{Path(upload.name).stem}_fouten.xlsx",
            type="primary",
            key="marked",
        )
    names = ("Blad", "Cel", "Verwacht", "Gevonden")
    rows = [(fault.sheet, fault.cell or None, fault.wanted, fault.found) for fault in faults]
    table = Table(
        "Fouten", text("data.faults", n=len(faults)), tuple(Column(name, Kind.TEXT) for name in names), rows
    )
    panels.show_table(table, verbatim=("Blad",), shape="tall" if len(faults) > 12 else "")


def _show_read(inputs: Inputs) -> None:
    """What is in the plan, and what stands in for what the workbook left out."""
    town = inputs.municipality
    st.header(text("data.read", name=town.name), anchor=False)
    first, last = (
        min(s.periods[0] for s in inputs.history.streams),
        max(s.periods[-1] for s in inputs.history.streams),
    )
    panels.figures(
        [
            (text("data.areas"), number(len(inputs.districts)), text("data.areas_note")),
            (text("data.streams"), number(len(inputs.streams)), text("data.streams_note")),
            (
                text("data.demand"),
                text("data.span", first=first.year, last=last.year),
                text("data.demand_note"),
            ),
            (text("data.map"), text("data.yes" if inputs.boundaries else "data.no"), text("data.map_note")),
        ]
    )
    if st.button(text("data.to_distribution"), type="primary", key="to_distribution"):
        st.switch_page(st.session_state.pages["distribution"])
    balance = session.basis().table("Budgetsluitend")
    panels.show_table(balance, caption=said(balance.title), to_the_cent=True)
    assumptions = session.basis().assumptions
    st.header(text("data.assumptions"), anchor=False)
    if assumptions:
        panels.note(text("data.assumptions_note"))
        panels.assumptions(assumptions, session.basis().stream_names, session.basis().area_names)
    else:
        panels.note(text("data.no_assumptions"))
    panels.note(text("data.provenance", file=inputs.provenance.file_name, hash=inputs.provenance.sha256[:16]))


def _marked(upload: Upload, faults: tuple[Fault, ...]) -> bytes:
    """A copy of the workbook with a note at every fault."""
    from budget.workbook.marking import mark_faults

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "fouten.xlsx"
        mark_faults(upload.write(Path(folder)), faults, out)
        return out.read_bytes()


def _template() -> bytes:
    """An empty input workbook."""
    from budget.workbook.template import write_template

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "leeg.xlsx"
        write_template(out)
        return out.read_bytes()
