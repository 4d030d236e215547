"""Each rule of the contract, on a town whose answer is a sum one can do by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.run import command, plan, segment
from tests.contract.towns import HEADINGS, tiny

CENTS = 100


def test_an_area_grows_at_most_by_the_share_and_by_the_amount_per_inhabitant(tmp_path: Path) -> None:
    share = plan(tiny(1, 3, 1_000_000).rule("groei_max", 0.05), tmp_path, "aandeel").ceilings()
    assert share == {
        ("WK009901", 2027): 220_000 * 105, ("WK009902", 2027): 260_000 * 105, ("WK009903", 2027): 300_000 * 105,
    }  # fmt: skip
    later = plan(tiny(2, 3, 1_000_000).rule("groei_max", 0.05), tmp_path, "later").ceilings()
    assert later["WK009901", 2028] == 220_000 * 105 * 105 // 100
    assert later["WK009903", 2028] == 300_000 * 105 * 105 // 100
    head = plan(tiny(1, 3, 1_000_000).rule("groei_max_per_inwoner", 10), tmp_path, "inwoner").ceilings()
    assert head == {
        ("WK009901", 2027): (220_000 + 10 * 1000) * CENTS,
        ("WK009902", 2027): (260_000 + 10 * 2000) * CENTS,
        ("WK009903", 2027): (300_000 + 10 * 3000) * CENTS,
    }


def test_the_phase_in_is_the_stated_mixture_of_norm_and_history(tmp_path: Path) -> None:
    town = tiny(1, 2, 600_000).rule("norm_aandeel", 0.5, 2027)
    town.put("Vorig budget", [["WK009901", "WMO", 150_000], ["WK009901", "JGD", 150_000],
                              ["WK009902", "WMO", 50_000], ["WK009902", "JGD", 90_000]])  # fmt: skip
    ceiling = plan(town, tmp_path).ceilings()["WK009901", 2027]
    assert ceiling == round(CENTS * (0.5 * 600_000 * 220 / 480 + 0.5 * 600_000 * 300 / 440))


def test_the_central_buffer_is_its_share_of_the_money(tmp_path: Path) -> None:
    run = plan(tiny(1, 3, 900_000).rule("buffer_centraal", 0.1), tmp_path)
    assert [row["Buffer (cent)"] for row in run.tables["Budgetsluitend"]] == [900_000 * 10]


def test_ring_fenced_money_pays_its_own_streams_and_the_rest_is_shown_as_left_over(tmp_path: Path) -> None:
    town = tiny(1, 3, 360_000).add("Middelen", ["Oormerk", 2027, 600_000, "JGD", "nee", "1"])
    run = plan(town, tmp_path)
    source = next(row for row in run.tables["Bronnen"] if row["Bron"] == "Oormerk")
    assert (source["Aan JGD (cent)"], source["Niet besteed (cent)"]) == (420_000 * CENTS, 180_000 * CENTS)


@pytest.mark.parametrize(
    ("rule", "value", "cause", "shortfall"),
    [
        ("plafond", 150_000, "plafond", 38_000),
        ("groei_max", 0, "groei_max", 0),
        ("vast", 10_000, "vast", 70_000),
    ],
)
def test_a_shortfall_names_the_rule_that_caused_it(
    rule: str, value: float, cause: str, shortfall: int, tmp_path: Path
) -> None:
    town = tiny(1, 2, 900_000)
    if rule == "groei_max":
        for row in town.sheets["Vraag"]:
            row[3] *= 2
        town.rule(rule, value)
        shortfall = 2 * 188_000 - 220_000
    else:
        town.rule(rule, value, 2027, "WK009901", "WMO" if rule == "vast" else None)
    run = plan(town, tmp_path)
    short = sum(
        row["Tekort (cent)"] for row in run.tables["Gebiedsbudgetten"] if row["Wijkcode"] == "WK009901"
    )
    assert (run.status, short) == (0, shortfall * CENTS)
    assert f"({cause})" in run.printed


def test_prevention_follows_its_curve_and_saves_what_it_says(tmp_path: Path) -> None:
    town = tiny(2, 2, 900_000).add("Preventie", segment("P", "JGD", 5000, 3), segment("P", "JGD", 12_000, 2))
    town.add("Preventie", segment("Later", "WMO", 9000, 5, "pm"))
    rows = plan(town, tmp_path).tables["Preventie"]
    first = next(row for row in rows if row["Wijkcode"] == "WK009901" and row["Jaar"] == 2027)
    assert first["Bedrag (cent)"] == 12_000 * CENTS
    assert first["Besparing 2028 (cent)"] == (5000 * 3 + 7000 * 2) * CENTS // 2
    assert [row["Bedrag (cent)"] for row in rows if row["Status"] == "pm"] == [0]


def test_a_surplus_is_split_as_the_rules_say(tmp_path: Path) -> None:
    town = tiny(1, 1, 240_000).rule("herinvesteren_aandeel", 0.5).rule("algemene_middelen_aandeel", 0.3)
    town.rule("herinvesteren_max", 6000).rule("meenemen_max", 3000)
    (row,) = plan(town, tmp_path).tables["Herinvestering"]
    assert row["Overschot (cent)"] == 20_000 * CENTS
    assert (row["Naar preventie (cent)"], row["Meegenomen (cent)"]) == (6000 * CENTS, 3000 * CENTS)
    assert row["Naar algemene middelen (cent)"] == (20_000 - 6000 - 3000) * CENTS


def test_what_is_left_over_pays_for_prevention_the_year_after_and_lowers_the_cost_later(
    tmp_path: Path,
) -> None:
    town = tiny(4, 1, 240_000).rule("herinvesteren_aandeel", 0.5).rule("preventie_max", 0)
    town.rule("meenemen_max", 1000).rule("algemene_middelen_aandeel", 0.5)
    town.add("Preventie", segment("P", "JGD", 4000, 3))
    run = plan(town, tmp_path)
    rows = run.tables["Herinvestering"]
    assert [row["Overschot (cent)"] for row in rows] == [
        20_000 * CENTS, 20_000 * CENTS, (20_000 + 6000) * CENTS, (20_000 + 6000 + 6000) * CENTS,
    ]  # fmt: skip
    assert [row["Besteed aan preventie (cent)"] for row in rows] == [0, *[4000 * CENTS] * 3]
    assert [row["Nog te besteden (cent)"] for row in rows] == [0, *[1000 * CENTS] * 3]
    assert [row["Vervallen (cent)"] for row in rows] == [
        0, (10_000 - 4000 - 1000) * CENTS, (1000 + 10_000 - 4000 - 1000) * CENTS, (1000 + 13_000 - 4000 - 1000) * CENTS,
    ]  # fmt: skip
    assert all(row["Bedrag (cent)"] == 0 for row in run.tables["Preventie"])
    assert set(run.ceilings().values()) == {240_000 * CENTS}


def test_names_order_columns_and_files_change_no_cent(tmp_path: Path) -> None:
    plain = plan(tiny(1, 3, 700_000), tmp_path, "gewoon").amounts()
    town = tiny(1, 3, 700_000)
    for sheet, rows in town.sheets.items():
        town.headings[sheet] = [f"  {name.upper()} " for name in reversed(HEADINGS[sheet])] + ["Opmerking"]
        town.sheets[sheet] = [[*reversed(row), "x"] for row in reversed(rows)]
    assert plan(town.put("Aantekeningen", [["vrij"]]), tmp_path, "geschud").amounts() == plain

    renamed = tiny(1, 3, 700_000)
    codes = {"WK009901": "WK009980", "WK009902": "WK009903", "WK009903": "WK009902"}
    for rows in renamed.sheets.values():
        for row in rows:
            row[:] = [codes.get(str(cell), cell) for cell in row]
    back = {new: old for old, new in codes.items()}
    found = plan(renamed, tmp_path, "hernoemd").amounts()
    assert {(back.get(code, code), *rest): cents for (code, *rest), cents in found.items()} == plain

    forms = ((";", "utf-8-sig", True), (",", "utf-8", False), (";", "cp1252", True))
    for number, (separator, encoding, comma) in enumerate(forms):
        town = tiny(1, 3, 700_000).field("Naam", "Súdwest-Fryslân")
        folder = town.csv(tmp_path / f"csv{number}", separator, encoding, comma)
        run = command("plan", folder, tmp_path / f"{number}.xlsx", tmp_path / f"{number}.json")
        assert run.amounts() == plain, run.faults

    thousands = tiny(1, 3, 700_000).field("Bedragen in", "x1000")
    for sheet, column in (("Middelen", 2), ("Vorig budget", 2), ("Tarieven", 2)):
        for row in thousands.sheets[sheet]:
            row[column] /= 1000
    assert plan(thousands, tmp_path, "duizend").amounts() == plain


def test_an_unknown_budget_of_last_year_is_not_zero(tmp_path: Path) -> None:
    town = tiny(1, 2, 600_000).rule("groei_max", 0.05)
    town.sheets["Vorig budget"][-1][2] = None
    run = plan(town, tmp_path)
    assert run.status in (0, 2)
    assert all(row["Tekort (cent)"] == 0 for row in run.tables.get("Gebiedsbudgetten", []))


def test_a_constant_history_costs_exactly_the_same_next_year(tmp_path: Path) -> None:
    amounts = (1070, 600, 800, 800, 900, 900)  # Groningen 2017, x EUR 1.000
    town = tiny(1, 6).put(
        "Stromen", [["GEB", "Gebied", "Wmo", "planbaar", 1, "totaal", 1, "6.2", 1, "gebruik"]]
    )
    codes = [row[0] for row in town.sheets["Wijken"]]
    town.put("Vraag", [[code, "GEB", year, n, "definitief"] for code, n in zip(codes, amounts, strict=True)
                       for year in range(2022, 2027)])  # fmt: skip
    town.put("Tarieven", [["GEB", 2027, 1000, "x"]])
    town.put("Vorig budget", [[code, "GEB", 1000 * n] for code, n in zip(codes, amounts, strict=True)])
    town.put(
        "Middelen",
        [["Budget", 2027, 5_070_000, None, "ja", "1"], ["Vrijval", 2027, 500_000, None, "nee", "1"]],
    )
    rows = plan(town, tmp_path).tables["Gebiedsbudgetten"]
    expected = [row["Verwachte lasten (cent)"] for row in rows if row["Stroom"] == "GEB"]
    assert expected == [n * 1000 * CENTS for n in amounts]


def test_a_decimal_point_in_csv_is_a_decimal_point(tmp_path: Path) -> None:
    town = tiny(1, 2, 500_000)
    for row in town.sheets["Vraag"]:
        row[3] += 0.125
    point, comma = (
        command(
            "plan",
            town.csv(tmp_path / name, ",", "utf-8", comma),
            tmp_path / f"{name}.xlsx",
            tmp_path / name / "j",
        )
        for name, comma in (("punt", False), ("komma", True))
    )
    assert point.amounts() == comma.amounts()


def test_shares_of_a_surplus_above_the_whole_are_not_clipped_in_silence(tmp_path: Path) -> None:
    town = tiny(1, 1, 240_000).rule("herinvesteren_aandeel", 0.7).rule("algemene_middelen_aandeel", 0.6)
    assert plan(town, tmp_path).status in (2, 3)


def test_last_year_is_the_same_amount_on_every_sheet(tmp_path: Path) -> None:
    run = plan(tiny(1, 2, 900_000).rule("stadsbreed", 1, None, None, "JGD"), tmp_path)
    cells = sum(
        row["Vorig jaar (cent)"] or 0 for row in run.tables["Gebiedsbudgetten"] if row["Wijkcode"] != "STAD"
    )
    assert cells == sum(row["Vorig jaar (cent)"] for row in run.tables["Plafonds"])
