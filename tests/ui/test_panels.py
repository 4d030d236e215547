"""The pieces of page that Streamlit lacks: what they say, to whom."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

SAID = """
from ui import panels

panels.assumptions({entries!r}, {{"JEUGD": "Jeugdhulp", "WMO-BEG": "Wmo begeleiding"}}, {{"WK01": "Brug"}})
"""


def _lines(*entries: str) -> list[str]:
    """The assumptions as a reader sees them."""
    (listed,) = AppTest.from_string(SAID.format(entries=entries)).run().get("html")
    return [line.partition(">")[2].partition("<")[0] for line in listed.proto.body.split("<li")[1:]]


def test_what_is_assumed_of_several_streams_is_said_once() -> None:
    assert _lines("JEUGD: 2 perioden opgehoogd.", "Norm: geen.", "WMO-BEG: 2 perioden opgehoogd.") == [
        "Jeugdhulp, Wmo begeleiding: 2 perioden opgehoogd.",
        "Norm: geen.",
    ]


def test_assumptions_name_districts_and_streams_instead_of_their_codes() -> None:
    assert _lines(
        "WMO-BEG: sprong in WK01.", "Geen sleutel voor JEUGD; JEUGDZORG en WK011 bestaan niet."
    ) == [
        "Wmo begeleiding: sprong in Brug.",
        "Geen sleutel voor Jeugdhulp; JEUGDZORG en WK011 bestaan niet.",
    ]
