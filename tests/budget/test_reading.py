"""The border: what a municipality fills in, read as she means it, or every fault at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from budget.faults import FaultyInput
from budget.inputs import CITY, FREE, PREVENTION, Inputs, Municipality
from budget.workbook.reading import read_inputs
from budget.workbook.template import write_input_workbook
from forecasts.demand import OutsideForecast
from forecasts.history import Status
from tests.budget.faulty_workbook import write_faulty_workbook
from tests.budget.input_rows import MONTHS, Rows, proefstad, table, write_csv_folder

GOLDEN = Path(__file__).parent / "golden" / "faults.txt"

Change = Callable[[Rows], None]


def written(folder: Path, *changes: Change) -> Path:
    rows = proefstad()
    for change in changes:
        change(rows)
    path = folder / "proefstad.xlsx"
    write_input_workbook(path, rows)
    return path


def edited(folder: Path, edit: Callable[[Workbook], None]) -> Path:
    """Proefstad with cells changed as in Excel."""
    path = written(folder)
    workbook = load_workbook(path)
    edit(workbook)
    workbook.save(path)
    return path


def put(sheet: str, row: int, column: str, value: object) -> Change:
    """Another value in the row-th row (from 0) of a sheet."""

    def change(rows: Rows) -> None:
        rows[sheet][row][column] = value

    return change


def without(sheet: str) -> Change:
    def change(rows: Rows) -> None:
        del rows[sheet]

    return change


def faults(path: Path, boundaries: Path | None = None) -> list[str]:
    with pytest.raises(FaultyInput) as refused:
        read_inputs(path, boundaries)
    return [str(fault) for fault in refused.value.faults]


def same(one: Inputs, other: Inputs) -> None:
    for field in fields(Inputs):
        if field.name not in ("provenance", "history", "population"):
            assert getattr(one, field.name) == getattr(other, field.name), field.name
    np.testing.assert_array_equal(one.population.persons, other.population.persons)
    assert one.history.districts == other.history.districts
    assert one.history.events == other.history.events
    for left, right in zip(one.history.streams, other.history.streams, strict=True):
        assert left.periods.equals(right.periods)
        np.testing.assert_array_equal(left.clients, right.clients)
        np.testing.assert_array_equal(left.status, right.status)
    assert one.provenance.defaults == other.provenance.defaults


# What is read


def test_every_sheet_of_the_contract_reaches_the_inputs(tmp_path: Path) -> None:
    inputs = read_inputs(written(tmp_path))
    assert inputs.municipality == Municipality(
        "GM9997", "Proefstad", 2026, 2, 2026, date(2025, 12, 31), "concept"
    )
    assert inputs.area_codes == ("01", "02")
    assert inputs.stream_codes == ("6.71", "JEUGD")
    assert inputs.streams[0].task_field == "6.712"
    assert inputs.population.age_groups == ("0-17", "totaal")
    assert inputs.population.persons[:, :, 0].tolist() == [[1_200, 6_000], [900.5, 4_000]]
    assert inputs.tariffs[1].euros_per_client_year == Decimal("12345.67")
    assert inputs.indices[1].ova == Decimal("0.0418")
    assert [money.cents for money in inputs.funding] == [300_000_000, 310_000_055, 5_000_000]
    assert inputs.funding[2].streams == ("6.71", "JEUGD")
    assert inputs.last_budget["02", "JEUGD"] == 75_000_001
    assert ("02", "6.71") not in inputs.last_budget
    assert inputs.norm[0].year is None
    assert [segment.up_to_cents for segment in inputs.prevention] == [2_000_000, 4_000_000, 0]
    assert inputs.rules[2].district == CITY
    assert inputs.reserves[0].maximum_cents == 90_000_000
    assert inputs.contracts[0].districts == ("01",)
    assert inputs.actuals[1].cost_cents == -5_000
    assert inputs.history.events[0].start == pd.Period("2019-01", "M")
    assert inputs.history.events[0].end == pd.Period("2020-06", "M")
    assert inputs.outside == (
        OutsideForecast("GM9997", "JEUGD", 2026, 180, 0.25, "landelijk model"),
        OutsideForecast("01", "6.71", 2026, 310.5, 0, "landelijk model"),
        OutsideForecast("02", "6.71", 2027, 12, 1, ""),
    )


def test_a_series_has_every_period_and_unknown_where_a_district_has_none(tmp_path: Path) -> None:
    history = read_inputs(written(tmp_path)).history
    assert history.districts == ("01", "02", CITY)
    assert history.quarters == ("Centrum", "Centrum", "")
    yearly, monthly = history.streams
    assert yearly.periods_per_year == 1
    assert np.isnan(yearly.clients[1]).all()
    assert (yearly.status[1] == Status.SUPPRESSED).all()
    assert [str(period) for period in monthly.periods] == MONTHS
    assert monthly.clients[0].tolist() == [100.0 + place for place in range(12)]
    assert np.isnan(monthly.clients[2]).tolist() == [True] * 6 + [False] * 6


def test_csv_files_and_a_workbook_with_the_same_rows_are_the_same_inputs(tmp_path: Path) -> None:
    book = read_inputs(written(tmp_path))
    for encoding in ("utf-8-sig", "utf-8", "cp1252"):
        for separator in (";", ","):
            folder = tmp_path / f"{encoding} {ord(separator)}"
            same(
                book,
                read_inputs(write_csv_folder(folder, proefstad(), separator=separator, encoding=encoding)),
            )


def test_the_same_file_has_the_same_fingerprint_and_another_has_not(tmp_path: Path) -> None:
    first = read_inputs(written(tmp_path)).provenance
    again = read_inputs(written(tmp_path)).provenance
    other = read_inputs(written(tmp_path, put("Wijken", 0, "Wijknaam", "Zuidwest"))).provenance
    assert first == again
    assert first.sha256 != other.sha256


@pytest.mark.parametrize(
    ("typed", "clients"),
    [
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("1.234", 1.234),
        ("1.234,5", 1234.5),
        ("0.125", 0.125),
        (" 7 ", 7.0),
        ("\u00a07", 7.0),
        (".", np.nan),
        ("-99998", np.nan),
        (-99997, np.nan),
        (None, np.nan),
        (0, 0.0),
    ],
)
def test_a_number_is_read_as_it_is_meant_and_unknown_stays_unknown(
    tmp_path: Path, typed: object, clients: float
) -> None:
    history = read_inputs(written(tmp_path, put("Vraag", 0, "Clienten", typed))).history
    np.testing.assert_equal(history.streams[1].clients[0, 0], clients)


def test_a_percentage_as_text_is_a_share(tmp_path: Path) -> None:
    inputs = read_inputs(
        written(
            tmp_path,
            put("Stromen", 0, "Aandeel brede stroom", "12,5%"),
            put("Indexen", 0, "OVA", "4,94 %"),
            put("Regels", 1, "Waarde", "5%"),
        )
    )
    assert inputs.streams[1].area_share == 0.125
    assert inputs.indices[0].ova == Decimal("0.0494")
    assert inputs.rules[1].value == Decimal("0.05")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            put("Vorig budget", 0, "Bedrag", "1.234"),
            "Vorig budget: Bedrag 1.234 in C2 is gelezen als 1234.",
        ),
        (put("Vraag", 0, "Clienten", "60.125"), "Vraag: Clienten 60.125 in D2 is gelezen als 60,125."),
        (put("Norm", 0, "Gewicht", "1.234"), "Norm: Gewicht 1.234 in D2 is gelezen als 1,234."),
    ],
)
def test_what_an_open_point_means_is_told(tmp_path: Path, typed: Change, told: str) -> None:
    assert told in read_inputs(written(tmp_path, typed)).provenance.defaults


def test_a_point_in_a_number_of_clients_is_a_decimal_point(tmp_path: Path) -> None:
    typed = [put("Vraag", row, "Clienten", text) for row, text in enumerate(("60.125", "712.5"))]
    clients = read_inputs(written(tmp_path, *typed)).history.streams[1].clients
    assert clients[0, :2].tolist() == [60.125, 712.5]


def test_a_single_point_is_decimal_in_a_csv_file_with_commas(tmp_path: Path) -> None:
    folder = tmp_path / "stad"
    write_csv_folder(folder, proefstad(), separator=",")
    rows = (folder / "Vorig budget.csv").read_text("utf-8").splitlines()
    code, stream, _ = rows[1].split(",", 2)
    rows[1] = f"{code},{stream},1300.125"
    rows[2] = ",".join([*rows[2].split(",", 2)[:2], "1.255"])
    (folder / "Vorig budget.csv").write_text("\n".join(rows), "utf-8")
    amounts = list(read_inputs(folder).last_budget.values())
    assert amounts[:2] == [130_013, 126]


@pytest.mark.parametrize(
    ("sheet", "column", "cell", "texts", "wanted"),
    [
        (
            "Vorig budget", "Bedrag", "C2", ("1.234", "712.5"),
            "Bedrag zonder punt voor duizendtallen (elders in de kolom is de punt decimaal: 712.5)",
        ),
        (
            "Vraag", "Clienten", "D2", ("1.234", "712,5"),
            "Clienten met een komma als decimaalteken, of zonder punt (elders in de kolom staat 712,5)",
        ),
        (
            "Bevolking", "Personen", "D2", ("1.234", "712"),
            "Personen zonder punt, of met een komma als decimaalteken",
        ),
    ],
)  # fmt: skip
def test_a_point_that_may_mean_two_things_in_one_column_is_a_fault(
    tmp_path: Path, sheet: str, column: str, cell: str, texts: Sequence[str], wanted: str
) -> None:
    typed = [put(sheet, row, column, text) for row, text in enumerate(texts)]
    assert faults(written(tmp_path, *typed)) == [
        f'{sheet}!{cell}: verwacht {wanted}, gevonden "{texts[0]}" (niet eenduidig)'
    ]


def test_a_point_groups_people_where_the_column_shows_that(tmp_path: Path) -> None:
    typed = [put("Bevolking", row, "Personen", text) for row, text in enumerate(("1.234", "1.712.000"))]
    assert "Bevolking: Personen 1.234 in D2 is gelezen als 1234." in (
        read_inputs(written(tmp_path, *typed)).provenance.defaults
    )


@pytest.mark.parametrize(
    "typed", ["€ 1.300.000,00", "1300000 euro", "EUR 1.300.000", "1,300,000.00", "1300000", "€ 1.300.000,-"]
)
def test_an_amount_is_read_as_people_type_it(tmp_path: Path, typed: str) -> None:
    inputs = read_inputs(written(tmp_path, put("Vorig budget", 0, "Bedrag", typed)))
    assert inputs.last_budget["01", "JEUGD"] == 1_300_000 * 100


def test_amounts_in_thousands_are_multiplied_and_shares_are_not(tmp_path: Path) -> None:
    def in_thousands(rows: Rows) -> None:
        rows["Gemeente"][7]["Waarde"] = "x1000"
        rows["Tarieven"] = table(
            ("Stroom", "Jaar", "Kosten per clientjaar"), ("JEUGD", 2025, 12.5), ("6.71", 2025, "€ 4")
        )

    inputs = read_inputs(written(tmp_path, in_thousands))
    assert inputs.funding[1].cents == 310_000_055 * 1000
    assert inputs.tariffs[0].euros_per_client_year == 4_000
    assert inputs.tariffs[1].euros_per_client_year == 12_500
    assert inputs.rules[0].value == Decimal("0.03")
    assert inputs.rules[2].value == 45_000_000


def test_a_month_that_excel_made_a_date_of_is_that_month(tmp_path: Path) -> None:
    def retype(workbook: Workbook) -> None:
        workbook["Vraag"]["C2"] = datetime(2025, 1, 1)
        workbook["Vraag"]["C2"].number_format = "mmm-yy"

    same(read_inputs(edited(tmp_path, retype)), read_inputs(written(tmp_path)))


def test_column_order_capitals_accents_spaces_titles_hidden_and_blank_rows_do_not_matter(
    tmp_path: Path,
) -> None:
    expected = read_inputs(written(tmp_path))

    def edit(workbook: Workbook) -> None:
        sheet = workbook["Wijken"]
        sheet.move_range("A1:A3", cols=5)
        sheet["F1"] = "  WIJKCODE "
        sheet["G1"], sheet["G2"] = "Eigen notitie", "=1/0"
        sheet.insert_rows(1, 2)
        sheet["A1"] = "Wijken van de gemeente"
        sheet.insert_rows(5)
        sheet.row_dimensions[4].hidden = True
        workbook["Vraag"].title = " vraag "
        workbook[" vraag "]["D1"] = "Cliënten"
        workbook.create_sheet("Kladblad")["A1"] = "=A2"

    read = read_inputs(edited(tmp_path, edit))
    assert read.districts == expected.districts
    assert [stream.stream for stream in read.history.streams] == ["6.71", "JEUGD"]
    assert "Niet gebruikt: blad Kladblad." in read.provenance.defaults
    assert "Niet gebruikt op blad Wijken: kolom Eigen notitie." in read.provenance.defaults


def test_what_is_left_out_is_filled_in_and_told(tmp_path: Path) -> None:
    def leave_out(rows: Rows) -> None:
        for column in (
            "Aandeel brede stroom",
            "Leeftijdsgroep",
            "Basispakket",
            "Prioriteit",
            "Verdeelsleutel",
        ):
            for stream in rows["Stromen"]:
                stream[column] = None
        rows["Reserves"] = table(("Reserve", "Stand"), ("Egalisatie", 5))
        rows["Gemeente"] = [
            row for row in rows["Gemeente"] if row["Veld"] not in ("Prijspeil", "Bedragen in")
        ]
        rows["Contracten"] = []

    inputs = read_inputs(written(tmp_path, leave_out))
    planned, open_ended = inputs.streams
    assert (open_ended.area_share, open_ended.age_group, open_ended.priority) == (1.0, "totaal", 1.0)
    assert (open_ended.basic_package, planned.basic_package, planned.key) == (1.0, 0.8, "gebruik")
    assert (inputs.reserves[0].draw_limit_cents, inputs.reserves[0].maximum_cents) == (0, None)
    for sentence in (
        "Gemeente: Prijspeil ontbreekt, het eerste planjaar 2026 gebruikt.",
        "Gemeente: Bedragen in ontbreekt, euro gebruikt.",
        "Stromen: Prioriteit van JEUGD, 6.71 ontbreekt, 1 gebruikt.",
        "Stromen: Basispakket van 6.71 ontbreekt, 0,8 gebruikt (soort planbaar).",
        "Reserves: Onttrekking per jaar van Egalisatie ontbreekt, 0 gebruikt.",
        "Blad Contracten is niet ingevuld: er zijn geen verplichtingen aan aanbieders.",
    ):
        assert sentence in inputs.provenance.defaults


def test_a_negative_lower_limit_is_read_as_the_fall_it_means(tmp_path: Path) -> None:
    inputs = read_inputs(written(tmp_path, put("Regels", 0, "Waarde", -0.03)))
    assert inputs.rules[0].value == Decimal("0.03")
    assert (
        "Regels: groei_min -0,03 in rij 2 is gelezen als een daling van hooguit 0,03."
        in inputs.provenance.defaults
    )


def test_a_share_that_was_probably_a_percentage_is_no_fault_and_is_told_with_its_cell(tmp_path: Path) -> None:
    percentages = put("Regels", 1, "Waarde", 4.5), put("Gebeurtenissen", 0, "Effect", 10)
    told = read_inputs(written(tmp_path, *percentages)).provenance
    assert told.warnings == (
        "Regels!E3: groei_max 4,5 is gelezen als 450,0 %. Was 4,5 % bedoeld, schrijf dan 0,045.",
        "Gebeurtenissen!G2: Effect 10 is gelezen als 1.000 %. Was 10 % bedoeld, schrijf dan 0,10.",
    )
    assert told.defaults[:2] == told.warnings
    assert read_inputs(written(tmp_path)).provenance.warnings == ()


def test_a_second_opinion_to_blend_weighs_half_where_it_has_no_weight_and_that_is_told(
    tmp_path: Path,
) -> None:
    inputs = read_inputs(written(tmp_path, put("Tweede mening", 0, "Gewicht", None)))
    assert inputs.outside[0].weight == 0.5
    assert (
        "Tweede mening: Gewicht van GM9997 JEUGD 2026 ontbreekt, 0,5 gebruikt." in inputs.provenance.defaults
    )


def test_last_years_output_can_be_pasted_with_its_money_for_prevention_and_its_free_room(
    tmp_path: Path,
) -> None:
    def paste(rows: Rows) -> None:
        rows["Vorig budget"] += table(
            ("Wijkcode", "Stroom", "Bedrag"), ("01", PREVENTION, 20_000), ("01", FREE, 5_000.5)
        )

    inputs = read_inputs(written(tmp_path, paste))
    assert inputs.last_budget["01", "PREVENTIE"] == 20_000_00
    assert inputs.last_budget["01", "VRIJ"] == 5_000_50


def quarterly(*periods: str) -> Change:
    def change(rows: Rows) -> None:
        headings = ("Wijkcode", "Stroom", "Periode", "Clienten")
        rows["Vraag"] = [row for row in rows["Vraag"] if row["Stroom"] != "6.71"] + table(
            headings, *(("01", "6.71", period, 300 + place) for place, period in enumerate(periods))
        )

    return change


def test_a_stream_may_be_counted_by_quarter(tmp_path: Path) -> None:
    stream = read_inputs(
        written(tmp_path, quarterly("2024-K3", "2024-k4", "2025-Q1", "2025Q2"))
    ).history.streams[0]
    assert stream.periods.equals(pd.period_range("2024Q3", "2025Q2", freq="Q"))
    assert stream.periods_per_year == 4
    assert stream.clients[0].tolist() == [300, 301, 302, 303]


def test_quarters_have_no_gaps_and_do_not_mix_with_years(tmp_path: Path) -> None:
    assert faults(written(tmp_path, quarterly("2024-K3", "2025-K1"))) == [
        "Vraag!C33: verwacht 2024-K4 voor wijk 01, stroom 6.71: een reeks heeft geen gaten, gevonden 2025-K1 na 2024-K3"
    ]
    assert faults(written(tmp_path, quarterly("2024-K3", "2024-K4", "2025"))) == [
        "Vraag!C34: verwacht voor stroom 6.71 alleen kwartalen (2019-K1), zoals in haar andere rijen,"
        ' gevonden "2025"'
    ]


def test_rows_that_the_plan_does_not_use_are_told(tmp_path: Path) -> None:
    def add(rows: Rows) -> None:
        rows["Middelen"][0]["Jaar"] = 2025
        rows["Middelen"].append({**rows["Middelen"][0], "Jaar": 2026})
        rows["Regels"] += table(
            ("Regel", "Jaar", "Waarde"), ("groei_max", 2031, 0.1), ("groei_max", 2027, 0.1)
        )
        rows["Regels"] += table(("Regel", "Wijkcode", "Waarde"), ("groei_max", "02", 0.1))
        rows["Bevolking"] = rows["Bevolking"][:1]
        rows["Stromen"][0]["Leeftijdsgroep"] = "totaal"

    defaults = read_inputs(written(tmp_path, add)).provenance.defaults
    assert "Middelen: buiten de planjaren en dus niet gebruikt: rij 2." in defaults
    assert "Regels: buiten de planjaren en dus niet gebruikt: rij 5." in defaults
    assert "Bevolking: geen inwoners bekend van wijk 02." in defaults
    assert (
        "Regels: groei_max is gegeven per jaar, per wijk; waar twee even precieze rijen gelden gaat wijk voor stroom"
        " en stroom voor jaar." in defaults
    )


@pytest.mark.parametrize(
    "sheet",
    [
        "Bevolking",
        "Norm",
        "Indexen",
        "Preventie",
        "Regels",
        "Reserves",
        "Contracten",
        "Realisatie",
        "Gebeurtenissen",
        "Wijkwijzigingen",
        "Tweede mening",
    ],
)
def test_an_optional_sheet_may_be_absent(tmp_path: Path, sheet: str) -> None:
    def remove(workbook: Workbook) -> None:
        workbook.remove(workbook[sheet])

    defaults = read_inputs(edited(tmp_path, remove)).provenance.defaults
    assert any(sentence.startswith(f"Blad {sheet} is niet ingevuld") for sentence in defaults)


# What is refused


def test_every_kind_of_fault_is_listed_at_once_with_its_place(tmp_path: Path) -> None:
    found = "\n".join(faults(write_faulty_workbook(tmp_path / "fout.xlsx"))) + "\n"
    assert found == GOLDEN.read_text(encoding="utf-8")


def test_faults_in_csv_files_have_the_same_places_as_in_a_workbook(tmp_path: Path) -> None:
    changes = (
        put("Vraag", 3, "Clienten", "veel"),
        put("Wijken", 1, "Inwoners", -1),
        put("Middelen", 0, "Jaar", 2031),
        put("Regels", 0, "Regel", "groei_minn"),
    )
    rows = proefstad()
    for change in changes:
        change(rows)
    in_csv = faults(write_csv_folder(tmp_path / "csv", rows))
    in_workbook = faults(written(tmp_path, *changes))
    assert len(in_csv) == 4
    assert [fault.partition(", gevonden")[0] for fault in in_csv] == [
        fault.partition(", gevonden")[0] for fault in in_workbook
    ]


@pytest.mark.parametrize(
    "sheet", ["Gemeente", "Wijken", "Stromen", "Vraag", "Tarieven", "Middelen", "Vorig budget"]
)
def test_a_needed_sheet_may_not_be_absent(tmp_path: Path, sheet: str) -> None:
    def remove(workbook: Workbook) -> None:
        workbook.remove(workbook[sheet])

    expected = f"{sheet}: verwacht een blad {sheet}, gevonden geen blad met die naam"
    assert any(fault.startswith(expected) for fault in faults(edited(tmp_path, remove)))


def test_a_missing_column_is_one_fault_and_not_one_per_row(tmp_path: Path) -> None:
    def rename(workbook: Workbook) -> None:
        workbook["Vraag"]["C1"] = "Perioden"

    assert faults(edited(tmp_path, rename)) == [
        "Vraag!A1: verwacht een kolom Periode, gevonden geen kolom met die naam (misschien Perioden)"
    ]


def test_a_needed_sheet_without_rows_is_a_fault(tmp_path: Path) -> None:
    assert "Tarieven: verwacht ten minste één rij onder de kolomkoppen, gevonden geen rijen" in faults(
        written(tmp_path, without("Tarieven"))
    )


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            put("Tarieven", 0, "Kosten per clientjaar", 2_000_000),
            "Tarieven!C2: verwacht hooguit € 1.000.000 per cliëntjaar, gevonden 2000000",
        ),
        (
            put("Tarieven", 0, "Jaar", 2029),
            "Stromen!A2: verwacht een tarief in blad Tarieven voor 2027 of eerder, gevonden geen voor JEUGD",
        ),
        (
            put("Vraag", 11, "Periode", "2028-01"),
            'Vraag!C13: verwacht een periode tot en met het laatste planjaar 2027, gevonden "2028-01"',
        ),
        (
            put("Stromen", 1, "Stroom", "VRIJ"),
            "Stromen!A3: verwacht een andere code dan STAD, PREVENTIE en VRIJ, die een eigen betekenis hebben,"
            ' gevonden "VRIJ"',
        ),
        (
            put("Middelen", 0, "Bedrag", 9.9e14),
            "Middelen!C2: verwacht Bedrag als bedrag van 0 of meer; 100.000.000.000 is de bovengrens en die is"
            " overschreden, gevonden 990000000000000",
        ),
        (
            put("Vraag", 0, "Clienten", 1e30),
            "Vraag!D2: verwacht Clienten als getal van 0 of meer; 1.000.000.000 is de bovengrens en die is"
            " overschreden, gevonden 1,00 × 10^30",
        ),
        (
            put("Preventie", 0, "Looptijd", 60),
            "Preventie!H2: verwacht Looptijd als heel aantal jaren van 1 of meer; 50 is de bovengrens en die is"
            " overschreden, gevonden 60",
        ),
        (put("Norm", 0, "Wijkcode", CITY), 'Norm!A2: verwacht Wijkcode uit blad Wijken, gevonden "STAD"'),
        (
            put("Gemeente", 3, "Waarde", 7),
            "Gemeente!B5: verwacht Aantal planjaren als aantal van 1 tot en met 6, gevonden 7",
        ),
        (
            put("Preventie", 0, "Vertraging", 0.5),
            "Preventie!G2: verwacht Vertraging als heel aantal jaren van 0 of meer, gevonden 0,5",
        ),
        (
            put("Reserves", 0, "Stand", None),
            "Reserves!B2: verwacht Stand als bedrag van 0 of meer, gevonden leeg",
        ),
        (
            put("Vraag", 0, "Periode", "2025-1"),
            'Vraag!C2: verwacht Periode als jaar (2019), kwartaal (2019-K1) of maand (2019-03), gevonden "2025-1"',
        ),
        (
            put("Gemeente", 5, "Waarde", "2025-02-30"),
            'Gemeente!B7: verwacht Peildatum als datum (31-12-2026), gevonden "2025-02-30"',
        ),
    ],
)
def test_a_fault_says_where_what_was_wanted_and_what_was_found(
    tmp_path: Path, change: Change, fault: str
) -> None:
    assert fault in faults(written(tmp_path, change))


def test_last_budgets_that_are_all_unknown_are_a_fault(tmp_path: Path) -> None:
    unknown = [put("Vorig budget", row, "Bedrag", None) for row in range(4)]
    assert faults(written(tmp_path, *unknown)) == [
        "Vorig budget!C1: verwacht ten minste één bekend bedrag, gevonden alleen lege cellen"
    ]


def test_csv_values_shifted_by_a_decimal_comma_are_a_fault(tmp_path: Path) -> None:
    folder = write_csv_folder(tmp_path / "csv", proefstad(), separator=",")
    file = folder / "Vorig budget.csv"
    file.write_text(file.read_text("utf-8-sig").replace("750000.01", "750000,01"), "utf-8")
    assert faults(folder) == [
        "Vorig budget!D3: verwacht 3 waarden, zoveel als er kolomkoppen zijn, gevonden 4 waarden"
        " (bij een decimale komma hoort ; als scheidingsteken)"
    ]


def test_csv_that_is_no_text_is_a_fault_of_its_sheet(tmp_path: Path) -> None:
    folder = write_csv_folder(tmp_path / "csv", proefstad())
    (folder / "Norm.csv").write_bytes(b"\x81\x8d")
    assert faults(folder) == ["Norm: verwacht csv-tekst in UTF-8 of Windows-1252, gevonden iets anders"]


# The map


def square(code: str, *, name: str = "wijkcode", size: float = 1.0) -> dict[str, object]:
    ring = [[4 * size, 52 * size], [5 * size, 52 * size], [5 * size, 53 * size], [4 * size, 52 * size]]
    return {
        "type": "Feature",
        "properties": {name: code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def draw(path: Path, *features: dict[str, object]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_the_map_beside_the_workbook_comes_along(tmp_path: Path) -> None:
    path = written(tmp_path)
    draw(path.with_suffix(".geojson"), square("01", name="WijkCode"))
    inputs = read_inputs(path)
    assert inputs.boundaries is not None
    assert inputs.boundaries["features"][0]["properties"]["wijkcode"] == "01"
    assert "Kaart: 02 ontbreekt in proefstad.geojson." in inputs.provenance.defaults


def test_faults_in_the_map_are_listed_with_the_others(tmp_path: Path) -> None:
    drawing = draw(
        tmp_path / "kaart.geojson",
        square("03"),
        square("01", name="naam"),
        square("02", size=1_000),
        {**square("01"), "geometry": {"type": "Point", "coordinates": [4, 52]}},
    )
    assert faults(written(tmp_path), drawing) == [
        'kaart.geojson!vlak 1: verwacht wijkcode uit blad Wijken, gevonden "03"',
        "kaart.geojson!vlak 2: verwacht een eigenschap wijkcode, gevonden geen",
        "kaart.geojson!vlak 3: verwacht lengte- en breedtegraden (WGS84),"
        " gevonden 4000 en 52000 (misschien Rijksdriehoekscoördinaten)",
        'kaart.geojson!vlak 4: verwacht een vlak (Polygon of MultiPolygon), gevonden "Point"',
    ]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"features": 1}', "[" * 100_000])
def test_a_map_that_is_none_is_one_fault(tmp_path: Path, content: str) -> None:
    drawing = tmp_path / "kaart.geojson"
    drawing.write_text(content, encoding="utf-8")
    assert faults(written(tmp_path), drawing) == [
        "kaart.geojson: verwacht een GeoJSON-bestand met een FeatureCollection, gevonden iets anders"
    ]


def test_a_lock_on_a_stream_that_is_city_wide_there_is_a_fault(tmp_path: Path) -> None:
    def locks(rows: Rows) -> None:
        rows["Regels"] = table(
            ("Regel", "Jaar", "Wijkcode", "Stroom", "Waarde", "Bron"),
            ("stadsbreed", None, None, "JEUGD", 1, "raad"),
            ("stadsbreed", None, "02", "JEUGD", 0, "raad"),
            ("vast", 2027, "01", "JEUGD", 5000, "raad"),
            ("vast", 2027, "02", "JEUGD", 5000, "raad"),
            ("vast", 2028, "01", "JEUGD", 0, "raad"),
        )

    assert faults(written(tmp_path, locks)) == [
        "Regels!E4: verwacht geen vast bedrag: JEUGD is hier in 2027 stadsbreed (zet het vast bij STAD), gevonden 5000"
    ]


def test_shares_of_a_surplus_above_the_whole_are_a_fault_at_the_lower_row(tmp_path: Path) -> None:
    def shares(rows: Rows) -> None:
        rows["Regels"] = table(
            ("Regel", "Jaar", "Wijkcode", "Stroom", "Waarde", "Bron"),
            ("herinvesteren_aandeel", None, None, None, 0.7, "raad"),
            ("algemene_middelen_aandeel", None, None, None, 0.3, "raad"),
            ("algemene_middelen_aandeel", 2027, "02", None, 0.4, "raad"),
            ("herinvesteren_aandeel", 2026, "01", None, 0.8, "raad"),
            ("algemene_middelen_aandeel", 2026, "01", None, 0.2, "raad"),
        )

    assert faults(written(tmp_path, shares)) == [
        "Regels!E4: verwacht herinvesteren_aandeel en algemene_middelen_aandeel samen hooguit 1 (rij 2 en 4),"
        " gevonden samen 1,1 voor 02 in 2027"
    ]


def test_a_district_code_that_excel_made_a_number_is_named_where_it_stands(tmp_path: Path) -> None:
    def as_number(workbook: Workbook) -> None:
        workbook["Wijken"]["A2"] = 2

    assert faults(edited(tmp_path, as_number)) == [
        "Wijken!A2: verwacht Wijkcode als tekst, zoals op andere bladen (02),"
        " gevonden 2 (een getal; codes zijn tekst en houden hun nullen)"
    ]


def test_a_task_field_that_excel_made_a_number_is_a_fault(tmp_path: Path) -> None:
    def as_number(workbook: Workbook) -> None:
        workbook["Stromen"]["H2"] = 6.71

    assert faults(edited(tmp_path, as_number)) == [
        "Stromen!H2: verwacht Taakveld als tekst (6.711), niet als getal: codes zijn tekst, gevonden 6,71"
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([without("Norm")], "Blad Norm is niet ingevuld: de norm van 6.71 is het stedelijke gebruik per"),
        (
            [
                without("Norm"),
                without("Bevolking"),
                *(put("Wijken", row, "Inwoners", None) for row in (0, 1)),
            ],
            "Blad Norm is niet ingevuld: de norm van 6.71 volgt het eigen gebruik, want de bevolking is niet bekend.",
        ),
        (
            [without("Norm"), without("Bevolking"), put("Stromen", 1, "Verdeelsleutel", "gebruik")],
            "Blad Norm is niet ingevuld: de norm volgt het eigen gebruik.",
        ),
        (
            [put("Stromen", 1, "Verdeelsleutel", "gebruik")],
            "Blad Norm wordt niet gebruikt: geen stroom met gewichten heeft Verdeelsleutel norm.",
        ),
    ],
)
def test_what_the_norm_rests_on_is_told_as_it_is(
    tmp_path: Path, changes: Sequence[Change], told: str
) -> None:
    (sentence,) = (
        text
        for text in read_inputs(written(tmp_path, *changes)).provenance.defaults
        if text.startswith("Blad Norm")
    )
    assert sentence.startswith(told)


def test_an_unknown_budget_of_last_year_leaves_the_area_without_a_bound_on_its_growth(tmp_path: Path) -> None:
    defaults = read_inputs(written(tmp_path, put("Vorig budget", 0, "Bedrag", None))).provenance.defaults
    assert (
        "Vorig budget van 01, stroom JEUGD is onbekend: de groeibegrenzing geldt niet voor 01 in het eerste jaar."
        in defaults
    )
