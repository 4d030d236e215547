"""Samenvatting and Controles of a year that ends, and all its sheets in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from budget.inputs import CITY, Inputs
from budget.money import format_euros
from budget.report.cells import cells_of, letter, sum_of, total, value_of
from budget.report.forecast import ALL_STREAMS
from budget.report.provenance import imprint, year_provenance_table
from budget.report.year_overview import months_table, year_table
from budget.report.year_settlement import amounts_of, settlement_table, year_reinvestment_table
from budget.tables import Cell, Column, Formula, Kind, RowStyle, Table
from budget.year.bookings import is_over
from budget.year.year_end import FINAL, MONTH_NAMES, UNSETTLED, YearSoFar
from wording.sentence import PARAGRAPH, Template

_Row = tuple[Cell, ...]
_Sheets = Mapping[str, Table]

CHECK_COLUMNS = (
    Column("Controle", Kind.TEXT, width=70),
    Column("Uitkomst", Kind.TEXT, attention='="fout"'),
    Column("Verschil", Kind.CENTS, "Nul als de controle klopt."),
    Column("Toelichting", Kind.TEXT, width=60),
)
_MOST_NAMED = 5
_SO_FAR = Template(
    "Tot en met {month:word} {year} is {booked:euros} geboekt, waarvan {definitive:euros} definitief."
)
_LATE = Template("Op de voorlopige maanden komt naar verwachting nog {late:euros} na.")
_AHEAD = Template("De maanden die nog niet geboekt zijn, kosten naar verwachting {ahead:euros}.")
_UNKNOWN = Template("Voor de hele gemeente is geen jaarlast of overschot te geven: een deel is onbekend.")
_SURPLUS = Template("een overschot van {amount:euros}")
_OVERRUN = Template("een overschrijding van {amount:euros}")
_COST = Template("Jaarlast {cost:euros} op een budget van {budget:euros}: {outcome}.")
_EXPECTED_COST = Template("Verwachte jaarlast {cost:euros} op een budget van {budget:euros}: {outcome}.")
_BAND = Template(
    "Met 80 % kans ligt budget min lasten tussen {low:euros} en {high:euros}; de kans op een overschrijding is "
    "{chance:.0%}."
)
_FINAL = Template("Het jaar {year} is compleet en definitief; de afrekening is dat ook.")
_PROVISIONAL = Template("De afrekening is voorlopig. Er kan nog geen geld op worden toegezegd.")
_PROVISIONAL_FOR = Template("De afrekening is voorlopig: {why: ;}. Er kan nog geen geld op worden toegezegd.")
_UNSETTLED = Template("Niet af te rekenen: {areas}.")
_UNSETTLED_AND_MORE = Template("Niet af te rekenen: {areas} en {n} andere.")
_BECAUSE = Template("{area} ({why: ;})")
_NO_REASON = Template("onbekend")
_CITY_WIDE = Template("stadsbreed")


def year_tables(year: YearSoFar, inputs: Inputs) -> tuple[Table, ...]:
    """Every sheet, in the order of the workbook. Their formulas refer to each other by sheet name."""
    overview = year_table(year, inputs)
    months = months_table(year, inputs)
    settlement = settlement_table(year, inputs, overview)
    reinvestment = year_reinvestment_table(year, inputs, settlement)
    sheets = {table.sheet: table for table in (overview, months, settlement, reinvestment)}
    checks = _checks_table(year, inputs, sheets)
    summary = _summary_table(year, inputs, settlement, checks)
    provenance = year_provenance_table(inputs, year.demand, year.notes)
    tables = (summary, overview, months, settlement, reinvestment, checks, provenance)
    return tuple(replace(table, imprint=imprint(inputs)) for table in tables)


def year_sentences(year: YearSoFar, inputs: Inputs) -> tuple[str, ...]:
    """The year in a few Dutch sentences: so far, to be expected, how final it is."""
    return tuple(
        sentence
        for sentence in (_so_far(year), _to_be_expected(year), _finality(year), _not_settled(year, inputs))
        if sentence
    )


def _so_far(year: YearSoFar) -> str:
    whole = year.tally()
    last = year.booked_months[-1]
    booked = whole.definitive + whole.provisional
    month = MONTH_NAMES[int(last[5:]) - 1]
    sentences = [_SO_FAR(month=month, year=year.year, booked=booked, definitive=whole.definitive)]
    if whole.late:
        sentences.append(_LATE(late=whole.late))
    if whole.ahead:
        sentences.append(_AHEAD(ahead=whole.ahead))
    return PARAGRAPH(sentences=tuple(sentences))


def _to_be_expected(year: YearSoFar) -> str:
    whole = year.tally()
    if whole.expected is None or whole.budget is None or whole.surplus is None or whole.band is None:
        return _UNKNOWN()
    outcome = (_OVERRUN if whole.surplus < 0 else _SURPLUS)(amount=abs(whole.surplus))
    low, _, high = whole.band
    certain = low == high
    told = (_COST if certain else _EXPECTED_COST)(cost=whole.expected, budget=whole.budget, outcome=outcome)
    if certain:
        return told
    return PARAGRAPH(sentences=(told, _BAND(low=low, high=high, chance=whole.overrun_chance or 0.0)))


def _finality(year: YearSoFar) -> str:
    if year.final:
        return _FINAL(year=year.year)
    reasons = dict.fromkeys(
        reason for area in year.areas if area.state not in (FINAL, UNSETTLED) for reason in area.reasons
    )
    return _PROVISIONAL_FOR(why=tuple(reasons)[:_MOST_NAMED]) if reasons else _PROVISIONAL()


def _not_settled(year: YearSoFar, inputs: Inputs) -> str:
    names = {district.code: district.name for district in inputs.districts} | {CITY: _CITY_WIDE()}
    unsettled = tuple(
        _BECAUSE(area=names[area.place], why=area.reasons[:2] or (_NO_REASON(),))
        for area in year.areas
        if area.state == UNSETTLED
    )
    if not unsettled:
        return ""
    more = len(unsettled) - _MOST_NAMED
    return (_UNSETTLED_AND_MORE if more > 0 else _UNSETTLED)(areas=unsettled[:_MOST_NAMED], n=more)


def _summary_table(year: YearSoFar, inputs: Inputs, settlement: Table, checks: Table) -> Table:
    columns = (
        Column("Onderdeel", Kind.TEXT, width=20),
        Column("Post", Kind.TEXT, width=48),
        Column("Bedrag", Kind.CENTS, width=20),
        Column("Toelichting", Kind.TEXT, width=66),
    )
    rows: list[_Row] = []
    styles: dict[int, RowStyle] = {}
    for sentence in year_sentences(year, inputs):
        styles[len(rows)] = RowStyle.SENTENCE
        rows.append(("Het jaar", sentence, None, None))
    styles[len(rows)] = RowStyle.TOTAL
    rows += _destinations(year, settlement)
    styles[len(rows)] = RowStyle.TOTAL
    rows += _payers(year, settlement)
    for sentence in _extremes(year, inputs):
        styles[len(rows)] = RowStyle.SENTENCE
        rows.append(("Per gebied", sentence, None, None))
    wrong = sum(value_of(row[1]) == "fout" for row in checks.rows)
    styles[len(rows)] = RowStyle.SENTENCE
    told = f"{len(checks.rows)} controles, alle goed." if not wrong else _wrong(wrong)
    rows.append(("Controles", told, None, None))
    word = "Afrekening" if year.final else "Voorlopige afrekening"
    title = f"{word} {year.year} {inputs.municipality.name}"
    return Table("Samenvatting", title, columns, rows, styles, page=True)


def _wrong(count: int) -> str:
    return "1 controle is fout." if count == 1 else f"{count} controles zijn fout."


def _destinations(year: YearSoFar, settlement: Table) -> Iterator[_Row]:
    having = [area for area in year.areas if area.settlement and area.settlement.surplus]
    notes = {
        "Overschot": f"van {_areas_that(len(having), 'overhoudt', 'overhouden')}",
        "Naar preventie": "herinvesteren_aandeel, hooguit herinvesteren_max per gebied; eenmalig geld, en een "
        "verschuiving tussen taakvelden: mogelijk een begrotingswijziging",
        "Naar algemene middelen": "algemene_middelen_aandeel, en wat niet mag worden meegenomen",
        "Meegenomen": "hooguit meenemen_max per gebied; raadsbesluit, normaal één keer",
    }
    for name, note in notes.items():
        yield "Overschot", name if name == "Overschot" else f"   {name}", _sum(settlement, name), note


def _areas_that(count: int, does: str, do: str) -> str:
    return f"1 gebied dat {does}" if count == 1 else f"{count} gebieden die {do}"


def _payers(year: YearSoFar, settlement: Table) -> Iterator[_Row]:
    lacking = sum(bool(area.cover and area.cover.gap) for area in year.areas)
    returned = sum(area.settlement.general for area in year.areas if area.settlement)
    city = " (stadsbreed telt als een)" if year.places[-1] == CITY else ""
    areas = _areas_that(lacking, "tekortkomt", "tekortkomen")
    notes = {
        "Overschrijding": f"van {areas}{city}; nooit een reden om hulp te weigeren",
        "Uit vrije ruimte": "VRIJ in het eigen gebiedsbudget",
        "Uit centrale buffer": f"beschikbaar: {format_euros(year.central_buffer)}",
        "Uit reserve": f"beschikbaar in {year.year}: {format_euros(year.reserve_room)}",
        "Raadsbesluit": f"wat dan nog niet is gedekt; in de algemene middelen komt {format_euros(returned)} terug",
    }
    for name, note in notes.items():
        post = name if name == "Overschrijding" else f"   {name}"
        yield "Overschrijding", post, _sum(settlement, name), note


def _sum(settlement: Table, name: str) -> Formula:
    row = len(settlement.rows) + 1
    value = value_of(settlement.rows[-1][settlement.column_index(name)])
    assert isinstance(value, int)
    return Formula(f"={settlement.sheet}!{letter(settlement.columns, name)}{row}", value)


def _extremes(year: YearSoFar, inputs: Inputs) -> Iterator[str]:
    names = {district.code: district.name for district in inputs.districts} | {CITY: "stadsbreed"}
    known = [(area.tally.surplus, names[area.place]) for area in year.areas if area.tally.surplus is not None]
    left = sorted((pair for pair in known if pair[0] > 0), reverse=True)[:3]
    short = sorted(pair for pair in known if pair[0] < 0)[:3]
    if left:
        yield f"Meeste over: {_named(left)}."
    if short:
        yield f"Meeste tekort: {_named(short)}."


def _named(pairs: Sequence[tuple[int, str]]) -> str:
    return ", ".join(f"{name} ({format_euros(abs(cents))})" for cents, name in pairs)


def _checks_table(year: YearSoFar, inputs: Inputs, sheets: _Sheets) -> Table:
    rows: list[_Row] = []
    for name, difference, detail in _checks(year, inputs, sheets):
        value = value_of(difference)
        outcome = Formula(f'=IF(C{len(rows) + 2}=0,"goed","fout")', "goed" if value == 0 else "fout")
        rows.append((name, outcome, difference, detail))
    return Table("Controles", "Controles: alles moet goed zijn", CHECK_COLUMNS, rows)


def _checks(year: YearSoFar, inputs: Inputs, sheets: _Sheets) -> Iterator[tuple[str, Cell, str]]:
    overview, months, settlement = sheets["Jaarbeeld"], sheets["Maanden"], sheets["Afrekening"]
    town = inputs.municipality.code
    yield (
        "Geboekt = alle rijen van het jaar in Realisatie",
        _against_input(year, inputs),
        "narekening op de invoer",
    )
    for name in ("Budget", "Verwachte jaarlast"):
        yield (
            f"Jaarbeeld: {name}, de gebieden zijn samen de gemeente",
            _areas(overview, name, town),
            "werkmap",
        )
    pairs = (("Geboekt", ("Geboekt definitief", "Geboekt voorlopig")), *((n, (n,)) for n in _STILL))
    for name, parts in pairs:
        yield (
            f"Maanden: {name}, de maanden zijn samen het jaar",
            _by_month(months, overview, name, parts, town),
            "werkmap",
        )
    yield (
        "Afrekening: elk overschot en elke overschrijding is precies verdeeld",
        _zero(settlement, "Controle"),
        "werkmap",
    )
    for name in ("Naar preventie", "Naar algemene middelen", "Meegenomen", "Raadsbesluit"):
        yield f"Afrekening: {name} is nergens negatief", _negative(settlement, name), "werkmap"
    yield (
        "Afrekening: niet meer uit centrale buffer dan er is",
        _at_most(settlement, "Uit centrale buffer", year.central_buffer),
        "werkmap",
    )
    yield (
        "Afrekening: niet meer uit reserve dan er mag",
        _at_most(settlement, "Uit reserve", year.reserve_room),
        "werkmap",
    )


_STILL = ("Nakomende facturen", "Nog niet geboekt")


def _against_input(year: YearSoFar, inputs: Inputs) -> int:
    """Booked in the tables against the rows of Realisatie that count: those of a year that is not over do not."""
    counted = sum(
        actual.cost_cents or 0
        for actual in inputs.actuals
        if actual.period[:4] == str(year.year)
        and (len(actual.period) > 4 or is_over(inputs.municipality, year.year))
    )
    whole = year.tally()
    return abs(whole.definitive + whole.provisional - counted)


def _areas(overview: Table, name: str, town: str) -> Formula:
    """The cells of all areas against the total of the municipality, where that is known."""
    areas = sum_of(overview, name, Wijkcode=f'"<>{town}"', Stroom=f'"<>{ALL_STREAMS}"')
    city = sum_of(overview, name, Wijkcode=f'"{town}"', Stroom=f'"{ALL_STREAMS}"')
    known = total(overview, name, Wijkcode=town, Stroom=ALL_STREAMS)
    of_city, of_totals = total(overview, name, Wijkcode=town), total(overview, name, Stroom=ALL_STREAMS)
    cells = total(overview, name) - of_city - of_totals + known
    return Formula(f"=IF({city}=0,0,ROUND({areas}-{city},2))", cells - known if known else 0)


def _by_month(months: Table, overview: Table, name: str, parts: Sequence[str], town: str) -> Formula:
    places = {"Wijkcode": f'"{town}"', "Stroom": f'"{ALL_STREAMS}"'}
    year = "+".join(sum_of(overview, part, **places) for part in parts)
    values = {"Wijkcode": town, "Stroom": ALL_STREAMS}
    difference = total(months, name, **values) - sum(total(overview, part, **values) for part in parts)
    return Formula(f"=ROUND({sum_of(months, name, **places)}-({year}),2)", difference)


def _zero(settlement: Table, column: str) -> Formula:
    difference = sum(abs(cents) for cents in _cents(settlement, column))
    return Formula(f"=ROUND(SUMPRODUCT(ABS({amounts_of(settlement, column)})),2)", difference)


def _negative(settlement: Table, column: str) -> Formula:
    below = -sum(min(0, cents) for cents in _cents(settlement, column))
    return Formula(f'=ROUND(-SUMIF({cells_of(settlement, column)},"<0"),2)', below)


def _at_most(settlement: Table, column: str, limit: int) -> Formula:
    over = max(0, sum(_cents(settlement, column)) - limit)
    return Formula(f"=MAX(0,ROUND(SUM({amounts_of(settlement, column)})-{limit / 100:.2f},2))", over)


def _cents(settlement: Table, column: str) -> Iterator[int]:
    at = settlement.column_index(column)
    values = (value_of(row[at]) for row in settlement.rows[:-1])
    return (value for value in values if isinstance(value, int))
