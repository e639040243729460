"""Many visitors at once, on loopback: through the page as a browser asks it, and through the HTTP API.

    python -m benchmarks.load --users 50 --seconds 120

Each visitor has an article of their own in a made corpus and asks about it alone, one question after another, without a pause. The answer
that each question has by itself is known before, so an answer that belongs to another visitor, or that load has changed, is found out.
What is counted: questions answered, errors, mixed answers, how long each took, and whether some visitors waited longer than others.
The server is the real command in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import httpx

from benchmarks.browser import free_port
from index.home import Home
from rag.chatbot import Chatbot
from rag.settings import Settings

ROOT = Path(__file__).parent.parent
A_VISIT = 5
"""Questions that a visitor of the page asks before they load it anew."""
_FIRST = ("Ald", "Bram", "Cor", "Drun", "Elv", "Farn", "Gos", "Hel", "Ist", "Jor")
_SECOND = ("moor", "wick", "stow", "dale", "burg")
_CAPTAINS = ("Ada", "Boris", "Clara", "Dmitri", "Elsa", "Farid", "Greta", "Hugo", "Ines", "Jonas")
_TEXT = """\
{town} ferry counts its passengers

Published: 4 March 2024

The {town} ferry carried {passengers:,} passengers in 2023, its captain {captain} Vo{ending} said on Monday. {besides}
"""
_NOUNS = ("boat", "harbour", "council", "winter", "engine", "ticket", "shipyard", "bridge", "deck", "market", "storm", "crew", "island")
_VERBS = ("needs", "follows", "outlives", "crosses", "replaces", "delays", "repairs", "shelters", "surprises", "divides")
_MANNERS = ("new", "old", "narrow", "costly", "quiet", "northern", "public", "wooden", "distant", "familiar", "second", "unpainted")
_SENTENCES = 25
_ASKED = ("How many passengers did the {town} ferry carry?", "Who is the captain of the {town} ferry?")


# The corpus


def towns(count: int) -> list[str]:
    """So many names that look like no others, at most 50."""
    return [first + second for second in _SECOND for first in _FIRST][:count]


def questions(town: str) -> tuple[str, ...]:
    """What a visitor asks about their own town."""
    return tuple(words.format(town=town) for words in _ASKED)


def write_articles(folder: Path, names: Sequence[str]) -> None:
    """Write an article a town."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, town in enumerate(names):
        facts = {"passengers": 20_000 + 137 * number, "captain": _CAPTAINS[number % 10], "ending": "ss" + "aeiou"[number // 10 % 5]}
        text = _TEXT.format(town=town, besides=" ".join(_besides(Random(town))), **facts)
        (folder / f"{town.lower()}.txt").write_text(text, encoding="utf-8")


def _besides(chance: Random) -> Iterator[str]:
    """Sentences that make an article no copy of another."""
    for _ in range(_SENTENCES):
        (one, other), (this, that) = chance.sample(_NOUNS, 2), chance.sample(_MANNERS, 2)
        yield f"{chance.choice(('The', 'Every', 'No', 'Its'))} {this} {one} {chance.choice(_VERBS)} the {that} {other}."


def expected_answers(home: Path, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What each question is answered by itself; each from the visitor's own article alone."""
    answers = {}
    with Home.open(home) as opened:
        chatbot = Chatbot(opened, settings=Settings())
        for town in names:
            for question in questions(town):
                answer = chatbot.ask(question).to_dict()
                cited = {citation["doc_id"] for citation in answer["citations"]}
                assert cited == {town.lower()}, f"{question} is answered from {cited or 'nothing'}: no test of what is mixed"
                answers[question] = timeless(answer)
    return answers


def timeless(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without how long it took."""
    return {**answer, "usage": {**answer["usage"], "seconds": {}}}


# The server


@contextmanager
def server(home: Path, log: Path) -> Iterator[str]:
    """The real command over a home; yields its address."""
    port = free_port()
    command = [sys.executable, "-m", "dateline", "ui", "--home", str(home), "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("w") as written, subprocess.Popen(command, env=environment, stdout=written, stderr=written) as process:
        try:
            _wait_until_up(f"http://127.0.0.1:{port}/", process, log)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(60)


def _wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 200
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"{url}api/health", trust_env=False, timeout=30).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"the page did not start:\n{log.read_text()}")


# Visitors


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One question and what became of it."""

    town: str
    seconds: float
    """From the question to the whole answer."""
    error: str = ""
    mixed: str = ""
    """What is not as it should be in the answer."""


Ask = Callable[[str], Awaitable[str]]
"""Asks a question; gives what is wrong with the answer, if anything is."""


class ApiVisitor:
    """Asks through the HTTP API."""

    def __init__(self, web: httpx.AsyncClient, town: str, expected: Mapping[str, dict[str, Any]], others: Sequence[str]) -> None:
        self._web, self._expected = web, expected

    @asynccontextmanager
    async def visit(self) -> AsyncIterator[Ask]:
        """Nothing need be loaded."""
        yield self._ask

    async def _ask(self, question: str) -> str:
        reply = await self._web.post("/api/ask", json={"question": question})
        reply.raise_for_status()
        return "" if timeless(reply.json()) == self._expected[question] else f"answered {reply.json()['short']!r}"


class PageVisitor:
    """Asks through the page, as its script in a browser does: Gradio's queue, and its stream of events."""

    def __init__(self, web: httpx.AsyncClient, town: str, expected: Mapping[str, dict[str, Any]], others: Sequence[str]) -> None:
        self._web, self._expected = web, expected
        self._others = [other for other in others if other != town]

    @asynccontextmanager
    async def visit(self) -> AsyncIterator[Ask]:
        """Load the page, keep its heartbeat open, and let it do what it does at first."""
        (await self._web.get("/")).raise_for_status()
        config = (await self._web.get("/config")).raise_for_status().json()
        session = uuid4().hex[:11]
        beating = asyncio.create_task(self._beat(session))
        try:
            await self._outputs(session, [(function, [None] * len(function["inputs"])) for function in _functions(config, "load")])
            box = next(part["id"] for part in config["components"] if part["props"].get("elem_id") == "dl-question")
            (submit,) = (function for function in _functions(config, "submit") if [box, "submit"] in function["targets"])

            async def ask(question: str) -> str:
                (output,) = await self._outputs(session, [(submit, [question] + [None] * (len(submit["inputs"]) - 1))])
                return self._wrong(question, output)

            yield ask
        finally:
            beating.cancel()

    async def _beat(self, session: str) -> None:
        async with self._web.stream("GET", f"/gradio_api/heartbeat/{session}") as beats:
            async for _ in beats.aiter_lines():
                pass

    async def _outputs(self, session: str, calls: Sequence[tuple[Mapping[str, Any], list[Any]]]) -> list[Any]:
        """Have functions of the page called at once; the last output of each."""
        outputs: dict[str, Any] = {}
        for function, data in calls:
            join = {"data": data, "event_data": None, "fn_index": function["id"], "trigger_id": function["targets"][0][0]}
            reply = await self._web.post("/gradio_api/queue/join", json={**join, "session_hash": session})
            outputs[reply.raise_for_status().json()["event_id"]] = None
        async with self._web.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
            async for line in stream.aiter_lines():
                message = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if message.get("msg") == "process_completed":
                    if not message["success"]:
                        raise RuntimeError(f"the page failed: {message['output']}")
                    outputs[message["event_id"]] = message["output"]["data"]
                    if all(output is not None for output in outputs.values()):
                        return [*outputs.values()]
        raise RuntimeError("the stream ended without an answer")

    def _wrong(self, question: str, output: list[Any]) -> str:
        """What is wrong with what the page shows: the messages name another visitor's town, or not all of the answer stands there."""
        messages = _plain(next(part for part in output if isinstance(part, list)))
        expected = self._expected[question]
        strangers = [other for other in self._others if other in messages]
        missing = [words for words in (question, expected["short"], expected["text"].partition(" [1]")[0]) if words not in messages]
        missing += [cited["quote"] for cited in expected["citations"] if cited["quote"] not in _plain(output)]
        return f"names {strangers}" if strangers else f"lacks {missing}" if missing else ""


def _plain(output: Any) -> str:
    """What is shown, without what HTML and JSON do to its letters."""
    return html.unescape(json.dumps(output, ensure_ascii=False))


def _functions(config: Mapping[str, Any], event: str) -> list[dict[str, Any]]:
    """The functions of the page that such an event calls."""
    return [function for function in config["dependencies"] if any(target[1] == event for target in function["targets"])]


WAYS: dict[str, type[ApiVisitor | PageVisitor]] = {"page": PageVisitor, "api": ApiVisitor}


# A run


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of a run."""

    way: str
    users: int
    seconds: float
    asked: list[Asked] = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The figures."""
        times = sorted(item.seconds for item in self.asked if not item.error)
        by_user = [[item.seconds for item in self.asked if item.town == town and not item.error] for town in {i.town for i in self.asked}]
        means = [statistics.fmean(mine) for mine in by_user if mine]
        return {
            "way": self.way, "users": self.users, "seconds": round(self.seconds, 1), "questions": len(self.asked),
            "errors": [item.error for item in self.asked if item.error], "mixed": [item.mixed for item in self.asked if item.mixed],
            "answered a second": round(len(times) / self.seconds, 2),
            "seconds an answer": {"p50": _at(times, 0.5), "p95": _at(times, 0.95), "longest": _at(times, 1)},
            "questions a user": {"fewest": min(map(len, by_user), default=0), "most": max(map(len, by_user), default=0)},
            "mean seconds of a user": {"luckiest": _at(sorted(means), 0), "unluckiest": _at(sorted(means), 1)},
        }  # fmt: skip


async def run(url: str, way: str, names: Sequence[str], seconds: float, expected: Mapping[str, dict[str, Any]]) -> Outcome:
    """Let one visitor a town ask for some time; a question that is under way at the end is waited for."""
    began = time.monotonic()
    # A browser tries again where the server closes an idle connection, after 5 s, just as the next request is sent; httpx does not.
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=1)
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=300, limits=limits) as web:
        visitors = {town: WAYS[way](web, town, expected, names) for town in names}
        results = await asyncio.gather(*(_visits(visitors[town], town, began + seconds) for town in names))
    return Outcome(way=way, users=len(names), seconds=time.monotonic() - began, asked=[item for asked in results for item in asked])


async def _visits(visitor: ApiVisitor | PageVisitor, town: str, end: float) -> list[Asked]:
    asked: list[Asked] = []
    while time.monotonic() < end:
        try:
            async with visitor.visit() as ask:
                for number in range(A_VISIT):
                    if time.monotonic() >= end and asked:
                        break
                    question = questions(town)[number % len(_ASKED)]
                    began = time.monotonic()
                    mixed = await ask(question)
                    asked.append(Asked(town=town, seconds=time.monotonic() - began, mixed=mixed and f"{question}: {mixed}"))
        except (httpx.HTTPError, RuntimeError, KeyError) as error:
            asked.append(Asked(town=town, seconds=0, error=_described(error)))
            await asyncio.sleep(1)
    return asked


def _described(error: Exception) -> str:
    path = error.request.url.path if isinstance(error, httpx.RequestError) else ""
    return " ".join(filter(None, (type(error).__name__, path, str(error))))


def _at(ordered: Sequence[float], share: float) -> float | None:
    """The value below which that share of the others lies."""
    return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 3) if ordered else None


def measure(folder: Path, *, users: int, seconds: float, ways: Sequence[str]) -> Iterator[Outcome]:
    """Make the corpus and its home in a folder, and let visitors ask for so many seconds each way."""
    names = towns(users)
    write_articles(folder / "articles", names)
    with Home.open(folder / "home", create=True) as home:
        home.sync(folder / "articles")
    expected = expected_answers(folder / "home", names)
    for way in ways:
        with server(folder / "home", folder / f"{way}.log") as url:
            yield asyncio.run(run(url, way, names, seconds, expected))


def main() -> int:
    """Measure as the command line says; 1 where there was an error or a mixed answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=50, choices=range(1, 51), metavar="N")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--way", choices=[*WAYS], nargs="*", default=[*WAYS])
    options = parser.parse_args()
    bad = False
    with tempfile.TemporaryDirectory(prefix="dateline-load-") as folder:
        for outcome in measure(Path(folder), users=options.users, seconds=options.seconds, ways=options.way):
            figures = outcome.to_dict()
            bad |= bool(figures["errors"] or figures["mixed"])
            print(json.dumps({**figures, "errors": figures["errors"][:5], "mixed": figures["mixed"][:5]}, indent=1))
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
