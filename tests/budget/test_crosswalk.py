"""Districts that merged, split or were renamed: their past counts stand in the districts of now."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.faults import FaultyInput
from budget.inputs import Inputs
from budget.workbook.crosswalk import HIDDEN_PART, Crosswalk
from budget.workbook.reading import read_inputs
from budget.workbook.row_models import DistrictChangeRow
from budget.workbook.template import write_input_workbook
from forecasts.history import Status
from tests.budget.input_rows import Rows, proefstad, table

COLUMNS = ("Oude wijkcode", "Wijkcode", "Jaar", "Aandeel")


def town(*changes: tuple[object, ...], demand: list[tuple[object, ...]], people: object = ()) -> Rows:
    """Proefstad with these changes, and only this demand of the yearly stream."""
    rows = proefstad()
    rows["Wijkwijzigingen"] = table(COLUMNS, *changes)
    monthly = [row for row in rows["Vraag"] if row["Stroom"] == "JEUGD"]
    headings = ("Wijkcode", "Stroom", "Periode", "Clienten", "Status")
    rows["Vraag"] = monthly + table(headings, *((d, "6.71", p, *rest) for d, p, *rest in demand))
    rows["Bevolking"] += table(("Wijkcode", "Jaar", "Leeftijdsgroep", "Personen", "Soort"), *people)  # type: ignore[misc]
    return rows


def read(folder: Path, rows: Rows) -> Inputs:
    write_input_workbook(folder / "in.xlsx", rows)
    return read_inputs(folder / "in.xlsx")


def series(inputs: Inputs, district: str) -> list[float]:
    return inputs.history.streams[0].clients[inputs.history.districts.index(district)].tolist()


def statuses(inputs: Inputs, district: str) -> list[Status]:
    return [
        Status(s) for s in inputs.history.streams[0].status[inputs.history.districts.index(district)].tolist()
    ]


def counted(code: str, *counts: object, first: int = 2021) -> list[tuple[object, ...]]:
    """Definitive counts of successive years; None is unknown, `x` suppressed."""
    return [
        (
            code,
            str(first + k),
            None if count == "x" else count,
            "onderdrukt" if count == "x" else "definitief",
        )
        for k, count in enumerate(counts)
    ]


def test_a_renamed_district_keeps_its_history_as_it_was(tmp_path: Path) -> None:
    demand = [*counted("OUD", 10, "x", 12), *counted("01", 13, 14, first=2024)]
    inputs = read(tmp_path, town(("OUD", "01", 2024, None), demand=demand))
    np.testing.assert_equal(series(inputs, "01"), [10, np.nan, 12, 13, 14])
    assert statuses(inputs, "01") == [0, Status.SUPPRESSED, 0, 0, 0]
    assert inputs.history.districts == ("01", "02", "STAD")


def test_a_merged_district_is_the_sum_of_what_it_was(tmp_path: Path) -> None:
    demand = [*counted("A", 10, 20), *counted("B", 5, 6), *counted("01", 30, first=2023)]
    inputs = read(tmp_path, town(("A", "01", 2023, 1), ("B", "01", 2023, 1), demand=demand))
    assert series(inputs, "01") == [10 + 5, 20 + 6, 30]
    assert statuses(inputs, "01") == [Status.FINAL] * 3


def test_a_split_district_gives_each_heir_its_share(tmp_path: Path) -> None:
    changes = ("01", "01", 2023, 0.7), ("01", "02", 2023, 0.3)
    demand = [*counted("01", 100, 110, 80), *counted("02", 40, first=2023)]
    inputs = read(tmp_path, town(*changes, demand=demand))
    assert series(inputs, "01") == pytest.approx([0.7 * 100, 0.7 * 110, 80])
    assert series(inputs, "02") == pytest.approx([0.3 * 100, 0.3 * 110, 40])
    assert statuses(inputs, "02") == [Status.DERIVED, Status.DERIVED, Status.FINAL]


def test_a_district_that_takes_another_in_adds_it_to_its_own_past(tmp_path: Path) -> None:
    demand = [*counted("A", 10, 20), *counted("01", 100, 110, 140)]
    inputs = read(tmp_path, town(("A", "01", 2023, 1), demand=demand))
    assert series(inputs, "01") == [100 + 10, 110 + 20, 140]
    assert any("01 had van vóór de wijziging al eigen aantallen" in s for s in inputs.provenance.defaults)


def test_changes_after_one_another_are_passed_in_order(tmp_path: Path) -> None:
    changes = ("X", "A", 2022, 1), ("A", "01", 2023, 0.5), ("A", "02", 2023, 0.5)
    demand = [
        *counted("X", 10),
        *counted("A", 20, first=2022),
        *counted("01", 11, first=2023),
        *counted("02", 12, first=2023),
    ]
    inputs = read(tmp_path, town(*changes, demand=demand))
    assert series(inputs, "01") == [0.5 * 10, 0.5 * 20, 11]
    assert series(inputs, "02") == [0.5 * 10, 0.5 * 20, 12]


def test_suppressed_parts_stay_an_unknown_small_number_and_beside_known_ones_count_as_half_the_limit(
    tmp_path: Path,
) -> None:
    demand = [*counted("A", "x", "x"), *counted("B", "x", 40), *counted("01", 50, first=2023)]
    inputs = read(tmp_path, town(("A", "01", 2023, 1), ("B", "01", 2023, 1), demand=demand))
    np.testing.assert_equal(series(inputs, "01"), [np.nan, 40 + HIDDEN_PART, 50])
    assert statuses(inputs, "01") == [Status.SUPPRESSED, Status.DERIVED, Status.FINAL]
    assert any("1 keer geteld als 5 cliënten" in sentence for sentence in inputs.provenance.defaults)


def test_an_unknown_or_absent_part_makes_the_sum_unknown(tmp_path: Path) -> None:
    demand = [
        *counted("A", 10, 11, 12),
        *counted("B", None, 7, first=2022),
        *counted("01", 50, first=2024),
    ]
    inputs = read(tmp_path, town(("A", "01", 2024, 1), ("B", "01", 2024, 1), demand=demand))
    np.testing.assert_equal(series(inputs, "01"), [np.nan, np.nan, 12 + 7, 50])
    assert any("2 keer onbekend gelaten" in sentence for sentence in inputs.provenance.defaults)


def test_a_provisional_part_leaves_the_sum_to_be_completed(tmp_path: Path) -> None:
    demand = [("A", "2023", 10, "voorlopig"), *counted("B", 5, first=2023), *counted("01", 9, first=2024)]
    inputs = read(tmp_path, town(("A", "01", 2024, 1), ("B", "01", 2024, 1), demand=demand))
    assert statuses(inputs, "01") == [Status.PROVISIONAL, Status.FINAL]


def test_inhabitants_are_carried_over_too(tmp_path: Path) -> None:
    people = [("A", 2023, "totaal", 1_000, "telling"), ("B", 2023, "totaal", None, "telling")]
    changes = ("A", "01", 2024, 0.25), ("A", "02", 2024, 0.75), ("B", "02", 2024, 1)
    demand = [*counted("01", 9, first=2024), *counted("02", 9, first=2024)]
    persons = read(tmp_path, town(*changes, demand=demand, people=people)).population
    everybody = persons.persons[:, persons.age_groups.index("totaal"), persons.years.index(2023)]
    np.testing.assert_equal(everybody, [0.25 * 1_000, np.nan])


def test_the_budget_of_last_year_is_divided_over_the_districts_of_the_plan_to_the_cent(
    tmp_path: Path,
) -> None:
    changes = ("A", "01", 2026, 0.3333), ("A", "02", 2026, 0.6667)
    rows = town(*changes, demand=counted("01", 9, first=2025))
    rows["Vorig budget"] += table(
        ("Wijkcode", "Stroom", "Bedrag"), ("A", "JEUGD", 100.01), ("A", "6.71", None)
    )
    inputs = read(tmp_path, rows)
    assert inputs.last_budget["01", "JEUGD"] == 1_300_000_00 + 33_33
    assert inputs.last_budget["02", "JEUGD"] == 750_000_01 + (100_01 - 33_33)
    assert ("01", "6.71") not in inputs.last_budget
    assert (
        "Wijkwijzigingen: het vorige budget van A is verdeeld over de wijken van nu."
        in inputs.provenance.defaults
    )


@pytest.mark.parametrize(
    ("changes", "demand", "fault"),
    [
        (
            [("A", "01", 2024, 0.5), ("A", "02", 2024, 0.4)],
            [],
            "Wijkwijzigingen!D3: verwacht aandelen van A in 2024 die optellen tot 1, gevonden samen 0,900",
        ),
        (
            [("A", "01", 2023, 1)],
            counted("A", 5, first=2023),
            'Vraag!A32: verwacht Wijkcode uit blad Wijken: A bestaat sinds 2023 niet meer, gevonden "A"',
        ),
        (
            [("A", "03", 2024, 1)],
            [],
            "Wijkwijzigingen!B2: verwacht Wijkcode uit blad Wijken (of een code die later weer wijzigt)"
            ', gevonden "03"',
        ),
        (
            [("A", "01", 2024, 1), ("B", "A", 2024, 1)],
            [],
            "Wijkwijzigingen!B3: verwacht Wijkcode uit blad Wijken, of een code die na 2024 weer wijzigt,"
            ' gevonden "A"',
        ),
        (
            [("STAD", "01", 2024, 1)],
            [],
            'Wijkwijzigingen!A2: verwacht de code van een wijk, niet STAD, gevonden "STAD"',
        ),
        (
            [("A", "01", 2024, 0)],
            [],
            "Wijkwijzigingen!D2: verwacht Aandeel als aandeel groter dan 0 en hooguit 1 (80 % is 0,8), gevonden 0",
        ),
    ],
)
def test_changes_that_cannot_be_are_faults(
    tmp_path: Path, changes: list[tuple[object, ...]], demand: list[tuple[object, ...]], fault: str
) -> None:
    with pytest.raises(FaultyInput) as refused:
        read(tmp_path, town(*changes, demand=[*demand, *counted("01", 9, first=2025)]))
    assert [str(found) for found in refused.value.faults] == [fault]


shares = st.lists(st.integers(1, 9), min_size=1, max_size=3).map(
    lambda parts: [p / sum(parts) for p in parts]
)


@given(
    st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(2015, 2025), shares), max_size=6),
    st.integers(2010, 2026),
)
def test_nobody_is_lost_on_the_way_to_today(changes: list[tuple[str, int, list[float]]], year: int) -> None:
    rows = {
        (old, moment, new): DistrictChangeRow.model_construct(old=old, year=moment, district=new, share=share)
        for old, moment, parts in changes
        for new, share in zip("ABC", parts, strict=False)
    }
    crosswalk = Crosswalk(list(rows.values()))
    for code in "ABCD":
        assert sum(crosswalk.heirs(code, year).values()) == pytest.approx(1)
