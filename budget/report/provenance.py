"""Herkomst: what this result was made of, so that somebody else can make it again."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from budget.inputs import Inputs, Rule
from budget.money import to_cents
from budget.plan import Plan
from budget.report.cells import span_of
from budget.report.prevention import expected_effect, saved_later
from budget.strategy import STAGE_WORDS, strategy_choices
from budget.tables import Cell, Column, Imprint, Kind, Table
from budget.workbook.rule_names import RULE_BY_NAME
from budget.year.year_end import MONTH_NAMES
from forecasts.demand import Demand
from optimiser.allocation import Stage
from wording.sentence import Sentence, Template

COLUMNS = (
    Column("Onderdeel", Kind.TEXT),
    Column("Gegeven", Kind.TEXT),
    Column("Waarde", Kind.TEXT, width=70),
    Column("Toelichting", Kind.TEXT, width=70),
)

ASSUMPTION = "Aanname"
"""What Onderdeel says in the row of an assumption."""
_Row = tuple[Cell, ...]
_STEP = Template("Stap {n}")
_ASSUMPTION = Template("Aanname {n}")
_ESTIMATE = Template("Schatting {n}")
_STAGE = Template("{stage:word}; waarde {value:,.{value_digits}f}, marge {margin:,.{margin_digits}f}")
_EVENT = Template("{start:period} tot {end:period}, {effect}")
_EVENT_UNTIL_NOW = Template("{start:period} tot heden, {effect}")
_ESTIMATED = Template("effect geschat")
_EFFECT = Template("effect {effect:+.1%}")
_SAVED_AFTER = Template("Besparing na {year}")
_AMOUNT = Template("{cents:euros}")
_WEIGHS = Template("{weighs:word}; in geen bedrag van het plan begrepen")
_DATE = Template("{n} {month:word} {year}")
_RULE_AMOUNT = Template("{cents:cents} ({where})")
_RULE_SHARE = Template("{share:,.{digits}f} % ({where})")
_RULE_NUMBER = Template("{value:f} ({where})")
_EVERYWHERE = Template("overal")
_TARIFF = Template("{price:,00} per cliëntjaar ({year})")
_RATE = Template("{rate:.3%}")
_PROGRAMME = Template("{status:word}; {effect}")
_NOT_WEIGHED = "gebiedsbudget plan voor één gemeente zet andere strategieën naast het plan (blad Afwegingen)"


def software_version() -> str:
    """The version of this package as installed."""
    try:
        return version("gebiedsbudget")
    except PackageNotFoundError:
        return "niet geïnstalleerd"


def imprint(inputs: Inputs) -> Imprint:
    """Whose tables these are."""
    own = inputs.municipality
    return Imprint(own.name, own.version, own.reference_date)


def plan_provenance_table(plan: Plan, *, weighed: bool = False) -> Table:
    """Where everything in a plan comes from; `weighed`: other strategies were planned beside it."""
    solver = plan.allocation.solver
    rows: list[_Row] = [
        *_inputs(plan.inputs),
        *_forecast(plan.demand),
        ("Verdeling", "Oplosser", f"{solver.name} {solver.version}".strip(), None),
        ("Verdeling", "Status", solver.status, None),
        ("Verdeling", "Startgetal", str(solver.seed), None),
        *(
            (
                "Verdeling",
                _STEP(n=number),
                stage.name,
                _stage_in_words(stage),
            )
            for number, stage in enumerate(plan.allocation.stages, start=1)
        ),
        *_later_savings(plan),
        *(("Strategie", *row) for row in strategy_choices(plan.problem.strategy, len(plan.problem.areas))),
        *(() if weighed else [("Strategie", "Afwegingen", "niet berekend", _NOT_WEIGHED)]),
        *_choices(plan.inputs),
        *(
            (ASSUMPTION, _ASSUMPTION(n=number), None, text)
            for number, text in enumerate(plan.assumptions, start=1)
        ),
    ]
    return _table(rows)


def forecast_provenance_table(inputs: Inputs, demand: Demand) -> Table:
    """Where everything in a forecast comes from."""
    notes = (*inputs.provenance.defaults, *demand.notes)
    rows = [
        *_inputs(inputs),
        *_forecast(demand),
        *((ASSUMPTION, _ASSUMPTION(n=number), None, text) for number, text in enumerate(notes, start=1)),
    ]
    return _table(rows)


def year_provenance_table(inputs: Inputs, demand: Demand | None, notes: tuple[str, ...]) -> Table:
    """Where everything in the settlement of a year comes from; `notes` say on what its estimates rest."""
    defaults = (*inputs.provenance.defaults, *(demand.notes if demand else ()))
    rows = [
        *_inputs(inputs),
        *(_forecast(demand) if demand else ()),
        *(("Schatting", _ESTIMATE(n=number), None, text) for number, text in enumerate(notes, start=1)),
        *_choices(inputs),
        *((ASSUMPTION, _ASSUMPTION(n=number), None, text) for number, text in enumerate(defaults, start=1)),
    ]
    return _table(rows)


def _table(rows: list[_Row]) -> Table:
    return Table("Herkomst", "Herkomst: invoer, regels, methode en aannames", COLUMNS, rows, frozen_columns=2)


def _stage_in_words(stage: Stage) -> Sentence:
    """What a stage wants, and how far it came."""
    (value, value_digits), (margin, margin_digits) = _plain(stage.value), _plain(stage.tolerance)
    return _STAGE(
        stage=STAGE_WORDS.get(stage.name, stage.name),
        value=value,
        value_digits=value_digits,
        margin=margin,
        margin_digits=margin_digits,
    )


def _plain(value: float) -> tuple[float, int]:
    """A number to six decimals, and how many of them say something.

    >>> _plain(1.7053e-13), _plain(1234567.5), _plain(-0.0000001), _plain(0.001)
    ((0.0, 0), (1234567.5, 1), (0.0, 0), (0.001, 3))
    """
    rounded = round(value, 6) or 0.0
    return rounded, len(f"{rounded:.6f}".rstrip("0").partition(".")[2])


def _inputs(inputs: Inputs) -> Iterator[_Row]:
    own, source = inputs.municipality, inputs.provenance
    day = own.reference_date
    peildatum = _DATE(n=day.day, month=MONTH_NAMES[day.month - 1], year=day.year) if day else None
    yield "Gemeente", "Naam", own.name, None
    yield "Gemeente", "Gemeentecode", own.code, None
    yield "Gemeente", "Versie", own.version, None
    yield "Gemeente", "Planjaar" if len(inputs.years) == 1 else "Planjaren", span_of(inputs.years), None
    yield "Gemeente", "Prijspeil", str(own.price_level), None
    yield "Gemeente", "Datum", peildatum, "peildatum van de gegevens"
    yield "Invoer", "Bestand", source.file_name, None
    yield "Invoer", "SHA-256", source.sha256, "vingerafdruk van het invoerbestand"
    yield "Programma", "gebiedsbudget", software_version(), "versie van de software"
    for event in inputs.history.events:
        effect = _ESTIMATED() if event.effect is None else _EFFECT(effect=event.effect)
        told = _EVENT_UNTIL_NOW if event.end is None else _EVENT
        yield (
            *("Gebeurtenis", event.name),
            *(told(start=str(event.start), end=str(event.end), effect=effect), event.source),
        )


def _forecast(demand: Demand) -> Iterator[_Row]:
    methods = {"ensemble": "alle modellen samen", "prophet": "Prophet alleen, zonder bevolking"}
    yield "Prognose", "Methode", demand.method, methods.get(demand.method)
    yield "Prognose", "Steekproeven", str(demand.n_draws), "gezamenlijk getrokken voor alle wijken en stromen"
    yield "Prognose", "Startgetal", str(demand.seed), "zelfde invoer en startgetal: zelfde uitkomst"


def _later_savings(plan: Plan) -> Iterator[_Row]:
    """The terminal value of prevention, where there is any."""
    if plan.problem.programmes:
        weighs = (
            "telt als eindwaarde mee bij de keuze, zodat preventie tegen het laatste planjaar niet inzakt"
            if plan.problem.strategy.later_savings
            else "telt niet mee bij het dekken van lasten, alleen bij de vraag of preventie zich terugverdient"
        )
        yield (
            *("Verdeling", _SAVED_AFTER(year=plan.inputs.last_year), _AMOUNT(cents=saved_later(plan))),
            _WEIGHS(weighs=weighs),
        )


def _rule_value(rule: Rule, where: tuple[object, ...]) -> Sentence:
    """The value of a rule in its own unit, and where it holds."""
    unit = RULE_BY_NAME[rule.name].unit
    if unit == "€":
        return _RULE_AMOUNT(cents=to_cents(rule.value), where=where)
    if unit == "aandeel":
        percent = (rule.value * 100).normalize()
        digits = max(0, -int(percent.as_tuple().exponent))
        return _RULE_SHARE(share=percent, digits=digits, where=where)
    return _RULE_NUMBER(value=rule.value.normalize(), where=where)


def _choices(inputs: Inputs) -> Iterator[_Row]:
    """Every local choice, tariff, index, amount of money and programme, with its source."""
    for rule in inputs.rules:
        where = tuple(part for part in (rule.year, rule.district, rule.stream) if part is not None)
        yield "Regel", rule.name, _rule_value(rule, where or (_EVERYWHERE(),)), rule.source
    for tariff in inputs.tariffs:
        price = to_cents(tariff.euros_per_client_year)
        yield "Tarief", tariff.stream, _TARIFF(price=price, year=tariff.year), tariff.source
    for index in inputs.indices:
        rate = index.wage_share * index.ova + (1 - index.wage_share) * index.ppc
        status = "definitief" if index.definitive else "voorlopig"
        yield "Index", str(index.year), _RATE(rate=round(rate, 5)), status
    for name, money in sorted({(funding.source, funding.version) for funding in inputs.funding}):
        yield "Middelen", name, money or None, "versie"
    for row in inputs.prevention:
        yield (
            "Preventie",
            row.programme,
            _PROGRAMME(status=row.status, effect=expected_effect(row)),
            row.source or "bron onbekend",
        )
