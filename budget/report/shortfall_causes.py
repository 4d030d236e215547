"""Which rule causes how much shortfall, and where: words and sentences of Samenvatting."""

from __future__ import annotations

from collections import defaultdict

from budget.inputs import CITY
from budget.plan import Plan
from budget.report.cells import span_of
from wording.sentence import Template

_Short = dict[tuple[str, int], int]
"""Cents per area (or STAD) and year."""
_N_AREAS = 3
_WORTH_A_SENTENCE = 100
"""Cents of shortfall; less than a euro is the rounding of cells."""

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
_NAME = Template("{rule:word}")
_CAUSED_BY = Template("door {rules}")
_WHOLE_CITY = Template("de stad als geheel")
_CAUSE = Template("{rule:capital}: {short:euros} tekort op het basispakket in {years}, in {areas}.")
_CAUSE_AND_MORE = Template(
    "{rule:capital}: {short:euros} tekort op het basispakket in {years}, in {areas} en nog {others} "
    "{others:gebied|gebieden}."
)


def named_causes(plan: Plan) -> str | None:
    """The rules that cause shortfall, the largest cause first; None where there is none."""
    names = tuple(_NAME(rule=RULE_NAMES.get(cause, cause)) for cause in _causes(plan))
    return _CAUSED_BY(rules=names) if names else None


def cause_sentences(plan: Plan) -> list[str]:
    """A sentence per rule that causes shortfall, the largest first: how much, when and where."""
    return [
        _cause_sentence(plan, cause, short)
        for cause, short in _causes(plan).items()
        if sum(short.values()) >= _WORTH_A_SENTENCE
    ]


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


def _cause_sentence(plan: Plan, cause: str, short: _Short) -> str:
    names = {district.code: district.name for district in plan.inputs.districts} | {CITY: _WHOLE_CITY()}
    per_area: dict[str, int] = defaultdict(int)
    for (area, _), cents in short.items():
        per_area[area] += cents
    largest = sorted(per_area, key=lambda area: (-per_area[area], area))
    years = span_of(sorted({year for _, year in short}))
    others = len(largest) - _N_AREAS
    return (_CAUSE_AND_MORE if others > 0 else _CAUSE)(
        rule=_NAME(rule=RULE_NAMES.get(cause, cause)),
        short=sum(short.values()),
        years=years,
        areas=tuple(names[area] for area in largest[:_N_AREAS]),
        others=others,
    )
