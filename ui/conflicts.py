"""What a reader sees when rules exclude each other: the sentence, who clashes with whom, and the ways out."""

from __future__ import annotations

import streamlit as st

from budget.report.shortfall_causes import RULE_NAMES
from budget.tables import Column, Kind, Table
from optimiser.allocation import Contradiction
from ui import panels, session
from ui.language import language, said, text


def show_contradiction(contradiction: Contradiction) -> None:
    """Show a clash as something to decide, not as a failure."""
    st.warning(panels.unbroken(said(contradiction.sentence)))
    _repairs(contradiction)
    st.header(text("conflict.clash"), anchor=False)
    view = session.basis() if session.has_plan() else None
    names: dict[str, str] = {**RULE_NAMES} if language() == "nl" else {}
    if view is not None:
        names |= {**view.area_names, **view.stream_names}
    columns = (
        *(Column(name, Kind.TEXT) for name in ("Regel", "Jaar", "Wijk", "Stroom")),
        Column("Beschikbaar", Kind.CENTS),
        Column("Nodig", Kind.CENTS),
    )
    rows = [
        (
            *(rule.place.rule, None if rule.place.year is None else str(rule.place.year)),
            *(rule.place.area, rule.place.stream, rule.have, rule.need),
        )
        for rule in contradiction.clash
    ]
    panels.show_table(Table("Botsing", text("conflict.clash"), columns, rows), names=names)


def _repairs(contradiction: Contradiction) -> None:
    """The ways out of every clash: what a reader has to choose from."""
    if not contradiction.repairs:
        return
    st.header(text("conflict.repairs"), anchor=False)
    n_clashes = 1 + max(rule.clash for rule in contradiction.clash)
    for number in range(n_clashes):
        if n_clashes > 1:
            st.subheader(text("conflict.one", number=number + 1), anchor=False)
        panels.sentences(
            [repair.sentence for repair in contradiction.repairs if repair.clash == number], engine=True
        )
    if n_clashes > 1:
        st.caption(text("conflict.together", number=n_clashes))
