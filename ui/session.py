"""What one reader is looking at: which data, which scenario, which district; kept in the address bar as well."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from html import escape
from typing import ParamSpec, TypeVar, cast

import streamlit as st

from budget.plan import Plan
from budget.report import plan_tables
from ui.language import LANGUAGES, text
from ui.refusals import refusals
from ui.scenarios import AS_GIVEN, Scenario, decode, decode_saved, encode, encode_saved
from ui.solving import ask, decision, prepared, reasons, wait
from ui.variants import AT_MOST, LONGEST_NAME, admitted
from ui.view import View
from ui.work import Kept, Run, plans

VIEWS_KEPT = 32
_A_MOMENT = 0.4
"""Seconds that nobody minds waiting."""

_ADDRESS = ("taal", "wijk", "stroom", "jaar", "stand", "afruil", "gegevens", "regels", "bewaard")
"""What the address bar carries, in this order, beside the page."""

_Asked = ParamSpec("_Asked")
_Found = TypeVar("_Found")

_views: Kept[View] = Kept(VIEWS_KEPT)


def begin() -> None:
    """Take up the address of a shared link, once per session, and open the data it speaks of."""
    state = st.session_state
    if "begun" in state:
        return
    state.begun = True
    given = st.query_params.to_dict()
    _look_where(given)
    state.saved = {}
    state.scenario = AS_GIVEN
    state.message = ""
    digest = given.get("gegevens", "")
    if not digest:
        return
    state.awaited = given
    plan = plans.get(digest)
    if plan is None:
        state.message = text("session.elsewhere", digest=_plain(digest))
    else:
        open_plan(digest, plan)


def go_back_to(given: Mapping[str, str]) -> None:
    """Look at what an earlier address of the same data says; what was saved since then stays."""
    if has_plan() and given.get("gegevens") == st.session_state.digest:
        _look_where(given)
        _within(st.session_state.basis)
        _look_how(given)


def _look_where(given: Mapping[str, str]) -> None:
    """Take up language, place, year and mode from an address."""
    state = st.session_state
    state.taal = given["taal"] if given.get("taal") in LANGUAGES else "nl"
    state.wijk, state.stroom = given.get("wijk", ""), given.get("stroom", "")
    year = given.get("jaar", "")
    state.jaar = int(year) if year.isdecimal() and len(year) == len("2027") else 0
    state.vergadering = given.get("stand") == "vergadering"
    state.afruil = given.get("afruil", "")


def _look_how(given: Mapping[str, str]) -> None:
    """Take up the rules from an address, as far as the workbook may say them; and say what it may not."""
    state, inputs = st.session_state, st.session_state.basis.inputs
    state.scenario = AS_GIVEN
    try:
        scenario = decode(given.get("regels", ""))
    except ValueError:
        state.message = text("session.bad_rules")
        return
    if not scenario.fits(inputs):
        state.message = text("session.bad_rules")
        return
    state.message = " ".join(refusals(scenario, inputs))
    state.scenario = scenario.without(*scenario.city_wide_locks(inputs))


def _take_up_saved(given: Mapping[str, str]) -> None:
    """Take up the saved scenarios of an address, as far as they could have been saved here; and say which could not."""
    state = st.session_state
    try:
        linked = decode_saved(given.get("bewaard", ""))
    except ValueError:
        _say_as_well(text("session.bad_saved"))
        return
    state.saved = admitted(linked, state.basis.inputs)
    left_out = [f"“{_plain(name[:LONGEST_NAME])}”" for name in linked if name not in state.saved]
    if left_out:
        _say_as_well(text("session.left_out", names=", ".join(left_out), most=AT_MOST))


def _say_as_well(words: str) -> None:
    state = st.session_state
    state.message = f"{state.message} {words}".strip()


def _plain(words: str) -> str:
    """Words from an address, none of whose signs are taken for mark-up."""
    return re.sub(r"([!-/:-@[-`{-~])", r"\\\1", " ".join(words.split()))


def open_plan(digest: str, plan: Plan) -> None:
    """Look at this plan from now on, as its workbook has it."""
    state = st.session_state
    state.digest, state.basis, state.scenario, state.saved, state.message = digest, plan, AS_GIVEN, {}, ""
    awaited: Mapping[str, str] = state.pop("awaited", {})
    if awaited.get("gegevens") == digest:
        _look_how(awaited)
        _take_up_saved(awaited)
    elif awaited:
        state.message = text("session.other_data", awaited=_plain(awaited["gegevens"]), digest=digest)
    _within(plan)


def _within(plan: Plan) -> None:
    """Look at a district, stream and year that this plan has."""
    state = st.session_state
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
        "afruil": state.afruil if state.vergadering else "",
        "gegevens": state.get("digest", ""),
        "regels": encode(state.scenario),
        "bewaard": encode_saved(state.saved),
    }
    if "awaited" in state:
        values |= {name: state.awaited.get(name, "") for name in ("gegevens", "regels", "bewaard")}
    wanted = {name: values[name] for name in _ADDRESS if values[name]}
    if wanted != st.query_params.to_dict():
        st.query_params.from_dict(wanted)


def has_plan() -> bool:
    """Whether there is a plan to look at."""
    return "basis" in st.session_state


def basis() -> View:
    """The plan of the workbook as it is."""
    state = st.session_state
    return _kept(f"{state.digest}/", lambda: View(state.basis, prepared=prepared(state.digest, state.basis)))


def view() -> View:
    """The plan under the scenario at hand. Raises `Contradiction` when its rules exclude each other."""
    return view_with(scenario())


def decided_view() -> View:
    """The same plan sooner, perhaps still without its reasons. Raises `Contradiction`."""
    return view_with(scenario(), explained=False)


def first_view() -> View:
    """What is there soonest: the same plan, perhaps still before its surplus is reinvested. Raises `Contradiction`."""
    if not scenario():
        return basis()
    state = st.session_state
    answers = decision(state.digest, state.basis, scenario())
    plan = _awaited(answers.first)
    if plan.settled or answers.last.done():
        return decided_view()
    return _kept(f"{state.digest}/{encode(scenario())}/first", lambda: View(plan, basis()))


def scenario() -> Scenario:
    """How what this reader looks at differs from the workbook."""
    return cast(Scenario, st.session_state.scenario)


def take_up(scenario: Scenario) -> None:
    """Look at the plan under this scenario from now on."""
    st.session_state.scenario = scenario


def view_with(scenario: Scenario, *, explained: bool = True) -> View:
    """The plan under a scenario: the forecast stands, everything after it is done again.

    Without `explained` its amounts are there sooner, and its reasons may be missing. Raises `Contradiction` when the
    rules exclude each other.
    """
    found = _decided(scenario)
    if found.explained or not explained:
        return found
    state = st.session_state
    plan = _awaited(reasons(state.digest, state.basis, scenario, found.plan))
    return _kept(f"{state.digest}/{encode(scenario)}/reasons", lambda: View(plan, basis(), found))


def whole_view() -> View:
    """The plan under the scenario at hand with every sheet of its workbook. Raises `Contradiction`."""
    found, key = view(), encode(scenario())
    if found.basis is None:
        return found

    def with_sheets() -> View:
        forecast = basis().table("Prognose")
        return replace(found, sheets=elsewhere(f"{key}/sheets", plan_tables, found.plan, forecast))

    return _kept(f"{st.session_state.digest}/{key}/sheets", with_sheets)


def _decided(scenario: Scenario) -> View:
    if not scenario:
        return basis()
    state = st.session_state
    plan = _awaited(decision(state.digest, state.basis, scenario).last)
    explained = "/reasons" if plan.allocation.certificate is not None else ""
    return _kept(f"{state.digest}/{encode(scenario)}{explained}", lambda: View(plan, basis()))


def elsewhere(
    key: str, function: Callable[_Asked, _Found], *args: _Asked.args, **kwargs: _Asked.kwargs
) -> _Found:
    """What a function that takes long returns, worked out beside the web process, once for every `key` of a workbook.

    Raises `Contradiction` when the rules exclude each other.
    """
    state = st.session_state
    return _awaited(ask(f"{state.digest}/{key}", state.digest, state.basis, function, *args, **kwargs))


def _awaited(answer: Future[_Found]) -> _Found:
    """The answer, with a word about it when it takes longer than a moment."""
    said = False

    def still_wanted(waited: float) -> None:
        nonlocal said
        if waited >= _A_MOMENT and not said:
            said = True
            say_busy(text("session.solving"))
        _still_here(waited)

    found = wait(answer, still_wanted)
    if said:
        st.session_state.busy.empty()
    return found


def say_busy(words: str) -> None:
    """Say above the page what is still being worked out, until the next run."""
    st.session_state.busy.html(f'<p class="gb-busy">{escape(words)}</p>')


def wait_until_settled() -> None:
    """Wait for the plan whose first round is on the screen; what is said above the page stays there."""
    state = st.session_state
    wait(decision(state.digest, state.basis, scenario()).last, _still_here)


def _still_here(waited: float) -> None:
    """To read the session's state is where Streamlit stops a run that the reader has already moved on from."""
    assert "digest" in st.session_state


def _kept(key: str, make: Callable[[], View]) -> View:
    known = _views.get(key)
    if known is None:
        known = make()
        _views.put(key, known)
    return known


def saved() -> Mapping[str, Scenario]:
    """The scenarios that this reader has put by, by name."""
    return cast(Mapping[str, Scenario], st.session_state.saved)


def saved_as() -> str | None:
    """What this reader has called the scenario at hand; None where it was not put by."""
    return next((name for name, one in saved().items() if one == scenario()), None)


def save(name: str, scenario: Scenario) -> None:
    """Put a scenario by under a name."""
    st.session_state.saved = {**saved(), name: scenario}


def drop(name: str) -> None:
    """Throw a saved scenario away."""
    st.session_state.saved = {other: scenario for other, scenario in saved().items() if other != name}
