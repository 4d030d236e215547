"""Pieces of page that Streamlit lacks or draws too coarsely: headings with a message, figures, readable tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from budget.tables import Cell, Column, Kind, RowStyle, Table
from ui.language import Notation, is_dutch, notation, said, term, text
from ui.look import palette
from ui.view import Record, records, value_of

_LONG = 60
"""Characters from which a text needs room to be read."""
_NAME = 24
"""Characters from which the name of a row needs a line of its own width."""
_FEW = 6
"""Columns of numbers up to which a table is no wider than its rows can be followed."""
_NUMERIC = (Kind.CENTS, Kind.THOUSANDS, Kind.NUMBER, Kind.SHARE)


def heading(title: str, lead: str = "", *, eyebrow: str = "") -> None:
    """A page's title with the sentence that a reader should take home."""
    if eyebrow:
        st.html(f'<p class="gb-eyebrow">{escape(eyebrow)}</p>')
    st.title(title, anchor=False)
    if lead:
        st.html(f'<p class="gb-lead">{_unbroken(lead)}</p>')


def note(words: str) -> None:
    """A sentence of less weight."""
    st.html(f'<p class="gb-note">{_unbroken(words)}</p>')


def figures(entries: Sequence[tuple[str, str, str]]) -> None:
    """Key figures in one row of equal width: word, figure, explanation."""
    cells = "".join(
        f"<div><dt>{escape(word)}</dt><dd>{escape(figure)}</dd><dd>{escape(explanation)}</dd></div>"
        for word, figure, explanation in entries
    )
    st.html(f'<dl class="gb-figures">{cells}</dl>')


def sentences(entries: Sequence[str], *, engine: bool = False, into: DeltaGenerator | None = None) -> None:
    """Sentences under each other; those of the `engine` are told in the session's language, or marked as Dutch.

    In a slot that was `waiting` they take the place that was kept for them.
    """
    kept = " gb-kept" if into else ""
    items = "".join(
        f"<li{_in_dutch(entry)}>{_unbroken(said(entry))}</li>" if engine else f"<li>{_unbroken(entry)}</li>"
        for entry in entries
    )
    (into or st).html(f'<ul class="gb-list{kept}">{items}</ul>')


def assumptions(entries: Sequence[str], streams: Mapping[str, str], areas: Mapping[str, str]) -> None:
    """What was assumed, with names instead of codes; what is assumed of several streams is said once."""
    about: dict[str, list[str]] = {}
    marks = {}
    for entry in entries:
        words = said(entry)
        stream, _, rest = words.partition(": ")
        words = rest if stream in streams else words
        about.setdefault(words, []).extend([stream] if stream in streams else [])
        marks[words] = _in_dutch(entry)
    names = {**streams, **areas}
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    codes = re.compile(rf"\b({'|'.join(longest_first)})\b")
    items = ""
    for words, whose in about.items():
        line = codes.sub(lambda code: names[code[0]], ": ".join(filter(None, (", ".join(whose), words))))
        items += f"<li{marks[words]}>{_unbroken(line)}</li>"
    st.html(f'<ul class="gb-list">{items}</ul>')


def promises(entries: Sequence[tuple[str, str]]) -> None:
    """What a reader may expect, side by side: a word and a sentence."""
    cells = "".join(f"<div><dt>{escape(word)}</dt><dd>{escape(words)}</dd></div>" for word, words in entries)
    st.html(f'<dl class="gb-promises">{cells}</dl>')


def waiting(words: str, slot: DeltaGenerator) -> None:
    """Keep the place of sentences that are still being made."""
    slot.html(f'<p class="gb-note gb-kept">{escape(words)}</p>')


def show_table(
    table: Table,
    *,
    columns: Sequence[str] = (),
    caption: str = "",
    label: str = "",
    chosen: Callable[[Record], bool] | None = None,
    signed: Sequence[str] = (),
    names: Mapping[str, str] | None = None,
    verbatim: Sequence[str] = (),
    to_the_cent: bool = False,
    shape: Literal["", "tall", "compact"] = "",
) -> None:
    """A table as HTML: numbers right and aligned, row heads, its own scroll bar on a narrow screen.

    It is announced by its caption, `label` or title.
    `columns` picks and orders columns by name; `chosen` marks rows; `signed` columns show a plus; `names` replaces
    codes in text cells; `verbatim` columns hold names that no language has another word for. A tall table scrolls under
    its headings; a compact one fits beside something else.
    """
    places = [table.column_index(name) for name in columns] or list(range(len(table.columns)))
    wanted = [table.columns[place] for place in places]
    heads = "".join(_head(column) for column in wanted)
    body, reader = [], notation()
    for index, (row, record) in enumerate(zip(table.rows, records(table), strict=True)):
        marks = ["gb-chosen"] if chosen and chosen(record) else []
        marks += ["gb-total"] if table.styles.get(index) is RowStyle.TOTAL else []
        classes = f' class="{" ".join(marks)}"' if marks else ""
        cells: list[str] = []
        for column, place in zip(wanted, places, strict=True):
            value = (names or {}).get(str(row[place]), row[place]) if column.kind is Kind.TEXT else row[place]
            sign = column.name in signed
            if column.name in verbatim and isinstance(value, str):
                shown = value
            else:
                shown = written(value, column, reader, to_the_cent=to_the_cent, sign=sign)
            cells.append(_cell(value, shown, column, head=not cells, sign=sign))
        body.append(f"<tr{classes}>{''.join(cells)}</tr>")
    shown = f"<caption>{escape(caption)}</caption>" if caption else ""
    kind = f"gb-scroll gb-{shape}" if shape else "gb-scroll"
    n_numbers = sum(column.kind in _NUMERIC for column in wanted)
    if shape != "compact" and len(wanted) <= _FEW and n_numbers >= len(wanted) - 1:
        kind += " gb-few"
    st.html(
        f'<div class="{kind}" style="--columns:{len(wanted)}" role="region" tabindex="0" '
        f'aria-label="{escape(label or caption or said(table.title), quote=True)}"><table class="gb-table">{shown}'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def show_summary(table: Table) -> None:
    """The one-page summary: its first column as a heading over each group, sentences over the whole width."""
    labels = [column for column in table.columns if column.name != "Onderdeel"]
    heads = "".join(_head(column) if column.name != "Post" else "<td></td>" for column in labels)
    body, part, reader = [], None, notation()
    for index, row in enumerate(table.rows):
        if row[0] != part:
            part = row[0]
            body.append(
                f'<tr class="gb-part"><th scope="rowgroup" colspan="{len(labels)}">{escape(term(str(part)))}</th></tr>'
            )
        style = table.styles.get(index)
        if style is RowStyle.SENTENCE:
            told = value_of(row[1])
            assert isinstance(told, str)
            words = f'<span class="gb-said"{_in_dutch(told)}>{_unbroken(said(told))}</span>'
            body.append(f'<tr><td colspan="{len(labels)}">{words}</td></tr>')
            continue
        name = str(value_of(row[1]))
        indent = ' class="gb-of"' if name.startswith(" ") else ""
        cells = [f'<th scope="row"{indent}>{escape(term(name.strip()))}</th>']
        for column, cell in zip(table.columns[2:], row[2:], strict=True):
            cells.append(_cell(cell, written(cell, column, reader), column, head=False, sign=False))
        total = ' class="gb-total"' if style is RowStyle.TOTAL else ""
        body.append(f"<tr{total}>{''.join(cells)}</tr>")
    st.html(
        f'<div class="gb-scroll" role="region" tabindex="0" aria-label="{escape(said(table.title), quote=True)}">'
        f'<table class="gb-table"><thead><tr>{heads}</tr></thead><tbody>{"".join(body)}</tbody></table></div>'
    )


def legend(entries: Sequence[tuple[str, str]]) -> None:
    """What the lines and shapes of a chart mean: a drawing by name, and words."""
    colours = palette()
    observed, total, quiet, less = colours.observed, colours.total, colours.quiet, colours.less
    faint, middle, firm = colours.bands
    bands = f"background:linear-gradient(90deg,{firm} 33%,{middle} 33% 66%,{faint} 66%)"
    drawings = {
        "observed": f'<i class="line" style="--c:{observed}"></i>',
        "provisional": f'<i class="ring" style="--c:{observed}"></i>',
        "median": f'<i class="dash" style="--c:{total}"></i>',
        "bands": f'<i style="{bands}"></i>',
        "naive": f'<i class="dots" style="--c:{quiet}"></i>',
        "event": f'<i class="rule" style="--c:{quiet}"></i>',
        "jump": f'<i class="rule" style="--c:{less};border-left-style:solid"></i>',
        "short": f'<i class="line" style="--c:{less}"></i>',
        "other": f'<i class="line" style="--c:{total}"></i>',
        "span": f'<i style="background:{colours.unknown}"></i>',
        "suppressed": f'<i class="tick" style="--c:{less}"></i>',
        "range": f'<i class="bar" style="--c:{firm}"></i>',
        "middle": f'<i class="tick" style="--c:{total}"></i>',
        "dot": f'<i class="dot" style="--c:{total}"></i>',
        "faint_dot": f'<i class="dot" style="--c:{firm}"></i>',
        "here": f'<i class="here" style="--c:{colours.ink}"></i>',
        "frame": f'<i class="here" style="--c:{colours.ink};border-style:dashed;border-radius:0"></i>',
        "cross": f'<i class="triangle" style="--c:{less}">✕</i>',
        "limit": f'<i class="tick" style="--c:{less}"></i>',
    }
    items = "".join(f"<li>{drawings[kind]}{escape(words)}</li>" for kind, words in entries)
    st.html(f'<ul class="gb-legend">{items}</ul>')


def written(
    cell: Cell, column: Column, reader: Notation, *, to_the_cent: bool = False, sign: bool = False
) -> str:
    """A cell as the reader writes it; an unknown number is a dash, never zero."""
    value = value_of(cell)
    if value is None or (isinstance(value, float) and value != value):
        return "" if column.kind is Kind.TEXT else "–"
    if isinstance(value, str):
        return reader.day(date.fromisoformat(value)) if column.kind is Kind.DATE else reader.said(value)
    match column.kind:
        case Kind.CENTS:
            write = reader.cents if to_the_cent else reader.euros
            return write(round(value), sign=sign)
        case Kind.THOUSANDS:
            return reader.thousands(round(value))
        case Kind.SHARE:
            return reader.share(value, digits=column.digits, sign=sign)
        case Kind.NUMBER:
            return reader.number(value, digits=column.digits)
        case _:
            return str(value)


def empty(words: str) -> None:
    """What a page says when there is nothing to show, and what to do about it; without a plan, the way to one."""
    st.html(f'<p class="gb-empty">{escape(words)}</p>')
    if "basis" not in st.session_state:
        st.page_link(st.session_state.pages["data"], label=text("panels.to_data"))


def fold(label: str, key: str) -> ExpanderContainer:
    """A box to open; put something in it only when it is `open`: most readers never open it."""
    return st.expander(label, key=key, on_change="rerun")


def _in_dutch(words: str) -> str:
    """Says in HTML that words of the engine are Dutch, on a page that is not."""
    return ' lang="nl"' if is_dutch(words) else ""


def unbroken(words: str) -> str:
    """Words in which no amount or share is broken over two lines."""
    return words.replace("€ ", "€\N{NO-BREAK SPACE}").replace(" %", "\N{NO-BREAK SPACE}%")


def _unbroken(words: str) -> str:
    return escape(unbroken(words))


def _head(column: Column) -> str:
    side = ' class="num"' if column.kind in _NUMERIC else ""
    note = "" if is_dutch(column.note) else said(column.note)
    hint = f' title="{escape(note, quote=True)}"' if note else ""
    return f'<th scope="col"{side}{hint}>{escape(said(column.name))}</th>'


def _cell(cell: Cell, shown: str, column: Column, *, head: bool, sign: bool) -> str:
    classes = ["num"] if column.kind in _NUMERIC else []
    value = value_of(cell)
    if sign and isinstance(value, (int, float)) and value:
        classes.append("gb-more" if value > 0 else "gb-less")
    if value == 0 and column.kind in _NUMERIC:
        classes.append("zero")
    if column.kind is Kind.DATE:
        classes.append("day")
    if len(shown) > _LONG:
        classes.append("long")
    elif head and len(shown) > _NAME:
        classes.append("name")
    kind = f' class="{" ".join(classes)}"' if classes else ""
    return f'<th scope="row"{kind}>{escape(shown)}</th>' if head else f"<td{kind}>{escape(shown)}</td>"
