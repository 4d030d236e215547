"""Gegevens: bring in a workbook or the sample; every fault with its address; what was read and what was assumed."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from budget.faults import Fault
from budget.inputs import Inputs
from budget.tables import Cell, Column, Kind, Table
from ui import panels, session
from ui.assumed import show_assumptions
from ui.conflicts import show_contradiction
from ui.language import number, said, text
from ui.work import Run, Upload, plans, start

_PROMISES = {
    "nav.distribution": "data.promise_distribution",
    "nav.why": "data.promise_why",
    "nav.compare": "data.promise_compare",
}
"""What the pages hold for somebody who has no plan yet."""
_ALIKE = 5
"""Faults of one kind in one column that are shown one by one."""
_MOST_ROWS = 400
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
    if any(fault.unopened for fault in faults):
        return text("data.unopened_note")
    return ". ".join((_how_many(faults), text("data.faults_note")))


def _how_many(faults: tuple[Fault, ...]) -> str:
    n, follow = len(faults), sum(len(fault.follows) for fault in faults)
    return (
        text("data.faults_and_more", n=number(n), more=number(follow))
        if follow
        else text("data.faults", n=number(n))
    )


def _choose(*, busy: bool) -> None:
    """Two ways in: the reader's own workbook, or the sample municipality."""
    own, sample = st.columns([3, 2], gap="large")
    with own:
        st.header(text("data.own"), anchor=False)
        files = st.file_uploader(
            text("data.upload"),
            accept_multiple_files=True,
            key=f"upload_{st.session_state.get('uploads', 0)}",
            disabled=busy,
        )
        upload = Upload({file.name: file.getvalue() for file in files}) if files else None
        objection = _objection(upload) if upload else ""
        if objection:
            panels.note(objection)
        ready = upload is not None and not objection
        pressed = st.button(
            text("data.calculate"), type="primary", disabled=busy or not ready, key="calculate"
        )
        if pressed and upload and ready:
            _begin(upload)
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


def _objection(upload: Upload) -> str:
    """Why these files together are no municipality; "" where they may be one. What is in them shows later."""
    if not (upload.books or upload.tables):
        return text("data.only_map")
    if upload.books and upload.tables:
        return text("data.mixed")
    return text("data.two_books", names=", ".join(upload.books)) if len(upload.books) > 1 else ""


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
    """Every fault with its place and the workbook with the faults marked; or why the file was not opened."""
    upload: Upload = st.session_state.upload
    refused = next((fault for fault in faults if fault.unopened), None)
    if refused is not None:
        st.error(text("data.unopened", file=upload.name, found=said(refused.found)))
        return
    st.header(text("data.faults", n=number(len(faults))), anchor=False)
    st.download_button(
        text("data.marked"),
        data=lambda: _marked(upload, faults),
        file_name=f"{Path(upload.name).stem if upload.books else 'invoer'}_fouten.xlsx",
        type="primary",
        key="marked",
    )
    columns = tuple(Column(name, Kind.TEXT) for name in ("Blad", "Cel", "Verwacht", "Gevonden"))
    rows = fault_rows(faults)
    table = Table("Fouten", _how_many(faults), columns, rows)
    panels.show_table(table, verbatim=("Blad",), shape="tall" if len(rows) > 12 else "")


def fault_rows(faults: Sequence[Fault]) -> list[tuple[Cell, ...]]:
    """Place, wanted, found and what follows; of many faults of one kind in one column the first few, then a count."""
    alike: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        column = fault.cell.rstrip("0123456789") or fault.cell
        alike.setdefault((fault.sheet, column, fault.wanted), []).append(fault)
    rows: list[tuple[Cell, ...]] = []
    for same in alike.values():
        shown = same if len(same) <= _ALIKE + 1 else same[:_ALIKE]
        rows += [(fault.sheet, fault.cell or None, fault.wanted, _found(fault)) for fault in shown]
        rest = same[len(shown) :]
        if rest:
            cells = f"{rest[0].cell}–{rest[-1].cell}"
            rows.append((rest[0].sheet, cells, rest[0].wanted, text("data.alike", n=number(len(rest)))))
    if len(rows) > _MOST_ROWS:
        more = text("data.more_rows", n=number(len(rows) - _MOST_ROWS))
        return [*rows[:_MOST_ROWS], ("…", None, more, None)]
    return rows


def _found(fault: Fault) -> str:
    """What stands there, and what follows from it."""
    return "; ".join((said(fault.found), said(fault.consequences))) if fault.follows else fault.found


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
    _show_warnings(inputs)
    balance = session.basis().table("Budgetsluitend")
    panels.show_table(balance, caption=said(balance.title), to_the_cent=True)
    st.header(text("data.assumptions"), anchor=False)
    show_assumptions(session.basis(), note=text("data.assumptions_note"))
    panels.note(text("data.provenance", file=inputs.provenance.file_name, hash=inputs.provenance.sha256[:16]))


def _show_warnings(inputs: Inputs) -> None:
    """What was read as it stands and was perhaps meant otherwise."""
    if inputs.provenance.warnings:
        st.header(text("data.warnings"), anchor=False)
        panels.note(text("data.warnings_note"))
        for warning in inputs.provenance.warnings:
            st.warning(panels.unbroken(said(warning)))


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
