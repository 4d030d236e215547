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
    ("WK999801", "SCHULD"): 20,
    ("WK999802", "HULP"): 60,
    ("WK999802", "SCHULD"): 30,
    ("WK999803", "HULP"): 40,
    ("WK999803", "SCHULD"): 50,
}
"""The same number of clients in every year."""
TARIFFS = {"HULP": 3_000, "SCHULD": 4_000}
LAST_BUDGET = {
    ("WK999801", "HULP"): 330_000,
    ("WK999801", "SCHULD"): 90_000,
    ("WK999802", "HULP"): 165_000,
    ("WK999802", "SCHULD"): 85_000,
    ("WK999803", "HULP"): 110_000,
    ("WK999803", "SCHULD"): 80_000,
}
FREE_MONEY = {2027: 750_000, 2028: 735_000}
RING_FENCED = 150_000
RULES = {"groei_min": 0.05, "groei_max": 0.05, "buffer_centraal": 0.05}
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
            _funding(source, year, amount, streams)
            for year in PLAN
            for source, amount, streams in (
                ("Algemene middelen", FREE_MONEY[year], None),
                ("Specifieke uitkering schulden", RING_FENCED, "SCHULD"),
            )
        ],
        "Vorig budget": [
            {"Wijkcode": district, "Stroom": stream, "Bedrag": amount}
            for (district, stream), amount in LAST_BUDGET.items()
        ],
        "Regels": [
            {"Regel": name, "Jaar": None, "Wijkcode": None, "Stroom": None, "Waarde": value, "Bron": SOURCE}
            for name, value in RULES.items()
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


def _funding(source: str, year: int, amount: int, streams: str | None) -> Row:
    return {
        "Bron": source,
        "Jaar": year,
        "Bedrag": amount,
        "Stromen": streams,
        "Structureel": "ja",
        "Versie": SOURCE,
    }
