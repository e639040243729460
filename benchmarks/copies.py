"""Measures whether copies of a story are found and distinct articles kept apart: `python -m benchmarks.copies --data DIR`.

DIR is a folder with `articles.jsonl` (or `.jsonl.gz`: doc_id, title, text, date, url) and `questions.jsonl` (each with the `doc_ids` of
articles on its event), such as RealTimeQA's. Copies are made of articles by the edits that newsrooms make, coded and seeded here before the
detector was tuned. The distinct articles are pairs on one event, those with most words in common. All of them are synced into one home,
and two articles count as copies when their passages name the same story.

Each article belongs to one of two halves by the hash of its id: thresholds were chosen on `tuning`; of `held_out` only the near pairs were
read, to find the copies in the wild (docs/experiments.md).
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from benchmarks.newsroom import Story, copied
from eval.metrics import wilson_interval
from index.copies import Text, are_copies, number_hashes
from index.encoder import HashEncoder
from index.home import Home
from index.terms import STOP_WORDS, hashes, stems

COPIES = 400
"""Copies that are made in each half."""
DISTINCT = 1500
"""Pairs of distinct articles in each half."""
_RECORDS = 500
"""Articles in a file."""
_FEWEST_WORDS, _FEWEST_PARAGRAPHS = 150, 5
_COPIES_IN_THE_WILD = Path(__file__).with_name("copies_by_hand.json")
"""Pairs among the distinct articles that are copies or versions of one story all the same, found by reading them."""

# The articles


@dataclass(frozen=True, kw_only=True)
class Piece:
    """An article of the set."""

    doc_id: str
    title: str
    text: str
    date: str
    url: str

    @property
    def story(self) -> Story:
        """What the edits are given."""
        return Story(self.title, tuple(line.strip() for line in self.text.split("\n") if line.strip()))

    @property
    def can_be_copied(self) -> bool:
        """Whether it is long enough for the edits to leave an article."""
        return len(self.text.split()) >= _FEWEST_WORDS and len(self.story.paragraphs) >= _FEWEST_PARAGRAPHS


def half(doc_id: str) -> str:
    """Which half an article belongs to."""
    return "held_out" if hashlib.sha256(doc_id.encode()).digest()[0] & 1 else "tuning"


def lines(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """The objects of `name.jsonl`, zipped or not."""
    plain = folder / f"{name}.jsonl"
    content = plain.read_bytes() if plain.exists() else gzip.decompress(Path(f"{plain}.gz").read_bytes())
    yield from (json.loads(line) for line in content.decode("utf-8").split("\n") if line)


def distinct_pairs(pieces: dict[str, Piece], questions: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """Pairs of articles on one event, those with most words in common first; texts that are equal are no two articles."""
    words = {doc_id: frozenset(stems(piece.text)) - STOP_WORDS for doc_id, piece in pieces.items()}
    pairs = {tuple(sorted(pair)) for question in questions for pair in combinations(set(question["doc_ids"]) & pieces.keys(), 2)}
    overlap = {
        (one, other): len(words[one] & words[other]) / (len(words[one] | words[other]) or 1)
        for one, other in pairs
        if pieces[one].text != pieces[other].text
    }
    return sorted(overlap, key=lambda pair: (-overlap[pair], pair))


# What is found


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The counts of one half."""

    made: Counter[str]
    """Copies by edit; one made by two edits counts under both."""
    found: Counter[str]
    copies: int
    right: int
    distinct: int
    wrong: tuple[tuple[str, str], ...]
    left_out: int
    """Pairs on one event that are copies in the wild (see `copies_by_hand.json`)."""
    missed: tuple[str, ...]

    def report(self, name: str) -> Iterator[str]:
        """Lines to print."""
        precision, recall = wilson_interval(self.right, self.right + len(self.wrong)), wilson_interval(self.right, self.copies)
        yield f"{name}: {self.copies} copies, {self.distinct} pairs of distinct articles ({self.left_out} copies in the wild left out)"
        yield f"  precision {_share(self.right, self.right + len(self.wrong))} ({precision.low:.3f} to {precision.high:.3f})"
        yield f"  recall    {_share(self.right, self.copies)} ({recall.low:.3f} to {recall.high:.3f})"
        for edit in sorted(self.made):
            yield f"    {edit}: {_share(self.found[edit], self.made[edit])}"


def _share(some: int, total: int) -> str:
    return f"{some / max(total, 1):.3f} ({some} of {total})"


def measure(pieces: dict[str, Piece], questions: Sequence[dict[str, Any]], by_hand: set[tuple[str, str]], folder: Path) -> Outcome:
    """Sync originals, copies and distinct articles into a home, and see which share a story."""
    pairs = distinct_pairs(pieces, questions)
    distinct = [pair for pair in pairs if pair not in by_hand][:DISTINCT]
    chosen = sorted(
        (doc_id for doc_id, piece in pieces.items() if piece.can_be_copied), key=lambda doc_id: hashlib.sha256(doc_id.encode()).digest()
    )
    made = {doc_id: copied(pieces[doc_id].story, random.Random(doc_id)) for doc_id in chosen[:COPIES]}
    articles = {*made, *(doc_id for pair in distinct for doc_id in pair)}
    records = [_record(doc_id, pieces[doc_id].title, pieces[doc_id].text, "The Original") for doc_id in sorted(articles)]
    records += [_record(f"copy-{doc_id}", story.title, "\n\n".join(story.paragraphs), "The Copy") for doc_id, (story, _) in made.items()]
    story = _stories(records, folder)
    found = {doc_id for doc_id in made if story[doc_id] == story[f"copy-{doc_id}"]}
    edits = [(doc_id, edit) for doc_id, (_, names) in made.items() for edit in names]
    return Outcome(
        made=Counter(edit for _, edit in edits),
        found=Counter(edit for doc_id, edit in edits if doc_id in found),
        copies=len(made),
        right=len(found),
        distinct=len(distinct),
        wrong=tuple(pair for pair in distinct if story[pair[0]] == story[pair[1]]),
        left_out=sum(pair in by_hand for pair in pairs[: pairs.index(distinct[-1])]) if distinct else 0,
        missed=tuple(sorted(made.keys() - found)),
    )


def _record(doc_id: str, title: str, text: str, publisher: str) -> dict[str, str]:
    return {"id": doc_id, "title": title, "text": text, "publisher": publisher}


def _stories(records: Sequence[dict[str, str]], folder: Path) -> dict[str, int]:
    """Record id -> the first article of its story, after a sync of all."""
    (folder / "articles").mkdir(parents=True)
    for start in range(0, len(records), _RECORDS):
        some = "\n".join(map(json.dumps, records[start : start + _RECORDS]))
        (folder / "articles" / f"{start}.jsonl").write_text(some, encoding="utf-8")
    with Home.open(folder / "home", encoder=HashEncoder(), create=True) as home:
        home.sync(folder / "articles")
        numbers = {doc_id: number for number, doc_id in home.catalogue.rows("SELECT number, doc_id FROM articles")}
        stories = home.catalogue.stories(numbers.values())
        home.vectors.close()
    return {doc_id: min(stories.get(number, (number,))) for doc_id, number in numbers.items()}


def replaced(pieces: dict[str, Piece], part: float) -> str:
    """How many of 200 articles are found again, cut to the first six words of ten, some of these replaced at random."""
    chosen = sorted(doc_id for doc_id, piece in pieces.items() if piece.can_be_copied)[:200]
    vocabulary = sorted({word for doc_id in chosen[:50] for word in stems(pieces[doc_id].text) if not word[0].isdigit()})
    found = 0
    for doc_id in chosen:
        choose, words = random.Random(doc_id), stems(pieces[doc_id].text)
        others = [choose.choice(vocabulary) if choose.random() < part else word for word in words[: len(words) * 6 // 10]]
        found += are_copies(*(Text(hashes(some), number_hashes(some)) for some in (words, others)))
    return f"{part:.0%} of the words replaced: found {_share(found, len(chosen))}"


def main() -> int:
    """Measure both halves, print, and compare the held-out one with the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of articles.jsonl and questions.jsonl")
    parser.add_argument("--half", choices=["tuning", "held_out"], action="append", help="only this half")
    parser.add_argument("--show", action="store_true", help="also print which copies were missed and which pairs wrongly joined")
    parser.add_argument("--replaced", type=float, metavar="PART", help="instead, replace this part of the words at random")
    options = parser.parse_args()
    by_hand = {(one, other) for one, other in json.loads(_COPIES_IN_THE_WILD.read_text(encoding="utf-8"))}
    questions = list(lines(options.data, "questions"))
    sides: dict[str, dict[str, Piece]] = defaultdict(dict)
    for line in lines(options.data, "articles"):
        piece = Piece(**{name: line[name] for name in ("doc_id", "title", "text", "date", "url")})
        sides[half(piece.doc_id)][piece.doc_id] = piece
    if options.replaced is not None:
        print(replaced(sides["tuning"], options.replaced))
        return 0
    good = True
    for name in options.half or ["tuning", "held_out"]:
        with tempfile.TemporaryDirectory(prefix="dateline-copies-") as folder:
            outcome = measure(sides[name], questions, by_hand, Path(folder))
        print("\n".join(outcome.report(name)))
        if options.show:
            print("  missed:", *outcome.missed, "\n  wrong:", *(f"{one}+{other}" for one, other in outcome.wrong))
        good &= outcome.right >= 0.9 * outcome.copies and outcome.right >= 0.99 * (outcome.right + len(outcome.wrong))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
