"""Samenvatting: the decision on one page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from budget.inputs import CITY, FREE, PREVENTION
from budget.money import format_euros, format_share
from budget.plan import Plan
from budget.report.cells import cells_of, exactly, span_of, sum_of, value_of
from budget.report.certainty import certainty_sentence
from budget.report.cover import shortfall_cover
from budget.strategy import strategy_sentence
from budget.tables import Cell, Chart, Column, Formula, Kind, RowStyle, Table

Cents = npt.NDArray[np.int64]
_Row = tuple[Cell, ...]
_Sheets = Mapping[str, Table]
_Short = dict[tuple[str, int], int]
"""Cents per area (or STAD) and year."""

N_CHANGES = 3
N_RULES = 5
WORTH_A_SENTENCE = 100
"""Cents of shortfall; less than a euro is the rounding of cells."""
N_NAMES = 25
"""Above this number of areas the chart shows codes, because names leave no room for the bars."""

RULE_NAMES = {
    "Middelen": "te weinig middelen",
    "groei_min": "begrenzing van de daling (groei_min)",
    "groei_max": "begrenzing van de groei (groei_max)",
    "groei_max_per_inwoner": "begrenzing van de groei per inwoner (groei_max_per_inwoner)",
    "norm_aandeel": "ingroeipad naar de norm (norm_aandeel)",
    "basispakket": "basispakket",
    "buffer_centraal": "centrale buffer (buffer_centraal)",
    "preventie_min": "minimum voor preventie (preventie_min)",
    "preventie_max": "maximum voor preventie (preventie_max)",
    "schuifruimte": "schuifruimte tussen stromen (schuifruimte)",
    "vast": "vastgezet bedrag (vast)",
    "plafond": "opgelegd plafond (plafond)",
}
"""What a rule of the contract is called in a sentence."""


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

    yield (
        None,
        (part, "Verwachte lasten", *summed("Verwachte lasten", expected), "na besparing door preventie"),
    )
    yield (
        RowStyle.TOTAL,
        (
            part,
            "Niet gedekte lasten",
            *summed("Onder verwachte lasten", cover.gap),
            "verwacht min budget, per stroom",
        ),
    )
    yield (
        None,
        (
            part,
            "   waarvan tekort op het basispakket",
            *summed("Tekort", cover.shortfall),
            _named_causes(plan),
        ),
    )
    steps = (
        ("Dekking 1: vrije ruimte in het gebied", cover.own, None),
        ("Dekking 2: centrale buffer en vrije middelen", cover.central, None),
        ("Dekking 3: egalisatiereserve", cover.reserve, "binnen minimum en jaarlijkse onttrekking"),
        (
            "Dekking 4: raadsbesluit (begrotingswijziging)",
            cover.council,
            "zorg is een wettelijk recht: dit moet erbij",
        ),
    )
    for name, cents, note in steps:
        yield None, (part, name, *(int(amount) for amount in cents), note)


def _causes(plan: Plan) -> dict[str, _Short]:
    """The shortfall in cents per rule that causes it and per area and year, the largest cause first."""
    given, sums = plan.allocation, defaultdict[str, _Short](dict)
    years, areas, streams = plan.inputs.years, plan.inputs.area_codes, plan.inputs.stream_codes
    for place, cause in given.causes.items():
        if place.year is None or place.stream is None or place.area is None:
            continue
        s, t = streams.index(place.stream), years.index(place.year)
        short = (
            given.city_shortfall[s, t]
            if place.area == CITY
            else given.shortfall[areas.index(place.area), s, t]
        )
        if short:
            key = (place.area, place.year)
            sums[cause][key] = sums[cause].get(key, 0) + int(short)
    return dict(sorted(sums.items(), key=lambda item: (-sum(item[1].values()), item[0])))


def _named_causes(plan: Plan) -> str | None:
    names = [RULE_NAMES.get(cause, cause) for cause in _causes(plan)]
    return "door " + ", ".join(names) if names else None


def _against_last_year(plan: Plan) -> str | None:
    """How the area budgets of the first plan year compare with the year before, where all of it is known."""
    before = plan.problem.last_ceiling
    if not len(before) or np.isnan(before).any() or before.sum() <= 0:
        return None
    change = int(plan.allocation.ceilings[:, 0].sum()) - round(float(before.sum()))
    return f"eerste jaar {_change(change, float(before.sum()))} ten opzichte van {plan.inputs.years[0] - 1}"


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
            note = f"{first}: {_change(change[d], float(before[d]))} ten opzichte van {first - 1}"
            yield None, (part, f"{district.name} ({district.code})", *ceilings, note)


def _change(cents: int, before: float) -> str:
    relative = f" ({format_share(cents / before)})" if before > 0 else ""
    return format_euros(cents, sign=True) + relative


def _binding(plan: Plan) -> Iterator[_Styled]:
    """What causes the shortfall, then for each rule that binds its strongest sentence, the strongest rules first."""
    part, blank = "Wat knelt", (None,) * (len(plan.inputs.years) + 1)
    prices = sorted(plan.allocation.shadow_prices, key=lambda price: -abs(price.value))
    per_rule: dict[str, list[str]] = defaultdict(list)
    for price in prices:
        per_rule[price.place.rule].append(price.sentence)
    sentences = [
        _cause_sentence(plan, cause, short)
        for cause, short in _causes(plan).items()
        if sum(short.values()) >= WORTH_A_SENTENCE
    ]
    for of_rule in list(per_rule.values())[:N_RULES]:
        more = len(of_rule) - 1
        others = (
            f" Zo knelt deze regel op nog {more} {'plaats' if more == 1 else 'plaatsen'}." if more else ""
        )
        sentences.append(of_rule[0] + others)
    for sentence in sentences or ["Geen enkele regel geeft een tekort."]:
        yield RowStyle.SENTENCE, (part, sentence, *blank)


def _cause_sentence(plan: Plan, cause: str, short: _Short) -> str:
    names = {district.code: district.name for district in plan.inputs.districts} | {
        CITY: "de stad als geheel"
    }
    per_area: dict[str, int] = defaultdict(int)
    for (area, _), cents in short.items():
        per_area[area] += cents
    largest = sorted(per_area, key=lambda area: (-per_area[area], area))
    years = span_of(sorted({year for _, year in short}))
    where = ", ".join(names[area] for area in largest[:N_CHANGES])
    others = len(largest) - N_CHANGES
    more = f" en nog {others} {'gebied' if others == 1 else 'gebieden'}" if others > 0 else ""
    name = RULE_NAMES.get(cause, cause)
    amount = format_euros(sum(short.values()))
    return f"{name[0].upper()}{name[1:]}: {amount} tekort op het basispakket in {years}, in {where}{more}."


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
    good = f"Alle {len(outcomes)} controles zijn goed."
    of_all, where = f" van {len(outcomes)} controles ", " fout: zie blad Controles."
    count = f'COUNTIF({cells},"fout")'
    formula = f'=IF({count}=0,"{good}",{count}&"{of_all}"&IF({count}=1,"is","zijn")&"{where}")'
    told = f"{wrong}{of_all}{'is' if wrong == 1 else 'zijn'}{where}" if wrong else good
    yield RowStyle.SENTENCE, (part, Formula(formula, told), *blank)
    date = f", peildatum {own.reference_date:%d-%m-%Y}" if own.reference_date else ""
    version = f"versie {own.version}, " if own.version else ""
    text = (
        f"Begroting {version}prijspeil {own.price_level}{date}. Herkomst en aannames staan op blad Herkomst."
    )
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
