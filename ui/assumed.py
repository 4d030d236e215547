"""What was assumed in a plan, for the pages that tell it."""

from __future__ import annotations

from forecasts.wording import TRACK_RECORD
from ui import panels
from ui.language import text
from ui.view import View
from wording.sentence import Sentence


def show_assumptions(view: View, *, note: str = "") -> None:
    """Every assumption once, names for codes; not what was warned of, nor how good the forecast was before."""
    warned = set(view.plan.inputs.provenance.warnings)
    told = [
        entry for entry in dict.fromkeys(view.assumptions) if entry not in warned and not _is_finding(entry)
    ]
    if not told:
        panels.note(text("data.no_assumptions"))
        return
    if note:
        panels.note(note)
    panels.assumptions(told, view.stream_names, view.area_names)


def _is_finding(entry: str) -> bool:
    about = entry.values.get("told") if isinstance(entry, Sentence) else None
    return isinstance(about, Sentence) and about.template in TRACK_RECORD
