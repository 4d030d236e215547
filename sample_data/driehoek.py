"""Driehoek: three districts, two streams, two plan years, small enough to allocate on paper.

`sample_data/README.md` works the answer out; a golden test holds the allocator to it.
"""

from __future__ import annotations

from sample_data.voorbeeldstad import Row, Rows

PLAN = (2027, 2028)
HISTORY = range(2019, 2027)
DISTRICTS = {"WK999801": "Aanleg", "WK999802": "Brug", "WK999803": "Coupure"}
CLIENTS = {
    ("WK999801", "HULP"): 100,
    ("WK999801", "SCHULD"): 40,
    ("WK999802", "HULP"): 40,
    ("WK999802", "SCHULD"): 90,
    ("WK999803", "HULP"): 60,
    ("WK999803", "SCHULD"): 10,
}
"""The same number of clients in every year."""
TARIFFS = {"HULP": 3_000, "SCHULD": 2_000}
LAST_BUDGET = {
    ("WK999801", "HULP"): 330_000,
    ("WK999801", "SCHULD"): 90_000,
    ("WK999802", "HULP"): 115_000,
    ("WK999802", "SCHULD"): 165_000,
    ("WK999803", "HULP"): 160_000,
    ("WK999803", "SCHULD"): 16_000,
}
FUNDING = (
    (2027, "Algemene middelen", 730_000, None),
    (2027, "Specifieke uitkering schulden", 150_000, "SCHULD"),
    (2028, "Algemene middelen", 620_000, None),
    (2028, "Specifieke uitkering schulden", 200_000, "SCHULD"),
)
RULES = (
    ("groei_min", 2027, 0.05),
    ("groei_max", 2027, 0.05),
    ("groei_min", 2028, 0.15),
    ("groei_max", 2028, 0.0),
    ("buffer_centraal", None, 0.02),
)
SOURCE = "Verzonnen rekenvoorbeeld"


def rows() -> Rows:
    """The sheets that planning needs, and the rules."""
    fields: Row = {
        "Gemeentecode": "GM9998",
        "Naam": "Driehoek (verzonnen rekenvoorbeeld)",
        "Eerste planjaar": PLAN[0],
        "Aantal planjaren": len(PLAN),
        "Prijspeil": PLAN[0],
        "Versie": SOURCE,
        "Bedragen in": "euro",
    }
    return {
        "Gemeente": [{"Veld": name, "Waarde": value} for name, value in fields.items()],
        "Wijken": [
            {"Wijkcode": code, "Wijknaam": name, "Stadsdeel": None, "Inwoners": 5_000}
            for code, name in DISTRICTS.items()
        ],
        "Stromen": [
            _stream("HULP", "Huishoudelijke ondersteuning", "Wmo", "open einde", 1.0, "6.711", 2),
            _stream("SCHULD", "Schuldhulpverlening", "Schuldhulp", "planbaar", 0.5, "6.3", 1),
        ],
        "Vraag": [
            {
                "Wijkcode": district,
                "Stroom": stream,
                "Periode": str(year),
                "Clienten": clients,
                "Status": "definitief",
            }
            for (district, stream), clients in CLIENTS.items()
            for year in HISTORY
        ],
        "Tarieven": [
            {"Stroom": stream, "Jaar": year, "Kosten per clientjaar": tariff, "Bron": SOURCE}
            for stream, tariff in TARIFFS.items()
            for year in (HISTORY[-1], *PLAN)
        ],
        "Middelen": [
            {
                "Bron": source,
                "Jaar": year,
                "Bedrag": amount,
                "Stromen": streams,
                "Structureel": "ja",
                "Versie": SOURCE,
            }
            for year, source, amount, streams in FUNDING
        ],
        "Vorig budget": [
            {"Wijkcode": district, "Stroom": stream, "Bedrag": amount}
            for (district, stream), amount in LAST_BUDGET.items()
        ],
        "Regels": [
            {"Regel": name, "Jaar": year, "Wijkcode": None, "Stroom": None, "Waarde": value, "Bron": SOURCE}
            for name, year, value in RULES
        ],
    }


def _stream(
    code: str, name: str, domain: str, kind: str, basic: float, task_field: str, priority: float
) -> Row:
    return {
        "Stroom": code,
        "Naam": name,
        "Domein": domain,
        "Soort": kind,
        "Aandeel brede stroom": 1.0,
        "Leeftijdsgroep": "totaal",
        "Basispakket": basic,
        "Taakveld": task_field,
        "Prioriteit": priority,
        "Verdeelsleutel": "gebruik",
    }
