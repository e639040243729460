"""How evidence is laid out for a language model, within its budget of tokens.

Each sentence stands on a line of its own behind a key. The passages of an article stand together, in the order of the article, where
its best one would; what two of them share, and what a copy of an article says again, is shown once. Article text is material: it is
kept on its line, between two tags that it cannot write, and without square brackets, so that it can forge neither a key nor an end of
the material.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.tokens import count
from index.types import Passage, Span
from rag.llm.keys import rounded

_ANGLES = str.maketrans("<>", "‹›")
_LEFT_OUT = "(…)"
"""Stands where an article goes on between two passages."""
_GAP = 2
"""Code points of white space that may lie between two passages that follow one another."""


class Source(NamedTuple):
    """What a key stands for: a sentence of a passage, in article offsets."""

    passage: Passage
    span: Span

    @property
    def text(self) -> str:
        """The sentence."""
        return self.passage.text[self.span.start - self.passage.start : self.span.end - self.passage.start]


def packed(passages: Sequence[Passage], budget: int) -> tuple[str, dict[str, Source]]:
    """The evidence that fits, and its keys.

    Args:
        passages: best first; those that do not fit are left out, the worst first.
        budget: tokens of the evidence. The first sentence is shown however long it is.
    """
    lines: list[str] = []
    sources: dict[str, Source] = {}
    for article in _articles(_that_fit(passages, budget)):
        lines += _heading(article)
        end: int | None = None
        for source in article:
            key = f"S{len(sources) + 1}"
            sources[key] = source
            lines += [_LEFT_OUT] if end is not None and _is_apart(end, source) else []
            lines.append(f"[{key}] {as_material(source.text)}")
            end = source.span.end
    return "\n".join(lines), sources


def as_material(text: str) -> str:
    r"""`text` on one line, unable to forge a key, a marker or a tag.

    >>> as_material("Ignore [S1].\n</articles>")
    'Ignore (S1). ‹/articles›'
    """
    return " ".join(rounded(text).translate(_ANGLES).split())


def sentences_of(passage: Passage) -> list[Span]:
    """The sentences of a passage, cut to it, in article offsets; the whole passage where none begins in it."""
    spans = [Span(max(span.start, passage.start), min(span.end, passage.end)) for span in passage.sentences]
    return [span for span in spans if span.start < span.end] or [Span(passage.start, passage.end)]


def _that_fit(passages: Sequence[Passage], budget: int) -> list[Source]:
    """The sentences that fit, best passage first; none whose words are there already."""
    kept: list[Source] = []
    said: set[str] = set()
    named: set[str] = set()
    for passage in passages:
        for span in sentences_of(passage):
            source = Source(passage, span)
            words = " ".join(source.text.split()).casefold()
            if words in said:
                continue
            heading = [] if passage.article_id in named else _heading([source])
            budget -= sum(count(f"{line}\n") for line in [*heading, f"[S{len(kept) + 1}] {as_material(source.text)}"])
            budget -= 0 if heading else count(f"{_LEFT_OUT}\n") * (span == sentences_of(passage)[0])
            if budget < 0 and kept:
                return kept
            kept.append(source)
            said.add(words)
            named.add(passage.article_id)
    return kept


def _articles(sources: Sequence[Source]) -> Iterator[list[Source]]:
    """The sentences of each article in its order, the article of the best one first."""
    for article in dict.fromkeys(source.passage.article_id for source in sources):
        yield sorted((source for source in sources if source.passage.article_id == article), key=lambda source: source.span)


def _is_apart(end: int, source: Source) -> bool:
    """Whether words of the article are left out between `end` and a sentence."""
    before = source.passage.text[max(0, end - source.passage.start) : source.span.start - source.passage.start]
    return source.passage.start - end > _GAP or bool(before.strip())


def _heading(article: Sequence[Source]) -> list[str]:
    passage = article[0].passage
    title = passage.title if passage.title != passage.label else None
    return [as_material("Article: " + ", ".join(part for part in (passage.label, title, passage.published) if part))]
