"""What the command line prints where rules exclude each other."""

from __future__ import annotations

from decimal import Decimal

from optimiser.allocation import Contradiction, NewValue, Place, Repair, RuleInConflict
from ui.commands.terminal import contradiction_text

_CEILING, _MONEY = Place("plafond", 2028, "WK01"), Place("middelen", 2027)


def test_one_clash_has_ways_out_that_end_it() -> None:
    clash = Contradiction((RuleInConflict(_CEILING, 1_00, 2_00),), (Repair((_CEILING,), 1_00, "A."),), "Nee.")
    assert "Kleinste wijzigingen die het oplossen:\n  A." in contradiction_text(clash)


def test_of_two_clashes_each_has_its_own_ways_out_and_both_are_said_to_be_needed() -> None:
    rules = (RuleInConflict(_CEILING, 1_00, 2_00), RuleInConflict(_MONEY, 3_00, 4_00, clash=1))
    repairs = (Repair((_CEILING,), 1_00, "A."), Repair((_MONEY,), 1_00, "B.", clash=1))
    text = contradiction_text(Contradiction(rules, repairs, "Nee."))
    assert "Er zijn 2 botsingen; van elke is één wijziging nodig." in text
    assert "Kleinste wijzigingen die deze botsing oplossen:\n  A.\n\nBotsing 2" in text
    assert text.endswith("Kleinste wijzigingen die deze botsing oplossen:\n  B.")


def test_a_way_out_says_what_to_fill_in_where_that_is_known() -> None:
    value = NewValue(_CEILING, Decimal("2.5"))
    clash = (RuleInConflict(_CEILING, 1_00, 2_00),)
    text = contradiction_text(Contradiction(clash, (Repair((_CEILING,), 1_00, "A.", 0, (value,)),), "Nee."))
    assert text.endswith("  A.\n    Regels: plafond 2028 WK01 = 2,5")
