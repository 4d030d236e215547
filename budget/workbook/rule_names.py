"""The rules that a municipality may set (`Regels`): name, unit, range and meaning, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from wording.sentence import Template

_YES_OR_NO = Template("0 of 1 voor {rule}")
_AMOUNT = Template("als bedrag van 0 of meer voor {rule}")
_SHARE = Template("als aandeel van {low} of meer voor {rule} (5 % is 0,05)")
_SHARE_UP_TO = Template("als aandeel van {low} tot en met {high} voor {rule} (5 % is 0,05)")

Unit = Literal["aandeel", "€", "0/1"]
Place = Literal["Jaar", "Wijkcode", "Stroom"]


@dataclass(frozen=True)
class RuleName:
    """One rule as the workbook offers it."""

    name: str
    unit: Unit
    meaning: str
    """Dutch, for the template."""
    places: tuple[Place, ...] = ("Jaar", "Wijkcode", "Stroom")
    """What the rule can distinguish; the other columns stay blank."""
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(1)
    city: bool = False
    """Whether it may name STAD."""

    @property
    def is_amount(self) -> bool:
        """Whether the value is money."""
        return self.unit == "€"

    @property
    def wanted(self) -> str:
        """The values that it takes, to be read after `Waarde`."""
        if self.unit == "0/1":
            return _YES_OR_NO(rule=self.name)
        if self.unit == "€":
            return _AMOUNT(rule=self.name)
        if self.high > 1:
            return _SHARE(low=self.low, rule=self.name)
        return _SHARE_UP_TO(low=self.low, high=self.high, rule=self.name)

    def allows(self, value: Decimal) -> bool:
        """Whether the value lies in the range of the rule."""
        return self.low <= value <= self.high and (self.unit != "0/1" or value in (0, 1))


_PER_AREA: tuple[Place, ...] = ("Jaar", "Wijkcode")
_NO_CAP = Decimal(100_000_000_000)

RULES: tuple[RuleName, ...] = (
    RuleName(
        "groei_min",
        "aandeel",
        "Het totale budget van een gebied mag per jaar hooguit met dit aandeel dalen (0,03 is 3 % minder).",
        _PER_AREA,
        low=Decimal(-1),
    ),
    RuleName(
        "groei_max",
        "aandeel",
        "Het totale budget van een gebied mag per jaar hooguit met dit aandeel stijgen.",
        _PER_AREA,
        high=Decimal(100),
    ),
    RuleName(
        "groei_max_per_inwoner",
        "€",
        "Het totale budget van een gebied mag per jaar hooguit met dit bedrag per inwoner stijgen.",
        _PER_AREA,
        high=_NO_CAP,
    ),
    RuleName(
        "norm_aandeel",
        "aandeel",
        "Ingroeipad: het aandeel van de norm tegenover het historische budget in dat jaar.",
    ),
    RuleName("basispakket", "aandeel", "Vervangt het Basispakket van de stroom.", city=True),
    RuleName(
        "buffer_centraal", "aandeel", "Deel van het geld dat centraal achter de hand blijft.", ("Jaar",)
    ),
    RuleName(
        "preventie_min", "aandeel", "Preventie is minstens dit aandeel van het gebiedsbudget.", _PER_AREA
    ),
    RuleName(
        "preventie_max", "aandeel", "Preventie is hooguit dit aandeel van het gebiedsbudget.", _PER_AREA
    ),
    RuleName(
        "herinvesteren_aandeel",
        "aandeel",
        "Aandeel van het geplande overschot dat het jaar erna in het gebied blijft voor preventie.",
        _PER_AREA,
    ),
    RuleName(
        "algemene_middelen_aandeel",
        "aandeel",
        "Aandeel van het overschot dat teruggaat naar de algemene middelen; de rest wordt meegenomen.",
        _PER_AREA,
    ),
    RuleName(
        "herinvesteren_max", "€", "Hoogste herinvestering per gebied per jaar.", _PER_AREA, high=_NO_CAP
    ),
    RuleName(
        "meenemen_max",
        "€",
        "Hoogste bedrag dat een gebied meeneemt naar volgend jaar.",
        _PER_AREA,
        high=_NO_CAP,
    ),
    RuleName("stadsbreed", "0/1", "1: de stroom wordt niet over gebieden verdeeld (zware en zeldzame zorg)."),
    RuleName(
        "schuifruimte",
        "aandeel",
        "Aandeel van het geld van een stroom dat een gebied naar andere stromen mag schuiven (1 vrij, 0 schot).",
    ),
    RuleName("vast", "€", "Vast bedrag voor deze wijk en stroom (vastgezette cel).", high=_NO_CAP, city=True),
    RuleName(
        "plafond",
        "€",
        "Het totaal van het gebied staat vast; alleen de verdeling is vrij.",
        _PER_AREA,
        high=_NO_CAP,
    ),
)

RULE_BY_NAME = {rule.name: rule for rule in RULES}
