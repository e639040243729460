"""The chat page served on loopback, and Chromium to look at it: for the tests and the screenshots."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

    from rag.chatbot import Chatbot

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
"""Where Chromium lies; empty where there is none."""
_START = 120_000
"""Milliseconds that it may take to start on a busy machine."""
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]


def launched(playwright: Playwright, **options: Any) -> Browser:
    """Start Chromium, such that it asks nobody for anything by itself."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS, timeout=_START, **options)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def served(
    chatbot: Chatbot, *, may_sync: bool = True, keeps: bool = True, check: Callable[[str, str], bool] | None = None, **options: Any
) -> Iterator[str]:
    """Serve the page over a chatbot, with the options of `Library`, to those whom `check` lets in; yields its address."""
    from ui.library import Library
    from ui.page import build_page, serve

    library, port = Library(chatbot, **options), free_port()
    page = build_page(library, may_sync=may_sync, keeps=keeps)
    serve(page, library, host="127.0.0.1", port=port, check=check)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        page.close(verbose=False)


def ask(page: Page, question: str) -> None:
    """Type a question and send it."""
    page.get_by_role("textbox", name="Question").fill(question)
    page.keyboard.press("Enter")
