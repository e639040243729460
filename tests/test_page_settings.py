"""Settings in a real browser: a language model is chosen, tried and used, its key is nowhere, and other visitors notice nothing."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the server stands beside this file
from openai_server import OpenAIServer, Reply, good

from benchmarks.browser import ask, served
from index.encoder import HashEncoder
from index.home import Home
from rag.chatbot import Chatbot
from rag.settings import Settings
from ui import choosing, guard

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Gradio's own use of pandas
    pytest.mark.usefixtures("browser"),  # before any other: without one nothing need be served
]

KEY = "canary-0123456789-typed-by-a-visitor"
QUESTION = "Who is the harbour master?"
SAID = "harbour master Ines Calloway said"
ARTICLE = (
    f"Harbour reopens after storm\n\nPublished: 4 March 2024\n\nForty boats left in the first hour, {SAID}. "
    "The harbour had been closed for three weeks. The north wall was repaired by forty masons. The harbour master praised them. "
    "A storm had closed the harbour in February."
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("settings")
    (folder / "harbour.txt").write_text(ARTICLE)
    opened = Home.open(folder / "home", encoder=HashEncoder(), create=True)
    opened.sync(folder / "harbour.txt")
    yield opened
    opened.close()
    opened.vectors.close()


@pytest.fixture(scope="module")
def url(home: Home) -> Iterator[str]:
    with served(Chatbot(home, settings=Settings(repair=False, llm_timeout=20))) as address:
        yield address


def choose(page: Page, provider: str, **typed: str) -> None:
    """Open Settings and fill in the form."""
    if not page.locator("#dl-settings.is-open").count():
        page.get_by_role("button", name="Settings", exact=True).click()
    page.get_by_label("Answers by").select_option(provider)
    for label, words in typed.items():
        page.locator(f"#dl-{label}").fill(words)


def told(page: Page, button: str) -> str:
    """What is said when a button of the form has been pressed."""
    page.evaluate("document.querySelector('.dl-told')?.remove()")  # what was said before
    page.get_by_role("button", name=button, exact=True).click()
    line = page.locator(".dl-told.dl-good, .dl-told.dl-bad")
    line.wait_for()
    return line.inner_text()


def everything(page: Page) -> str:
    """Whatever the page holds that a script of it could read."""
    held: str = page.evaluate(
        """() => document.documentElement.outerHTML + JSON.stringify([window.gradio_config, {...localStorage}, {...sessionStorage}])
            + [...document.querySelectorAll("input, textarea, select")].map(({ value }) => value).join(" ") + document.cookie"""
    )
    return held


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> bytearray:
    """Every byte that the server sends, streams included."""
    received, plain = bytearray(), guard.with_headers

    def tapped(send: Any, **options: Any) -> Any:
        async def tap(message: Any) -> None:
            received.extend(repr(message.get("headers", "")).encode() + message.get("body", b""))
            await send(message)

        return plain(tap, **options)

    monkeypatch.setattr(guard, "with_headers", tapped)
    return received


def files_below(*folders: Path) -> bytes:
    return b"".join(path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_model_is_tried_used_and_answers_and_its_key_is_nowhere(
    url: str,
    home: Home,
    visit: Callable[[str], Page],
    answers: bytearray,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    page, sent = visit(url), []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    words = good("Forty boats left in the first hour, ", f"{SAID} [S2]. The key is {KEY[:9]}", f"{KEY[9:]}.")
    with OpenAIServer(good("Ok."), words) as server:
        choose(page, "openai-like", model="tiny", address=server.url, key=KEY)
        assert page.locator("#dl-key").get_attribute("type") == "password"
        assert "tiny works: it answered in" in told(page, "Test")
        assert page.locator(".dl-model").inner_text() == "Built-in answers · nothing leaves this machine"
        assert told(page, "Use these settings") == "From now on tiny answers. Closing the page forgets this, and the key."
        assert page.locator(".dl-model").inner_text() == "Answers by tiny · nothing leaves this machine"
        assert page.locator("#dl-key").input_value() == ""
        page.keyboard.press("Escape")
        ask(page, QUESTION)
        page.locator(".dl-card").first.wait_for()
        assert SAID in page.locator(".dl-answer").inner_text()
        page.get_by_role("tab", name="How it was made").click()
        page.get_by_text("openai-like:tiny@").first.wait_for()
        held = everything(page)
        assert set(server.keys) == {f"Bearer {KEY}"}
        assert len(server.requests) == 2
    assert "(key)" in held
    assert SAID.encode() in answers
    assert sum(KEY in words for words in sent) == 2  # for the test, and for the use
    assert KEY.encode() not in answers + files_below(home.path, Path(os.environ["GRADIO_TEMP_DIR"]))
    printed = capfd.readouterr()
    assert KEY not in held + caplog.text + printed.out + printed.err


def test_a_wrong_key_is_explained_and_a_right_one_makes_up_for_it(url: str, visit: Callable[[str], Page]) -> None:
    page = visit(url)
    refusal = Reply(status=401, error=f"Incorrect API key provided: {KEY}")
    with OpenAIServer(refusal, refusal, good(f"Forty boats left in the first hour, {SAID} [S2].")) as server:
        choose(page, "openai-like", model="tiny", address=server.url, key=KEY)
        line = told(page, "Test")
        assert line.endswith("check the key: the one typed in Settings, else the one that the page was started with.")
        told(page, "Use these settings")
        page.get_by_role("button", name="Close", exact=True).click()
        ask(page, QUESTION)
        page.locator(".dl-problem").wait_for()
        assert "check the key" in page.locator(".dl-problem").inner_text()
        choose(page, "openai-like", key="another-key-altogether")
        told(page, "Use these settings")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Retry").first.click()
        page.locator(".dl-card").first.wait_for()
        assert server.keys == [f"Bearer {KEY}"] * 2 + ["Bearer another-key-altogether"]
        assert KEY not in everything(page)


def test_what_is_missing_or_hangs_is_said_in_one_line(url: str, visit: Callable[[str], Page], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "_TRIAL_SECONDS", 1.0)
    page = visit(url)
    choose(page, "anthropic", model="some", key=KEY)
    assert page.locator("#dl-address").is_hidden()
    assert told(page, "Use these settings") == (
        'Anthropic language models need a package that is not installed; pip install "dateline[anthropic]".'
    )
    assert page.locator(".dl-model").inner_text().startswith("Built-in answers")
    with OpenAIServer(good("Ok", wait=30)) as server:
        choose(page, "openai-like", model="tiny", address=server.url)
        began = time.monotonic()
        assert told(page, "Test").endswith("try again, or choose a smaller model in Settings.")
        assert time.monotonic() - began < 8
    ask(page, QUESTION)
    page.locator(".dl-card").first.wait_for()
    assert page.locator(".dl-short").inner_text() == "Ines Calloway"


def test_a_style_holds_for_one_visitor_alone(url: str, visit: Callable[[str], Page]) -> None:
    brief, other = visit(url), visit(url)
    choose(brief, "built-in")
    brief.get_by_label("Brief").check()
    brief.get_by_label("Strict").check()
    assert told(brief, "Use these settings") == "From now on the built-in answerer answers. Closing the page forgets this."
    brief.keyboard.press("Escape")
    cited = []
    for page in (brief, other):
        ask(page, "Why was the harbour closed?")
        page.locator(".dl-card").first.wait_for()
        cited.append(page.locator(".dl-card").count())
    assert cited[0] == 1 < cited[1]


def test_the_panel_opens_and_closes_by_keyboard_and_moves_nothing(url: str, visit: Callable[[str], Page]) -> None:
    page = visit(url)
    boxes = "() => ['dl-left', 'dl-middle', 'dl-right'].map((id) => JSON.stringify(document.getElementById(id).getBoundingClientRect()))"
    focused = "() => document.activeElement.id || document.activeElement.dataset.settings"
    before = page.evaluate(boxes)
    opener = page.get_by_role("button", name="Settings", exact=True)
    assert (opener.get_attribute("aria-expanded"), page.get_by_role("dialog").count()) == ("false", 0)
    opener.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Settings")
    assert panel.is_visible()
    assert (opener.get_attribute("aria-expanded"), page.evaluate(focused)) == ("true", "dl-provider")
    assert page.evaluate(boxes) == before
    page.keyboard.press("End")
    assert page.get_by_label("Answers by").input_value() == "google"
    page.locator("#dl-model").fill("some")
    page.locator("#dl-key").fill(KEY)
    page.keyboard.press("Escape")
    assert (panel.count(), page.evaluate(focused), opener.get_attribute("aria-expanded")) == (0, "toggle", "false")
    assert KEY not in everything(page)


def test_more_questions_than_one_may_have_are_refused_in_a_line(
    url: str, visit: Callable[[str], Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MOST_AT_ONCE", 0)
    page = visit(url)
    ask(page, QUESTION)
    page.get_by_text("0 requests of yours are at work already. Wait for one of them, or stop it.").wait_for()


def test_nothing_that_the_page_does_breaks_its_own_policy(url: str, visit: Callable[[str], Page]) -> None:
    page = visit(url)
    broken: list[Any] = []
    page.on("console", lambda message: broken.append(message.text) if message.type in ("error", "warning") else None)
    ask(page, QUESTION)
    page.locator(".dl-card").first.click()
    page.locator("#dl-quote").wait_for()
    for tab in ("Timeline", "How it was made"):
        page.get_by_role("tab", name=tab).click()
        page.wait_for_timeout(300)
    assert broken == []
    refused = page.evaluate(
        """async () => {
            const seen = [];
            document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => seen.push(effectiveDirective));
            await fetch("http://127.0.0.1:9/").catch(() => {});
            document.body.insertAdjacentHTML("beforeend", '<img src="http://127.0.0.1:9/x.png" onerror="window.hacked = 1">');
            const script = document.createElement("script");
            script.textContent = "window.hacked = 2";
            document.body.append(script);
            await new Promise((done) => setTimeout(done, 300));
            return [[...new Set(seen)].sort(), window.hacked ?? null];
        }"""
    )
    assert refused == [["connect-src", "img-src", "script-src-attr", "script-src-elem"], None]
