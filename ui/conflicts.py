"""What a reader sees when rules exclude each other: the sentence, the ways out with what each does, and who clashes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from budget.tables import Column, Kind, Table
from optimiser.allocation import Contradiction, Place, Repair
from ui import panels, session
from ui.language import euros, said, text
from ui.mishap import note_mishap
from ui.rule_words import describe, in_short, rule_name
from ui.scenarios import Scenario
from ui.solving import decision
from ui.ways_out import as_changes, sheets, to_fill_in

_CHECKED = 8
"""Ways out that are solved again to say what they do."""

_Offer = tuple[Scenario, int | None, DeltaGenerator]
"""The scenario with a way out, the clash that it ends (None: every one), and the place to say what it does."""


def show_contradiction(contradiction: Contradiction, *, key: str = "") -> None:
    """Show a clash as something to decide, not as a failure. `key` tells several on a page apart."""
    st.warning(panels.unbroken(said(contradiction.sentence)))
    scenario = _at_hand(contradiction)
    if scenario is not None and scenario.changes:
        last = scenario.changes[-1]
        st.button(
            text("conflict.undo", what=describe(last, session.basis())),
            key=f"way_back{key}",
            on_click=session.take_up,
            args=(scenario.without(last),),
        )
    offered = _repairs(contradiction, scenario, key)
    st.header(text("conflict.clash"), anchor=False)
    panels.show_table(_clash_table(contradiction), names=_names(contradiction))
    _say_what_they_do(contradiction, offered[:_CHECKED])


def _at_hand(contradiction: Contradiction) -> Scenario | None:
    """The scenario at hand if it is the one that has no answer; None for a workbook or a saved scenario."""
    if not (session.has_plan() and session.scenario()):
        return None
    scenario, state = session.scenario(), st.session_state
    answer = decision(state.digest, state.basis, scenario).last
    clash = answer.exception() if answer.done() else None
    mine = isinstance(clash, Contradiction) and clash.sentence == contradiction.sentence
    return scenario if mine else None


def _clash_table(contradiction: Contradiction) -> Table:
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
    return Table("Botsing", text("conflict.clash"), columns, rows)


def _names(contradiction: Contradiction) -> dict[str, str]:
    """What codes in the table of a clash are called: a rule as beside its control."""
    names = {rule.place.rule: rule_name(rule.place.rule) for rule in contradiction.clash}
    if session.has_plan():
        view = session.basis()
        names |= {**view.area_names, **view.stream_names}
    return names


def _repairs(contradiction: Contradiction, scenario: Scenario | None, key: str) -> list[_Offer]:
    """The ways out of every clash: what a reader has to choose from. Returns those that can be taken up here."""
    if not contradiction.repairs:
        return []
    st.header(text("conflict.repairs"), anchor=False)
    n_clashes = 1 + max(rule.clash for rule in contradiction.clash)
    offered: list[_Offer] = []
    if n_clashes > 1:
        panels.note(text("conflict.together", number=n_clashes))
        together = _first_of_each(contradiction, scenario)
        if together is not None:
            offered.append((together, None, _offer(text("conflict.take_all"), together, f"repair{key}_all")))
    for number in range(n_clashes):
        if n_clashes > 1:
            st.subheader(text("conflict.one", number=number + 1), anchor=False)
        repairs = [repair for repair in contradiction.repairs if repair.clash == number]
        found = [_repair(repair, scenario, f"{key}_{number}_{at}") for at, repair in enumerate(repairs)]
        offered += [(repaired, number, slot) for repaired, slot in filter(None, found)]
    return offered


def _repair(repair: Repair, scenario: Scenario | None, key: str) -> tuple[Scenario, DeltaGenerator] | None:
    """One way out, with a button where it can be taken up; that gives the scenario, and where to say what it does."""
    panels.sentences([repair.sentence], engine=True)
    if not session.has_plan():
        what = ": ".join(filter(None, (", ".join(sheets(repair)), "; ".join(to_fill_in(repair)))))
        panels.note(text("conflict.fill_in", what=what))
    if scenario is None:
        return None
    basis = session.basis()
    changes = as_changes(repair, scenario, basis.plan.inputs)
    if not changes:
        panels.note(text("conflict.in_workbook", sheets=", ".join(sheets(repair))))
        return None
    repaired = scenario.stating(basis.plan.inputs, *changes)
    what = "; ".join(in_short(change, basis) for change in changes)
    return repaired, _offer(text("conflict.take", what=what), repaired, f"repair{key}")


def _offer(label: str, repaired: Scenario, key: str) -> DeltaGenerator:
    """A button that makes this the scenario at hand, and the place beside it for what it does."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(label, key=key, on_click=session.take_up, args=(repaired,))
        return st.empty()


def _first_of_each(contradiction: Contradiction, scenario: Scenario | None) -> Scenario | None:
    """The scenario with the first way out of every clash; None where one of them is not to be had on the screen."""
    if scenario is None:
        return None
    inputs, repaired = session.basis().plan.inputs, scenario
    for number in range(1 + max(rule.clash for rule in contradiction.clash)):
        repair = next((repair for repair in contradiction.repairs if repair.clash == number), None)
        changes = as_changes(repair, repaired, inputs) if repair else ()
        if not changes:
            return None
        repaired = repaired.stating(inputs, *changes)
    return repaired


def _say_what_they_do(contradiction: Contradiction, offered: Sequence[_Offer]) -> None:
    """Solve again with each way out, and say what came of it; nothing where that failed."""
    state = st.session_state
    for repaired, _, slot in offered:
        _note(text("conflict.checking"), slot)
        decision(state.digest, state.basis, repaired)
    for repaired, number, slot in offered:
        try:
            _note(_effect(contradiction, repaired, number), slot)
        except Exception as error:
            note_mishap(error)
            slot.empty()


def _note(words: str, slot: DeltaGenerator) -> None:
    with slot.container():
        panels.note(words)


def _effect(contradiction: Contradiction, repaired: Scenario, number: int | None) -> str:
    """Whether there is an answer again, and how much it is short; else whether this clash is gone."""
    try:
        given = session.view_with(repaired, explained=False).plan.allocation
    except Contradiction as left:
        gone = number is not None and _places(contradiction, number) not in [
            _places(left, other) for other in {rule.clash for rule in left.clash}
        ]
        return text("conflict.next" if gone else "conflict.not_enough")
    short = int(given.shortfall.sum() + given.city_shortfall.sum())
    return text("conflict.ends", short=euros(short)) if short else text("conflict.ends_covered")


def _places(contradiction: Contradiction, number: int) -> set[Place]:
    return {rule.place for rule in contradiction.clash if rule.clash == number}
