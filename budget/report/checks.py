"""Controles: the audit of the plan, and the sums of this workbook checked by the workbook itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from budget.inputs import CITY, PREVENTION
from budget.plan import Plan
from budget.report.cells import cells_of, sum_of, total, value_of
from budget.report.forecast import ALL_STREAMS
from budget.tables import Cell, Column, Formula, Kind, Table
from wording.sentence import Template

COLUMNS = (
    Column("Controle", Kind.TEXT, width=70),
    Column("Uitkomst", Kind.TEXT, attention='="fout"'),
    Column("Verschil", Kind.CENTS, "Nul als de controle klopt."),
    Column(
        "Soort",
        Kind.TEXT,
        "narekening: buiten de oplosser om berekend; werkmap: formule over de andere bladen.",
    ),
    Column("Toelichting", Kind.TEXT, width=70),
)

_Sheets = Mapping[str, Table]
_CEILINGS = Template("Plafonds {year} = gebieden in Gebiedsbudgetten")
_BALANCE = Template("Budgetsluitend {year}: alle middelen hebben een bestemming")
_TASK_FIELDS = Template("Taakvelden {year}: lasten = baten")


def checks_table(plan: Plan, sheets: _Sheets) -> Table:
    """Every finding of the audit, then live formulas over the other sheets."""
    rows: list[tuple[Cell, ...]] = []
    for finding in plan.findings:
        outcome = _outcome(len(rows) + 2, finding.difference_cents)
        rows.append((finding.name, outcome, finding.difference_cents, "narekening", finding.detail or None))
    for name, difference in _live_checks(plan, sheets):
        rows.append((name, _outcome(len(rows) + 2, difference.value), difference, "werkmap", None))
    return Table("Controles", "Controles: alles moet goed zijn", COLUMNS, rows)


def _outcome(row: int, difference: Cell) -> Formula:
    return Formula(f'=IF(C{row}=0,"goed","fout")', "goed" if difference == 0 else "fout")


def _live_checks(plan: Plan, sheets: _Sheets) -> Iterator[tuple[str, Formula]]:
    for year in plan.inputs.years:
        yield _CEILINGS(year=year), _ceilings(sheets, year)
        yield _BALANCE(year=year), _balance(sheets, year)
        yield _TASK_FIELDS(year=year), _task_fields(sheets["Taakvelden"], year)
    yield "Gebiedsbudgetten: geen negatieve bedragen", _none_below_zero(sheets["Gebiedsbudgetten"], "Bedrag")
    yield "Bronnen: geen bron geeft meer uit dan zij heeft", _none_below_zero(sheets["Bronnen"], "Overig")
    yield "Verklaring: de stappen tellen op tot het plafond", _all_zero(sheets["Verklaring"], "Controle")
    yield "Oorzaken: de oorzaken tellen op tot het plafond", _all_zero(sheets["Oorzaken"], "Controle")
    yield "Herinvestering: de delen zijn samen het overschot", _all_zero(sheets["Herinvestering"], "Controle")
    yield (
        "Herinvestering: elk beschikbaar bedrag heeft een bestemming",
        _all_zero(sheets["Herinvestering"], "Controle besteding"),
    )
    yield "Preventie: uitgaven = PREVENTIE in Gebiedsbudgetten", _prevention(sheets)
    yield "Prognose: de wijken zijn samen de gemeente (cliënten)", _forecast(sheets["Prognose"])
    if "Opbouw prognose" in sheets:
        yield (
            "Opbouw prognose: de delen zijn samen de prognose (cliënten)",
            _parts_of_forecast(sheets["Opbouw prognose"]),
        )


def _ceilings(sheets: _Sheets, year: int) -> Formula:
    budgets, ceilings = sheets["Gebiedsbudgetten"], sheets["Plafonds"]
    areas = sum_of(budgets, "Bedrag", Wijkcode=f'"<>{CITY}"', Jaar=str(year))
    difference = (
        total(budgets, "Bedrag", Jaar=year)
        - total(budgets, "Bedrag", Jaar=year, Wijkcode=CITY)
        - total(ceilings, "Plafond", Jaar=year)
    )
    return Formula(f"=ROUND({areas}-{sum_of(ceilings, 'Plafond', Jaar=str(year))},2)", difference)


def _balance(sheets: _Sheets, year: int) -> Formula:
    balance = sheets["Budgetsluitend"]
    formula = "=" + sum_of(balance, "Verschil", Jaar=str(year))
    return Formula(formula, total(balance, "Verschil", Jaar=year))


def _task_fields(fields: Table, year: int) -> Formula:
    cost, income = (sum_of(fields, name, Jaar=str(year)) for name in ("Lasten", "Baten"))
    difference = total(fields, "Lasten", Jaar=year) - total(fields, "Baten", Jaar=year)
    return Formula(f"=ROUND(1000*({cost}-{income}),2)", difference)


def _prevention(sheets: _Sheets) -> Formula:
    prevention, budgets = sheets["Preventie"], sheets["Gebiedsbudgetten"]
    spent, planned = sum_of(prevention, "Bedrag"), sum_of(budgets, "Bedrag", Stroom=f'"{PREVENTION}"')
    difference = total(prevention, "Bedrag") - total(budgets, "Bedrag", Stroom=PREVENTION)
    return Formula(f"=ROUND({spent}-{planned},2)", difference)


def _forecast(forecast: Table) -> Formula:
    districts = sum_of(forecast, "Verwacht", Niveau='"wijk"')
    city = sum_of(forecast, "Verwacht", Niveau='"gemeente"', Stroom=f'"<>{ALL_STREAMS}"')
    return Formula(f"=ROUND({districts}-{city},2)", 0)


def _parts_of_forecast(parts: Table) -> Formula:
    """How many clients the parts of all rows are off, together."""
    at = parts.column_index("Controle")
    off = sum(abs(float(value_of(row[at]) or 0.0)) for row in parts.rows)
    return Formula(f"=ROUND(SUMPRODUCT(ABS({cells_of(parts, 'Controle')})),3)", round(100 * off))


def _none_below_zero(table: Table, column: str) -> Formula:
    """How much is below zero."""
    below = -sum(min(0, cents) for cents in _cents(table, column))
    return Formula(f'=ROUND(-SUMIF({cells_of(table, column)},"<0"),2)', below)


def _all_zero(table: Table, column: str) -> Formula:
    """How far a column of differences is from zero."""
    formula = f"=ROUND(SUMPRODUCT(ABS({cells_of(table, column)})),2)"
    return Formula(formula, sum(abs(cents) for cents in _cents(table, column)))


def _cents(table: Table, column: str) -> Iterator[int]:
    at = table.column_index(column)
    values = (value_of(row[at]) for row in table.rows)
    return (value for value in values if isinstance(value, int))
