"""Proefstad with a fault of every kind, made as people make them."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from budget.workbook.template import write_input_workbook
from tests.budget.input_rows import proefstad


def write_faulty_workbook(path: Path) -> Path:
    rows = proefstad()
    del rows["Norm"]
    write_input_workbook(path, rows)
    workbook = load_workbook(path)
    _spoil(workbook)
    workbook.save(path)
    return path


def _spoil(workbook: Workbook) -> None:
    edits: dict[str, dict[str, object]] = {
        "Gemeente": {"B3": None, "A6": "Prijspijl", "B9": "miljoen"},
        "Wijken": {"A4": "STAD", "B4": "Stad", "A5": "01", "B5": "Noord (dubbel)", "D2": -4000},
        "Bevolking": {"A2": 1, "B3": 25, "D4": "#N/A", "D2": "1.200", "D5": "900.5"},
        "Stromen": {"C2": "Zorg", "D3": "plan baar", "E2": 90, "F2": "0-18", "G3": "1,2", "I2": 0, "A4": "SCHULD"}
        | {"B4": "Schuldhulp", "C4": "Schuldhulp", "D4": "planbaar"},
        "Vraag": {
            "A2": "03", "B3": "JEUG", "C4": "2025-13", "D5": "veel", "D6": -1, "E7": "geschat", "C9": "2025-07",
            "C16": None, "D14": "=D13+1", "C36": "2022-01", "C31": "2026-03", "D35": 40, "A37": None,
        },
        "Tarieven": {"C2": "n.v.t.", "C3": None},
        "Indexen": {"B2": 5, "D3": 1.5, "E3": "definitief", "A3": 2025},
        "Middelen": {"B3": 2028, "C2": ".", "D4": "JEUGD;WMO", "E4": "misschien"},
        "Vorig budget": {"A5": "01", "B5": "JEUGD", "C3": "=VLOOKUP(1,2,3)", "C2": "ruim 1,3 mln"},
        "Preventie": {"E3": 15_000, "F3": 2, "G3": 2, "I2": None, "K4": "F", "H4": 0},
        "Regels": {
            "A2": "groei_maks", "E3": -0.1, "D3": "JEUGD", "A5": "stadsbreed", "D5": "JEUGD", "E5": 0.5,
            "A6": "buffer_centraal", "E6": 5, "A7": "plafond", "C7": "STAD", "E7": 1, "A8": "vast", "B8": 2026,
            "C8": "STAD", "D8": "JEUGD", "E8": 46_000,
        },
        "Reserves": {"D2": 50_000, "F2": "31 februari"},
        "Contracten": {"F2": 1_000_000, "I2": "31-12-2025", "H2": "prestatie"},
        "Realisatie": {"D2": True, "E3": "x"},
        "Gebeurtenissen": {"E2": "2018", "F3": "sprong"},
        "Wijkwijzigingen": {"D2": 0.5, "B3": "GM9997", "A4": "STAD", "B4": "01", "C4": 2020},
        "Tweede mening": {
            "D2": None, "F3": 0.5, "A4": "GM9998", "E4": "volgen", "A5": "02", "B5": "JEUGD", "C5": 2026, "D5": 70,
            "E5": "gebruiken",
        },
    }  # fmt: skip
    for sheet, cells in edits.items():
        for address, value in cells.items():
            workbook[sheet][address] = value
    workbook["Bevolking"]["D4"].data_type = "e"
    workbook["Wijken"].merge_cells("C2:C3")
    workbook["Realisatie"]["F1"] = "Stand"
    workbook["Norm"].title = "Normm"
