"""Bad input is answered once, with every fault in it: where, what was wanted, what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wording.sentence import Sentence, Template

_FAULT = Template("{place}: verwacht {wanted:word}, gevonden {found:word}")


@dataclass(frozen=True, order=True)
class Fault:
    """One fault in the input. `cell` is an Excel address (`E214`), or "" for a whole sheet."""

    sheet: str
    cell: str
    wanted: str
    found: str

    @property
    def sentence(self) -> Sentence:
        """The fault in words."""
        place = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        return _FAULT(place=place, wanted=self.wanted, found=self.found)

    def __str__(self) -> str:
        """
        >>> print(Fault("Vraag", "E214", "Clienten als getal van 0 of meer", '"veel"'))
        Vraag!E214: verwacht Clienten als getal van 0 of meer, gevonden "veel"
        """
        return str(self.sentence)


class FaultyInput(Exception):
    """The input has faults; all of them are in `faults`, in the order of the sheets."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
