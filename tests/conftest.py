"""What every test stands on: no network, no settings of the person who runs it, and a small corpus of invented articles."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings

from index.encoder import HashEncoder
from index.home import Home

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

settings.register_profile("dateline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dateline")
for name in [name for name in os.environ if name.startswith("DATELINE_")]:
    del os.environ[name]

ARTICLES = {
    "harbour.txt": (
        "Harbour reopens after storm\n\nPublished: 4 March 2024\n\n"
        "The harbour of Port Ellery reopened on Monday, three weeks after a storm had closed it. "
        "Forty boats left in the first hour, harbour master Ines Calloway said. "
        "Repairs to the north wall cost 1.2 million crowns and will go on until August 2024."
    ),
    "museum.md": (
        "---\ntitle: Museum counts its visitors\npublisher: The Fennick Daily\ndate: 2023-11-20\n---\n\n"
        "The Fennick museum had 84,000 visitors last year, its director Oskar Lindqvist said. "
        "It has been free to enter since 2019.\n\n"
        "Most came for the whale skeleton, which was brought ashore in 1911 and restored by Marta Hale."
    ),
    "tram.txt": (
        "Tram line delayed\n\nThe second tram line will open in June 2026, a year later than planned. "
        "The council blamed a shortage of rails. Mayor Petra Voss called the delay regrettable. "
        "Twelve stops are finished, and five are not."
    ),
}


@pytest.fixture(autouse=True)
def network_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one switch: a socket that leaves this machine is an error."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host not in ("", "localhost", "::1") and not str(host).startswith("127."):
            raise AssertionError(f"a test tried to reach {address!r}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def own_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test runs in an empty folder, so that no `.dateline` or `dateline.toml` of a person is met."""
    monkeypatch.chdir(tmp_path_factory.mktemp("cwd"))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder of three invented articles."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def open_home(tmp_path: Path) -> Iterator[Callable[..., Home]]:
    """Opens homes with the hash encoder, and closes them after the test."""
    homes: list[Home] = []

    def opened(name: str = "home", **options: object) -> Home:
        home = Home.open(tmp_path / name, encoder=HashEncoder(), create=True, **options)  # type: ignore[arg-type]
        homes.append(home)
        return home

    yield opened
    for home in homes:
        home.close()
        home.vectors.close()


# The browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium, started once for the tests of a file; they are skipped where there is none."""
    playwright_api = pytest.importorskip("playwright.sync_api", reason="the browser tests need Playwright: pip install playwright")
    from benchmarks.browser import CHROMIUM, launched

    if not CHROMIUM:
        pytest.skip("the browser tests need Chromium: apt-get install chromium")
    with playwright_api.sync_playwright() as playwright:
        own = str(tmp_path_factory.mktemp("browser"))  # a browser keeps crash reports and settings beside its user's
        environment = {**os.environ, "HOME": own, "XDG_CONFIG_HOME": own, "XDG_CACHE_HOME": own}
        browser = launched(playwright, env=environment)
        yield browser
        browser.close()


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Waits for a language model are short, and every thread that asks is done when the test ends."""
    from rag.llm import completion

    monkeypatch.setattr(completion, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(completion, "_GRACE", 0.05)
    yield
    for thread in [thread for thread in threading.enumerate() if thread.name == "patiently"]:
        thread.join(5)
        assert not thread.is_alive()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Opens a page as a new visitor; afterwards no visitor may have asked for anything beyond this machine, or met a script error."""
    outside: list[str] = []
    errors: list[str] = []
    contexts = []

    def guard(route: Any) -> None:
        address = urlsplit(route.request.url)
        if address.hostname == "127.0.0.1" or address.scheme in ("data", "blob"):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    def opened(url: str) -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        contexts.append(context)
        context.route("**/*", guard)
        page = context.new_page()
        page.set_default_timeout(100_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: errors.append(f"dialog {dialog.message}"))
        page.goto(url)
        page.get_by_role("textbox", name="Question").wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert (outside, errors) == ([], [])
