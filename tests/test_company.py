"""Several at one home: two syncs at once, and many threads or an open page asking while another process syncs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.browser import ask, served
from index.doctor import examine
from index.home import Home
from rag.chatbot import Chatbot, Tracer
from rag.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.timeout(1_200)
ROOT = Path(__file__).parent.parent
THREADS = 20
QUESTION = "Which edition of the Aldby ticker and of the Brigg ticker is out?"
WRITER = """
import json, select, sys, time
from pathlib import Path
from index.home import Home
folder = Path(sys.argv[2])
with Home.open(sys.argv[1], encoder=sys.argv[3], create=True) as home:
    def put(town, edition):
        text = f"The {town} ticker\\n\\nEdition {edition} of the {town} ticker is out. It came out at noon, the clerk said."
        (folder / f"{town}.txt").write_text(text)
        home.sync(folder)
        editions[town] = edition
        print(json.dumps({"generation": home.generation, **editions}), flush=True)
    editions, edition = {}, 0
    while not select.select([sys.stdin], [], [], 0)[0]:
        for town in ("Aldby", "Brigg"):
            put(town, edition)
        edition += 1
    (folder / "late.txt").write_text("A zeppelin over Corsham\\n\\nA zeppelin was seen over Corsham, the watchman Ulf Brandt said.")
    home.sync(folder)
    print(json.dumps({"late": time.time()}), flush=True)
"""
HOLDER = """
import sys
from index.folder import writing
from pathlib import Path
with writing(Path(sys.argv[1]), wait=0):
    print("held", flush=True)
    sys.stdin.read()
"""

OPENERS = """
import multiprocessing, sys
from pathlib import Path
from index.catalogue import Catalogue
fork = multiprocessing.get_context("fork")
barrier = fork.Barrier(4)
def open_each():
    for number in range(60):
        barrier.wait(100)
        Catalogue.open(Path(sys.argv[1]) / f"{number}.sqlite").close()
children = [fork.Process(target=open_each) for _ in range(4)]
for child in children:
    child.start()
for child in children:
    child.join()
sys.exit(max(child.exitcode for child in children))
"""


@contextmanager
def process(script: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        yield child
    assert child.returncode == 0


class Asker(threading.Thread):
    """Asks again and again, and keeps what came with which generation."""

    def __init__(self, chatbot: Chatbot, until: threading.Event) -> None:
        super().__init__()
        self.seen: list[tuple[int, dict[str, int]]] = []
        self.error: BaseException | None = None
        self._chatbot, self._until = chatbot, until

    def run(self) -> None:
        try:
            while not self._until.is_set():
                time.sleep(0.05)  # twenty threads without a pause would leave the other process next to nothing of a busy machine
                answer = self._chatbot.ask(QUESTION)
                self.seen.append((answer.generation, editions(passage.text for passage in found.passages)))
        except BaseException as error:  # noqa: BLE001 -- whatever it is, the test is to show it
            self.error = error


found = threading.local()


def note(what: str, facts: dict[str, Any]) -> None:
    if what == "search":
        found.passages = facts["passages"]


def editions(texts: Iterable[str]) -> dict[str, int]:
    """Town -> the edition that a text of its ticker names."""
    named = {(match[2], int(match[1])) for text in texts if (match := re.search(r"Edition (\d+) of the (\w+) ticker", text))}
    assert len(named) == len(dict(named))
    return dict(named)


def test_a_second_sync_waits_for_the_first(corpus: Path, open_home: Callable[..., Home]) -> None:
    home = open_home()
    with ThreadPoolExecutor() as threads, process(HOLDER, home.path) as child:
        assert child.stdin
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        report = threads.submit(home.sync, corpus, wait=200)
        with pytest.raises(TimeoutError):
            report.result(timeout=0.5)
        child.stdin.close()
        assert report.result().added == 3


def test_processes_that_make_one_catalogue_at_the_same_moment(tmp_path: Path) -> None:
    """The log is turned on under a lock that SQLite does not wait for by itself."""
    with process(OPENERS, tmp_path):
        pass


def test_two_syncs_at_once_both_end_well(corpus: Path, tmp_path: Path) -> None:
    script = """if True:
        import sys
        from index.home import Home
        with Home.open(sys.argv[1], encoder="hash", create=True) as home:
            home.sync(sys.argv[2], wait=200)
    """
    with process(script, tmp_path / "home", corpus), process(script, tmp_path / "home", corpus):
        pass
    health = examine(tmp_path / "home", encoder="hash")
    assert (health.ok, health.articles, health.vectors) == (True, 3, 3)


def company(home: Path, *, encoder: str, tracer: Tracer) -> Chatbot:
    """A chatbot over a new home, for the company of a `WRITER`."""
    Home.open(home, encoder=encoder, create=True).close()
    return Chatbot.open(home, settings=Settings(home=home, encoder=encoder), tracer=tracer)


def leave_sound(chatbot: Chatbot, *, encoder: str) -> None:
    """Closes the chatbot of a company; nothing is wrong with its home."""
    chatbot.home.vectors.close()
    chatbot.close()
    health = examine(chatbot.home.path, encoder=encoder)
    assert [problem.what for problem in health.problems] == []
    assert health.vectors == health.chunks


def in_company(home: Path, folder: Path, *, encoder: str, rounds: int) -> float:
    """Threads ask while a process syncs, until both have been at it; gives the seconds until the last article was found."""
    chatbot = company(home, encoder=encoder, tracer=note)
    until, editions_at = threading.Event(), {0: {}}
    askers = [Asker(chatbot, until) for _ in range(THREADS)]

    def compared() -> set[int]:
        """Only generations that a sync ended at can be compared; one of a sync at work may lack a ticker."""
        return {at for asker in askers for at, _ in asker.seen} & editions_at.keys()

    with process(WRITER, home, folder, encoder) as child:
        for asker in askers:
            asker.start()
        assert child.stdin
        assert child.stdout
        for line in child.stdout:
            facts = json.loads(line)
            if "late" in facts:
                assert "zeppelin" in chatbot.home.search("zeppelin over Corsham")[0].text
                delay = time.time() - facts["late"]
            else:
                editions_at[facts.pop("generation")] = facts
                enough = len(editions_at) > 2 * rounds and len(compared()) > 2
                if enough or any(asker.error for asker in askers):
                    child.stdin.close()
        until.set()
        for asker in askers:
            asker.join(200)
    assert [asker.error for asker in askers if asker.error] == []
    answers = [answer for asker in askers for answer in asker.seen]
    assert len(compared()) > 2
    assert [(at, seen) for at, seen in answers if at in editions_at and seen != editions_at[at]] == []
    leave_sound(chatbot, encoder=encoder)
    return delay


@pytest.mark.parametrize("exact_limit", [20_000, 0], ids=["stored vectors", "vector store"])
def test_many_ask_while_another_process_syncs(exact_limit: int, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.search.EXACT_LIMIT", exact_limit)
    monkeypatch.setattr("index.search.MOST_UNKNOWN", 2)
    in_company(tmp_path / "home", corpus, encoder="hash", rounds=2)


@pytest.mark.slow
@pytest.mark.parametrize("exact_limit", [20_000, 0], ids=["stored vectors", "vector store"])
def test_the_same_for_long_and_with_the_built_in_encoder(
    exact_limit: int, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.search.EXACT_LIMIT", exact_limit)
    monkeypatch.setattr("index.search.MOST_UNKNOWN", 2)
    assert in_company(tmp_path / "home", corpus, encoder="built-in", rounds=30) < 2


# An open page


def cards(page: Page, question: str) -> list[str]:
    """Asks on the page; what the passages shown beside the answer say."""
    ask(page, question)
    page.locator(".dl-for", has_text=question).wait_for()
    page.locator(".dl-card").first.wait_for()
    assert page.locator(".dl-problem").count() == 0
    return page.locator(".dl-card .dl-quote").all_inner_texts()


def page_in_company(home: Path, folder: Path, visit: Callable[[str], Page], *, encoder: str, questions: int) -> float:
    """A page asks while a process syncs, and is never loaded again; gives the seconds until it showed the last article."""
    searched: list[dict[str, int]] = []

    def trace(what: str, facts: dict[str, Any]) -> None:
        searched.append(editions(passage.text for passage in facts["passages"]))

    chatbot, states, shown = company(home, encoder=encoder, tracer=trace), [], []
    with served(chatbot) as url, process(WRITER, home, folder, encoder) as child:
        page = visit(url)
        assert child.stdin
        assert child.stdout
        while len(states) < 2:
            states.append(json.loads(child.stdout.readline()))
        for number in range(questions):
            shown.append(editions(cards(page, f"{QUESTION} ({number})")))
        child.stdin.close()
        *more, late = map(json.loads, child.stdout)
        assert "zeppelin" in " ".join(cards(page, "Where was a zeppelin seen?"))
        delay = time.time() - late["late"]
    states = [{town: state[town] for town in ("Aldby", "Brigg") if town in state} for state in states + more]
    at = [states.index(seen) for seen in searched[:-1]]
    assert at == sorted(at)
    assert len(set(at)) > 2
    assert [seen.items() >= part.items() and bool(part) for seen, part in zip(searched, shown, strict=False)] == [True] * questions
    leave_sound(chatbot, encoder=encoder)
    return delay


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Gradio's own use of pandas
def test_an_open_page_asks_while_another_process_syncs(corpus: Path, tmp_path: Path, visit: Callable[[str], Page]) -> None:
    page_in_company(tmp_path / "home", corpus, visit, encoder="hash", questions=8)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_same_page_for_long_and_with_the_built_in_encoder(corpus: Path, tmp_path: Path, visit: Callable[[str], Page]) -> None:
    assert page_in_company(tmp_path / "home", corpus, visit, encoder="built-in", questions=60) < 2
