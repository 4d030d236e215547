"""What comes first, as a municipality chooses it and as people read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from budget.inputs import Inputs
from budget.money import format_share
from optimiser.leximin import MOST_AREAS
from optimiser.problem import Strategy
from optimiser.risk import MOST_SCENARIOS
from wording.sentence import Sentence, Template

STABILITY = 10
"""Cents that a budget may move beyond what the data moved: the rounding of all years."""
_STABLE = (
    "veranderen alle lasten wat (± 0,1 %), dan verandert geen enkel budget meer dan al die wijzigingen samen; "
    "zo getoetst, niet bewezen"
)
_UNSTABLE = (
    "bij vrije gewichten kan een kleine wijziging de afweging doen omslaan, tot meer dan de wijziging zelf"
)
STAGE_WORDS = {
    "tekort": "zo min mogelijk tekort op het basispakket, naar prioriteit",
    "reserve": "zo min mogelijk uit reserves",
    "norm": "het ingroeipad naar de norm",
    "lasten": "zo veel mogelijk verwachte lasten gedekt, naar prioriteit",
    "risico": "zo veel mogelijk gedekt van de verwachte lasten en van de slechtste toekomsten, naar prioriteit",
    "afweging": "de gekozen gewichten van tekortrisico, gelijke dekking en preventie",
    "dekking": "de gebieden met de laagste dekking omhoog",
    "leximin": "het gebied met de laagste dekking zo hoog als kan, dan het volgende, tot en met het laatste",
    "preventie": "zo veel preventie die zich terugverdient als er past",
    "over": "wat over is in de gebieden, dan in de reserves",
}
"""What a stage wants, to be read after its number."""
_CHOSEN = Template("Strategie {chosen} gekozen bij de opdracht, in plaats van {given} uit de invoer.")
_NAMED = Template("{name:word}")
_WEIGHTS = Template("gewichten {weights}")
_STRATEGY = Template(
    "Strategie {strategy}: eerst {order: ;}. Wat dan nog vrij is: zo dicht mogelijk bij vorig jaar."
)
_STAGE = Template("{stage:word}")
_THEN = Template("dan {stage}")
_WORST = Template("een euro gemiddeld in de slechtste {share:.0%} van de toekomsten")
_AT_MOST = Template("hooguit {n}")
_MARGIN = Template("hooguit {cents:cents} boven de wijziging")
_AVERAGE = Template(
    "boven {n} gebieden het gewogen gemiddelde van de laagste dekkingen, in plaats van leximin"
)


def with_strategy(inputs: Inputs, strategy: Strategy) -> Inputs:
    """The inputs with another strategy; the risk weight and the confidence of the inputs stay, and a note says so."""
    chosen = replace(strategy, risk_weight=inputs.strategy.risk_weight, confidence=inputs.strategy.confidence)
    if chosen == inputs.strategy:
        return inputs
    kept = [text for text in inputs.provenance.defaults if not text.startswith("Gemeente: Strategie ")]
    note = _CHOSEN(chosen=_name(chosen), given=_name(inputs.strategy))
    provenance = replace(inputs.provenance, defaults=(*kept, note))
    return replace(inputs, strategy=chosen, provenance=provenance)


def strategy_sentence(strategy: Strategy, stages: tuple[str, ...]) -> Sentence:
    """The strategy and its order on one line; `stages` are those that were solved.

    >>> from optimiser.problem import CERTAINTY
    >>> strategy_sentence(CERTAINTY, ("tekort", "risico"))[:64]
    'Strategie zekerheid: eerst zo min mogelijk tekort op het basispa'
    """
    first, *others = (_STAGE(stage=STAGE_WORDS.get(stage, stage)) for stage in stages)
    order = (first, *(_THEN(stage=stage) for stage in others))
    return _STRATEGY(strategy=_name(strategy), order=order)


def _name(strategy: Strategy) -> Sentence:
    """What a strategy is called."""
    if "afweging" not in strategy.order:
        return _NAMED(name=strategy.name)
    return _WEIGHTS(weights=strategy.name.removeprefix("gewichten "))


def strategy_choices(strategy: Strategy, n_areas: int) -> Iterator[tuple[str, str, str]]:
    """(what, value, explanation) of every choice that a strategy holds."""
    yield "Strategie", strategy.name, "wat voorgaat; de stappen staan bij Verdeling"
    if strategy.weighs_risk:
        weight = f"{strategy.risk_weight:g}".replace(".", ",")
        yield "Risicogewicht", weight, _WORST(share=1 - strategy.confidence)
        yield (
            "Toekomsten",
            _AT_MOST(n=MOST_SCENARIOS),
            "voor de stap met risico; kansen tellen alle steekproeven",
        )
    if "afweging" in strategy.order:
        shares = ", ".join(format_share(weight, digits=0) for weight in strategy.weights)
        yield "Gewichten", shares, "tekortrisico, gelijke dekking en preventie"
        yield "Stabiliteit", "geen grens", _UNSTABLE
    else:
        yield "Stabiliteit", _MARGIN(cents=STABILITY), _STABLE
    if "leximin" in strategy.order and n_areas > MOST_AREAS:
        text = _AVERAGE(n=MOST_AREAS)
        yield "Gelijke dekking", "gewogen gemiddelde", text
