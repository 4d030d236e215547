"""Faults come all at once, each at its own cell; contradictions come with a repair that works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.contract.run import check, plan, segment
from tests.contract.towns import Town, tiny


def test_all_faults_are_named_at_once_at_their_own_cells(tmp_path: Path) -> None:
    town = tiny(2, 3).rule("groei_mix", 0.1).rule("basispakket", 1.5).rule("buffer_centraal", "veel")
    town.add("Wijken", ["WK009901", "Dubbel", "Noord", 5])
    town.sheets["Stromen"][0][4] = 1.4
    town.sheets["Vraag"][2][3] = -5
    town.sheets["Vraag"][3][3] = "veel"
    town.add("Vraag", ["WK009999", "WMO", "2020", 3, "definitief"], list(town.sheets["Vraag"][0]))
    town.sheets["Middelen"].pop()
    town.add("Preventie", segment("P", "JGD", 5000, 0.5), segment("P", "JGD", 9000, 1.5))
    town.sheets["Vorig budget"][0][2] = "#REF!"
    town.sheets["Tarieven"][0][2] = None
    run = check(town, tmp_path)
    places = set(re.findall(r"^([A-Z][a-z ]+![A-Z]+\d+): verwacht ", run.faults, re.MULTILINE))
    assert run.status == 2
    assert places >= {
        "Wijken!A5", "Stromen!E2", "Vraag!D4", "Vraag!D5", "Vraag!A44", "Vraag!A45", "Preventie!F3",
        "Vorig budget!C2", "Tarieven!C2", "Regels!A2", "Regels!E3", "Regels!E4",
    }  # fmt: skip
    assert "2028" in run.faults, "the plan year without money"
    assert "groei_min" in run.faults or "groei_max" in run.faults, "the nearest rule name"


def test_an_input_with_faults_writes_nothing(tmp_path: Path) -> None:
    run = plan(tiny().rule("groei_mix", 0.1), tmp_path)
    assert (run.status, run.workbook.exists(), run.tables) == (2, False, {})


def _locks(first: float, second: float, ceiling: float) -> Town:
    town = tiny(1, 2, 1_000_000).rule("plafond", ceiling, 2027, "WK009901")
    return town.rule("vast", first, 2027, "WK009901", "WMO").rule("vast", second, 2027, "WK009901", "JGD")


def _buffer(money: float) -> Town:
    return tiny(1, 3, money).rule("groei_min", 0.05).rule("buffer_centraal", 0.2)


def _prevention(least: float) -> Town:
    town = tiny(1, 2, 900_000).rule("preventie_min", least).rule("preventie_max", 0.02)
    return town.add("Preventie", segment("P", "JGD", 50_000, 1.5))


def _contract(ceiling: float) -> Town:
    town = tiny(1, 1, 1_000_000).rule("plafond", ceiling, 2027, "WK009901")
    return town.add(
        "Contracten", ["Zorg", "P1", "JGD", "WK009901", 2027, 150_000, 200_000, "inspanning", None]
    )


def _pace(lock: float) -> Town:
    return tiny(1, 2, 1_000_000).rule("groei_max", 0.1).rule("vast", lock, 2027, "WK009901", "WMO")


@pytest.mark.parametrize(
    ("clash", "repair", "repaired"),
    [
        (_locks(100_000, 80_000, 150_000), "plafond van Wijk 1 in 2027 met € 30.000", _locks(100_000, 80_000, 180_000)),
        (_pace(300_000), "Wmo begeleiding in 2027 met € 58.000", _pace(242_000)),
        (_contract(100_000), "plafond van Wijk 1 in 2027 met € 50.000", _contract(150_000)),
        (
            _locks(100_000.20, 80_000.20, 150_000), "plafond van Wijk 1 in 2027 met € 30.000,40",
            _locks(100_000.20, 80_000.20, 180_000.40),
        ),
        (_buffer(780_000), "de middelen in 2027 met € 146.250", _buffer(780_000 + 146_250)),
        (_prevention(0.05), "preventie van Wijk 1 en Wijk 2 in 2027 naar 2 %", _prevention(0.02)),
    ],
    ids=["locks", "pace", "contract", "cents", "buffer", "prevention"],
)  # fmt: skip
def test_a_contradiction_comes_with_a_repair_that_resolves_it(
    clash: Town, repair: str, repaired: Town, tmp_path: Path
) -> None:
    run = plan(clash, tmp_path, "strijd")
    assert (run.status, run.workbook.exists()) == (3, False)
    assert "beschikbaar" in run.faults
    assert "nodig" in run.faults
    assert repair in run.faults
    after = plan(repaired, tmp_path, "hersteld")
    assert after.status == 0, after.faults
