"""What a reader sees when rules exclude each other: the sentence, who clashes with whom, and the ways out."""

from __future__ import annotations

import streamlit as st

from budget.report.summary import RULE_NAMES
from budget.tables import Column, Kind, Table
from optimiser.allocation import Contradiction
from ui import panels, session
from ui.language import text


def show_contradiction(contradiction: Contradiction) -> None:
    """Show a clash as something to decide, not as a failure."""
    st.warning(contradiction.sentence)
    st.header(text("conflict.clash"), anchor=False)
    names: dict[str, str] = {**RULE_NAMES}
    if session.has_plan():
        names |= {**session.basis().area_names, **session.basis().stream_names}
    columns = (
        *(Column(name, Kind.TEXT) for name in ("Regel", "Jaar", "Wijk", "Stroom")),
        Column("Laat toe", Kind.CENTS),
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
    if contradiction.repairs:
        st.header(text("conflict.repairs"), anchor=False)
        panels.sentences([repair.sentence for repair in contradiction.repairs], dutch=True)
