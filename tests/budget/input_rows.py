"""Proefstad: every sheet of the contract filled in, small enough to read, for tests of the border."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from budget.workbook.sheets import SHEET_BY_NAME

Rows = dict[str, list[dict[str, object]]]

MONTHS = [f"2025-{month:02}" for month in range(1, 13)]
YEARS = ["2023", "2024", "2025"]


def table(columns: Sequence[str], *rows: Sequence[object]) -> list[dict[str, object]]:
    return [dict(zip(columns, row, strict=True)) for row in rows]


def proefstad() -> Rows:
    """Two districts, one stream by month and one by year, two plan years."""
    demand = [("01", "JEUGD", month, 100 + place, "definitief") for place, month in enumerate(MONTHS)]
    demand += [("02", "JEUGD", month, 60.5, "voorlopig") for month in MONTHS]
    demand += [("STAD", "JEUGD", month, 4, "afgeleid") for month in MONTHS[6:]]
    demand += [("01", "6.71", year, 300, "definitief") for year in YEARS]
    demand += [("02", "6.71", year, None, "onderdrukt") for year in YEARS]
    return {
        "Gemeente": table(
            ("Veld", "Waarde"),
            ("Gemeentecode", "GM9997"),
            ("Naam", "Proefstad"),
            ("Eerste planjaar", 2026),
            ("Aantal planjaren", 2),
            ("Prijspeil", 2026),
            ("Peildatum", date(2025, 12, 31)),
            ("Versie", "concept"),
            ("Bedragen in", "euro"),
        ),
        "Wijken": table(
            ("Wijkcode", "Wijknaam", "Stadsdeel", "Inwoners"),
            ("02", "Zuid", "Centrum", 4_000),
            ("01", "Noord", "Centrum", 6_000),
        ),
        "Bevolking": table(
            ("Wijkcode", "Jaar", "Leeftijdsgroep", "Personen", "Soort"),
            ("01", 2025, "totaal", 6_000, "telling"),
            ("02", 2025, "totaal", 4_000, "telling"),
            ("01", 2025, "0-17", 1_200, "telling"),
            ("02", 2025, "0-17", 900.5, "prognose"),
        ),
        "Stromen": table(
            (
                "Stroom",
                "Naam",
                "Domein",
                "Soort",
                "Aandeel brede stroom",
                "Leeftijdsgroep",
                "Basispakket",
                "Taakveld",
                "Prioriteit",
                "Verdeelsleutel",
            ),
            ("JEUGD", "Jeugdhulp", "Jeugd", "open einde", 0.9, "0-17", 1, "6.751", 2, "gebruik"),
            ("6.71", "Begeleiding", "Wmo", "planbaar", 1, "totaal", 0.8, "6.712", 1, "norm"),
        ),
        "Vraag": table(("Wijkcode", "Stroom", "Periode", "Clienten", "Status"), *demand),
        "Norm": table(
            ("Wijkcode", "Stroom", "Jaar", "Gewicht"), ("01", "6.71", None, 2.5), ("02", "6.71", 2026, 1)
        ),
        "Tarieven": table(
            ("Stroom", "Jaar", "Kosten per clientjaar", "Bron"),
            ("JEUGD", 2025, 12_345.67, "inkoop"),
            ("6.71", 2025, 4_000, "inkoop"),
        ),
        "Indexen": table(
            ("Jaar", "OVA", "PPC", "Loonaandeel", "Status"),
            (2025, 0.05, 0.02, 0.9, "definitief"),
            (2026, 0.0418, 0.0182, 0.9, "voorlopig"),
        ),
        "Middelen": table(
            ("Bron", "Jaar", "Bedrag", "Stromen", "Structureel", "Versie"),
            ("Algemene uitkering", 2026, 3_000_000, None, "ja", "september"),
            ("Algemene uitkering", 2027, 3_100_000.55, None, "ja", "september"),
            ("Rijksbijdrage", 2026, 50_000, "JEUGD;6.71", "nee", "september"),
        ),
        "Vorig budget": table(
            ("Wijkcode", "Stroom", "Bedrag"),
            ("01", "JEUGD", 1_300_000),
            ("02", "JEUGD", 750_000.01),
            ("STAD", "JEUGD", 40_000),
            ("01", "6.71", 1_200_000),
        ),
        "Preventie": table(
            (
                "Programma",
                "Naam",
                "Wijken",
                "Stroom",
                "Tot bedrag",
                "Besparing per euro",
                "Vertraging",
                "Looptijd",
                "Verzilverbaar",
                "Aandeel gemeente",
                "Bewijskracht",
                "Status",
                "Bron",
            ),
            ("OUDERS", "Opvoedhulp", "01;02", "JEUGD", 20_000, 1.5, 1, 3, 0.5, 1, "B", "geboekt", "studie"),
            ("OUDERS", "Opvoedhulp", "01;02", "JEUGD", 40_000, 0.75, 1, 3, 0.5, 1, "B", "geboekt", "studie"),
            ("VALLEN", "Valpreventie", None, "6.71", None, -0.1, 1, 2, 0.2, 0.05, "D", "pm", None),
        ),
        "Regels": table(
            ("Regel", "Jaar", "Wijkcode", "Stroom", "Waarde", "Bron"),
            ("groei_min", None, None, None, 0.03, "raad"),
            ("groei_max", 2026, "01", None, 0.045, "raad"),
            ("vast", 2026, "STAD", "JEUGD", 45_000, "raad"),
        ),
        "Reserves": table(
            ("Reserve", "Stand", "Minimum", "Maximum", "Onttrekking per jaar", "Einddatum"),
            ("Egalisatie", 500_000, 100_000, 900_000, 200_000, date(2029, 12, 31)),
        ),
        "Contracten": table(
            (
                "Aanbieder",
                "Perceel",
                "Stroom",
                "Wijken",
                "Jaar",
                "Minimum",
                "Maximum",
                "Variant",
                "Einddatum",
            ),
            ("Zorg BV", "1", "JEUGD", "01", 2026, 100_000, 900_000, "output", date(2027, 12, 31)),
        ),
        "Realisatie": table(
            ("Wijkcode", "Stroom", "Periode", "Lasten", "Toegewezen", "Status"),
            ("01", "JEUGD", "2026-01", 108_000.5, 120_000, "voorlopig"),
            ("STAD", "JEUGD", "2026-01", -50, None, "definitief"),
        ),
        "Gebeurtenissen": table(
            ("Naam", "Stromen", "Wijken", "Van", "Tot", "Vorm", "Effect", "Bron"),
            ("Abonnementstarief", "6.71", None, "2019", "2020-06", "helling", 0.1, "CBS"),
            ("Nieuwe wet", None, None, "2024-01", None, "stap", None, None),
        ),
        "Wijkwijzigingen": table(
            ("Oude wijkcode", "Wijkcode", "Jaar", "Aandeel"), ("00", "01", 2020, 0.4), ("00", "02", 2020, 0.6)
        ),
        "Tweede mening": table(
            ("Wijkcode", "Stroom", "Jaar", "Clienten", "Gebruik", "Gewicht", "Bron"),
            ("GM9997", "JEUGD", 2026, 180, "mengen", 0.25, "landelijk model"),
            ("01", "6.71", 2026, 310.5, "vergelijken", None, "landelijk model"),
            ("02", "6.71", 2027, 12, "gebruiken", None, None),
        ),
    }


def write_csv_folder(
    folder: Path,
    rows: Mapping[str, Sequence[Mapping[str, object]]],
    *,
    separator: str = ";",
    encoding: str = "utf-8-sig",
) -> Path:
    """The same rows as Dutch Excel saves them as csv."""
    folder.mkdir(parents=True, exist_ok=True)
    for sheet, given in rows.items():
        out = io.StringIO()
        writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
        headings = SHEET_BY_NAME[sheet].headings
        writer.writerow(headings)
        writer.writerows([_csv_text(row.get(name), separator) for name in headings] for row in given)
        (folder / f"{sheet}.csv").write_bytes(out.getvalue().encode(encoding))
    return folder


def _csv_text(value: object, separator: str) -> str:
    match value:
        case None:
            return ""
        case date():
            return f"{value:%d-%m-%Y}"
        case float() | Decimal():
            return str(value).replace(".", "," if separator == ";" else ".")
        case _:
            return str(value)
