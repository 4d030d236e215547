"""The input workbook as data: its sheets, their columns, and what may stand in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import get_args

from pydantic.fields import FieldInfo

from budget.workbook.cells import Kind
from budget.workbook.row_models import (
    ActualRow,
    ContractRow,
    DemandRow,
    DistrictChangeRow,
    DistrictRow,
    EventRow,
    FundingRow,
    IndexRow,
    LastBudgetRow,
    MunicipalityRow,
    NormRow,
    PopulationRow,
    PreventionRow,
    ReserveRow,
    RuleRow,
    SecondOpinionRow,
    SheetRow,
    StreamRow,
    TariffRow,
)


@dataclass(frozen=True)
class Column:
    """One column of a sheet (or one field, where a sheet is a list of fields)."""

    name: str
    kind: Kind
    explanation: str
    width: int
    filled: bool
    """A cell in this column may not be blank."""
    needed: bool
    """The column may not be absent."""
    blank: str | float | None
    """What a blank cell means; None: unknown, or nothing."""


@dataclass(frozen=True)
class Sheet:
    """One sheet of the input workbook."""

    name: str
    row: type[SheetRow]
    explanation: str
    needed: bool = False
    key: tuple[str, ...] = ()
    """The columns that no two rows may share."""
    fields_in_rows: bool = field(default=False)
    """The columns of the model are rows of the sheet: Veld, Waarde."""
    without: str = ""
    """What the plan does without this sheet."""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns in the order of the template."""
        return tuple(_column(info) for info in self.row.model_fields.values())

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The headings of the sheet as it is seen."""
        return ("Veld", "Waarde") if self.fields_in_rows else tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column with this heading; KeyError where the sheet has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _column(info: FieldInfo) -> Column:
    extra = info.json_schema_extra
    assert isinstance(extra, dict)
    assert info.alias is not None
    blank = extra["blank"]
    assert blank is None or isinstance(blank, str | int | float)
    return Column(
        name=info.alias,
        kind=_kind(info),
        explanation=info.description or "",
        width=int(str(extra["width"])),
        filled=info.is_required() and blank is None,
        needed=not extra["may_lack"],
        blank=blank,
    )


def _kind(info: FieldInfo) -> Kind:
    """The kind stands in the annotation: directly, or inside `... | None`."""
    inside = [part for member in get_args(info.annotation) for part in get_args(member)]
    return next(part for part in (*info.metadata, *inside) if isinstance(part, Kind))


SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "Gemeente",
        MunicipalityRow,
        "De gemeente en de planjaren: één gegeven per rij.",
        needed=True,
        fields_in_rows=True,
    ),
    Sheet("Wijken", DistrictRow, "De wijken, één rij per wijk.", needed=True, key=("Wijkcode",)),
    Sheet(
        "Bevolking",
        PopulationRow,
        "Inwoners per wijk, jaar en leeftijdsgroep: de noemers van het gebruik.",
        key=("Wijkcode", "Jaar", "Leeftijdsgroep"),
        without="gebruik per inwoner is niet te berekenen",
    ),
    Sheet("Stromen", StreamRow, "De geldstromen.", needed=True, key=("Stroom",)),
    Sheet(
        "Vraag",
        DemandRow,
        "Cliënten per wijk, stroom en periode.",
        needed=True,
        key=("Wijkcode", "Stroom", "Periode"),
    ),
    Sheet(
        "Norm",
        NormRow,
        "Relatieve behoefte per wijk. Zonder dit blad: stedelijk gebruik per leeftijdsgroep x bevolking x prijs.",
        key=("Wijkcode", "Stroom", "Jaar"),
    ),
    Sheet("Tarieven", TariffRow, "De prijs van een cliëntjaar.", needed=True, key=("Stroom", "Jaar")),
    Sheet(
        "Indexen",
        IndexRow,
        "De prijsindex per jaar.",
        key=("Jaar", "Status"),
        without="prijzen worden niet geïndexeerd",
    ),
    Sheet(
        "Middelen",
        FundingRow,
        "Het geld per jaar: de brede geldstroom en wat daarvan een doel heeft.",
        needed=True,
        key=("Bron", "Jaar", "Stromen"),
    ),
    Sheet(
        "Vorig budget",
        LastBudgetRow,
        "De budgetten van het jaar vóór het eerste planjaar.",
        needed=True,
        key=("Wijkcode", "Stroom"),
    ),
    Sheet(
        "Preventie",
        PreventionRow,
        "Preventieprogramma's en wat ze besparen.",
        without="er is geen preventie gepland",
    ),
    Sheet(
        "Regels",
        RuleRow,
        "Lokale keuzes; een leeg Jaar, Wijkcode of Stroom geldt voor alle.",
        key=("Regel", "Jaar", "Wijkcode", "Stroom"),
        without="er gelden geen lokale keuzes",
    ),
    Sheet(
        "Reserves",
        ReserveRow,
        "Egalisatiereserves.",
        key=("Reserve",),
        without="er is geen reserve om een tekort te dekken",
    ),
    Sheet(
        "Contracten",
        ContractRow,
        "Verplichtingen aan aanbieders, in euro's per jaar.",
        key=("Aanbieder", "Perceel", "Stroom", "Wijken", "Jaar"),
        without="er zijn geen verplichtingen aan aanbieders",
    ),
    Sheet(
        "Realisatie",
        ActualRow,
        "Werkelijke lasten, voor bewaking en de afrekening.",
        key=("Wijkcode", "Stroom", "Periode"),
        without="er is niets af te rekenen",
    ),
    Sheet(
        "Gebeurtenissen",
        EventRow,
        "Bekende breuken in de vraag.",
        without="er zijn geen breuken in de vraag bekend",
    ),
    Sheet(
        "Wijkwijzigingen",
        DistrictChangeRow,
        "Wijken die zijn samengevoegd, gesplitst of hernoemd: oude aantallen worden omgerekend naar de wijken van nu.",
        key=("Oude wijkcode", "Wijkcode", "Jaar"),
        without="alle wijken hebben altijd hun code van nu gehad",
    ),
    Sheet(
        "Tweede mening",
        SecondOpinionRow,
        "Een andere prognose, bijvoorbeeld van een landelijk model, om te vergelijken, te mengen of te gebruiken.",
        key=("Wijkcode", "Stroom", "Jaar"),
        without="de eigen prognose staat op zichzelf",
    ),
)

GUIDE_SHEET = "Uitleg"
"""The sheet of the template that explains the others."""
FAULT_SHEET = "Fouten"
"""The sheet of a marked copy that lists the faults."""

SHEET_BY_NAME = {sheet.name: sheet for sheet in SHEETS}
