"""What the command line says and answers when it was used wrongly, or when a plan does not hold."""

from __future__ import annotations

import pytest
import typer

from budget.audit import Finding
from ui.command_line import app
from ui.commands.endings import DONE, FAILED
from ui.commands.plan import told_whether_it_holds
from ui.commands.usage import usage_sentence


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["plan"], "INVOER ontbreekt."),
        (["plan", "in.xlsx"], "--output ontbreekt."),
        (
            ["plan", "in.xlsx", "-o", "uit.xlsx", "--seed", "x"],
            "Ongeldige waarde voor --seed: een geheel getal.",
        ),
        (
            ["plan", "in.xlsx", "-o", "uit.xlsx", "--trekkingen", "1"],
            "Ongeldige waarde voor --trekkingen: ten minste 20.",
        ),
        (["plan", "--zaad", "1"], "Onbekende optie --zaad."),
        (["check", "in.xlsx", "--kaart"], "Te veel of te weinig waarden bij optie --kaart."),
        (["check", "a", "b"], "Te veel argumenten: b."),
        (["begroot"], "Onbekende opdracht 'begroot'."),
    ],
)
def test_a_usage_error_is_a_dutch_sentence(words: list[str], sentence: str) -> None:
    with pytest.raises(typer.TyperException) as error:
        app(words, standalone_mode=False)
    assert usage_sentence(error.value) == sentence


@pytest.mark.parametrize(
    ("misses", "status", "told"),
    [
        ((0, 0), DONE, ""),
        ((0, 5), FAILED, "Let op: 1 controle is fout, zie blad Controles\n"),
        ((1, 5), FAILED, "Let op: 2 controles zijn fout, zie blad Controles\n"),
    ],
)
def test_a_plan_with_a_check_that_fails_does_not_end_well(
    misses: tuple[int, ...], status: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told_whether_it_holds([Finding("controle", cents) for cents in misses]) == status
    assert capsys.readouterr().err == told
