"""Everything that the engines say can be said in English."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import string
from collections.abc import Callable, Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from budget.faults import FaultyInput
from budget.inputs import DistributionKey, StreamKind
from budget.plan import Plan
from budget.workbook.reading import read_inputs
from budget.workbook.sheets import SHEETS
from forecasts.members import NAMES
from optimiser.problem import LEXIMIN, STRATEGIES
from ui.language import catalogue, voice
from ui.work import plans
from wording.sentence import Sentence, Template

_ROOT = Path(__file__).parents[2]
_PACKAGES = ("wording", "forecasts", "optimiser", "budget")


def _templates_in(value: object) -> Iterator[str]:
    if isinstance(value, Template):
        yield str(value)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _templates_in(part)
    elif isinstance(value, (tuple, list, frozenset)):
        for part in value:
            yield from _templates_in(part)


def _templates() -> set[str]:
    """Every Dutch template that a module holds."""
    found: set[str] = set()
    for package in _PACKAGES:
        for module in pkgutil.walk_packages([str(_ROOT / package)], f"{package}."):
            held = vars(importlib.import_module(module.name))
            for value in held.values():
                found.update(_templates_in(value))
    return found


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _told(text: str) -> set[str]:
    """The fields that are written, rather than choose between two words."""
    return {name for _, name, spec, _ in string.Formatter().parse(text) if name and "|" not in str(spec)}


def _english() -> dict[str, str]:
    prefix = "sentences."
    return {key.removeprefix(prefix): text for key, text in catalogue("en").items() if key.startswith(prefix)}


def test_every_sentence_of_the_engines_has_an_english_one() -> None:
    assert sorted(_templates() - set(_english())) == []


def test_an_english_sentence_fills_in_the_same_values() -> None:
    english = _english()
    for template in _templates():
        assert _told(english[template]) == _told(template), template
        assert _fields(english[template]) <= _fields(template), template


def test_no_english_is_left_that_nothing_says() -> None:
    said = {str(column.kind.wanted) for sheet in SHEETS for column in sheet.columns} | {"en", "of"}
    for package in _PACKAGES:
        for path in (_ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    said.add(node.value)
    assert sorted(set(_english()) - said) == []


def test_templates_stand_where_they_can_be_found() -> None:
    """One that is made within a function would escape the tests above."""
    for package in _PACKAGES:
        for path in (_ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, (ast.FunctionDef, ast.Lambda)):
                    made = [
                        call
                        for call in ast.walk(node)
                        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Template"
                    ]
                    assert made == [], f"{path}:{node.lineno}"


@pytest.mark.parametrize(
    "word",
    [
        *(sheet.without for sheet in SHEETS if sheet.without),
        *NAMES.values(),
        *StreamKind.__args__,
        *DistributionKey.__args__,
        *(strategy.name for strategy in (*STRATEGIES, LEXIMIN)),
        *("wijk", "stroom", "jaar", "meer", "minder"),
    ],
)
def test_every_word_within_a_sentence_has_an_english_one(word: str) -> None:
    assert word in _english()


_CALLS = {"Fault": 2, "fault": 2, "heading_fault": 1, "refuse": 1, "Trouble": 0}
"""What makes a fault, and the place of the first argument that a reader reads."""


def _words_of_faults() -> set[str]:
    """Every text that is given to a fault as it is."""
    found: set[str] = set()
    for path in (_ROOT / "budget" / "workbook").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                told = node.args[_CALLS[name] :] if name in _CALLS else []
                found.update(
                    part.value
                    for part in told
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                )
    return found - {""}


def test_every_word_of_a_fault_has_an_english_one() -> None:
    assert sorted(_words_of_faults() - set(_english())) == []


def test_what_may_stand_in_a_column_can_be_said_in_english() -> None:
    wanted = {column.kind.wanted for sheet in SHEETS for column in sheet.columns}
    plain = {str(words) for words in wanted if not isinstance(words, Sentence)}
    assert sorted(plain - set(_english())) == []


PAGES = ("data", "distribution", "why", "forecast", "prevention", "contracts", "compare", "year", "account")
_DUTCH = re.compile(
    r"\b(de|het|een|van|voor|niet|wordt|zijn|naar|met|uit|meer|minder|geen|alle|jaar|bij|dan|er|ook|maar|op|aan|wijk"
    r"|stroom|te|die|dat|zie|blad|eerste|elk|elke|lasten|tekort|bedrag|ja|nee|kans|verwacht|onder|boven)\b"
)
"""Words that English has not."""
_MARK = "english"
_FOLDS = re.compile(r'"(fold_[a-z_]+)"')


class _Read(HTMLParser):
    """What a reader sees, hovers over or hears of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.dutch = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.dutch |= given.get("lang") == "nl"
        self.words += [told for name in ("title", "aria-label", "alt") if (told := given.get(name))]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _read(app: AppTest) -> _Read:
    reader = _Read()
    for element in app.get("html"):
        reader.feed(element.proto.body)
    kinds = (
        app.title,
        app.header,
        app.subheader,
        app.caption,
        app.button,
        app.info,
        app.warning,
        app.expander,
    )
    for element in (part for kind in kinds for part in kind):
        reader.words += [str(getattr(element, name, "")) for name in ("label", "value")]
    return reader


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("place", ["", "WK999802"])
def test_an_english_page_says_nothing_in_dutch(city_plan: Plan, page: str, place: str) -> None:
    """Names of districts and streams are the town's own."""
    plans.put(_MARK, city_plan)
    app = AppTest.from_string(f"from ui.main import main\nmain(start={page!r})", default_timeout=30)
    for name, value in {"gegevens": _MARK, "taal": "en", "wijk": place}.items():
        app.query_params[name] = value
    for path in (_ROOT / "ui").rglob("*.py"):
        for fold in _FOLDS.findall(path.read_text(encoding="utf-8")):
            app.session_state[fold] = True
    app.run()
    assert not app.exception, app.exception
    reader, inputs = _read(app), city_plan.inputs
    own = [district.name for district in inputs.districts] + [stream.name for stream in inputs.streams]
    left = []
    for words in reader.words:
        for name in own:
            words = words.replace(name, "")
        left += [words] if _DUTCH.search(words) else []
    assert left == []
    assert not reader.dutch


def test_rules_that_exclude_each_other_do_so_in_english(open_page: Callable[..., AppTest]) -> None:
    app = open_page("distribution", taal="en", regels="plafond~2027~WK999802~~1")
    (clash,) = app.warning
    assert clash.value.startswith("The given ceiling of Brug in 2027")
    assert "cannot go together" in clash.value
    assert "Smallest way out: Raise the given ceiling of Brug in 2027 by €\u00a0" in clash.value
    assert _DUTCH.search(clash.value) is None
    assert not _read(app).dutch


def test_a_meeting_is_in_english_too(open_page: Callable[..., AppTest]) -> None:
    reader = _read(open_page("distribution", taal="en", stand="vergadering", wijk="WK999802"))
    assert [words for words in reader.words if _DUTCH.search(words)] == []


def test_the_faults_of_a_workbook_are_told_in_english(tmp_path: Path) -> None:
    rows = ("WK1;A;2020;veel;definitief", "WK1;A;2022;-1;zeker", "WK1;A;2020-13;;onderdrukt")
    (tmp_path / "Vraag.csv").write_text("\n".join(("Wijkcode;Stroom;Periode;Clienten;Status", *rows)))
    with pytest.raises(FaultyInput) as refused:
        read_inputs(tmp_path)
    told = [voice("en").said(fault.sentence) for fault in refused.value.faults]
    assert 'Vraag!D2: expected Clienten as a number of 0 or more, found "veel"' in told
    assert 'Vraag!E3: expected Status as definitief, voorlopig, onderdrukt or afgeleid, found "zeker"' in told
    assert [words for words in told if _DUTCH.search(words)] == []


def test_amounts_months_and_days_are_in_the_notation_of_the_reader() -> None:
    told = Template("{cents:+euros} in {month:period}, {share:.1%} on {day:day}")
    sentence = told(cents=-1234_00, month="2024-03", share=0.125, day=date(2026, 9, 5))
    assert sentence == "-€ 1.234 in 2024-03, 12,5 % on 05-09-2026"
    assert voice("nl").said(sentence) == "-€ 1.234 in maart 2024, 12,5 % on 05-09-2026"
    english = voice("en").filled(told, sentence.values).replace("\u00a0", " ").replace("\u2060", "")
    assert english == "−€ 1,234 in March 2024, 12.5 % on 5 September 2026"
