"""Afrekening and Herinvestering: what happens to every area's surplus, and who pays an overrun."""

from __future__ import annotations

from budget.inputs import CITY, Inputs
from budget.report.cells import cells_of, letter, value_of
from budget.report.reinvestment import SURPLUS_COLUMNS
from budget.report.year_overview import place_labels
from budget.tables import Cell, Column, Formula, Kind, RowStyle, Table
from budget.year.year_end import UNSETTLED, AreaYear, YearSoFar

SETTLEMENT_COLUMNS = (
    Column("Wijkcode", Kind.TEXT, "STAD is stadsbreed; wat daar overblijft, gaat naar de algemene middelen."),
    Column("Wijknaam", Kind.TEXT),
    Column("Jaar", Kind.YEAR),
    Column("Budget", Kind.CENTS),
    Column("Verwachte jaarlast", Kind.CENTS, "Inclusief nakomende facturen en nog niet geboekte maanden."),
    Column("Overschot", Kind.CENTS, "Budget min verwachte jaarlast, als dat boven nul is."),
    Column("Naar preventie", Kind.CENTS, "Blijft in het gebied, voor preventie in het jaar erna."),
    Column("Naar algemene middelen", Kind.CENTS, "Inclusief wat niet mag worden meegenomen."),
    Column("Meegenomen", Kind.CENTS, "Wat overblijft en naar het jaar erna gaat (raadsbesluit)."),
    Column("Overschot met 90 % kans", Kind.CENTS, "Wat er met een kans van 90 % ten minste overblijft."),
    Column("Overschrijding", Kind.CENTS, "Lasten boven het budget van de stromen.", attention=">0"),
    Column("Uit vrije ruimte", Kind.CENTS, "Eerst: VRIJ in het eigen budget van het gebied."),
    Column("Uit centrale buffer", Kind.CENTS, "Dan: de centrale buffer."),
    Column("Uit reserve", Kind.CENTS, "Dan: de reserves, tot hun minimum en onttrekking per jaar."),
    Column("Raadsbesluit", Kind.CENTS, "Wat dan nog niet is gedekt.", attention=">0"),
    Column("Controle", Kind.CENTS, "Overschot en overschrijding min hun delen: nul.", attention="<>0"),
    Column("Status", Kind.TEXT, attention=f'="{UNSETTLED}"'),
    Column("Toelichting", Kind.TEXT, "Waarom de afrekening niet kan, of nog niet definitief is.", width=62),
)

_AMOUNTS = [column.name for column in SETTLEMENT_COLUMNS if column.kind is Kind.CENTS]


def settlement_table(year: YearSoFar, inputs: Inputs, overview: Table) -> Table:
    """A row per area, then the sum of them all; blank where an area cannot be settled.

    `overview` is the sheet Jaarbeeld, from which budget and outturn come.
    """
    rows = [_row(year, inputs, p, area, overview, p + 2) for p, area in enumerate(year.areas)]
    rows.append(_total(year, inputs, rows))
    word = "Definitieve" if year.final else "Voorlopige"
    title = f"{word} afrekening {year.year}: overschot en overschrijding"
    styles = {len(rows) - 1: RowStyle.TOTAL}
    return Table("Afrekening", title, SETTLEMENT_COLUMNS, rows, styles, frozen_columns=2)


def year_reinvestment_table(year: YearSoFar, inputs: Inputs, settlement: Table) -> Table:
    """The destinations of every district's surplus, as the sheet of a plan has them; from Afrekening."""
    rows: list[tuple[Cell, ...]] = []
    for p, area in enumerate(year.areas):
        if area.place == CITY:
            continue
        row = len(rows) + 2
        amounts = [
            None
            if area.settlement is None
            else Formula(
                f"={settlement.sheet}!{letter(settlement.columns, name)}{p + 2}",
                _cents(settlement, p, name),
            )
            for name in ("Overschot", "Naar preventie", "Naar algemene middelen", "Meegenomen")
        ]
        check = Formula(f"=ROUND(D{row}-SUM(E{row}:G{row}),2)", 0)
        rows.append((*place_labels(year, inputs, p), year.year, *amounts, check, area.state))
    columns = (*SURPLUS_COLUMNS, Column("Status", Kind.TEXT, attention=f'="{UNSETTLED}"'))
    title = f"Bestemming van het overschot {year.year}"
    return Table("Herinvestering", title, columns, rows, frozen_columns=2)


def _row(
    year: YearSoFar, inputs: Inputs, p: int, area: AreaYear, overview: Table, row: int
) -> tuple[Cell, ...]:
    labels = (*place_labels(year, inputs, p), year.year)
    above = 1 + (len(year.streams) + 1) * (p + 2)
    budget, expected = (
        None
        if cents is None
        else Formula(f"={overview.sheet}!{letter(overview.columns, name)}{above}", cents)
        for name, cents in (("Budget", area.tally.budget), ("Verwachte jaarlast", area.tally.expected))
    )
    why = "; ".join(area.reasons) or None
    settled, cover = area.settlement, area.cover
    if settled is None or cover is None or area.tally.band is None:
        return (*labels, budget, expected, *(None,) * 11, area.state, why)
    at = {column.name: letter(SETTLEMENT_COLUMNS, column.name) + str(row) for column in SETTLEMENT_COLUMNS}
    surplus = f"=MAX(0,ROUND({at['Budget']}-{at['Verwachte jaarlast']},2))"
    parts = f"{at['Naar preventie']}:{at['Meegenomen']}"
    payers = f"{at['Uit vrije ruimte']}:{at['Raadsbesluit']}"
    check = f"=ROUND(ABS({at['Overschot']}-SUM({parts}))+ABS({at['Overschrijding']}-SUM({payers})),2)"
    return (
        *(*labels, budget, expected),
        Formula(surplus, settled.surplus),
        *(settled.prevention, settled.general, settled.carried, max(0, area.tally.band[0])),
        *(cover.gap, cover.own, cover.central, cover.reserve, cover.council),
        *(Formula(check, 0), area.state, why),
    )


def _total(year: YearSoFar, inputs: Inputs, rows: list[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """The sum of what is known; budget and outturn only where every area has them."""
    last = len(rows) + 1
    sums: list[Cell] = []
    for name in _AMOUNTS:
        at = next(index for index, column in enumerate(SETTLEMENT_COLUMNS) if column.name == name)
        cents = [value_of(row[at]) for row in rows]
        of_letter = letter(SETTLEMENT_COLUMNS, name)
        amounts = [amount for amount in cents if isinstance(amount, int)]
        # P10's of areas do not add up to a P10
        whole = len(amounts) == len(cents) or name not in ("Budget", "Verwachte jaarlast")
        shown = whole and name != "Overschot met 90 % kans"
        sums.append(Formula(f"=SUM({of_letter}2:{of_letter}{last})", sum(amounts)) if shown else None)
    unsettled = sum(area.state == UNSETTLED for area in year.areas)
    state = "definitief" if year.final else "voorlopig"
    why = f"zonder {unsettled} die niet af te rekenen zijn" if unsettled else None
    return (*place_labels(year, inputs, None), year.year, *sums, state, why)


def _cents(table: Table, p: int, name: str) -> int:
    value = value_of(table.rows[p][table.column_index(name)])
    assert isinstance(value, int)
    return value


def amounts_of(table: Table, column: str) -> str:
    """The cells of a column without the row of totals, for a sum on another sheet."""
    return cells_of(table, column, len(table.rows) - 1)
