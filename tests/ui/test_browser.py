"""The screens in a real Chromium: nothing leaves the machine, everything works by keyboard, axe finds nothing."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from budget.plan import Plan
from ui.main import PAGES

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api")

ROOT = Path(__file__).parents[2]
AXE = Path(__file__).parent / "assets" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run")
APP = """
import os, pickle
from pathlib import Path
import streamlit as st
from starlette.middleware import Middleware
from ui.border import Border
from ui.mishap import show_mishap
from ui.work import plans

plans.put("driehoek", pickle.loads(Path(os.environ["PLAN"]).read_bytes()))
plans.put("kapot", object())
app = st.App(Path(os.environ["MAIN"]), middleware=[Middleware(Border)], on_script_error=show_mishap)
"""
"""What `ui/app.py` serves, with a plan at hand that was made before, and one that is none."""
PATHS = ("", *(path for _, path, _ in PAGES[1:]))


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _await(url: str) -> None:
    """Wait until a server answers."""
    for _ in range(240):
        with suppress(URLError, ConnectionError):
            urlopen(url)
            return
        time.sleep(0.25)
    pytest.fail(f"no answer from {url}")


@pytest.fixture(scope="module")
def address(city_plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the app is served."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "plan.pickle").write_bytes(pickle.dumps(city_plan))
    app = folder / "app.py"
    app.write_text(APP)
    shutil.copytree(ROOT / "ui" / ".streamlit", folder / ".streamlit")
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port)],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PLAN": str(folder / "plan.pickle"),
            "MAIN": str(ROOT / "ui" / "main.py"),
        },
        cwd=folder,
        stdout=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _await(f"{base}/_stcore/health")
        yield base
    finally:
        server.kill()
        server.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed")
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Opens a page on the small plan; afterwards no request may have gone anywhere else."""
    gone: list[str] = []
    contexts = []

    def open_it(
        path: str = "", *, wide: int = 1280, dark: bool = False, plan: bool = True, **query: str
    ) -> Any:
        context = browser.new_context(
            viewport={"width": wide, "height": 900}, color_scheme="dark" if dark else "light", locale="en-US"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: gone.append(request.url))
        asked = {"gegevens": "driehoek", **query} if plan else query
        page.goto(f"{address}/{path}?" + "&".join(f"{key}={value}" for key, value in asked.items()))
        page.locator("h1").first.wait_for(timeout=30_000)
        settle(page)
        return page

    yield open_it
    for context in contexts:
        context.close()
    away = [
        url for url in gone if not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))
    ]
    assert away == []


def settle(page: Any) -> None:
    """Wait until the script has run and the page stands still."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=30_000)
    page.wait_for_timeout(700)


def test_every_answer_carries_the_policy_and_the_language(address: str) -> None:
    for path, language in (("/", b"nl"), ("/verdeling?taal=en", b"en")):
        with urlopen(Request(address + path, headers={"Accept": "text/html"})) as answer:
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            assert b'<html lang="' + language in answer.read()


def test_the_app_starts_from_anywhere_and_minds_its_border(tmp_path: Path) -> None:
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-c", f"from ui.launch import launch; launch({port})"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _await(f"http://127.0.0.1:{port}/_stcore/health")
        with urlopen(Request(f"http://127.0.0.1:{port}/", headers={"Accept": "text/html"})) as answer:
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing(visit: Callable[..., Any], language: str, dark: bool) -> None:
    for path in PATHS:
        page = visit(path, dark=dark, taal=language, regels="buffer_centraal~~~~0.04")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(path, rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == []
        assert page.evaluate("document.documentElement.lang") == language
        page.context.close()


@pytest.mark.parametrize(
    ("path", "clicks"),
    [
        ("preventie", ("Reken de varianten door", "Dezelfde varianten per jaar", "Per wijk: verdient")),
        ("waarom", ("Per oorzaak", "De stappen tot op de cent")),
        ("prognose", ("Waargenomen per jaar",)),
    ],
)
def test_axe_finds_nothing_in_what_opens(
    visit: Callable[..., Any], path: str, clicks: tuple[str, ...]
) -> None:
    page = visit(path)
    for words in clicks:
        page.get_by_text(words).first.click()
        settle(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == []


def test_axe_finds_nothing_in_a_meeting(visit: Callable[..., Any]) -> None:
    looks: list[tuple[str, dict[str, str]]] = [
        ("", {}),
        ("", {"wijk": "WK999802"}),
        ("afwegen", {"regels": "buffer_centraal~~~~0.04"}),
        ("afwegen", {"afruil": "zekerheid"}),
        ("", {"regels": "plafond~2027~WK999801~~1"}),
    ]
    for path, query in looks:
        page = visit(path, stand="vergadering", **query)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(query, rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == []


@pytest.mark.parametrize(("path", "trade"), [("verdeling", ""), ("afwegen", ""), ("afwegen", "zekerheid")])
def test_a_meeting_fits_a_narrow_screen(visit: Callable[..., Any], path: str, trade: str) -> None:
    page = visit(path, wide=320, stand="vergadering", afruil=trade, regels="buffer_centraal~~~~0.04")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 320


def test_a_meeting_is_led_by_keyboard_and_back_goes_back(visit: Callable[..., Any]) -> None:
    page = visit("verdeling", stand="vergadering")

    def heading() -> str:
        settle(page)
        return str(page.locator("h1").first.inner_text())

    page.keyboard.press("ArrowRight")
    assert heading() == "Waarom Aanleg in 2027 dit budget krijgt"
    page.keyboard.press("PageDown")
    assert heading() == "Waarom Brug in 2027 dit budget krijgt"
    page.keyboard.press("ArrowLeft")
    assert heading() == "Waarom Aanleg in 2027 dit budget krijgt"
    page.get_by_role("radio", name="2028").click()
    assert heading() == "Waarom Aanleg in 2028 dit budget krijgt"
    page.get_by_role("radio", name="Afwegen").click()
    assert heading() == "Nu, voorstel en varianten, 2028"
    page.go_back()
    assert heading() == "Waarom Aanleg in 2028 dit budget krijgt"
    page.go_back()
    assert heading() == "Waarom Aanleg in 2027 dit budget krijgt"
    page.go_back()
    assert heading() == "Waarom Brug in 2027 dit budget krijgt"
    page.go_forward()
    assert heading() == "Waarom Aanleg in 2027 dit budget krijgt"


def test_back_goes_back_a_page_and_a_change_of_a_rule(visit: Callable[..., Any]) -> None:
    page = visit("verdeling", wijk="WK999802")
    buffer = page.get_by_role("slider", name="Centrale buffer")
    before = buffer.get_attribute("aria-valuetext")
    buffer.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("1 wijziging").wait_for()
    settle(page)
    page.get_by_role("link", name="Contracten").first.click()
    page.get_by_role("heading", name="Contracten 2027").wait_for()
    settle(page)
    page.go_back()
    page.get_by_role("heading", name="Verdeling 2027").wait_for()
    settle(page)
    assert buffer.get_attribute("aria-valuetext") != before
    page.go_back()
    settle(page)
    assert buffer.get_attribute("aria-valuetext") == before
    page.go_forward()
    settle(page)
    assert buffer.get_attribute("aria-valuetext") != before


def test_every_page_has_a_title_of_its_own(visit: Callable[..., Any]) -> None:
    titles = [visit(path, wijk="WK999802").title() for path in PATHS]
    assert len(set(titles)) == len(PATHS)
    assert titles[1:3] == ["Verdeling Brug 2027 - Gebiedsbudget", "Waarom Brug 2027 - Gebiedsbudget"]
    assert visit("contracten", taal="en").title() == "Contracts 2027 - Gebiedsbudget"


def test_the_map_works_by_keyboard(visit: Callable[..., Any]) -> None:
    page = visit("verdeling")
    page.locator('path.district[tabindex="0"]').focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    assert page.locator(".tip").inner_text().splitlines()[0] == "Brug"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Brug").wait_for()
    settle(page)
    assert "wijk=WK999802" in page.url
    assert (
        page.locator('path.district[aria-selected="true"]').get_attribute("aria-label").startswith("Brug: €")
    )


def test_the_map_has_one_stop_for_the_tab_key(visit: Callable[..., Any]) -> None:
    page = visit("verdeling")
    page.locator("path.district").first.wait_for()
    assert page.locator('path.district[tabindex="0"]').count() == 1
    assert page.locator("path.district").count() == 3


def test_a_click_on_the_map_opens_the_district(visit: Callable[..., Any]) -> None:
    page = visit("verdeling")
    page.locator('path.district[aria-label^="Coupure"]').click()
    page.get_by_role("heading", name="Coupure").wait_for()


def test_a_pasted_dutch_amount_is_read_as_it_was_meant(visit: Callable[..., Any]) -> None:
    page = visit("verdeling")
    page.get_by_text("Eén bedrag vastzetten").click()
    box = page.get_by_label("Bedrag in euro")
    box.focus()
    page.evaluate("text => document.execCommand('insertText', false, text)", "€ 1.234.567,89")
    page.keyboard.press("Enter")
    page.get_by_text("Gelezen als € 1.234.567,89").wait_for()


def test_a_slider_by_keyboard_changes_the_plan(visit: Callable[..., Any]) -> None:
    page = visit("verdeling")
    page.get_by_role("slider", name="Centrale buffer").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("1 wijziging").wait_for()
    settle(page)
    assert "regels=buffer_centraal" in page.url
    assert page.locator(".gb-told").text_content() == page.locator(".gb-lead").first.text_content()


def test_the_year_at_hand_is_the_one_that_is_checked_on_every_page(visit: Callable[..., Any]) -> None:
    page = visit("verdeling", jaar="2028")
    for name in ("Waarom", "Contracten", "Verdeling"):
        page.get_by_role("link", name=name, exact=True).click()
        page.locator("h1", has_text=name).wait_for()
        settle(page)
        assert page.get_by_role("radio", name="2028").first.is_checked()


@pytest.mark.parametrize("path", PATHS)
def test_a_page_fits_a_narrow_screen(visit: Callable[..., Any], path: str) -> None:
    page = visit(path, wide=320)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 320


CUT_OFF = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    const texts = [...main.querySelectorAll('h1, h2, h3, p, li, dt, dd, th, td, button, caption, label')];
    const hidden = texts.filter(text => {
        const style = getComputedStyle(text);
        return style.overflowX !== 'visible' && text.clientWidth > 1 && text.scrollWidth > text.clientWidth + 1;
    });
    const outside = [...main.querySelectorAll('svg text')].filter(text => {
        const place = text.getBoundingClientRect(), frame = text.ownerSVGElement.getBoundingClientRect();
        return place.width > 0 && (place.left < frame.left - 3 || place.right > frame.right + 3);
    });
    return [...hidden, ...outside].map(text => text.textContent);
}"""
"""Words that do not fit where they stand."""


@pytest.mark.parametrize("wide", [390, 1440])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_makes_a_picture_in_which_no_word_is_cut_off(
    visit: Callable[..., Any], dark: bool, wide: int
) -> None:
    pictures = ROOT / "out" / "screens"
    for path in PATHS:
        page = visit(path, wide=wide, dark=dark, wijk="WK999801")
        assert (path, page.evaluate(CUT_OFF)) == (path, [])
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= wide
        name = f"{path or 'gegevens'}_{'dark' if dark else 'light'}_{wide}.png"
        tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": wide, "height": tall})
        settle(page)
        assert len(page.screenshot(path=pictures / name)) > 20_000
        page.context.close()


def test_charts_tell_their_message(visit: Callable[..., Any]) -> None:
    page = visit("prognose", stroom="HULP", wijk="WK999801")
    message = "Cliënten van Huishoudelijke ondersteuning in Aanleg"
    page.locator(f'[data-testid=stVegaLiteChart][aria-label*="{message}"]').wait_for()


def _trade_off(visit: Callable[..., Any]) -> Any:
    page = visit("afwegen")
    search = page.get_by_role("button", name="Zoek de beste compromissen")
    if search.count():
        search.click()
    page.get_by_role("button", name="Maak dit mijn variant").wait_for(timeout=60_000)
    settle(page)
    return page


def test_a_click_on_a_dot_makes_it_a_scenario_beside_the_workbook(visit: Callable[..., Any]) -> None:
    page = _trade_off(visit)
    page.locator('.st-key-trade_chart path[aria-label*="Gelijke dekking"]').first.click()
    page.get_by_role("columnheader", name="Mijn variant").wait_for()
    settle(page)
    assert "regels=strategie~gelijke" in page.url


def test_a_dot_can_be_chosen_by_keyboard(visit: Callable[..., Any]) -> None:
    page = _trade_off(visit)
    page.get_by_label("Kies een punt").focus()
    page.keyboard.type("Gelijke")
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_role("button", name="Maak dit mijn variant").focus()
    page.keyboard.press("Enter")
    page.get_by_role("columnheader", name="Mijn variant").wait_for()
    settle(page)
    assert "regels=strategie~gelijke" in page.url


def test_axe_finds_nothing_in_a_trade_off(visit: Callable[..., Any]) -> None:
    page = _trade_off(visit)
    page.get_by_text("Alle punten in een tabel").click()
    settle(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == []


def test_a_workbook_becomes_a_plan_on_the_screen(visit: Callable[..., Any]) -> None:
    page = visit(plan=False)
    page.set_input_files("input[type=file]", str(ROOT / "sample_data" / "driehoek.xlsx"))
    page.get_by_role("button", name="Lees en reken door").click()
    page.get_by_role("button", name="Naar de verdeling").click(timeout=120_000)
    page.get_by_role("heading", name="Verdeling 2027").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download het plan").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_faults_are_listed_with_their_cells_and_marked_in_a_copy(
    visit: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "Vraag.csv").write_text(
        "Wijkcode;Stroom;Periode;Clienten;Status\nWK1;A;2020;veel;definitief\n"
    )
    page = visit(plan=False)
    page.set_input_files("input[type=file]", str(tmp_path / "Vraag.csv"))
    page.get_by_role("button", name="Lees en reken door").click()
    page.get_by_role("heading", name="Fouten in de werkmap").wait_for(timeout=60_000)
    assert page.get_by_role("cell", name="D2", exact=True).count() == 1


def test_a_failure_is_a_sentence_and_a_number_never_a_traceback(visit: Callable[..., Any]) -> None:
    page = visit(plan=False)
    page.goto(page.url.split("?")[0] + "?gegevens=kapot")
    alert = page.get_by_text("Er ging iets mis dat niet aan u ligt")
    alert.wait_for()
    assert re.search(r"nummer [0-9A-F]{6} ", alert.inner_text())
    assert page.get_by_text("Traceback").count() == 0
    assert page.get_by_text("AttributeError").count() == 0


def test_streamlit_itself_speaks_dutch(visit: Callable[..., Any]) -> None:
    page = visit(plan=False)
    assert page.get_by_text("Bestanden kiezen").count() >= 1
    assert page.get_by_text("Browse files").count() == 0


def test_a_way_out_of_a_contradiction_is_taken_up_by_keyboard(visit: Callable[..., Any]) -> None:
    page = visit("verdeling", regels="plafond~2027~WK999802~~1!plafond~2027~WK999803~~1")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == []
    page.get_by_role("button", name="Neem van elke botsing de eerste wijziging over").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Verdeling 2027").wait_for()
