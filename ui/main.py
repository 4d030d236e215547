"""The screens in order: one page per question that a reader comes with."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui import history, look, page_language, session, toolbar
from ui.language import text
from ui.page_title import page_title
from ui.screens import (
    account,
    compare,
    contracts,
    data,
    distribution,
    forecast,
    meeting,
    prevention,
    why,
    year,
)

PAGES = (
    ("data", "gegevens", data.show),
    ("distribution", "verdeling", distribution.show),
    ("why", "waarom", why.show),
    ("forecast", "prognose", forecast.show),
    ("prevention", "preventie", prevention.show),
    ("contracts", "contracten", contracts.show),
    ("compare", "afwegen", compare.show),
    ("year", "jaar", year.show),
    ("account", "verantwoording", account.show),
)
"""Key, path and screen. The first stands at the bare address."""


def main(start: str = "data") -> None:
    """One run of the screens for one reader; `start` is the page at the bare address."""
    icon = Path(__file__).parent / "assets" / "icon.svg"
    st.set_page_config(page_icon=str(icon), layout="wide")
    session.begin()
    session.take_finished_run()
    with st.container(key="quiet"):
        history.follow()
        page_language.announce()
    in_meeting = st.session_state.vergadering and session.has_plan()
    look.dress_page(meeting=in_meeting)
    pages = {
        key: st.Page(show, title=text(f"nav.{key}"), url_path=path, default=key == start)
        for key, path, show in PAGES
    }
    st.session_state.pages = pages
    page = st.navigation(list(pages.values()), position="hidden" if in_meeting else "top")
    toolbar.show(on_data_page=page == pages["data"])
    with st.container(key="busy"):
        st.session_state.busy = st.empty()
    shown = next(key for key, known in pages.items() if known == page)
    st.set_page_config(page_title=page_title(shown, in_meeting=in_meeting))
    if in_meeting:
        meeting.show(weighing=shown == "compare")
    else:
        page.run()
    st.set_page_config(page_title=page_title(shown, in_meeting=in_meeting))
    session.keep_address()


if __name__ == "__main__":
    main()
