"""Voorbeeldstad as the rows of an input workbook, sheet by sheet, to the data contract."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from random import Random

from budget.inputs import CITY
from sample_data.city import (
    CODES,
    DISTRICTS,
    HISTORY_END,
    INDICES,
    MUNICIPALITY,
    PLAN,
    SOURCES,
    STREAMS,
    TARIFF_YEAR,
    expected_cost,
    need,
    persons,
    price,
)
from sample_data.observed import COMPLETENESS, MONTHS, PEAK_EFFECT, SEED, booked, habit, observed

Cell = str | int | float | date | None
Row = dict[str, Cell]
Rows = dict[str, list[Row]]

DISCLOSURE_LIMIT = 10
INVENTED = "Verzonnen voor Voorbeeldstad"
SOURCE_2019 = "CPB 2019: met wijkteams 38 % meer cliënten, zonder 26 %"


def rows() -> Rows:
    """Every sheet of the contract."""
    return {
        "Gemeente": municipality(),
        "Wijken": districts(),
        "Bevolking": population(),
        "Stromen": streams(),
        "Vraag": demand(),
        "Norm": norm(),
        "Tarieven": tariffs(),
        "Indexen": indices(),
        "Middelen": funding(),
        "Vorig budget": last_budget(),
        "Preventie": prevention(),
        "Regels": rules(),
        "Reserves": reserves(),
        "Contracten": contracts(),
        "Realisatie": actuals(),
        "Gebeurtenissen": events(),
    }


def municipality() -> list[Row]:
    """The invented city and its plan years."""
    fields: Row = {
        "Gemeentecode": MUNICIPALITY,
        "Naam": "Voorbeeldstad (verzonnen)",
        "Eerste planjaar": PLAN[0],
        "Aantal planjaren": len(PLAN),
        "Prijspeil": PLAN[0],
        "Peildatum": date(2026, 9, 15),
        "Versie": "Voorbeeld: ontwerpbegroting 2027, verzonnen gegevens",
        "Bedragen in": "euro",
        "Strategie": "evenwicht",
        "Zekerheid": 0.9,
    }
    return [{"Veld": name, "Waarde": value} for name, value in fields.items()]


def districts() -> list[Row]:
    """Twenty districts in four parts of town."""
    return [
        {
            "Wijkcode": CODES[district.name],
            "Wijknaam": district.name,
            "Stadsdeel": district.quarter,
            "Inwoners": persons(district, HISTORY_END)["totaal"],
        }
        for district in DISTRICTS
    ]


def population() -> list[Row]:
    """Counts until 2026, a projection after, per age group."""
    return [
        {
            "Wijkcode": CODES[district.name],
            "Jaar": year,
            "Leeftijdsgroep": group,
            "Personen": count,
            "Soort": "telling" if year <= HISTORY_END else "prognose",
        }
        for district in DISTRICTS
        for year in range(2020, PLAN[-1] + 1)
        for group, count in persons(district, year).items()
    ]


def streams() -> list[Row]:
    """The seven streams, with the share of each that every district must at least receive."""
    columns = ("Stroom", "Naam", "Domein", "Soort", "Basispakket", "Taakveld", "Prioriteit", "Verdeelsleutel")
    # fmt: off
    choices = (
        ("WMO-BEG", "Wmo begeleiding", "Wmo", "open einde", 0.95, "6.712", 2.0, "norm"),
        ("WMO-HO", "Huishoudelijke ondersteuning", "Wmo", "open einde", 0.95, "6.711", 1.5, "norm"),
        ("JEUGD", "Jeugdhulp", "Jeugd", "open einde", 0.95, "6.751", 2.5, "norm"),
        ("PARTICIPATIE", "Participatie en activering", "Participatie", "planbaar", 0.70, "6.5", 1.0, "gebruik"),
        ("BIJZBIJSTAND", "Bijzondere bijstand", "Participatie", "open einde", 0.90, "6.3", 1.2, "gemiddelde3"),
        ("SCHULDHULP", "Schuldhulpverlening", "Schuldhulp", "planbaar", 0.80, "6.3", 1.5, "bevolking"),
        ("ARMOEDE", "Armoedebestrijding", "Participatie", "geoormerkt", 0.50, "6.3", 0.8, "norm"),
    )
    # fmt: on
    found: list[Row] = []
    for choice, stream in zip(choices, STREAMS, strict=True):
        row: Row = dict(zip(columns, choice, strict=True))
        found.append(row | {"Aandeel brede stroom": stream.area_share, "Leeftijdsgroep": stream.age_group})
    return found


def demand() -> list[Row]:
    """Clients per month as they would be published: small numbers withheld, the last months provisional."""
    return [
        {"Wijkcode": code, "Stroom": stream.code, "Periode": month, **_published(clients, month)}
        for stream in STREAMS
        for code, series in observed(stream).items()
        for month, clients in zip(MONTHS, series, strict=True)
    ]


def norm() -> list[Row]:
    """The objective key: need by age and deprivation, without what is merely habit."""
    return [
        {
            "Wijkcode": CODES[district.name],
            "Stroom": stream.code,
            "Jaar": None,
            "Gewicht": round(need(district, stream, PLAN[0]), 1),
        }
        for stream in STREAMS
        for district in DISTRICTS
    ]


def tariffs() -> list[Row]:
    """Prices of one year; sheet Indexen carries them on."""
    return [
        {
            "Stroom": stream.code,
            "Jaar": TARIFF_YEAR,
            "Kosten per clientjaar": stream.price,
            "Bron": SOURCES[stream.code],
        }
        for stream in STREAMS
    ]


def indices() -> list[Row]:
    """Published figures for 2024 and 2025; from 2026 on assumptions, all of them provisional."""
    return [
        {
            "Jaar": index.year,
            "OVA": float(index.ova),
            "PPC": float(index.ppc),
            "Loonaandeel": float(index.wage_share),
            "Status": "definitief" if index.definitive else "voorlopig",
        }
        for index in INDICES
    ]


def funding() -> list[Row]:
    """The free money is what a ring-fenced and an incidental source leave of a share of the expected cost."""
    rows: list[Row] = []
    for year, share in zip(PLAN, (0.955, 0.940, 0.925, 0.910), strict=True):
        ring_fenced, incidental = 3_400_000, 600_000 if year < PLAN[0] + 2 else 0
        free = round(share * expected_cost(year) / 10_000) * 10_000 - ring_fenced - incidental
        rows += [
            _funding("Algemene middelen sociaal domein", year, free, None, "ja"),
            _funding("Specifieke uitkering armoede", year, ring_fenced, "ARMOEDE;SCHULDHULP", "ja"),
        ]
        if incidental:
            rows.append(_funding("Incidenteel transformatiegeld", year, incidental, None, "nee"))
    return rows


def last_budget() -> list[Row]:
    """What the districts had in 2026: some clearly more than they needed, some less."""
    random = Random(f"{SEED} vorig budget")
    rows: list[Row] = []
    for stream in STREAMS:
        unit = price(stream, HISTORY_END)
        whole = float(stream.unplaced)
        for district in DISTRICTS:
            clients = need(district, stream, HISTORY_END) * habit(district, stream)
            whole += (1 - stream.area_share) * clients
            fit = district.misfit * math.exp(random.gauss(0, 0.03))
            amount = round(stream.area_share * clients * unit * fit, -2)
            rows.append({"Wijkcode": CODES[district.name], "Stroom": stream.code, "Bedrag": amount})
        rows.append({"Wijkcode": CITY, "Stroom": stream.code, "Bedrag": round(0.98 * whole * unit, -2)})
    return rows


def prevention() -> list[Row]:
    """Five programmes; rows of one programme are the segments of a curve with diminishing returns."""
    return [
        *_programme(
            *("VROEG", "Vroegsignalering van schulden", "SCHULDHULP"),
            segments=((15_000, 2.4), (40_000, 1.8), (80_000, 1.1)),
            lag_and_duration=(1, 3),
            cashable=0.9,
            municipal=0.6,
            evidence="C",
            status="geboekt",
            source="Divosa: 15 % van de signalen bereikt, 31 % daarvan accepteert, circa € 1.020 per acceptatie; "
            "rendement circa 2, ongeveer de helft bij de gemeente. Curve aangenomen",
        ),
        *_programme(
            *("POHJEUGD", "Praktijkondersteuner jeugd bij de huisarts", "JEUGD"),
            segments=((30_000, 1.9), (60_000, 1.5), (90_000, 0.9)),
            lag_and_duration=(1, 3),
            cashable=0.8,
            municipal=0.9,
            evidence="D",
            status="geboekt",
            source="Pijnacker-Nootdorp 2019: 10 tot 25 % minder verwijzingen, één kleine pilot, teruggeschroefd",
        ),
        *_programme(
            *("TEAM", "Aanbieders in het wijkteam", "WMO-BEG"),
            segments=((25_000, -0.14),),
            lag_and_duration=(0, 2),
            cashable=1.0,
            municipal=1.0,
            evidence="B",
            status="geboekt",
            source=f"{SOURCE_2019}: een team is niet vanzelf een besparing. Omvang aangenomen",
        ),
        *_programme(
            *("VALPREV", "Valpreventie 65+", "WMO-HO"),
            segments=((20_000, 1.6),),
            lag_and_duration=(1, 4),
            cashable=0.5,
            municipal=0.05,
            evidence="B",
            status="pm",
            source="Van de zorgkosten van een val is ongeveer 5 % Wmo; de rest valt buiten de gemeente",
        ),
        *_programme(
            *("MAATJE", "Maatjesproject", "PARTICIPATIE"),
            segments=((10_000, 1.2),),
            lag_and_duration=(1, 2),
            cashable=0.3,
            municipal=0.5,
            evidence="E",
            status="uitgesloten",
            source="Alleen ervaringsverhalen; besparing op uitkeringen valt in de BUIG, buiten het gebiedsbudget",
        ),
    ]


def rules() -> list[Row]:
    """Local choices of an invented council."""
    plan: list[tuple[str, int | None, str | None, str | None, float]] = [
        ("groei_min", None, None, None, 0.03),
        ("groei_max", None, None, None, 0.05),
        ("groei_max", None, CODES["Spoorhaven"], None, 0.08),
        ("buffer_centraal", None, None, None, 0.01),
        *(("norm_aandeel", year, None, None, round(0.2 * step, 1)) for step, year in enumerate(PLAN, 1)),
        ("basispakket", None, None, "SCHULDHULP", 0.85),
        ("preventie_max", None, None, None, 0.02),
        ("herinvesteren_aandeel", None, None, None, 0.5),
        ("algemene_middelen_aandeel", None, None, None, 0.3),
        ("herinvesteren_max", None, None, None, 100_000),
        ("meenemen_max", None, None, None, 75_000),
        ("vast", PLAN[0], CODES["Oude Markt"], "PARTICIPATIE", 560_000),
    ]
    return [
        {
            "Regel": name,
            "Jaar": year,
            "Wijkcode": district,
            "Stroom": stream,
            "Waarde": value,
            "Bron": "Verzonnen raadsbesluit, kadernota 2027",
        }
        for name, year, district, stream, value in plan
    ]


def reserves() -> list[Row]:
    """One egalisation reserve with a floor, a ceiling and a draw limit."""
    return [
        {
            "Reserve": "Egalisatiereserve sociaal domein",
            "Stand": 4_200_000,
            "Minimum": 1_500_000,
            "Maximum": 6_000_000,
            "Onttrekking per jaar": 750_000,
            "Einddatum": date(2030, 12, 31),
        }
    ]


def contracts() -> list[Row]:
    """Bands of 80 % to 110 % of the areas' last budgets of a stream, for the districts of a lot, in two years."""
    north = [district.name for district in DISTRICTS if district.quarter in ("Centrum", "Noord")]
    south = [district.name for district in DISTRICTS if district.quarter in ("West", "Zuid")]
    everywhere = [district.name for district in DISTRICTS]
    lots = (
        ("Thuishulp De Linde (verzonnen)", "Huishoudelijk noord", "WMO-HO", north, "output"),
        ("Thuiszorg Waterkant (verzonnen)", "Huishoudelijk zuid", "WMO-HO", south, "output"),
        ("Coöperatie Naast (verzonnen)", "Begeleiding wijken", "WMO-BEG", everywhere, "inspanning"),
        ("Jeugdcombinatie Kompas (verzonnen)", "Ambulant lokaal", "JEUGD", everywhere, "taak"),
    )
    budgets = {(row["Wijkcode"], row["Stroom"]): float(str(row["Bedrag"])) for row in last_budget()}
    found: list[Row] = []
    for provider, lot, stream, names, variant in lots:
        total = sum(budgets[CODES[name], stream] for name in names)
        for year in PLAN[:2]:
            found.append(
                {
                    "Aanbieder": provider,
                    "Perceel": lot,
                    "Stroom": stream,
                    "Wijken": None if names is everywhere else ";".join(CODES[name] for name in names),
                    "Jaar": year,
                    "Minimum": round(0.80 * total, -4),
                    "Maximum": round(1.10 * total, -4) if variant == "output" else None,
                    "Variant": variant,
                    "Einddatum": date(PLAN[1], 12, 31),
                }
            )
    return found


def actuals() -> list[Row]:
    """Cost booked in the months of 2026 so far, and what had been granted for them: invoices come later than grants."""
    random = Random(f"{SEED} realisatie")
    return [
        {
            "Wijkcode": code,
            "Stroom": stream.code,
            "Periode": month,
            "Lasten": round(cost, 2),
            "Toegewezen": round(cost / COMPLETENESS.get(month, 1.0) * random.uniform(1.01, 1.06), 2),
            "Status": "voorlopig" if month in COMPLETENESS else "definitief",
        }
        for stream in STREAMS
        for code, month, cost in booked(stream, random)
    ]


def events() -> list[Row]:
    """Two known breaks; the move of a desk between two districts is left for the tool to notice."""
    north = ";".join(CODES[district.name] for district in DISTRICTS if district.quarter == "Noord")
    columns = ("Naam", "Stromen", "Wijken", "Van", "Tot", "Vorm", "Effect", "Bron")
    found = (
        ("Wijkteams in Noord", "WMO-BEG", north, "2023-01", None, "stap", None, f"Verzonnen; {SOURCE_2019}"),
        ("Piek energiekosten", "BIJZBIJSTAND", None, "2022-10", "2023-06", "puls", PEAK_EFFECT, INVENTED),
    )
    return [dict(zip(columns, event, strict=True)) for event in found]


def _funding(source: str, year: int, amount: int, streams: str | None, structural: str) -> Row:
    return {
        "Bron": source,
        "Jaar": year,
        "Bedrag": amount,
        "Stromen": streams,
        "Structureel": structural,
        "Versie": "Verzonnen, stand meicirculaire 2026",
    }


def _programme(
    code: str,
    name: str,
    stream: str,
    *,
    segments: tuple[tuple[int, float], ...],
    lag_and_duration: tuple[int, int],
    cashable: float,
    municipal: float,
    evidence: str,
    status: str,
    source: str,
) -> Iterator[Row]:
    """One row per segment: up to how many euros per district and year, and what a euro of it saves."""
    lag, duration = lag_and_duration
    for up_to, saving in segments:
        yield {
            "Programma": code,
            "Naam": name,
            "Wijken": None,
            "Stroom": stream,
            "Tot bedrag": up_to,
            "Besparing per euro": saving,
            "Vertraging": lag,
            "Looptijd": duration,
            "Verzilverbaar": cashable,
            "Aandeel gemeente": municipal,
            "Bewijskracht": evidence,
            "Status": status,
            "Bron": source,
        }


def _published(clients: float, month: str) -> Row:
    registered = round(clients * COMPLETENESS.get(month, 1.0))
    if registered < DISCLOSURE_LIMIT:
        return {"Clienten": None, "Status": "onderdrukt"}
    return {"Clienten": registered, "Status": "voorlopig" if month in COMPLETENESS else "definitief"}
