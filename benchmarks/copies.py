"""Measures whether copies of a story are found and distinct articles kept apart: `python -m benchmarks.copies --data DIR`.

DIR is a folder with `articles.jsonl` (or `.jsonl.gz`: doc_id, title, text, date, url) and `questions.jsonl` (each with the `doc_ids` of
articles on its event), such as RealTimeQA's. Copies are made of articles by the edits that newsrooms make, coded and seeded here before the
detector was tuned. The distinct articles are pairs on one event, those with most words in common. All of them are synced into one home,
and two articles count as copies when their passages name the same story.

Each article belongs to one of two halves by the hash of its id: `tuning` was looked at when thresholds were chosen, `held_out` was not.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

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

# What is done to an article


@dataclass(frozen=True)
class Story:
    """An article as the edits see it."""

    title: str
    paragraphs: tuple[str, ...]


Edit = Callable[[Story, random.Random], Story]

_SENTENCE_END = re.compile(r"(?<=[.!?][\"”’']) +|(?<=[.!?]) +(?=[A-Z“\"‘])")
_REWRITINGS = """
    said: stated, told reporters; says: states, argues; about: around, roughly; more than: over; also: additionally, as well; however:
    but; but: yet, though; many: numerous; people: persons, residents; killed: left dead, slain; began: started; begin: start; after:
    following; before: prior to; because: since, as; while: as, whereas; according to: as per; show: indicate; showed: indicated;
    found: discovered; big: large; large: big, sizeable; help: assist; use: employ; used: employed; get: obtain; got: received;
    children: kids; police: officers; officials: authorities; company: firm; companies: firms; near: close to; early: at an early
    stage; new: fresh; million: m; percent: per cent, %; president: leader; government: administration; announced: made public;
    including: among them; several: a number of; during: in the course of; may: might; would: is set to; first: initial; last: past;
    year: twelve months; could: might; through: via; don't: do not; it's: it is; isn't: is not; can't: cannot; we're: we are; two: 2;
    three: 3; four: 4; five: 5; ten: 10
"""
_SWAPS = {word: others.split(", ") for word, others in (entry.split(": ") for entry in " ".join(_REWRITINGS.split()).split("; "))}
_SWAP = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, _SWAPS), key=len, reverse=True)) + r")\b", re.I)
_ASIDE = re.compile(r" \([^()]{3,60}\)|, (?:which|who) [^,.]{5,60},|, however,|, meanwhile,")
_DAY = re.compile(r" on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_REPORTED = re.compile(r"^(?P<what>[“\"][^“”\"]+,[”\"]) (?P<who>(?:[A-Z][\w’'-]+ ?){1,3}) (?P<verb>said)\.$")
_FURNITURE = (
    "Sign up for our morning newsletter and get the day's top stories in your inbox.",
    "Share this story on Facebook, X or WhatsApp",
    "READ MORE: Ten things you may have missed this week",
    "Related: What we know so far",
    "Advertisement",
    "Story continues below",
    "Follow us for the latest updates and breaking news alerts.",
    "Getty Images",
    "Watch: the moment in pictures",
    "Subscribe to continue reading",
    "Have a tip? Write to newsdesk@example.com.",
    "Most read\nLocal bakery wins award\nBridge repairs to last until spring\nTeam wins third match",
    "We use cookies to improve your experience. Accept all",
    "Tags: world, politics, news",
    "The Daily Example is part of Example Media Group. All rights reserved. No part of this page may be reproduced without permission.",
    "3 comments\nJane: Thank you for reporting this.\nOtto: About time somebody wrote it down!",
)
_AGENCIES = (("AFP", "Agence France-Presse"), ("AP", "The Associated Press"), ("Reuters", "Reuters"), ("dpa", "dpa"), ("Xinhua", "Xinhua"))
_CITIES = ("PARIS", "WASHINGTON", "BERLIN", "NAIROBI", "LONDON", "NEW YORK", "DAKAR")


def cut(story: Story, choose: random.Random) -> Story:
    """The first half, or somewhat more or less of it."""
    kept = max(3, round(len(story.paragraphs) * choose.uniform(0.4, 0.7)))
    return replace(story, paragraphs=story.paragraphs[:kept])


def thinned(story: Story, choose: random.Random) -> Story:
    """Cut by paragraphs: the first stays, and of the others a little more than half."""
    first, *rest = story.paragraphs
    kept = [paragraph for paragraph in rest if choose.random() < 0.6]
    return replace(story, paragraphs=(first, *(kept if len(kept) > 1 else rest[:2])))


def reheadlined(story: Story, choose: random.Random) -> Story:
    """Another headline, from the words of the first paragraph, and a standfirst of the paper's own."""
    words = [word.strip(".,:;“”\"'") for word in story.paragraphs[0].split()[:40]]
    picked = sorted(choose.sample(range(len(words)), min(8, len(words))))
    title = " ".join(words[place] for place in picked).capitalize()
    standfirst = choose.choice(
        ["What happened, and what comes next.", "Here is what we know.", f"Our report on {words[-1]} and the rest of it."]
    )
    return Story(title, (*([standfirst] if choose.random() < 0.5 else []), *story.paragraphs))


def credited(story: Story, choose: random.Random) -> Story:
    """An agency's name at the top or at the end, in one of the forms that papers use."""
    short, long = choose.choice(_AGENCIES)
    first, *rest = story.paragraphs
    forms: list[tuple[str, ...]] = [
        (f"{choose.choice(_CITIES)} ({short}) — {first}", *rest), (f"{choose.choice(_CITIES)}, 3 June ({short}) - {first}", *rest),
        (f"By {long}", first, *rest), (first, *rest, f"Credited from {short}"), (first, *rest, f"© 2024 {short}"),
        (first, *rest, f"({short})"), (f"{long}", first, *rest), (first, *rest, f"{long} contributed to this report."),
    ]  # fmt: skip
    return replace(story, paragraphs=choose.choice(forms))


def rewritten(story: Story, choose: random.Random) -> Story:
    """A light hand: words exchanged, asides and days dropped, quotes turned round, one sentence in fifteen left out, paragraphs joined."""
    lines: list[str] = []
    for paragraph in story.paragraphs:
        sentences = [_retold(sentence, choose) for sentence in _SENTENCE_END.split(paragraph)]
        kept = [sentence for sentence in sentences if choose.random() > 1 / 15] or sentences[:1]
        if lines and choose.random() < 0.15:
            lines[-1] = f"{lines[-1]} {' '.join(kept)}"
        else:
            lines.append(" ".join(kept))
    return replace(story, paragraphs=tuple(lines))


def _retold(sentence: str, choose: random.Random) -> str:
    sentence = _REPORTED.sub(r"\g<who>\g<verb>: \g<what>", sentence)
    sentence = _ASIDE.sub(lambda match: match.group() if choose.random() < 0.4 else "", sentence)
    sentence = _DAY.sub(lambda match: match.group() if choose.random() < 0.5 else "", sentence)
    return _SWAP.sub(lambda match: match.group() if choose.random() < 0.3 else _swapped(match.group(), choose), sentence)


def _swapped(word: str, choose: random.Random) -> str:
    other = choose.choice(_SWAPS[word.lower()])
    return other.capitalize() if word[0].isupper() else other


def furnished(story: Story, choose: random.Random) -> Story:
    """The page's own lines between the paragraphs and after them."""
    lines = list(story.paragraphs)
    for line in choose.sample(_FURNITURE, choose.randint(2, 6)):
        lines.insert(choose.randint(1, len(lines)), line)
    return replace(story, paragraphs=tuple(lines))


SHORTENED: dict[str, Edit] = {"cut to the first half": cut, "cut by paragraphs": thinned}
EDITS: dict[str, Edit] = {"light rewrite": rewritten, "re-headline": reheadlined, "furniture": furnished, "agency credit": credited}


def copied(story: Story, choose: random.Random) -> tuple[Story, tuple[str, ...]]:
    """A copy by one to five of the edits, in the order in which a newsroom would make them, and their names."""
    shortened = [choose.choice(sorted(SHORTENED))] if choose.random() < 0.6 else []
    chosen = {name for name in EDITS if choose.random() < 0.45} or ({choose.choice(sorted(EDITS))} if not shortened else set())
    names = [*shortened, *(name for name in EDITS if name in chosen)]
    for name in names:
        story = (SHORTENED | EDITS)[name](story, choose)
    return story, tuple(names)


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
