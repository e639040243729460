"""Kept conversations in a real browser: asked, found again after a restart, taken up, renamed, exported, checked, deleted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.browser import ask, served
from index.home import Home
from rag.chatbot import Chatbot
from rag.memo.verify import verify
from rag.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Gradio's own use of pandas
    pytest.mark.usefixtures("browser"),
]


def test_a_conversation_outlives_the_page_and_is_handed_on(
    open_home: Callable[..., Home], corpus: Path, tmp_path: Path, visit: Callable[[str], Page]
) -> None:
    home = open_home()
    home.sync(corpus)
    with served(Chatbot(home, settings=Settings())) as url:
        page = visit(url)
        ask(page, "Who is the harbour master?")
        page.locator(".dl-card").first.wait_for()
    with served(Chatbot(home, settings=Settings())) as url:
        page = visit(url)
        page.get_by_role("button", name="Conversations").click()
        panel = page.get_by_role("dialog", name="Conversations")
        panel.get_by_role("button", name="Who is the harbour master?", exact=False).first.click()
        page.locator(".dl-card").first.wait_for()
        assert page.locator(".dl-short").inner_text() == "Ines Calloway"
        ask(page, "Who is the museum's director?")
        page.locator(".dl-short").nth(1).wait_for()
        page.get_by_role("button", name="Conversations").click()
        panel.get_by_text("2 questions").wait_for()
        panel.get_by_label("More for Who is the harbour master?").click()
        panel.get_by_label("Title").fill("The port")
        panel.get_by_role("button", name="Rename").click()
        panel.get_by_text("Renamed to “The port”.").wait_for()
        panel.get_by_label("Search conversations").fill("lighthouse")
        panel.get_by_text("No conversation holds these words.").wait_for()
        panel.get_by_label("Search conversations").fill("museum")
        panel.get_by_label("More for The port").click()
        with page.expect_download() as saved:
            panel.get_by_role("button", name="HTML").click()
        memo = tmp_path / saved.value.suggested_filename
        saved.value.save_as(memo)
        assert memo.name == "the-port.html"
        assert verify(memo, home=home).ok
        memo.write_text(memo.read_text(encoding="utf-8").replace("Calloway", "Halloway"), encoding="utf-8")
        assert not verify(memo, home=home).ok
        panel.get_by_label("More for The port").click()
        panel.locator(".dl-kept-delete summary").click()
        panel.get_by_role("button", name="Delete for good").click()
        panel.get_by_text("Deleted “The port”.").wait_for()
        page.keyboard.press("Escape")
        panel.wait_for(state="hidden")
        assert page.evaluate("document.activeElement.dataset.kept") == "toggle"


def test_a_page_for_strangers_keeps_and_lists_nothing(open_home: Callable[..., Home], corpus: Path, visit: Callable[[str], Page]) -> None:
    home = open_home()
    home.sync(corpus)
    with served(Chatbot(home, settings=Settings()), keeps=False) as url:
        page = visit(url)
        ask(page, "Who is the harbour master?")
        page.locator(".dl-card").first.wait_for()
        assert page.locator(".dl-short").inner_text() == "Ines Calloway"
        assert page.get_by_role("button", name="Conversations").count() == 0
    assert not (home.path / "conversations.sqlite").exists()
