"""Pieces of page that Streamlit lacks or draws too coarsely: headings with a message, figures, readable tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from budget.tables import Cell, Column, Formula, Kind, Table
from ui.language import cents, euros, language, number, share, term, text
from ui.look import palette

_NUMERIC = (Kind.CENTS, Kind.NUMBER, Kind.SHARE)


def heading(title: str, lead: str = "", *, eyebrow: str = "") -> None:
    """A page's title with the sentence that a reader should take home."""
    if eyebrow:
        st.html(f'<p class="gb-eyebrow">{escape(eyebrow)}</p>')
    st.title(title, anchor=False)
    if lead:
        st.html(f'<p class="gb-lead">{escape(lead)}</p>')


def note(words: str) -> None:
    st.html(f'<p class="gb-note">{escape(words)}</p>')


def figures(entries: Sequence[tuple[str, str, str]]) -> None:
    """Key figures in one row of equal width: word, figure, explanation."""
    cells = "".join(
        f"<div><dt>{escape(word)}</dt><dd>{escape(figure)}</dd><dd>{escape(explanation)}</dd></div>"
        for word, figure, explanation in entries
    )
    st.html(f'<dl class="gb-figures">{cells}</dl>')


def sentences(entries: Sequence[str], *, dutch: bool = False) -> None:
    """Sentences under each other; `dutch` marks those that come from the engine in Dutch only."""
    lang = ' lang="nl"' if dutch and language() != "nl" else ""
    st.html(f'<ul class="gb-list"{lang}>' + "".join(f"<li>{escape(entry)}</li>" for entry in entries) + "</ul>")


def show_table(
    table: Table,
    *,
    columns: Sequence[str] = (),
    caption: str = "",
    chosen: Callable[[dict[str, Cell]], bool] | None = None,
    total: Callable[[dict[str, Cell]], bool] | None = None,
    whole_euros: bool = True,
    signed: Sequence[str] = (),
    tall: bool = False,
) -> None:
    """A table as HTML: numbers right and aligned, row heads, its own scroll bar on a narrow screen.

    `columns` picks and orders columns by name; `chosen` and `total` mark rows; `signed` columns show a plus.
    """
    wanted = [column for column in table.columns if not columns or column.name in columns]
    if columns:
        wanted.sort(key=lambda column: list(columns).index(column.name))
    places = [table.columns.index(column) for column in wanted]
    heads = "".join(_head(column) for column in wanted)
    body = []
    for row in table.rows:
        record = {column.name: value_of(cell) for column, cell in zip(table.columns, row, strict=True)}
        marks = ("gb-chosen" if chosen and chosen(record) else "", "gb-total" if total and total(record) else "")
        classes = " ".join(filter(None, marks))
        cells = "".join(
            _cell(row[place], column, first=number_of == 0, whole=whole_euros, sign=column.name in signed)
            for number_of, (place, column) in enumerate(zip(places, wanted, strict=True))
        )
        body.append(f'<tr class="{classes}">{cells}</tr>' if classes else f"<tr>{cells}</tr>")
    spoken = escape(caption or table.title, quote=True)
    colours = palette()
    style = f"--gb-ground:{colours.ground};--gb-less:{colours.less};--gb-more:{colours.more}"
    shown = f"<caption>{escape(caption)}</caption>" if caption else ""
    st.html(
        f'<div class="gb-scroll{" gb-tall" if tall else ""}" role="region" tabindex="0" aria-label="{spoken}" style="{style}">'
        f'<table class="gb-table">{shown}<thead><tr>{heads}</tr></thead><tbody>{"".join(body)}</tbody></table></div>'
    )


def value_of(cell: Cell) -> Cell:
    """What a cell says: the value of a formula, else the cell itself."""
    return cell.value if isinstance(cell, Formula) else cell


def written(cell: Cell, kind: Kind, *, whole: bool = True, sign: bool = False) -> str:
    """A cell as the reader writes it; unknown is a dash, never zero."""
    value = value_of(cell)
    if value is None or (isinstance(value, float) and value != value):
        return "–"
    if isinstance(value, str):
        return term(value)
    match kind:
        case Kind.CENTS:
            return euros(round(value), sign=sign) if whole else cents(round(value), sign=sign)
        case Kind.SHARE:
            return share(value, sign=sign)
        case Kind.NUMBER:
            return number(value, digits=0 if float(value).is_integer() else 1)
        case _:
            return str(value)


def empty(words: str) -> None:
    """What a page says when there is nothing to show, and what to do about it."""
    st.html(f'<p class="gb-empty">{escape(words)}</p>')


def table_below(table: Table, **options: object) -> None:
    """The numbers of the chart above, one click away."""
    with st.expander(text("panels.numbers")):
        show_table(table, **options)  # type: ignore[arg-type]


def _head(column: Column) -> str:
    side = ' class="num"' if column.kind in _NUMERIC else ""
    hint = f' title="{escape(column.note, quote=True)}"' if column.note else ""
    return f'<th scope="col"{side}{hint}>{escape(term(column.name))}</th>'


def _cell(cell: Cell, column: Column, *, first: bool, whole: bool, sign: bool) -> str:
    shown = escape(written(cell, column.kind, whole=whole, sign=sign))
    classes = ["num"] if column.kind in _NUMERIC else []
    value = value_of(cell)
    if sign and isinstance(value, (int, float)) and value:
        classes.append("gb-more" if value > 0 else "gb-less")
    kind = f' class="{" ".join(classes)}"' if classes else ""
    return f'<th scope="row"{kind}>{shown}</th>' if first else f"<td{kind}>{shown}</td>"
