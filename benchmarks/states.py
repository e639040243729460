"""The chat page's main states over the sample corpus, one after the other: for the screenshots, and for tests that look at each."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.browser import ask, served
from benchmarks.page import PATIENCE, write_articles
from rag.chatbot import Chatbot
from ui.sample import sample_articles

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from index.sync import Progress
    from index.types import SyncReport

ANSWERED = "When did French troops leave Mali?"
FOLLOWED_UP = "Where was their last base?"
DISAGREEING = "How many Russian instructors are there in Mali?"
UNANSWERED = "How many French soldiers died in Mali?"
_FILES = 40


class HeldChatbot(Chatbot):
    """One whose sync stops half-way, until it may go on."""

    go_on = threading.Event()

    def sync(self, path: Path | str, *, progress: Progress | None = None, **options: Any) -> SyncReport:
        """See `Home.sync`."""

        def held(what: str, done: int, total: int) -> None:
            if progress is not None:
                progress(what, done, total)
            if 2 * done >= total > 1:
                self.go_on.wait(PATIENCE)

        return super().sync(path, progress=held, **options)


@dataclass(frozen=True, kw_only=True)
class Site:
    """The page over the sample, and a folder that may be synced into a home of its own."""

    url: str
    folder: Path


@contextmanager
def sample_page(base: Path) -> Iterator[Site]:
    """Serve the sample corpus, with homes in `base`."""
    with Chatbot.open(base / "demo", llm="built-in", create=True) as sample:
        sample.sync(sample_articles())
        with served(sample, is_sample=True, open_own=lambda: HeldChatbot.open(base / "own", llm="built-in", create=True)) as url:
            yield Site(url=url, folder=write_articles(base / "articles", _FILES))
        sample.home.vectors.close()


def states(page: Page, site: Site) -> Iterator[str]:
    """Bring a new visitor's page from state to state; yields the name of each."""
    page.get_by_role("textbox", name="Question").wait_for()
    page.get_by_role("button", name="Select example").first.wait_for()
    yield _still(page, "open")
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("dialog").wait_for()
    yield _still(page, "settings")
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    ask(page, ANSWERED)
    page.locator(".dl-card").first.wait_for()
    yield _still(page, "answer")
    page.locator(".dl-cite").first.click()
    page.locator("#dl-quote").wait_for()
    yield _still(page, "article")
    page.keyboard.press("Escape")
    page.locator("#dl-quote").wait_for(state="detached")
    for name, label in (("timeline", "Timeline"), ("making", "How it was made")):
        page.get_by_role("tab", name=label).click()
        yield _still(page, name)
    page.get_by_role("tab", name="Evidence").click()
    for name, question, block in (
        ("follow-up", FOLLOWED_UP, ".dl-chip"), ("disagreement", DISAGREEING, ".dl-disagree"), ("no-evidence", UNANSWERED, ".dl-missing"),
    ):  # fmt: skip
        ask(page, question)
        page.locator("#dl-chat .bot-row").last.locator(".dl-actions").wait_for()
        page.locator(block).last.wait_for()
        yield _still(page, name)
    page.get_by_role("button", name="Conversations").click()
    page.locator(".dl-kept-name").first.wait_for()
    yield _still(page, "conversations")
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    yield from _syncing(page, site)


def _still(page: Page, name: str) -> str:
    """Wait until nothing moves any more."""
    page.wait_for_timeout(600)
    return name


def _syncing(page: Page, site: Site) -> Iterator[str]:
    HeldChatbot.go_on.clear()
    page.get_by_label("Folder of articles").fill(str(site.folder))
    page.get_by_role("button", name="Sync", exact=True).click()
    page.locator(".dl-sync progress").wait_for()
    page.get_by_role("button", name="Cancel").scroll_into_view_if_needed()
    yield _still(page, "syncing")
    HeldChatbot.go_on.set()
    page.get_by_text("Synced:").wait_for()
