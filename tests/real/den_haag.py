"""The Hague as an input workbook, made from public data: `python tests/real/den_haag.py -o out/den_haag.xlsx`.

Sources
    Demand and population: ELAN wijkprofielen (elan-dcc/wijkprofielen, MIT licence), own calculations of
    LUMC/ELAN on microdata of Statistics Netherlands (CBS). Counts are unique persons in a year, multiples of 5.
    Boundaries: CBS/Kadaster, CC BY 4.0. Cost: Iv3, accounts 2023, CBS/BZK, CC BY 4.0.

What is observed, what is derived
    Vraag           observed, 2015-2020. A suppressed count stays unknown: `onderdrukt`, blank.
    Bevolking       observed bands, people who lived there at any time in the year (about 4 % above 1 January).
                    `21+` and `21-60` are sums of bands. There is no projection.
    SCHULDHULP      clients are defaulters on the health premium: the need for debt help, not its use. Iv3 does
                    not show debt help apart; its price is an assumption and its cost is taken out of 6.3.
    Tarieven        derived: Iv3 cost of 2023 / clients of the whole city in 2020. Prices stay at the level of 2023.
    Brede stroom    derived: the part of youth cost that is local help and treatment without residence (6.72, 6.74a).
    Vorig budget    derived: Iv3 cost * the district's share of clients in 2020. A suppressed count weighs half the
                    disclosure limit here, because a blank would read as a district without money.
    Middelen        derived: the Iv3 cost of 2023 in every plan year; the revenues on 6.3 are BUIG, for welfare only.
    Regels          assumptions for this exercise, not decisions of The Hague.
"""

from __future__ import annotations

import argparse
import csv
import json
from dataclasses import dataclass
from pathlib import Path

from budget.workbook.template import write_input_workbook

Row = dict[str, object]
Published = list[dict[str, str]]

HISTORY = range(2015, 2021)
PLAN = range(2021, 2025)
HALF_DISCLOSURE_LIMIT = 6
DEBT_HELP_PRICE = 2400.0
MUNICIPALITY = "'s-Gravenhage"
DISTRICTS_FILE = "den_haag/denhaag_wijk_jaar_tidy_2009_2020_SAMPLE.csv"
BOUNDARIES_FILE = "den_haag/wijken_wgs84.geojson"
COSTS_FILE = "iv3/iv3_taakveld6_alle_gemeenten_2023_2025_tidy.csv"
AGE_GROUPS = {
    "totaal": ("bevolking",),
    "0-20": ("bev_0_20",),
    "21-60": ("bev_21_40", "bev_41_60"),
    "21+": ("bev_21_40", "bev_41_60", "bev_61_80", "bev_80plus"),
}
ASSUMED = "Aanname voor deze proef, geen besluit van Den Haag"


@dataclass(frozen=True)
class Stream:
    """One stream: the count it is observed in, and the Iv3 task fields that hold its cost."""

    code: str
    name: str
    count: str
    domain: str
    kind: str
    age_group: str
    basic: float
    task_field: str
    priority: float
    cost: tuple[str, ...]
    city_wide: tuple[str, ...] = ()
    """The part of `cost` that is heavy and rare: it stays with the city."""


STREAMS = (
    Stream("WMO", "Wmo-ondersteuning", "wmo", "Wmo", "open einde", "21+", 0.9, "6.71", 2, ("6.6 ", "6.71")),
    Stream(
        *("JEUGD", "Jeugdhulp", "jeugd", "Jeugd", "open einde", "0-20", 0.9, "6.72", 2.5),
        cost=("6.72", "6.73", "6.74", "6.82"),
        city_wide=("6.73", "6.74b", "6.74c", "6.82"),
    ),
    Stream(
        *("PARTICIPATIE", "Participatie en bijstand", "participatie", "Participatie", "open einde", "21-60"),
        *(0.95, "6.3", 1),
        cost=("6.3 ", "6.4 ", "6.5 "),
    ),
    Stream(
        *(
            "SCHULDHULP",
            "Schuldhulp (wanbetalers zorgpremie)",
            "wanbetalers",
            "Schuldhulp",
            "planbaar",
            "21+",
        ),
        *(0.8, "6.3", 1.5),
        cost=(),
    ),
)


def write_workbook(data: Path, target: Path) -> None:
    """Writes the workbook to `target` and its boundaries beside it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    write_input_workbook(target, sheets(data))
    boundaries = json.loads((data / BOUNDARIES_FILE).read_text(encoding="utf-8"))
    for feature in boundaries["features"]:
        feature["properties"]["wijkcode"] = feature["properties"].pop("wijk_code")
    target.with_suffix(".geojson").write_text(json.dumps(boundaries, ensure_ascii=False), encoding="utf-8")


def sheets(data: Path) -> dict[str, list[Row]]:
    """The rows of every sheet."""
    observed = [row for row in _read(data / DISTRICTS_FILE) if int(row["jaar"]) in HISTORY]
    last = [row for row in observed if int(row["jaar"]) == HISTORY[-1]]
    accounts = [
        row
        for row in _read(data / COSTS_FILE)
        if (row["gemeente"], row["jaar"], row["soort"]) == (MUNICIPALITY, "2023", "jaarrekening")
    ]
    cost = _cost_per_stream(accounts, last)
    city_share = {stream.code: _share(accounts, stream.city_wide, stream.cost) for stream in STREAMS}
    return {
        "Gemeente": _municipality(),
        "Wijken": [
            {
                "Wijkcode": row["wijk_code"],
                "Wijknaam": row["wijk_naam"],
                "Stadsdeel": row["stadsdeel"],
                "Inwoners": float(row["bevolking"]),
            }
            for row in last
        ],
        "Bevolking": [_persons(row, group) for row in observed for group in AGE_GROUPS],
        "Stromen": [_stream(stream, 1 - city_share[stream.code]) for stream in STREAMS],
        "Vraag": [_demand(row, stream) for stream in STREAMS for row in observed],
        "Tarieven": [_tariff(stream, cost[stream.code] / _clients(last, stream)) for stream in STREAMS],
        "Middelen": [
            row for year in PLAN for row in _funding(year, sum(cost.values()), _welfare_grant(accounts))
        ],
        "Vorig budget": [
            row for stream in STREAMS for row in _last_budget(stream, last, cost, city_share[stream.code])
        ],
        "Regels": [
            {"Regel": rule, "Waarde": value, "Bron": ASSUMED}
            for rule, value in (("groei_min", 0.05), ("groei_max", 0.05), ("buffer_centraal", 0.01))
        ],
        "Gebeurtenissen": _events(),
    }


def _read(path: Path) -> Published:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _municipality() -> list[Row]:
    fields = {
        "Gemeentecode": "GM0518",
        "Naam": "Den Haag (openbare gegevens, afgeleide bedragen)",
        "Eerste planjaar": PLAN[0],
        "Aantal planjaren": len(PLAN),
        "Prijspeil": 2023,
        "Versie": "Vraag: LUMC/ELAN op CBS-microdata; kosten en vorig budget afgeleid uit Iv3 2023",
        "Bedragen in": "euro",
    }
    return [{"Veld": name, "Waarde": value} for name, value in fields.items()]


def _persons(row: dict[str, str], group: str) -> Row:
    bands = [row[band] for band in AGE_GROUPS[group]]
    return {
        "Wijkcode": row["wijk_code"],
        "Jaar": int(row["jaar"]),
        "Leeftijdsgroep": group,
        "Personen": None if "" in bands else sum(float(band) for band in bands),
        "Soort": "telling",
    }


def _stream(stream: Stream, area_share: float) -> Row:
    return {
        "Stroom": stream.code,
        "Naam": stream.name,
        "Domein": stream.domain,
        "Soort": stream.kind,
        "Aandeel brede stroom": round(area_share, 4),
        "Leeftijdsgroep": stream.age_group,
        "Basispakket": stream.basic,
        "Taakveld": stream.task_field,
        "Prioriteit": stream.priority,
        "Verdeelsleutel": "gebruik",
    }


def _demand(row: dict[str, str], stream: Stream) -> Row:
    suppressed = _suppressed(row, stream)
    return {
        "Wijkcode": row["wijk_code"],
        "Stroom": stream.code,
        "Periode": row["jaar"],
        "Clienten": None if suppressed else float(row[stream.count]),
        "Status": "onderdrukt" if suppressed else "definitief",
    }


def _suppressed(row: dict[str, str], stream: Stream) -> bool:
    return row[f"{stream.count}_onderdrukt"] == "1"


def _weight(row: dict[str, str], stream: Stream) -> float:
    """Clients of a district for dividing money."""
    return HALF_DISCLOSURE_LIMIT if _suppressed(row, stream) else float(row[stream.count])


def _clients(rows: Published, stream: Stream) -> float:
    return sum(_weight(row, stream) for row in rows)


def _cost_per_stream(accounts: Published, last: Published) -> dict[str, float]:
    """Euros per stream; what debt help is assumed to cost is taken out of participation (6.3)."""
    debt_help = DEBT_HELP_PRICE * _clients(last, STREAMS[-1])
    cost = {stream.code: _iv3(accounts, stream.cost) for stream in STREAMS}
    return cost | {"PARTICIPATIE": cost["PARTICIPATIE"] - debt_help, "SCHULDHULP": debt_help}


def _iv3(accounts: Published, task_fields: tuple[str, ...], column: str = "lasten_x1000") -> float:
    return sum(1000 * float(row[column]) for row in accounts if row["taakveld"].startswith(task_fields))


def _share(accounts: Published, part: tuple[str, ...], whole: tuple[str, ...]) -> float:
    return _iv3(accounts, part) / _iv3(accounts, whole) if part else 0.0


def _welfare_grant(accounts: Published) -> float:
    return _iv3(accounts, ("6.3 ",), "baten_x1000")


def _tariff(stream: Stream, price: float) -> Row:
    fields = ", ".join(field.strip() for field in stream.cost)
    source = f"Afgeleid: Iv3-lasten jaarrekening 2023 ({fields}) / cliënten van de stad in 2020"
    if not stream.cost:
        source = "Aanname: circa € 2.400 per start (Nijmegen, prijzen 2015); Iv3 toont schuldhulp niet apart"
    return {
        "Stroom": stream.code,
        "Jaar": HISTORY[-1],
        "Kosten per clientjaar": round(price, 2),
        "Bron": source,
    }


def _funding(year: int, total: float, welfare_grant: float) -> list[Row]:
    version = "Afgeleid uit Iv3-jaarrekening 2023, prijzen 2023"
    sources = (
        ("Algemene middelen", round(total - welfare_grant, 2), None),
        ("BUIG", round(welfare_grant, 2), "PARTICIPATIE"),
    )
    return [
        {
            "Bron": source,
            "Jaar": year,
            "Bedrag": amount,
            "Stromen": streams,
            "Structureel": "ja",
            "Versie": version,
        }
        for source, amount, streams in sources
    ]


def _last_budget(stream: Stream, last: Published, cost: dict[str, float], city_share: float) -> list[Row]:
    per_client = (1 - city_share) * cost[stream.code] / _clients(last, stream)
    rows: list[Row] = [
        {
            "Wijkcode": row["wijk_code"],
            "Stroom": stream.code,
            "Bedrag": round(per_client * _weight(row, stream), 2),
        }
        for row in last
    ]
    if city_share:
        rows.append(
            {"Wijkcode": "STAD", "Stroom": stream.code, "Bedrag": round(city_share * cost[stream.code], 2)}
        )
    return rows


def _events() -> list[Row]:
    return [
        {
            "Naam": "Abonnementstarief Wmo",
            "Stromen": "WMO",
            "Van": "2019",
            "Vorm": "stap",
            "Bron": "Landelijk: vaste eigen bijdrage vanaf 2019",
        },
        {
            "Naam": "Registratie jeugdhulp",
            "Stromen": "JEUGD",
            "Van": "2018",
            "Tot": "2018",
            "Vorm": "puls",
            "Bron": "De dip van 2018 is waarschijnlijk een registratiewijziging",
        },
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("-o", "--output", type=Path, default=Path("out/den_haag.xlsx"))
    arguments = parser.parse_args()
    write_workbook(arguments.data, arguments.output)
    print(arguments.output)
