"""Photograph the chat page in its main states, light and dark, wide and narrow: `make screenshots` writes docs/images/page-*.png.

It serves the sample corpus from a temporary home, and needs Playwright and Chromium (apt-get install chromium).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.browser import CHROMIUM, ask, launched, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

IMAGES = Path(__file__).parent.parent / "docs" / "images"
SIZES = {"wide": (1440, 900), "laptop": (1024, 768), "phone": (390, 844)}
COLOURS = 128
ANSWERED, UNANSWERED = "When did French troops leave Mali?", "How many French soldiers died in Mali?"


@contextmanager
def sample_page() -> Iterator[str]:
    """Serve the sample corpus; yields the page's address."""
    from rag.chatbot import Chatbot
    from ui.sample import sample_articles

    with TemporaryDirectory() as folder, Chatbot.open(Path(folder) / "demo", llm="built-in", create=True) as chatbot:
        chatbot.sync(sample_articles())
        with served(chatbot, is_sample=True) as url:
            yield url
        chatbot.home.vectors.close()


def states(page: Page) -> Iterator[str]:
    """Bring the page from state to state; yields the name of each."""
    page.get_by_label("Question").wait_for()
    page.wait_for_timeout(800)
    yield "open"
    ask(page, ANSWERED)
    page.locator(".dl-card").first.wait_for()
    yield "answer"
    page.locator(".dl-cite").first.click()
    page.locator("#dl-quote").wait_for()
    page.wait_for_timeout(900)
    yield "article"
    ask(page, UNANSWERED)
    page.locator(".dl-missing").wait_for()
    page.wait_for_timeout(600)
    yield "no-evidence"


def _save(image: bytes, path: Path) -> None:
    """Write a picture with a small palette: flat colours and text look the same in a third of the bytes."""
    from PIL import Image

    Image.open(BytesIO(image)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def main() -> int:
    """Write the images; 2 where Playwright or Chromium is missing."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        print("screenshots need Playwright: python -m pip install playwright", file=sys.stderr)
        return 2
    if not CHROMIUM:
        print("screenshots need Chromium: apt-get install chromium", file=sys.stderr)
        return 2
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sample_page() as url, sync_playwright() as playwright:
        browser = launched(playwright)
        for size, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                page.goto(url)
                for state in states(page):
                    _save(page.screenshot(), IMAGES / f"page-{state}-{size}-{scheme}.png")
                page.close()
        browser.close()
    print(f"wrote {len(list(IMAGES.glob('page-*.png')))} images to {IMAGES}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
