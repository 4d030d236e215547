"""The empty workbook is the contract: every sheet, every heading, explained, with drop-downs; text stays text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from budget.faults import FaultyInput
from budget.workbook.reading import read_inputs
from budget.workbook.rule_names import RULES
from budget.workbook.sheets import SHEETS
from budget.workbook.template import write_input_workbook, write_template
from tests.budget.input_rows import proefstad

CONTRACT = {
    "Gemeente": "Veld, Waarde",
    "Wijken": "Wijkcode, Wijknaam, Stadsdeel, Inwoners",
    "Bevolking": "Wijkcode, Jaar, Leeftijdsgroep, Personen, Soort",
    "Stromen": "Stroom, Naam, Domein, Soort, Aandeel brede stroom, Leeftijdsgroep, Basispakket, Taakveld, Prioriteit,"
    " Verdeelsleutel",
    "Vraag": "Wijkcode, Stroom, Periode, Clienten, Status",
    "Norm": "Wijkcode, Stroom, Jaar, Gewicht",
    "Tarieven": "Stroom, Jaar, Kosten per clientjaar, Bron",
    "Indexen": "Jaar, OVA, PPC, Loonaandeel, Status",
    "Middelen": "Bron, Jaar, Bedrag, Stromen, Structureel, Versie",
    "Vorig budget": "Wijkcode, Stroom, Bedrag",
    "Preventie": "Programma, Naam, Wijken, Stroom, Tot bedrag, Besparing per euro, Vertraging, Looptijd, Verzilverbaar,"
    " Aandeel gemeente, Bewijskracht, Status, Bron",
    "Regels": "Regel, Jaar, Wijkcode, Stroom, Waarde, Bron",
    "Reserves": "Reserve, Stand, Minimum, Maximum, Onttrekking per jaar, Einddatum",
    "Contracten": "Aanbieder, Perceel, Stroom, Wijken, Jaar, Minimum, Maximum, Variant, Einddatum",
    "Realisatie": "Wijkcode, Stroom, Periode, Lasten, Toegewezen, Status",
    "Gebeurtenissen": "Naam, Stromen, Wijken, Van, Tot, Vorm, Effect, Bron",
    "Wijkwijzigingen": "Oude wijkcode, Wijkcode, Jaar, Aandeel",
    "Tweede mening": "Wijkcode, Stroom, Jaar, Clienten, Gebruik, Gewicht, Bron",
}
FIELDS = (
    "Gemeentecode, Naam, Eerste planjaar, Aantal planjaren, Prijspeil, Peildatum, Versie, Bedragen in,"
    " Strategie, Risicogewicht, Zekerheid"
)
RULE_NAMES = (
    "groei_min groei_max groei_max_per_inwoner norm_aandeel basispakket buffer_centraal preventie_min preventie_max"
    " herinvesteren_aandeel algemene_middelen_aandeel herinvesteren_max meenemen_max stadsbreed schuifruimte"
    " vast plafond"
)


def headings(sheet: Worksheet) -> str:
    return ", ".join(str(cell.value) for cell in sheet[1])


def test_the_template_has_every_sheet_and_column_of_the_contract(tmp_path: Path) -> None:
    write_template(tmp_path / "leeg.xlsx")
    workbook = load_workbook(tmp_path / "leeg.xlsx")
    assert workbook.sheetnames == ["Uitleg", *CONTRACT]
    for name, columns in CONTRACT.items():
        assert headings(workbook[name]).removesuffix(", Toelichting") == columns
        assert workbook[name].freeze_panes == "A2"
    assert ", ".join(str(cell.value) for cell in workbook["Gemeente"]["A"][1:]) == FIELDS
    assert [cell.value for cell in workbook["Gemeente"]["B"][1:]] == [None] * FIELDS.count(", ") + [None]


def test_the_rules_are_those_of_the_contract() -> None:
    assert [rule.name for rule in RULES] == RULE_NAMES.split()


def test_every_column_is_explained_where_it_stands_and_on_the_first_sheet(tmp_path: Path) -> None:
    write_template(tmp_path / "leeg.xlsx")
    workbook = load_workbook(tmp_path / "leeg.xlsx")
    guide = "\n".join(str(cell.value) for row in workbook["Uitleg"] for cell in row)
    for sheet in SHEETS:
        for place, column in enumerate(sheet.columns):
            assert column.explanation in guide
            if not sheet.fields_in_rows:
                assert workbook[sheet.name].cell(1, place + 1).comment.text == column.explanation
    for rule in RULES:
        assert rule.meaning in guide


def test_coded_columns_offer_their_codes(tmp_path: Path) -> None:
    write_template(tmp_path / "leeg.xlsx")
    workbook = load_workbook(tmp_path / "leeg.xlsx")

    def offered(sheet: str, cell: str) -> str:
        lists = workbook[sheet].data_validations.dataValidation
        return next(str(choices.formula1) for choices in lists if cell in choices.sqref)

    assert offered("Stromen", "C2") == '"Wmo,Jeugd,Participatie,Schuldhulp"'
    assert offered("Vraag", "B900") == "Stromen!$A$2:$A$1001"
    assert offered("Gemeente", "B9") == '"euro,x1000"'
    first, last = offered("Regels", "A2").removeprefix("Uitleg!").replace("$", "").split(":")
    assert [cell.value for (cell,) in workbook["Uitleg"][first:last]] == RULE_NAMES.split()


def test_the_empty_template_is_asked_for_what_it_lacks_and_nothing_else(tmp_path: Path) -> None:
    write_template(tmp_path / "leeg.xlsx")
    with pytest.raises(FaultyInput) as refused:
        read_inputs(tmp_path / "leeg.xlsx")
    needed = ["Gemeente"] * 4 + ["Wijken", "Stromen", "Vraag", "Tarieven", "Middelen", "Vorig budget"]
    assert [fault.sheet for fault in refused.value.faults] == needed


def test_text_is_written_as_text_and_never_as_a_formula(tmp_path: Path) -> None:
    rows = proefstad()
    rows["Wijken"][0]["Wijknaam"] = '=HYPERLINK("http://x")'
    rows["Wijken"][1]["Wijknaam"] = "Kade\x00\x1b2"
    write_input_workbook(tmp_path / "in.xlsx", rows)
    cell = load_workbook(tmp_path / "in.xlsx")["Wijken"]["B2"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://x")')
    assert [district.name for district in read_inputs(tmp_path / "in.xlsx").districts] == [
        "Kade 2",
        '=HYPERLINK("http://x")',
    ]


def test_equal_rows_give_an_equal_file(tmp_path: Path) -> None:
    write_input_workbook(tmp_path / "een.xlsx", proefstad())
    write_input_workbook(tmp_path / "twee.xlsx", proefstad())
    assert (tmp_path / "een.xlsx").read_bytes() == (tmp_path / "twee.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("sheet", "row"),
    [
        ("Wijkjes", {}),
        ("Wijken", {"Code": "01"}),
        ("Gemeente", {"Veld": "Burgemeester", "Waarde": "x"}),
        ("Wijken", {"Wijkcode": ["01"]}),
        ("Wijken", {"Wijkcode": date(2026, 1, 1)}),
        ("Wijken", {"Wijknaam": "x" * 40_000}),
    ],
)
def test_what_the_contract_does_not_know_is_refused_and_leaves_no_file(
    tmp_path: Path, sheet: str, row: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match=r"."):
        write_input_workbook(tmp_path / "in.xlsx", {sheet: [row]})
    assert list(tmp_path.iterdir()) == []
