"""Saved variants: what they may be called, how many there are, and which of a link's are taken up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import count
from unicodedata import normalize

from budget.inputs import Inputs
from ui.language import LANGUAGES, catalogue, text
from ui.scenarios import Scenario

AT_MOST = 3
"""Saved variants; with the workbook they fit side by side."""

LONGEST_NAME = 40
"""Characters."""

_OWN_NAMES = (
    "compare.workbook",
    "compare.mine",
    "compare.without_prevention",
    "compare.straight_to_norm",
    "compare.history",
    "compare.free_pace",
    "compare.without_effect",
    "compare.with_pm",
    "compare.formula",
    "compare.formula_in_pace",
    "meeting.proposal",
)
"""What the screens call a plan themselves."""


def is_free(name: str, saved: Collection[str]) -> bool:
    """Whether a variant may be called so: like none that is saved, and like no plan of the screens in any language.

    >>> is_free("Zuinig", ["Ruim"]), is_free("ruim ", ["Ruim"]), is_free("Workbook", []), is_free(" ", [])
    (True, False, False, False)
    """
    own = (catalogue(language)[key] for language in LANGUAGES for key in _OWN_NAMES)
    return len(name) <= LONGEST_NAME and _as_seen(name) not in {"", *map(_as_seen, (*saved, *own))}


def free_name(saved: Collection[str]) -> str:
    """A name for a variant that is left before it was saved."""
    names = (text("meeting.variant", n=n) for n in count(1))
    return next(name for name in names if is_free(name, saved))


def admitted(linked: Mapping[str, Scenario], inputs: Inputs) -> dict[str, Scenario]:
    """The variants of a link that a reader of these inputs could have saved; the first ones, at most `AT_MOST`."""
    kept: dict[str, Scenario] = {}
    for name, scenario in linked.items():
        may_be = scenario and scenario.fits(inputs) and not scenario.city_wide_locks(inputs)
        if may_be and is_free(name, kept) and len(kept) < AT_MOST:
            kept[name] = scenario
    return kept


def _as_seen(name: str) -> str:
    """A name by what a reader tells it apart: no capitals, no double spaces, nothing that cannot be seen."""
    seen = "".join(sign for sign in normalize("NFKC", name) if sign.isprintable())
    return " ".join(seen.casefold().split())
