"""How good the forecast was before: the back-test, computed when a reader asks, in words, a chart and a table."""

from __future__ import annotations

import streamlit as st

from budget.export import workbook_bytes
from budget.report.verdicts import NAIVE, OURS, Margins, margins
from budget.tables import RowStyle, Table
from ui import panels
from ui.backtest_chart import missed_chart
from ui.chart_style import show_chart
from ui.downloads import EXCEL
from ui.language import language, said, share, text
from ui.view import Record, View, quantity, records
from ui.work import Run, backtest_mark, backtests, start_backtest

COLUMNS = (
    *("Naam", "Prognose", "Vorig jaar", "Alleen Prophet", "Dichterbij dan vorig jaar"),
    *("Binnen 80 %-band", "Marges", "Oordeel"),
)


_FITS = {
    "smal": "backtest.margins_narrow",
    "ruim": "backtest.margins_wide",
    "passend": "backtest.margins_fit",
    "onbekend": "backtest.margins_few",
}


def show(view: View) -> None:
    """The section: a button, then how far the back-test is, then what it says."""
    st.header(text("backtest.title"), anchor=False)
    digest = str(st.session_state.digest)
    tables = backtests.get(digest)
    if tables is not None:
        _outcome(view, tables)
        return
    run: Run | None = st.session_state.get("backtest")
    if run is not None and run.digest == backtest_mark(digest):
        if not run.finished.is_set():
            _follow()
            return
        if run.mishap:
            st.error(text("mishap.sentence", number=run.mishap))
    panels.note(text("backtest.lead"))
    if st.button(text("backtest.calculate"), key="backtest_do"):
        st.session_state.backtest = start_backtest(digest, view.plan.inputs)
        st.rerun()


@st.fragment(run_every=0.4)
def _follow() -> None:
    """How far the run is; the page around it stays as it is."""
    run: Run = st.session_state.backtest
    if run.finished.is_set():
        st.rerun()
    st.progress(min(1.0, run.done), text=said(run.stage) or text("data.waiting"))
    if st.button(text("data.cancel"), key="backtest_cancel"):
        run.cancel()
    panels.note(text("data.meanwhile"))


def _outcome(view: View, tables: tuple[Table, ...]) -> None:
    """The verdict per stream, ours beside last year, and the numbers."""
    if not tables:
        panels.note(text("backtest.too_short"))
        return
    sheets = {table.sheet: table for table in tables}
    streams = sheets["Stromen"]
    told = filter(None, [summary_sentence(records(streams))])
    panels.sentences([*told, *verdict_sentences(sheets["Oordeel"], streams)])
    tested = [row for row in records(streams) if None not in (row["Prognose"], row["Vorig jaar"])]
    if tested:
        show_chart(
            missed_chart(missed_rows(tested)),
            alternative=text("backtest.alt", streams="; ".join(map(_spoken, tested))),
            key="backtest_chart",
        )
    panels.show_table(streams, columns=COLUMNS, signed=("Dichterbij dan vorig jaar",))
    panels.note(text("backtest.note"))
    town = view.plan.inputs.municipality
    st.download_button(
        text("backtest.workbook"),
        data=lambda: workbook_bytes(tables),
        file_name=f"terugtoets_{town.code}_{town.first_year}.xlsx",
        mime=EXCEL,
        key="backtest_workbook",
    )


def summary_sentence(streams: list[Record]) -> str:
    """In how many streams the forecast was nearer, and what is known of the margins; "" where none was tested."""
    gains = [gain for row in streams if isinstance(gain := row["Dichterbij dan vorig jaar"], (int, float))]
    if not gains:
        return ""
    fits = [_margins_of(row).fit for row in streams if quantity(row, "Jaren")]
    return text(
        "backtest.summary",
        n=len(gains),
        nearer=sum(gain > 0 for gain in gains),
        same=sum(gain == 0 for gain in gains),
        further=sum(gain < 0 for gain in gains),
        fit=fits.count("passend"),
        narrow=fits.count("smal"),
        wide=fits.count("ruim"),
        few=fits.count("onbekend"),
    )


def verdict_sentences(verdicts: Table, streams: Table) -> list[str]:
    """The sentences of the sheet Oordeel, together per stream; in another language the same in short."""
    if language() == "nl":
        said: dict[str, list[str]] = {}
        for at, row in enumerate(verdicts.rows):
            if verdicts.styles.get(at) is RowStyle.SENTENCE:
                said.setdefault(str(row[0]), []).append(str(row[1]))
        return [" ".join(sentences) for sentences in said.values()]
    return [_verdict(row) for row in records(streams)]


def _verdict(row: Record) -> str:
    gain = row["Dichterbij dan vorig jaar"]
    if not isinstance(gain, (int, float)):
        return text("backtest.untested", stream=row["Naam"])
    said = text("backtest.same", stream=row["Naam"])
    if gain:
        key = "backtest.nearer" if gain > 0 else "backtest.further"
        said = text(key, stream=row["Naam"], share=share(abs(gain), digits=0))
    return f"{said} {_margins(row)}"


def _margins(row: Record) -> str:
    found = _margins_of(row)
    shares = (share(part, digits=0) for part in (found.inside / found.n, found.low, found.high))
    values = dict(zip(("share", "low", "high"), shares, strict=True))
    return text("backtest.inside", n=found.n, inside=found.inside, verdict=text(_FITS[found.fit]), **values)


def _margins_of(row: Record) -> Margins:
    n = round(quantity(row, "Jaren"))
    return margins(round(quantity(row, "Binnen 80 %-band") * n), n)


def missed_rows(tested: list[Record]) -> list[tuple[str, str, float]]:
    """Stream, method and share of the clients missed: ours, then last year."""
    return [
        (str(row["Naam"]), method, quantity(row, column))
        for row in tested
        for method, column in ((OURS, "Prognose"), (NAIVE, "Vorig jaar"))
    ]


def _spoken(row: Record) -> str:
    ours, naive = share(quantity(row, "Prognose")), share(quantity(row, "Vorig jaar"))
    return text("backtest.spoken", stream=row["Naam"], ours=ours, naive=naive)
