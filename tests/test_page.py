"""The chat page in a real browser: a real server on loopback, real articles, real answers, and no request to anywhere else."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import pytest

from benchmarks.browser import ask, free_port, served
from benchmarks.page import asked_during_sync, write_articles
from index.home import Home
from rag.chatbot import Chatbot
from rag.settings import Settings
from ui.library import SAMPLE_QUESTIONS

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Gradio's own use of pandas
    pytest.mark.usefixtures("browser"),  # before any other: without one nothing need be served
]

ROOT = Path(__file__).parent.parent
DEAD_PROXY = "http://127.0.0.1:9"


# Servers


@pytest.fixture(scope="module")
def sample_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The command `dateline ui` where there is no home yet, behind a proxy that answers nobody."""
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), DEAD_PROXY)
    environment = {**os.environ, **proxies, "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "dateline", "ui", "--home", str(folder / "home"), "--port", str(port)]
    with (folder / "log.txt").open("w") as log, subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/", server, folder / "log.txt")
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait(60)


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    direct = build_opener(ProxyHandler({}))
    deadline = time.monotonic() + 200
    while time.monotonic() < deadline and server.poll() is None:
        try:
            direct.open(url, timeout=5).close()
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"the page did not start:\n{log.read_text()}")


# The sample


def test_the_page_opens_with_the_sample_and_examples_behind_a_proxy(sample_site: str, visit: Callable[[str], Page]) -> None:
    page = visit(sample_site)
    assert page.title() == "Dateline"
    assert page.get_by_text("Sample corpus — sync your own folder").is_visible()
    assert page.get_by_role("region", name="Corpus").get_by_text("20 articles").is_visible()
    assert page.get_by_role("button", name="Select example").count() == 4
    assert page.get_by_label("Folder of articles").is_visible()


def test_an_example_is_answered_and_its_citation_opens_at_the_quote(sample_site: str, visit: Callable[[str], Page]) -> None:
    page = visit(sample_site)
    page.get_by_role("button", name="Select example 1").click()
    card = page.locator(".dl-card").first
    card.wait_for()
    assert "August 2022" in page.locator(".dl-short strong").inner_text()
    quote = card.locator(".dl-quote").inner_text()
    page.get_by_role("button", name="Source 1:").first.click()
    page.locator("#dl-quote").wait_for()
    assert "".join(page.locator("mark.dl-mark").all_text_contents()) == quote
    page.wait_for_function(
        "() => { const r = document.querySelector('#dl-quote').getBoundingClientRect(); return r.top > 0 && r.bottom < innerHeight }"
    )
    assert card.get_attribute("aria-expanded") == "true"
    page.get_by_role("button", name="Close").click()
    page.locator("#dl-quote").wait_for(state="detached")
    card.focus()
    page.keyboard.press("Enter")
    page.locator("#dl-quote").wait_for()


def test_a_question_without_an_answer_says_so_and_shows_what_is_near(sample_site: str, visit: Callable[[str], Page]) -> None:
    page = visit(sample_site)
    ask(page, "How many elephants live in Antarctica?")
    page.locator(".dl-missing").get_by_text("Not in these articles").wait_for()
    assert page.locator(".dl-cite").count() == 0
    page.locator(".dl-near").first.click()
    page.locator("#dl-quote").wait_for()
    marked, shown = "".join(page.locator("mark.dl-mark").all_text_contents()), page.locator(".dl-card[aria-expanded=true] .dl-quote")
    assert marked == shown.text_content()


# The visitor's own articles


def test_a_folder_is_synced_through_the_page_and_then_asked(
    open_home: Callable[..., Home], corpus: Path, tmp_path: Path, visit: Callable[[str], Page]
) -> None:
    sample, own = (Chatbot(open_home(name), settings=Settings()) for name in ("sample", "own"))
    sample.sync(corpus / "tram.txt")
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    with served(sample, is_sample=True, open_own=lambda: own) as url:
        page = visit(url)
        page.get_by_label("Folder of articles").fill(str(tmp_path / "nowhere"))
        page.get_by_role("button", name="Sync").click()
        page.get_by_text("does not exist").wait_for()
        page.get_by_label("Folder of articles").fill(str(corpus))
        page.get_by_role("button", name="Sync").click()
        page.get_by_text("3 added, 1 skipped").wait_for()
        assert page.get_by_text("Your articles").is_visible()
        page.get_by_text(SAMPLE_QUESTIONS[0]).wait_for(state="detached")
        page.get_by_text("How many visitors did the Fennick museum have?").wait_for()
        assert page.locator("#dl-sync-state details", has_text="Skipped: 1 file").get_by_text("broken.pdf").is_visible()
        ask(page, "Who is the harbour master?")
        page.locator(".dl-card").first.wait_for()
        assert page.locator(".dl-short").inner_text() == "Ines Calloway"
        later = visit(url)
        later.get_by_text("Your articles").wait_for()
        later.get_by_text("How many visitors did the Fennick museum have?").wait_for()
        assert later.get_by_text(SAMPLE_QUESTIONS[0]).count() == 0
    assert own.home.stats().articles == 3


# Several visitors


class PausingChatbot(Chatbot):
    """Yields a first piece, then waits until it may go on, when a question mentions a pause."""

    go_on = threading.Event()

    def stream(self, question: str, **options: Any) -> Iterator[Any]:
        if "pause" in question:
            yield "The first words "
            self.go_on.wait(200)
        yield from super().stream(question, **options)


def test_two_visitors_at_once_neither_wait_for_each_other_nor_cross(
    open_home: Callable[..., Home], corpus: Path, visit: Callable[[str], Page]
) -> None:
    chatbot, given = PausingChatbot(open_home(), settings=Settings()), ".dl-answer:not(.dl-pending) .dl-short"
    chatbot.sync(corpus)
    with served(chatbot) as url:
        slow, quick = visit(url), visit(url)
        ask(slow, "pause: who is the harbour master?")
        slow.get_by_text("The first words").wait_for()
        ask(quick, "Who is the museum's director?")
        quick.locator(given).wait_for()
        assert (quick.locator(given).inner_text(), slow.locator(given).count()) == ("Oskar Lindqvist", 0)
        quick.locator(".dl-card").first.click()
        quick.locator("#dl-quote").wait_for()
        chatbot.go_on.set()
        slow.locator(given).wait_for()
        slow.locator(".dl-card").first.wait_for()
        assert (slow.locator(given).inner_text(), slow.locator("#dl-quote").count()) == ("Ines Calloway", 0)
        assert "Oskar Lindqvist" in (quick.locator("#dl-quote").text_content() or "")
        for page, theirs in ((quick, ("pause", "Calloway")), (slow, ("museum", "Lindqvist"))):
            said = f"{page.locator('#dl-middle').text_content()} {page.locator('.dl-cards').text_content()}"
            assert [word for word in theirs if word in said] == []


@pytest.mark.slow
def test_answers_keep_coming_while_500_files_are_synced(corpus: Path, tmp_path: Path, visit: Callable[[str], Page]) -> None:
    with Chatbot.open(tmp_path / "home", llm="built-in", create=True) as chatbot:
        chatbot.sync(corpus)
        with served(chatbot) as url:
            folder, questions = write_articles(tmp_path / "many", 500), ("Who is the harbour master?", "Who is the museum's director?")
            waited = asked_during_sync(visit(url), visit(url), folder, questions)
        assert chatbot.home.stats().articles == 503
        chatbot.home.vectors.close()
    assert len(waited) >= 5
    assert max(wait.whole for wait in waited) < 20
