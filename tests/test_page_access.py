"""The page for whoever cannot see it, or has no mouse: axe finds nothing serious, every step works by keyboard, an answer is told once."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the server stands beside this file
from openai_server import Client, OpenAIServer, good

from benchmarks.browser import ask, served
from benchmarks.page import write_articles
from benchmarks.screenshots import SIZES
from benchmarks.states import ANSWERED, sample_page, states
from index.home import Home
from rag.chatbot import Chatbot
from rag.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Gradio's own use of pandas
    pytest.mark.usefixtures("browser"),  # before any other: without one nothing need be served
]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
GRAVE = """() => axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`)))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with sample_page(tmp_path_factory.mktemp("sample")) as site:
        yield site


# The keyboard

FOCUS = """() => {
    const element = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const around = element.closest(".input-container");
    const { top, bottom, left, right } = element.getBoundingClientRect();
    return {
        name: element.ariaLabel || element.labels?.[0]?.textContent.trim() || element.textContent.trim().slice(0, 50),
        kind: element.className.toString().split(" ").find((name) => name.startsWith("dl-")) ?? element.tagName.toLowerCase(),
        visible: (outlineStyle !== "none" && outlineWidth !== "0px") || (around !== null && getComputedStyle(around).boxShadow !== "none"),
        on_screen: bottom > 0 && right > 0 && top < innerHeight && left < innerWidth,
    };
}"""


def focus(page: Page) -> dict[str, Any]:
    """What has the focus: its name, its kind, and whether one sees that it has it."""
    found: dict[str, Any] = page.evaluate(FOCUS)
    return found


def tabbed(page: Page, key: str = "Tab", *, most: int = 60) -> list[dict[str, Any]]:
    """Every stop from where the focus is, once round the page."""
    stops = []
    for _ in range(most):
        page.keyboard.press(key)
        stop = focus(page)
        if stop["kind"] == "body" or stop in stops[:1]:
            break
        stops.append(stop)
    return stops


def test_every_step_works_by_keyboard_and_the_focus_is_always_seen(site: Any, visit: Callable[[str], Page]) -> None:
    page = visit(site.url)
    assert focus(page)["name"] == "Question"
    place = page.locator("#dl-question").bounding_box()
    page.keyboard.type(ANSWERED)
    page.keyboard.press("Enter")
    page.locator(".dl-card").first.wait_for()
    assert (focus(page)["name"], page.locator("#dl-question").bounding_box()) == ("Question", place)  # nothing jumps

    back, on = tabbed(page, "Shift+Tab"), []
    page.get_by_role("textbox", name="Question").focus()
    on = tabbed(page)
    assert [stop for stop in (*back, *on) if not (stop["visible"] and stop["on_screen"] and stop["name"])] == []
    kinds = [stop["kind"] for stop in reversed(back)]
    assert kinds.index("dl-cite") > 0
    assert "dl-card" in [stop["kind"] for stop in on]

    page.get_by_role("textbox", name="Question").focus()
    while focus(page)["kind"] != "dl-cite":
        page.keyboard.press("Shift+Tab")
    marker = focus(page)["name"]
    page.keyboard.press("Enter")
    page.locator("#dl-quote").wait_for()
    page.wait_for_function("document.activeElement.id === 'dl-quote'")
    assert focus(page)["on_screen"]
    while focus(page)["kind"] != "dl-close":
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.locator("#dl-quote").wait_for(state="detached")
    page.wait_for_function("name => document.activeElement.ariaLabel === name", arg=marker)

    while focus(page)["kind"] != "dl-card":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#dl-quote").wait_for()
    page.wait_for_function("document.activeElement.id === 'dl-quote'")
    while focus(page)["kind"] != "dl-close":
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.classList.contains('dl-card')")


# What is read aloud

LISTEN = """() => {
    const own = { status: "polite", log: "polite", alert: "assertive", timer: "off" };
    const speaks = (node) => {
        let told = false;
        for (let element = node.nodeType === 1 ? node : node.parentElement; element; element = element.parentElement) {
            if (element.ariaBusy === "true" || element.ariaHidden === "true" || !element.checkVisibility()) return false;
            const mode = element.ariaLive ?? own[element.role];
            if (mode === "off" && !told) return false;
            told ||= mode !== undefined && mode !== null;
        }
        return told;
    };
    window.told = [];
    new MutationObserver((changes) => {
        const said = new Set();
        for (const { type, target, addedNodes } of changes) {
            for (const node of type === "characterData" ? [target] : addedNodes) {
                if (node.isConnected && node.textContent.trim() && speaks(node)) said.add(node);
            }
        }
        const outer = [...said].filter((node) => ![...said].some((other) => other !== node && other.contains(node)));
        for (const node of outer) window.told.push((node.innerText ?? node.textContent).replace(/\\s+/g, " ").trim());
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


def test_an_answer_and_a_sync_are_told_once_and_not_step_by_step(
    open_home: Callable[..., Home], corpus: Path, tmp_path: Path, visit: Callable[[str], Page]
) -> None:
    home = open_home()
    home.sync(corpus)
    pieces = ("The harbour ", "of Port Ellery ", "reopened ", "on Monday ", "[S1]. ", "Forty boats ", "left in the first hour [S2].")
    with OpenAIServer(good(*pieces, pause=0.15)) as server:
        model = Client(url=server.url, timeout=60)
        with served(Chatbot(home, settings=Settings(), llm=model, model="tiny")) as url:
            page = visit(url)
            page.evaluate(LISTEN)
            for number in (0, 1):
                ask(page, f"When did the harbour of Port Ellery reopen{'?' * (number + 1)}")
                page.locator("#dl-chat .bot-row").nth(number).locator(".dl-sentences").wait_for()
                page.wait_for_timeout(1_500)
                told: list[str] = page.evaluate("told.splice(0)")
                of_the_answer = [words for words in told if "reopened" in words or "Forty" in words]
                assert len(of_the_answer) == 1, told
                assert "reopened on Monday" in of_the_answer[0]
            page.get_by_label("Folder of articles").fill(str(write_articles(tmp_path / "more", 30)))
            page.get_by_role("button", name="Sync", exact=True).click()
            page.get_by_text("Synced:").wait_for()
            page.wait_for_timeout(500)
            told = page.evaluate("told.splice(0)")
            assert re.fullmatch(r"Synced: 30 added in \d+\.\d s\. Added: 30 files", " ".join(told)), told


# axe, on a site of its own: the states end with a sync, after which the page asks other articles


def violations(page: Page) -> list[str]:
    """What axe finds serious or critical on the page as it is now."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    found: list[str] = page.evaluate(GRAVE)
    return found


LOOKS = (("wide", "light"), ("wide", "dark"), ("phone", "light"))
QUICK, REST = pytest.param(LOOKS[:1], id="as it opens"), pytest.param(LOOKS[1:], id="dark, on a phone", marks=pytest.mark.slow)


@pytest.mark.parametrize("looks", [QUICK, REST])
def test_axe_finds_nothing_serious_in_any_state(looks: tuple[tuple[str, str], ...], tmp_path: Path, visit: Callable[[str], Page]) -> None:
    found = {}
    with sample_page(tmp_path) as site:
        page = visit(site.url)
        page.emulate_media(reduced_motion="reduce")
        for state in states(page, site):
            for size, scheme in looks:
                width, height = SIZES[size]
                page.set_viewport_size({"width": width, "height": height})
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
                page.wait_for_function("dark => document.body.classList.contains('dark') === dark", arg=scheme == "dark")
                page.wait_for_timeout(300)
                found[f"{state}, {size}, {scheme}"] = violations(page)
            page.set_viewport_size({"width": 1440, "height": 900})
    assert {where: what for where, what in found.items() if what} == {}
    assert len(found) == len(looks) * 11
