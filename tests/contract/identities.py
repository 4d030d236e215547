"""What holds in every plan, computed again from its own tables: the sums of the contract, in whole cents."""

from __future__ import annotations

from collections import Counter, defaultdict

from tests.contract.run import Run, Table
from tests.contract.towns import Town

NOT_A_STREAM = ("PREVENTIE", "VRIJ")


def assert_budgets_add_up(town: Town, run: Run) -> None:
    """Budgets, ceilings, balance, explanation and surplus add up to the cent; every control is `goed`."""
    ceilings: Counter[tuple[str, int]] = Counter()
    city: Counter[int] = Counter()
    for row in run.tables["Gebiedsbudgetten"]:
        amount, before = row["Bedrag (cent)"], row["Vorig jaar (cent)"]
        assert isinstance(amount, int)
        assert amount >= 0
        if before is not None:
            assert row["Verschil (cent)"] == amount - before
        if row["Stroom"] not in ("PREVENTIE", "VRIJ"):
            assert row["Tekort (cent)"] == max(0, row["Basispakket (cent)"] - amount)
        if row["Wijkcode"] == "STAD":
            city[row["Jaar"]] += amount
        else:
            ceilings[row["Wijkcode"], row["Jaar"]] += amount
    assert dict(ceilings) == run.ceilings()

    for row in run.tables["Budgetsluitend"]:
        year = row["Jaar"]
        money = sum(round(100 * source[2]) for source in town.sheets["Middelen"] if source[1] == year)
        areas = sum(ceiling for (_, when), ceiling in ceilings.items() if when == year)
        assert (row["Middelen (cent)"], row["Gebieden (cent)"], row["Stadsbreed (cent)"]) == (
            money, areas, city[year],
        )  # fmt: skip
        spent = areas + city[year] + row["Buffer (cent)"] + row["Reserve erbij (cent)"]
        assert money + row["Reserve eraf (cent)"] - spent == row["Verschil (cent)"] == 0

    steps: Counter[tuple[str, int]] = Counter()
    for row in run.tables["Verklaring"]:
        if row["Wijkcode"] != "STAD":
            before = ceilings.get((row["Wijkcode"], row["Jaar"] - 1))
            if (
                steps[row["Wijkcode"], row["Jaar"]] == 0
                and row["Stap"] == "Vorig jaar"
                and before is not None
            ):
                assert row["Bedrag (cent)"] == before
            steps[row["Wijkcode"], row["Jaar"]] += row["Bedrag (cent)"]
    assert dict(steps) == run.ceilings()

    for row in run.tables["Herinvestering"]:
        parts = ("Naar preventie (cent)", "Naar algemene middelen (cent)", "Meegenomen (cent)")
        assert row["Overschot (cent)"] == sum(row[part] for part in parts)
    assert [row for row in run.tables["Controles"] if row["Uitkomst"] != "goed"] == []


def assert_sheets_agree(town: Town, run: Run) -> None:
    """The sheets that explain a plan repeat its own amounts, and every chance is one."""
    _causes_add_up(run)
    _sources_pay_their_own_streams(run)
    _chances_and_buffers(run)
    _trade_offs_start_at_this_plan(run)
    _prevention_is_counted_once(town, run)


def _causes_add_up(run: Run) -> None:
    ceilings, causes = run.ceilings(), defaultdict(list)
    for row in run.tables["Oorzaken"]:
        if row["Wijkcode"] != "STAD":
            causes[row["Wijkcode"], row["Jaar"]].append(row)
    assert {key: sum(row["Bedrag (cent)"] for row in rows) for key, rows in causes.items()} == ceilings
    for (code, year), (first, *_) in causes.items():
        assert first["Oorzaak"] == "Vorig jaar"
        assert first["Bedrag (cent)"] == ceilings.get((code, year - 1), first["Bedrag (cent)"])


def _sources_pay_their_own_streams(run: Run) -> None:
    for row in run.tables["Bronnen"]:
        own = {code.strip() for code in (row["Stromen"] or "").split(";")} - {""}
        paid = {column[4:-7]: cents for column, cents in row.items() if column.startswith("Aan ") and cents}
        assert not own or set(paid) <= own
        assert sum(paid.values()) + row["Niet besteed (cent)"] + row["Overig (cent)"] == row["Bedrag (cent)"]


def _chances_and_buffers(run: Run) -> None:
    ceilings, amounts = run.ceilings(), run.amounts()
    for row in run.tables["Zekerheid"]:
        code, year = row["Wijkcode"], row["Jaar"]
        assert 0 <= row["Kans binnen plafond"] <= 1
        assert row["Ruimte voor hulp (cent)"] == row["Plafond (cent)"] - row["Preventie (cent)"]
        if (code, year) in ceilings:
            assert row["Plafond (cent)"] == ceilings[code, year]
            assert row["Preventie (cent)"] == amounts.get((code, year, "PREVENTIE"), 0)
    held = {row["Jaar"]: row["Buffer (cent)"] for row in run.tables["Budgetsluitend"]}
    needed: dict[int, list[int]] = defaultdict(list)
    for row in run.tables["Buffer"]:
        assert row["Buffer aanwezig (cent)"] == held[row["Jaar"]]
        assert row["Verschil (cent)"] == row["Buffer aanwezig (cent)"] - row["Buffer nodig (cent)"]
        needed[row["Jaar"]].append(row["Buffer nodig (cent)"])
    assert all(buffers == sorted(buffers) for buffers in needed.values()), "more certainty, less buffer"


def _trade_offs_start_at_this_plan(run: Run) -> None:
    budgets = run.tables["Gebiedsbudgetten"]
    streams = [row for row in budgets if row["Stroom"] not in NOT_A_STREAM]
    own = next(row for row in run.tables["Afwegingen"] if row["Soort"] == "dit plan")
    assert own["Tekort (cent)"] == sum(row["Tekort (cent)"] for row in streams)
    assert own["Niet gedekte lasten (cent)"] == sum(row["Niet gedekte lasten (cent)"] for row in streams)
    assert own["Preventie (cent)"] == _total(budgets, "PREVENTIE")
    areas = [row["Kans binnen plafond"] for row in run.tables["Zekerheid"]
             if (row["Wijkcode"], row["Jaar"]) in run.ceilings()]  # fmt: skip
    assert abs(own["Kans binnen plafond"] - sum(areas) / len(areas)) < 1e-9


def _prevention_is_counted_once(town: Town, run: Run) -> None:
    """Planned and reinvested spending together stay within the curve; a surplus is spent once, a year later."""
    spending = run.tables["Preventie"], run.tables.get("Herinvesteringsuitgaven", [])
    planned, reinvested, both = (
        Counter[tuple[str, int]](),
        Counter[tuple[str, int]](),
        Counter[tuple[str, ...]](),
    )
    for table, per_area in zip(spending, (planned, reinvested), strict=True):
        for row in table:
            per_area[row["Wijkcode"], row["Jaar"]] += row["Bedrag (cent)"]
            both[row["Wijkcode"], row["Jaar"], row["Programma"], row["Stroom"]] += row["Bedrag (cent)"]
    assert +planned == +Counter({(code, year): cents for (code, year, stream), cents in run.amounts().items()
                                 if stream == "PREVENTIE"})  # fmt: skip
    room = Counter[tuple[str, str]]()
    for programme, _, _, stream, upto, *_, status, _ in town.sheets.get("Preventie", []):
        if status == "geboekt":
            room[programme, stream] = max(room[programme, stream], round(100 * upto))
    assert all(cents <= room[programme, stream] for (*_, programme, stream), cents in both.items())

    before: dict[str, dict[str, int]] = {}
    for row in run.tables.get("Herinvestering", []):
        last = before.get(row["Wijkcode"], {"Naar preventie (cent)": 0, "Nog te besteden (cent)": 0})
        available = row["Beschikbaar uit vorig jaar (cent)"]
        spent, left = row["Besteed aan preventie (cent)"], row["Nog te besteden (cent)"]
        assert available == last["Naar preventie (cent)"] + last["Nog te besteden (cent)"]
        assert available == spent + left + row["Vervallen (cent)"]
        assert spent == reinvested[row["Wijkcode"], row["Jaar"]]
        before[row["Wijkcode"]] = row


def _total(table: Table, stream: str) -> int:
    return sum(row["Bedrag (cent)"] for row in table if row["Stroom"] == stream)
