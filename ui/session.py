"""What one reader is looking at: which data, which scenario, which district; kept in the address bar as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import streamlit as st

from budget.plan import Plan, plan_demand
from ui.language import LANGUAGES, text
from ui.scenarios import Change, apply_changes, decode, encode
from ui.view import View
from ui.work import Kept, Run, plans

VIEWS_KEPT = 48

_ADDRESS = ("taal", "wijk", "stroom", "jaar", "stand", "gegevens", "regels")
"""What the address bar carries, in this order, beside the page."""

_views: Kept[View] = Kept(VIEWS_KEPT)


def begin() -> None:
    """Take up the address of a shared link, once per session, and open the data it speaks of."""
    state = st.session_state
    if "begun" in state:
        return
    state.begun = True
    given = st.query_params
    state.taal = given["taal"] if given.get("taal") in LANGUAGES else "nl"
    state.wijk, state.stroom = given.get("wijk", ""), given.get("stroom", "")
    state.jaar = int(given["jaar"]) if given.get("jaar", "").isdigit() else 0
    state.vergadering = given.get("stand") == "vergadering"
    state.saved = {}
    state.changes = ()
    state.message = ""
    digest = given.get("gegevens", "")
    if not digest:
        return
    plan = plans.get(digest)
    if plan is None:
        state.message = text("session.elsewhere", digest=digest)
        return
    open_plan(digest, plan)
    try:
        state.changes = decode(given.get("regels", ""))
    except ValueError:
        state.message = text("session.bad_rules")


def open_plan(digest: str, plan: Plan) -> None:
    """Look at this plan from now on, without changed rules."""
    state = st.session_state
    state.digest, state.basis, state.changes, state.saved, state.message = digest, plan, (), {}, ""
    if state.get("wijk") not in plan.inputs.area_codes:
        state.wijk = ""
    if state.get("stroom") not in plan.inputs.stream_codes:
        state.stroom = plan.inputs.stream_codes[0]
    if state.get("jaar") not in plan.inputs.years:
        state.jaar = plan.inputs.years[0]


def take_finished_run() -> None:
    """Take up what a finished run brought: a plan, faults, a contradiction, or a number to quote."""
    state = st.session_state
    run: Run | None = state.get("run")
    if run is None or not run.finished.is_set():
        return
    state.run = None
    state.faults, state.contradiction, state.mishap = run.faults, run.contradiction, run.mishap
    if run.plan is not None:
        open_plan(run.digest, run.plan)
    elif run.cancelled:
        state.message = text("data.cancelled")


def keep_address() -> None:
    """Write to the address bar what somebody else needs to see the same."""
    state = st.session_state
    values = {
        "taal": "" if state.taal == "nl" else state.taal,
        "wijk": state.wijk,
        "stroom": state.stroom if has_plan() else "",
        "jaar": str(state.jaar) if has_plan() else "",
        "stand": "vergadering" if state.vergadering else "",
        "gegevens": state.get("digest", ""),
        "regels": encode(state.changes),
    }
    wanted = {name: values[name] for name in _ADDRESS if values[name]}
    if wanted != st.query_params.to_dict():
        st.query_params.from_dict(wanted)


def has_plan() -> bool:
    """Whether there is a plan to look at."""
    return "basis" in st.session_state


def basis() -> View:
    """The plan of the workbook as it is."""
    return view_with(())


def view() -> View:
    """The plan under the rules as changed. Raises `Contradiction` when those exclude each other."""
    return view_with(st.session_state.changes)


def view_with(changes: Sequence[Change]) -> View:
    """The plan under changed rules: the forecast stands, everything after it is done again.

    Raises `Contradiction` when the rules exclude each other.
    """
    state = st.session_state
    key = f"{state.digest}/{encode(changes)}"
    known = _views.get(key)
    if known is not None:
        return known
    plan: Plan = state.basis
    if changes:
        with st.spinner(text("session.solving")):
            changed = plan_demand(apply_changes(plan.inputs, changes), plan.demand)
        made = View(changed, basis().table("Prognose"))
    else:
        made = View(plan)
    _views.put(key, made)
    return made


def saved() -> Mapping[str, tuple[Change, ...]]:
    """The scenarios that this reader has put by, by name."""
    return cast(Mapping[str, tuple[Change, ...]], st.session_state.saved)


def save(name: str, changes: tuple[Change, ...]) -> None:
    """Put a scenario by under a name."""
    st.session_state.saved = {**st.session_state.saved, name: changes}


def drop(name: str) -> None:
    """Throw a saved scenario away."""
    st.session_state.saved = {other: changes for other, changes in saved().items() if other != name}
