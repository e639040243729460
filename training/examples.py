"""Training examples as word pieces: `[CLS] question or claim [SEP] passage [SEP]`, with what each head should say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sources import JUDGING, READING, Judged, Reading, held_out
from tokenizers import Tokenizer
from variants import Lookalikes, Values, as_yes_no, claims_from_passage, claims_from_question, unanswerable_twin

LABELS = ("supported", "refuted", "nei")
CLS, SEP = 101, 102
WINDOW = 256
MOST_ASKED = 64
"""Pieces of a question or claim that are read."""
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Example:
    """One input; a head that has nothing to learn from it has the target `IGNORED`."""

    source: str
    ids: list[int]
    asked: int
    """How many of the pieces are segment 0."""
    start: int = IGNORED
    """First piece of the answer; 0, the `[CLS]`, for none."""
    end: int = IGNORED
    """Last piece of the answer."""
    relevant: int = IGNORED
    support: int = IGNORED


class Encoding:
    """Turns readings and judgements into examples."""

    def __init__(self, tokenizer: Path, random: Random) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._random = random

    def reading(self, reading: Reading, *, window: int = WINDOW) -> Example | None:
        """An example for the answer's span and the passage's relevance; None where the span is lost in the pieces."""
        asked = self._asked(reading.question)
        passage = self._tokenizer.encode(reading.passage, add_special_tokens=False)
        room = window - len(asked) - 1
        if not reading.spans:
            begin = self._random.randint(0, max(0, len(passage.ids) - room))
            return Example(reading.source, [*asked, *passage.ids[begin : begin + room], SEP], len(asked), 0, 0, 0)
        start, end = reading.spans[0]
        inside = [at for at, (left, right) in enumerate(passage.offsets) if left < end and right > start]
        if not inside or inside[-1] - inside[0] >= room:
            return None
        lowest, highest = max(0, inside[-1] + 1 - room), min(inside[0], max(0, len(passage.ids) - room))
        begin = self._random.randint(lowest, max(lowest, highest))
        first, last = (len(asked) + at - begin for at in (inside[0], inside[-1]))
        return Example(reading.source, [*asked, *passage.ids[begin : begin + room], SEP], len(asked), first, last, 1)

    def judged(self, judged: Judged, *, window: int = WINDOW) -> Example:
        """An example for support."""
        asked = self._asked(judged.claim)
        evidence = self._tokenizer.encode(judged.evidence, add_special_tokens=False).ids
        ids = [*asked, *evidence[: window - len(asked) - 1], SEP]
        return Example(judged.source, ids, len(asked), support=LABELS.index(judged.label))

    def _asked(self, text: str) -> list[int]:
        return [CLS, *self._tokenizer.encode(text, add_special_tokens=False).ids[:MOST_ASKED], SEP]


def build(data: Path, tokenizer: Path, *, seed: int) -> tuple[list[Example], list[Example]]:
    """All examples of the sets under `data`: (training, development). Development holds no made-up ones but twins."""
    random = Random(seed)
    encoding = Encoding(tokenizer, random)
    readings = [reading for name, load in READING.items() for reading in load(data / name)]
    judged = [one for name, load in JUDGING.items() for one in load(data / name)]
    train = [reading for reading in readings if not held_out(reading.group)]
    kept = [reading for reading in readings if held_out(reading.group)]
    values = Values({(reading.group, text) for reading in readings for text in (reading.question, reading.passage)})
    made = [*_made_readings(train, values, random), *train]
    claims = [one for one in judged if not held_out(one.group)]
    claims += list(_made_claims(train, claims, values, random))
    examples = [encoding.reading(reading, window=random.choice((WINDOW, 200, 160))) for reading in made]
    examples += [encoding.judged(one, window=random.choice((WINDOW, 160))) for one in claims]
    tested = [encoding.reading(reading) for reading in kept]
    tested += [encoding.judged(one) for one in judged if held_out(one.group)]
    return [example for example in examples if example], [example for example in tested if example]


def _made_readings(train: list[Reading], values: Values, random: Random) -> Iterator[Reading]:
    answerable = [reading for reading in train if reading.spans]
    lookalikes = Lookalikes(sorted({(reading.group, reading.passage) for reading in train}))
    for reading in answerable:
        if random.random() < (0.35 if reading.source != "qamr" else 0.15) and (twin := unanswerable_twin(reading, values, random)):
            yield twin
        if random.random() < (0.5 if reading.source != "qamr" else 0.3) and (other := lookalikes.find(reading, random)):
            yield other


def _made_claims(train: list[Reading], judged: Iterable[Judged], values: Values, random: Random) -> Iterator[Judged]:
    for reading in train:
        if reading.spans and reading.source in ("squad2", "squadshifts_wiki", "squadshifts_amazon") and random.random() < 0.35:
            yield from claims_from_question(reading, random)
    for passage in {reading.passage: reading for reading in train if reading.source != "qamr"}.values():
        yield from claims_from_passage(passage, values, random)
    for one in judged:
        if random.random() < 0.15 and (asked := as_yes_no(one, random)):
            yield asked
