"""Input workbooks built from the data contract alone: no template code, no product code."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl

Row = list[Any]

HEADINGS: dict[str, list[str]] = {
    "Gemeente": ["Veld", "Waarde"],
    "Wijken": ["Wijkcode", "Wijknaam", "Stadsdeel", "Inwoners"],
    "Bevolking": ["Wijkcode", "Jaar", "Leeftijdsgroep", "Personen", "Soort"],
    "Stromen": [
        "Stroom", "Naam", "Domein", "Soort", "Aandeel brede stroom", "Leeftijdsgroep", "Basispakket",
        "Taakveld", "Prioriteit", "Verdeelsleutel",
    ],
    "Vraag": ["Wijkcode", "Stroom", "Periode", "Clienten", "Status"],
    "Norm": ["Wijkcode", "Stroom", "Jaar", "Gewicht"],
    "Tarieven": ["Stroom", "Jaar", "Kosten per clientjaar", "Bron"],
    "Indexen": ["Jaar", "OVA", "PPC", "Loonaandeel", "Status"],
    "Middelen": ["Bron", "Jaar", "Bedrag", "Stromen", "Structureel", "Versie"],
    "Vorig budget": ["Wijkcode", "Stroom", "Bedrag"],
    "Preventie": [
        "Programma", "Naam", "Wijken", "Stroom", "Tot bedrag", "Besparing per euro", "Vertraging", "Looptijd",
        "Verzilverbaar", "Aandeel gemeente", "Bewijskracht", "Status", "Bron",
    ],
    "Regels": ["Regel", "Jaar", "Wijkcode", "Stroom", "Waarde", "Bron"],
    "Reserves": ["Reserve", "Stand", "Minimum", "Maximum", "Onttrekking per jaar", "Einddatum"],
    "Contracten": [
        "Aanbieder", "Perceel", "Stroom", "Wijken", "Jaar", "Minimum", "Maximum", "Variant", "Einddatum",
    ],
    "Realisatie": ["Wijkcode", "Stroom", "Periode", "Lasten", "Toegewezen", "Status"],
    "Gebeurtenissen": ["Naam", "Stromen", "Wijken", "Van", "Tot", "Vorm", "Effect", "Bron"],
}  # fmt: skip


class Town:
    """An input workbook as plain rows per sheet; every method that changes it returns the town."""

    def __init__(self) -> None:
        self.headings = copy.deepcopy(HEADINGS)
        self.sheets: dict[str, list[Row]] = {}

    def put(self, sheet: str, rows: Iterable[Row]) -> Town:
        self.sheets[sheet] = [list(row) for row in rows]
        return self

    def add(self, sheet: str, *rows: Row) -> Town:
        self.sheets.setdefault(sheet, []).extend(list(row) for row in rows)
        return self

    def rule(self, name: str, value: Any, year: Any = None, district: Any = None, stream: Any = None) -> Town:
        return self.add("Regels", [name, year, district, stream, value, "college"])

    def field(self, name: str, value: Any) -> Town:
        self.sheets["Gemeente"] = [row for row in self.sheets["Gemeente"] if row[0] != name] + [[name, value]]
        return self

    def copy(self) -> Town:
        return copy.deepcopy(self)

    def xlsx(self, path: Path) -> Path:
        book = openpyxl.Workbook()
        del book[book.sheetnames[0]]
        for name, rows in self.sheets.items():
            sheet = book.create_sheet(name)
            sheet.append(self.headings.get(name, []))
            for row in rows:
                sheet.append(row)
        book.save(path)
        return path

    def csv(
        self, folder: Path, separator: str = ";", encoding: str = "utf-8-sig", comma: bool = True
    ) -> Path:
        folder.mkdir(parents=True, exist_ok=True)

        def text(cell: Any) -> str:
            if cell is None:
                return ""
            shown = str(cell)
            if isinstance(cell, float) and comma:
                shown = shown.replace(".", ",")
            return f'"{shown}"' if separator in shown else shown

        for name, rows in self.sheets.items():
            lines = [separator.join(text(cell) for cell in row) for row in [self.headings[name], *rows]]
            (folder / f"{name}.csv").write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
        return folder


def tiny(years: int = 2, districts: int = 3, money: float = 1_200_000) -> Town:
    """Yearly town: WMO at 2.000 a client-year and JGD at 10.000; district k has 40+10k and 10+2k clients."""
    town = Town()
    codes = [f"WK0099{k:02d}" for k in range(1, districts + 1)]
    town.put(
        "Gemeente",
        [
            ["Gemeentecode", "GM0099"], ["Naam", "Proefstad"], ["Eerste planjaar", 2027],
            ["Aantal planjaren", years], ["Prijspeil", 2027], ["Peildatum", "2026-09-01"], ["Versie", "1"],
            ["Bedragen in", "euro"],
        ],
    )  # fmt: skip
    town.put("Wijken", [[code, f"Wijk {k}", "Noord", 1000 * k] for k, code in enumerate(codes, 1)])
    town.put(
        "Stromen",
        [
            ["WMO", "Wmo begeleiding", "Wmo", "open einde", 1, "totaal", 0.8, "6.712", 1, "gebruik"],
            ["JGD", "Jeugdhulp", "Jeugd", "open einde", 1, "totaal", 0.9, "6.751", 2, "gebruik"],
        ],
    )
    town.put(
        "Vraag",
        [
            [code, stream, str(year), clients + (year - 2019) % 3, "definitief"]
            for k, code in enumerate(codes, 1)
            for stream, clients in (("WMO", 40 + 10 * k), ("JGD", 10 + 2 * k))
            for year in range(2019, 2026)
        ],
    )
    town.put("Tarieven", [["WMO", 2027, 2000, "kostprijs"], ["JGD", 2027, 10000, "kostprijs"]])
    town.put("Middelen", [["Algemeen", 2027 + y, money, None, "ja", "1"] for y in range(years)])
    town.put(
        "Vorig budget",
        [
            [code, stream, clients * price]
            for k, code in enumerate(codes, 1)
            for stream, clients, price in (("WMO", 40 + 10 * k, 2000), ("JGD", 10 + 2 * k, 10000))
        ],
    )
    return town
