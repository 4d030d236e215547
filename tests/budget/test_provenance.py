"""Herkomst is read by people: shares as percentages, amounts in euros, dates with their month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from budget.inputs import Rule
from budget.report.provenance import year_provenance_table
from budget.workbook.reading import read_inputs
from sample_data import WORKBOOK


def test_rules_and_dates_are_written_as_a_reader_does() -> None:
    inputs = read_inputs(WORKBOOK.with_name("driehoek.xlsx"))
    rules = (
        Rule("groei_min", None, None, None, Decimal("0.03"), ""),
        Rule("groei_max", 2027, "WK999801", None, Decimal("0.045"), ""),
        Rule("vast", None, None, "HULP", Decimal("80000.5"), ""),
        Rule("stadsbreed", None, None, "HULP", Decimal(1), ""),
    )
    dated = replace(inputs.municipality, reference_date=date(2026, 11, 22))
    table = year_provenance_table(replace(inputs, municipality=dated, rules=rules), None, ())
    told = [str(row[2]) for row in table.rows if row[0] == "Regel" or row[1] == "Datum"]
    assert told == [
        "22 november 2026",
        "3 % (overal)",
        "4,5 % (2027, WK999801)",
        "€ 80.000,50 (HULP)",
        "1 (HULP)",
    ]
