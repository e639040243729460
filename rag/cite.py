"""Citations and their numbers.

A quote is cut from the passage by code, never copied from what a model wrote, so `article.text[start:end] == quote` holds
whatever wrote the answer. What a claim may cite is decided elsewhere (`extract`, `generate`).
"""

from __future__ import annotations

from collections.abc import Iterable

from index.types import Passage, Span
from rag.speech.beside import speech_at
from rag.times.relative import resolve_relative
from rag.types import Citation


class Citer:
    """Gives the numbers 1, 2, 3, … to quotes in order of first use."""

    def __init__(self, citations: Iterable[Citation] = ()) -> None:
        """Go on after some citations, numbered from 1."""
        self._citations = {(one.article_id, one.start, one.end): one for one in citations}

    def cite(self, passage: Passage, start: int, end: int) -> int:
        """Return the number of the quote `article.text[start:end]`; the same quote of the same article keeps its number.

        Args:
            passage: where the quote stands.
            start: first code point of the quote, counted in the article.
            end: one past its last.

        Raises:
            ValueError: the span is empty or does not lie within the passage.
        """
        if not passage.start <= start < end <= passage.end:
            raise ValueError(f"[{start}:{end}] does not lie within the passage [{passage.start}:{passage.end}] of {passage.article_id}")
        key = (passage.article_id, start, end)
        if key not in self._citations:
            self._citations[key] = _citation(len(self._citations) + 1, passage, start, end)
        return self._citations[key].number

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation so far, by number."""
        return tuple(self._citations.values())


def _citation(number: int, passage: Passage, start: int, end: int) -> Citation:
    first, last = start - passage.start, end - passage.start
    sentences = [Span(span.start - passage.start, span.end - passage.start) for span in passage.sentences]
    return Citation(
        number=number, article_id=passage.article_id, doc_id=passage.doc_id, label=passage.label, path=passage.path, root=passage.root,
        title=passage.title, publisher=passage.publisher, published=passage.published, url=passage.url,
        quote=passage.text[first:last], start=start, end=end,
        speech=speech_at(passage.text, sentences, first, last), dates=tuple(resolve_relative(passage.text[first:last], passage.published)),
        agency=passage.agency, carried_by=passage.carried_by, superseded=passage.superseded,
    )  # fmt: skip
