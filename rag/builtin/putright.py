"""An answer that a newspaper has taken back gives way to the value that its correction puts in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.types import Passage, Span
from rag.builtin.pool import Group
from rag.facts.corrected import PutRight, put_right, takes_back


def with_corrections(groups: Sequence[Group], passages: Sequence[Passage]) -> list[Group]:
    """The groups, the best one in the words of the correction that one of the passages prints of it.

    Args:
        groups: best first, at least one.
        passages: all that was read.
    """
    best = groups[0]
    for passage, one in _corrections(best, passages):
        base = passage.start
        told, sentence = passage.sentences[one.told], passage.sentences[one.sentence]
        given = replace(
            best.best, passage=passage, text=one.right.text, key=one.right.key, start=sentence.start + one.right.start,
            end=sentence.start + one.right.end, sentence=Span(max(told.start, base), sentence.end),
        )  # fmt: skip
        return [replace(best, members=(given,)), *(group for group in groups[1:] if group.best.key != given.key)]
    return list(groups)


def _corrections(best: Group, passages: Sequence[Passage]) -> Iterator[tuple[Passage, PutRight]]:
    """Where a passage takes back the best answer: one that gives it itself, or one of the article that took the place of one that does."""
    telling = {item.passage.article_id for item in best.members}
    telling |= {item.passage.superseded.article_id for item in best.members if item.passage.superseded}
    wrong = {best.best.key, best.best.text.casefold()}
    for passage in passages:
        if passage.article_id in telling and takes_back(f"{passage.title or ''} {passage.text}"):
            texts = [passage.text[span.start - passage.start : span.end - passage.start] for span in passage.sentences]
            yield from ((passage, one) for one in put_right(texts) if wrong & {one.wrong.key, one.wrong.text.casefold()})
