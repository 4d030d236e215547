"""Samenvatting: the decision on one page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from budget.inputs import CITY, FREE, PREVENTION
from budget.plan import Plan
from budget.report.cells import cells_of, exactly, span_of, sum_of, value_of
from budget.report.certainty import certainty_sentence
from budget.report.cover import shortfall_cover
from budget.report.shortfall_causes import cause_sentences, named_causes
from budget.strategy import strategy_sentence
from budget.tables import Cell, Chart, Column, Formula, Kind, RowStyle, Table
from wording.sentence import Sentence, Template

Cents = npt.NDArray[np.int64]
_Row = tuple[Cell, ...]
_Sheets = Mapping[str, Table]

N_CHANGES = 3
N_RULES = 5
N_NAMES = 25
"""Above this number of areas the chart shows codes, because names leave no room for the bars."""
_FIRST_YEAR = Template("eerste jaar {change} ten opzichte van {year}")
_AGAINST = Template("{year}: {change} ten opzichte van {before}")
_CHANGE = Template("{cents:+euros}")
_RELATIVE = Template("{cents:+euros} ({share:.1%})")
_ELSEWHERE_TOO = Template("{told} Zo knelt deze regel op nog {n} {n:plaats|plaatsen}.")
_NO_RULE = Template("Geen enkele regel geeft een tekort.")
_ALL_GOOD = Template("Alle {n} controles zijn goed.")
_WRONG = Template("{wrong} van {n} controles {wrong:is|zijn} fout: zie blad Controles.")
_VERSION = Template("versie {version}, ")
_DATE = Template(", peildatum {date:day}")
_BUDGET = Template("Begroting {version}prijspeil {level}{date}. Herkomst en aannames staan op blad Herkomst.")


def summary_table(plan: Plan, sheets: _Sheets) -> Table:
    """Totals, shortfall and cover, winners and losers, binding rules and checks, as rows of one page."""
    own = plan.inputs.municipality
    columns = (
        Column("Onderdeel", Kind.TEXT, width=27),
        Column("Post", Kind.TEXT, width=44),
        *(Column(str(year), Kind.CENTS, width=17) for year in plan.inputs.years),
        Column("Toelichting", Kind.TEXT, width=52),
    )
    rows: list[_Row] = []
    styles: dict[int, RowStyle] = {}
    for style, row in (
        *_money(plan, sheets),
        *_shortfall(plan, sheets),
        *_changes(plan, sheets),
        *_binding(plan),
        *_strategy(plan),
        *_checked(plan, sheets["Controles"]),
    ):
        if style:
            styles[len(rows)] = style
        rows.append(row)
    title = f"Gebiedsbudgetten {own.name} {span_of(plan.inputs.years)}"
    return Table(
        "Samenvatting", title, columns, rows, styles, page=True, chart=_chart(plan, sheets["Plafonds"])
    )


def _chart(plan: Plan, ceilings: Table) -> Chart:
    """How every area's ceiling of the first plan year compares with the year before."""
    first, n_areas = plan.inputs.years[0], len(plan.inputs.districts)
    return Chart(
        title=f"Plafond {first} ten opzichte van {first - 1}, per gebied",
        names=cells_of(ceilings, "Wijknaam" if n_areas <= N_NAMES else "Wijkcode", n_areas),
        shares=cells_of(ceilings, "Verschil %", n_areas),
    )


_Styled = tuple[RowStyle | None, _Row]


def _money(plan: Plan, sheets: _Sheets) -> Iterator[_Styled]:
    """Where the money of each year goes."""
    given, budgets = plan.allocation, sheets["Gebiedsbudgetten"]
    part = "Het geld"

    def balance(name: str) -> list[Cell]:
        return _from_balance(plan, sheets["Budgetsluitend"], name)

    def of_areas(stream: str, cents: Cents) -> list[Cell]:
        return _summed(plan, budgets, "Bedrag", cents, Stroom=exactly(stream), Wijkcode=f'"<>{CITY}"')

    unspent = given.unspent.sum(axis=0)
    left = _summed(plan, budgets, "Bedrag", unspent, Stroom=f'"{FREE}"', Wijkcode=f'"{CITY}"')
    city_wide = _summed(
        plan, budgets, "Bedrag", given.city.sum(axis=0), Stroom=f'"<>{FREE}"', Wijkcode=f'"{CITY}"'
    )
    yield RowStyle.TOTAL, (part, "Middelen", *balance("Middelen"), "alle bronnen, zie blad Bronnen")
    yield None, (part, "Gebiedsbudgetten", *balance("Gebieden"), _against_last_year(plan))
    prevention = of_areas(PREVENTION, given.prevention.sum(axis=(0, 1)))
    yield None, (part, "   waarvan preventie", *prevention, None)
    free = of_areas(FREE, given.free.sum(axis=0))
    yield None, (part, "   waarvan vrije ruimte", *free, "binnen het plafond, nog niet toegewezen")
    yield None, (part, "Stadsbreed", *city_wide, "zware en zeldzame zorg, en zonder wijk")
    yield None, (part, "Niet te besteden", *left, "meestal geoormerkt geld, zie blad Bronnen")
    yield None, (part, "Centrale buffer", *balance("Buffer"), None)
    yield None, (part, "Naar reserves", *balance("Reserve erbij"), None)
    yield None, (part, "Uit reserves", *balance("Reserve eraf"), "telt bij de middelen op")
    if given.reinvested.any():
        spent = given.reinvested.sum(axis=(0, 1, 2))
        reinvested = _summed(plan, sheets["Herinvestering"], "Besteed aan preventie", spent)
        whose = "preventie bovenop de gebiedsbudgetten, uit overschot van het jaar ervoor"
        yield None, (part, "Herinvestering", *reinvested, whose)


def _shortfall(plan: Plan, sheets: _Sheets) -> Iterator[_Styled]:
    """What is not funded, why, and how it could be covered."""
    part, cover, budgets = "Tekort en dekking", shortfall_cover(plan), sheets["Gebiedsbudgetten"]
    expected = plan.allocation.claims_after.sum(axis=(0, 1)) + plan.problem.city_claims.sum(axis=0)

    def summed(column: str, cents: Cents) -> list[Cell]:
        return _summed(plan, budgets, column, cents)

    cost = summed("Verwachte lasten", expected)
    yield None, (part, "Verwachte lasten", *cost, "na besparing door preventie")
    gap = summed("Niet gedekte lasten", cover.gap)
    yield RowStyle.TOTAL, (part, "Niet gedekte lasten", *gap, "verwacht min budget, per stroom")
    short = summed("Tekort", cover.shortfall)
    yield None, (part, "   waarvan tekort op het basispakket", *short, named_causes(plan))
    limits, duty = "binnen minimum en jaarlijkse onttrekking", "zorg is een wettelijk recht: dit moet erbij"
    for name, cents, note in (
        ("Dekking 1: vrije ruimte in het gebied", cover.own, None),
        ("Dekking 2: centrale buffer en vrije middelen", cover.central, None),
        ("Dekking 3: egalisatiereserve", cover.reserve, limits),
        ("Dekking 4: raadsbesluit (begrotingswijziging)", cover.council, duty),
    ):
        yield None, (part, name, *(int(amount) for amount in cents), note)


def _against_last_year(plan: Plan) -> str | None:
    """How the area budgets of the first plan year compare with the year before, where all of it is known."""
    before = plan.problem.last_ceiling
    if not len(before) or np.isnan(before).any() or before.sum() <= 0:
        return None
    change = int(plan.allocation.ceilings[:, 0].sum()) - round(float(before.sum()))
    return _FIRST_YEAR(change=_change(change, float(before.sum())), year=plan.inputs.years[0] - 1)


def _changes(plan: Plan, sheets: _Sheets) -> Iterator[_Styled]:
    """The ceilings of the areas that gain and lose most between the year before and the first plan year."""
    before, after = plan.problem.last_ceiling, plan.allocation.ceilings[:, 0]
    known = [d for d in range(len(before)) if not np.isnan(before[d])]
    change = {d: int(after[d]) - round(float(before[d])) for d in known}
    up = sorted((d for d in known if change[d] > 0), key=lambda d: -change[d])[:N_CHANGES]
    down = sorted((d for d in known if change[d] < 0), key=lambda d: change[d])[:N_CHANGES]
    for part, areas in (("Grootste stijgers (plafond)", up), ("Grootste dalers (plafond)", down)):
        if not areas:
            yield RowStyle.SENTENCE, (part, "Geen.", *(None for _ in plan.inputs.years), None)
        for d in areas:
            district = plan.inputs.districts[d]
            ceilings = _summed(
                plan,
                sheets["Plafonds"],
                "Plafond",
                plan.allocation.ceilings[d],
                Wijkcode=exactly(district.code),
            )
            first = plan.inputs.years[0]
            note = _AGAINST(year=first, change=_change(change[d], float(before[d])), before=first - 1)
            yield None, (part, f"{district.name} ({district.code})", *ceilings, note)


def _change(cents: int, before: float) -> Sentence:
    return _RELATIVE(cents=cents, share=cents / before) if before > 0 else _CHANGE(cents=cents)


def _binding(plan: Plan) -> Iterator[_Styled]:
    """What causes the shortfall, then for each rule that binds its strongest sentence, the strongest rules first."""
    part, blank = "Wat knelt", (None,) * (len(plan.inputs.years) + 1)
    prices = sorted(plan.allocation.shadow_prices, key=lambda price: -abs(price.value))
    per_rule: dict[str, list[str]] = defaultdict(list)
    for price in prices:
        per_rule[price.place.rule].append(price.sentence)
    sentences = cause_sentences(plan)
    for of_rule in list(per_rule.values())[:N_RULES]:
        more = len(of_rule) - 1
        sentences.append(_ELSEWHERE_TOO(told=of_rule[0], n=more) if more else of_rule[0])
    for sentence in sentences or [_NO_RULE()]:
        yield RowStyle.SENTENCE, (part, sentence, *blank)


def _strategy(plan: Plan) -> Iterator[_Styled]:
    """What came first, and how sure the budgets are enough."""
    blank = (None,) * (len(plan.inputs.years) + 1)
    stages = tuple(stage.name for stage in plan.allocation.stages)
    yield RowStyle.SENTENCE, ("Strategie", strategy_sentence(plan.problem.strategy, stages), *blank)
    sentence = certainty_sentence(plan)
    if sentence:
        yield RowStyle.SENTENCE, ("Zekerheid", sentence, *blank)


def _checked(plan: Plan, checks: Table) -> Iterator[_Styled]:
    """Whether all checks hold, and of which version this is."""
    part, blank = "Controle", (None,) * (len(plan.inputs.years) + 1)
    own = plan.inputs.municipality
    outcomes = [value_of(row[checks.column_index("Uitkomst")]) for row in checks.rows]
    wrong, cells = outcomes.count("fout"), cells_of(checks, "Uitkomst")
    good = _ALL_GOOD(n=len(outcomes))
    of_all, where = f" van {len(outcomes)} controles ", " fout: zie blad Controles."
    count = f'COUNTIF({cells},"fout")'
    formula = f'=IF({count}=0,"{good}",{count}&"{of_all}"&IF({count}=1,"is","zijn")&"{where}")'
    told = _WRONG(wrong=wrong, n=len(outcomes)) if wrong else good
    yield RowStyle.SENTENCE, (part, Formula(formula, told), *blank)
    version = _VERSION(version=own.version) if own.version else ""
    date = _DATE(date=own.reference_date) if own.reference_date else ""
    text = _BUDGET(version=version, level=own.price_level, date=date)
    yield RowStyle.SENTENCE, (part, text, *blank)


def _summed(plan: Plan, table: Table, column: str, cents: Cents, **criteria: str) -> list[Cell]:
    """Per plan year a live sum over another sheet, whose values are `cents` (t)."""
    return [
        Formula("=" + sum_of(table, column, Jaar=str(year), **criteria), int(amount))
        for year, amount in zip(plan.inputs.years, cents, strict=True)
    ]


def _from_balance(plan: Plan, balance: Table, column: str) -> list[Cell]:
    at = balance.column_index(column)
    values = [value_of(row[at]) for row in balance.rows]
    return _summed(plan, balance, column, np.array(values, dtype=np.int64))
