"""Evidence: the sentences of the found passages, weighed against the question.

A sentence is judged by the question's words it holds (rare words count more), by its meaning (cosine of its vector with the
question's), and by whether what the question names is there: in the sentence, just before it, or in the title.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from index.terms import stems
from index.types import Passage, Span
from rag.builtin.inflected import based
from rag.question import Question

if TYPE_CHECKING:
    from index.encoder import Encoder

ENCODED = 40
"""Sentences whose vector is computed, those with the most of the question's words."""
_CONTEXT = 0.5
"""What a word of the question is worth when it stands in the title or the sentence before."""
_MEANING = 0.8
"""What a cosine of 1 is worth beside full coverage of the words."""
_DISTANT = 0.15
"""What a name costs that is not near the sentence."""
_MISSING = 0.5
"""What a name costs that is nowhere in the article's passages; it costs both."""
_ROOT = 4
"""Letters that a country and its people have in common."""
_NAME = re.compile(r"[A-ZÀ-Þ]\w+(?: [A-ZÀ-Þ]\w+)+")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$|[.!?][”\"’'] \w+")
"""Headings and captions end otherwise, and answer nothing."""
_TEXTS_KEPT = 256
"""Passages and sentences whose stems are kept: each is weighed once for every answer in it."""
_SURE = 1.6
"""The score of a sentence that leaves no doubt."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One sentence of a passage, and how well it fits the question."""

    passage: Passage
    span: Span
    """In article offsets."""
    text: str
    own: float
    """Share of the question's weight that the sentence's own words cover, 0 to 1."""
    covered: float
    """The same, with words of the title and of the sentence before counted in part."""
    cosine: float
    distant: tuple[str, ...]
    """Stems of the question's names that are neither in the sentence, nor in the one before, nor in the title."""
    missing: tuple[str, ...]
    """Stems of the question's names that are in none of the article's passages."""

    @property
    def score(self) -> float:
        """How well the sentence fits the question; about 0 to 2."""
        return self.covered + _MEANING * max(self.cosine, 0.0) - _DISTANT * len(self.distant) - _MISSING * len(self.missing)

    @property
    def confidence(self) -> float:
        """How far the sentence can be trusted to be about the question, 0 to 1."""
        return max(0.0, min(1.0, self.score / _SURE))


def gather(question: Question, passages: Sequence[Passage], *, weights: Mapping[str, float], encoder: Encoder) -> list[Evidence]:
    """The sentences of the passages, best first.

    Args:
        question: what is asked.
        passages: as search gave them.
        weights: stem -> weight; a rare stem weighs more. A stem that occurs nowhere has a weight, too.
        encoder: gives the vectors of question and sentences.
    """
    articles: dict[str, set[str]] = {}
    for passage in passages:
        articles.setdefault(passage.article_id, set()).update(_name_stems(passage.text), _name_stems(passage.title or ""))
    found = [item for passage in passages for item in _of_passage(question, passage, weights, articles[passage.article_id])]
    found.sort(key=lambda item: -item.covered)
    head = found[:ENCODED]
    if not head:
        return []
    asked = encoder.encode_query(question.text)
    cosines = encoder.encode([clipped(item.text, encoder) for item in head]) @ asked
    weighed = [_with_cosine(item, float(cosine)) for item, cosine in zip(head, cosines, strict=True)]
    return sorted(weighed, key=lambda item: -item.score)


def lexical(question: Question, passage: Passage, sentence: Span, passages: Sequence[Passage], weights: Mapping[str, float]) -> Evidence:
    """How well one sentence of a passage fits by its words alone.

    Args:
        question: what is asked.
        passage: one of `passages`.
        sentence: one of its sentences, or a part of it.
        passages: all that search found; those of the same article tell what it mentions.
        weights: as for `gather`.
    """
    article = set().union(
        *(_name_stems(item.text) | _name_stems(item.title or "") for item in passages if item.article_id == passage.article_id)
    )
    before = next((span for span in reversed(passage.sentences) if span.end <= sentence.start), None)
    around = set(stems(passage.title or "")) | (set(stems(_text(passage, before))) if before else set())
    return _weighed(question, passage, sentence, around, article, weights)


def alluded(name: str, passages: Sequence[Passage]) -> bool:
    """Whether one of some passages has a name in any form: as it is, as a relative of it (Mali and Malian), or as initials."""
    held = (_name_stems(passage.text) | _name_stems(passage.title or "") for passage in passages)
    return any(all(_named(stem, words) for stem in stems(name)) for words in held)


def _of_passage(question: Question, passage: Passage, weights: Mapping[str, float], article: set[str]) -> list[Evidence]:
    title = set(stems(passage.title or ""))
    before: set[str] = set()
    found = []
    for span in passage.sentences:
        text = _text(passage, span)
        if not _SENTENCE_END.search(text):
            continue
        found.append(_weighed(question, passage, span, title | before, article, weights))
        before = set(stems(text))
    return found


def _weighed(question: Question, passage: Passage, span: Span, near: set[str], article: set[str], weights: Mapping[str, float]) -> Evidence:
    """A sentence weighed by its words; its vector comes later."""
    text = _text(passage, span)
    own = set(stems(text))
    return Evidence(
        passage=passage,
        span=span,
        text=text,
        own=share(question.stems, own, set(), weights),
        covered=share(question.stems, own, near, weights),
        cosine=0.0,
        distant=tuple(name for name in question.names if not _named(name, own | near | _name_stems(text))),
        missing=tuple(name for name in question.names if not _named(name, article)),
    )


def _text(passage: Passage, span: Span) -> str:
    return passage.text[span.start - passage.start : span.end - passage.start]


@lru_cache(_TEXTS_KEPT)
def _name_stems(text: str) -> frozenset[str]:
    """The stems of a text, and the initials of its names: "United Nations" is "un", too."""
    initials = {"".join(word[0] for word in match.group().removeprefix("The ").split()).lower() for match in _NAME.finditer(text)}
    return frozenset({*stems(text), *initials})


def _named(name: str, words: Collection[str]) -> bool:
    """Whether a name occurs, as it is or as a relative of it: Mali and Malian, Russia and Russians."""
    return name in words or (len(name) >= _ROOT and any(word[:_ROOT] == name[:_ROOT] for word in words))


def share(asked: Sequence[str], own: set[str], near: set[str], weights: Mapping[str, float]) -> float:
    """The share of the weight of some stems that `own` holds, those that only `near` holds counted in part; 0 to 1."""
    total, held = 0.0, 0.0
    own, near = based(own), based(near)
    for stem in asked:
        weight, (verb,) = weights.get(stem, 1.0), based([stem])
        total += weight
        held += weight * (1.0 if verb in own else _CONTEXT if verb in near else 0.0)
    return held / total if total else 0.0


def clipped(text: str, encoder: Encoder) -> str:
    """`text`, cut where it would exceed the encoder's window."""
    while encoder.window is not None and encoder.count(text) > encoder.window:
        text = text[: len(text) * 3 // 4]
    return text


def _with_cosine(item: Evidence, cosine: float) -> Evidence:
    return replace(item, cosine=cosine)
