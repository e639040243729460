"""Values of other articles beside an answer that a language model wrote, found as for the built-in answer, in the same passages.

The model's answer gives one of the values that the reader finds; the others are compared with that one. Where it gives none of them,
or the reader is not sure of it, nothing is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from index.types import Passage
from rag.builtin.disagree import Shown, others, shown
from rag.builtin.extract import is_sure
from rag.builtin.further import MEASURED, Look
from rag.builtin.pool import Group, pooled, values_of
from rag.builtin.rank import rank
from rag.cite import Citer
from rag.question import Question, read_question

if TYPE_CHECKING:
    from index.encoder import Encoder
    from rag.reader import Reader
    from rag.settings import Settings


def values_beside(
    stated: str,
    citer: Citer,
    *,
    question: str,
    passages: Sequence[Passage],
    weights: Mapping[str, float],
    encoder: Encoder,
    reader: Reader,
    settings: Settings,
) -> Shown:
    """The values that other articles give than the one that an answer states.

    Args:
        stated: the answer's sentences.
        citer: gives the values' quotes their numbers.
        question: in plain words.
        passages: as search gave them, best first.
        weights: stem -> weight of the question's words.
        encoder: for the meaning of sentences.
        reader: finds answers in passages.
        settings: how many passages are read, and how sure the reader must be.
    """
    asked = read_question(question)
    if asked.kind in ("explain", "polar") or asked.many:
        return Shown()
    read = rank(question, passages[: settings.candidates], reader)
    groups = pooled(asked, read, weights, encoder)
    best = next((group for group in groups if _states(stated, group, asked)), None)
    if best is None:
        return Shown()
    ordered = [best, *(group for group in groups if group is not best)]
    look = Look(asked=asked, passages=passages, weights=weights, reader=reader, encoder=encoder)
    if not is_sure(asked, ordered, read, look, settings):
        return Shown()
    return shown(best, others(asked, ordered, look), citer)


def _states(stated: str, group: Group, asked: Question) -> bool:
    """Whether an answer gives one of the values of a group."""
    if asked.kind in MEASURED:
        given = {value.key for value in values_of(asked, stated)}
        return any(item.key in given for item in group.members)
    words = f" {_plain(stated)} "
    return any(f" {_plain(item.text)} " in words for item in group.members)


def _plain(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())
