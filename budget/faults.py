"""Bad input is answered once, with every fault in it: where, what was wanted, what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wording.sentence import Sentence, Template

_FAULT = Template("{place}: verwacht {wanted:word}, gevonden {found:word}")
_WITH_CONSEQUENCES = Template("{fault} ({consequences})")
_CONSEQUENCES = Template(
    "hieruit {n:volgt|volgen} {n:,} andere {n:fout|fouten}, op {n_sheets:blad|de bladen} {sheets:and}"
)


@dataclass(frozen=True, order=True)
class Fault:
    """One fault in the input. `cell` is an Excel address (`E214`), or "" for a whole sheet."""

    sheet: str
    cell: str
    wanted: str
    found: str
    follows: tuple[Fault, ...] = ()
    """The faults that are gone once this one is mended; they are not told one by one."""
    unopened: bool = False
    """The file named by `sheet` was not opened at all: there are no cells to look at."""

    @property
    def place(self) -> str:
        """`Vraag!E214`, or the sheet."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet

    @property
    def sentence(self) -> Sentence:
        """The fault in words."""
        told = _FAULT(place=self.place, wanted=self.wanted, found=self.found)
        return _WITH_CONSEQUENCES(fault=told, consequences=self.consequences) if self.follows else told

    @property
    def consequences(self) -> str:
        """How many faults follow from this one, and where; "" where none do."""
        if not self.follows:
            return ""
        sheets = tuple(dict.fromkeys(fault.sheet for fault in self.follows))
        return _CONSEQUENCES(n=len(self.follows), n_sheets=len(sheets), sheets=sheets)

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
