"""The rows of the input sheets: one model per sheet, the only description of its columns.

A field's alias is the heading, its kind says what a cell may hold, None means unknown. The template, the reader
and the checks are all made from these models, by way of `budget/workbook/sheets.py`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from budget.inputs import CITY, FREE, PREVENTION, DistributionKey, Domain, PreventionStatus, StreamKind
from budget.workbook import cells
from budget.workbook.rule_names import RULES
from optimiser.problem import LEXIMIN, STRATEGIES, strategy_named
from wording.sentence import Template

_WITH_ADVICE = Template("{wanted:word}{advice}")

AmountUnit = Literal["euro", "x1000"]
CountKind = Literal["telling", "prognose"]
DemandStatus = Literal["definitief", "voorlopig", "onderdrukt", "afgeleid"]
Finality = Literal["voorlopig", "definitief"]
Variant = Literal["inspanning", "output", "taak"]
Shape = Literal["stap", "helling", "puls"]
Evidence = Literal["A", "B", "C", "D", "E"]
OpinionUse = Literal["vergelijken", "mengen", "gebruiken"]

_IN_DISTRICTS = f"uit blad Wijken (of {CITY})"
_DISTRICTS = cells.codes("als codes uit blad Wijken, gescheiden door ;", "Wijken")
_STREAMS = cells.codes("als codes uit blad Stromen, gescheiden door ;", "Stromen")

Text = Annotated[str, cells.TEXT]
Year = Annotated[int, cells.YEAR]
Period = Annotated[str, cells.PERIOD]
PeriodOrQuarter = Annotated[str, cells.PERIOD_OR_QUARTER]
Count = Annotated[float, cells.COUNT]
People = Annotated[float, cells.PEOPLE]
Amount = Annotated[Decimal, cells.AMOUNT]
Share = Annotated[float, cells.SHARE]
DistrictCode = Annotated[str, cells.code("uit blad Wijken", "Wijken")]
DistrictOrCity = Annotated[str, cells.code(_IN_DISTRICTS, "Wijken", (CITY,))]
StreamCode = Annotated[str, cells.code("uit blad Stromen", "Stromen")]
StreamOrRest = Annotated[
    str, cells.code(f"uit blad Stromen (of {PREVENTION}, {FREE})", "Stromen", (PREVENTION, FREE))
]
Districts = Annotated[tuple[str, ...], _DISTRICTS]
Streams = Annotated[tuple[str, ...], _STREAMS]


def _read_strategy(value: cells.CellValue) -> str:
    if not isinstance(value, str):
        raise cells.Unreadable
    try:
        return strategy_named(value).name
    except ValueError:
        advice = cells.nearest(value, _STRATEGY.choices)
        raise cells.Unreadable(_WITH_ADVICE(wanted=_STRATEGY.wanted, advice=advice)) from None


_STRATEGY = cells.Kind(
    f"als {', '.join(strategy.name for strategy in STRATEGIES)}, {LEXIMIN.name} of gewichten 50-30-20 "
    "(percentages voor tekortrisico, gelijke dekking en preventie, samen 100)",
    _read_strategy,
    choices=tuple(strategy.name for strategy in (*STRATEGIES, LEXIMIN)),
    also=("gewichten 50-30-20",),
)


class SheetRow(BaseModel):
    """A row of a sheet, read but not yet checked against other rows and sheets."""

    model_config = ConfigDict(frozen=True)


def _cell(
    heading: str,
    explanation: str,
    *,
    width: int = 16,
    may_lack: bool = False,
    optional: bool = False,
    blank: str | float | None = None,
) -> Any:
    """A column. With `optional` a cell may be blank, and with `blank` it then means that; with `may_lack` the
    whole column may be absent.
    """
    extra: dict[str, Any] = {"width": width, "may_lack": may_lack, "blank": blank}
    if optional or may_lack:
        return Field(default=None, alias=heading, description=explanation, json_schema_extra=extra)
    return Field(alias=heading, description=explanation, json_schema_extra=extra)


def _source() -> Any:
    return _cell("Bron", "Waar het getal vandaan komt.", width=40, may_lack=True)


class MunicipalityRow(SheetRow):
    """Sheet Gemeente: one field per row instead of one per column."""

    code: Annotated[str, cells.code("als code (GM0518)")] = _cell(
        "Gemeentecode", "Code van het CBS, bijvoorbeeld GM0518."
    )
    name: Text = _cell("Naam", "Naam van de gemeente.")
    first_year: Year = _cell("Eerste planjaar", "Het eerste jaar waarvoor budgetten worden gemaakt.")
    n_years: Annotated[int, cells.whole_number("als aantal van 1 tot en met 6", 1, 6)] = _cell(
        "Aantal planjaren", "1 tot en met 6."
    )
    price_level: Year | None = _cell(
        "Prijspeil", "Het jaar waarin de bedragen zijn uitgedrukt. Leeg: het eerste planjaar.", may_lack=True
    )
    reference_date: Annotated[date, cells.DATE] | None = _cell(
        "Peildatum", "De datum van de stand van de gegevens.", may_lack=True
    )
    version: Text = _cell(
        "Versie", "Bijvoorbeeld: begroting 2026, na septembercirculaire.", may_lack=True, blank="onbekend"
    )
    amounts_in: Annotated[AmountUnit, cells.choice(get_args(AmountUnit))] = _cell(
        "Bedragen in",
        "euro, of x1000 als alle bedragen in duizenden euro's staan. Leeg: euro.",
        may_lack=True,
        blank="euro",
    )
    strategy: Annotated[str, _STRATEGY] = _cell(
        "Strategie",
        "Wat voorgaat na het basispakket: evenwicht (de verwachte lasten), zekerheid (ook de slechtste toekomsten), "
        "gelijke dekking, voorkomen, leximin (gelijke dekking tot het uiterste) of gewichten 50-30-20 (percentages "
        "voor tekortrisico, gelijke dekking en preventie). Leeg: evenwicht.",
        may_lack=True,
        blank="evenwicht",
    )
    risk_weight: Annotated[float, cells.number("als getal van 0 tot en met 100", 0, 100, "0.##")] | None = (
        _cell(
            "Risicogewicht",
            "Hoe zwaar een euro in de slechtste toekomsten telt naast een verwachte euro. Leeg: 1.",
            may_lack=True,
        )
    )
    confidence: (
        Annotated[float, cells.number("als aandeel van 0,5 tot en met 0,99", 0.5, 0.99, "0.##", percent=True)]
        | None
    ) = _cell(
        "Zekerheid",
        "Welke toekomsten de slechtste zijn: 0,9 is de slechtste 10 %. Ook de zekerheid van de buffer. Leeg: 0,9.",
        may_lack=True,
    )


class DistrictRow(SheetRow):
    code: Annotated[str, cells.code("als code (tekst, bijvoorbeeld WK051802)")] = _cell(
        "Wijkcode", f"Code van de wijk. De code {CITY} is gereserveerd en komt hier niet in."
    )
    name: Text | None = _cell("Wijknaam", "Naam van de wijk.", width=30, optional=True)
    quarter: Text | None = _cell(
        "Stadsdeel", "Het stadsdeel, als de gemeente die kent.", width=24, may_lack=True
    )
    inhabitants: People | None = _cell("Inwoners", "Aantal inwoners nu.", may_lack=True)


class PopulationRow(SheetRow):
    district: DistrictCode = _cell("Wijkcode", "Code uit blad Wijken.")
    year: Year = _cell("Jaar", "Het jaar van de telling of prognose.", width=10)
    age_group: Text = _cell(
        "Leeftijdsgroep", "Vrije naam, zoals gebruikt in Stromen; totaal is iedereen.", blank="totaal"
    )
    persons: People | None = _cell(
        "Personen", "Aantal inwoners in deze groep. Leeg is onbekend.", optional=True
    )
    kind: Annotated[CountKind, cells.choice(get_args(CountKind))] = _cell(
        "Soort", "telling of prognose. Leeg: telling.", blank="telling"
    )


class StreamRow(SheetRow):
    code: Annotated[str, cells.code("als code (tekst)")] = _cell("Stroom", "Korte code van de geldstroom.")
    name: Text | None = _cell("Naam", "Naam van de geldstroom.", width=34, optional=True)
    domain: Annotated[Domain, cells.choice(get_args(Domain))] = _cell(
        "Domein", "De wet waar de stroom onder valt."
    )
    kind: Annotated[StreamKind, cells.choice(get_args(StreamKind))] = _cell(
        "Soort",
        "open einde: wettelijk recht op hulp; planbaar: de gemeente kiest; geoormerkt: geld met een doel.",
    )
    area_share: Share = _cell(
        "Aandeel brede stroom",
        f"Deel van de kosten dat de gebiedsbudgetten dragen (0-1); de rest is stadsbreed ({CITY}). Leeg: 1.",
        width=22,
        blank=1,
    )
    age_group: Text = _cell(
        "Leeftijdsgroep", "De groep uit Bevolking die de stroom bedient. Leeg: totaal.", blank="totaal"
    )
    basic_package: Share | None = _cell(
        "Basispakket",
        "Deel van de verwachte kosten dat in elke wijk gedekt moet zijn (0-1). Leeg: 1 bij open einde, anders 0,8.",
        optional=True,
    )
    task_field: Annotated[str, cells.TYPED_TEXT] | None = _cell(
        "Taakveld", "Taakveld volgens Iv3, als tekst: 6.711.", width=12, optional=True
    )
    priority: Annotated[float, cells.POSITIVE] = _cell(
        "Prioriteit",
        "Gewicht van een euro tekort (groter dan 0; hoger gaat voor). Leeg: 1.",
        width=12,
        blank=1,
    )
    key: Annotated[DistributionKey, cells.choice(get_args(DistributionKey))] = _cell(
        "Verdeelsleutel",
        "gebruik: eigen gebruik; bevolking: inwoners; norm: blad Norm; gemiddelde3: gemiddeld gebruik van drie jaar."
        " Leeg: gebruik.",
        blank="gebruik",
    )


class DemandRow(SheetRow):
    district: DistrictOrCity = _cell(
        "Wijkcode",
        f"Code uit blad Wijken, of {CITY} voor cliënten zonder wijk. Met de Gemeentecode: het gepubliceerde totaal,"
        " waartoe onderdrukte aantallen worden aangevuld.",
    )
    stream: StreamCode = _cell("Stroom", "Code uit blad Stromen.")
    period: PeriodOrQuarter = _cell(
        "Periode",
        "2019, 2019-K1 of 2019-03. Een stroom is per jaar, per kwartaal of per maand, niet door elkaar.",
        width=12,
    )
    clients: Count | None = _cell(
        "Clienten", "Aantal cliënten in de periode. Leeg is onbekend, nooit nul.", optional=True
    )
    status: Annotated[DemandStatus, cells.choice(get_args(DemandStatus))] = _cell(
        "Status",
        "definitief, voorlopig, onderdrukt (onder de onthullingsgrens: onbekend klein aantal) of afgeleid."
        " Leeg: definitief.",
        blank="definitief",
    )


class NormRow(SheetRow):
    district: DistrictCode = _cell("Wijkcode", "Code uit blad Wijken.")
    stream: StreamCode = _cell("Stroom", "Code uit blad Stromen.")
    year: Year | None = _cell("Jaar", "Leeg is alle jaren.", width=10, optional=True)
    weight: Annotated[float, cells.WEIGHT] = _cell(
        "Gewicht", "Relatieve behoefte volgens een objectieve maatstaf."
    )


class TariffRow(SheetRow):
    stream: StreamCode = _cell("Stroom", "Code uit blad Stromen.")
    year: Year = _cell("Jaar", "Het jaar van het tarief; latere jaren worden geïndexeerd.", width=10)
    cost: Amount = _cell("Kosten per clientjaar", "Kosten van één cliënt gedurende een heel jaar.", width=24)
    source: Text | None = _source()


class IndexRow(SheetRow):
    year: Year = _cell("Jaar", "Het jaar van de index.", width=10)
    ova: Annotated[Decimal, cells.RATE] = _cell("OVA", "Loonstijging: 4,94 % is 0,0494.", width=10)
    ppc: Annotated[Decimal, cells.RATE] = _cell("PPC", "Prijsstijging: 2,51 % is 0,0251.", width=10)
    wage_share: Annotated[Decimal, cells.EXACT_SHARE] = _cell(
        "Loonaandeel", "Index = Loonaandeel x OVA + (1 - Loonaandeel) x PPC. Leeg: 0,9.", blank=0.9
    )
    status: Annotated[Finality, cells.choice(get_args(Finality))] = _cell(
        "Status",
        "voorlopig of definitief; een jaar kan van allebei één rij hebben. Leeg: voorlopig.",
        blank="voorlopig",
    )


class FundingRow(SheetRow):
    source: Text = _cell("Bron", "Naam van de bron van het geld.", width=40)
    year: Year = _cell("Jaar", "Het planjaar.", width=10)
    amount: Amount = _cell("Bedrag", "Het geld in dat jaar.")
    streams: Streams | None = _cell(
        "Stromen",
        "Leeg is vrij te besteden; anders codes uit blad Stromen, gescheiden door ;.",
        width=24,
        optional=True,
    )
    structural: Annotated[bool, cells.YES_NO] = _cell(
        "Structureel", "ja of nee (incidenteel). Leeg: ja.", width=12, blank="ja"
    )
    version: Text = _cell(
        "Versie", "De circulaire of het besluit.", width=24, may_lack=True, blank="onbekend"
    )


class LastBudgetRow(SheetRow):
    district: DistrictOrCity = _cell("Wijkcode", f"Code uit blad Wijken, of {CITY}.")
    stream: StreamOrRest = _cell(
        "Stroom",
        f"Code uit blad Stromen, {PREVENTION} (geld voor preventie) of {FREE} (ruimte die niet is toegewezen).",
    )
    amount: Amount | None = _cell(
        "Bedrag", "Budget in het jaar vóór het eerste planjaar. Leeg is onbekend, nooit nul.", optional=True
    )


class PreventionRow(SheetRow):
    programme: Annotated[str, cells.code("als code (tekst)")] = _cell(
        "Programma",
        "Code van het programma. Meer rijen met hetzelfde Programma en dezelfde Stroom zijn de stukken van één curve.",
    )
    name: Text | None = _cell("Naam", "Naam van het programma.", width=34, optional=True)
    districts: Districts | None = _cell(
        "Wijken", "Leeg is alle wijken; anders codes gescheiden door ;.", width=24, optional=True
    )
    stream: StreamCode = _cell("Stroom", "De stroom waarin de besparing valt.")
    up_to: Amount | None = _cell(
        "Tot bedrag",
        "Dit stuk van de curve loopt tot dit bedrag per wijk per jaar, vanaf 0 geteld.",
        optional=True,
    )
    saving: Annotated[float, cells.RATIO] | None = _cell(
        "Besparing per euro",
        "Vermeden kosten over de hele looptijd per euro preventie; mag negatief zijn en niet stijgen van stuk op stuk.",
        width=20,
        optional=True,
    )
    lag: Annotated[int, cells.whole_number("als heel aantal jaren van 0 of meer", 0, 50)] = _cell(
        "Vertraging", "Jaren tot de besparing begint.", width=12
    )
    duration: Annotated[int, cells.whole_number("als heel aantal jaren van 1 of meer", 1, 50)] = _cell(
        "Looptijd", "Jaren dat de besparing duurt.", width=12
    )
    cashable: Share | None = _cell(
        "Verzilverbaar", "Deel van de besparing dat in geld te innen is (0-1).", optional=True
    )
    municipal_share: Share | None = _cell(
        "Aandeel gemeente", "Deel van de besparing dat bij de gemeente valt (0-1).", width=18, optional=True
    )
    evidence: Annotated[Evidence, cells.choice(get_args(Evidence))] = _cell(
        "Bewijskracht", "A (sterk) tot en met E (verwachting). Leeg: E.", blank="E"
    )
    status: Annotated[PreventionStatus, cells.choice(get_args(PreventionStatus))] = _cell(
        "Status", "Alleen geboekt telt mee; pm staat ernaast. Leeg: pm.", blank="pm"
    )
    source: Text | None = _source()


PREVENTION_NUMBERS = {
    "Tot bedrag": "up_to",
    "Besparing per euro": "saving",
    "Verzilverbaar": "cashable",
    "Aandeel gemeente": "municipal_share",
}
"""Columns, and their fields, that a programme must have filled in once it is booked."""


class RuleRow(SheetRow):
    name: Annotated[
        str, cells.choice([rule.name for rule in RULES], "uit de lijst van regels op blad Uitleg")
    ] = _cell("Regel", "Naam van de regel; zie de lijst op blad Uitleg.", width=28)
    year: Year | None = _cell("Jaar", "Leeg is alle jaren.", width=10, optional=True)
    district: DistrictOrCity | None = _cell("Wijkcode", "Leeg is alle wijken.", optional=True)
    stream: StreamCode | None = _cell("Stroom", "Leeg is alle stromen.", optional=True)
    value: Annotated[Decimal, cells.VALUE] = _cell("Waarde", "In de eenheid van de regel (5 % is 0,05).")
    source: Text | None = _source()


class ReserveRow(SheetRow):
    name: Text = _cell("Reserve", "Naam van de reserve.", width=34)
    balance: Amount = _cell("Stand", "Wat er nu in zit.")
    minimum: Amount = _cell("Minimum", "Laagste stand. Leeg: 0.", blank=0)
    maximum: Amount | None = _cell("Maximum", "Hoogste stand. Leeg: geen.", optional=True)
    draw_limit: Amount = _cell(
        "Onttrekking per jaar",
        "Hoogste onttrekking per jaar. Leeg: 0, er wordt niets onttrokken.",
        width=22,
        blank=0,
    )
    end: Annotated[date, cells.DATE] | None = _cell("Einddatum", "Leeg is zonder einde.", optional=True)


class ContractRow(SheetRow):
    provider: Text = _cell("Aanbieder", "Naam van de aanbieder.", width=30)
    lot: Text | None = _cell("Perceel", "Naam of nummer van het perceel.", optional=True)
    stream: StreamCode = _cell("Stroom", "Code uit blad Stromen.")
    districts: Districts | None = _cell(
        "Wijken", "Leeg is alle wijken; anders codes gescheiden door ;.", width=24, optional=True
    )
    year: Year = _cell("Jaar", "Het jaar van de verplichting.", width=10)
    minimum: Amount | None = _cell("Minimum", "Toegezegde afname per jaar. Leeg is geen.", optional=True)
    maximum: Amount | None = _cell("Maximum", "Bestedingsruimte per jaar. Leeg is geen.", optional=True)
    variant: Annotated[Variant, cells.choice(get_args(Variant))] = _cell(
        "Variant", "inspanning, output of taak. Leeg: inspanning.", blank="inspanning"
    )
    end: Annotated[date, cells.DATE] | None = _cell("Einddatum", "Einde van het contract.", optional=True)


class ActualRow(SheetRow):
    district: DistrictOrCity = _cell("Wijkcode", f"Code uit blad Wijken, of {CITY}.")
    stream: StreamCode = _cell("Stroom", "Code uit blad Stromen.")
    period: Period = _cell("Periode", "2026 of 2026-03.", width=12)
    cost: Annotated[Decimal, cells.SIGNED_AMOUNT] | None = _cell(
        "Lasten", "Geboekte lasten; een correctie mag negatief zijn.", optional=True
    )
    granted: Amount | None = _cell("Toegewezen", "Toegewezen (beschikte) zorg in geld.", optional=True)
    status: Annotated[Finality, cells.choice(get_args(Finality))] = _cell(
        "Status", "definitief of voorlopig. Leeg: voorlopig.", blank="voorlopig"
    )


class EventRow(SheetRow):
    name: Text = _cell("Naam", "Wat er gebeurde.", width=34)
    streams: Streams | None = _cell("Stromen", "Leeg is alle stromen.", width=24, optional=True)
    districts: Districts | None = _cell("Wijken", "Leeg is alle wijken.", width=24, optional=True)
    start: Period = _cell("Van", "Eerste periode: 2019 of 2019-03.", width=12)
    end: Period | None = _cell("Tot", "Laatste periode. Leeg is blijvend.", width=12, optional=True)
    shape: Annotated[Shape, cells.choice(get_args(Shape))] = _cell(
        "Vorm", "stap: ineens en blijvend; helling: geleidelijk; puls: tijdelijk.", width=12
    )
    effect: Annotated[float, cells.EFFECT] | None = _cell(
        "Effect", "10 % meer cliënten is 0,1. Leeg: te schatten.", optional=True
    )
    source: Text | None = _source()


class DistrictChangeRow(SheetRow):
    old: Annotated[str, cells.code("als code (tekst)")] = _cell(
        "Oude wijkcode",
        "De code van vóór de wijziging; die mag in Vraag, Bevolking en Vorig budget staan.",
        width=18,
    )
    district: Annotated[str, cells.code("uit blad Wijken (of een code die later weer wijzigt)", "Wijken")] = (
        _cell("Wijkcode", "De code van erna. Een wijk die in stukken ging heeft een rij per stuk.")
    )
    year: Year = _cell("Jaar", "Het jaar waarin de nieuwe code ingaat, op 1 januari.", width=10)
    share: Annotated[float, cells.POSITIVE_SHARE] = _cell(
        "Aandeel",
        "Deel van de oude wijk dat naar deze wijk ging (0-1); van één oude code in één jaar samen 1. Leeg: 1.",
        blank=1,
    )


DEFAULT_WEIGHT = 0.5
"""What a second opinion weighs that is to be blended, where no weight is given."""


class SecondOpinionRow(SheetRow):
    district: Annotated[
        str, cells.code(f"uit blad Wijken (of {CITY}, of de gemeentecode)", "Wijken", (CITY,))
    ] = _cell(
        "Wijkcode",
        f"Code uit blad Wijken, {CITY}, of de gemeentecode: dan delen de wijken het getal naar hun eigen prognose.",
    )
    stream: StreamCode = _cell("Stroom", "Code uit blad Stromen.")
    year: Year = _cell("Jaar", "Het kalenderjaar.", width=10)
    clients: Count = _cell("Clienten", "Cliëntjaren volgens de andere prognose.")
    use: Annotated[OpinionUse, cells.choice(get_args(OpinionUse))] = _cell(
        "Gebruik",
        "vergelijken (telt niet mee), mengen (met Gewicht) of gebruiken (in plaats van de eigen prognose)."
        " Leeg: vergelijken.",
        blank="vergelijken",
    )
    weight: Share | None = _cell(
        "Gewicht", "Alleen bij mengen: gewicht van de andere prognose (0-1). Leeg: 0,5.", may_lack=True
    )
    source: Text | None = _source()
