"""More to learn from: questions that lost their answer, claims made from questions and sentences, passages that look right and are not.

Everything is made by rules from the sets in `sources`, with a random generator that the caller seeds.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from random import Random

from sources import Judged, Label, Reading

_YEAR = re.compile(r"\b(?:1[5-9]\d\d|20[0-4]\d)\b")
_NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w,-]|\.\d)")
_MONTH = re.compile(r"\b(?:January|February|March|April|June|July|August|September|October|November|December)\b")
_DAY = re.compile(r"\b(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b")
_COUNT = re.compile(r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty)\b")
_NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][\w’'-]+(?:(?: of| the| de| von| and)? [A-Z][\w’'-]+)*")
KINDS: dict[str, re.Pattern[str]] = {"year": _YEAR, "number": _NUMBER, "month": _MONTH, "day": _DAY, "count": _COUNT, "name": _NAME}

_OPPOSITES = [
    tuple(word.replace("_", " ") for word in pair.split("/"))
    for pair in (
        "first/last before/after largest/smallest highest/lowest most/least increase/decrease increased/decreased more/fewer "
        "north/south northern/southern east/west eastern/western best/worst oldest/youngest early/late earlier/later won/lost "
        "began/ended start/end opened/closed accepted/rejected allowed/banned approved/rejected rose/fell gained/lost above/below "
        "longest/shortest always/never all/none male/female man/woman men/women father/mother son/daughter brother/sister "
        "major/minor public/private internal/external positive/negative success/failure support/oppose supported/opposed "
        "arrived/left bought/sold hired/fired guilty/innocent stronger/weaker faster/slower cheaper/dearer confirmed/denied "
        "possible/impossible legal/illegal win/lose rise/fall hot/cold old/new love/hate good/bad high/low at_least/at_most "
        "majority/minority maximum/minimum minimum/maximum"
    ).split()
]
_OPPOSITE = {one: other for pair in _OPPOSITES for one, other in (pair, pair[::-1])}
_OPPOSED = re.compile(r"\b(?:" + "|".join(sorted(_OPPOSITE, key=len, reverse=True)) + r")\b")

_BE = re.compile(r"\b(is|was|are|were|has|have|had|will|would|can|could|did|does|may|might|should)\b(?! not\b|n't)")
_FRONTED = re.compile(
    r"^((?:[A-Z][\w’'.-]*|of|the|in|and|[a-z]+s?)(?: [\w’'.&-]+){0,6}?) (is|was|are|were|ha[sd]|have|will|can|could|did|does) (.+)$"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“0-9])")
_ASIDE = re.compile(r" \([^()]*\)|, which [^,.]+(?=[,.])")
_LEAD = re.compile(r"^(?:However|In addition|Moreover|Furthermore|Also|Additionally|Meanwhile|Thus|Therefore|Finally|Then), (\w)")


class Values:
    """What kinds of values occur, to swap one for another of its kind: first from the same article, else from anywhere."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        self._near: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._all: dict[str, list[str]] = defaultdict(list)
        for group, text in texts:
            for kind, pattern in KINDS.items():
                found = sorted(set(pattern.findall(text)))
                self._near[group, kind].extend(found)
                self._all[kind].extend(found)

    def other(self, kind: str, value: str, group: str, *, but: str, random: Random) -> str | None:
        """A value of the same kind that does not occur in `but`."""
        near = self._near[group, kind]
        for pool in (near, self._all[kind]):
            for _ in range(4):
                if pool and (drawn := random.choice(pool)) != value and drawn.casefold() not in but.casefold():
                    return drawn
        return None


def swapped(text: str, group: str, values: Values, *, but: str, random: Random) -> str | None:
    """`text` with one value or one word for its opposite swapped; None where it has none."""
    found = [(kind, match) for kind, pattern in KINDS.items() for match in pattern.finditer(text)]
    opposed = list(_OPPOSED.finditer(text))
    if opposed and (not found or random.random() < 0.35):
        match = random.choice(opposed)
        return text[: match.start()] + _OPPOSITE[match[0]] + text[match.end() :]
    if not found:
        return None
    kind, match = random.choice(found)
    other = values.other(kind, match[0], group, but=but, random=random)
    return None if other is None else text[: match.start()] + other + text[match.end() :]


def negated(text: str) -> str | None:
    """`text` with a "not" after its first auxiliary verb."""
    changed = _BE.sub(r"\1 not", text, count=1)
    return changed if changed != text else None


# Reading


def unanswerable_twin(reading: Reading, values: Values, random: Random) -> Reading | None:
    """The same passage under a question about something else that it does not tell."""
    question = swapped(reading.question, reading.group, values, but=reading.passage, random=random)
    return None if question is None else replace(reading, question=question, spans=(), source="twin")


class Lookalikes:
    """Finds passages that share a question's words and do not hold its answer (SQLite's FTS5 over all passages)."""

    def __init__(self, passages: Sequence[tuple[str, str]]) -> None:
        """`passages`: (group, text)."""
        self._passages = passages
        self._words = sqlite3.connect(":memory:")
        self._words.execute("CREATE VIRTUAL TABLE passage USING fts5(text, tokenize='porter unicode61')")
        self._words.executemany("INSERT INTO passage(rowid, text) VALUES (?, ?)", [(at, text) for at, (_, text) in enumerate(passages)])

    def find(self, reading: Reading, random: Random, *, among: int = 6) -> Reading | None:
        """One of the best `among` such passages under the question of `reading`."""
        words = [word for word in re.findall(r"\w+", reading.question) if len(word) > 2]
        if not words:
            return None
        asked = " OR ".join(f'"{word}"' for word in words)
        rows = self._words.execute("SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT ?", (asked, among + 3)).fetchall()
        answers = [reading.passage[start:end].casefold() for start, end in reading.spans]
        wrong = [
            text
            for group, text in (self._passages[at] for (at,) in rows)
            if text != reading.passage and not any(answer in text.casefold() for answer in answers)
        ]
        return replace(reading, passage=random.choice(wrong[:among]), spans=(), source="lookalike") if wrong else None


# Judging


def claims_from_question(reading: Reading, random: Random) -> Iterator[Judged]:
    """Question and answer as one claim: the right answer, another value of its kind, and the right one without its sentence."""
    start, end = reading.spans[0]
    answer = reading.passage[start:end]
    if len(answer.split()) > 8:
        return
    yield _judged(reading, as_claim(reading.question, answer), "supported")
    wrong = [
        match[0]
        for pattern in KINDS.values()
        if pattern.search(" x " + answer)
        for match in pattern.finditer(reading.passage)
        if match[0] not in answer and answer not in match[0]
    ]
    if wrong:
        yield _judged(reading, as_claim(reading.question, random.choice(wrong)), "refuted")
    sentences = _SENTENCE.split(reading.passage)
    rest = " ".join(sentence for sentence in sentences if answer not in sentence)
    if len(rest) > 80:
        yield replace(_judged(reading, as_claim(reading.question, answer), "nei"), evidence=rest)


def as_claim(question: str, answer: str) -> str:
    """A statement where the question asks for its subject, else question and answer side by side."""
    asked = re.match(
        r"(?:Who|What) (?!is |was |are |were |did |does |do |can |could |has |have |had |will |would )(\w+(?:ed|s|d|n|t)\b .*)\?$", question
    )
    return f"{answer} {asked[1]}." if asked else f"{question} {answer}."


def claims_from_passage(reading: Reading, values: Values, random: Random) -> Iterator[Judged]:
    """One of its sentences as it is, changed, and with the sentence gone from the passage."""
    sentences = [sentence for sentence in _SENTENCE.split(reading.passage) if 6 <= len(sentence.split()) <= 40]
    if not sentences:
        return
    whole = random.choice(sentences)
    claim = simplified(whole) if random.random() < 0.7 else whole
    yield _judged(reading, claim, "supported")
    changed = swapped(claim, reading.group, values, but=claim, random=random)
    if changed:
        yield _judged(reading, changed, "refuted")
    contrary = negated(claim)
    if contrary and random.random() < 0.4:
        yield _judged(reading, contrary, "refuted")
    rest = reading.passage.replace(whole, " ").strip()
    if len(rest) > 120 and random.random() < 0.8:
        yield replace(_judged(reading, claim, "nei"), evidence=rest)


def simplified(sentence: str) -> str:
    """The sentence without asides and linking words."""
    shorter = _LEAD.sub(lambda match: match[1].upper(), _ASIDE.sub("", sentence))
    return shorter if len(shorter.split()) >= 5 else sentence


def as_yes_no(judged: Judged, random: Random) -> Judged | None:
    """A claim with an auxiliary verb as a question answered by yes or no; "no" turns the label round."""
    match = _FRONTED.match(judged.claim.rstrip(". "))
    if not match:
        return None
    subject, verb, rest = match.groups()
    question = f"{verb.capitalize()} {subject[0].lower() + subject[1:] if subject.split()[0] in ('The', 'A', 'An') else subject} {rest}?"
    if random.random() < 0.6:
        return replace(judged, claim=f"{question} Yes.")
    turned: dict[Label, Label] = {"supported": "refuted", "refuted": "supported", "nei": "nei"}
    return replace(judged, claim=f"{question} No.", label=turned[judged.label])


def _judged(reading: Reading, claim: str, label: Label) -> Judged:
    return Judged("made", reading.group, claim, reading.passage, label)
