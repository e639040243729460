"""Kill a sync at many moments and compare what the next one makes of it with a sync that was left in peace.

    python -m benchmarks.kill --points 200

Each point copies a home that was synced at an earlier state of a folder, kills a child that syncs the later state with
SIGKILL, runs a plain sync, and compares catalogue rows, vectors, vector store and answers with those of a clean run. The
moments are spread over steps (each SQL statement, each call into Chroma, each file put in place), over time, and over the
time that Chroma takes to write. The children are forked from a process that has loaded all libraries and opened nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from index.catalogue import Catalogue
from index.encoder import HashEncoder
from index.home import Home

QUESTIONS = ("Who is the clerk of Brigg?", "When was bridge 3 of Ostend opened?", "What did the council of Aldby choose?")
_LAST_DIGITS = 1e-5
_TOWNS = ("Aldby", "Brigg", "Corsham", "Drayton", "Ostend", "Farrow")


@dataclass(frozen=True, kw_only=True)
class Point:
    """One moment to kill at."""

    mix: int
    how: str
    """"step", "time" or "chroma"."""
    at: float
    """Number of the step, or seconds since the sync or a call into Chroma began."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of it."""

    point: Point
    killed: bool
    """False where the child was done before its moment came."""
    differences: tuple[str, ...]


def run(points: int, *, seed: int = 7, mixes: int = 5, tell: Callable[[str], None] = lambda line: None) -> list[Outcome]:
    """Kill at `points` moments and compare each time."""
    with tempfile.TemporaryDirectory(prefix="dateline-kill-") as folder:
        prepared = [_Mix(Path(folder) / f"mix{number}", seed + number) for number in range(min(mixes, points))]
        outcomes = []
        for number, planned in enumerate(_spread(points, prepared, random.Random(seed)), 1):
            point, mix = planned, prepared[planned.mix]
            outcome = mix.outcome(point)
            while not outcome.killed and not outcome.differences:  # done before its moment came: an earlier one
                point = replace(point, at=point.at // 2 if point.how == "step" else point.at / 2)
                outcome = mix.outcome(point)
            outcomes.append(outcome)
            tell(f"{number}/{points} {point.how} at {point.at:.4g} in mix {point.mix}: {', '.join(outcome.differences) or 'no difference'}")
        return outcomes


class _Mix:
    """An earlier and a later state of a folder, and what a clean sync makes of them."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.articles = folder / "articles"
        self.articles.mkdir(parents=True)
        choose = random.Random(seed)
        for number in range(14):
            _write(self.articles, f"{number:02}.txt", choose)
        self.fresh = seed % 3 == 0  # the child's first sync of all
        if not self.fresh:
            self._sync(folder / "before")
        _change(self.articles, choose)
        began = time.monotonic()
        self.clean = self._clean()
        self.seconds = time.monotonic() - began
        self.steps = _child_steps(self)

    def _clean(self) -> dict[str, Any]:
        home = self._copy("clean")
        self._sync(home)
        return state(home)

    def _copy(self, name: str) -> Path:
        home = self.folder / name
        shutil.rmtree(home, ignore_errors=True)
        if not self.fresh:
            shutil.copytree(self.folder / "before", home)
        return home

    def _sync(self, home: Path) -> None:
        with Home.open(home, encoder=HashEncoder(), create=True) as opened:
            opened.sync(self.articles)
            opened.vectors.close()

    def outcome(self, point: Point) -> Outcome:
        """Kill at a point, sync, compare."""
        home = self._copy("killed")
        code = _child(home, self.articles, point)
        self._sync(home)
        return Outcome(point=point, killed=code == -signal.SIGKILL, differences=differences(self.clean, state(home)))


def state(folder: Path) -> dict[str, Any]:
    """All that a home holds and answers, but for row numbers and counters."""
    from rag.chatbot import Chatbot
    from rag.settings import Settings

    with Home.open(folder, encoder=HashEncoder()) as home:
        catalogue = home.catalogue
        articles, vectors = {}, {}
        for known in catalogue.known("/"):
            article, removed = catalogue.numbered(known.number)
            ((_, stored),) = catalogue.stored_vectors([known.number], home.encoder.dimension)
            terms = [piece for row in catalogue.terms([known.number]) for piece in row[1:]]
            articles[known.location, known.key] = (
                article,
                removed,
                catalogue.sentences(known.number),
                catalogue.spans(known.number),
                terms,
            )
            vectors[article.id] = stored.tobytes()
        generation = catalogue.number("vectors_generation") or 0
        probe = home.encoder.encode_query(QUESTIONS[0])
        count = home.vectors.count(generation)
        store = home.vectors.nearest(probe, limit=max(count, 1), generation=generation, horizon=0).found
        bot = Chatbot(home, settings=Settings(home=folder, encoder="hash"))
        answers = [bot.ask(question).to_dict() for question in QUESTIONS]
        home.vectors.close()
        return {
            "roots": catalogue.roots(),
            "files": {location: (record.digest, record.recipe, record.articles) for location, record in catalogue.files("/").items()},
            "articles": articles,
            "vectors": vectors,
            "unsettled": catalogue.unsettled(),
            "integrity": catalogue.integrity(),
            "links": links(catalogue),
            "store": dict(store),
            "answers": [{name: value for name, value in answer.items() if name not in ("usage", "generation")} for answer in answers],
        }


def links(catalogue: Catalogue) -> set[tuple[str, str, int]]:
    """Which articles are copies of each other, by id, and under how many shingles they are neighbours."""
    ids = catalogue.ids(catalogue.numbers())
    return {(ids[number], ids[other], ways) for number, other, ways in catalogue.rows("SELECT number, other, ways FROM copies")}


def differences(expected: dict[str, Any], found: dict[str, Any]) -> tuple[str, ...]:
    """The names of what differs between two states; Chroma's similarities vary in the last digits with the way they were built."""
    exact = [name for name in expected if name != "store" and expected[name] != found[name]]
    before, after = expected["store"], found["store"]
    near = before.keys() == after.keys() and all(abs(before[id_] - after[id_]) < _LAST_DIGITS for id_ in before)
    return (*exact, *(() if near else ("store",)))


def _spread(points: int, mixes: list[_Mix], choose: random.Random) -> Iterator[Point]:
    """Moments in equal parts by step, by time and within Chroma's writing."""
    for number in range(points):
        mix = number % len(mixes)
        how = ("step", "chroma", "time", "step", "chroma")[number % 5]
        if how == "step":
            yield Point(mix=mix, how=how, at=choose.randrange(1, mixes[mix].steps + 1))
        else:
            yield Point(mix=mix, how=how, at=round(choose.uniform(0, 0.1 if how == "chroma" else mixes[mix].seconds), 4))


def _write(folder: Path, name: str, choose: random.Random) -> None:
    town, number = choose.choice(_TOWNS), choose.randrange(9)
    body = " ".join(
        f"The council of {choose.choice(_TOWNS)} chose plan {choose.randrange(90)} for bridge {choose.randrange(9)}, its clerk said."
        for _ in range(choose.randrange(2, 40))
    )
    text = f"Bridge {number} of {town} opened\n\nPublished: {number + 1} May 2024\n\nBridge {number} of {town} was opened on Monday. {body}"
    (folder / name).write_text(text, encoding="utf-8")


def _change(folder: Path, choose: random.Random) -> None:
    """Add, change, move and delete some files."""
    files = sorted(folder.iterdir())
    choose.shuffle(files)
    for file in files[:3]:
        _write(folder, file.name, choose)
    for file in files[3:5]:
        file.unlink()
    (folder / "moved").mkdir()
    for file in files[5:8]:
        file.rename(folder / "moved" / file.name)
    for number in range(3):
        _write(folder, f"new{number}.txt", choose)
    shutil.copy(files[9], folder / "copy.txt")
    old = time.time() - 3600
    for file in folder.rglob("*.txt"):
        os.utime(file, (old, old))


# The child


def _child(home: Path, articles: Path, point: Point | None, count: Any = None) -> int:
    """Sync in a child, killed at `point`; gives its exit code."""
    child = _forks().Process(target=_sync_until, args=(str(home), str(articles), point and asdict(point), count))
    child.start()
    child.join(120)
    if child.exitcode is None:
        child.kill()
        raise RuntimeError(f"the child hung at {point}")
    return int(child.exitcode)


def _child_steps(mix: _Mix) -> int:
    """How many steps an undisturbed child takes."""
    count = _forks().Value("i", 0)
    code = _child(mix._copy("counted"), mix.articles, None, count)
    if code:
        raise RuntimeError(f"an undisturbed child ended with {code}")
    return int(count.value)


def _forks() -> Any:
    context = get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.kill_preload"])
    return context


def _sync_until(home: str, articles: str, point: dict[str, Any] | None, count: Any) -> None:
    steps = _Steps(point)
    steps.watch()
    if point and point["how"] == "time":
        threading.Timer(point["at"], _die).start()
    with Home.open(home, encoder=HashEncoder(), create=True) as opened:
        opened.sync(articles)
        opened.vectors.close()
    if count is not None:
        count.value = steps.taken
    sys.stdout.flush()
    os._exit(0)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class _Steps:
    """Counts the steps of a sync and dies at the chosen one."""

    def __init__(self, point: dict[str, Any] | None) -> None:
        self.taken = 0
        self._how = point["how"] if point else None
        self._at = point["at"] if point else 0

    def watch(self) -> None:
        """Have every step counted."""
        from index import seal, vectors
        from index.catalogue.connection import Connections

        self._wrap(Connections, "rows")
        self._wrap(seal, "_noted")
        self._wrap(Path, "replace")
        self._wrap(vectors, "_translated")

    def _wrap(self, owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def stepped(*args: Any, **kwargs: Any) -> Any:
            self._step()
            if self._how == "chroma" and name == "_translated":
                threading.Timer(self._at, _die).start()
            result = real(*args, **kwargs)
            self._step()
            return result

        setattr(owner, name, stepped)

    def _step(self) -> None:
        self.taken += 1
        if self._how == "step" and self.taken >= self._at:
            _die()


def main() -> None:
    """Print each point and the sums."""
    parser = argparse.ArgumentParser(description="kill syncs and compare")
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    outcomes = run(options.points, seed=options.seed, tell=lambda line: print(line, file=sys.stderr, flush=True))
    sums = {
        "points": len(outcomes),
        "killed": sum(outcome.killed for outcome in outcomes),
        "by": Counter(outcome.point.how for outcome in outcomes),
        "states_compared": len(outcomes),
        "differences": sum(bool(outcome.differences) for outcome in outcomes),
    }
    print(json.dumps(sums))
    sys.exit(bool(sums["differences"]))


if __name__ == "__main__":
    main()
