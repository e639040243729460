"""Ranking: the passages that search found, read by the cross-encoder and put in a better order.

Search knows words and rough meaning; the reader has seen question and passage together. Their scores are added, weighted by
measurement (docs/experiments.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.types import Passage

if TYPE_CHECKING:
    from rag.reader import Reader, Reading

RELEVANCE_WEIGHT = 0.03
"""What one logit of relevance adds to a search score, which is about 0 to 1.25."""


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage, what the reader says of it, and its joint score."""

    passage: Passage
    reading: Reading
    score: float


def rank(question: str, passages: Sequence[Passage], reader: Reader) -> list[ReadPassage]:
    """Read the passages for a question; the best first.

    Args:
        question: in plain words.
        passages: as search gave them.
        reader: the cross-encoder.
    """
    return ranked(passages, reader.read(question, [passage.text for passage in passages]))


def ranked(passages: Sequence[Passage], readings: Sequence[Reading]) -> list[ReadPassage]:
    """Passages and what the reader says of them, the best first."""
    read = [
        ReadPassage(passage, reading, passage.score + RELEVANCE_WEIGHT * reading.relevance)
        for passage, reading in zip(passages, readings, strict=True)
    ]
    return sorted(read, key=lambda item: -item.score)
