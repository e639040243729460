"""How long one waits for the chat page, measured in the browser.

    python -m benchmarks.page [--rounds 5] [--files 500] [--save RESULTS.json]

The page is `dateline ui` in a process of its own, over the sample corpus; Chromium looks at it. Measured are the seconds from the start
of the process (cold), or from a visitor's first request (warm), until the chat box takes words; from Enter until the first words and
until the whole answer; the same with two visitors who ask at once, and while the page syncs so many files. Times of a busy machine say
little, so each is also given by that of a visitor alone, in the same run. Needs Playwright and Chromium (apt-get install chromium).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from benchmarks.browser import CHROMIUM, free_port, launched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
PATIENCE = 200
"""Seconds that anything may take."""
_WORDS_PER_FILE = 180
_TOWNS = ("Aldby", "Brigg", "Corsham", "Drayton", "Ostend", "Farrow", "Fennick", "Ellery")
_THINGS = ("harbour", "museum", "tram", "bridge", "market", "library", "ferry", "theatre", "school", "hospital")
_DEEDS = (
    "reopened after a storm",
    "was closed for repairs",
    "counted its visitors",
    "raised its fees",
    "chose a director",
    "lost its roof",
)
_SAID = ("the council said", "its director told reporters", "according to the mayor", "a spokeswoman announced", "the town's ledger shows")
_TIMER = """() => {
    const rows = () => document.querySelectorAll("#dl-chat .bot-row");
    const before = rows().length;
    window.timed = new Promise((resolve) => {
        let began, first, waiting;
        const look = () => {
            const row = rows()[before];
            const pending = row?.querySelector(".dl-pending");
            if (!row?.textContent.trim()) return;
            if (pending) waiting ??= pending.textContent;
            if (!pending || pending.textContent !== waiting) first ??= performance.now();
            if (pending || !row.querySelector(".dl-answer, .dl-block")) return;
            watcher.disconnect();
            resolve([first - began, performance.now() - began]);
        };
        const watcher = new MutationObserver(look);
        watcher.observe(document.querySelector("#dl-chat"), { childList: true, subtree: true, characterData: true, attributes: true });
        addEventListener("keydown", () => { began = performance.now(); }, { once: true, capture: true });
    });
}"""


@dataclass(frozen=True, kw_only=True)
class Waited:
    """How long a visitor waited for an answer, in seconds."""

    first: float
    """Until its first words."""
    whole: float


def write_articles(folder: Path, count: int) -> Path:
    """A new folder of so many invented articles, the same for each run; all differ."""
    folder.mkdir(parents=True)
    draw = random.Random(11)
    for number in range(count):
        town, thing = draw.choice(_TOWNS), draw.choice(_THINGS)
        lines = [f"The {thing} of {town}, number {number}", f"Published: {1 + number % 28} March {2015 + number % 10}", ""]
        while sum(line.count(" ") for line in lines) < _WORDS_PER_FILE:
            amount = draw.randrange(2, 9_000)
            place = f"the {draw.choice(_THINGS)} of {draw.choice(_TOWNS)}"
            lines.append(f"After {amount} days {place} {draw.choice(_DEEDS)}, {draw.choice(_SAID)} in notice {draw.randrange(10**6)}.")
        (folder / f"{number:05d}.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


# The page, in a process of its own


@contextmanager
def running(home: Path) -> Iterator[tuple[str, float]]:
    """`dateline ui` over a home; yields its address, once it answers, and when its process was started."""
    port, began = free_port(), time.perf_counter()
    command = [sys.executable, "-m", "dateline", "ui", "--home", str(home), "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryFile() as log, subprocess.Popen(command, cwd=home.parent, env=environment, stdout=log, stderr=log) as server:
        try:
            url = f"http://127.0.0.1:{port}/"
            _await(url, server)
            yield url, began
        finally:
            server.terminate()


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    direct = build_opener(ProxyHandler({}))
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            direct.open(url, timeout=5).close()
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
        else:
            return
    raise SystemExit("the page did not start: try `dateline ui`")


def visit(browser: Browser, url: str) -> Page:
    """A new visitor's page, ready to be asked."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE * 1_000)
    open_page(page, url)
    return page


def open_page(page: Page, url: str) -> float:
    """Open the page; gives the seconds until the chat box takes words."""
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.get_by_role("textbox", name="Question").fill("ready")
    page.get_by_role("textbox", name="Question").fill("")
    return time.perf_counter() - began


# Waiting


def asked(pages: Sequence[Page], question: str) -> list[Waited]:
    """Ask in each page at once; gives how long each visitor waited."""
    for page in pages:
        page.get_by_role("textbox", name="Question").fill(question)
        page.get_by_role("textbox", name="Question").focus()
        page.evaluate(_TIMER)
    for page in pages:
        page.keyboard.press("Enter")
    waited = [page.evaluate("timed") for page in pages]
    return [Waited(first=first / 1_000, whole=whole / 1_000) for first, whole in waited]


def asked_during_sync(syncing: Page, asking: Page, folder: Path, questions: Sequence[str]) -> list[Waited]:
    """Sync a folder in one page, and ask in the other until that is done; gives how long each answer took that came meanwhile."""
    syncing.get_by_label("Folder of articles").fill(str(folder))
    syncing.get_by_role("button", name="Sync", exact=True).click()
    syncing.locator(".dl-sync progress").wait_for()
    waited: list[Waited] = []
    while True:
        answers = asked([asking], questions[len(waited) % len(questions)])
        if syncing.locator(".dl-sync[role]").count():  # its report, or its problem
            return waited
        waited += answers


def measure(browser: Browser, base: Path, *, rounds: int, files: int) -> dict[str, Any]:
    """Everything, by name; times are in seconds."""
    from ui.library import SAMPLE_QUESTIONS

    home, cold, warm, again = base / "home", [], [], []
    sync = [sys.executable, "-m", "dateline", "sync", str(_sample()), "--home", str(home)]
    subprocess.run(sync, check=True, cwd=base, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    for _ in range(rounds):
        with running(home) as (url, began):
            page = visit(browser, url)
            cold.append(time.perf_counter() - began)
            page.context.close()
    with running(home) as (url, _):
        for _ in range(rounds):
            page = browser.new_context().new_page()
            warm.append(open_page(page, url))
            again.append(open_page(page, url))
            page.context.close()
        one, two = visit(browser, url), visit(browser, url)
        first = asked([one], SAMPLE_QUESTIONS[0])
        alone = [wait for _ in range(rounds) for question in SAMPLE_QUESTIONS for wait in asked([one], question)]
        both = [wait for _ in range(rounds) for question in SAMPLE_QUESTIONS for wait in asked([one, two], question)]
        began = time.perf_counter()
        synced = asked_during_sync(two, one, write_articles(base / "articles", files), SAMPLE_QUESTIONS)
        seconds = time.perf_counter() - began
    answers = {"first": first, "alone": alone, "two at once": both, f"during a sync of {files} files": synced}
    return {
        "ready": {"cold": cold, "warm": warm, "again": again},
        "answers": {name: [asdict(wait) for wait in waited] for name, waited in answers.items()},
        "sync": {"files": files, "seconds": seconds, "answers": len(synced)},
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


def _sample() -> Path:
    from ui.sample import sample_articles

    return sample_articles()


def report(measured: dict[str, Any]) -> str:
    """The tables."""
    ready = {name: median(times) for name, times in measured["ready"].items()}
    lines = ["| chat box ready | s | by warm |", "|---|---|---|"]
    lines += [f"| {name} | {seconds:.2f} | {seconds / ready['warm']:.2f} |" for name, seconds in ready.items()]
    lines += ["", "| answers | number | first words, s | whole, s | slowest, s | whole, by alone |", "|---|---|---|---|---|---|"]
    alone = median(wait["whole"] for wait in measured["answers"]["alone"])
    for name, waited in measured["answers"].items():
        if waited:
            whole = median(wait["whole"] for wait in waited)
            first, slowest = median(wait["first"] for wait in waited), max(wait["whole"] for wait in waited)
            lines.append(f"| {name} | {len(waited)} | {first:.2f} | {whole:.2f} | {slowest:.2f} | {whole / alone:.1f} |")
    sync = measured["sync"]
    lines += ["", f"{sync['files']} files were synced in {sync['seconds']:.0f} s; load of the machine at the end: {measured['load']}"]
    return "\n".join(lines)


def main() -> int:
    """Measure and print; 2 where Playwright or Chromium is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--save", type=Path)
    options = parser.parse_args()
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        print("this needs Playwright: make install, or python -m pip install playwright", file=sys.stderr)
        return 2
    if not CHROMIUM:
        print("this needs Chromium: apt-get install chromium", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launched(playwright)
        measured = measure(browser, Path(folder), rounds=options.rounds, files=options.files)
        browser.close()
    print(report(measured))
    if options.save:
        options.save.write_text(json.dumps(measured, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
