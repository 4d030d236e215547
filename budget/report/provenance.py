"""Herkomst: what this result was made of, so that somebody else can make it again."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from budget.inputs import Inputs
from budget.money import format_cents, format_euros, group_thousands, to_cents
from budget.plan import Plan
from budget.report.cells import span_of
from budget.report.prevention import expected_effect, saved_later
from budget.strategy import STAGE_WORDS, strategy_choices
from budget.tables import Cell, Column, Imprint, Kind, Table
from forecasts.demand import Demand

COLUMNS = (
    Column("Onderdeel", Kind.TEXT),
    Column("Gegeven", Kind.TEXT),
    Column("Waarde", Kind.TEXT, width=70),
    Column("Toelichting", Kind.TEXT, width=70),
)

_Row = tuple[Cell, ...]
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
                f"Stap {number}",
                stage.name,
                f"{STAGE_WORDS.get(stage.name, stage.name)}; "
                f"waarde {_plain(stage.value)}, marge {_plain(stage.tolerance)}",
            )
            for number, stage in enumerate(plan.allocation.stages, start=1)
        ),
        *_later_savings(plan),
        *(("Strategie", *row) for row in strategy_choices(plan.problem.strategy, len(plan.problem.areas))),
        *(() if weighed else [("Strategie", "Afwegingen", "niet berekend", _NOT_WEIGHED)]),
        *_choices(plan.inputs),
        *(
            ("Aanname", f"Aanname {number}", None, text)
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
        *(("Aanname", f"Aanname {number}", None, text) for number, text in enumerate(notes, start=1)),
    ]
    return _table(rows)


def year_provenance_table(inputs: Inputs, demand: Demand | None, notes: tuple[str, ...]) -> Table:
    """Where everything in the settlement of a year comes from; `notes` say on what its estimates rest."""
    defaults = (*inputs.provenance.defaults, *(demand.notes if demand else ()))
    rows = [
        *_inputs(inputs),
        *(_forecast(demand) if demand else ()),
        *(("Schatting", f"Schatting {number}", None, text) for number, text in enumerate(notes, start=1)),
        *_choices(inputs),
        *(("Aanname", f"Aanname {number}", None, text) for number, text in enumerate(defaults, start=1)),
    ]
    return _table(rows)


def _table(rows: list[_Row]) -> Table:
    return Table("Herkomst", "Herkomst: invoer, regels, methode en aannames", COLUMNS, rows, frozen_columns=2)


def _plain(value: float) -> str:
    """A number to six decimals, without a power of ten.

    >>> _plain(1.7053e-13), _plain(1234567.5), _plain(-0.0000001), _plain(0.001)
    ('0', '1.234.567,5', '0', '0,001')
    """
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else group_thousands(text)


def _inputs(inputs: Inputs) -> Iterator[_Row]:
    own, source = inputs.municipality, inputs.provenance
    peildatum = own.reference_date.isoformat() if own.reference_date else None
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
        effect = (
            "effect geschat"
            if event.effect is None
            else f"effect {event.effect * 100:+.1f} %".replace(".", ",")
        )
        yield "Gebeurtenis", event.name, f"{event.start} tot {event.end or 'heden'}, {effect}", event.source


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
            *("Verdeling", f"Besparing na {plan.inputs.last_year}", format_euros(saved_later(plan))),
            f"{weighs}; in geen bedrag van het plan begrepen",
        )


def _choices(inputs: Inputs) -> Iterator[_Row]:
    """Every local choice, tariff, index, amount of money and programme, with its source."""
    for rule in inputs.rules:
        where = [str(part) for part in (rule.year, rule.district, rule.stream) if part is not None]
        value = f"{rule.value.normalize():f}".replace(".", ",")
        yield "Regel", rule.name, f"{value} ({', '.join(where) or 'overal'})", rule.source
    for tariff in inputs.tariffs:
        price = format_cents(to_cents(tariff.euros_per_client_year))
        yield "Tarief", tariff.stream, f"{price} per cliëntjaar ({tariff.year})", tariff.source
    for index in inputs.indices:
        rate = index.wage_share * index.ova + (1 - index.wage_share) * index.ppc
        status = "definitief" if index.definitive else "voorlopig"
        yield "Index", str(index.year), f"{rate * 100:.3f} %".replace(".", ","), status
    for name, money in sorted({(funding.source, funding.version) for funding in inputs.funding}):
        yield "Middelen", name, money or None, "versie"
    for row in inputs.prevention:
        yield (
            "Preventie",
            row.programme,
            f"{row.status}; {expected_effect(row)}",
            row.source or "bron onbekend",
        )
