"""A second look for further values: what single sentences of other articles answer, once the best answer is known.

The reader hears one answer of a long passage loudest, and a second article tells the same thing in other words. So sentences are
read alone, and the reader is asked whether they support "question? value.". A value is heard where its sentence gives and supports it, and
has the question's names and the words that the question shares with the best answer's sentence. A number is heard, too, that counts
what is asked for ("about 40 trucks", for vehicles), and a body for which somebody works ("Ada Finch of the Skarn Line"). Values that
could not be accounts of one thing are passed over. Thresholds: docs/decisions.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from index.terms import stems
from index.types import Passage, Span
from rag.builtin.evidence import lexical, share
from rag.builtin.pool import Given, values_of
from rag.facts.affiliations import affiliations
from rag.facts.counted import asked_to_count, counted
from rag.facts.intervals import contradict, interval, may_be_one
from rag.facts.values import Value, names
from rag.question import Kind, Question

if TYPE_CHECKING:
    from index.encoder import Encoder
    from rag.reader import Reader

LOOKED = 60
"""Passages that are looked through; the best of them are read whole."""
_SENTENCES = 8
"""Sentences that are read, those with the most of the question's words."""
_VALUES = 3
"""Values of one sentence that are looked at."""
_MARGIN = -2.0
"""What the reader must say of a value in its sentence alone, in logits,"""
_SUPPORT = 0.9
"""and how likely the sentence supports that it is the answer."""
_SHARED = 0.4
"""Of the question's words in the best answer's sentence, by weight, those that must stand in or beside this one."""
_ALIKE = 0.6
"""How near what a number counts must be to what is asked for, as a cosine."""
_HEARD = 3.0
"""The margin of every value that was heard: the test that it passed is another than for values of whole passages."""
_EVERYWHERE = 0.7
"""The weight of a word that half of the articles hold; a name below it need not be said again where it is meant."""
_APART = 60
"""Days between two articles whose values differ because time has passed."""


MEASURED: tuple[Kind, ...] = ("date", "duration", "number")
"""Kinds of values that can contradict each other."""


class _Told(NamedTuple):
    """A value in a sentence."""

    passage: Passage
    sentence: Span
    text: str
    """Of the sentence."""
    value: Value
    covered: float
    """How much of the question's words stands in or near the sentence."""
    distant: tuple[str, ...]
    """Stems of the question's names that are neither in the sentence, nor before it, nor in the title;"""
    missing: tuple[str, ...]
    """and those in none of the article's passages."""
    counts_it: bool
    """Whether it is a number of what is asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What a second look needs."""

    asked: Question
    passages: Sequence[Passage]
    """All that search found, more than were read whole."""
    weights: Mapping[str, float]
    reader: Reader
    encoder: Encoder

    def further(self, best: Given) -> list[Given]:
        """The values that other articles give and that differ from the best answer's, most of the question's words first."""
        others = [passage for passage in self.passages if _is_other(passage, best.passage)]
        found = self.heard(self._nearest(best, others)) if self.asked.kind in MEASURED else list(self._employers(best, others))
        return list({(item.passage.source, item.key): item for item in reversed(found)}.values())[::-1]

    def heard(self, told: Sequence[_Told]) -> list[Given]:
        """The values that their sentences alone give."""
        if not told:
            return []
        texts = list(dict.fromkeys(one.text for one in told))
        readings = dict(zip(texts, self.reader.read(self.asked.text, texts), strict=True))
        claims = [(f"{self.asked.text.rstrip('? ')}? {one.value.text}.", one.text) for one in told]
        supports = [reading.support.supported for reading in self.reader.read_pairs(claims)]
        found = []
        for one, support in zip(told, supports, strict=True):
            reading, value = readings[one.text], one.value
            margin = max((span.score for span in reading.spans if span.start < value.end and value.start < span.end), default=-30.0)
            margin += 0.5 * reading.relevance
            if one.counts_it or (margin > _MARGIN and support > _SUPPORT):
                found.append(_given(one))
        return found

    def is_witnessed(self, best: Given, further: Sequence[Given]) -> bool:
        """Whether the best answer's own sentence gives it, and another's gives a further value, each with all names of the question."""
        told = [self._told(item) for item in (best, *further)]
        near = [one for one in told if not one.distant and not one.missing]
        return len(near) > 1 and near[0] is told[0] and bool(self.heard(near[:1]))

    def _told(self, item: Given) -> _Told:
        """An answer as a value in its sentence."""
        start = item.start - item.sentence.start
        value = Value(item.text, start, start + len(item.text), item.key)
        return self._weighed(item.passage, item.sentence, item.carrier, [value])[0]

    def _nearest(self, best: Given, others: Sequence[Passage]) -> list[_Told]:
        """The values that differ from the best, in the sentences that have most of the question's words."""
        own = set(stems(best.carrier))
        shared = [stem for stem in self.asked.stems if stem in own]
        found: dict[tuple[str, str], tuple[float, list[_Told]]] = {}
        for passage in others:
            title = set(stems(passage.title or ""))
            before = ""
            for span in passage.sentences:
                text = passage.text[span.start - passage.start : span.end - passage.start]
                values = [value for value in values_of(self.asked, text)[:_VALUES] if self._differs(best, value, passage)]
                told = self._weighed(passage, span, text, values) if values else []
                near = title | set(stems(before))
                able = [one for one in told if self._is_about_it(one) and self._share(shared, one, near) >= _SHARED]
                if able:
                    found.setdefault((passage.source, text), (able[0].covered, able))
                before = text
        ranked = sorted(found.values(), key=lambda pair: -pair[0])
        return [one for _, told in ranked[:_SENTENCES] for one in told]

    def _weighed(self, passage: Passage, span: Span, text: str, values: Sequence[Value]) -> list[_Told]:
        """Values in a sentence."""
        words = lexical(self.asked, passage, span, self.passages, self.weights)
        return [
            _Told(passage, span, text, value, words.covered, words.distant, words.missing, self._counts_it(text, value)) for value in values
        ]

    def _is_about_it(self, one: _Told) -> bool:
        """Whether the names of the question are near a value, those that are everywhere left aside."""
        return not one.missing and all(self.weights.get(name, 1.0) < _EVERYWHERE for name in one.distant)

    def _share(self, wanted: Sequence[str], one: _Told, near: set[str]) -> float:
        """How much of some words stands in a value's sentence or beside it; what it counts is as good as what is asked for."""
        own = set(stems(one.text)) | (set(stems(asked_to_count(self.asked.text))) if one.counts_it else set())
        return share(wanted, own, near, self.weights)

    def _differs(self, best: Given, value: Value, passage: Passage) -> bool:
        """Whether a value contradicts the best and could yet be another account of the same."""
        mine = interval(self.asked.kind, best.text, published=best.passage.published)
        other = interval(self.asked.kind, value.text, published=passage.published)
        return contradict(mine, other) and may_be_one(mine, other)

    def _counts_it(self, text: str, value: Value) -> bool:
        """Whether a number counts what is asked for, or the like of it."""
        wanted = asked_to_count(self.asked.text) if self.asked.kind == "number" else ""
        words = counted(text, value.start, value.end) if wanted else []
        if not words:
            return False
        near = self.encoder.encode([wanted, *words])
        return float((near[1:] @ near[0]).max()) > _ALIKE

    def _employers(self, best: Given, others: Sequence[Passage]) -> Iterator[Given]:
        """For whom else somebody in the question works, where the best answer says for whom."""
        people = [name.text for name in names(self.asked.text)]
        for person in people:
            if not any(value.key in best.key or best.key in value.key for value in affiliations(best.carrier, person)):
                continue
            for passage in others:
                for span in passage.sentences:
                    text = passage.text[span.start - passage.start : span.end - passage.start]
                    for value in affiliations(text, person):
                        if value.key not in best.key and best.key not in value.key:
                            yield _given(_Told(passage, span, text, value, 0.0, distant=(), missing=(), counts_it=False))


def _is_other(passage: Passage, own: Passage) -> bool:
    """Whether a passage is of another source, and of about the same time, so that the two could be accounts of one thing."""
    if passage.source == own.source or passage.superseded is not None:
        return False
    days = [date.fromisoformat(one.published[:10]) for one in (passage, own) if one.published]
    return len(days) < 2 or abs((days[0] - days[1]).days) <= _APART


def _given(one: _Told) -> Given:
    start = one.sentence.start + one.value.start
    return Given(
        passage=one.passage, text=one.value.text, start=start, end=start + len(one.value.text), sentence=one.sentence, key=one.value.key,
        margin=_HEARD, score=_HEARD, of_kind=True,
    )  # fmt: skip
